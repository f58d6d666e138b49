//! Describes changes in words, with the names of their subjects.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::audit::{Action, Event};
use super::change::{Admission, Change, Ruling};
use super::definition_change::{FieldChange, FieldValue, Part};
use super::sentence::{Piece, Sentence};
use crate::ambient::Instant;
use crate::challenges::{Setting, setting_named};
use crate::entities::participation::Joining;
use crate::entities::role::Role;
use crate::entities::team::TeamKind;
use crate::entities::{challenge, phase, submission, team, user};
use crate::error::Result;

/// Only the length of longer texts is shown.
const SHOWN_CHARS: usize = 80;

/// The names of the subjects of some events.
#[derive(Debug, Default)]
pub struct Names {
    persons: BTreeMap<i32, String>,
    teams: BTreeMap<i32, String>,
    /// By id: the name in URLs and the title.
    phases: BTreeMap<i32, (String, String)>,
    /// By id: the method's name and the team.
    submissions: BTreeMap<Uuid, (String, i32)>,
}

/// The ids of the subjects of some events.
#[derive(Default)]
struct Ids {
    persons: BTreeSet<i32>,
    teams: BTreeSet<i32>,
    submissions: BTreeSet<Uuid>,
}

impl Ids {
    fn add(&mut self, change: &Change) {
        match change {
            Change::Disqualification { submission, .. }
            | Change::Hiding { submission, .. }
            | Change::Answer { submission, .. } => drop(self.submissions.insert(*submission)),
            Change::Participation { user, .. } | Change::Role { user, .. } => {
                self.persons.insert(*user);
            }
            Change::TeamKind { team, .. } | Change::Grant { team, .. } => {
                self.teams.insert(*team);
            }
            Change::Undo { change, .. } => self.add(change),
            _ => {}
        }
    }
}

impl Names {
    /// The names that the events of a challenge need.
    pub async fn load(
        db: &impl ConnectionTrait,
        challenge: &challenge::Model,
        events: &[Event],
    ) -> Result<Self> {
        let mut ids = Ids::default();
        for event in events {
            ids.persons.extend(event.by);
            ids.add(&event.change);
        }
        let submissions = submission::Entity::find()
            .filter(submission::Column::Id.is_in(ids.submissions))
            .all(db)
            .await?;
        ids.teams.extend(submissions.iter().map(|row| row.team_id));
        let teams = team::Entity::find().filter(team::Column::Id.is_in(ids.teams));
        let persons = user::Entity::find().filter(user::Column::Id.is_in(ids.persons));
        let phases = phase::Entity::find().filter(phase::Column::ChallengeId.eq(challenge.id));
        let phase = |row: phase::Model| (row.id, (row.name, row.title));
        let run = |row: submission::Model| (row.id, (row.method, row.team_id));
        Ok(Self {
            persons: persons.all(db).await?.into_iter().map(|row| (row.id, row.name)).collect(),
            teams: teams.all(db).await?.into_iter().map(|row| (row.id, row.name)).collect(),
            phases: phases.all(db).await?.into_iter().map(phase).collect(),
            submissions: submissions.into_iter().map(run).collect(),
        })
    }

    /// Who did something.
    pub fn person_or_server(&self, id: Option<i32>) -> String {
        id.map_or_else(|| "the server".to_owned(), |id| self.person_name(id))
    }

    /// Describes a change that happened at an instant, in one or more sentences.
    pub fn sentences(&self, change: &Change, at: Instant) -> Vec<Sentence> {
        match change {
            Change::Definition { fields } => self.of_definition(fields, at),
            Change::Undo { change, .. } => self.of_undo(change, at),
            other => vec![Sentence(self.pieces(other))],
        }
    }

    fn pieces(&self, change: &Change) -> Vec<Piece> {
        match change {
            Change::Disqualification { submission, after, .. } => {
                let did = if after.is_some() { "disqualified" } else { "reinstated" };
                self.about_submission(did, *submission)
            }
            Change::Hiding { submission, after, .. } => {
                let did = if after.is_some() { "hid" } else { "unhid" };
                self.about_submission(did, *submission)
            }
            Change::Participation { user, after, .. } => {
                vec![text(admitted(after)), self.person(*user)]
            }
            Change::TeamKind { team, after, .. } => {
                let to = match after {
                    TeamKind::Team => "ranked".to_owned(),
                    TeamKind::Guest => "out of competition".to_owned(),
                    other => format!("a {}", other.name()),
                };
                vec![text("made"), self.team(*team), text(to)]
            }
            Change::Role { user, before, after } => self.role(*user, *before, *after),
            Change::Grant { .. } => self.grant(change),
            Change::Announcement { title, mailed, after, .. } => {
                let did = match (after, mailed) {
                    (true, true) => "published and mailed",
                    (true, false) => "published",
                    (false, _) => "removed",
                };
                vec![text(format!("{did} the announcement “{title}”"))]
            }
            Change::Answer { submission, answer, .. } => {
                let mut pieces = self.about_submission("answered a question about", *submission);
                pieces.push(text(format!("“{}”", shortened(answer))));
                pieces
            }
            Change::Availability { .. } => {
                let did = match change.action() {
                    Action::DeleteChallenge => "deleted",
                    Action::ArchiveChallenge => "archived",
                    _ => "restored",
                };
                vec![text(format!("{did} the challenge"))]
            }
            Change::Data { path, after, .. } => {
                let did = if *after { "granted" } else { "revoked" };
                vec![text(format!("{did} the data set {path}"))]
            }
            Change::FinalResults { phase, name, .. } => {
                let phase = self.phases.get(phase).cloned().unwrap_or_default();
                vec![
                    text(format!("confirmed the final results {name} of")),
                    Piece::Phase(phase.0, phase.1),
                ]
            }
            Change::Rescoring { name, after: Some(set), .. } => {
                vec![text(format!("applied rescoring {set} of benchmark {name}"))]
            }
            Change::Rescoring { name, after: None, .. } => {
                vec![text(format!("put the first scorecards of benchmark {name} back into force"))]
            }
            Change::RescoringSet { rescoring, benchmark, created } => {
                let did = if *created { "created" } else { "cancelled" };
                vec![text(format!("{did} rescoring {rescoring} of benchmark {benchmark}"))]
            }
            Change::Legacy { text: words } => vec![text(words.clone())],
            // These have their own sentences.
            Change::Definition { .. } | Change::DefinitionFiles { .. } | Change::Undo { .. } => {
                vec![]
            }
        }
    }

    fn grant(&self, change: &Change) -> Vec<Piece> {
        let Change::Grant { team, phase, per_day, total, until, after, .. } = change else {
            return vec![];
        };
        let more = [(*per_day, "a day"), (*total, "in total")];
        let more = more.into_iter().filter(|(count, _)| *count > 0);
        let more: Vec<String> = more.map(|(count, of)| format!("{count} more {of}")).collect();
        let until = until.map(|at| format!(" until {}", minute(at))).unwrap_or_default();
        let more = format!("{}{until} in", more.join(" and "));
        let phase = self.phases.get(phase).cloned().unwrap_or_default();
        let did = if *after { "granted" } else { "revoked from" };
        vec![text(did), self.team(*team), text(more), Piece::Phase(phase.0, phase.1)]
    }

    fn role(&self, user: i32, before: Option<Role>, after: Option<Role>) -> Vec<Piece> {
        match (before, after) {
            (_, Some(role)) => {
                vec![text("gave"), self.person(user), text(format!("the role {}", role.name()))]
            }
            (Some(role), None) => {
                vec![text(format!("removed the role {} from", role.name())), self.person(user)]
            }
            (None, None) => vec![text("changed no role of"), self.person(user)],
        }
    }

    /// Describes an undo by the change that it reverted.
    fn of_undo(&self, change: &Change, at: Instant) -> Vec<Sentence> {
        // The inverse of an undo is the original change.
        let undone = match change {
            Change::Definition { fields } => {
                Change::Definition { fields: fields.iter().map(FieldChange::invert).collect() }
            }
            other => other.invert().unwrap_or_else(|| other.clone()),
        };
        let quoted = |Sentence(mut pieces): Sentence| {
            pieces.insert(0, text("undid:"));
            Sentence(pieces)
        };
        self.sentences(&undone, at).into_iter().map(quoted).collect()
    }

    fn of_definition(&self, fields: &[FieldChange], at: Instant) -> Vec<Sentence> {
        let mut sentences = Vec::new();
        if fields.iter().any(FieldChange::makes_a_challenge) {
            sentences.push(Sentence(vec![text("created the challenge")]));
            return sentences;
        }
        // An added or removed part is one sentence, without its fields.
        let whole: BTreeSet<&Part> =
            fields.iter().filter(|it| is_whole(it)).map(|it| &it.of).collect();
        for part in &whole {
            let came = fields
                .iter()
                .any(|it| it.of == **part && it.field == "name" && it.before.is_none());
            let did = if came { "added" } else { "removed" };
            sentences.push(Sentence(vec![text(did), self.part(part)]));
        }
        let rest = fields.iter().filter(|it| !whole.contains(&it.of) && !it.is_order_of_others());
        sentences.extend(rest.map(|field| Sentence(self.field(field, at))));
        if sentences.is_empty() {
            sentences.push(Sentence(vec![text("changed nothing")]));
        }
        sentences
    }

    fn field(&self, change: &FieldChange, at: Instant) -> Vec<Piece> {
        let instant = |value: &Option<FieldValue>| value.as_ref().and_then(FieldValue::instant);
        let has_come = |value| instant(value).is_some_and(|instant| instant <= at);
        if let (Part::Phase(_), "freezes" | "reveals") = (&change.of, change.field.as_str()) {
            let (began, ended) = match change.field.as_str() {
                "freezes" => ("froze", "unfroze"),
                _ => ("revealed", "reverted the reveal of"),
            };
            match (has_come(&change.before), has_come(&change.after)) {
                (false, true) => return vec![text(began), self.part(&change.of)],
                (true, false) => return vec![text(ended), self.part(&change.of)],
                _ => {}
            }
        }
        let (before, after) =
            (printed(change, change.before.as_ref()), printed(change, change.after.as_ref()));
        let label = label(change);
        match &change.of {
            Part::Challenge => vec![text(format!("{label} {before} → {after}"))],
            part => vec![
                text(format!("{label} of")),
                self.part(part),
                text(format!("{before} → {after}")),
            ],
        }
    }

    fn part(&self, part: &Part) -> Piece {
        match part {
            Part::Challenge => text("the challenge"),
            Part::Benchmark(name) => text(format!("the benchmark {name}")),
            Part::Phase(name) => {
                let title = self.phases.values().find(|(own, _)| own == name);
                match title {
                    Some((name, title)) => Piece::Phase(name.clone(), title.clone()),
                    None => text(format!("the phase {name}")),
                }
            }
        }
    }

    fn about_submission(&self, did: &str, id: Uuid) -> Vec<Piece> {
        let Some((method, team)) = self.submissions.get(&id) else {
            return vec![text(format!("{did} the submission {id}"))];
        };
        let name = if method.is_empty() { format!("submission {id}") } else { method.clone() };
        vec![text(did), Piece::Submission(id, name), text("of"), self.team(*team)]
    }

    fn team(&self, id: i32) -> Piece {
        let name = self.teams.get(&id).cloned();
        Piece::Team(id, name.unwrap_or_else(|| format!("team {id}")))
    }

    fn person(&self, id: i32) -> Piece {
        Piece::Person(self.person_name(id))
    }

    fn person_name(&self, id: i32) -> String {
        self.persons.get(&id).cloned().unwrap_or_else(|| "someone".to_owned())
    }
}

impl Change {
    /// The state before and after the change, in words; none if its fields say it.
    pub fn states(&self) -> Option<(String, String)> {
        let either = |state: bool, words: [&str; 2]| words[usize::from(!state)].to_owned();
        let ruled = |ruling: &Option<Ruling>, yes: &str, no: &str| match ruling {
            Some(Ruling { at, reason }) => format!("{yes} since {}: {reason}", minute(*at)),
            None => no.to_owned(),
        };
        Some(match self {
            Self::Disqualification { before, after, .. } => {
                let state = |ruling| ruled(ruling, "disqualified", "counts");
                (state(before), state(after))
            }
            Self::Hiding { before, after, .. } => {
                let state = |ruling| ruled(ruling, "hidden", "public");
                (state(before), state(after))
            }
            Self::Participation { before, after, .. } => {
                (before.state.name().to_owned(), after.state.name().to_owned())
            }
            Self::TeamKind { before, after, .. } => {
                (before.name().to_owned(), after.name().to_owned())
            }
            Self::Grant { before, after, .. } => {
                let words = ["in force", "not in force"];
                (either(*before, words), either(*after, words))
            }
            Self::Rescoring { before, after, .. } => {
                let state = |set: &Option<i32>| match set {
                    Some(id) => format!("rescoring {id} in force"),
                    None => "no rescoring in force".to_owned(),
                };
                (state(before), state(after))
            }
            Self::Announcement { before, after, .. } => {
                let words = ["published", "removed"];
                (either(*before, words), either(*after, words))
            }
            _ => return None,
        })
    }
}

fn text(words: impl Into<String>) -> Piece {
    Piece::Text(words.into())
}

fn admitted(admission: &Admission) -> &'static str {
    match admission.state {
        Joining::Approved => "accepted",
        Joining::Refused => "refused",
        Joining::Waiting => "reopened the request of",
    }
}

/// Whether a change adds or removes its part.
fn is_whole(change: &FieldChange) -> bool {
    change.of != Part::Challenge && change.field == "name"
}

/// The name of a field with its part: `limits.per_day of phase test`.
pub(super) fn field_name(change: &FieldChange) -> String {
    match &change.of {
        Part::Challenge => label(change),
        Part::Benchmark(name) => format!("{} of benchmark {name}", label(change)),
        Part::Phase(name) => format!("{} of phase {name}", label(change)),
    }
}

/// The phase setting of a field.
fn setting(change: &FieldChange) -> Option<&'static Setting> {
    matches!(change.of, Part::Phase(_)).then(|| setting_named(&change.field)).flatten()
}

fn label(change: &FieldChange) -> String {
    setting(change).map_or_else(|| change.field.clone(), |setting| setting.label.to_owned())
}

fn printed(change: &FieldChange, value: Option<&FieldValue>) -> String {
    let absent = setting(change).map_or("none", |setting| setting.absent);
    value.map_or_else(|| absent.to_owned(), FieldValue::printed)
}

impl FieldValue {
    /// The value as an instant, if it is one.
    fn instant(&self) -> Option<Instant> {
        use time::format_description::well_known::Rfc3339;
        let at = time::OffsetDateTime::parse(&self.0.as_datetime()?.to_string(), &Rfc3339);
        at.ok().map(Instant::of)
    }

    /// The value for people.
    fn printed(&self) -> String {
        match (&self.0, self.instant()) {
            (_, Some(at)) => minute(at),
            (toml::Value::String(text), _) => shortened(text),
            (toml::Value::Boolean(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
            (toml::Value::Array(items), _) if items.is_empty() => "nothing".to_owned(),
            (toml::Value::Array(items), _) => {
                let item = |item: &toml::Value| {
                    let name = item.get("name").unwrap_or(item);
                    name.as_str().map_or_else(|| name.to_string(), str::to_owned)
                };
                items.iter().map(item).collect::<Vec<_>>().join(", ")
            }
            (other, _) => other.to_string(),
        }
    }
}

fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length > SHOWN_CHARS || text.contains('\n') {
        return format!("a text of {length} characters");
    }
    text.to_owned()
}

/// An instant as `2026-11-24 12:00 UTC`.
pub(super) fn minute(at: Instant) -> String {
    let at = at.utc();
    let (date, hour, minute) = (at.date(), at.hour(), at.minute());
    format!("{date} {hour:02}:{minute:02} UTC")
}
