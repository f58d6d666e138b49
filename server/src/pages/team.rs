//! `/c/{challenge}/team`: joining a challenge, and the team a person is in.

mod page;

use std::sync::Arc;

use poem::web::cookie::CookieJar;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, Section};

use page::page;
pub(super) use page::{acceptance, rules_of};

use super::done::{Done, said};
use super::filled::Filled;
use super::next::Next;
use super::visitor::{self, Person};
use super::{answer, forms, layout, saying, see_other};
use crate::app::App;
use crate::refusal::{Refusal, Result};
use domain::accounts::{self, Email};
use domain::challenges;
use domain::entities::participation::Joining;
use domain::entities::team::{Anonymity, TeamKind};
use domain::entities::{challenge, user};
use domain::error::Error;
use domain::standings::{self, Naming};

/// `GET /c/{challenge}/team`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path(name): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    Ok(visitor::private(answer(&page(&app, &challenge, &user, &next).await?)?))
}

/// The fields of the rules form.
#[derive(Deserialize, Serialize)]
struct Accepted {
    #[serde(default)]
    version: i32,
    #[serde(default)]
    accept: String,
    #[serde(flatten)]
    next: Next,
}

/// `POST /c/{challenge}/join`
#[handler]
pub async fn join(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(name): Path<String>,
    Filled(sent): Filled<Accepted>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let joined = async {
        if sent.accept != "on" {
            return Err(Error::field("accept", "must be ticked to take part"));
        }
        let row = accounts::join(&app, &challenge, &user, sent.version).await?;
        Ok(row.state == Joining::Approved)
    };
    let joined = joined.await;
    let word = if matches!(joined, Ok(true)) { Done::Joined } else { Done::Asked };
    let on = On { app: &app, cookies, challenge: &challenge, user: &user };
    on.done(("join", &()), joined.map(|_| (word, sent.next.on(&layout::team(&challenge))))).await
}

/// The fields of the form for a new team.
#[derive(Deserialize, Serialize)]
struct Founded {
    #[serde(default)]
    name: String,
    #[serde(default)]
    guest: String,
    #[serde(flatten)]
    next: Next,
}

/// `POST /c/{challenge}/team`
#[handler]
pub async fn found(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(name): Path<String>,
    Filled(sent): Filled<Founded>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let founded = async {
        let kind = if sent.guest == "on" { TeamKind::Guest } else { TeamKind::Team };
        accounts::found_team(&app, &challenge, &user, sent.name.trim(), kind).await?;
        Ok::<_, Refusal>((Done::TeamMade, sent.next.or(&layout::team(&challenge)).to_owned()))
    };
    let on = On { app: &app, cookies, challenge: &challenge, user: &user };
    on.done(("team", &sent), founded.await).await
}

/// The fields of the name form.
#[derive(Deserialize, Serialize)]
struct Named {
    #[serde(default)]
    name: String,
    #[serde(default)]
    anonymity: String,
    #[serde(default)]
    pseudonym: String,
}

/// `POST /c/{challenge}/team/name`
#[handler]
pub async fn rename(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(name): Path<String>,
    Filled(sent): Filled<Named>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let renamed = async {
        let team = accounts::own_team(&app.db, &challenge, &user).await?;
        let anonymity = match sent.anonymity.as_str() {
            "reveal" => Anonymity::Reveal,
            "always" => Anonymity::Always,
            _ => Anonymity::None,
        };
        let (name, pseudonym) = (sent.name.trim(), sent.pseudonym.trim());
        standings::rename_team(&app, team, Naming { name, anonymity, pseudonym }).await
    };
    let on = On { app: &app, cookies, challenge: &challenge, user: &user };
    let renamed = renamed.await.map(|()| (Done::Saved, layout::team(&challenge)));
    on.done(("team/name", &sent), renamed).await
}

/// `POST /c/{challenge}/team/leave`
#[handler]
pub async fn leave(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(name): Path<String>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let left = accounts::leave_team(&app, &challenge, &user).await;
    let on = On { app: &app, cookies, challenge: &challenge, user: &user };
    on.done(("team/leave", &()), left.map(|()| (Done::TeamLeft, layout::team(&challenge)))).await
}

/// The fields of the form that rejoins a team.
#[derive(Deserialize, Serialize)]
struct Taken {
    #[serde(default)]
    team: i32,
}

/// `POST /c/{challenge}/team/back`: rejoins a team whose last member the person was.
#[handler]
pub async fn back(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(name): Path<String>,
    Filled(sent): Filled<Taken>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let taken = async {
        accounts::rejoin_team(&app, &challenge, &user, sent.team).await?;
        Ok::<_, Refusal>((Done::TeamTaken, layout::team(&challenge)))
    };
    let on = On { app: &app, cookies, challenge: &challenge, user: &user };
    on.done(("team/back", &sent), taken.await).await
}

/// The fields of the invitation form.
#[derive(Deserialize, Serialize)]
struct Invited {
    #[serde(default)]
    email: String,
}

/// `POST /c/{challenge}/team/invites`: responds with the link, which is shown only once.
#[handler]
pub async fn invite(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(name): Path<String>,
    Filled(sent): Filled<Invited>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    match forms::refused(invited(&app, &challenge, &user, sent.email.trim()).await)? {
        Ok(link) => {
            let section = Section::new("invite", "")
                .fact("Link", Cell::Code(link))
                .link("Back to the team", layout::team(&challenge));
            let lede = "It lets one person join within a week, and is shown only once. Anyone who \
                        has it can use it: send it to nobody else.";
            let page = forms::page(&app, "Your invitation", lede, section);
            Ok(visitor::private(answer(&page)?))
        }
        Err(error) => {
            let on = On { app: &app, cookies, challenge: &challenge, user: &user };
            on.done(("team/invites", &sent), Err(error)).await
        }
    }
}

/// Makes an invitation, e-mails it if an address was given, and returns the link.
async fn invited(
    app: &App,
    challenge: &challenge::Model,
    user: &user::Model,
    email: &str,
) -> Result<String> {
    let email = if email.is_empty() { None } else { Some(Email::read(email)?) };
    let secret = accounts::invite(app, challenge, user, email.as_ref()).await?;
    Ok(format!("{}/invites/{}", app.base_address(), secret.reveal()))
}

/// `POST /c/{challenge}/team/invites/{id}/revoke`
#[handler]
pub async fn revoke(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path((name, id)): Path<(String, i32)>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let team = accounts::own_team(&app.db, &challenge, &user).await?;
    let revoked = accounts::revoke_invite(&app.db, app.ambient.now(), &team, id).await;
    let on = On { app: &app, cookies, challenge: &challenge, user: &user };
    let revoked = revoked.map(|()| (Done::InviteRevoked, layout::team(&challenge)));
    on.done(("team/invites", &()), revoked).await
}

/// The person who acts, and the challenge whose page they act on.
struct On<'a> {
    app: &'a App,
    cookies: &'a CookieJar,
    challenge: &'a challenge::Model,
    user: &'a user::Model,
}

impl On<'_> {
    /// Redirects to the page that shows what was done, or shows the error in the form that was sent.
    async fn done(
        &self,
        (form, typed): (&str, &impl Serialize),
        done: Result<(Done, String), impl Into<Refusal>>,
    ) -> Result<Response> {
        match forms::refused(done)? {
            Ok((done, there)) => {
                said(self.app, self.cookies, done);
                Ok(see_other(&there))
            }
            Err(error) => {
                let mut page = page(self.app, self.challenge, self.user, &Next::default()).await?;
                let action = format!("{}/{form}", layout::board(self.challenge));
                match page.form_of(&action) {
                    Some(own) => {
                        forms::keep(own, typed);
                        forms::complain(own, &error);
                    }
                    None => page.notice = Some(error.detail.clone()),
                }
                Ok(saying(&error, visitor::private(answer(&page)?)))
            }
        }
    }
}
