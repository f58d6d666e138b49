//! Takes an upload in: refuses early, keeps the bytes, then inserts the submission under the limits
//! in one transaction.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use tokio::io::AsyncRead;

use super::queue::Lease;
use super::{ArrivingUpload, Usage, limits_of, usage};
use crate::accounts::{self, Caller, is_invisible};
use crate::ambient::Instant;
use crate::app::App;
use crate::challenges::{self, Details};
use crate::database;
use crate::entities::phase;
use crate::entities::submission::{self, State};
use crate::error::{Error, Result};
use crate::pressure::Place;
use crate::storage::{ARRIVING_BYTES, Stored, Unclaimed};

/// The longest method name and idempotency key, in characters.
const TEXT_LENGTH: usize = 80;

/// Who submits what to which phase.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The team.
    pub caller: Caller,
    /// The phase.
    pub phase: phase::Model,
    /// What the team calls its method; may be empty.
    pub method: String,
    /// What the team answers to what the phase asks, by the fields' names.
    pub details: BTreeMap<String, String>,
    /// A key that makes a repeated request no second upload.
    pub idempotency_key: Option<String>,
    /// When the request's head was accepted: the instant that counts for the phase and its limits.
    pub at: Instant,
    /// How long the upload says it is, if it does.
    pub bytes: Option<u64>,
    /// Whether it is a trial of the organisers': it counts nowhere, so no phase and no limit refuses
    /// it, and nothing is asked of it.
    pub trial: bool,
}

/// An upload that may be taken: its body has not been read yet, and there is memory for it.
pub struct Arrival {
    entry: Entry,
    details: Details,
    memory: Place,
    arriving: ArrivingUpload,
}

/// What became of an upload that was taken.
#[derive(Debug)]
pub enum Accepted {
    /// A new submission, its lease held by the caller.
    New(submission::Model, Lease),
    /// The same upload was taken before; nothing was used.
    Earlier(submission::Model),
}

impl Entry {
    /// Refuses early, before the body is read, what will be refused anyway.
    pub async fn check(self, app: &App) -> Result<Arrival> {
        check_text("method", &self.method)?;
        let asked = if self.trial { vec![] } else { self.phase.asked()? };
        let details = Details::read(&asked, &self.details)?;
        if let Some(key) = &self.idempotency_key {
            check_text("Idempotency-Key", key)?;
        }
        let memory = ARRIVING_BYTES.min(self.bytes.unwrap_or(ARRIVING_BYTES));
        let arriving = self.begin_arriving(app, memory)?;
        // A repeated request must get its first answer, even if that one used up the limit.
        if self.with_same_key(&app.db).await?.is_none() {
            self.gate(&app.db, arriving.others).await?;
        }
        let cap = app.settings.max_upload_bytes;
        if self.bytes.is_some_and(|bytes| bytes > cap) {
            return Err(Error::too_large(cap));
        }
        app.uploads.ensure_room(app.settings.min_free_bytes).await?;
        let memory = app.pressure.memory.take(memory)?;
        Ok(Arrival { entry: self, details, memory, arriving })
    }

    fn begin_arriving(&self, app: &App, bytes: u64) -> Result<ArrivingUpload> {
        let (team, phase) = (self.caller.team.id, self.phase.id);
        let memory = app.settings.bounds.memory_bytes;
        app.pressure.arriving.begin(team, phase, bytes, memory)
    }

    /// The rules under which one more submission is taken, beside so many that are still arriving.
    async fn gate(&self, db: &impl ConnectionTrait, arriving: u32) -> Result<()> {
        if self.trial {
            return Ok(());
        }
        self.phase.must_take(self.at)?;
        if let Some(user) = &self.caller.user {
            let challenge = challenges::by_id(db, self.phase.challenge_id).await?;
            accounts::ensure_takes_part(db, &challenge, user).await?;
        }
        let (phase, team) = (&self.phase, &self.caller.team);
        let limits = limits_of(db, phase, team, self.at).await?;
        let used = usage(db, phase, team, self.at).await?;
        Usage { at_once: used.at_once + arriving, ..used }.must_leave_one(&limits)
    }

    async fn with_same_key(&self, db: &impl ConnectionTrait) -> Result<Option<submission::Model>> {
        let Some(key) = &self.idempotency_key else { return Ok(None) };
        let same = self.own().filter(submission::Column::IdempotencyKey.eq(key));
        Ok(same.one(db).await?)
    }

    async fn with_same_bytes(
        &self,
        db: &impl ConnectionTrait,
        digest: &str,
    ) -> Result<Option<submission::Model>> {
        let same = self
            .own()
            .filter(submission::Column::UploadDigest.eq(digest))
            .filter(submission::Column::State.ne(State::Failed))
            .order_by_asc(submission::Column::ReceivedAt);
        Ok(same.one(db).await?)
    }

    fn own(&self) -> sea_orm::Select<submission::Entity> {
        submission::Entity::find()
            .filter(submission::Column::TeamId.eq(self.caller.team.id))
            .filter(submission::Column::PhaseId.eq(self.phase.id))
    }
}

impl Arrival {
    /// Reads the body to the store. Until the submission is inserted, nothing is kept where this or what
    /// follows fails, or is no longer waited for.
    pub(super) async fn receive(self, app: &App, body: impl AsyncRead + Unpin) -> Result<Arrived> {
        let Self { entry, details, memory, arriving } = self;
        let id = app.ambient.id();
        let upload = app.uploads.put(id, body, app.settings.max_upload_bytes).await?;
        drop((memory, arriving));
        Ok(Arrived { entry, details, id, upload })
    }
}

/// An upload that has arrived whole, and is no submission yet.
pub(super) struct Arrived {
    entry: Entry,
    details: Details,
    id: uuid::Uuid,
    upload: Unclaimed,
}

impl Arrived {
    /// Inserts the submission. After this returns, the upload survives the process and the power; if it
    /// fails, nothing is kept.
    pub(super) async fn insert(self, app: &App) -> Result<Accepted> {
        let Self { entry, details, id, upload } = self;
        let accepted = insert(app, &entry, &details, id, upload.stored()).await;
        match accepted {
            Ok(Accepted::New(..)) => upload.claim(),
            _ => upload.remove().await?,
        }
        accepted
    }
}

/// One transaction: what the checks read is still so when the row is inserted.
async fn insert(
    app: &App,
    entry: &Entry,
    details: &Details,
    id: uuid::Uuid,
    stored: &Stored,
) -> Result<Accepted> {
    let transaction = database::begin(&app.db).await?;
    if let Some(earlier) = entry.with_same_key(&transaction).await? {
        let same = earlier.upload_digest == stored.digest;
        return if same { Ok(Accepted::Earlier(earlier)) } else { Err(Error::key_reused()) };
    }
    if let Some(earlier) = entry.with_same_bytes(&transaction, &stored.digest).await? {
        return Ok(Accepted::Earlier(earlier));
    }
    // What else is arriving was let in after this one, or makes room for it.
    entry.gate(&transaction, 0).await?;
    let (lease, expires) = Lease::new(&app.ambient, id);
    let row = submission::Model {
        id,
        phase_id: entry.phase.id,
        team_id: entry.caller.team.id,
        source: "upload".to_owned(),
        state: State::Received,
        received_at: entry.at,
        finished_at: None,
        method: entry.method.clone(),
        upload_key: stored.key.clone(),
        upload_digest: stored.digest.clone(),
        upload_bytes: stored.bytes as i64,
        idempotency_key: entry.idempotency_key.clone(),
        lease_token: Some(lease.token),
        lease_expires_at: expires,
        attempts: 1,
        problems: None,
        warnings: None,
        withdrawn_at: None,
        user_id: entry.caller.user.as_ref().map(|user| user.id),
        details: details.to_column()?,
        trial: entry.trial,
        final_at: None,
        disqualified_at: None,
        disqualified_why: None,
        hidden_at: None,
        hidden_why: None,
    };
    let row = row.into_active_model().reset_all().insert(&transaction).await?;
    transaction.commit().await?;
    Ok(Accepted::New(row, lease))
}

fn check_text(field: &str, text: &str) -> Result<()> {
    let length = text.chars().count();
    if length > TEXT_LENGTH {
        let rule = format!("has {length} characters; {TEXT_LENGTH} is the most");
        return Err(Error::field(field, rule));
    }
    if text.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(Error::field(
            field,
            "holds control, invisible or direction-changing characters",
        ));
    }
    Ok(())
}
