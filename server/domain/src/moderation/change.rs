//! All changes of organisers as data, with the values before and after.
//!
//! A change is stored as JSON in its event. [`Change::invert`] gives the change that reverts it,
//! and [`Change::apply`](super::applying) applies either.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Action;
use super::definition_change::{FieldChange, changes_between};
use crate::ambient::Instant;
use crate::database::from_json;
use crate::entities::participation::Joining;
use crate::entities::role::Role;
use crate::entities::team::TeamKind;
use crate::error::Result;

/// A change by an organiser, with the values before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Change {
    /// A submission was disqualified or reinstated.
    Disqualification {
        /// The submission.
        submission: Uuid,
        /// When and why it was disqualified; none if it counted.
        before: Option<Ruling>,
        /// The same after the change.
        after: Option<Ruling>,
    },
    /// A submission was hidden from all public pages, or shown again.
    Hiding {
        /// The submission.
        submission: Uuid,
        /// When and why it was hidden; none if it was not.
        before: Option<Ruling>,
        /// The same after the change.
        after: Option<Ruling>,
    },
    /// It was decided whether a person may take part.
    Participation {
        /// The row of the participation.
        participation: i32,
        /// The person.
        user: i32,
        /// The decision before.
        before: Admission,
        /// The decision after.
        after: Admission,
    },
    /// A team's kind changed: ranked, or out of competition.
    TeamKind {
        /// The team.
        team: i32,
        /// Its kind before.
        before: TeamKind,
        /// Its kind after.
        after: TeamKind,
    },
    /// A person got a role in the challenge, or lost it.
    Role {
        /// The person.
        user: i32,
        /// The role before.
        before: Option<Role>,
        /// The role after.
        after: Option<Role>,
    },
    /// A team got more submissions in a phase, or this was revoked.
    Grant {
        /// The row of the grant.
        grant: i32,
        /// The team.
        team: i32,
        /// The phase.
        phase: i32,
        /// How many more per day.
        per_day: i32,
        /// How many more in total.
        total: i32,
        /// When it ends, if it does.
        until: Option<Instant>,
        /// Whether it was valid before.
        before: bool,
        /// Whether it is valid after.
        after: bool,
    },
    /// An announcement was published or removed.
    Announcement {
        /// The row of the announcement.
        announcement: i32,
        /// Its title.
        title: String,
        /// Whether it was mailed too.
        mailed: bool,
        /// Whether it was published before.
        before: bool,
        /// Whether it is published after.
        after: bool,
    },
    /// A team's question was answered.
    Answer {
        /// The row of the question.
        question: i32,
        /// The submission it is about.
        submission: Uuid,
        /// The answer.
        answer: String,
    },
    /// The challenge was archived, deleted or restored.
    Availability {
        /// Since when it was archived or deleted before.
        before: Availability,
        /// The same after the change.
        after: Availability,
    },
    /// A data set was granted to the challenge, or revoked.
    Data {
        /// The data set's path in the server's folder.
        path: String,
        /// Whether it was granted before.
        before: bool,
        /// Whether it is granted after.
        after: bool,
    },
    /// The final results of a phase were confirmed.
    FinalResults {
        /// The phase.
        phase: i32,
        /// Their name, which is the date.
        name: String,
        /// The SHA-256 of their document.
        sha256: String,
    },
    /// A rescoring set of a benchmark came into force in place of another, or of none.
    Rescoring {
        /// The benchmark.
        benchmark: i32,
        /// Its name.
        name: String,
        /// The set in force before; none if the first scorecards counted.
        before: Option<i32>,
        /// The set in force after.
        after: Option<i32>,
    },
    /// A rescoring set was created or cancelled; it is not in force.
    RescoringSet {
        /// The set.
        rescoring: i32,
        /// The name of its benchmark.
        benchmark: String,
        /// Whether it was created, not cancelled.
        created: bool,
    },
    /// The challenge was created, or fields of its definition changed.
    Definition {
        /// Each field that changed.
        fields: Vec<FieldChange>,
    },
    /// An earlier change was undone.
    Undo {
        /// The event that was undone.
        event: i32,
        /// The change that undid it.
        change: Box<Change>,
    },
    /// A change of the definition from before fields were recorded: both whole files.
    DefinitionFiles {
        /// The `challenge.toml` before; empty if there was no challenge.
        before: String,
        /// The `challenge.toml` after.
        after: String,
    },
    /// An event of an earlier version whose values can't be read any more.
    Legacy {
        /// The recorded text.
        text: String,
    },
}

/// A decision about a submission, with its time and reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// When it was made.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

/// Since when a challenge is archived or deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// Since when it is archived; none if it isn't.
    pub archived_at: Option<Instant>,
    /// Since when it is deleted; none if it isn't.
    pub deleted_at: Option<Instant>,
}

/// The decision about a person who wants to take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// Whether they take part.
    pub state: Joining,
    /// When that was decided.
    pub decided_at: Option<Instant>,
    /// Who decided it.
    pub decided_by: Option<i32>,
}

impl Change {
    /// Reads the change of an event.
    pub fn read(json: &str) -> Result<Self> {
        Ok(from_json::<Self>(json)?.by_fields())
    }

    /// The same change, with two whole files turned into the fields that differ.
    fn by_fields(self) -> Self {
        match self {
            Self::DefinitionFiles { before, after } => match (before.parse(), after.parse()) {
                (Ok(before), Ok(after)) => {
                    Self::Definition { fields: changes_between(&before, &after) }
                }
                _ => Self::Legacy { text: "changed the definition".to_owned() },
            },
            Self::Undo { event, change } => {
                Self::Undo { event, change: Box::new(change.by_fields()) }
            }
            other => other,
        }
    }

    /// The action, as named in the log's filter.
    pub fn action(&self) -> Action {
        match self {
            Self::Disqualification { after: Some(_), .. } => Action::Disqualify,
            Self::Disqualification { after: None, .. } => Action::Reinstate,
            Self::Hiding { after: Some(_), .. } => Action::Hide,
            Self::Hiding { after: None, .. } => Action::Show,
            Self::Participation { after, .. } if after.state == Joining::Approved => {
                Action::Approve
            }
            Self::Participation { .. } => Action::Refuse,
            Self::TeamKind { .. } => Action::ChangeTeam,
            Self::Role { after: Some(_), .. } => Action::GiveRole,
            Self::Role { after: None, .. } => Action::TakeRole,
            Self::Grant { after: true, .. } => Action::Grant,
            Self::Grant { after: false, .. } => Action::RevokeGrant,
            Self::Announcement { after: true, .. } => Action::Announce,
            Self::Announcement { after: false, .. } => Action::RemoveAnnouncement,
            Self::Answer { .. } => Action::Answer,
            Self::Availability { before, after } => match (before.deleted_at, after.deleted_at) {
                (None, Some(_)) => Action::DeleteChallenge,
                _ if after.archived_at.is_some() && before.archived_at.is_none() => {
                    Action::ArchiveChallenge
                }
                _ => Action::RestoreChallenge,
            },
            Self::Data { after: true, .. } => Action::GrantData,
            Self::Data { after: false, .. } => Action::RevokeData,
            Self::FinalResults { .. } => Action::ConfirmResults,
            Self::Rescoring { .. } => Action::Rescore,
            Self::RescoringSet { created: true, .. } => Action::PrepareRescoring,
            Self::RescoringSet { created: false, .. } => Action::CancelRescoring,
            Self::Definition { .. } | Self::DefinitionFiles { .. } | Self::Legacy { .. } => {
                Action::Define
            }
            Self::Undo { .. } => Action::Undo,
        }
    }

    /// The subject: a kind, and a name or id. Changes of the same thing have the same subject.
    pub fn subject(&self) -> String {
        match self {
            Self::Disqualification { submission, .. }
            | Self::Hiding { submission, .. }
            | Self::Answer { submission, .. } => format!("submission {submission}"),
            Self::Participation { participation, .. } => format!("participation {participation}"),
            Self::TeamKind { team, .. } => format!("team {team}"),
            Self::Role { user, .. } => format!("person {user}"),
            Self::Grant { grant, .. } => format!("grant {grant}"),
            Self::Announcement { announcement, .. } => format!("announcement {announcement}"),
            Self::Availability { .. } => "challenge".to_owned(),
            Self::Data { path, .. } => format!("data {path}"),
            Self::FinalResults { phase, name, .. } => format!("results {phase} {name}"),
            Self::Rescoring { benchmark, .. } => format!("benchmark {benchmark}"),
            Self::RescoringSet { rescoring, .. } => format!("rescoring {rescoring}"),
            Self::Definition { .. } | Self::DefinitionFiles { .. } | Self::Legacy { .. } => {
                "definition".to_owned()
            }
            Self::Undo { change, .. } => change.subject(),
        }
    }

    /// The change that reverts this one; none if it can't be reverted.
    #[must_use]
    pub fn invert(&self) -> Option<Self> {
        match self.clone() {
            Self::Disqualification { submission, before, after } => {
                Some(Self::Disqualification { submission, before: after, after: before })
            }
            Self::Hiding { submission, before, after } => {
                Some(Self::Hiding { submission, before: after, after: before })
            }
            Self::Participation { participation, user, before, after } => {
                Some(Self::Participation { participation, user, before: after, after: before })
            }
            Self::TeamKind { team, before, after } => {
                Some(Self::TeamKind { team, before: after, after: before })
            }
            Self::Grant { grant, team, phase, per_day, total, until, before, after } => {
                let (before, after) = (after, before);
                Some(Self::Grant { grant, team, phase, per_day, total, until, before, after })
            }
            Self::Announcement { announcement, title, mailed, before, after } => {
                let (before, after) = (after, before);
                Some(Self::Announcement { announcement, title, mailed, before, after })
            }
            // Deleting again is a decision of its own, which only owners make.
            Self::Availability { before, after } if before.deleted_at.is_none() => {
                Some(Self::Availability { before: after, after: before })
            }
            Self::Rescoring { benchmark, name, before, after } => {
                Some(Self::Rescoring { benchmark, name, before: after, after: before })
            }
            Self::Definition { fields } if !fields.iter().any(FieldChange::makes_a_challenge) => {
                Some(Self::Definition { fields: fields.iter().map(FieldChange::invert).collect() })
            }
            // Roles and data need other permissions than the rest; answers, final results, sets and
            // undone changes stay.
            _ => None,
        }
    }

    /// Whether another change of the same subject set the same value; for a definition, the fields
    /// that both changed.
    pub fn overlaps(&self, other: &Self) -> Overlap {
        match (self, other) {
            (Self::Definition { fields: own }, Self::Definition { fields: others }) => {
                let others = || others.iter().filter(|other| !other.is_order_of_others());
                let own = own.iter().filter(|own| !own.is_order_of_others());
                let both = own.filter(|own| others().any(|other| own.is_of(other)));
                let both: Vec<FieldChange> = both.cloned().collect();
                if both.is_empty() { Overlap::None } else { Overlap::Fields(both) }
            }
            _ if std::mem::discriminant(self) == std::mem::discriminant(other) => Overlap::Whole,
            _ => Overlap::None,
        }
    }
}

/// The values that two changes both set.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlap {
    /// Nothing.
    None,
    /// The single value that changes of their kind set.
    Whole,
    /// Fields of the definition.
    Fields(Vec<FieldChange>),
}
