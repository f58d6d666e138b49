//! Items and queries as words: of attributes, of the captions of items, and of the captions of queries.

mod background;
pub(crate) mod bags;
pub(crate) mod counts;
pub(crate) mod lexicon;
pub(crate) mod worded;

pub use background::{Background, describe};
pub use lexicon::{Described, Lexicon};
