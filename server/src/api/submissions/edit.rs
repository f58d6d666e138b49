//! Edits the method and details of a submission.

use std::collections::BTreeMap;

use domain::error::Error;
use domain::submissions::{self, Edit};
use poem_openapi::Object;
use poem_openapi::types::MaybeUndefined;

use super::Submission;
use super::addressed::Addressed;
use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;

/// The new method and details of a submission.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
pub struct Change {
    /// The name of the method.
    pub method: MaybeUndefined<String>,
    /// The answers to the phase's fields, by field name; an empty string removes an answer.
    pub details: MaybeUndefined<BTreeMap<String, String>>,
}

/// The value of a field, if it is present.
fn given<T>(name: &str, field: MaybeUndefined<T>) -> Result<Option<T>> {
    match field {
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => {
            Err(Error::field(name, "is null; leave it out to keep its value").into())
        }
    }
}

/// Changes a submission of the token's team and returns it.
pub(super) async fn edit(
    app: &App,
    token: ApiToken,
    challenge: &str,
    id: &str,
    change: Change,
) -> Result<Submission> {
    let asked = Addressed::of(app, &token, challenge, id).await?;
    let method = given("method", change.method)?;
    let details = given("details", change.details)?.unwrap_or_default();
    let wanted = Edit { method, details };
    let row = submissions::edit(app, &asked.caller, asked.id, wanted).await?;
    let id = row.id;
    asked.after(app, row).await?.with_edits(app, id).await
}
