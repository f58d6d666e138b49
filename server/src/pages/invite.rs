//! `/invites/{secret}`: an invitation link to a team.

use std::sync::Arc;

use domain::accounts::{self, Secret};
use domain::challenges;
use domain::entities::participation::Joining;
use domain::entities::{challenge, team, user};
use domain::error::Code;
use domain::error::Error;
use poem::web::cookie::CookieJar;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;
use web::pages::{DeskPage, Form, Section};

use super::done::{Done, said};
use super::filled::Filled;
use super::next::Next;
use super::team::{acceptance, rules_of};
use super::visitor::{self, Person, Visitor};
use super::{answer, forms, layout, saying, see_other};
use crate::app::App;
use crate::refusal::Result;

/// `GET /invites/{secret}`: who invites to which team, for anyone who has the link.
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Visitor(user): Visitor,
    Path(secret): Path<String>,
) -> Result<Response> {
    let page = Invitation::find(&app, &secret).await?.page(&app, user.as_ref()).await?;
    Ok(visitor::private(answer(&page)?))
}

/// The fields of the form, including the rules if they are not accepted yet.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    version: Option<i32>,
    #[serde(default)]
    accept: String,
}

/// `POST /invites/{secret}`: accepts the rules and joins the team in one step.
#[handler]
pub async fn follow(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    Person(user): Person,
    Path(secret): Path<String>,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let invitation = Invitation::find(&app, &secret).await?;
    let home = layout::team(&invitation.challenge);
    match forms::refused(invitation.follow(&app, &user, &sent).await)? {
        Ok(Joining::Approved) => {
            said(&app, cookies, Done::TeamJoined);
            Ok(see_other(&home))
        }
        Ok(_) => {
            said(&app, cookies, Done::Asked);
            Ok(see_other(&home))
        }
        Err(error) if error.is(Code::SpentLink) => Err(error),
        Err(error) => {
            let mut page = invitation.page(&app, Some(&user)).await?;
            match page.form_of(&format!("/invites/{secret}")) {
                Some(form) => forms::complain(form, &error),
                None => page.notice = Some(error.detail.clone()),
            }
            Ok(saying(&error, visitor::private(answer(&page)?)))
        }
    }
}

/// An invitation that is still valid.
struct Invitation {
    secret: String,
    /// Who invites, as the start of a sentence.
    by: String,
    team: team::Model,
    challenge: challenge::Model,
}

impl Invitation {
    async fn find(app: &App, secret: &str) -> Result<Self> {
        let now = app.ambient.now();
        let (invite, team) = accounts::invited_to(&app.db, now, &Secret::claimed(secret)).await?;
        let challenge = challenges::by_id(&app.db, team.challenge_id).await?;
        let by = match invite.invited_by {
            Some(_) => format!("{} invites", accounts::inviter(&app.db, &invite).await?),
            None => "The organisers invite".to_owned(),
        };
        Ok(Self { secret: secret.to_owned(), by, team, challenge })
    }

    /// Accepts the rules if the form says so, and joins the team unless the organisers have not accepted
    /// the person yet.
    async fn follow(&self, app: &App, user: &user::Model, sent: &Sent) -> Result<Joining> {
        if sent.version.is_some() && sent.accept != "on" {
            return Err(Error::field("accept", "must be ticked to take part").into());
        }
        Ok(accounts::accept_invite(app, user, &Secret::claimed(&self.secret), sent.version).await?)
    }

    async fn page(&self, app: &App, user: Option<&user::Model>) -> Result<DeskPage> {
        let here = format!("/invites/{}", self.secret);
        let (name, title) = (&self.team.name, &self.challenge.title);
        let section = match user {
            None => {
                let next = Next::read(&here);
                Section::new("join", "")
                    .text("Sign in or sign up first; then you return to this invitation.")
                    .link("Sign in", next.on("/sign-in"))
                    .link("Sign up", next.on("/sign-up"))
            }
            Some(user) => {
                let form = Form::new(here, format!("Join “{name}”"));
                let own = accounts::participation_of(&app.db, &self.challenge, user).await?;
                match own {
                    Some(row) if row.state == Joining::Waiting => Section::new("join", "").text(
                        "The organisers have not accepted you yet; you will get an e-mail. Then \
                         open this link again.",
                    ),
                    Some(_) => Section::new("join", "").form(form),
                    None => {
                        let rules = rules_of(&self.challenge);
                        rules.form(acceptance(&self.challenge, form))
                    }
                }
            }
        };
        let lede = format!("{} you to join the team “{name}” in {title}.", self.by);
        Ok(forms::page(app, &format!("Join “{name}”"), &lede, section))
    }
}
