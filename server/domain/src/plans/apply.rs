//! Applies a `challenge.toml` to the database.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseConnection,
    DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter,
};

use super::effects::{self, Turn};
use super::plan::Plan;
use crate::ambient::{Ambient, Instant};
use crate::challenges::commitment::{NewCommitment, last_commitment};
use crate::challenges::{self, Definition, FieldChange, PhaseDefinition, fields, rows, settings};
use crate::database::UnitOfWork;
use crate::entities::benchmark::TargetsAre;
use crate::entities::{benchmark, challenge, phase, submission};
use crate::error::{Error, Result};
use crate::site::Site;

/// A definition with its data, ready to be compared with the database and applied.
pub struct Application {
    definition: Definition,
    /// The rows of the benchmarks with their present files, and the commitments that they lack; a
    /// new keyed one already has its key.
    benchmarks: Vec<(benchmark::Model, Option<NewCommitment>)>,
    now: Instant,
}

impl Application {
    /// Reads the data of each benchmark.
    pub async fn prepare(
        db: &DatabaseConnection,
        ambient: &Ambient,
        definition: Definition,
    ) -> Result<Self> {
        let challenge = challenges::named(db, &definition.name).await?;
        let mut benchmarks = Vec::new();
        for benchmark in definition.benchmarks.clone() {
            let old = match &challenge {
                Some(challenge) => {
                    challenges::benchmark_named(db, challenge.id, &benchmark.name).await?
                }
                None => None,
            };
            let last = match &old {
                Some(old) => last_commitment(db, old.id).await?,
                None => None,
            };
            // Corrected targets in force have their own commitment, made when they came into force.
            let is_corrected = old.as_ref().is_some_and(|old| old.targets_id.is_some());
            let keys = old.map(rows::Keys::of).unwrap_or_default();
            let (ambient, divided) = (ambient.clone(), definition.divides(&benchmark));
            let read =
                move || rows::of_benchmark(&benchmark, divided, keys, last.as_ref(), &ambient);
            let read = tokio::task::spawn_blocking(read).await;
            let (row, commitment) = read.map_err(|e| Error::internal("read a benchmark", e))??;
            benchmarks.push((row, commitment.filter(|_| !is_corrected)));
        }
        Ok(Self { definition, benchmarks, now: ambient.now() })
    }

    /// What applying would change, and its effects. Changes nothing.
    pub async fn preview(&self, site: &Site) -> Result<Plan> {
        let mut unit = UnitOfWork::begin(site).await?;
        let plan = self.write(&mut unit, "").await?;
        unit.cancel().await?;
        Ok(plan)
    }

    /// Updates the challenge, its benchmarks and phases to match the definition. Applying it again
    /// changes nothing. Changes that would alter existing scores are refused with the reason.
    ///
    /// With a plan that was seen, it is refused unless that plan is still valid. The reason is
    /// published with each commitment that replaces another one.
    pub async fn apply(
        &self,
        unit: &mut UnitOfWork<'_>,
        seen: Option<&Plan>,
        reason: &str,
    ) -> Result<Plan> {
        let plan = self.write(unit, reason).await?;
        if seen.is_some_and(|seen| *seen != plan) {
            return Err(Error::changed_meanwhile());
        }
        Ok(plan)
    }

    /// The name of the challenge.
    pub fn name(&self) -> &str {
        &self.definition.name
    }

    async fn write(&self, unit: &mut UnitOfWork<'_>, reason: &str) -> Result<Plan> {
        let mut writing = Writing { db: unit.db(), now: self.now, reason, plan: Plan::default() };
        let challenge = writing.put_challenge(&self.definition).await?;
        for (row, commitment) in &self.benchmarks {
            let row = benchmark::Model { challenge_id: challenge.id, ..row.clone() };
            writing.put_benchmark(row, commitment.as_ref()).await?;
        }
        for (position, phase) in self.definition.phases.iter().enumerate() {
            writing.put_phase(challenge.id, position, phase).await?;
        }
        writing.remove_others(challenge.id, &self.definition).await?;
        let plan = writing.plan;
        if !plan.is_empty() {
            unit.changes(challenge.id);
        }
        Ok(plan)
    }
}

/// A transaction that updates the rows to match a definition, and notes the changes.
struct Writing<'a> {
    db: &'a DatabaseTransaction,
    now: Instant,
    /// Why, for the commitments that replace others.
    reason: &'a str,
    plan: Plan,
}

impl Writing<'_> {
    async fn put_challenge(&mut self, definition: &Definition) -> Result<challenge::Model> {
        let what = format!("challenge `{}`", definition.name);
        let Some(old) = challenges::named(self.db, &definition.name).await? else {
            self.plan.created(what, vec![]);
            let row = rows::of_challenge(definition, self.now).into_active_model().reset_all();
            let row = challenge::ActiveModel { id: NotSet, ..row };
            return Ok(row.insert(self.db).await?);
        };
        let row = rows::of_challenge(definition, old.created_at);
        // People who accepted the old rules have not accepted these.
        let rules_version = old.rules_version + i32::from(row.rules != old.rules);
        let new = challenge::Model {
            id: old.id,
            revision: old.revision,
            rules_version,
            archived_at: old.archived_at,
            deleted_at: old.deleted_at,
            ..row
        };
        if new == old {
            return Ok(old);
        }
        self.plan.changed(what, fields::of_challenge(&old, &new), effects::of_rules(&old, &new));
        Ok(new.into_active_model().reset_all().update(self.db).await?)
    }

    async fn put_benchmark(
        &mut self,
        row: benchmark::Model,
        commitment: Option<&NewCommitment>,
    ) -> Result<()> {
        let what = format!("benchmark `{}`", row.name);
        let Some(old) = challenges::benchmark_named(self.db, row.challenge_id, &row.name).await?
        else {
            let order = row.publication.name();
            let effect = if row.targets == TargetsAre::Drawn {
                format!("dialogs are drawn from it, published in {order} order")
            } else {
                let scored = row.task()?.scored.many;
                format!("{} {scored}, published in {order} order", row.queries)
            };
            self.plan.created(what, vec![effect]);
            let row = benchmark::ActiveModel { id: NotSet, ..row.into_active_model().reset_all() };
            let row = row.insert(self.db).await?;
            return self.commit_to(row.id, commitment).await;
        };
        // A rescoring in force is a decision of its own, which no definition reverts.
        let (rescoring_id, targets_id) = (old.rescoring_id, old.targets_id);
        let new = benchmark::Model { id: old.id, rescoring_id, targets_id, ..row };
        if new == old && commitment.is_none() {
            return Ok(());
        }
        let rescoring = new.version != old.version || new.targets != old.targets;
        let given = submissions_on(self.db, old.id).await?;
        if rescoring && given > 0 {
            return Err(Error::unusable(format!(
                "benchmark `{}` has {given} submissions, and this would change what they are \
                 scored on; put the new data in a new benchmark and phase, or, if only the targets \
                 were corrected, use `fashion-iq rescoring create`",
                old.name
            )));
        }
        let (mut fields, mut effects) = (fields::of_benchmark(&old, &new), vec![]);
        if let Some(commitment) = commitment {
            fields.push(FieldChange::of_commitment(commitment));
            effects.push(commitment.effect().to_owned());
        }
        self.plan.changed(what, fields, effects);
        new.into_active_model().reset_all().update(self.db).await?;
        self.commit_to(old.id, commitment).await
    }

    /// Stores a new commitment to the targets of a benchmark, unless another one came in between.
    async fn commit_to(&self, benchmark_id: i32, commitment: Option<&NewCommitment>) -> Result<()> {
        let Some(commitment) = commitment else { return Ok(()) };
        let last = last_commitment(self.db, benchmark_id).await?.map(|last| last.id);
        if last != commitment.before {
            return Err(Error::changed_meanwhile());
        }
        commitment.insert(self.db, benchmark_id, (self.now, self.reason)).await
    }

    async fn put_phase(
        &mut self,
        challenge_id: i32,
        position: usize,
        definition: &PhaseDefinition,
    ) -> Result<()> {
        let what = format!("phase `{}`", definition.name);
        let benchmark =
            challenges::benchmark_named(self.db, challenge_id, &definition.benchmark).await?;
        let benchmark =
            benchmark.ok_or_else(|| Error::not_found("benchmark", &definition.benchmark))?;
        let old = challenges::phase_named(self.db, challenge_id, &definition.name).await?;
        let place = (definition.name.as_str(), position);
        let row = definition.settings.row(&benchmark, place, old.as_ref())?;
        let Some(old) = old else {
            self.plan.created(what, vec![]);
            let row = phase::ActiveModel { id: NotSet, ..row.into_active_model().reset_all() };
            row.insert(self.db).await?;
            return Ok(());
        };
        let new = phase::Model { id: old.id, ..row };
        if new == old {
            return Ok(());
        }
        let given = submissions_to(self.db, old.id).await?;
        if new.benchmark_id != old.benchmark_id && given > 0 {
            return Err(Error::unusable(format!(
                "phase `{}` has {given} submissions and can't move to another benchmark",
                old.name
            )));
        }
        let computed_on =
            |phase: &phase::Model| (phase.feedback_share, phase.rounded, phase.ladder);
        if computed_on(&new) != computed_on(&old) && given > 0 {
            return Err(Error::unusable(format!(
                "phase `{}` has {given} submissions, so feedback_share, rounded and ladder can’t change: \
                 teams have learned from their scores; set feedback_share = {}, rounded = {} and ladder = {}",
                old.name,
                old.feedback_share.unwrap_or_default(),
                old.rounds(),
                old.ladder
            )));
        }
        let played_by = |phase: &phase::Model| (phase.kind.clone(), phase.dialog_rules());
        if played_by(&new) != played_by(&old) && given > 0 {
            return Err(Error::unusable(format!(
                "phase `{}` has {given} submissions, so its kind and the turns, dialogs and minutes of \
                 `dialog` can’t change: scores could not be compared; make a new phase",
                old.name
            )));
        }
        let turn = Turn { old: &old, new: &new, benchmark: &benchmark, now: self.now };
        let effects = turn.effects(self.db).await?;
        let before = challenges::benchmark_by_id(self.db, old.benchmark_id).await?;
        let fields = settings::differing((&old, &before), (&new, &benchmark))?;
        // A different notation for the same value is not a change.
        if !fields.is_empty() || !effects.is_empty() {
            self.plan.changed(what, fields, effects);
        }
        new.into_active_model().reset_all().update(self.db).await?;
        Ok(())
    }

    /// Removes phases and benchmarks that the definition no longer names.
    async fn remove_others(&mut self, challenge_id: i32, definition: &Definition) -> Result<()> {
        for row in challenges::phases_of(self.db, challenge_id).await? {
            if definition.phases.iter().any(|phase| phase.name == row.name) {
                continue;
            }
            let given = submissions_to(self.db, row.id).await?;
            if given > 0 {
                return Err(Error::unusable(format!(
                    "phase `{}` has {given} submissions, so it can't be removed; keep it in the \
                     file, and close it to stop submissions",
                    row.name
                )));
            }
            self.plan.removed(format!("phase `{}`", row.name));
            row.delete(self.db).await?;
        }
        let of = benchmark::Entity::find().filter(benchmark::Column::ChallengeId.eq(challenge_id));
        for row in of.all(self.db).await? {
            if !definition.benchmarks.iter().any(|benchmark| benchmark.name == row.name) {
                self.plan.removed(format!("benchmark `{}`", row.name));
                row.delete(self.db).await?;
            }
        }
        Ok(())
    }
}

async fn submissions_on(db: &impl ConnectionTrait, benchmark_id: i32) -> Result<u64> {
    let phases = phase::Entity::find().filter(phase::Column::BenchmarkId.eq(benchmark_id));
    let ids: Vec<i32> = phases.all(db).await?.into_iter().map(|p| p.id).collect();
    let on = submission::Entity::find().filter(submission::Column::PhaseId.is_in(ids));
    Ok(on.count(db).await?)
}

async fn submissions_to(db: &impl ConnectionTrait, phase_id: i32) -> Result<u64> {
    let to = submission::Entity::find().filter(submission::Column::PhaseId.eq(phase_id));
    Ok(to.count(db).await?)
}
