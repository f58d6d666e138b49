//! `/c/{challenge}/limits`: the limits of each phase, and who sees which scores.

use std::sync::Arc;

use domain::ambient::Instant;
use domain::challenges::{self, Viewer};
use domain::entities::{benchmark, challenge, phase};
use domain::error::Error;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::pages::{Allowed, Day, LimitsPage, PhaseLimits};

use super::board::targets;
use super::{answer, layout, scores};
use crate::app::App;
use crate::refusal::Result;

/// `GET /c/{challenge}/limits`
#[handler]
pub async fn show(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let now = app.ambient.now();
    let all = challenges::phases_of(&app.db, challenge.id).await?;
    let benchmarks = challenges::benchmarks_of(&app.db, challenge.id).await?;
    let mut phases = Vec::new();
    for phase in &all {
        let own = benchmarks.iter().find(|benchmark| benchmark.id == phase.benchmark_id);
        let benchmark = own.ok_or_else(|| Error::not_found("benchmark", phase.benchmark_id))?;
        let shares = |other: &&phase::Model| {
            benchmark.shared_limits && other.benchmark_id == benchmark.id && other.id != phase.id
        };
        let shared_with = all.iter().filter(shares).map(|other| other.title.clone()).collect();
        phases.push(limits(&challenge, phase, (benchmark, shared_with), now)?);
    }
    answer(&LimitsPage {
        layout: layout::of(&challenge, "Limits"),
        challenge: challenge.title.clone(),
        phases,
        now: now.utc(),
    })
}

fn limits(
    challenge: &challenge::Model,
    phase: &phase::Model,
    (benchmark, shared_with): (&benchmark::Model, Vec<String>),
    now: Instant,
) -> Result<PhaseLimits> {
    let (limits, reset) = (phase.limits(), phase.reset()?);
    Ok(PhaseLimits {
        phase: layout::tab(challenge, phase, false),
        allowed: Allowed {
            per_day: limits.per_day.map(u64::from),
            total: limits.total.map(u64::from),
            at_once: limits.at_once.map(u64::from),
            invalid_per_day: limits.invalid_per_day.map(u64::from),
        },
        shared_with,
        day: Day {
            hour: reset.hour(),
            zone: reset.zone().to_owned(),
            next: reset.local(reset.next_day(now)),
        },
        freezes: phase.freeze_at.map(Instant::utc),
        reveals: phase.reveal_at.map(Instant::utc),
        targets: targets(benchmark.targets),
        public: scores::shown(phase.seen_at(Viewer::Public, benchmark, now)?.shown),
        team: scores::shown(phase.seen_at(Viewer::OwnTeam, benchmark, now)?.shown),
        share: phase.share_percent().map(u64::from),
        rounded: phase.rounds_at(now),
        ladder: phase.ladder_step().filter(|_| phase.climbs_at(now)),
    })
}
