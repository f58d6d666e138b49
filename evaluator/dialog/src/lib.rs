//! Retrieval by dialog: a user has an item in mind, sees another one, and says in a caption how the wanted
//! item differs from it; an agent answers with a ranking, whose first item is shown next.
//!
//! Here are the three sides of it, without web, database, async, I/O or clock: what is [drawn](Draw) for a
//! submission, a [`Simulator`] that plays the user, and an [`Agent`] without learning that answers.
//!
//! ```
//! use dataset::{Attributes, Gallery, ItemCaptions, ItemId};
//! use dialog::{Agent, Draw, Heard, ItemTexts, Policy, Seen, Simulator, Template};
//!
//! let item = |id: &str| ItemId::new(id).unwrap();
//! let gallery = Gallery::new([item("a"), item("b"), item("c")]).unwrap();
//! let text = |id: &str, text: &str| (id.to_owned(), text.to_owned());
//! let captions = ItemCaptions::new(
//!     [text("a", "a red dress"), text("b", "a black dress"), text("c", "a striped black dress")].into(),
//! );
//! let texts = ItemTexts::new(&gallery, &Attributes::default(), &captions);
//! let (user, agent) = (Template::new("dress", &texts), Agent::new(&texts));
//!
//! let opening = Draw::new(&[7; 32]).dialogs("team 1", 1, gallery.len(), 1)[0];
//! let seen = Seen { target: opening.target, shown: opening.start, turn: 1, earlier: &[], seed: 1 };
//! let caption = user.caption(&seen);
//! let ranking = agent.rank(&[Heard { shown: opening.start, caption }], Policy::History, 3);
//! assert_eq!(ranking.len(), 3);
//! ```

mod agent;
mod chance;
mod draw;
mod facts;
mod phrases;
mod simulator;
mod template;
pub mod text;
mod texts;

pub use agent::{Agent, Heard, Policy};
pub use draw::{Draw, Opening};
pub use simulator::{Seen, Simulator};
pub use template::{Template, found, is_found};
pub use texts::ItemTexts;
