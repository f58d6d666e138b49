//! `/account`: the page on which people manage their account.

use std::sync::Arc;

use domain::accounts::{self, Caller, Scope, Scopes};
use domain::ambient::Instant;
use domain::challenges;
use domain::entities::{session, token, user};
use domain::error::Error;
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Section, Weight};

use super::browser_name::browser_name;
use super::done::{Done, said};
use super::filled::Filled;
use super::visitor::{self, Person};
use super::{address, answer, forms, identities, layout, saying, see_other};
use crate::app::App;
use crate::refusal::{Refusal, Result};

/// `GET /account`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
) -> Result<Response> {
    Ok(visitor::private(answer(&page(&app, cookies, &user).await?)?))
}

/// The fields of the name form.
#[derive(Deserialize, Serialize)]
struct Named {
    #[serde(default)]
    name: String,
    #[serde(default)]
    notices: String,
}

/// `POST /account/name`
#[handler]
pub async fn rename(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Filled(sent): Filled<Named>,
) -> Result<Response> {
    let done = accounts::set_profile(&app.db, user.clone(), &sent.name, sent.notices == "on").await;
    match forms::refused(done)? {
        Ok(()) => {
            said(&app, cookies, Done::Saved);
            Ok(see_other("/account"))
        }
        Err(error) => again(&app, cookies, &user, ("/account/name", &sent), &error).await,
    }
}

/// The fields of the password form.
#[derive(Deserialize)]
struct Passwords {
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    keep_tokens: String,
}

/// `POST /account/password`
#[handler]
pub async fn change_password(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Filled(sent): Filled<Passwords>,
) -> Result<Response> {
    let here = visitor::session_key(&app, cookies).ok_or_else(Error::sign_in_first)?;
    let typed = (sent.old.as_str(), sent.password.as_str());
    let keep_tokens = sent.keep_tokens == "on";
    let changed = accounts::change_password(&app, &user, &here, typed, keep_tokens).await;
    match forms::refused(changed)? {
        Ok(()) => {
            visitor::remember(&app, cookies, &user).await?;
            said(&app, cookies, Done::PasswordChanged);
            Ok(see_other("/account"))
        }
        Err(error) => again(&app, cookies, &user, ("/account/password", &()), &error).await,
    }
}

/// `POST /account/sessions/{id}/end`
#[handler]
pub async fn end_session(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(id): Path<i32>,
) -> Result<Response> {
    accounts::end_session(&app.db, &user, id).await?;
    said(&app, cookies, Done::BrowserEnded);
    Ok(see_other("/account#browsers"))
}

/// The fields of the form for a new token.
#[derive(Deserialize, Serialize)]
struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    days: String,
}

/// `POST /account/tokens`: responds with the token, which is shown only once.
#[handler]
pub async fn new_token(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Filled(sent): Filled<Wanted>,
) -> Result<Response> {
    let scopes = Scopes::read(&sent.scopes.join(" "));
    let made = async {
        let days = match sent.days.trim() {
            "" => None,
            days => Some(days.parse().map_err(|_| {
                Error::field("days", "must be a whole number of days, or empty for no expiry")
            })?),
        };
        let name = sent.name.trim();
        accounts::new_token(&app.db, &app.ambient, &user, name, scopes, days).await
    };
    match forms::refused(made.await)? {
        Ok(token) => {
            let section = Section::new("token", "")
                .fact("Token", Cell::Code(token.reveal().to_owned()))
                .fact(
                    "For your shell",
                    Cell::Code(format!("export FASHION_IQ_TOKEN={}", token.reveal())),
                )
                .link("Back to your account", "/account#tokens");
            let lede =
                "It is shown only once. Store it where only you and your programs can read it.";
            Ok(visitor::private(answer(&forms::page(&app, "Your new token", lede, section))?))
        }
        Err(error) => again(&app, cookies, &user, ("/account/tokens", &sent), &error).await,
    }
}

/// `POST /account/tokens/{id}/revoke`
#[handler]
pub async fn revoke_token(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(id): Path<i32>,
) -> Result<Response> {
    accounts::revoke_token(&app.db, app.ambient.now(), &user, id).await?;
    said(&app, cookies, Done::TokenRevoked);
    Ok(see_other("/account#tokens"))
}

/// The page again, with the error in the form that was sent, or above all forms.
pub(super) async fn again(
    app: &App,
    cookies: &CookieJar,
    user: &user::Model,
    (action, typed): (&str, &impl Serialize),
    error: &Refusal,
) -> Result<Response> {
    let mut page = page(app, cookies, user).await?;
    let mut forms = page.sections.iter_mut().flat_map(|section| &mut section.forms);
    match forms.find(|form| form.action == action) {
        Some(form) => {
            forms::keep(form, typed);
            forms::complain(form, error);
        }
        None => page.notice = Some(error.detail.clone()),
    }
    Ok(saying(error, visitor::private(answer(&page)?)))
}

async fn page(app: &App, cookies: &CookieJar, user: &user::Model) -> Result<DeskPage> {
    let now = app.ambient.now();
    let mut sections =
        vec![teams(app, user).await?, person(user), address::section(user), password(user)];
    sections.extend(identities::section(app, user).await?);
    sections.push(browsers(app, cookies, user).await?);
    sections.push(tokens(&accounts::tokens_of(&app.db, user, now).await?));
    sections.push(own_data());
    let email = user.email.clone().unwrap_or_default();
    Ok(DeskPage {
        layout: layout::plain(),
        kicker: None,
        heading: "Your account".to_owned(),
        lede: format!("{}, {email}", user.name),
        notice: None,
        tabs: vec![],
        sections,
        now: now.utc(),
    })
}

async fn teams(app: &App, user: &user::Model) -> Result<Section> {
    let mut rows = Vec::new();
    for challenge in challenges::all(&app.db).await? {
        let team = match Caller::of(&app.db, user, &challenge).await? {
            Some(caller) => Cell::link(caller.team.name, layout::team(&challenge)),
            None => Cell::link("take part", layout::team(&challenge)),
        };
        let role = match accounts::role_in(&app.db, user.id, challenge.id).await? {
            Some(role) => Cell::link(role.name(), layout::organise(&challenge)),
            None => Cell::None,
        };
        rows.push(vec![Cell::link(challenge.title.clone(), layout::board(&challenge)), team, role]);
    }
    let heads = ["Challenge", "Your team", "Your role"];
    let mut section = Section::new("challenges", "Challenges").table(&heads, rows, "None.");
    if accounts::role_everywhere(&app.db, user.id).await?.is_some() {
        section = section.link("Organise challenges", "/organise");
    }
    Ok(section.form(Form::new("/sign-out", "Sign out").weighing(Weight::Small)))
}

fn person(user: &user::Model) -> Section {
    let notices = Field::new(FieldKind::Check, "notices", "E-mail me about my team’s submissions")
        .value(if user.notices { "on" } else { "" })
        .optional();
    let form = Form::new("/account/name", "Save").weighing(Weight::Quiet).called("person");
    Section::new("person", "You").form(form.with(forms::name(&user.name)).with(notices))
}

fn password(user: &user::Model) -> Section {
    let old =
        Field::new(FieldKind::Password, "old", "Current password").autocomplete("current-password");
    let mut form = Form::new("/account/password", "Change password");
    if user.password.is_some() {
        form = form.with(old);
    }
    let form = form.with(forms::new_password()).with(forms::keep_tokens());
    let form = form.weighing(Weight::Quiet).called("change");
    let text = "Changing it signs out all other browsers.";
    Section::new("password", "Password").text(text).form(form)
}

async fn browsers(app: &App, cookies: &CookieJar, user: &user::Model) -> Result<Section> {
    let here = visitor::session_key(app, cookies);
    let row = |row: session::Model| {
        let is_here = here.as_ref().is_some_and(|key| key.is_of(&row));
        let end = Form::new(format!("/account/sessions/{}/end", row.id), "sign out");
        let what = if is_here {
            Cell::Mark("this browser".to_owned())
        } else {
            Cell::Form(end.weighing(Weight::Small))
        };
        vec![Cell::text(browser_name(&row.browser)), at(row.created_at), at(row.seen_at), what]
    };
    let rows = accounts::sessions_of(&app.db, &app.ambient, user).await?;
    let heads = ["Browser", "Signed in", "Last seen", ""];
    let rows = rows.into_iter().map(row).collect();
    Ok(Section::new("browsers", "Browsers").table(&heads, rows, "None."))
}

fn tokens(tokens: &[token::Model]) -> Section {
    let row = |row: &token::Model| {
        let revoke = Form::new(format!("/account/tokens/{}/revoke", row.id), "revoke").asking(
            "Programs that use it will be refused. This can’t be undone.",
            "Yes, revoke it",
        );
        vec![
            Cell::text(row.name.clone()),
            Cell::text(row.scopes.clone()),
            Cell::at(row.used_at.map(Instant::utc)),
            row.expires_at.map_or(Cell::Quiet("never".to_owned()), at),
            Cell::Form(revoke.weighing(Weight::Small)),
        ]
    };
    let scopes = Scope::ALL.map(|scope| {
        let label = match scope {
            Scope::Read => "read my team’s submissions",
            Scope::Submit => "make, withdraw and restore submissions",
            Scope::Organise => "manage the challenges I organise",
        };
        (scope.name().to_owned(), label.to_owned())
    });
    let scopes =
        Field::new(FieldKind::Checks(scopes.into()), "scopes", "Permissions").value("read submit");
    let days =
        Field::new(FieldKind::Number, "days", "Days until it expires").value("90").optional();
    let form = Form::new("/account/tokens", "Create token")
        .with(Field::text("name", "Name").hint("What it is for, such as: cluster, laptop."))
        .with(scopes)
        .with(days.hint("Leave empty for no expiry."))
        .weighing(Weight::Quiet)
        .called("token");
    let heads = ["Name", "Permissions", "Last used", "Expires", ""];
    Section::new("tokens", "Tokens")
        .text("Programs use a token to act for you. It is shown once, when you create it.")
        .table(&heads, tokens.iter().map(row).collect(), "None yet.")
        .form(form)
}

fn own_data() -> Section {
    Section::new("data", "Your data")
        .text("Download everything this server stores about you, or delete your account.")
        .link("Download your data", "/account/data")
        .link("Delete the account", "/account/delete")
        .link("Privacy, and how long data is kept", "/privacy")
}

fn at(at: Instant) -> Cell {
    Cell::At(at.utc())
}
