//! `/forgot` and `/reset/{secret}`: a new password by e-mail.

use std::sync::Arc;

use domain::accounts::{self, Secret};
use domain::entities::link::Purpose;
use domain::error::Code;
use poem::web::{Data, Path, Query};
use poem::{Request, Response, handler};
use serde::Deserialize;
use web::pages::{Form, Section};

use super::done::{Done, said};
use super::filled::Filled;
use super::next::Next;
use super::visitor;
use super::{answer, forms, saying, see_other, sign_up};
use crate::app::App;
use crate::refusal::Result;
use crate::serve::ClientAddress;

/// The fields of the forms.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    keep_tokens: String,
    #[serde(flatten)]
    next: Next,
}

/// `GET /forgot`
#[handler]
pub fn show(Data(app): Data<&Arc<App>>, Query(next): Query<Next>) -> Result<Response> {
    forgot_page(app, &next, forgot_form(&next, ""))
}

/// `POST /forgot`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    ClientAddress(from): ClientAddress,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    match forms::refused(accounts::forgot(&app, &from, &sent.email, sent.next.as_str()).await)? {
        Ok(()) => sign_up::sent_page(&app, "lets you choose a new password"),
        Err(error) => {
            let mut form = forgot_form(&sent.next, &sent.email);
            forms::complain(&mut form, &error);
            Ok(saying(&error, forgot_page(&app, &sent.next, form)?))
        }
    }
}

/// `GET /reset/{secret}`
#[handler]
pub async fn show_reset(
    app: Data<&Arc<App>>,
    Path(secret): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let (claimed, now) = (Secret::claimed(&secret), app.ambient.now());
    accounts::find_link(&app.db, now, Purpose::Reset, &claimed).await?;
    reset_page(&app, reset_form(&secret, &next))
}

/// `POST /reset/{secret}`
#[handler]
pub async fn send_reset(
    app: Data<&Arc<App>>,
    request: &Request,
    Path(secret): Path<String>,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let claimed = Secret::claimed(&secret);
    let reset = accounts::reset(&app, &claimed, &sent.password, sent.keep_tokens == "on").await;
    match forms::refused(reset)? {
        Ok(user) => {
            visitor::sign_in(&app, request, &user).await?;
            said(&app, request.cookie(), Done::PasswordChanged);
            Ok(see_other(sent.next.or("/account")))
        }
        Err(error) if error.is(Code::SpentLink) => Err(error),
        Err(error) => {
            let mut form = reset_form(&secret, &sent.next);
            forms::complain(&mut form, &error);
            Ok(saying(&error, reset_page(&app, form)?))
        }
    }
}

fn forgot_form(next: &Next, email: &str) -> Form {
    next.with(Form::new("/forgot", "Send me a link")).with(forms::email(email))
}

fn forgot_page(app: &App, next: &Next, form: Form) -> Result<Response> {
    let section = Section::new("forgot", "").form(form).link("Sign in", next.on("/sign-in"));
    let lede = "We’ll send you a link to choose a new password.";
    Ok(visitor::private(answer(&forms::page(app, "Reset your password", lede, section))?))
}

fn reset_form(secret: &str, next: &Next) -> Form {
    next.with(Form::new(format!("/reset/{secret}"), "Set the password"))
        .with(forms::new_password())
        .with(forms::keep_tokens())
}

fn reset_page(app: &App, form: Form) -> Result<Response> {
    let lede = "This signs out all browsers, and revokes your API tokens unless you keep them.";
    let section = Section::new("reset", "").form(form);
    Ok(visitor::private(answer(&forms::page(app, "Choose a password", lede, section))?))
}
