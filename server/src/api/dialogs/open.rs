//! Starts a submission that is played as dialogs.

use std::sync::Arc;

use domain::accounts::Scope;
use domain::challenges;
use domain::submissions::{self, Entry};
use poem::http::HeaderMap;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::Dialogs;
use crate::api::ApiToken;
use crate::api::submissions::{details, idempotency_key};
use crate::app::App;
use crate::refusal::Result;

/// `POST /challenges/{challenge}/phases/{phase}/dialogs`
pub struct Open;

/// A submission whose dialogs can be played.
#[derive(ApiResponse)]
enum Opened {
    /// The same idempotency key started it before; no limit was used
    #[oai(status = 200)]
    Earlier(Json<Dialogs>),
    /// It is started, and counts against your team's limits
    #[oai(status = 201)]
    New(Json<Dialogs>, #[oai(header = "Location")] String),
}

#[OpenApi]
impl Open {
    /// Start a submission that is played as dialogs
    ///
    /// For a phase of kind `dialog`. Each dialog has a hidden target in its category's gallery. A simulated
    /// user sees the item that is shown and says in one caption how the target differs from it. Answer with
    /// a ranking of the gallery: its first item is shown next. Ranks and scores are there once all dialogs
    /// are finished. Repeat a request that got no response: the same answer gets the same reply.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/dialogs",
        method = "post",
        operation_id = "start_dialogs"
    )]
    #[expect(clippy::too_many_arguments, reason = "each is a documented part of the request")]
    async fn open(
        &self,
        app: Data<&Arc<App>>,
        headers: &HeaderMap,
        token: ApiToken,
        challenge: Path<String>,
        phase: Path<String>,
        /// The name of the method, shown on the leaderboard
        method: Query<Option<String>>,
        /// The answers to the phase's fields, as a JSON object by field name
        details: Query<Option<String>>,
        /// A request repeated with the same key starts no second submission
        #[oai(name = "Idempotency-Key")]
        _idempotency_key: Header<Option<String>>,
    ) -> Result<Opened> {
        let at = app.ambient.now();
        let located = challenges::locate(&app.db, &challenge, &phase).await?;
        let caller = token.caller(&app, &located.challenge, Scope::Submit).await?;
        let entry = Entry {
            caller,
            phase: located.phase.clone(),
            method: method.0.unwrap_or_default(),
            details: details::read(details.0.as_deref())?,
            idempotency_key: idempotency_key(headers)?,
            at,
            bytes: None,
            trial: false,
        };
        let opened = submissions::open(&app, &located, entry).await?;
        let dialogs = Dialogs::of(&located, &opened.row, opened.position);
        Ok(if opened.earlier {
            Opened::Earlier(Json(dialogs))
        } else {
            let link = format!("{}/dialogs", dialogs.link);
            Opened::New(Json(dialogs), link)
        })
    }
}
