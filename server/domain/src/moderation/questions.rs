//! Teams' questions about submissions, and the organisers' answers.

use sea_orm::sea_query::Query;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::audit;
use super::change::Change;
use crate::accounts::{self, Caller};
use crate::database::{Notice, UnitOfWork};
use crate::entities::{challenge, phase, question, submission, user};
use crate::error::{Error, Result};
use crate::mail::Letter;
use crate::submissions;
use crate::submissions::SubmissionsSite;

/// The maximum length of a question or answer, in characters.
const LENGTH: usize = 2000;

/// How many questions about one submission can be unanswered.
const OPEN: u64 = 3;

/// The questions about a submission, oldest first.
pub async fn questions_about(
    db: &impl ConnectionTrait,
    submission: Uuid,
) -> Result<Vec<question::Model>> {
    let about = question::Entity::find().filter(question::Column::SubmissionId.eq(submission));
    Ok(about.order_by_asc(question::Column::Id).all(db).await?)
}

/// How many questions of a challenge have no answer yet, and the oldest of them, up to a maximum
/// number.
pub async fn open_questions(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    most: u64,
) -> Result<(u64, Vec<question::Model>)> {
    let phases = Query::select()
        .column(phase::Column::Id)
        .from(phase::Entity)
        .and_where(phase::Column::ChallengeId.eq(challenge.id))
        .take();
    let own = Query::select()
        .column(submission::Column::Id)
        .from(submission::Entity)
        .and_where(submission::Column::PhaseId.in_subquery(phases))
        .take();
    let open = question::Entity::find()
        .filter(question::Column::AnsweredAt.is_null())
        .filter(question::Column::SubmissionId.in_subquery(own));
    let oldest = open.clone().order_by_asc(question::Column::Id).limit(most);
    Ok((open.count(db).await?, oldest.all(db).await?))
}

/// Asks a question about a submission of a member's team; the organisers get a mail.
pub async fn ask(
    site: &SubmissionsSite,
    caller: &Caller,
    challenge: &challenge::Model,
    id: Uuid,
    text: &str,
) -> Result<()> {
    challenge.ensure_active()?;
    let (now, text) = (site.ambient.now(), words("text", text)?);
    let user = caller.user.as_ref().ok_or_else(Error::sign_in_first)?;
    let mut unit = UnitOfWork::begin(site).await?;
    submissions::own(unit.db(), caller, id).await?;
    let open = question::Entity::find()
        .filter(question::Column::SubmissionId.eq(id))
        .filter(question::Column::AnsweredAt.is_null());
    if open.count(unit.db()).await? >= OPEN {
        return Err(Error::conflict(
            "your earlier questions have no answers yet; ask again when they do",
        ));
    }
    let row = question::ActiveModel {
        id: NotSet,
        submission_id: Set(id),
        user_id: Set(user.id),
        asked_at: Set(now),
        text: Set(text.to_owned()),
        answered_by: Set(None),
        answered_at: Set(None),
        answer: Set(None),
    };
    row.insert(unit.db()).await?;
    let there = format!("{}/c/{}/organise/submissions/{id}", site.base_address(), challenge.name);
    for (role, organiser) in accounts::organisers_of(unit.db(), challenge).await? {
        let runs_it = role.role > crate::entities::role::Role::Auditor && organiser.notices;
        let Some(address) = organiser.email.as_ref().filter(|_| runs_it) else { continue };
        let letter =
            format!("“{}” asks about a submission:\n\n{text}\n\n{there}\n", caller.team.name);
        let subject = format!("{}: a question", challenge.title);
        unit.mail(Letter::new(address, &subject, letter));
    }
    unit.commit().await
}

/// Answers a question; the team is notified.
pub async fn answer(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    text: &str,
) -> Result<Uuid> {
    let (now, text) = (site.ambient.now(), words("answer", text)?);
    let mut unit = UnitOfWork::begin(site).await?;
    let found = question::Entity::find_by_id(id).one(unit.db()).await?;
    let row = found.ok_or_else(|| Error::not_found("question", id))?;
    let run = submissions::of_challenge(unit.db(), challenge, row.submission_id).await?;
    if row.answered_at.is_some() {
        return Err(Error::conflict("this question has already been answered"));
    }
    let answered = question::Model {
        answered_by: Some(by.id),
        answered_at: Some(now),
        answer: Some(text.to_owned()),
        ..row
    };
    answered.into_active_model().reset_all().update(unit.db()).await?;
    let (submission, answer) = (run.id, text.to_owned());
    let change = Change::Answer { question: id, submission, answer };
    audit::record(&unit, challenge.id, Some(by), &change, "").await?;
    unit.notify(Notice {
        team_id: run.team_id,
        kind: "answer".to_owned(),
        text: format!("The organisers answered your question: {text}"),
        submission: Some(run.id),
    });
    unit.commit().await?;
    Ok(run.id)
}

fn words<'a>(field: &str, typed: &'a str) -> Result<&'a str> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(Error::field(field, "is empty"));
    }
    if text.chars().take(LENGTH + 1).count() > LENGTH {
        return Err(Error::field(field, format!("is longer than {LENGTH} characters")));
    }
    Ok(text)
}
