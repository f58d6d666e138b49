//! The visitor of a page: the person who is signed in in this browser, if any.

use std::ops::Deref;
use std::sync::Arc;

use domain::accounts::{self, Caller, DEVICE_SECONDS, SESSION_SECONDS, Secret, SessionKey};
use domain::challenges;
use domain::entities::role::Role;
use domain::entities::{challenge, user};
use domain::error::Error;
use poem::http::{HeaderValue, header};
use poem::web::cookie::{Cookie, CookieJar, SameSite};
use poem::{FromRequest, IntoResponse, Request, RequestBody, Response};

use crate::app::App;
use crate::refusal::{Refusal, Result};
use crate::serve::ClientAddress;

const SESSION: &str = "fiq_session";

/// The cookie that identifies a browser in which someone has signed in before.
const DEVICE: &str = "fiq_device";

/// The visitor: a person who is signed in, or an anonymous visitor.
#[derive(Clone)]
pub(crate) struct Visitor(pub(crate) Option<user::Model>);

/// A person who is signed in; everyone else gets the sign-in form.
pub(crate) struct Person(pub(crate) user::Model);

/// One of the organisers of the challenge in the address: auditors can view, and changes require a
/// higher role. Everyone else is refused.
pub(crate) struct Staff {
    pub(crate) user: user::Model,
    pub(crate) challenge: challenge::Model,
    pub(crate) role: Role,
}

impl Visitor {
    /// The visitor who sent a request.
    pub(super) async fn of(app: &App, request: &Request) -> Result<Self> {
        match session_key(app, request.cookie()) {
            Some(key) => Ok(Self(key.user(&app.db, &app.ambient).await?)),
            None => Ok(Self(None)),
        }
    }

    /// Whether the person has a role in a challenge.
    pub(crate) async fn is_staff(&self, app: &App, challenge: &challenge::Model) -> Result<bool> {
        let Some(user) = &self.0 else { return Ok(false) };
        Ok(accounts::role_in(&app.db, user.id, challenge.id).await?.is_some())
    }

    /// The team that the person acts for in a challenge, if they are in one.
    pub(crate) async fn caller(
        &self,
        app: &App,
        challenge: &challenge::Model,
    ) -> Result<Option<Caller>> {
        match &self.0 {
            Some(user) => Ok(Caller::of(&app.db, user, challenge).await?),
            None => Ok(None),
        }
    }
}

impl Deref for Person {
    type Target = user::Model;

    fn deref(&self) -> &user::Model {
        &self.0
    }
}

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        match request.extensions().get::<Self>() {
            Some(visitor) => Ok(visitor.clone()),
            None => Ok(Self::of(app(request)?, request).await?),
        }
    }
}

impl<'a> FromRequest<'a> for Person {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Visitor(user) = Visitor::from_request(request, body).await?;
        Ok(Self(user.ok_or_else(|| Refusal::from(Error::sign_in_first()))?))
    }
}

impl<'a> FromRequest<'a> for Staff {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Person(user) = Person::from_request(request, body).await?;
        let app = app(request)?;
        let Named(challenge) = request.path_params()?;
        let least = if request.method().is_safe() { Role::Auditor } else { Role::Organiser };
        Ok(Self::of(app, user, &challenge, least).await?)
    }
}

impl Staff {
    async fn of(app: &App, user: user::Model, challenge: &str, least: Role) -> Result<Self> {
        let challenge = challenges::find_or_deleted(&app.db, challenge).await?;
        let role = accounts::must_have_role(&app.db, &user, &challenge, least).await?;
        Ok(Self { user, challenge, role })
    }
}

impl<'a> FromRequest<'a> for ClientAddress {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::of(request, &app(request)?.settings.trusted_proxies))
    }
}

/// The name of the challenge in an address.
struct Named(String);

impl<'de> serde::Deserialize<'de> for Named {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Path {
            challenge: String,
        }
        Path::deserialize(deserializer).map(|path| Self(path.challenge))
    }
}

/// The full name of a cookie: over TLS it has a prefix that makes browsers accept it only from this
/// host, and from no other host of the domain.
fn full_name(app: &App, name: &str) -> String {
    let prefix = if app.settings.secure_cookies() { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

/// A cookie for the whole server, which scripts can't read and which other sites send only when a link
/// is followed.
pub(super) fn cookie(app: &App, name: &str, value: &str, seconds: i64) -> Cookie {
    let mut cookie = Cookie::new_with_str(full_name(app, name), value);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(app.settings.secure_cookies());
    cookie.set_path("/");
    cookie.set_max_age(std::time::Duration::from_secs(seconds as u64));
    cookie
}

/// The value of a cookie made by [`cookie`].
pub(super) fn cookie_value(app: &App, cookies: &CookieJar, name: &str) -> Option<String> {
    cookies.get(&full_name(app, name)).map(|cookie| cookie.value_str().to_owned())
}

/// Removes a cookie from the browser.
pub(super) fn without(app: &App, name: &str) -> Cookie {
    let mut cookie = cookie(app, name, "", 0);
    cookie.make_removal();
    cookie
}

fn app(request: &Request) -> Result<&Arc<App>> {
    let app = request.extensions().get::<Arc<App>>();
    Ok(app.ok_or_else(|| Error::internal("answer this request", "no server is behind it"))?)
}

/// The session key that this browser claims.
pub(crate) fn session_key(app: &App, cookies: &CookieJar) -> Option<SessionKey> {
    cookie_value(app, cookies, SESSION).map(|value| SessionKey::claimed(&value))
}

/// Signs a person in in this browser. The key is new, which prevents session fixation; the previous
/// session of the browser ends.
pub(crate) async fn sign_in(app: &App, request: &Request, user: &user::Model) -> Result<()> {
    let cookies = request.cookie();
    if let Some(before) = session_key(app, cookies) {
        before.end(&app.db).await?;
    }
    let browser = request.header(header::USER_AGENT).unwrap_or_default();
    let key = SessionKey::begin(&app.db, &app.ambient, user, browser).await?;
    cookies.add(cookie(app, SESSION, key.reveal(), SESSION_SECONDS));
    remember(app, cookies, user).await
}

/// Remembers this browser as one that the person uses.
pub(super) async fn remember(app: &App, cookies: &CookieJar, user: &user::Model) -> Result<()> {
    let device = accounts::remember_device(&app.db, &app.ambient, user, device(app, cookies));
    cookies.add(cookie(app, DEVICE, device.await?.reveal(), DEVICE_SECONDS));
    Ok(())
}

/// The secret that identifies this browser, if someone has signed in in it before.
pub(super) fn device(app: &App, cookies: &CookieJar) -> Option<Secret> {
    cookie_value(app, cookies, DEVICE)
        .filter(|value| !value.is_empty())
        .map(|it| Secret::claimed(&it))
}

/// Ends the session of this browser.
pub(crate) async fn sign_out(app: &App, cookies: &CookieJar) -> Result<()> {
    if let Some(key) = session_key(app, cookies) {
        key.end(&app.db).await?;
    }
    cookies.add(without(app, SESSION));
    Ok(())
}

/// A page that depends on its visitor: no shared cache may keep it.
pub(crate) fn private(page: impl IntoResponse) -> Response {
    let mut response = page.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
    response
}
