//! Who looks at a page: the team that has signed in in this browser, if any.

use poem::http::{HeaderValue, header};
use poem::web::cookie::{Cookie, CookieJar, SameSite};
use poem::{IntoResponse, Response};

use crate::accounts::{Caller, SESSION_SECONDS, SessionKey};
use crate::app::App;
use crate::entities::challenge;
use crate::error::Result;

const COOKIE: &str = "fiq_session";

/// What is said beside the field of a token that opens nothing.
pub(crate) const WRONG_TOKEN: &str = "this token is unknown, or it was revoked; it begins with fiq_, and your organisers can give your \
     team another";

/// The team of the challenge that has signed in in this browser.
pub(crate) async fn signed_in(
    app: &App,
    cookies: &CookieJar,
    challenge: &challenge::Model,
) -> Result<Option<Caller>> {
    let Some(key) = session_key(cookies) else { return Ok(None) };
    let caller = key.caller(&app.db, &app.ambient).await?;
    Ok(caller.filter(|caller| caller.must_be_of(challenge).is_ok()))
}

/// Signs a team in in this browser. The key is new, so nobody can have fixed it before.
pub(crate) async fn sign_in(app: &App, cookies: &CookieJar, caller: &Caller) -> Result<()> {
    let key = SessionKey::begin(&app.db, &app.ambient, caller).await?;
    let mut cookie = Cookie::new_with_str(COOKIE, key.reveal());
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(app.settings.secure_cookies());
    cookie.set_path("/");
    cookie.set_max_age(std::time::Duration::from_secs(SESSION_SECONDS as u64));
    cookies.add(cookie);
    Ok(())
}

/// Ends the session of this browser.
pub(crate) async fn sign_out(app: &App, cookies: &CookieJar) -> Result<()> {
    if let Some(key) = session_key(cookies) {
        key.end(&app.db).await?;
    }
    let mut cookie = Cookie::named(COOKIE);
    cookie.set_path("/");
    cookie.make_removal();
    cookies.add(cookie);
    Ok(())
}

/// A page that depends on who looks at it: no shared cache may keep it.
pub(crate) fn private(page: impl IntoResponse) -> Response {
    let mut response = page.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
    response
}

fn session_key(cookies: &CookieJar) -> Option<SessionKey> {
    cookies.get(COOKIE).map(|cookie| SessionKey::claimed(cookie.value_str()))
}
