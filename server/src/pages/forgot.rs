//! `/forgot` and `/reset/{secret}`: a new password by mail.

use std::sync::Arc;

use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use serde::Deserialize;
use web::pages::{Field, FieldKind, Form, Section};

use super::filled::Filled;
use super::visitor::{self, Address};
use super::{answer, forms, saying, see_other, sign_up};
use crate::accounts::{self, Secret};
use crate::app::App;
use crate::entities::link::Purpose;
use crate::error::Result;

/// What the forms send.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    keep_tokens: String,
}

/// `GET /forgot`
#[handler]
pub fn show(Data(app): Data<&Arc<App>>) -> Result<Response> {
    forgot_page(app, forgot_form(""))
}

/// `POST /forgot`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    Address(from): Address,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    match forms::refused(accounts::forgot(&app, &from, &sent.email).await)? {
        Ok(()) => sign_up::sent_page(&app, "leads to a new password"),
        Err(error) => {
            let mut form = forgot_form(&sent.email);
            forms::complain(&mut form, &error);
            Ok(saying(&error, forgot_page(&app, form)?))
        }
    }
}

/// `GET /reset/{secret}`
#[handler]
pub async fn show_reset(app: Data<&Arc<App>>, Path(secret): Path<String>) -> Result<Response> {
    let (claimed, now) = (Secret::claimed(&secret), app.ambient.now());
    accounts::find_link(&app.db, now, Purpose::Reset, &claimed).await?;
    reset_page(&app, reset_form(&secret))
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
            Ok(see_other("/account"))
        }
        Err(error) if error.code == "spent-link" => Err(error),
        Err(error) => {
            let mut form = reset_form(&secret);
            forms::complain(&mut form, &error);
            Ok(saying(&error, reset_page(&app, form)?))
        }
    }
}

fn forgot_form(email: &str) -> Form {
    Form::new("/forgot", "Send me a link").with(forms::email(email))
}

fn forgot_page(app: &App, form: Form) -> Result<Response> {
    let section = Section::new("forgot", "").form(form).link("Sign in", "/sign-in");
    let lede = "We send a link to your address, with which you choose another password.";
    Ok(visitor::private(answer(&forms::page(app, "A new password", lede, section))?))
}

fn reset_form(secret: &str) -> Form {
    let tokens = Field::new(FieldKind::Check, "keep_tokens", "Keep my API tokens").optional();
    Form::new(format!("/reset/{secret}"), "Set the password").with(forms::new_password()).with(
        tokens.hint("Otherwise they end now. Keep them only if nobody else knew the password."),
    )
}

fn reset_page(app: &App, form: Form) -> Result<Response> {
    let lede = "All browsers are signed out, and API tokens end.";
    let section = Section::new("reset", "").form(form);
    Ok(visitor::private(answer(&forms::page(app, "Choose a password", lede, section))?))
}
