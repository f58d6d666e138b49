//! What teams are told: on their pages, and by mail to members who want that.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::Decision;
use crate::ambient::Instant;
use crate::app::App;
use crate::entities::submission::State;
use crate::entities::{challenge, notice, submission, team};
use crate::error::Result;
use crate::mail::Letter;
use crate::{accounts, challenges, mail};

/// Tells a team something, in the transaction of what it is told about: of a kind, in a sentence, and
/// about which submission.
pub async fn tell(
    app: &App,
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    team: &team::Model,
    (kind, text): (&str, &str),
    about: Option<&submission::Model>,
) -> Result<()> {
    let now = app.ambient.now();
    let row = notice::ActiveModel {
        id: NotSet,
        team_id: Set(team.id),
        at: Set(now),
        kind: Set(kind.to_owned()),
        text: Set(text.to_owned()),
        submission_id: Set(about.map(|submission| submission.id)),
    };
    row.insert(db).await?;
    let home = format!("{}/c/{}", app.base_address(), challenge.name);
    let there = match about {
        Some(submission) => format!("{home}/submissions/{}", submission.id),
        None => format!("{home}/team"),
    };
    for (_, member) in accounts::members_of(db, team).await? {
        let Some(address) = member.email.as_ref().filter(|_| member.notices) else { continue };
        let text = format!(
            "{text}\n\n{there}\n\nYou get this as a member of “{}”. Whether you get such mails is \
             up to you: {}/account\n",
            team.name,
            app.base_address()
        );
        mail::post(db, now, Letter::new(address, &challenge.title, text)).await?;
    }
    Ok(())
}

/// Tells a team what was decided about its run.
pub(super) async fn decided(
    app: &App,
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    run: &submission::Model,
    decision: Decision,
    reason: &str,
) -> Result<()> {
    let what = match decision {
        Decision::Disqualify => "was disqualified",
        Decision::Reinstate => "counts again",
        // Nobody but the organisers needs to know.
        Decision::Hide | Decision::Show => return Ok(()),
    };
    let team = accounts::team_by_id(db, run.team_id).await?;
    let method =
        if run.method.is_empty() { String::new() } else { format!(" “{}”", run.method) };
    let text = format!("Your run{method} {what}: {reason}");
    tell(app, db, challenge, &team, (decision.action().name(), &text), Some(run)).await
}

/// What a team is told while a run waits whose upload was answered before its score was known.
const WAITING: &str = "waiting";

/// Notes that an upload was answered before its score was known. The notice stands until then: by it
/// whoever finishes the run, in whatever process, knows that the answer did not tell what came of it.
pub(crate) async fn waits(
    db: &impl ConnectionTrait,
    run: &submission::Model,
    now: Instant,
) -> Result<()> {
    if waiting(run).count(db).await? > 0 {
        return Ok(());
    }
    let row = notice::ActiveModel {
        id: NotSet,
        team_id: Set(run.team_id),
        at: Set(now),
        kind: Set(WAITING.to_owned()),
        text: Set("Your run is safe, and waits for its score.".to_owned()),
        submission_id: Set(Some(run.id)),
    };
    row.insert(db).await?;
    Ok(())
}

/// Takes that notice away; answers whether there was one.
pub(crate) async fn no_longer_waits(
    db: &impl ConnectionTrait,
    run: &submission::Model,
) -> Result<bool> {
    let ids: Vec<i32> = waiting(run).all(db).await?.into_iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(false);
    }
    notice::Entity::delete_many().filter(notice::Column::Id.is_in(ids)).exec(db).await?;
    Ok(true)
}

fn waiting(run: &submission::Model) -> sea_orm::Select<notice::Entity> {
    notice::Entity::find()
        .filter(notice::Column::TeamId.eq(run.team_id))
        .filter(notice::Column::SubmissionId.eq(run.id))
        .filter(notice::Column::Kind.eq(WAITING))
}

/// Tells a team that a run which was still waiting when its upload was answered came to nothing.
pub async fn came_to_nothing(
    app: &App,
    db: &impl ConnectionTrait,
    run: &submission::Model,
    state: State,
) -> Result<()> {
    let what = match state {
        State::Invalid => "Your run is invalid; its page lists every problem.",
        State::Failed => "We could not score your run; it uses no limit, so hand it in again.",
        State::Received | State::Scored => return Ok(()),
    };
    let team = accounts::team_by_id(db, run.team_id).await?;
    let challenge = challenges::by_id(db, team.challenge_id).await?;
    tell(app, db, &challenge, &team, (state.name(), what), Some(run)).await
}

/// What a team was told, the latest first, and at most so many.
pub async fn notices_of(
    db: &impl ConnectionTrait,
    team: &team::Model,
    most: u64,
) -> Result<Vec<notice::Model>> {
    let of = notice::Entity::find().filter(notice::Column::TeamId.eq(team.id));
    Ok(of.order_by_desc(notice::Column::Id).limit(most).all(db).await?)
}
