//! Removes challenges for good that were deleted long ago.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::database::UnitOfWork;
use crate::entities::{challenge, phase, submission};
use crate::error::Result;
use crate::submissions::SubmissionsSite;

/// For how many days a deleted challenge can be restored.
pub const KEPT_DAYS: i64 = 30;

const DAY_SECONDS: i64 = 86_400;

const SUBMISSIONS: &str = "select id from submission where phase_id in (PHASES)";
const PHASES: &str = "select id from phase where challenge_id = ID";
const TEAMS: &str = "select id from team where challenge_id = ID";
const BENCHMARKS: &str = "select id from benchmark where challenge_id = ID";
const RESCORINGS: &str = "select id from rescoring where benchmark_id in (BENCHMARKS)";

/// The tables with rows of a challenge, each before those that its rows refer to, and which rows are
/// the challenge's.
const ROWS: [(&str, &str); 30] = [
    ("question", "submission_id in (SUBMISSIONS)"),
    ("submission_edit", "submission_id in (SUBMISSIONS)"),
    ("scorecard", "submission_id in (SUBMISSIONS)"),
    ("ranks", "submission_id in (SUBMISSIONS)"),
    ("rescored_ranks", "submission_id in (SUBMISSIONS)"),
    ("dialog_turn", "submission_id in (SUBMISSIONS)"),
    ("played", "submission_id in (SUBMISSIONS)"),
    ("notice", "team_id in (TEAMS)"),
    ("quota_grant", "team_id in (TEAMS)"),
    ("invite", "team_id in (TEAMS)"),
    ("token", "team_id in (TEAMS)"),
    ("submission", "phase_id in (PHASES)"),
    ("membership", "challenge_id = ID"),
    ("participation", "challenge_id = ID"),
    ("team", "challenge_id = ID"),
    ("frozen", "phase_id in (PHASES)"),
    ("final_results", "phase_id in (PHASES)"),
    ("phase", "challenge_id = ID"),
    ("corrected_targets", "rescoring_id in (RESCORINGS)"),
    ("rescoring", "benchmark_id in (BENCHMARKS)"),
    ("commitment", "benchmark_id in (BENCHMARKS)"),
    ("benchmark_statistics", "benchmark_id in (BENCHMARKS)"),
    ("benchmark_audit", "benchmark_id in (BENCHMARKS)"),
    ("benchmark", "challenge_id = ID"),
    ("data_grant", "challenge_id = ID"),
    ("announcement", "challenge_id = ID"),
    ("role", "challenge_id = ID"),
    ("role_history", "challenge_id = ID"),
    ("event", "challenge_id = ID"),
    ("challenge", "id = ID"),
];

/// Removes the challenges that were deleted more than [`KEPT_DAYS`] ago, with their rows and uploads.
/// Returns how many.
pub async fn remove_deleted(site: &SubmissionsSite) -> Result<usize> {
    let before = site.ambient.now().plus_seconds(-KEPT_DAYS * DAY_SECONDS);
    let due = challenge::Entity::find().filter(challenge::Column::DeletedAt.lte(before));
    let due = due.all(&site.db).await?;
    for challenge in &due {
        remove(site, challenge).await?;
        tracing::info!(challenge = challenge.name, "removed a challenge that was deleted long ago");
    }
    Ok(due.len())
}

/// Removes a challenge: first its rows, then its uploads. An upload that stays because the process
/// ended in between is one without a submission, which the sweep moves aside and removes later.
async fn remove(site: &SubmissionsSite, challenge: &challenge::Model) -> Result<()> {
    let unit = UnitOfWork::begin(site).await?;
    let mut phases = phase::Entity::find().select_only().column(phase::Column::Id);
    phases = phases.filter(phase::Column::ChallengeId.eq(challenge.id));
    let phases = phases.into_query();
    let uploads = submission::Entity::find()
        .select_only()
        .column(submission::Column::UploadKey)
        .filter(submission::Column::PhaseId.in_subquery(phases))
        .filter(submission::Column::UploadKey.ne(""));
    let uploads: Vec<String> = uploads.into_tuple().all(unit.db()).await?;
    for (table, of) in ROWS {
        let of = of
            .replace("SUBMISSIONS", SUBMISSIONS)
            .replace("RESCORINGS", RESCORINGS)
            .replace("BENCHMARKS", BENCHMARKS)
            .replace("PHASES", PHASES)
            .replace("TEAMS", TEAMS)
            .replace("ID", &challenge.id.to_string());
        unit.db().execute_unprepared(&format!("delete from {table} where {of}")).await?;
    }
    unit.commit().await?;
    for key in uploads {
        site.uploads.remove_forever(&key).await?;
    }
    Ok(())
}
