//! Streams changes of a phase's leaderboard.

use std::sync::Arc;

use domain::standings::Board;
use futures_util::stream::{self, BoxStream, StreamExt};
use poem::Request;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::EventStream;
use poem_openapi::{Object, OpenApi};

use crate::api::events::{KEEP_ALIVE, Pulse};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/events`
pub struct Get;

/// A change of a phase's leaderboard.
#[derive(Debug, Object)]
pub struct LeaderboardChange {
    /// The phase.
    pub phase: String,
    /// The number of scored submissions, over all teams.
    pub scored: u64,
    /// The number of teams with a scored submission.
    pub teams: u64,
}

#[OpenApi]
impl Get {
    /// Stream changes of a phase's leaderboard (server-sent events)
    ///
    /// Sends one event now, and one whenever the leaderboard has changed. A stream ends after an
    /// hour, or when the server stops; connect again.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/events",
        method = "get",
        operation_id = "get_phase_events"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        request: &Request,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<EventStream<BoxStream<'static, LeaderboardChange>>> {
        let first = app.boards.get(&app, &challenge, &phase).await?;
        let pulse = Pulse::new(&app, request)?;
        Ok(EventStream::new(changes(pulse, first)).keep_alive(KEEP_ALIVE))
    }
}

/// One event now, and one whenever the board has changed.
fn changes(pulse: Pulse, first: Arc<Board>) -> BoxStream<'static, LeaderboardChange> {
    let told = (pulse, None::<Arc<Board>>, first);
    let changes = stream::unfold(told, |(mut pulse, last, mut board)| async move {
        while last.as_ref().is_some_and(|last| last.standings == board.standings) {
            pulse.beat().await?;
            let (challenge, phase) = (&board.challenge.name, &board.phase.name);
            board = pulse.app.boards.get(&pulse.app, challenge, phase).await.ok()?;
        }
        let change = LeaderboardChange {
            phase: board.phase.name.clone(),
            scored: board.standings.scored as u64,
            teams: board.standings.teams as u64,
        };
        Some((change, (pulse, Some(Arc::clone(&board)), board)))
    });
    changes.boxed()
}
