//! Organisers' actions and their log: every change is recorded as an event with who, when and why,
//! and with the values before and after. Changes that affect standings can be undone.

mod adversarial;
mod announcements;
mod applying;
mod audit;
mod availability;
mod change;
mod data;
mod decisions;
mod definition_change;
mod describe;
mod draft;
mod duplicates;
mod export;
mod grants;
mod lists;
mod misses;
pub mod notices;
mod people;
mod questions;
mod reading;
mod redefinition;
mod removal;
mod rescoring;
mod results;
mod retention;
mod sentence;
mod trial;
pub mod turns;
mod undo;

pub use adversarial::{Tried, adversarial};
pub use announcements::{announce, announcements_of, remove_announcement};
pub use audit::{Action, Event, events_of};
pub use availability::{KEPT_DAYS, Keeping, must_be_named, remove_deleted, set_availability};
pub use change::{Admission, Availability, Change, Overlap, Ruling};
pub use data::{grant_data, revoke_data};
pub use decisions::{Decision, decide};
pub use definition_change::{FieldChange, FieldValue, Part, changes_between, with_changes};
pub use describe::Names;
pub use draft::{draft_of, keep_draft};
pub use duplicates::{Likeness, Pair, duplicates};
pub use export::{Export, Exported, export};
pub use grants::{Grant, grant, grants_of, revoke_grant};
pub use lists::{Listed, ListedTeam, Listing, Participant, ROWS, participants, teams, waiting};
pub use misses::{Tested, tested_misses};
pub use people::{change_team, decide_participation, promote, set_role};
pub use questions::{answer, ask, open_questions, questions_about};
pub use reading::{Activity, Search, hours, search};
pub use redefinition::{
    Proposal, apply_definition, ensure_organises_server, found, organises_server,
};
pub use rescoring::{
    Correction, PhaseMoves, Preview, TARGETS_BYTES, apply_rescoring, cancel_rescoring,
    create_rescoring, preview_rescoring,
};
pub use results::confirm_results;
pub use retention::delete_due_uploads;
pub use sentence::{Piece, Sentence};
pub use trial::{trial, trial_with, trials_of};
pub use undo::{Undoing, undo, undoing};
