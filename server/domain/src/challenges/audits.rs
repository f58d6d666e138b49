//! Audits of benchmarks: what a benchmark gives away to someone who looks at neither query nor picture.

use std::collections::BTreeMap;

use dataset::Split;
use scoring::audit::{Audited, Finding, Verdict, audit};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};

use super::{ChallengesSite, Source};
use crate::ambient::Instant;
use crate::database::{UnitOfWork, from_json, to_json};
use crate::entities::benchmark::Publication;
use crate::entities::benchmark_audit::{Column, Entity, Model};
use crate::entities::{benchmark, challenge};
use crate::error::{Error, Result};

/// The seed of permutations: the same benchmark gets the same digits.
const SEED: u64 = 1;

/// What an audit found, for organisers: it can depend on hidden targets.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchmarkAudit {
    /// When it ran.
    pub at: Instant,
    /// What it found, check by check and group by group.
    pub findings: Vec<AuditFinding>,
}

/// What one check found in one group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditFinding {
    /// The check's title.
    pub check: String,
    /// The group.
    pub group: String,
    /// What was found, in a sentence.
    pub what: String,
    /// Recall@10 and Recall@50 of someone who looks at nothing else, as fractions.
    pub recall_alone: Option<[f64; 2]>,
    /// How likely something as strong is by chance.
    pub p: Option<f64>,
    /// How serious it is.
    pub severity: Severity,
    /// What to do, if something was found.
    pub what_to_do: Option<String>,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Targets can be guessed better than by chance.
    Leak,
    /// Scores are harder to interpret.
    WorthKnowing,
    /// Nothing was found.
    Nothing,
}

/// What everyone may know of the last audit of a benchmark: where it leaks is for its organisers only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditSummary {
    /// When it ran.
    pub at: Instant,
    /// Whether it found no leak.
    pub is_clean: bool,
}

/// The last audit of a benchmark, if it is of its present edition.
pub async fn last_audit(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
) -> Result<Option<BenchmarkAudit>> {
    let Some(row) = row_of(db, benchmark).await? else { return Ok(None) };
    Ok(Some(BenchmarkAudit { at: row.at, findings: from_json(&row.findings)? }))
}

/// What everyone may know of it.
pub async fn audit_summary(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
) -> Result<Option<AuditSummary>> {
    let row = row_of(db, benchmark).await?;
    Ok(row.map(|row| AuditSummary { at: row.at, is_clean: row.leaks == 0 }))
}

async fn row_of(db: &impl ConnectionTrait, benchmark: &benchmark::Model) -> Result<Option<Model>> {
    let row = Entity::find_by_id(benchmark.id).one(db).await?;
    Ok(row.filter(|row| row.edition == benchmark.edition()))
}

/// Audits a benchmark as it is published, and keeps what was found. It takes some seconds.
pub async fn audit_benchmark(
    site: &ChallengesSite,
    challenge: &challenge::Model,
    benchmark: &benchmark::Model,
) -> Result<BenchmarkAudit> {
    let ready = site.benchmarks.get(benchmark).await?;
    let source = Source::of(benchmark)?;
    let publication = benchmark.publication;
    let audited = tokio::task::spawn_blocking(move || {
        let name = ready.benchmark.split().to_owned();
        let split = Split { name, groups: ready.benchmark.groups().to_vec() };
        let (others, photos) = match publication {
            // Other splits and photos have the original ids.
            Publication::Keyed => (vec![], BTreeMap::new()),
            Publication::Official => {
                let folder = source.data();
                let others = folder.other_splits(&split).map_err(Error::unusable)?;
                (others, folder.photos_of(&split).map_err(Error::unusable)?)
            }
        };
        let audited = Audited { split: &split, others: &others, photos: &photos, seed: SEED };
        Ok::<_, Error>(audit(&audited).into_iter().map(AuditFinding::of).collect())
    });
    let findings: Vec<AuditFinding> =
        audited.await.map_err(|e| Error::internal("audit a benchmark", e))??;
    let leaks = findings.iter().filter(|it| it.severity == Severity::Leak).count();
    let mut unit = UnitOfWork::begin(site).await?;
    let row = Model {
        benchmark_id: benchmark.id,
        edition: benchmark.edition(),
        at: unit.now(),
        leaks: leaks as i32,
        findings: to_json(&findings)?,
    };
    let replace = OnConflict::column(Column::BenchmarkId)
        .update_columns([Column::Edition, Column::At, Column::Leaks, Column::Findings])
        .to_owned();
    let at = row.at;
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(replace)
        .exec_without_returning(unit.db())
        .await?;
    unit.changes(challenge.id);
    unit.commit().await?;
    Ok(BenchmarkAudit { at, findings })
}

impl AuditFinding {
    fn of(found: Finding) -> Self {
        Self {
            check: found.check.title.to_owned(),
            group: found.group,
            what: found.what,
            recall_alone: found.recall_alone.map(|alone| [alone.at_10, alone.at_50]),
            p: found.p_value,
            severity: match found.verdict {
                Verdict::Leak => Severity::Leak,
                Verdict::WorthKnowing => Severity::WorthKnowing,
                Verdict::NothingFound => Severity::Nothing,
            },
            what_to_do: found.what_to_do.map(str::to_owned),
        }
    }
}
