//! `/c/{challenge}/{phase}/statistics`: the statistics of a phase's data.

use std::sync::Arc;
use std::time::Duration;

use poem::web::{Data, Path};
use poem::{Response, handler};
use web::pages::StatisticsPage;

use super::super::{answer, layout};
use super::{PhaseData, sections};
use crate::app::App;
use crate::refusal::Result;

/// How long a page waits for statistics that are computed for the first time, before it says so.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /c/{challenge}/{phase}/statistics`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Path((challenge, phase)): Path<(String, String)>,
) -> Result<Response> {
    let data = PhaseData::of(&app, &challenge, &phase).await?;
    let (challenge, phase) = (&data.located.challenge, &data.located.phase);
    let benchmark = &data.located.benchmark;
    let statistics = data.explored.statistics(&app, benchmark, PATIENCE).await?;
    let texts = &challenge.task()?.texts;
    let splits: Vec<&str> = data.explored.splits.iter().map(|it| it.name.as_str()).collect();
    answer(&StatisticsPage {
        layout: layout::of(challenge, "Data set"),
        challenge: challenge.title.clone(),
        data: layout::data_set(challenge),
        phases: data.phases(&app, layout::statistics).await?,
        phase: phase.title.clone(),
        lede: format!(
            "Counted from the files that {} publishes: split {}.",
            phase.title,
            splits.join(" and ")
        ),
        explore: layout::explore(challenge, phase),
        sections: statistics.map(|it| sections::of(&it, texts)),
    })
}
