//! `/sign-in` and `/sign-out`: a person's session in a browser.

use std::sync::Arc;

use domain::accounts;
use poem::http::StatusCode;
use poem::web::cookie::CookieJar;
use poem::web::{Data, Query};
use poem::{IntoResponse, Request, Response, handler};
use serde::Deserialize;
use web::pages::{DeskPage, Form, Section};

use super::done::{Done, said};
use super::filled::Filled;
use super::next::Next;
use super::visitor;
use super::{answer, forms, see_other, sign_in_with};
use crate::app::App;
use crate::refusal::{Refusal, Result};
use crate::serve::ClientAddress;

/// The fields of the form.
#[derive(Deserialize)]
struct Sent {
    #[serde(flatten)]
    next: Next,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// `GET /sign-in`
#[handler]
pub fn show(Data(app): Data<&Arc<App>>, Query(next): Query<Next>) -> Result<Response> {
    Ok(visitor::private(answer(&page(app, &next, form(&next, "")))?))
}

/// `POST /sign-in`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    request: &Request,
    ClientAddress(from): ClientAddress,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let device = visitor::device(&app, request.cookie());
    let by = (from.as_str(), device.as_ref());
    let signed = accounts::sign_in(&app, by, &sent.email, &sent.password).await;
    let user = match forms::refused(signed)? {
        Ok(user) => user,
        Err(error) => return saying(&app, &sent.next, &sent.email, &error),
    };
    visitor::sign_in(&app, request, &user).await?;
    said(&app, request.cookie(), Done::SignedIn);
    Ok(see_other(sent.next.or("/account")))
}

/// `POST /sign-out`
#[handler]
pub async fn sign_out(app: Data<&Arc<App>>, cookies: &CookieJar) -> Result<Response> {
    visitor::sign_out(&app, cookies).await?;
    said(&app, cookies, Done::SignedOut);
    Ok(see_other("/"))
}

/// The sign-in form, in place of a page that requires signing in.
pub(super) fn instead_of(app: &App, next: &Next) -> Result<Response> {
    let page = answer(&page(app, next, form(next, "")))?;
    Ok(visitor::private(page.with_status(StatusCode::UNAUTHORIZED)))
}

/// The sign-in form with an error.
pub(super) fn saying(app: &App, next: &Next, email: &str, error: &Refusal) -> Result<Response> {
    let mut form = form(next, email);
    forms::complain(&mut form, error);
    Ok(super::saying(error, visitor::private(answer(&page(app, next, form))?)))
}

fn form(next: &Next, email: &str) -> Form {
    next.with(Form::new("/sign-in", "Sign in")).with(forms::email(email)).with(forms::password())
}

fn page(app: &App, next: &Next, form: Form) -> DeskPage {
    let lede = match next.as_str() {
        next if !next.is_empty() => "After that, you return to the page you asked for.",
        _ => "A cookie keeps you signed in until you sign out, for a month at most.",
    };
    let section = Section::new("sign-in", "").form(form);
    let section = app.providers.all().iter().fold(section, |section, provider| {
        let label = format!("Sign in with {}", provider.settings.title);
        section.link(label, sign_in_with::way(&provider.settings, next))
    });
    let section = section
        .link("Sign up", next.on("/sign-up"))
        .link("Forgot password?", next.on("/forgot"))
        .link("Privacy", "/privacy");
    forms::page(app, "Sign in", lede, section)
}
