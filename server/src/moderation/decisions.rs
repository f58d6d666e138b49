//! What organisers decide about a run.

use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel};
use serde_json::{Value, json};
use uuid::Uuid;

use super::audit::{self, Action, Deed, note};
use crate::ambient::Instant;
use crate::app::App;
use crate::entities::{challenge, submission, user};
use crate::error::{Error, Result, rfc3339};
use crate::{challenges, database, standings, submissions};

/// What is decided about a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It no longer counts, and its team is told why.
    Disqualify,
    /// It counts again.
    Reinstate,
    /// It stands on no public page.
    Hide,
    /// It does again.
    Show,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Disqualify, Self::Reinstate, Self::Hide, Self::Show];

    /// The deed that it is.
    pub const fn action(self) -> Action {
        match self {
            Self::Disqualify => Action::Disqualify,
            Self::Reinstate => Action::Reinstate,
            Self::Hide => Action::Hide,
            Self::Show => Action::Show,
        }
    }

    /// The decision of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.action().name() == name)
    }

    /// Whether it would change a run.
    pub const fn changes(self, run: &submission::Model) -> bool {
        match self {
            Self::Disqualify => run.disqualified_at.is_none(),
            Self::Reinstate => run.disqualified_at.is_some(),
            Self::Hide => run.hidden_at.is_none(),
            Self::Show => run.hidden_at.is_some(),
        }
    }

    fn of(self, run: submission::Model, now: Instant, reason: &str) -> submission::Model {
        let why = Some(reason.to_owned());
        match self {
            Self::Disqualify => {
                submission::Model { disqualified_at: Some(now), disqualified_why: why, ..run }
            }
            Self::Reinstate => {
                submission::Model { disqualified_at: None, disqualified_why: None, ..run }
            }
            Self::Hide => submission::Model { hidden_at: Some(now), hidden_why: why, ..run },
            Self::Show => submission::Model { hidden_at: None, hidden_why: None, ..run },
        }
    }
}

/// Decides about a run of a challenge, with a reason.
pub async fn decide(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    id: Uuid,
    decision: Decision,
    reason: &str,
) -> Result<()> {
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    let transaction = database::begin(&app.db).await?;
    let old = submissions::of_challenge(&transaction, challenge, id).await?;
    if !decision.changes(&old) {
        return Err(Error::conflict("that is so already"));
    }
    let new = decision.of(old.clone(), now, reason);
    put(&transaction, &old, &new, now).await?;
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: decision.action(),
        subject: format!("submission {id}"),
        reason,
        before: told(&old),
        after: told(&new),
    };
    note(&transaction, now, deed).await?;
    super::notices::decided(app, &transaction, challenge, &new, decision, reason).await?;
    transaction.commit().await?;
    app.revisions.forget();
    Ok(())
}

/// Makes a run again what an event says it was.
pub(super) async fn put_back(
    db: &DatabaseTransaction,
    challenge: &challenge::Model,
    subject: &str,
    before: &Value,
    now: Instant,
) -> Result<(Value, Value)> {
    let id = subject.trim_start_matches("submission ");
    let old = submissions::of_challenge(db, challenge, submissions::id(id)?).await?;
    let instant = |name: &str| before[name].as_i64().map(Instant);
    let text = |name: &str| before[name].as_str().map(str::to_owned);
    let new = submission::Model {
        disqualified_at: instant("disqualified_at"),
        disqualified_why: text("disqualified_why"),
        hidden_at: instant("hidden_at"),
        hidden_why: text("hidden_why"),
        ..old.clone()
    };
    put(db, &old, &new, now).await?;
    Ok((told(&old), told(&new)))
}

/// Writes a run as it is now, once the board of a freeze is safe: what is undone leaves no trace by
/// which it could be made later.
async fn put(
    db: &DatabaseTransaction,
    old: &submission::Model,
    new: &submission::Model,
    now: Instant,
) -> Result<()> {
    let comes_back = (old.disqualified_at.is_some() && new.disqualified_at.is_none())
        || (old.hidden_at.is_some() && new.hidden_at.is_none());
    let phase = challenges::phase_by_id(db, old.phase_id).await?;
    if comes_back {
        let benchmark = challenges::benchmark_by_id(db, phase.benchmark_id).await?;
        if !standings::keep(db, &phase, &benchmark, now).await? {
            return Err(Error::freezing());
        }
    }
    new.clone().into_active_model().reset_all().update(db).await?;
    challenges::touch(db, phase.challenge_id).await
}

fn told(run: &submission::Model) -> Value {
    let at = |at: Option<Instant>| at.map(|Instant(at)| at);
    json!({
        "disqualified_at": at(run.disqualified_at),
        "disqualified_why": run.disqualified_why,
        "hidden_at": at(run.hidden_at),
        "hidden_why": run.hidden_why,
        "at": rfc3339(run.received_at),
    })
}
