//! What a submission answered: the first items of its rankings, where the targets are public.
//!
//! Only ranks are stored, so the upload is read again. That takes as long as scoring it; the first items of
//! all its queries are then kept for the next ones.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use scoring::{Limits, Ranks, TopItems, Upload, read};
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::pair::side;
use super::{Board, Side, certainty};
use crate::entities::benchmark::TargetsAre;
use crate::entities::submission;
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// How many first items are shown.
pub const TOP: usize = 10;

/// How many submissions' first items are kept: some 250 KB each.
const KEPT: usize = 32;

/// The first items of the submissions that were viewed last.
#[derive(Default)]
pub struct TopItemsCache(Mutex<VecDeque<Kept>>);

/// The first items of a submission's rankings, and its ranks by turn, if its queries are turns.
type KnownItems = (Arc<Vec<TopItems>>, Option<Arc<Ranks>>);

struct Kept {
    submission: Uuid,
    edition: String,
    groups: Arc<Vec<TopItems>>,
    by_turn: Option<Arc<Ranks>>,
}

/// A submission, with what it answered.
pub struct ViewedRun {
    /// The submission.
    pub side: Side,
    /// The first items of its rankings, by group.
    pub groups: Arc<Vec<TopItems>>,
    /// The ranks of the targets, query by query, also where ranks are stored by dialog.
    pub ranks: Arc<Ranks>,
}

impl ViewedRun {
    /// The best rank of a query's targets; none if they are not in the ranking.
    pub fn rank(&self, group: usize, query: usize) -> Option<u32> {
        let ranks = self.ranks.groups().get(group)?;
        ranks.of(query).iter().copied().filter(|rank| *rank > 0).min()
    }
}

/// A public submission of a board, with what it answered. Only where the targets are public: elsewhere
/// uploads are their teams' own.
pub async fn viewed_run(
    site: &SubmissionsSite,
    cache: &TopItemsCache,
    board: &Board,
    id: Uuid,
) -> Result<ViewedRun> {
    let unknown = || Error::not_found("submission", id);
    if board.benchmark.targets != TargetsAre::Public {
        return Err(unknown());
    }
    let viewed = side(site, board, id).await?;
    let mut stored = certainty::stored(&site.db, &board.benchmark, &[id]).await?;
    let ranks = stored.remove(&id).ok_or_else(unknown)?;
    let edition = board.benchmark.edition();
    let (groups, by_turn) = if let Some(known) = cache.find(id, &edition) {
        known
    } else {
        let (groups, by_turn) = top_items(site, board, id).await?;
        let (groups, by_turn) = (Arc::new(groups), by_turn.map(Arc::new));
        let kept = (Arc::clone(&groups), by_turn.clone());
        cache.keep(Kept { submission: id, edition, groups, by_turn });
        kept
    };
    let ranks = by_turn.unwrap_or_else(|| Arc::new(ranks));
    Ok(ViewedRun { side: viewed, groups, ranks })
}

async fn top_items(
    site: &SubmissionsSite,
    board: &Board,
    id: Uuid,
) -> Result<(Vec<TopItems>, Option<Ranks>)> {
    let row = submission::Entity::find_by_id(id).one(&site.db).await?;
    let row = row.ok_or_else(|| Error::not_found("submission", id))?;
    row.must_have_upload()?;
    let ready = site.benchmarks.get(&board.benchmark).await?;
    let place = site.memory.wait_for(row.upload_bytes.max(0) as u64).await?;
    let missing = || Error::not_found("upload of submission", id);
    let bytes = site.uploads.get(&row.upload_key).await?.ok_or_else(missing)?;
    let limits = Limits { top_items: TOP, ..site.reading.clone() };
    let reading = tokio::task::spawn_blocking(move || {
        let _place = place;
        let upload = Upload::Bytes { name: "the upload", bytes: &bytes };
        let reading = read(&upload, &ready.benchmark, &limits).ok()?;
        Some((reading.top_items, reading.by_turn))
    });
    let read = reading.await.map_err(|e| Error::internal("read a submission", e))?;
    read.ok_or_else(missing)
}

impl TopItemsCache {
    fn find(&self, submission: Uuid, edition: &str) -> Option<KnownItems> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |it: &Kept| it.submission == submission && it.edition == edition;
        let at = kept.iter().position(is_it)?;
        // The one that was viewed last is at the end.
        let found = kept.remove(at)?;
        let known = (Arc::clone(&found.groups), found.by_turn.clone());
        kept.push_back(found);
        Some(known)
    }

    fn keep(&self, one: Kept) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| it.submission != one.submission);
        kept.push_back(one);
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_submissions_that_were_viewed_last_are_kept() {
        let cache = TopItemsCache::default();
        let keep = |n: u128| {
            let groups = Arc::new(vec![TopItems::default(); 1]);
            let (submission, edition) = (Uuid::from_u128(n), "a".to_owned());
            cache.keep(Kept { submission, edition, groups, by_turn: None });
        };
        (0..KEPT as u128).for_each(keep);
        assert!(cache.find(Uuid::from_u128(0), "a").is_some());
        keep(1000);
        assert!(cache.find(Uuid::from_u128(0), "a").is_some(), "it was viewed again");
        assert!(cache.find(Uuid::from_u128(1), "a").is_none());
        assert!(cache.find(Uuid::from_u128(1000), "b").is_none(), "of another edition");
    }
}
