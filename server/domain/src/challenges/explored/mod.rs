//! The public data of benchmarks in memory, to browse and to search.
//!
//! It is what a [download](super::Published) has: targets that aren't public are not in it, so no page made
//! from it can show one.

mod index;
mod split;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Mutex as AsyncMutex;

pub use split::{ExploredGroup, ExploredSplit, QueryPlace};

use super::package::Published;
use super::{ChallengesSite, DataStatistics, Source};
use crate::entities::benchmark::{self, PicturesAre};
use crate::error::{Error, Result};

/// The public data of a benchmark.
pub struct Explored {
    /// Identifies the content: the same for the same data, published in the same way.
    pub of: String,
    /// The splits, the benchmark's own first.
    pub splits: Vec<ExploredSplit>,
    /// Its statistics, once they are computed.
    pub statistics: DataStatistics,
    pictures: PicturesAre,
}

/// The public data of the benchmarks of a server, each read once.
#[derive(Default)]
pub struct Explorer {
    known: Mutex<HashMap<i32, Slot>>,
}

/// The data of a benchmark, once it is read; locked while it is.
type Slot = Arc<AsyncMutex<Option<Arc<Explored>>>>;

impl Explorer {
    /// The public data of a benchmark. The first call reads files. Pages must check that a phase on it
    /// has opened.
    pub async fn get(
        &self,
        site: &ChallengesSite,
        row: &benchmark::Model,
    ) -> Result<Arc<Explored>> {
        let of = content_key(row);
        let slot = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(row.id).or_default())
        };
        let mut held = slot.lock().await;
        if let Some(explored) = held.as_ref().filter(|explored| explored.of == of) {
            return Ok(Arc::clone(explored));
        }
        let ready = site.benchmarks.get(row).await?;
        let row = row.clone();
        let reading = tokio::task::spawn_blocking(move || {
            // The reason is only for the organisers' log, since it names paths.
            let hidden = |e: Error| Error::internal("read a data set", e);
            let source = Source::of(&row)?;
            let published =
                Published::read(&source, &ready, row.licence.as_deref()).map_err(hidden)?;
            let splits = published.into_parts().into_iter().map(ExploredSplit::of).collect();
            let statistics = DataStatistics::default();
            Ok::<_, Error>(Explored { of, splits, statistics, pictures: row.pictures })
        });
        let explored = reading.await.map_err(|e| Error::internal("read a data set", e))??;
        Ok(Arc::clone(held.insert(Arc::new(explored))))
    }
}

/// Everything on which the public data of a benchmark depends.
fn content_key(row: &benchmark::Model) -> String {
    let (targets, publication) = (row.targets.name(), row.publication.name());
    let (edition, folder, pictures) = (row.edition(), &row.folder, row.pictures.name());
    format!("{edition}\n{targets}\n{publication}\n{pictures}\n{folder}")
}

impl Explored {
    /// Whether pages may show pictures.
    pub fn shows_pictures(&self) -> bool {
        self.pictures == PicturesAre::Public
    }

    /// The split of that name; the benchmark's own without a name.
    pub fn split(&self, name: Option<&str>) -> Result<&ExploredSplit> {
        let found = match name {
            None => self.splits.first(),
            Some(name) => self.splits.iter().find(|split| split.name == name),
        };
        found.ok_or_else(|| Error::not_found("split", name.unwrap_or_default()))
    }

    /// The query with that id, and its split; the benchmark's own split counts first.
    pub fn query(&self, id: &str) -> Result<(&ExploredSplit, QueryPlace)> {
        let found = self.splits.iter().find_map(|split| Some((split, split.place_of(id)?)));
        found.ok_or_else(|| Error::not_found("query", id))
    }

    /// Whether an item of a group has a picture that pages may show.
    pub fn has_picture(&self, group: &str, item: &str) -> bool {
        self.shows_pictures() && self.splits.iter().any(|split| split.has_picture(group, item))
    }
}
