//! `/sign-in/with/{provider}` and `/sign-in/back/{provider}`: to another provider, and back.

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

/// What the way back is known by, in the browser that went.
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

/// What a provider sends the browser back with.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    /// Who says so (RFC 9207), if the provider says that.
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
    // Whoever makes up a way of their own can make up what it leads back with.
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

/// Begins a way to a provider, and answers where it leads.
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

/// The way that this browser went, which is over with that, if this is what it waits for.
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

/// What the browser's session is known by here.
fn session(app: &App, cookies: &CookieJar) -> String {
    visitor::session_key(app, cookies).map(|key| key.reveal().to_owned()).unwrap_or_default()
}

async fn enter(app: &App, request: &Request, user: &user::Model, next: &str) -> Result<Response> {
    visitor::sign_in(app, request, user).await?;
    said(app, request.cookie(), Done::SignedIn);
    Ok(visitor::private(see_other(Next::read(next).or("/account"))))
}

/// The form that signs in, for whoever has an account that the provider does not open.
fn otherwise(app: &App, flow: &Flow, claimed: &Claimed, error: Error) -> Result<Response> {
    match &claimed.email {
        Some(email) if error.code == Code::LinkFirst => {
            sign_in::saying(app, &Next::read(&flow.next), email.as_str(), &error.into())
        }
        _ => Err(error.into()),
    }
}

/// The address that leads to a provider.
pub(super) fn way(provider: &ProviderSettings, next: &Next) -> String {
    next.on(&format!("/sign-in/with/{}", provider.name))
}
