//! The turns of dialogs in the database.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use super::Drawn;
use super::drawn::Shown;
use crate::challenges::ChallengesSite;
use crate::entities::dialog_turn::{self, Column};
use crate::error::Result;

/// How many dialogs are looked up in one statement.
const LOOKED_UP: usize = 500;

/// A turn: the places of a ranking's items in the gallery, and the caption that answered it. Turn 0 is the
/// opening, whose ranking is the first item alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) ranking: Vec<u32>,
    pub(crate) caption: Option<String>,
}

impl Turn {
    /// The item that it leads to.
    pub(crate) fn shown(&self) -> u32 {
        self.ranking.first().copied().unwrap_or_default()
    }
}

/// The openings of a submission, as turn 0 of each dialog.
pub(crate) async fn opening(site: &ChallengesSite, drawn: &Drawn) -> Result<Vec<Turn>> {
    let first = |dialog| Shown { dialog, item: drawn.first(dialog), turn: 1, earlier: vec![] };
    let shown: Vec<Shown<'_>> = (0..drawn.count()).map(first).collect();
    let captions = drawn.captions(site, &shown).await?;
    let turn = |(shown, caption): (&Shown<'_>, String)| Turn {
        ranking: vec![shown.item],
        caption: Some(caption),
    };
    Ok(shown.iter().zip(captions).map(turn).collect())
}

/// Turns as rows of a submission, each with its dialog and number.
pub(crate) fn rows(
    submission: Uuid,
    turns: impl IntoIterator<Item = (usize, u32, Turn)>,
) -> Vec<dialog_turn::ActiveModel> {
    let row = |(dialog, turn, it): (usize, u32, Turn)| dialog_turn::ActiveModel {
        submission_id: Set(submission),
        dialog: Set(dialog as i32),
        turn: Set(turn as i32),
        ranking: Set(it.ranking.iter().flat_map(|place| place.to_le_bytes()).collect()),
        caption: Set(it.caption),
    };
    turns.into_iter().map(row).collect()
}

/// The turns of some dialogs of a submission, or of all, in their order.
pub(crate) async fn turns_of(
    db: &impl ConnectionTrait,
    submission: Uuid,
    dialogs: Option<&[usize]>,
) -> Result<BTreeMap<usize, Vec<Turn>>> {
    let of = dialog_turn::Entity::find().filter(Column::SubmissionId.eq(submission));
    let of = of.order_by_asc(Column::Dialog).order_by_asc(Column::Turn);
    let rows = match dialogs {
        None => of.all(db).await?,
        Some(dialogs) => {
            let mut rows = Vec::new();
            for some in dialogs.chunks(LOOKED_UP) {
                let some = some.iter().map(|dialog| *dialog as i32);
                rows.extend(of.clone().filter(Column::Dialog.is_in(some)).all(db).await?);
            }
            rows
        }
    };
    let mut turns: BTreeMap<usize, Vec<Turn>> = BTreeMap::new();
    for row in rows {
        let places = row.ranking.as_chunks::<4>().0;
        let ranking = places.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        let turn = Turn { ranking, caption: row.caption };
        turns.entry(row.dialog.max(0) as usize).or_default().push(turn);
    }
    Ok(turns)
}
