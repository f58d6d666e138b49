//! Challenges and phases as the API returns them.

use domain::ambient::Instant;
use domain::challenges::{
    self, AskedField, DialogRules, Limits, PublicCommitment, PublicShare, Viewer, state_at,
};
use domain::entities::{benchmark, challenge, phase};
use domain::submissions::SubmissionsSite;
use poem_openapi::Object;
use time::OffsetDateTime;

use crate::refusal::Result;

/// A challenge.
#[derive(Debug, Object)]
pub struct Challenge {
    /// The name in URLs.
    pub name: String,
    /// The task of its benchmarks, which sets the format of data and submissions: `fashion-iq` or
    /// `circo`.
    pub task: String,
    /// The title.
    pub title: String,
    /// A summary in one or two sentences.
    pub summary: String,
    /// Its phases, in the organisers' order.
    pub phases: Vec<Phase>,
}

/// A phase: the half-open interval `[opens, closes)` in which it takes submissions.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Phase {
    /// The name in URLs.
    pub name: String,
    /// The title.
    pub title: String,
    /// What a submission is: `ranking` (a file with a ranking for each query) or `dialog` (it is played over the
    /// API).
    pub kind: String,
    /// The rules of its dialogs, in a phase of kind `dialog`.
    pub dialog: Option<PhaseDialog>,
    /// The current state: `upcoming`, `open` or `closed`.
    pub state: String,
    /// When it opens: from this time it takes submissions.
    pub opens: OffsetDateTime,
    /// When it closes: from this time it takes no submissions; absent if it never closes.
    pub closes: Option<OffsetDateTime>,
    /// When the leaderboard freezes: from this time everyone sees it as it was then.
    pub freezes: Option<OffsetDateTime>,
    /// From this time everyone sees everything that the targets allow.
    pub reveals: Option<OffsetDateTime>,
    /// Whether the leaderboard is frozen now.
    pub frozen: bool,
    /// How many final submissions a team can choose; the best of them counts. 0: the best of all
    /// counts.
    pub finals: u32,
    /// Whether the organisers' probes are shown on the leaderboard.
    pub probes: bool,
    /// For how long its uploads are kept; absent if for ever.
    pub uploads: Option<PhaseUploads>,
    /// What it asks for besides the method's name.
    pub fields: Vec<PhaseField>,
    /// The split that is scored.
    pub split: String,
    /// The gallery protocol: `original`, `val-union`, `mbeir` or `multi-turn`.
    pub protocol: String,
    /// Whether targets are `hidden`, `public` (anyone can score 100 %), `none` (validated, never scored) or
    /// `drawn` (each submission has its own).
    pub targets: String,
    /// How queries are published: `official` (names and order of the data set's files) or `keyed`
    /// (opaque names in a secret order).
    pub published: String,
    /// The number of queries, or of sessions under `multi-turn`, over all categories.
    pub queries: u32,
    /// The share of the queries that scores are on until the reveal; absent if they are on all.
    pub feedback_share: Option<FeedbackShare>,
    /// Whether scores are rounded to 0.1 % until the reveal.
    pub rounded: bool,
    /// The step of the Ladder until the reveal, in tenths of a point; 0 if it is off.
    pub ladder: u32,
    /// The digest of the galleries: SHA-256, hex.
    pub gallery: String,
    /// The commitments to its hidden targets, oldest first: the last one counts. A correction of the
    /// targets adds one. See `docs/commitment.md`.
    pub commitments: Vec<Commitment>,
    /// How many submissions a team can make.
    pub limits: PhaseLimits,
    /// Which scores are shown to whom.
    pub shown: PhaseShown,
}

/// A commitment to the hidden targets of a phase's benchmark.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Commitment {
    /// The digest of salt and targets: SHA-256, hex.
    pub digest: String,
    /// When it was made.
    pub made_at: OffsetDateTime,
    /// Why it replaced the one before it; absent for the first one.
    pub reason: Option<String>,
    /// The salt, 32 bytes in hex; absent until all phases on these targets are revealed.
    pub salt: Option<String>,
}

/// The share of the queries that scores are on until the reveal; the final standings are on the others. See
/// `docs/feedback-share.md`.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct FeedbackShare {
    /// The percentage of the queries of each category.
    pub percent: u8,
    /// How many queries are in the share.
    pub queries: u32,
    /// How many the final standings are on.
    pub rest: u32,
    /// The commitment to the key that decides which queries they are: SHA-256, hex.
    pub commitment: String,
    /// The key, 32 bytes in hex; absent until all phases with a share of these queries are revealed.
    pub key: Option<String>,
}

/// For how many days after it closes the uploads of a phase are kept. Then they are deleted; scores, ranks and
/// receipts stay.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PhaseUploads {
    /// Those of submissions that aren't on the leaderboard.
    pub days: u32,
    /// Those of submissions on the leaderboard; absent if for ever.
    pub ranked_days: Option<u32>,
}

/// The rules of a phase of dialogs.
#[derive(Debug, Object)]
pub struct PhaseDialog {
    /// How many turns a dialog has.
    pub turns: u32,
    /// How many dialogs a submission has in each category.
    pub dialogs: u32,
    /// For how many minutes a submission can be played.
    pub minutes: u32,
    /// Whether everyone can read the dialogs once the phase has closed.
    pub transcripts: bool,
}

/// A field that a phase asks for.
#[derive(Debug, Object)]
pub struct PhaseField {
    /// The field's name in forms, in `details` and in the leaderboard's filters.
    pub name: String,
    /// The label for people.
    pub label: String,
    /// The kind of answer: `text`, `link`, `yes-no` or `choice`.
    pub kind: String,
    /// The options of a `choice`.
    #[oai(skip_serializing_if_is_empty, default)]
    pub options: Vec<String>,
    /// Whether submissions without an answer are refused.
    pub required: bool,
    /// Whether the answer is public.
    pub public: bool,
}

/// How many submissions a team can make. An absent limit means no limit.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PhaseLimits {
    /// Scored submissions per day.
    pub per_day: Option<u32>,
    /// Scored submissions in the phase.
    pub total: Option<u32>,
    /// Submissions that are being scored at the same time.
    pub at_once: Option<u32>,
    /// Invalid uploads per day.
    pub invalid_per_day: Option<u32>,
    /// Whether submissions to other phases on the same benchmark count too.
    pub shared: bool,
    /// When a day starts: the hour and its time zone.
    pub day_begins: String,
    /// When the next day starts.
    pub resets_at: OffsetDateTime,
}

/// Which scores are shown to whom.
#[derive(Debug, Object)]
pub struct PhaseShown {
    /// The measures that everyone sees on the leaderboard.
    pub public: Vec<String>,
    /// The measures that a team sees for its own submissions.
    pub team: Vec<String>,
}

impl Challenge {
    /// A challenge as it is now.
    pub async fn of(site: &SubmissionsSite, row: challenge::Model) -> Result<Self> {
        let mut phases = Vec::new();
        for phase in challenges::phases_of(&site.db, row.id).await? {
            let benchmark = challenges::benchmark_by_id(&site.db, phase.benchmark_id).await?;
            phases.push(Phase::of(site, phase, benchmark).await?);
        }
        Ok(Self { name: row.name, task: row.task, title: row.title, summary: row.summary, phases })
    }
}

impl Phase {
    /// A phase as it is now.
    pub async fn of(
        site: &SubmissionsSite,
        phase: phase::Model,
        benchmark: benchmark::Model,
    ) -> Result<Self> {
        let (db, now) = (&site.db, site.ambient.now());
        let commitments = challenges::public_commitments(db, &benchmark, now).await?;
        let share = match phase.share_percent() {
            Some(_) => {
                let ready = site.benchmarks.get(&benchmark).await?;
                challenges::public_share(db, &phase, &benchmark, &ready.benchmark, now).await?
            }
            None => None,
        };
        let shown = |viewer| {
            let seen = phase.seen_at(viewer, &benchmark, now)?;
            Ok::<_, domain::Error>(seen.shown.names())
        };
        let shown = PhaseShown { public: shown(Viewer::Public)?, team: shown(Viewer::OwnTeam)? };
        Ok(Self {
            uploads: PhaseUploads::of(&phase),
            dialog: phase.dialog_rules().map(|rules| PhaseDialog::of(rules, &phase)),
            kind: phase.kind.clone(),
            state: state_at(&phase, now).name().to_owned(),
            opens: phase.opens_at.utc(),
            closes: phase.closes_at.map(Instant::utc),
            freezes: phase.freeze_at.map(Instant::utc),
            reveals: phase.reveal_at.map(Instant::utc),
            frozen: phase.frozen_at(now).is_some(),
            finals: phase.finals.max(0) as u32,
            probes: phase.probes,
            fields: phase.asked()?.into_iter().map(PhaseField::of).collect(),
            split: benchmark.split,
            protocol: benchmark.protocol,
            targets: benchmark.targets.name().to_owned(),
            published: benchmark.publication.name().to_owned(),
            queries: benchmark.queries as u32,
            gallery: benchmark.gallery_digest,
            commitments: commitments.into_iter().map(Commitment::of).collect(),
            limits: PhaseLimits::of(&phase, benchmark.shared_limits, now)?,
            shown,
            feedback_share: share.map(FeedbackShare::of),
            rounded: phase.rounds(),
            ladder: phase.ladder.max(0) as u32,
            name: phase.name,
            title: phase.title,
        })
    }
}

impl PhaseUploads {
    fn of(phase: &phase::Model) -> Option<Self> {
        let days = |days: i32| days.max(0) as u32;
        Some(Self {
            days: days(phase.upload_days?),
            ranked_days: phase.ranked_upload_days.map(days),
        })
    }
}

impl PhaseDialog {
    fn of(rules: DialogRules, phase: &phase::Model) -> Self {
        let DialogRules { turns, dialogs, minutes } = rules;
        Self { turns, dialogs, minutes, transcripts: phase.dialog_transcripts }
    }
}

impl FeedbackShare {
    fn of(share: PublicShare) -> Self {
        let PublicShare { percent, queries, rest, commitment, key } = share;
        Self { percent, queries: queries as u32, rest: rest as u32, commitment, key }
    }
}

impl Commitment {
    fn of(commitment: PublicCommitment) -> Self {
        let PublicCommitment { digest, made_at, reason, salt } = commitment;
        Self { digest, made_at: made_at.utc(), reason, salt }
    }
}

impl PhaseField {
    fn of(field: AskedField) -> Self {
        let AskedField { name, label, kind, options, required, public } = field;
        Self { name, label, kind: kind.name().to_owned(), options, required, public }
    }
}

impl PhaseLimits {
    fn of(phase: &phase::Model, shared: bool, now: Instant) -> Result<Self> {
        let Limits { per_day, total, at_once, invalid_per_day } = phase.limits();
        let reset = phase.reset()?;
        let resets_at = reset.next_day(now).utc();
        let day_begins = reset.to_string();
        Ok(Self { per_day, total, at_once, invalid_per_day, shared, day_begins, resets_at })
    }
}
