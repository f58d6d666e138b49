//! What a team downloads of a benchmark: its queries, its gallery, all of it as a folder in a zip,
//! and a run to start from. Nothing in any of them depends on the targets.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

use bytes::Bytes;
use dataset::{Pictures, Split};

use super::Ready;
use crate::error::{Error, Result};

/// One of the documents of a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// The queries by group, as JSON.
    Queries,
    /// The items by group, as JSON.
    Gallery,
    /// Both, and the attributes, as a zip in the layout of the official repositories.
    Data,
    /// A random valid run, as a zip: something to start from.
    Template,
}

/// The documents of a benchmark, each made when it is first asked for.
#[derive(Default)]
pub(super) struct Documents([OnceLock<Bytes>; 4]);

impl Ready {
    /// A document. The first time this takes some hundred milliseconds: not for an async thread.
    pub fn document(&self, document: Document) -> Result<Bytes> {
        let place = &self.documents.0[document as usize];
        if let Some(made) = place.get() {
            return Ok(made.clone());
        }
        let made = self.make(document).map_err(|e| Error::internal("write a document", e))?;
        Ok(place.get_or_init(|| made.into()).clone())
    }

    fn make(&self, document: Document) -> io::Result<Vec<u8>> {
        match document {
            Document::Queries => Ok(dataset::queries_json(self.benchmark.groups())),
            Document::Gallery => Ok(dataset::gallery_json(self.benchmark.groups())),
            Document::Data => {
                let mut out = Vec::new();
                let files = dataset::public_files(&self.public_split(), &self.attributes);
                scoring::zip_files(&mut out, &files)?;
                Ok(out)
            }
            Document::Template => {
                let mut out = Vec::new();
                scoring::write_template(&mut out, &self.benchmark, TEMPLATE_SEED)?;
                Ok(out)
            }
        }
    }

    /// Writes queries, gallery, attributes and pictures into a folder in the layout of the official
    /// repositories.
    pub fn write(&self, pictures: &BTreeMap<String, Pictures>, dir: &Path) -> Result<()> {
        dataset::write_public(&self.public_split(), &self.attributes, pictures, dir)
            .map_err(Error::unusable)
    }

    /// The groups as they are published: without targets.
    fn public_split(&self) -> Split {
        let mut groups = self.benchmark.groups().to_vec();
        for group in &mut groups {
            group.targets = None;
        }
        Split { name: self.benchmark.split().to_owned(), groups }
    }
}

/// The template is the same whenever it is made.
const TEMPLATE_SEED: u64 = 1;
