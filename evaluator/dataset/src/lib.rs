//! Data sets: groups, items, queries, galleries and targets, and readers and writers of their files.
//!
//! A *split* (`train`, `val`, `test`) of a data set has one *group* per category (`dress`, `shirt`,
//! `toptee`). A group has a *gallery*, the items that can be ranked, in a fixed order, and *queries*,
//! each a reference item with captions that say how the wanted item differs. The *targets* are the
//! items that the queries ask for. They are the secret of a benchmark, so [`Targets`] can be neither
//! serialised nor printed.
//!
//! The data files call the reference `candidate`; only the readers and writers in this crate and the
//! formats of `scoring` know that word.
//!
//! Names and order in files can give targets away. A benchmark that nobody has seen yet is therefore
//! published *keyed* ([`Split::keyed`]): opaque names in a secret order, all derived from a [`Key`],
//! and mapped back by [`Aliases`]. The public part of a split is written by [`write_public`],
//! [`queries_json`] and [`gallery_json`], which never write targets.
//!
//! ```no_run
//! let data = dataset::Folder::new("fashion-iq");
//! let val = data.split("val", dataset::Protocol::Original)?;
//! for group in &val.groups {
//!     println!("{}: {} queries, {} items", group.name, group.queries.len(), group.gallery.len());
//! }
//! # Ok::<(), dataset::Error>(())
//! ```

mod attributes;
mod bare;
mod check;
mod circo;
#[cfg(feature = "draw")]
pub mod draw;
mod each;
mod encoding;
mod error;
mod fashion_iq;
mod folder;
mod gallery;
mod group;
mod item;
mod item_captions;
mod json;
mod keyed;
mod output;
mod pictures;
mod pool;
mod public;
mod publication;
mod read;
mod sessions;
pub mod statistics;
mod targets;
pub mod words;

pub use attributes::{Attributes, KINDS};
pub use bare::is_whole_picture;
pub use check::{Check, GroupCheck, Overlap};
pub use circo::Circo;
pub use encoding::{encoding_fault, is_git_lfs_pointer, without_mark};
pub use error::{Error, Result};
pub use fashion_iq::FashionIq;
pub use folder::{Folder, Layout, Protocol};
pub use gallery::Gallery;
pub use group::{Elsewhere, Group, Query, Split};
pub use item::{ItemId, MAX_ITEM_BYTES};
pub use item_captions::ItemCaptions;
pub use keyed::{Aliases, Key};
pub use pictures::Pictures;
pub use public::{TargetsIn, gallery_json, public_files, queries_json};
pub use publication::{PublishedFiles, PublishedSplit, write_public};
pub use read::{read_file, read_text};
pub use targets::Targets;
