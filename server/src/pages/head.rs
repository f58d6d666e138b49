//! The head of each page: who looks at it, where they organise, and what was just done.
//!
//! Pages are drawn without it, so that those that are the same for everybody can be kept; it is written
//! into them here, for each request.

use domain::accounts;
use domain::challenges;
use domain::entities::user;
use domain::error::Error;
use poem::http::header;
use poem::web::cookie::CookieJar;
use poem::{Body, Response};
use web::pages::Head;

use super::visitor::{self, Visitor};
use super::{done, layout};
use crate::app::App;
use crate::refusal::Result;

/// Pages to which nobody comes back by signing in.
const NOWHERE: [&str; 6] =
    ["/sign-", "/confirm/", "/forgot", "/reset/", "/set-up/", "/account/delete"];

/// The head of a page for anybody at an address.
pub(super) fn of_anybody(here: &str) -> Head {
    let leads_back = !NOWHERE.iter().any(|nowhere| here.starts_with(nowhere));
    let here = if leads_back && here != "/" { here.to_owned() } else { String::new() };
    Head { here, ..Head::default() }
}

/// Whether a page is the same for the visitor as for anybody.
pub(super) fn is_of_anybody(app: &App, cookies: &CookieJar) -> bool {
    visitor::session_key(app, cookies).is_none() && !done::is_something(app, cookies)
}

/// Writes the head into an answer, if it is a page.
pub(super) async fn write(
    app: &App,
    cookies: &CookieJar,
    (here, visitor): (&str, &Visitor),
    answer: Response,
) -> Result<Response> {
    let is_page = answer.content_type().is_some_and(|kind| kind.starts_with("text/html"));
    // What is packed already has its head.
    if !is_page || answer.headers().contains_key(header::CONTENT_ENCODING) {
        return Ok(answer);
    }
    let (parts, body) = answer.into_parts();
    let page = body.into_string().await.map_err(|e| Error::internal("read a page back", e))?;
    let mut head = of_anybody(here);
    if let Some(user) = &visitor.0 {
        head.organise = organise(app, here, user).await?;
        head.name = Some(user.name.clone());
    }
    head.said = done::to_say(app, cookies).map(|done| done.sentence().to_owned());
    let page = web::pages::around(&page, &head)?;
    Ok(Response::from_parts(parts, Body::from(page)))
}

/// Where a person organises: the challenge that they look at, or all of theirs.
async fn organise(app: &App, here: &str, user: &user::Model) -> Result<Option<String>> {
    let roles = accounts::roles_of(&app.db, user.id).await?;
    if roles.is_empty() {
        return Ok(None);
    }
    let named = here.strip_prefix("/c/").and_then(|rest| rest.split(['/', '?']).next());
    if let Some(name) = named
        && let Ok(challenge) = challenges::find(&app.db, name).await
        && roles.iter().any(|role| role.challenge_id.is_none_or(|id| id == challenge.id))
    {
        return Ok(Some(layout::organise(&challenge)));
    }
    Ok(Some("/organise".to_owned()))
}
