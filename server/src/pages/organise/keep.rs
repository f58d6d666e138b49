//! The section of the overview that archives, deletes or restores the challenge.

use std::sync::Arc;

use domain::ambient::Instant;
use domain::entities::challenge;
use domain::error::Error;
use domain::moderation::{self, KEPT_DAYS, Keeping};
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, Field, Section};

use super::{Sender, Staff, layout, overview, quiet, reason};
use crate::app::App;
use crate::pages::done::Done;
use crate::pages::filled::Filled;
use crate::refusal::Result;

/// The fields of each form.
#[derive(Deserialize, Serialize)]
struct Sent {
    #[serde(default)]
    keeping: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/challenge`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let changed = change(&app, &staff, &sent).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let (home, action) = (layout::organise(&staff.challenge), sender.home("challenge"));
    sender.finish(changed, &home, (&action, &sent), overview::page(&app, &staff)).await
}

async fn change(app: &App, staff: &Staff, sent: &Sent) -> Result<Done> {
    let Some(keeping) = Keeping::named(&sent.keeping) else {
        return Err(Error::not_found("action", &sent.keeping).into());
    };
    if keeping != Keeping::Restore {
        moderation::must_be_named(&staff.challenge, &sent.name)?;
    }
    let (by, challenge) = (Some(&staff.user), &staff.challenge);
    moderation::set_availability(&app.site, by, challenge, keeping, &sent.reason).await?;
    Ok(match keeping {
        Keeping::Archive => Done::Archived,
        Keeping::Delete => Done::Deleted,
        Keeping::Restore => Done::ChallengeRestored,
    })
}

/// What the challenge is, and the forms that change it.
pub(super) fn section(challenge: &challenge::Model) -> Section {
    let action = format!("{}/challenge", layout::organise(challenge));
    let at = |at: Option<Instant>| Cell::at(at.map(Instant::utc));
    let mut section = Section::new("challenge", "Archive or delete")
        .text(format!(
            "An archived challenge is read-only: every page stays, and nothing can be submitted. A \
             deleted one is hidden from everybody but its organisers, and removed with its submissions \
             after {KEPT_DAYS} days. Both are recorded in the log and can be taken back."
        ))
        .fact("Archived", at(challenge.archived_at))
        .fact("Deleted", at(challenge.deleted_at));
    for (keeping, button) in [
        (Keeping::Archive, "Archive this challenge"),
        (Keeping::Delete, "Delete this challenge"),
        (Keeping::Restore, "Restore this challenge"),
    ] {
        if !keeping.changes(challenge) {
            continue;
        }
        let mut form =
            quiet(action.clone(), button, keeping.name()).hiding("keeping", keeping.name());
        if keeping != Keeping::Restore {
            let hint = format!("Type {} to confirm.", challenge.name);
            form = form.with(Field::text("name", "Name of the challenge").hint(hint.as_str()));
        }
        section = section.form(form.with(reason()));
    }
    section
}
