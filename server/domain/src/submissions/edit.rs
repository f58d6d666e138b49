//! A team edits a submission: the name of its method, and its details.
//!
//! This is possible while the phase is open and its board isn't frozen, so that the state at the
//! deadline and on a frozen board doesn't change. Each change is recorded for the team.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::NotSet;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, Set,
};
use uuid::Uuid;

use super::intake::check_text;
use super::own;
use crate::accounts::Caller;
use crate::ambient::Instant;
use crate::challenges;
use crate::challenges::{AskedField, Details};
use crate::database::UnitOfWork;
use crate::entities::{phase, submission, submission_edit, user};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// The field name of the method in a trace; no phase has a field with this name.
pub const METHOD: &str = "method";

/// The maximum number of changes per submission.
const MOST: u64 = 100;

/// The new values. Absent ones stay unchanged.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The name of the method.
    pub method: Option<String>,
    /// Answers to the phase's fields, by field name; an empty answer removes it.
    pub details: BTreeMap<String, String>,
}

/// A change, with its author.
#[derive(Debug)]
pub struct Trace {
    /// The change.
    pub row: submission_edit::Model,
    /// The person's name; absent if it was the team's token.
    pub by: Option<String>,
}

impl Trace {
    /// The label of the changed field, from the phase's fields.
    pub fn label<'a>(&'a self, asked: &'a [AskedField]) -> &'a str {
        match asked.iter().find(|field| field.name == self.row.field) {
            Some(field) => &field.label,
            None if self.row.field == METHOD => "Method",
            None => &self.row.field,
        }
    }
}

/// Refuses a change that is too late.
pub fn ensure_editable(phase: &phase::Model, now: Instant) -> Result<()> {
    phase.must_take(now)?;
    if phase.frozen_at(now).is_some() {
        let sentence = "the board of this phase is frozen; what it shows can’t be edited";
        return Err(Error::conflict(sentence));
    }
    Ok(())
}

/// Edits a submission of the caller's team. Equal values change nothing and leave no trace.
pub async fn edit(
    site: &SubmissionsSite,
    caller: &Caller,
    id: Uuid,
    edit: Edit,
) -> Result<submission::Model> {
    let now = site.ambient.now();
    let mut unit = UnitOfWork::begin(site).await?;
    let old = own(unit.db(), caller, id).await?;
    let phase = challenges::phase_by_id(unit.db(), old.phase_id).await?;
    challenges::ensure_active(unit.db(), phase.challenge_id).await?;
    ensure_editable(&phase, now)?;
    let before = Details::of_column(&old.details)?;
    let method = edit.method.map_or_else(|| old.method.clone(), |text| text.trim().to_owned());
    check_text(METHOD, &method)?;
    let after = merged(&phase, &before, edit.details)?;
    let mut changes = differing(&before, &after);
    if method != old.method {
        changes.insert(0, (METHOD.to_owned(), old.method.clone(), method.clone()));
    }
    if changes.is_empty() {
        return Ok(old);
    }
    let of = submission_edit::Entity::find()
        .filter(submission_edit::Column::SubmissionId.eq(id))
        .count(unit.db())
        .await?;
    if of + changes.len() as u64 > MOST {
        let sentence = format!("this submission has been edited {of} times; the maximum is {MOST}");
        return Err(Error::conflict(sentence));
    }
    let trace = |(field, before, after)| submission_edit::ActiveModel {
        id: NotSet,
        submission_id: Set(id),
        user_id: Set(caller.user.as_ref().map(|user| user.id)),
        at: Set(now),
        field: Set(field),
        before: Set(before),
        after: Set(after),
    };
    let traces = changes.into_iter().map(trace);
    submission_edit::Entity::insert_many(traces).exec(unit.db()).await?;
    let new = submission::Model { method, details: after.to_column()?, ..old };
    let new = new.into_active_model().reset_all().update(unit.db()).await?;
    challenges::note_change(&mut unit, &phase, new.team_id, now);
    unit.commit().await?;
    Ok(new)
}

/// The details with some changed. Answers to removed fields of the phase stay.
fn merged(
    phase: &phase::Model,
    before: &Details,
    changed: BTreeMap<String, String>,
) -> Result<Details> {
    if changed.is_empty() {
        return Ok(before.clone());
    }
    let asked = phase.asked()?;
    let is_asked = |name: &String| asked.iter().any(|field| field.name == *name);
    let (mut answers, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
        before.0.clone().into_iter().partition(|(name, _)| is_asked(name));
    answers.extend(changed);
    let mut after = Details::read(&asked, &answers)?;
    after.0.extend(others);
    Ok(after)
}

/// Each field that differs, with its old and new value.
pub(super) fn differing(before: &Details, after: &Details) -> Vec<(String, String, String)> {
    let names: std::collections::BTreeSet<&String> =
        before.0.keys().chain(after.0.keys()).collect();
    let told = |details: &Details, name: &str| details.get(name).unwrap_or_default().to_owned();
    let pairs = names.into_iter().map(|name| (name.clone(), told(before, name), told(after, name)));
    pairs.filter(|(_, before, after)| before != after).collect()
}

/// The changes of a submission, oldest first, with their authors.
pub async fn edits_of(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Trace>> {
    let rows = submission_edit::Entity::find()
        .filter(submission_edit::Column::SubmissionId.eq(id))
        .order_by_asc(submission_edit::Column::Id)
        .all(db)
        .await?;
    let who: Vec<i32> = rows.iter().filter_map(|row| row.user_id).collect();
    let people = user::Entity::find().filter(user::Column::Id.is_in(who)).all(db).await?;
    let name = |id: i32| people.iter().find(|user| user.id == id).map(|user| user.name.clone());
    Ok(rows.into_iter().map(|row| Trace { by: row.user_id.and_then(name), row }).collect())
}
