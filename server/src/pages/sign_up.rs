//! `/sign-up`, `/confirm/{secret}` and `/set-up/{secret}`: creating accounts.

use std::sync::Arc;

use domain::accounts::{self, Secret, SigningUp};
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
use super::{answer, forms, saying, see_other};
use crate::app::App;
use crate::refusal::{Refusal, Result};
use crate::serve::ClientAddress;

/// The fields of the forms.
#[derive(Deserialize)]
struct Sent {
    #[serde(flatten)]
    next: Next,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// `GET /sign-up`
#[handler]
pub fn show(Data(app): Data<&Arc<App>>, Query(next): Query<Next>) -> Result<Response> {
    sign_up_page(app, &next, sign_up_form(&next, "", ""))
}

/// `POST /sign-up`
#[handler]
pub async fn send(
    app: Data<&Arc<App>>,
    ClientAddress(from): ClientAddress,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let signed_up = async {
        let typed = SigningUp::read(&sent.name, &sent.email, &sent.password)?;
        accounts::sign_up(&app, &from, typed, sent.next.as_str()).await
    };
    match forms::refused(signed_up.await)? {
        Ok(()) => sent_page(&app, "confirms that the address is yours"),
        Err(error) => {
            let mut form = sign_up_form(&sent.next, &sent.name, &sent.email);
            forms::complain(&mut form, &error);
            Ok(saying(&error, sign_up_page(&app, &sent.next, form)?))
        }
    }
}

/// `GET /confirm/{secret}`
#[handler]
pub async fn show_confirm(
    app: Data<&Arc<App>>,
    Path(secret): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let (claimed, now) = (Secret::claimed(&secret), app.ambient.now());
    accounts::find_link(&app.db, now, Purpose::Confirm, &claimed).await?;
    confirm_page(&app, confirm_form(&secret, &next))
}

/// `POST /confirm/{secret}`
#[handler]
pub async fn send_confirm(
    app: Data<&Arc<App>>,
    request: &Request,
    Path(secret): Path<String>,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let confirmed = accounts::confirm(&app, &Secret::claimed(&secret), &sent.password).await;
    let mut form = confirm_form(&secret, &sent.next);
    match forms::refused(confirmed)? {
        Ok(user) => {
            visitor::sign_in(&app, request, &user).await?;
            said(&app, request.cookie(), Done::SignedUp);
            Ok(see_other(sent.next.or("/account")))
        }
        Err(error) => refused(&mut form, error, |form| confirm_page(&app, form)),
    }
}

/// `GET /set-up/{secret}`
#[handler]
pub async fn show_set_up(app: Data<&Arc<App>>, Path(secret): Path<String>) -> Result<Response> {
    accounts::must_be_unfounded(&app, &Secret::claimed(&secret)).await?;
    set_up_page(&app, set_up_form(&secret, "", ""))
}

/// `POST /set-up/{secret}`
#[handler]
pub async fn send_set_up(
    app: Data<&Arc<App>>,
    request: &Request,
    Path(secret): Path<String>,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let founded = async {
        let typed = SigningUp::read(&sent.name, &sent.email, &sent.password)?;
        accounts::found(&app, &Secret::claimed(&secret), typed).await
    };
    let mut form = set_up_form(&secret, &sent.name, &sent.email);
    match forms::refused(founded.await)? {
        Ok(user) => {
            visitor::sign_in(&app, request, &user).await?;
            Ok(see_other("/organise"))
        }
        Err(error) => refused(&mut form, error, |form| set_up_page(&app, form)),
    }
}

/// The form again, with the error; a link that was already used has no form.
fn refused(
    form: &mut Form,
    refusal: Refusal,
    page: impl FnOnce(Form) -> Result<Response>,
) -> Result<Response> {
    if refusal.is(Code::SpentLink) {
        return Err(refusal);
    }
    forms::complain(form, &refusal);
    Ok(saying(&refusal, page(form.clone())?))
}

/// The same page whether the account exists or not.
pub(super) fn sent_page(app: &App, what: &str) -> Result<Response> {
    let where_to = if app.postman.sends() {
        "It can take a minute; check your spam folder too."
    } else {
        "This server sends no e-mail; the message is printed in its log: ask its operator."
    };
    let section = Section::new("sent", "").text(where_to).link("Go to the start page", "/");
    let lede = format!("We have sent an e-mail to this address; follow its link, which {what}.");
    Ok(visitor::private(answer(&forms::page(app, "Check your e-mail", &lede, section))?))
}

fn sign_up_form(next: &Next, name: &str, email: &str) -> Form {
    next.with(Form::new("/sign-up", "Sign up"))
        .with(forms::name(name))
        .with(forms::email(email))
        .with(forms::new_password())
}

fn sign_up_page(app: &App, next: &Next, form: Form) -> Result<Response> {
    let section = Section::new("sign-up", "")
        .form(form)
        .link("I have an account", next.on("/sign-in"))
        .link("Privacy", "/privacy");
    let lede = "With an account, you can take part in challenges alone or in a team.";
    Ok(visitor::private(answer(&forms::page(app, "Sign up", lede, section))?))
}

fn confirm_form(secret: &str, next: &Next) -> Form {
    next.with(Form::new(format!("/confirm/{secret}"), "Confirm")).with(forms::password())
}

fn confirm_page(app: &App, form: Form) -> Result<Response> {
    let section = Section::new("confirm", "").form(form).link("Sign up again", "/sign-up");
    let lede = "Enter the password that you chose when you signed up.";
    Ok(visitor::private(answer(&forms::page(app, "Confirm your address", lede, section))?))
}

fn set_up_form(secret: &str, name: &str, email: &str) -> Form {
    Form::new(format!("/set-up/{secret}"), "Become the first organiser")
        .with(forms::name(name))
        .with(forms::email(email))
        .with(forms::new_password())
}

fn set_up_page(app: &App, form: Form) -> Result<Response> {
    let lede = "This server has no organiser yet. The account you create here becomes its owner: it \
                can create challenges and decide who else organises them.";
    let section = Section::new("set-up", "").form(form);
    Ok(visitor::private(answer(&forms::page(app, "Set up this server", lede, section))?))
}
