//! The documents of a benchmark, besides its [package](super::Package): its queries, its gallery,
//! and a run to start from. Nothing in them depends on the targets.

use std::io;
use std::sync::OnceLock;

use bytes::Bytes;

use super::Ready;
use crate::error::{Error, Result};

/// One of the documents of a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// The queries by group, as JSON.
    Queries,
    /// The items by group, as JSON.
    Gallery,
    /// A random valid run, in the format of the task, to start from.
    Template,
}

/// The documents of a benchmark, each made when it is first requested.
#[derive(Default)]
pub(super) struct Documents([OnceLock<Bytes>; 3]);

impl Ready {
    /// A document. The first call takes some hundred milliseconds, so don't call it on an async
    /// thread.
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
            Document::Template => {
                let mut out = Vec::new();
                scoring::write_template(&mut out, &self.benchmark, TEMPLATE_SEED)?;
                Ok(out)
            }
        }
    }
}

/// A fixed seed, so that the template is always the same.
const TEMPLATE_SEED: u64 = 1;
