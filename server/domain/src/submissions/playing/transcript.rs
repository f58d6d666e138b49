//! The transcript of a submission: what was shown, said and answered.

use std::collections::BTreeMap;

use scoring::{PlayedDialog, PlayedTurn, Ranks, Transcript};

use super::Game;
use crate::accounts::Caller;
use crate::ambient::Instant;
use crate::challenges::Ready;
use crate::dialogs::{Drawn, Turn};
use crate::entities::phase;
use crate::entities::submission::{self, State};
use crate::error::{Error, Result};
use crate::submissions::{self, SubmissionsSite};

/// The transcript of what was played.
pub(super) fn of_turns(turns: &BTreeMap<usize, Vec<Turn>>, drawn: &Drawn) -> Transcript {
    let dialogs = (0..drawn.count()).map(|dialog| {
        let group = drawn.group(dialog);
        let item = |place: u32| group.gallery.item(place).to_owned();
        let turns = turns.get(&dialog).map_or(&[][..], Vec::as_slice);
        let played = turns.windows(2).map(|pair| PlayedTurn {
            shown: item(pair[0].shown()),
            caption: pair[0].caption.clone().unwrap_or_default(),
            ranking: pair[1].ranking.iter().copied().map(item).collect(),
        });
        let turns = played.collect();
        PlayedDialog { dialog: drawn.name(dialog), group: group.name.clone(), turns }
    });
    let dialogs = dialogs.collect();
    Transcript { simulator: drawn.simulator().to_owned(), turns: drawn.rules.turns, dialogs }
}

/// The ranks of a stored transcript.
pub(in crate::submissions) fn ranks(
    bytes: &[u8],
    ready: &Ready,
    drawn: &Drawn,
) -> scoring::Result<Ranks> {
    Transcript::from_bytes(bytes)?.ranks(&ready.benchmark, &drawn.targets())
}

/// The transcript of a team's own submission, once it is finished.
pub async fn transcript(
    site: &SubmissionsSite,
    caller: &Caller,
    id: uuid::Uuid,
) -> Result<Transcript> {
    own_transcript(site, submissions::own(&site.db, caller, id).await?).await
}

/// The transcript of a submission, for its own team, once it is finished.
pub async fn own_transcript(site: &SubmissionsSite, row: submission::Model) -> Result<Transcript> {
    read(site, Game::of(site, row).await?.row).await
}

/// The transcript of a submission that everyone sees, once its phase has closed, if the phase publishes
/// them.
pub async fn public_transcript(
    site: &SubmissionsSite,
    phase: &phase::Model,
    row: submission::Model,
    now: Instant,
) -> Result<Transcript> {
    if row.state != State::Scored || !phase.publishes_dialogs(now) {
        return Err(Error::not_found("transcript", row.id));
    }
    read(site, row).await
}

async fn read(site: &SubmissionsSite, row: submission::Model) -> Result<Transcript> {
    if row.state == State::Playing {
        return Err(Error::still_playing(&row.id.to_string()));
    }
    row.must_have_upload()?;
    let missing = || Error::internal("read a transcript", "it is missing");
    let bytes = site.uploads.get(&row.upload_key).await?.ok_or_else(missing)?;
    let read = tokio::task::spawn_blocking(move || Transcript::from_bytes(&bytes)).await;
    let read = read.map_err(|e| Error::internal("read a transcript", e))?;
    read.map_err(|e| Error::internal("read a transcript", e))
}
