//! Takes answers to dialogs.

use std::sync::Arc;

use domain::accounts::Scope;
use domain::challenges;
use domain::dialogs::Answer;
use domain::error::Error;
use domain::submissions;
use futures_util::StreamExt as _;
use poem::Body;
use poem::http::HeaderMap;
use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::{Binary, Json};

use super::{Answers, Replies};
use crate::api::{ApiToken, declared_length};
use crate::app::App;
use crate::refusal::{Refusal, Result};
use crate::serve::RequestPlace;

/// `POST /challenges/{challenge}/submissions/{id}/answers`
pub struct PostAnswers;

/// The largest body that is read.
const MOST_BYTES: u64 = 16 << 20;

#[OpenApi]
impl PostAnswers {
    /// Answer dialogs, and get the next captions
    ///
    /// The body is JSON: `{"answers": [{"dialog": "dress-1", "turn": 1, "ranking": ["…", …]}, …]}`, at most
    /// 16 MiB. Answer many dialogs in one request, each at the turn that it is at. Either all answers are
    /// saved or none; an answer that was saved before gets the same reply again. The reply to the last
    /// answer waits for the scores.
    #[oai(
        path = "/challenges/:challenge/submissions/:id/answers",
        method = "post",
        operation_id = "answer_dialogs"
    )]
    #[expect(clippy::too_many_arguments, reason = "each is a documented part of the request")]
    async fn post(
        &self,
        app: Data<&Arc<App>>,
        headers: &HeaderMap,
        place: Data<&RequestPlace>,
        token: ApiToken,
        challenge: Path<String>,
        id: Path<String>,
        body: Binary<Body>,
    ) -> Result<Json<Replies>> {
        let challenge = challenges::find(&app.db, &challenge).await?;
        let caller = token.caller(&app, &challenge, Scope::Submit).await?;
        let id = submissions::id(&id)?;
        submissions::own(&app.db, &caller, id).await?;
        // From here on we wait for the client.
        place.release();
        let answers = read(&app, headers, body.0).await?;
        let mut answered = submissions::answer(&app, &caller, id, &answers).await?;
        answered.row = submissions::settle_played(&app, answered.row).await?;
        let located = challenges::located(&app.db, challenge, answered.row.phase_id).await?;
        Ok(Json(Replies::of(&app, &located, answered).await?))
    }
}

/// Reads the answers of a body of bounded size.
async fn read(app: &App, headers: &HeaderMap, body: Body) -> Result<Vec<Answer>> {
    let declared = declared_length(headers).unwrap_or(MOST_BYTES);
    if declared > MOST_BYTES {
        return Err(Error::too_large(MOST_BYTES).into());
    }
    // The JSON, and about as much for what is read from it.
    let _memory = app.memory.take(2 * declared)?;
    let (mut bytes, mut pieces) = (Vec::new(), std::pin::pin!(body.into_bytes_stream()));
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece.map_err(Refusal::incomplete_form)?);
        if bytes.len() as u64 > declared {
            return Err(Error::too_large(MOST_BYTES).into());
        }
    }
    let read: Answers = serde_json::from_slice(&bytes)
        .map_err(|e| Error::field("body", format!("can’t be read as JSON answers: {e}")))?;
    Ok(read.answers.into_iter().map(Answer::from).collect())
}
