//! What a team asks about a submission, and what the organisers answer.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::audit::{Action, Deed, note};
use super::notices;
use crate::accounts::{self, Caller};
use crate::app::App;
use crate::entities::{challenge, question, submission, user};
use crate::error::{Error, Result};
use crate::mail::Letter;
use crate::{database, mail, submissions};

/// The longest question and answer, in characters.
const LENGTH: usize = 2000;

/// How many questions about one submission may wait for their answer.
const OPEN: u64 = 3;

/// The questions about a submission, in their order.
pub async fn questions_about(
    db: &impl ConnectionTrait,
    submission: Uuid,
) -> Result<Vec<question::Model>> {
    let about = question::Entity::find().filter(question::Column::SubmissionId.eq(submission));
    Ok(about.order_by_asc(question::Column::Id).all(db).await?)
}

/// The questions of a challenge that have no answer yet, the oldest first, with what they are about.
pub async fn open_questions(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<Vec<(question::Model, submission::Model)>> {
    let open = question::Entity::find()
        .filter(question::Column::AnsweredAt.is_null())
        .order_by_asc(question::Column::Id);
    let mut questions = Vec::new();
    for row in open.all(db).await? {
        if let Ok(run) = submissions::of_challenge(db, challenge, row.submission_id).await {
            questions.push((row, run));
        }
    }
    Ok(questions)
}

/// A member asks about a submission of their team; the organisers get a mail.
pub async fn ask(
    app: &App,
    caller: &Caller,
    challenge: &challenge::Model,
    id: Uuid,
    text: &str,
) -> Result<()> {
    let (now, text) = (app.ambient.now(), words("text", text)?);
    let user = caller.user.as_ref().ok_or_else(Error::sign_in_first)?;
    let transaction = database::begin(&app.db).await?;
    submissions::own(&transaction, caller, id).await?;
    let open = question::Entity::find()
        .filter(question::Column::SubmissionId.eq(id))
        .filter(question::Column::AnsweredAt.is_null());
    if open.count(&transaction).await? >= OPEN {
        return Err(Error::conflict("your questions wait for their answers; ask again then"));
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
    row.insert(&transaction).await?;
    let there = format!("{}/c/{}/organise/submissions/{id}", app.base_address(), challenge.name);
    for (role, organiser) in accounts::organisers_of(&transaction, challenge).await? {
        let runs_it = role.role > crate::entities::role::Role::Auditor && organiser.notices;
        let Some(address) = organiser.email.as_ref().filter(|_| runs_it) else { continue };
        let letter = format!("“{}” asks about a run:\n\n{text}\n\n{there}\n", caller.team.name);
        let subject = format!("{}: a question", challenge.title);
        mail::post(&transaction, now, Letter::new(address, &subject, letter)).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// An organiser answers; the team is told.
pub async fn answer(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    text: &str,
) -> Result<Uuid> {
    let (now, text) = (app.ambient.now(), words("answer", text)?);
    let transaction = database::begin(&app.db).await?;
    let found = question::Entity::find_by_id(id).one(&transaction).await?;
    let row = found.ok_or_else(|| Error::not_found("question", id))?;
    let run = submissions::of_challenge(&transaction, challenge, row.submission_id).await?;
    if row.answered_at.is_some() {
        return Err(Error::conflict("this was answered already"));
    }
    let answered = question::Model {
        answered_by: Some(by.id),
        answered_at: Some(now),
        answer: Some(text.to_owned()),
        ..row
    };
    answered.into_active_model().reset_all().update(&transaction).await?;
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: Action::Answer,
        subject: format!("question {id}"),
        reason: "",
        before: json!({}),
        after: json!({ "answer": text }),
    };
    note(&transaction, now, deed).await?;
    let team = accounts::team_by_id(&transaction, run.team_id).await?;
    let told = format!("The organisers answer your question: {text}");
    notices::tell(app, &transaction, challenge, &team, ("answer", &told), Some(&run)).await?;
    transaction.commit().await?;
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
