//! `/sign-in/with/{provider}` and `/sign-in/back/{provider}`: signing in with an identity provider, and
//! its callback.

use std::sync::Arc;

use domain::accounts;
use domain::accounts::Claimed;
use domain::entities::user;
use domain::error::Code;
use domain::error::Error;
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path, Query};
use poem::{Request, Response, handler};
use serde::Deserialize;

use super::done::{Done, said};
use super::next::Next;
use super::visitor::{self, Visitor};
use super::{see_other, sign_in};
use crate::app::App;
use crate::oidc::{FLOW_SECONDS, Flow, Provider, ProviderSettings, Purpose};
use crate::refusal::{Refusal, Result};
use crate::serve::ClientAddress;

/// The cookie that identifies the browser that started the flow.
const COOKIE: &str = "fiq_way";

/// `GET /sign-in/with/{provider}`
#[handler]
pub async fn start(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    ClientAddress(from): ClientAddress,
    Path(name): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let provider = app.providers.find(&name)?;
    let purpose = (Purpose::SignIn, next.or("/account"));
    let way = begin(&app, cookies, &from, provider, purpose).await?;
    Ok(visitor::private(see_other(&way)))
}

/// The parameters that a provider sends with the callback.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    /// The issuer (RFC 9207), if the provider sends it.
    iss: Option<String>,
}

/// `GET /sign-in/back/{provider}`
#[handler]
pub async fn back(
    app: Data<&Arc<App>>,
    request: &Request,
    visitor: Visitor,
    ClientAddress(from): ClientAddress,
    Path(name): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let provider = app.providers.find(&name)?;
    let flow = taken(&app, request.cookie(), provider, &told)?;
    let (base, now) = (app.base_address(), app.ambient.now());
    // Anyone can forge a flow of their own, including its callback, so attempts are counted.
    accounts::count_provider(&app.db, &app.settings.attempts, &from, now).await?;
    let claimed = provider.redeem(&base, &flow, &told.code, now).await?;
    let title = &provider.settings.title;
    match (flow.purpose, visitor.0) {
        (Purpose::SignIn, _) => {
            let user = match accounts::sign_in_with(&app, &from, title, &claimed).await {
                Ok(user) => user,
                Err(error) => return otherwise(&app, &flow, &claimed, error),
            };
            enter(&app, request, &user, &flow.next).await
        }
        (Purpose::Link, Some(user)) => {
            accounts::link_identity(&app, &user, title, &claimed).await?;
            Ok(visitor::private(see_other("/account#identities")))
        }
        (Purpose::Link, None) => Err(Refusal::stale_sign_in(title)),
    }
}

/// Begins a sign-in flow with a provider, and returns the address to go to.
pub(super) async fn begin(
    app: &App,
    cookies: &CookieJar,
    from: &str,
    provider: &Provider,
    (purpose, next): (Purpose, &str),
) -> Result<String> {
    let now = app.ambient.now();
    accounts::count_provider(&app.db, &app.settings.attempts, from, now).await?;
    let flow = Flow::begin(&app.ambient, purpose, next);
    let way = provider.way(&app.base_address(), &flow, &session(app, cookies), now).await?;
    cookies.add(visitor::cookie(app, COOKIE, &flow.to_cookie(), FLOW_SECONDS));
    Ok(way)
}

/// Takes the flow that this browser started, if the callback belongs to it. The flow ends with that.
fn taken(app: &App, cookies: &CookieJar, provider: &Provider, told: &Told) -> Result<Flow> {
    let settings = &provider.settings;
    let stale = || Refusal::stale_sign_in(&settings.title);
    let value = visitor::cookie_value(app, cookies, COOKIE).ok_or_else(stale)?;
    cookies.add(visitor::without(app, COOKIE));
    let flow = Flow::read(&value, app.ambient.now()).ok_or_else(stale)?;
    let ours = told.state == flow.state(&settings.name, &session(app, cookies));
    let theirs = told.iss.as_ref().is_none_or(|issuer| *issuer == settings.issuer);
    if ours && theirs && !told.code.is_empty() { Ok(flow) } else { Err(stale()) }
}

/// The key of the browser's session, or an empty string.
fn session(app: &App, cookies: &CookieJar) -> String {
    visitor::session_key(app, cookies).map(|key| key.reveal().to_owned()).unwrap_or_default()
}

async fn enter(app: &App, request: &Request, user: &user::Model, next: &str) -> Result<Response> {
    visitor::sign_in(app, request, user).await?;
    said(app, request.cookie(), Done::SignedIn);
    Ok(visitor::private(see_other(Next::read(next).or("/account"))))
}

/// The sign-in form, for people whose account is not linked to the provider yet.
fn otherwise(app: &App, flow: &Flow, claimed: &Claimed, error: Error) -> Result<Response> {
    match &claimed.email {
        Some(email) if error.code == Code::LinkFirst => {
            sign_in::saying(app, &Next::read(&flow.next), email.as_str(), &error.into())
        }
        _ => Err(error.into()),
    }
}

/// The address that starts signing in with a provider.
pub(super) fn way(provider: &ProviderSettings, next: &Next) -> String {
    next.on(&format!("/sign-in/with/{}", provider.name))
}
