//! Receives an upload: refuses early, stores the bytes, then checks the limits and inserts the
//! submission in one transaction.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use tokio::io::AsyncRead;

use super::queue::Lease;
use super::{ArrivingUpload, Repeat, ensure_one_left};
use crate::accounts::{self, Caller, check_characters};
use crate::ambient::Instant;
use crate::challenges::{self, Details, PhaseKind};
use crate::database::UnitOfWork;
use crate::entities::phase;
use crate::entities::submission::{self, State};
use crate::error::{Error, Result};
use crate::memory::Place;
use crate::storage::{ARRIVING_BYTES, Stored, Unclaimed};
use crate::submissions::SubmissionsSite;

/// The maximum length of a method name or idempotency key, in characters.
const TEXT_LENGTH: usize = 80;

/// A submission request: the caller, the phase and the description.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The team.
    pub caller: Caller,
    /// The phase.
    pub phase: phase::Model,
    /// The method's name; can be empty.
    pub method: String,
    /// The team's answers to the phase's fields, by field name.
    pub details: BTreeMap<String, String>,
    /// A key that keeps a repeated request from becoming a second upload.
    pub idempotency_key: Option<String>,
    /// When the request's head was accepted, which is the time that counts for the phase and its
    /// limits.
    pub at: Instant,
    /// The declared size of the upload, if any.
    pub bytes: Option<u64>,
    /// Whether it is an organisers' trial: it counts nowhere, so it needs no open phase, no free
    /// limit and no details.
    pub trial: bool,
}

/// An accepted upload whose body has not been read yet, with memory reserved for it.
pub struct Arrival {
    entry: Entry,
    memory: Place,
    arriving: ArrivingUpload,
}

/// The result of an accepted upload.
#[derive(Debug)]
pub enum Accepted {
    /// A new submission, with its lease held by the caller.
    New(submission::Model, Lease),
    /// The same upload was received before; no limit was used. If it was recognised by its bytes
    /// and not by a key, its description may differ.
    Earlier(submission::Model, Option<Repeat>),
}

/// Whether all answers to the phase's fields have arrived.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Whole,
    SoFar,
}

impl Entry {
    /// The same with its texts checked.
    pub(super) fn typed(mut self) -> Result<Self> {
        self.method = accounts::typed(&self.method);
        check_text("method", &self.method)?;
        if let Some(key) = &self.idempotency_key {
            check_text("Idempotency-Key", key)?;
        }
        Ok(self)
    }

    /// The answers to all fields of the phase.
    pub(super) fn read_whole(&self) -> Result<Details> {
        self.read_details(Asked::Whole)
    }

    /// Checks before the body is read, so that an upload that can't succeed is refused early.
    pub async fn check(self, site: &SubmissionsSite) -> Result<Arrival> {
        self.read_details(Asked::Whole)?;
        self.check_form(site).await
    }

    /// The same for a form, in which answers may still come after the file.
    pub async fn check_form(self, site: &SubmissionsSite) -> Result<Arrival> {
        if self.phase.kind()? == PhaseKind::Dialog {
            return Err(Error::played_over_api(&self.phase.name));
        }
        let this = self.typed()?;
        this.read_details(Asked::SoFar)?;
        let memory = ARRIVING_BYTES.min(this.bytes.unwrap_or(ARRIVING_BYTES));
        let arriving = this.begin_arriving(site, memory).await?;
        // A repeated request must get the first response, even if the first upload used up the
        // limit.
        if this.with_same_key(&site.db).await?.is_none() {
            this.gate(&site.db, arriving.others).await?;
        }
        let cap = site.intake.max_upload_bytes;
        if this.bytes.is_some_and(|bytes| bytes > cap) {
            return Err(Error::too_large(cap));
        }
        site.uploads.ensure_room(site.intake.min_free_bytes).await?;
        let memory = site.memory.take(memory)?;
        Ok(Arrival { entry: this, memory, arriving })
    }

    fn read_details(&self, asked_for: Asked) -> Result<Details> {
        let mut asked = if self.trial { vec![] } else { self.phase.asked()? };
        for field in &mut asked {
            field.required &= asked_for == Asked::Whole;
        }
        Details::read(&asked, &self.details)
    }

    async fn begin_arriving(&self, site: &SubmissionsSite, bytes: u64) -> Result<ArrivingUpload> {
        let limits = super::usage::limits_shared_by(&site.db, &self.phase).await?;
        let memory = site.memory.bytes();
        site.arriving.begin(self.caller.team.id, limits, bytes, memory)
    }

    /// Checks whether one more submission is allowed, in addition to the arriving ones.
    pub(super) async fn gate(&self, db: &impl ConnectionTrait, arriving: u32) -> Result<()> {
        let challenge = challenges::by_id(db, self.phase.challenge_id).await?;
        challenge.ensure_active()?;
        if self.trial {
            return Ok(());
        }
        self.phase.must_take(self.at)?;
        if let Some(user) = &self.caller.user {
            accounts::ensure_takes_part(db, &challenge, user).await?;
        }
        ensure_one_left(db, &self.phase, &self.caller.team, self.at, arriving).await
    }

    pub(super) async fn with_same_key(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<submission::Model>> {
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

    /// The row of a submission that is played; it has no upload yet.
    pub(super) fn played_row(&self, id: uuid::Uuid, details: String) -> submission::Model {
        submission::Model {
            id,
            phase_id: self.phase.id,
            team_id: self.caller.team.id,
            source: "upload".to_owned(),
            state: State::Playing,
            received_at: self.at,
            finished_at: None,
            method: self.method.clone(),
            upload_key: String::new(),
            upload_digest: String::new(),
            upload_bytes: 0,
            upload_deleted_at: None,
            idempotency_key: self.idempotency_key.clone(),
            lease_token: None,
            lease_expires_at: Instant(0),
            attempts: 0,
            problems: None,
            warnings: None,
            withdrawn_at: None,
            user_id: self.caller.user.as_ref().map(|user| user.id),
            details,
            trial: self.trial,
            uses_no_limit: false,
            final_at: None,
            disqualified_at: None,
            disqualified_why: None,
            hidden_at: None,
            hidden_why: None,
            score: None,
            final_score: None,
            scored_against: None,
        }
    }

    fn own(&self) -> sea_orm::Select<submission::Entity> {
        submission::Entity::find()
            .filter(submission::Column::TeamId.eq(self.caller.team.id))
            .filter(submission::Column::PhaseId.eq(self.phase.id))
    }
}

impl Arrival {
    /// Reads the body into the store. Until the submission is inserted, nothing is kept if this or
    /// a later step fails or is cancelled.
    pub async fn receive(
        self,
        site: &SubmissionsSite,
        body: impl AsyncRead + Unpin,
    ) -> Result<Arrived> {
        let Self { entry, memory, arriving } = self;
        let id = site.ambient.id();
        let upload = site.uploads.put(id, body, site.intake.max_upload_bytes).await?;
        drop(memory);
        Ok(Arrived { entry, id, upload, arriving })
    }
}

/// A complete upload that is not a submission yet.
pub struct Arrived {
    entry: Entry,
    id: uuid::Uuid,
    upload: Unclaimed,
    /// It counts as arriving until its row counts.
    arriving: ArrivingUpload,
}

impl Arrived {
    /// The same upload if the rest of the request is valid; otherwise it is removed, and the error
    /// returned.
    pub async fn kept_if<E: From<Error>>(self, right: Result<(), E>) -> Result<Self, E> {
        let Err(error) = right else { return Ok(self) };
        self.upload.remove().await?;
        Err(error)
    }

    /// Adds the fields that came after the file: the method, if any, and all answers.
    pub fn complete(&mut self, method: Option<&str>, details: BTreeMap<String, String>) {
        if let Some(method) = method {
            self.entry.method = accounts::typed(method);
        }
        self.entry.details.extend(details);
    }

    /// Sets the phase of a trial, if it came after the file.
    pub fn tried_in(&mut self, phase: phase::Model) {
        self.entry.phase = phase;
    }

    /// Refuses an invalid description of the upload.
    pub(super) fn check(&self) -> Result<()> {
        check_text("method", &self.entry.method)?;
        self.entry.read_details(Asked::Whole).map(drop)
    }

    /// Inserts the submission. After this returns, the upload survives a crash or a power failure;
    /// if it fails, nothing is kept.
    pub(super) async fn insert(self, site: &SubmissionsSite) -> Result<Accepted> {
        let details = self.entry.read_details(Asked::Whole)?;
        let Self { entry, id, upload, arriving } = self;
        let accepted = insert(site, &entry, &details, id, upload.stored()).await;
        drop(arriving);
        match accepted {
            Ok(Accepted::New(..)) => upload.claim(),
            _ => upload.remove().await?,
        }
        accepted
    }
}

/// One transaction, so that the checks still hold when the row is inserted.
async fn insert(
    site: &SubmissionsSite,
    entry: &Entry,
    details: &Details,
    id: uuid::Uuid,
    stored: &Stored,
) -> Result<Accepted> {
    let unit = UnitOfWork::begin(site).await?;
    if let Some(earlier) = entry.with_same_key(unit.db()).await? {
        let same = earlier.upload_digest == stored.digest;
        return if same { Ok(Accepted::Earlier(earlier, None)) } else { Err(Error::key_reused()) };
    }
    if let Some(earlier) = entry.with_same_bytes(unit.db(), &stored.digest).await? {
        let repeat = Repeat::of(&earlier, &entry.method, details)?;
        return Ok(Accepted::Earlier(earlier, Some(repeat)));
    }
    // Other arriving uploads were accepted after this one, or make room for it.
    entry.gate(unit.db(), 0).await?;
    let (lease, expires) = Lease::new(&site.ambient, id);
    let row = submission::Model {
        state: State::Received,
        upload_key: stored.key.clone(),
        upload_digest: stored.digest.clone(),
        upload_bytes: stored.bytes as i64,
        lease_token: Some(lease.token),
        lease_expires_at: expires,
        attempts: 1,
        ..entry.played_row(id, details.to_column()?)
    };
    let new = row.clone().into_active_model().reset_all();
    submission::Entity::insert(new).exec_without_returning(unit.db()).await?;
    unit.commit().await?;
    Ok(Accepted::New(row, lease))
}

pub(super) fn check_text(field: &str, text: &str) -> Result<()> {
    let length = text.chars().count();
    if length > TEXT_LENGTH {
        let rule = format!("has {length} characters; the maximum is {TEXT_LENGTH}");
        return Err(Error::field(field, rule));
    }
    check_characters(field, text)
}
