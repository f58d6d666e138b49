//! The page of a team: its members, its invitations and its name, or how to join.

use domain::accounts;
use domain::entities::participation::{self, Joining};
use domain::entities::team::{self, Anonymity};
use domain::entities::{challenge, user};
use web::pages::{Cell, DeskPage, Field, FieldKind, Form, Link, Section, Weight};

use super::super::next::Next;
use super::super::{layout, markdown, notices};
use crate::app::App;
use crate::refusal::Result;

/// The page of a person's team, or of joining one if they have none.
pub(super) async fn page(
    app: &App,
    challenge: &challenge::Model,
    user: &user::Model,
    next: &Next,
) -> Result<DeskPage> {
    let team = accounts::team_of(&app.db, user.id, challenge.id).await?;
    let participation = accounts::participation_of(&app.db, challenge, user).await?;
    let (heading, lede, sections) = match (team, participation) {
        (Some(team), participation) => {
            let lede = "The team’s name, members and invitations.";
            (team.name.clone(), lede, of_team(app, challenge, &team, participation).await?)
        }
        (None, Some(row)) if row.state == Joining::Approved => (
            "Your team".to_owned(),
            "Create a team, or join one with an invitation link.",
            without_team(app, challenge, user, next).await?,
        ),
        (None, Some(row)) => ("Taking part".to_owned(), state_sentence(row.state), vec![]),
        (None, None) => {
            let lede = "First read and accept the rules. Then create a team.";
            ("Take part".to_owned(), lede, vec![rules(challenge, next)])
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

fn state_sentence(state: Joining) -> &'static str {
    match state {
        Joining::Waiting => "The organisers decide who takes part; you will get an e-mail.",
        Joining::Refused => "The organisers have decided that you can’t take part.",
        Joining::Approved => "",
    }
}

fn rules(challenge: &challenge::Model, next: &Next) -> Section {
    let form = next.with(Form::new(format!("{}/join", layout::board(challenge)), "Take part"));
    rules_of(challenge).form(acceptance(challenge, form))
}

/// The current rules of a challenge.
pub(in crate::pages) fn rules_of(challenge: &challenge::Model) -> Section {
    let section = Section::new("rules", &format!("Rules, version {}", challenge.rules_version));
    let text = if challenge.rules.is_empty() {
        "The organisers have published no rules beyond the limits."
    } else {
        &challenge.rules
    };
    Section { prose: Some(markdown::render(text)), ..section }
}

/// A form that accepts the current rules.
pub(in crate::pages) fn acceptance(challenge: &challenge::Model, form: Form) -> Form {
    form.hiding("version", challenge.rules_version.to_string()).with(Field::new(
        FieldKind::Check,
        "accept",
        "I accept these rules",
    ))
}

/// The options of a participant without a team.
async fn without_team(
    app: &App,
    challenge: &challenge::Model,
    user: &user::Model,
    next: &Next,
) -> Result<Vec<Section>> {
    let mut sections = Vec::new();
    let left = accounts::teams_left_empty(&app.db, challenge, user).await?;
    if !left.is_empty() {
        let teams = left.into_iter().map(|team| (team.id.to_string(), team.name)).collect();
        let form = Form::new(format!("{}/back", layout::team(challenge)), "Rejoin")
            .with(Field::new(FieldKind::Choice(teams), "team", "Team"))
            .weighing(Weight::Quiet)
            .called("back");
        let text = "You were the last member. Its name and its submissions are still there.";
        sections.push(Section::new("back", "A team you left").text(text).form(form));
    }
    sections.insert(0, new_team(app, challenge, user, next).await?);
    Ok(sections)
}

async fn new_team(
    app: &App,
    challenge: &challenge::Model,
    user: &user::Model,
    next: &Next,
) -> Result<Section> {
    let organises = accounts::role_in(&app.db, user.id, challenge.id).await?.is_some();
    let guest = Field::new(FieldKind::Check, "guest", "Out of competition")
        .hint(if organises {
            "You organise this challenge, so a team of yours can’t be ranked."
        } else {
            "Its submissions are on the board, marked and without a rank."
        })
        .value(if organises { "on" } else { "" })
        .optional();
    let name = Field::text("name", "Team name").hint("Shown on the board.");
    let form = next.with(Form::new(layout::team(challenge), "Create team"));
    let form = form.with(name).with(guest);
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
        sections.push(rules(challenge, &Next::default()).text(text));
    }
    let members = accounts::members_of(&app.db, team).await?;
    let row = |(row, user): &(_, user::Model)| {
        let row: &domain::entities::membership::Model = row;
        vec![Cell::text(user.name.clone()), Cell::At(row.joined_at.utc())]
    };
    let most = challenge.team_size.map(|most| format!(" A team has at most {most}."));
    let happens = if members.len() == 1 {
        "You are its last member. The team keeps its name, and its submissions stay on the board, \
         but nobody can submit for it or withdraw a submission until someone is in it again. You \
         can rejoin it on this page."
    } else {
        "The team continues without you, and you need an invitation to come back. What you \
         submitted with it still counts towards your limits in another team."
    };
    let leaving = Form::new(format!("{home}/leave"), "Leave the team")
        .weighing(Weight::Grave)
        .asking(happens, "Yes, leave it");
    let members = Section::new("members", "Members")
        .text(format!(
            "Limits apply to the team and to each of its members.{}",
            most.unwrap_or_default()
        ))
        .table(&["Name", "Since"], members.iter().map(row).collect(), "Nobody.")
        .link("Your submissions", layout::submissions(challenge))
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
    now: domain::ambient::Instant,
) -> Result<Section> {
    let mut rows = Vec::new();
    for row in accounts::invites_of(&app.db, team, now).await? {
        let by = accounts::inviter(&app.db, &row).await?;
        let revoking = Form::new(format!("{home}/invites/{}/revoke", row.id), "revoke")
            .asking("The link will stop working.", "Yes, revoke it");
        rows.push(vec![
            row.email.map_or(Cell::Quiet("anyone with the link".to_owned()), Cell::Text),
            Cell::text(by),
            Cell::At(row.expires_at.utc()),
            Cell::Form(revoking.weighing(Weight::Small)),
        ]);
    }
    let email = Field::new(FieldKind::Email, "email", "E-mail")
        .hint("We e-mail the link to this address. Without one, you send the link yourself.")
        .optional();
    let form = Form::new(format!("{home}/invites"), "Create link").with(email);
    Ok(Section::new("invites", "Invitations")
        .text("A link lets one person join, once, within a week.")
        .table(&["For", "By", "Until", ""], rows, "No open invitations.")
        .form(form.weighing(Weight::Quiet).called("invite")))
}

fn names(home: &str, team: &team::Model) -> Section {
    let choices = [
        (Anonymity::None, "Under its name"),
        (Anonymity::Reveal, "Under a pseudonym until the reveal"),
        (Anonymity::Always, "Always under a pseudonym"),
    ];
    let choices = choices.map(|(value, label)| (value.name().to_owned(), label.to_owned()));
    let stands = Field::new(FieldKind::Choice(choices.into()), "anonymity", "Shown on the board")
        .value(team.anonymity.name());
    let pseudonym = Field::text("pseudonym", "Pseudonym")
        .value(team.pseudonym.clone().unwrap_or_default())
        .optional();
    let form = Form::new(format!("{home}/name"), "Save")
        .with(Field::text("name", "Team name").value(team.name.clone()))
        .with(stands)
        .with(pseudonym)
        .weighing(Weight::Quiet)
        .called("names");
    Section::new("names", "Name").form(form)
}
