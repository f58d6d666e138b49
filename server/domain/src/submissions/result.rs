//! The result of scoring an upload, and how it is stored.

use scoring::{Benchmark, Limits, ProblemKind, Problems, Ranks, Upload};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::cards::{copy_scores, new_card};
use super::queue::Lease;
use super::score::How;
use super::{ladder, notices, stored_ranks, usage};
use crate::accounts;
use crate::challenges::{self, Scores};
use crate::database::{Signal, UnitOfWork, to_json};
use crate::entities::submission::{self, Column, State};
use crate::entities::{benchmark, scorecard};
use crate::error::Result;
use crate::submissions::SubmissionsSite;

/// The result of scoring an upload.
#[derive(Debug)]
pub enum Report {
    /// Scored: the ranks of the targets, the scores, and warnings.
    Scored(Ranks, Box<Scores>, Problems),
    /// Valid, for a benchmark without targets, with warnings.
    Validated(Problems),
    /// Invalid, with every problem.
    Invalid(Problems),
    /// Failed because of the server; the error was logged.
    Failed,
}

/// Whether a result was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It was.
    Done,
    /// Another worker has finished the submission, or will.
    LostLease,
    /// A rescoring set came into force or was undone since: the upload must be scored again.
    Rescored,
}

impl Report {
    /// Reads and scores the bytes of an upload, as long as `go_on` returns true.
    pub(super) fn of(
        bytes: &[u8],
        benchmark: &Benchmark,
        how: &How,
        limits: &Limits,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Self> {
        let upload = Upload::Bytes { name: "the upload", bytes };
        Ok(match scoring::read_while(&upload, benchmark, limits, go_on) {
            Err(problems) => Self::Invalid(problems),
            Ok(reading) => match reading.ranks {
                None => Self::Validated(reading.warnings),
                Some(ranks) => {
                    let scores = how.scores(&ranks, benchmark)?;
                    Self::Scored(ranks, Box::new(scores), reading.warnings)
                }
            },
        })
    }

    /// The resulting state of the submission.
    pub fn state(&self) -> State {
        match self {
            Self::Scored(..) | Self::Validated(_) => State::Scored,
            Self::Invalid(_) => State::Invalid,
            Self::Failed => State::Failed,
        }
    }

    /// Whether it is invalid because its ids come from a data set that its benchmark does not know.
    pub(super) fn is_of_other_data(&self) -> bool {
        let Self::Invalid(problems) = self else { return false };
        problems.counts().contains_key(&ProblemKind::OtherData)
    }

    pub(super) fn is_failed(&self) -> bool {
        self.state() == State::Failed
    }

    /// Writes state, scorecard and ranks in one transaction, if no other worker has finished the
    /// submission and the benchmark still has the same targets; otherwise nothing is written. All workers
    /// have the same result, so only giving up needs a valid lease. A team whose upload got its
    /// response earlier is notified if there is no score.
    pub async fn write(
        &self,
        site: &SubmissionsSite,
        lease: &Lease,
        row: &submission::Model,
        benchmark: &benchmark::Model,
    ) -> Result<Written> {
        let now = site.ambient.now();
        let mut unit = UnitOfWork::begin(site).await?;
        let present = challenges::benchmark_by_id(unit.db(), benchmark.id).await?;
        let edition = benchmark.edition();
        if present.edition() != edition {
            return Ok(Written::Rescored);
        }
        let phase = challenges::phase_by_id(unit.db(), row.phase_id).await?;
        let (problems, warnings) = self.lists()?;
        let uses_no_limit = self.uses_no_limit(unit.db(), row).await?;
        let mut done = submission::Entity::update_many()
            .col_expr(Column::State, Expr::value(self.state()))
            .col_expr(Column::FinishedAt, Expr::value(now))
            .col_expr(Column::Problems, Expr::value(problems))
            .col_expr(Column::Warnings, Expr::value(warnings))
            .col_expr(Column::UsesNoLimit, Expr::value(uses_no_limit))
            .col_expr(Column::LeaseToken, Expr::value(Option::<uuid::Uuid>::None))
            .filter(Column::Id.eq(lease.submission))
            .filter(Column::State.eq(State::Received));
        if self.is_failed() {
            done = done.filter(Column::LeaseToken.eq(lease.token));
        }
        if done.exec(unit.db()).await?.rows_affected != 1 {
            return Ok(Written::LostLease);
        }
        // A failed submission is reported like a waiting one: with a link, and without a result.
        let answered = notices::no_longer_waits(unit.db(), row).await? || self.is_failed();
        if answered && !row.trial {
            notices::has_no_score(&mut unit, row, self.state());
        }
        if let Self::Scored(ranks, scores, _) = self {
            let mut shown = scores.as_ref().clone();
            if let Some(step) = phase.ladder_step() {
                let on = (step, edition.as_str());
                shown.overall = ladder::shown(unit.db(), row, on, scores.overall).await?;
            }
            let row = new_card(lease.submission, &edition, &shown, now)?;
            scorecard::Entity::insert(row).exec_without_returning(unit.db()).await?;
            copy_scores(unit.db(), &[lease.submission], &edition).await?;
            let (targets, bytes) = (benchmark.targets_id, ranks.to_bytes());
            stored_ranks::store(unit.db(), targets, lease.submission, bytes).await?;
        }
        challenges::note_change(&mut unit, &phase, row.team_id, row.received_at);
        unit.signal(Signal::Finished(lease.submission));
        unit.commit().await?;
        Ok(Written::Done)
    }

    /// Whether the upload is not a submission for its phase, and the daily number of such uploads
    /// is not used up.
    async fn uses_no_limit(
        &self,
        db: &impl ConnectionTrait,
        row: &submission::Model,
    ) -> Result<bool> {
        if !matches!(self, Self::Invalid(problems) if problems.is_unrelated()) {
            return Ok(false);
        }
        let phase = challenges::phase_by_id(db, row.phase_id).await?;
        let team = accounts::team_by_id(db, row.team_id).await?;
        Ok(usage(db, &phase, &team, row.received_at).await?.has_unrelated_left())
    }

    fn lists(&self) -> Result<(Option<String>, Option<String>)> {
        Ok(match self {
            Self::Scored(_, _, warnings) | Self::Validated(warnings) => {
                (None, (warnings.total() > 0).then(|| to_json(warnings)).transpose()?)
            }
            Self::Invalid(problems) => (Some(to_json(problems)?), None),
            Self::Failed => (None, None),
        })
    }
}
