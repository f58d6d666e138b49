//! The header of each page: the visitor, where they organise, and the done-message.
//!
//! Pages are rendered without it, so that pages that are the same for everyone can be cached; it is
//! filled in here, for each request.

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

/// Pages that signing in does not return to.
const NOWHERE: [&str; 6] =
    ["/sign-", "/confirm/", "/forgot", "/reset/", "/set-up/", "/account/delete"];

/// The header of a page for an anonymous visitor.
pub(super) fn of_anybody(here: &str) -> Head {
    let leads_back = !NOWHERE.iter().any(|nowhere| here.starts_with(nowhere));
    let here = if leads_back && here != "/" { here.to_owned() } else { String::new() };
    Head { here, ..Head::default() }
}

/// Whether the visitor gets the same page as an anonymous visitor.
pub(super) fn is_of_anybody(app: &App, cookies: &CookieJar) -> bool {
    visitor::session_key(app, cookies).is_none() && !done::is_something(app, cookies)
}

/// Fills the header into a response, if it is a page.
pub(super) async fn write(
    app: &App,
    cookies: &CookieJar,
    (here, visitor): (&str, &Visitor),
    answer: Response,
) -> Result<Response> {
    let is_page = answer.content_type().is_some_and(|kind| kind.starts_with("text/html"));
    // A compressed page already has its header.
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

/// The page where a person organises: the challenge that they are visiting, or all of theirs.
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
