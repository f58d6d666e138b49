//! `/account/data` and `/account/delete`: downloading a person's data, and deleting the account.

use std::sync::Arc;

use domain::accounts;
use domain::entities::user;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem::{Response, handler};
use serde::Deserialize;
use web::pages::{DeskPage, Field, FieldKind, Form, Section, Weight};

use super::done::{Done, said};
use super::filled::Filled;
use super::visitor::{self, Person};
use super::{answer, forms, saying, see_other};
use crate::app::App;
use crate::refusal::Result;

/// `GET /account/data`
#[handler]
pub async fn download(app: Data<&Arc<App>>, Person(user): Person) -> Result<Response> {
    let known = accounts::known_about(&app.db, &user).await?;
    let file = Response::builder()
        .content_type("application/json; charset=utf-8")
        .header("content-disposition", "attachment; filename=\"fashion-iq-account.json\"")
        .body(format!("{known:#}\n"));
    Ok(visitor::private(file))
}

/// `GET /account/delete`
#[handler]
pub fn show_delete(Data(app): Data<&Arc<App>>, Person(user): Person) -> Result<Response> {
    Ok(visitor::private(answer(&page(app, form(&user)))?))
}

/// The fields of the form.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    password: String,
    #[serde(default)]
    runs: String,
}

/// `POST /account/delete`
#[handler]
pub async fn delete(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let withdraw = sent.runs == "withdraw";
    match forms::refused(accounts::delete(&app, &user, &sent.password, withdraw).await)? {
        Ok(()) => {
            visitor::sign_out(&app, cookies).await?;
            said(&app, cookies, Done::AccountDeleted);
            Ok(see_other("/"))
        }
        Err(error) => {
            let mut form = form(&user);
            forms::complain(&mut form, &error);
            Ok(saying(&error, visitor::private(answer(&page(&app, form))?)))
        }
    }
}

fn form(user: &user::Model) -> Form {
    let choices = [
        ("keep", "Keep them on the board under the team’s name"),
        ("withdraw", "Remove them from the board"),
    ];
    let choices = choices.map(|(value, label)| (value.to_owned(), label.to_owned()));
    let runs = Field::new(
        FieldKind::Choice(choices.into()),
        "runs",
        "Submissions of a team with only you in it",
    )
    .hint("A team with other members always keeps its submissions.")
    .value("keep");
    let form =
        Form::new("/account/delete", "Delete the account").weighing(Weight::Grave).with(runs);
    if user.password.is_some() { form.with(forms::password()) } else { form }
}

fn page(app: &App, form: Form) -> DeskPage {
    let text = "Your name, address, password, browsers and tokens are deleted at once, and you leave \
                your teams. This can’t be undone. A digest of your address stays, so that limits \
                and decisions also apply to a new account of yours.";
    let section = Section::new("delete", "")
        .text(text)
        .form(form)
        .link("Keep the account", "/account")
        .link("Privacy", "/privacy");
    forms::page(app, "Delete your account", "", section)
}
