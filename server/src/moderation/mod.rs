//! What organisers do, and the log of it: every deed is an event, with who, when and why, what was so
//! before and after; what moves a standing can be undone.

mod adversarial;
mod announcements;
mod audit;
mod data;
mod decisions;
mod duplicates;
mod export;
mod grants;
pub mod notices;
mod people;
mod questions;
mod reading;
mod redefinition;
mod trial;
pub mod turns;
mod undo;

pub use adversarial::{Tried, adversarial};
pub use announcements::{announce, announcements_of, remove_announcement};
pub use audit::{Action, Deed, events_of, note};
pub use data::{grant_data, revoke_data};
pub use decisions::{Decision, decide};
pub use duplicates::{Likeness, Pair, duplicates};
pub use export::{Export, Exported, export};
pub use grants::{Grant, grant, grants_of, revoke_grant};
pub use people::{change_team, decide_participation, participations, set_role, teams};
pub use questions::{answer, ask, open_questions, questions_about};
pub use reading::{Activity, Found, Search, hours, search};
pub use redefinition::{Proposal, ensure_organises_server, found};
pub use trial::{trial, trial_with, trials_of};
pub use undo::undo;
