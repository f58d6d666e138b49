//! Streams the state of a submission until it is finished.

use std::sync::Arc;

use domain::accounts::{Caller, Scope};
use domain::challenges;
use domain::entities::submission::State;
use domain::submissions;
use futures_util::stream::{self, BoxStream, StreamExt};
use poem::Request;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::EventStream;
use uuid::Uuid;

use super::Submission;
use crate::api::ApiToken;
use crate::api::events::{KEEP_ALIVE, Pulse};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/submissions/{id}/events`
pub struct Get;

#[OpenApi]
impl Get {
    /// Wait for one of your team's submissions (server-sent events)
    ///
    /// Sends the submission now, and again once it is finished. The stream ends with the
    /// submission's last state.
    #[oai(
        path = "/challenges/:challenge/submissions/:id/events",
        method = "get",
        operation_id = "get_submission_events"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        request: &Request,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
    ) -> Result<EventStream<BoxStream<'static, Submission>>> {
        let challenge = challenges::find(&app.db, &challenge).await?;
        let caller = token.caller(&app, &challenge, Scope::Read).await?;
        // Listen before looking, so that the end of the work can't be missed.
        let pulse = Pulse::new(&app, request)?;
        let id = submissions::id(&id)?;
        let first = current(&app, &caller, &challenge.name, id).await?;
        let states = states(pulse, caller, challenge.name, id, first);
        Ok(EventStream::new(states).keep_alive(KEEP_ALIVE))
    }
}

async fn current(app: &App, caller: &Caller, challenge: &str, id: Uuid) -> Result<Submission> {
    let row = submissions::own(&app.db, caller, id).await?;
    let challenge = challenges::find(&app.db, challenge).await?;
    let located = challenges::located(&app.db, challenge, row.phase_id).await?;
    Submission::of(app, &located, row).await
}

/// The first state and, if that was not the last, the next one.
fn states(
    mut pulse: Pulse,
    caller: Caller,
    challenge: String,
    id: Uuid,
    first: Submission,
) -> BoxStream<'static, Submission> {
    let waits = |told: &Submission| told.state == State::Received.name();
    let more = waits(&first);
    let last = async move {
        if !more {
            return None;
        }
        loop {
            pulse.beat().await?;
            let now = current(&pulse.app, &caller, &challenge, id).await.ok()?;
            if !waits(&now) {
                return Some(now);
            }
        }
    };
    let last = stream::once(last).filter_map(std::future::ready);
    stream::once(std::future::ready(first)).chain(last).boxed()
}
