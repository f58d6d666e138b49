//! Undoes an event: the change that reverts it is applied and recorded like any other.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

use super::Proposal;
use super::audit::{self, Action, Event};
use super::change::{Change, Overlap};
use super::definition_change::{FieldChange, with_changes};
use super::describe::{Names, field_name};
use super::rescoring;
use crate::challenges;
use crate::database::UnitOfWork;
use crate::entities::{challenge, event, user};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// The effect of undoing an event.
pub struct Undoing {
    /// The event.
    pub event: Event,
    /// The change that reverts it.
    pub change: Change,
    /// The proposed definition, if the change is about the definition.
    pub proposal: Option<Box<Proposal>>,
}

/// The effect of undoing an event. Refused if it can't be undone, was already undone, or a later
/// event changed the same values.
pub async fn undoing(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
) -> Result<Undoing> {
    let event = event_of(&site.db, challenge, id).await?;
    let change = reverting(&site.db, challenge, &event).await?;
    let proposal = match &change {
        Change::Definition { fields } => {
            let present = challenges::shown_as_toml(&site.db, challenge).await?;
            let reverted =
                with_changes(&present, fields).map_err(|others| changed_outside(&others))?;
            let text = reverted.to_string();
            Some(Box::new(Proposal::read(site, by, Some(challenge), &text).await?))
        }
        _ => None,
    };
    Ok(Undoing { event, change, proposal })
}

/// Undoes an event, with a reason: its values are restored, and everything else stays. An undone
/// event can't be undone again, but the change can be made again. A change of the definition needs
/// the seal of the plan that was seen.
pub async fn undo(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    (seal, reason): (&str, &str),
) -> Result<()> {
    let reason = audit::reason(reason)?;
    let Undoing { proposal, change, .. } = undoing(site, by, challenge, id).await?;
    if let Some(proposal) = &proposal {
        proposal.ensure_seen(seal)?;
    }
    super::rescoring::prepare(site, &change).await?;
    let mut unit = UnitOfWork::begin(site).await?;
    let event = event_of(unit.db(), challenge, id).await?;
    let mut change = reverting(unit.db(), challenge, &event).await?;
    if let Some(proposal) = &proposal {
        change = proposal.write(&mut unit, by, reason).await?.1;
    } else {
        change.apply(&mut unit, challenge, reason).await?;
        rescoring::commit_to_targets(site, &unit, &change, reason).await?;
    }
    let change = Change::Undo { event: id, change: Box::new(change) };
    let undo = audit::record(&unit, challenge.id, Some(by), &change, reason).await?;
    mark(&unit, id, undo).await?;
    unit.commit().await
}

async fn event_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<Event> {
    let found = event::Entity::find_by_id(id).one(db).await?;
    let own = found.filter(|event| event.challenge_id == Some(challenge.id));
    Event::of(own.ok_or_else(|| Error::not_found("event", id))?)
}

/// The change that reverts an event, if it can be undone now.
async fn reverting(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    event: &Event,
) -> Result<Change> {
    if event.undone {
        return Err(Error::conflict("this was already undone"));
    }
    let change = event.change.invert().ok_or_else(|| Error::conflict("this can’t be undone"))?;
    // Later events of the same subject; for the definition, all its changes since then.
    let later = event::Entity::find()
        .filter(event::Column::ChallengeId.eq(challenge.id))
        .filter(event::Column::Id.gt(event.id))
        .filter(event::Column::Subject.eq(event.change.subject()))
        .filter(event::Column::Action.ne(Action::Undo.name()))
        .filter(event::Column::UndoneBy.is_null())
        .order_by_desc(event::Column::Id);
    for later in later.all(db).await? {
        let later = Event::of(later)?;
        let fields = match event.change.overlaps(&later.change) {
            Overlap::None => continue,
            Overlap::Whole => vec![],
            Overlap::Fields(fields) => fields,
        };
        return Err(changed_again(db, challenge, &fields, &later).await?);
    }
    Ok(change)
}

/// The error that names the later change.
async fn changed_again(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    fields: &[FieldChange],
    later: &Event,
) -> Result<Error> {
    let names = Names::load(db, challenge, std::slice::from_ref(later)).await?;
    let what = fields.iter().map(field_name).collect::<Vec<_>>().join(" and ");
    let what = if what.is_empty() { "this".to_owned() } else { what };
    let lines = names.sentences(&later.change, later.at);
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    Ok(Error::conflict(format!(
        "{what} was changed again later: {} ({}, {}); undo that first, or make the change yourself",
        lines.join("; "),
        names.person_or_server(later.by),
        super::describe::minute(later.at),
    )))
}

/// The error if a value was changed without an event.
fn changed_outside(fields: &[FieldChange]) -> Error {
    let fields = fields.iter().map(field_name).collect::<Vec<_>>().join(" and ");
    Error::conflict(format!(
        "{fields} was changed again later, outside the log; make the change yourself"
    ))
}

/// Marks an event as undone by another.
async fn mark(unit: &UnitOfWork<'_>, id: i32, by: i32) -> Result<()> {
    let undone = event::ActiveModel {
        id: sea_orm::Unchanged(id),
        undone_by: sea_orm::Set(Some(by)),
        ..Default::default()
    };
    undone.update(unit.db()).await?;
    Ok(())
}
