//! `/c/{challenge}/team`: joining a challenge, and the team a person is in.

use std::sync::Arc;

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Link, Section, Weight};

use super::filled::Filled;
use super::visitor::{self, Person};
use super::{answer, forms, layout, markdown, notices, saying, see_other};
use crate::accounts::{self, Email};
use crate::app::App;
use crate::database;
use crate::entities::participation::{self, Joining};
use crate::entities::team::{self, Anonymity, TeamKind};
use crate::entities::{challenge, user};
use crate::error::{Error, Result};
use crate::standings::{self, Naming};
use crate::{challenges, mail};

/// `GET /c/{challenge}/team`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path(name): Path<String>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    Ok(visitor::private(answer(&page(&app, &challenge, &user).await?)?))
}

/// What the form of the rules sends.
#[derive(Deserialize, Serialize)]
struct Accepted {
    #[serde(default)]
    version: i32,
    #[serde(default)]
    accept: String,
}

/// `POST /c/{challenge}/join`
#[handler]
pub async fn join(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path(name): Path<String>,
    Filled(sent): Filled<Accepted>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let joined = async {
        if sent.accept != "on" {
            return Err(Error::field("accept", "must be ticked to take part"));
        }
        let transaction = database::begin(&app.db).await?;
        let (version, now) = (sent.version, app.ambient.now());
        accounts::accept_rules(&transaction, &challenge, &user, version, now).await?;
        Ok(transaction.commit().await?)
    };
    done(&app, &challenge, &user, ("join", &()), joined.await).await
}

/// What the form of a new team sends.
#[derive(Deserialize, Serialize)]
struct Founded {
    #[serde(default)]
    name: String,
    #[serde(default)]
    guest: String,
}

/// `POST /c/{challenge}/team`
#[handler]
pub async fn found(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path(name): Path<String>,
    Filled(sent): Filled<Founded>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let founded = async {
        let kind = if sent.guest == "on" { TeamKind::Guest } else { TeamKind::Team };
        let (name, now) = (sent.name.trim(), app.ambient.now());
        let transaction = database::begin(&app.db).await?;
        accounts::found_team(&transaction, &challenge, &user, name, kind, now).await?;
        Ok(transaction.commit().await?)
    };
    done(&app, &challenge, &user, ("team", &sent), founded.await).await
}

/// What the form of the name sends.
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
    Person(user): Person,
    Path(name): Path<String>,
    Filled(sent): Filled<Named>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let renamed = async {
        let team = own_team(&app.db, &challenge, &user).await?;
        let anonymity = match sent.anonymity.as_str() {
            "reveal" => Anonymity::Reveal,
            "always" => Anonymity::Always,
            _ => Anonymity::None,
        };
        let (name, pseudonym) = (sent.name.trim(), sent.pseudonym.trim());
        standings::rename_team(&app, team, Naming { name, anonymity, pseudonym }).await
    };
    done(&app, &challenge, &user, ("team/name", &sent), renamed.await).await
}

/// `POST /c/{challenge}/team/leave`
#[handler]
pub async fn leave(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path(name): Path<String>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let left = accounts::leave_team(&app.db, &challenge, &user, app.ambient.now()).await;
    done(&app, &challenge, &user, ("team/leave", &()), left).await
}

/// What the form of an invite sends.
#[derive(Deserialize, Serialize)]
struct Invited {
    #[serde(default)]
    email: String,
}

/// `POST /c/{challenge}/team/invites`: answers with the link, which is shown this once.
#[handler]
pub async fn invite(
    app: Data<&Arc<App>>,
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
            let lede = "It lets one person in, within a week, and is shown this once. Whoever has \
                        it can use it: send it to nobody else.";
            let page = forms::page(&app, "Your invitation", lede, section);
            Ok(visitor::private(answer(&page)?))
        }
        Err(error) => done(&app, &challenge, &user, ("team/invites", &sent), Err(error)).await,
    }
}

/// Makes an invite, and mails it where an address was given. The address is not asked whether it
/// has an account.
async fn invited(
    app: &App,
    challenge: &challenge::Model,
    user: &user::Model,
    email: &str,
) -> Result<String> {
    let email = if email.is_empty() { None } else { Some(Email::read(email)?) };
    let (now, base) = (app.ambient.now(), app.base_address());
    let transaction = database::begin(&app.db).await?;
    let team = own_team(&transaction, challenge, user).await?;
    let secret =
        accounts::invite(&transaction, &app.ambient, &team, Some(user), email.as_ref()).await?;
    if let Some(email) = email {
        let limits = &app.settings.attempts;
        let by = user.id.to_string();
        accounts::count_mail(&transaction, limits, &by, email.as_str(), now).await?;
        let names = (user.name.as_str(), team.name.as_str(), challenge.title.as_str());
        let letter = accounts::invited(&base, email.as_str(), names, &secret).naming(user.id);
        mail::post(&transaction, now, letter).await?;
    }
    transaction.commit().await?;
    Ok(format!("{base}/invites/{}", secret.reveal()))
}

/// `POST /c/{challenge}/team/invites/{id}/revoke`
#[handler]
pub async fn revoke(
    app: Data<&Arc<App>>,
    Person(user): Person,
    Path((name, id)): Path<(String, i32)>,
) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let team = own_team(&app.db, &challenge, &user).await?;
    let revoked = accounts::revoke_invite(&app.db, app.ambient.now(), &team, id).await;
    done(&app, &challenge, &user, ("team/invites", &()), revoked).await
}

async fn own_team(
    db: &impl sea_orm::ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
) -> Result<team::Model> {
    let team = accounts::team_of(db, user.id, challenge.id).await?;
    team.ok_or_else(|| Error::no_team(&challenge.name))
}

/// The page once something is done, or the page with what is wrong in the form that was sent.
async fn done(
    app: &App,
    challenge: &challenge::Model,
    user: &user::Model,
    (form, typed): (&str, &impl Serialize),
    done: Result<()>,
) -> Result<Response> {
    match forms::refused(done)? {
        Ok(()) => Ok(see_other(&layout::team(challenge))),
        Err(error) => {
            let mut page = page(app, challenge, user).await?;
            let action = format!("{}/{form}", layout::board(challenge));
            let own = page.sections.iter_mut().flat_map(|section| &mut section.forms);
            match own.into_iter().find(|own| own.action == action) {
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

async fn page(app: &App, challenge: &challenge::Model, user: &user::Model) -> Result<DeskPage> {
    let team = accounts::team_of(&app.db, user.id, challenge.id).await?;
    let participation = accounts::participation_of(&app.db, challenge, user).await?;
    let (heading, lede, sections) = match (team, participation) {
        (Some(team), participation) => {
            let lede = "What the team is called, who is in it, and who may come in.";
            (team.name.clone(), lede, of_team(app, challenge, &team, participation).await?)
        }
        (None, Some(row)) if row.state == Joining::Approved => (
            "Your team".to_owned(),
            "Make a team, of you alone or of several, or follow a link into one.",
            vec![new_team(app, challenge, user).await?],
        ),
        (None, Some(row)) => ("Taking part".to_owned(), told(row.state), vec![]),
        (None, None) => {
            let lede = "Whoever takes part accepts the rules.";
            ("Take part".to_owned(), lede, vec![rules(challenge)])
        }
    };
    Ok(DeskPage {
        layout: layout::of(challenge, "Your team"),
        kicker: Some(Link::new(challenge.title.clone(), layout::board(challenge))),
        heading,
        lede: lede.to_owned(),
        notice: None,
        tabs: vec![],
        sections,
        now: app.ambient.now().utc(),
    })
}

fn told(state: Joining) -> &'static str {
    match state {
        Joining::Waiting => "The organisers decide who takes part; you will get a mail.",
        Joining::Refused => "The organisers have decided that you don’t take part.",
        Joining::Approved => "",
    }
}

fn rules(challenge: &challenge::Model) -> Section {
    let version = challenge.rules_version;
    let accept = Field::new(FieldKind::Check, "accept", "I accept these rules");
    let form = Form::new(format!("{}/join", layout::board(challenge)), "Take part")
        .hiding("version", version.to_string())
        .with(accept);
    let section = Section::new("rules", &format!("The rules, version {version}")).form(form);
    let text = if challenge.rules.is_empty() {
        "The organisers have written down no rules beyond the limits."
    } else {
        &challenge.rules
    };
    Section { prose: Some(markdown::render(text)), ..section }
}

async fn new_team(app: &App, challenge: &challenge::Model, user: &user::Model) -> Result<Section> {
    let organises = accounts::role_in(&app.db, user.id, challenge.id).await?.is_some();
    let guest = Field::new(FieldKind::Check, "guest", "Out of competition")
        .hint(if organises {
            "You organise this challenge, so a team of yours can’t be ranked."
        } else {
            "Its runs stand on the board, marked and without a rank."
        })
        .value(if organises { "on" } else { "" })
        .optional();
    let name = Field::text("name", "Name of the team").hint("It stands on the board.");
    let form = Form::new(layout::team(challenge), "Make the team").with(name).with(guest);
    Ok(Section::new("new-team", "").form(form))
}

async fn of_team(
    app: &App,
    challenge: &challenge::Model,
    team: &team::Model,
    participation: Option<participation::Model>,
) -> Result<Vec<Section>> {
    let now = app.ambient.now();
    let home = layout::team(challenge);
    let mut sections = Vec::new();
    if participation.is_none_or(|row| row.rules_version < challenge.rules_version) {
        let text = "The rules have changed since you accepted them.";
        sections.push(rules(challenge).text(text));
    }
    let members = accounts::members_of(&app.db, team).await?;
    let row = |(row, user): &(_, user::Model)| {
        let row: &crate::entities::membership::Model = row;
        vec![Cell::text(user.name.clone()), Cell::At(row.joined_at.utc())]
    };
    let most = challenge.team_size.map(|most| format!(" A team has at most {most}."));
    let leaving = Form::new(format!("{home}/leave"), "Leave the team").weighing(Weight::Grave);
    let members = Section::new("members", "Members")
        .text(format!("Limits bind the team and each of its members.{}", most.unwrap_or_default()))
        .table(&["Name", "Since"], members.iter().map(row).collect(), "Nobody.")
        .link("Your runs", layout::submissions(challenge))
        .form(leaving);
    sections.push(members);
    sections.push(invites(app, &home, team, now).await?);
    sections.push(names(&home, team));
    sections.push(notices::section(app, challenge, team).await?);
    Ok(sections)
}

async fn invites(
    app: &App,
    home: &str,
    team: &team::Model,
    now: crate::ambient::Instant,
) -> Result<Section> {
    let mut rows = Vec::new();
    for row in accounts::invites_of(&app.db, team, now).await? {
        let by = accounts::inviter(&app.db, &row).await?;
        let revoking = Form::new(format!("{home}/invites/{}/revoke", row.id), "revoke");
        rows.push(vec![
            row.email.map_or(Cell::Quiet("whoever has the link".to_owned()), Cell::Text),
            Cell::text(by),
            Cell::At(row.expires_at.utc()),
            Cell::Form(revoking.weighing(Weight::Small)),
        ]);
    }
    let email = Field::new(FieldKind::Email, "email", "E-mail")
        .hint("We mail the link there. Without an address you pass it on yourself.")
        .optional();
    let form = Form::new(format!("{home}/invites"), "Make a link").with(email);
    Ok(Section::new("invites", "Invitations")
        .text("A link lets one person in, once, within a week.")
        .table(&["For", "By", "Until", ""], rows, "None is open.")
        .form(form.weighing(Weight::Quiet).called("invite")))
}

fn names(home: &str, team: &team::Model) -> Section {
    let choices = [
        (Anonymity::None, "Under its name"),
        (Anonymity::Reveal, "Under a pseudonym until the reveal"),
        (Anonymity::Always, "Always under a pseudonym"),
    ];
    let choices = choices.map(|(value, label)| (value.name().to_owned(), label.to_owned()));
    let stands =
        Field::new(FieldKind::Choice(choices.into()), "anonymity", "On the board it stands")
            .value(team.anonymity.name());
    let pseudonym = Field::text("pseudonym", "Pseudonym")
        .value(team.pseudonym.clone().unwrap_or_default())
        .optional();
    let form = Form::new(format!("{home}/name"), "Save")
        .with(Field::text("name", "Name of the team").value(team.name.clone()))
        .with(stands)
        .with(pseudonym)
        .weighing(Weight::Quiet)
        .called("names");
    Section::new("names", "Name").form(form)
}
