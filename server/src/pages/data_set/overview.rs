//! `/c/{challenge}/data`: about the data set.

use std::sync::Arc;

use domain::challenges::{self, Located, QueryPlace};
use domain::entities::benchmark::TargetsAre;
use domain::entities::challenge;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::pages::{DataSetPage, DataSetPhase, Example, Link};

use super::super::{answer, layout, markdown};
use super::PhaseData;
use crate::app::App;
use crate::refusal::Result;

/// `GET /c/{challenge}/data`
#[handler]
pub async fn show(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let located = challenges::located_phases(&app.db, &challenge).await?;
    let texts = &challenge.task()?.texts;
    let mut phases = Vec::with_capacity(located.len());
    for one in &located {
        phases.push(phase(&app, one).await?);
    }
    let summary = Some(challenge.summary.clone()).filter(|summary| !summary.trim().is_empty());
    let about =
        texts.about_data.map(|about| about.split_once('\n').map_or(about, |(_, rest)| rest));
    answer(&DataSetPage {
        layout: layout::of(&challenge, "Data set"),
        challenge: challenge.title.clone(),
        summary: summary.unwrap_or_else(|| texts.summary.to_owned()),
        queries: markdown::render(texts.queries),
        example: example(&app, &located).await?,
        phases,
        about: about.map(markdown::render),
        download_line: texts.download,
        links: links(&challenge, texts.published.is_some()),
        now: app.ambient.now().utc(),
    })
}

async fn phase(app: &App, located: &Located) -> Result<DataSetPhase> {
    let Located { challenge, phase, benchmark } = located;
    let ready = app.benchmarks.get(benchmark).await?;
    let queries = ready.benchmark.groups().iter().map(|group| group.queries.len() as u64).sum();
    let items = ready.benchmark.groups().iter().map(|group| group.gallery.len() as u64).sum();
    let opened = phase.must_have_opened(app.ambient.now()).is_ok();
    Ok(DataSetPhase {
        phase: layout::tab(challenge, phase, false),
        split: benchmark.split.clone(),
        queries,
        items,
        open: benchmark.targets == TargetsAre::Public,
        licence: benchmark.licence.clone(),
        pages: opened.then(|| {
            [
                layout::explore(challenge, phase),
                layout::statistics(challenge, phase),
                layout::take_part(challenge, phase),
            ]
        }),
    })
}

/// A query of the first phase that has opened; one with public targets, if there is one.
async fn example(app: &App, located: &[Located]) -> Result<Option<Example>> {
    let now = app.ambient.now();
    let opened = || located.iter().filter(|it| it.phase.must_have_opened(now).is_ok());
    let open = opened().find(|it| it.benchmark.targets == TargetsAre::Public);
    let Some(Located { challenge, phase, .. }) = open.or_else(|| opened().next()) else {
        return Ok(None);
    };
    let data = PhaseData::of(app, &challenge.name, &phase.name).await?;
    let split = data.explored.split(None)?;
    let place = QueryPlace { group: 0, query: 0 };
    let has_queries = split.groups().next().is_some_and(|group| group.queries > 0);
    Ok(has_queries.then(|| Example {
        query: data.listed(split, place, ""),
        phase: phase.title.clone(),
        pictures: data.picture_licence(),
    }))
}

fn links(challenge: &challenge::Model, has_published: bool) -> Vec<Link> {
    let home = layout::board(challenge);
    let mut links = vec![
        Link::new("Leaderboard", home.clone()),
        Link::new("Take part", format!("{home}/take-part")),
        Link::new("Rules", format!("{home}/rules")),
        Link::new("How scoring works", layout::scoring(challenge)),
        Link::new("Limits", layout::limits(challenge)),
    ];
    if has_published {
        links.push(Link::new("Published results", format!("{home}/published")));
    }
    links
}
