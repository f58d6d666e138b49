//! `/sign-in` and `/sign-out`: a team's session in a browser.

use std::sync::Arc;

use poem::http::StatusCode;
use poem::web::cookie::CookieJar;
use poem::web::{CsrfToken, CsrfVerifier, Data, Form, Multipart, Query};
use poem::{IntoResponse, Response, handler};
use serde::Deserialize;
use web::pages::SignInPage;

use super::{answer, layout, see_other, visitor};
use crate::accounts;
use crate::api::text;
use crate::app::App;
use crate::challenges;
use crate::error::{Error, Result};

/// Where to go once signed in.
#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    next: String,
}

/// What the form sends.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    csrf_token: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    token: String,
}

/// `GET /sign-in`
#[handler]
pub fn show(csrf: &CsrfToken, Query(wish): Query<Wish>) -> Result<Response> {
    Ok(visitor::private(answer(&page(csrf, None, &wish.next, None))?))
}

/// `POST /sign-in`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    csrf: &CsrfToken,
    verifier: &CsrfVerifier,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    if !verifier.is_valid(&sent.csrf_token) {
        return Err(Error::stale_form());
    }
    let caller = match accounts::authenticate(&app.db, sent.token.trim()).await {
        Ok(caller) => caller,
        Err(error) if error.status.is_server_error() => return Err(error),
        Err(error) => {
            let page = page(csrf, None, &sent.next, Some(visitor::WRONG_TOKEN.to_owned()));
            return Ok(visitor::private(answer(&page)?.with_status(error.status)));
        }
    };
    visitor::sign_in(&app, cookies, &caller).await?;
    let own = challenges::by_id(&app.db, caller.team.challenge_id).await?;
    let there = within(&sent.next).map_or_else(|| layout::submissions(&own), str::to_owned);
    Ok(see_other(&there))
}

/// `POST /sign-out`
#[handler]
pub async fn sign_out(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    verifier: &CsrfVerifier,
    mut form: Multipart,
) -> Result<Response> {
    let field = form.next_field().await.map_err(Error::incomplete)?;
    let field = field.ok_or_else(Error::stale_form)?;
    if !verifier.is_valid(&text("csrf_token", field.into_async_read()).await?) {
        return Err(Error::stale_form());
    }
    visitor::sign_out(&app, cookies).await?;
    Ok(see_other("/"))
}

/// The form in place of a page that only a team may see.
pub(super) fn instead_of(csrf: &CsrfToken, what: &str, next: &str) -> Result<Response> {
    let page = page(csrf, Some(what.to_owned()), next, None);
    Ok(visitor::private(answer(&page)?.with_status(StatusCode::UNAUTHORIZED)))
}

fn page(
    csrf: &CsrfToken,
    what: Option<String>,
    next: &str,
    complaint: Option<String>,
) -> SignInPage {
    SignInPage {
        layout: layout::plain(),
        what,
        action: "/sign-in".to_owned(),
        csrf_token: csrf.0.clone(),
        next: within(next).unwrap_or_default().to_owned(),
        complaint,
    }
}

/// An address on this server; what leads elsewhere is no address to go to.
fn within(next: &str) -> Option<&str> {
    let elsewhere = next.starts_with("//") || next.contains(['\\', ':']);
    let plain = next.chars().all(|c| c.is_ascii_graphic());
    Some(next).filter(|next| next.starts_with('/') && plain && !elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_nowhere_else() {
        assert_eq!(within("/c/fiq/submissions"), Some("/c/fiq/submissions"));
        for elsewhere in [
            "",
            "c/fiq",
            "//example.org",
            "/\\example.org",
            "https://example.org",
            "/\t/example.org",
            "javascript:alert(1)",
            "/c\r\nset-cookie: a=b",
        ] {
            assert_eq!(within(elsewhere), None, "{elsewhere:?}");
        }
    }
}
