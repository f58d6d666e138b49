//! The log of organisers' actions.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};

use super::Change;
use crate::ambient::Instant;
use crate::database::UnitOfWork;
use crate::database::to_json;
use crate::entities::{challenge, event, user};
use crate::error::{Error, Result};

/// The maximum length of a reason, in characters.
const REASON_LENGTH: usize = 500;

/// An action of an organiser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Disqualifies a submission.
    Disqualify,
    /// Puts it back.
    Reinstate,
    /// Hides a submission from all public pages.
    Hide,
    /// Puts it back.
    Show,
    /// Creates a challenge, or changes its definition: phases, limits, shown scores, freeze and
    /// reveal.
    Define,
    /// Lets a person take part.
    Approve,
    /// Refuses a person.
    Refuse,
    /// Makes a team ranked, or puts it out of competition.
    ChangeTeam,
    /// Gives a person a role.
    GiveRole,
    /// Removes a person's role.
    TakeRole,
    /// Gives a team more submissions.
    Grant,
    /// Revokes such a grant.
    RevokeGrant,
    /// Publishes an announcement.
    Announce,
    /// Removes an announcement.
    RemoveAnnouncement,
    /// Answers a team's question.
    Answer,
    /// Makes a challenge read-only.
    ArchiveChallenge,
    /// Hides a challenge from everybody but its organisers.
    DeleteChallenge,
    /// Brings an archived or deleted challenge back.
    RestoreChallenge,
    /// Lets a challenge use a data set.
    GrantData,
    /// Revokes such a grant.
    RevokeData,
    /// Confirms the final results of a phase.
    ConfirmResults,
    /// Creates a rescoring set.
    PrepareRescoring,
    /// Cancels a rescoring set.
    CancelRescoring,
    /// Puts a rescoring set into force.
    Rescore,
    /// Undoes one of these actions.
    Undo,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 25] = [
        Self::Disqualify,
        Self::Reinstate,
        Self::Hide,
        Self::Show,
        Self::Define,
        Self::Approve,
        Self::Refuse,
        Self::ChangeTeam,
        Self::GiveRole,
        Self::TakeRole,
        Self::Grant,
        Self::RevokeGrant,
        Self::Announce,
        Self::RemoveAnnouncement,
        Self::Answer,
        Self::ArchiveChallenge,
        Self::DeleteChallenge,
        Self::RestoreChallenge,
        Self::GrantData,
        Self::RevokeData,
        Self::ConfirmResults,
        Self::PrepareRescoring,
        Self::CancelRescoring,
        Self::Rescore,
        Self::Undo,
    ];

    /// The name on pages and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disqualify => "disqualify",
            Self::Reinstate => "reinstate",
            Self::Hide => "hide",
            Self::Show => "show",
            Self::Define => "define",
            Self::Approve => "approve",
            Self::Refuse => "refuse",
            Self::ChangeTeam => "change-team",
            Self::GiveRole => "give-role",
            Self::TakeRole => "take-role",
            Self::Grant => "grant",
            Self::RevokeGrant => "revoke-grant",
            Self::Announce => "announce",
            Self::RemoveAnnouncement => "remove-announcement",
            Self::Answer => "answer",
            Self::ArchiveChallenge => "archive-challenge",
            Self::DeleteChallenge => "delete-challenge",
            Self::RestoreChallenge => "restore-challenge",
            Self::GrantData => "grant-data",
            Self::RevokeData => "revoke-data",
            Self::ConfirmResults => "confirm-results",
            Self::PrepareRescoring => "prepare-rescoring",
            Self::CancelRescoring => "cancel-rescoring",
            Self::Rescore => "rescore",
            Self::Undo => "undo",
        }
    }

    /// The action with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// An event of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its number.
    pub id: i32,
    /// When it happened.
    pub at: Instant,
    /// Who did it; none if it was done on the server itself.
    pub by: Option<i32>,
    /// What changed.
    pub change: Change,
    /// The reason.
    pub reason: String,
    /// Whether it was undone.
    pub undone: bool,
}

impl Event {
    /// The event in a row.
    pub(super) fn of(row: event::Model) -> Result<Self> {
        Ok(Self {
            id: row.id,
            at: row.at,
            by: row.user_id,
            change: Change::read(&row.change)?,
            reason: row.reason,
            undone: row.undone_by.is_some(),
        })
    }

    /// Whether this kind of event can be undone.
    pub fn is_undoable(&self) -> bool {
        !self.undone && self.change.invert().is_some()
    }
}

/// Applies a change and records it; returns the event's id.
pub(super) async fn perform(
    unit: &mut UnitOfWork<'_>,
    challenge: &challenge::Model,
    by: &user::Model,
    change: &Change,
    reason: &str,
) -> Result<i32> {
    change.apply(unit, challenge, reason).await?;
    record(unit, challenge.id, Some(by), change, reason).await
}

/// Records a change; returns the event's id.
pub(super) async fn record(
    unit: &UnitOfWork<'_>,
    challenge_id: i32,
    by: Option<&user::Model>,
    change: &Change,
    reason: &str,
) -> Result<i32> {
    let row = event::ActiveModel {
        id: NotSet,
        challenge_id: Set(Some(challenge_id)),
        at: Set(unit.now()),
        user_id: Set(by.map(|by| by.id)),
        action: Set(change.action().name().to_owned()),
        subject: Set(change.subject()),
        reason: Set(reason.to_owned()),
        change: Set(to_json(change)?),
        undone_by: Set(None),
    };
    Ok(row.insert(unit.db()).await?.id)
}

/// Checks a typed reason: it must not be empty or too long.
pub(super) fn reason(typed: &str) -> Result<&str> {
    let reason = typed.trim();
    if reason.is_empty() {
        return Err(Error::field(
            "reason",
            "is empty; write a reason, which is recorded in the log",
        ));
    }
    if reason.chars().take(REASON_LENGTH + 1).count() > REASON_LENGTH {
        return Err(Error::field("reason", format!("is longer than {REASON_LENGTH} characters")));
    }
    Ok(reason)
}

/// The log of a challenge, the latest first: all events or those of one action, optionally only
/// older ones than a given event, and at most a given number.
pub async fn events_of(
    db: &impl ConnectionTrait,
    challenge_id: i32,
    action: Option<Action>,
    before: Option<i32>,
    most: u64,
) -> Result<Vec<Event>> {
    let mut rows = event::Entity::find().filter(event::Column::ChallengeId.eq(challenge_id));
    if let Some(action) = action {
        rows = rows.filter(event::Column::Action.eq(action.name()));
    }
    if let Some(before) = before {
        rows = rows.filter(event::Column::Id.lt(before));
    }
    let rows = rows.order_by_desc(event::Column::Id).limit(most).all(db).await?;
    rows.into_iter().map(Event::of).collect()
}
