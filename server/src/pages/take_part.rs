//! `/c/{challenge}/{phase}/take-part`: what a newcomer needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use poem::web::{Data, Path};
use poem::{Response, handler};
use web::pages::{Download, TakePartPage};

use super::{answer, board, layout, see_other};
use crate::app::App;
use crate::challenges::{self, AskedField, AskedKind, Located, PhaseState, state_at};
use crate::entities::{challenge, phase};
use crate::error::Result;
use crate::submissions;

/// `GET /c/{challenge}/take-part`: to the phase that is open, or else the last one.
#[handler]
pub async fn first_phase(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let (challenge, phase) = board::current(&app, &name).await?;
    Ok(see_other(&layout::take_part(&challenge, &phase)))
}

/// `GET /c/{challenge}/{phase}/take-part`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Path((challenge, phase)): Path<(String, String)>,
) -> Result<Response> {
    let Located { challenge, phase, benchmark } =
        challenges::locate(&app.db, &challenge, &phase).await?;
    let ready = app.benchmarks.get(&benchmark).await?;
    let groups = ready.benchmark.groups();
    let items: usize = groups.iter().map(|group| group.gallery.len()).sum();
    let (api, now) = (layout::api(&challenge, &phase), app.ambient.now());
    let download = |name: &str, count: Option<usize>| Download {
        href: format!("{api}/{name}"),
        bytes: None,
        count: count.map(|count| count as u64),
    };
    let opened = state_at(&phase, now) != PhaseState::Upcoming;
    let host = app.base_address();
    let details = examples(&phase)?;
    answer(&TakePartPage {
        layout: layout::of(&challenge, "Take part"),
        challenge: challenge.title.clone(),
        phase: layout::tab(&challenge, &phase, true),
        groups: groups.iter().map(|group| group.name.clone()).collect(),
        queries: download("queries", Some(benchmark.queries as usize)),
        gallery: download("gallery", Some(items)),
        data: opened.then(|| download("data", None)),
        template: opened.then(|| download("template", None)),
        submit: Some(layout::form(&challenge, &phase)),
        limits: layout::limits(&challenge),
        format: layout::scoring(&challenge),
        validate_line: format!(
            "fashion-iq validate run.zip --data data --split {}",
            benchmark.split
        ),
        submit_line: format!(
            "fashion-iq submit run.zip --server {host} --phase {} --method \"my method\"{}",
            phase.name,
            details.iter().map(detail).collect::<String>()
        ),
        curl_line: curl_line(&host, &challenge, &phase)?,
        host,
        now: now.utc(),
    })
}

/// A line for the shell that submits with curl.
pub(super) fn curl_line(
    host: &str,
    challenge: &challenge::Model,
    phase: &phase::Model,
) -> Result<String> {
    let intake = format!("{host}{}/submissions", layout::api(challenge, phase));
    let details = examples(phase)?;
    let details = if details.is_empty() {
        String::new()
    } else {
        let details: BTreeMap<_, _> = details.into_iter().collect();
        format!("&details={}", web::encoded(&submissions::to_json(&details)?))
    };
    Ok(format!(
        "curl -H \"Authorization: Bearer $FASHION_IQ_TOKEN\" --data-binary @run.zip \\\n  \
         \"{intake}?method=my+method{details}\""
    ))
}

/// What tells the program one answer; an answer is quoted, whatever is in it.
fn detail((name, answer): &(String, String)) -> String {
    format!(" --detail '{name}={}'", answer.replace('\'', "'\\''"))
}

/// An answer to each field without which a run is refused.
fn examples(phase: &phase::Model) -> Result<Vec<(String, String)>> {
    let example = |field: AskedField| {
        let answer = match field.kind {
            AskedKind::Text => "some words",
            AskedKind::Link => "https://example.org",
            AskedKind::YesNo | AskedKind::Choice => field.values().first().copied().unwrap_or("-"),
        };
        (field.name.clone(), answer.to_owned())
    };
    Ok(phase.asked()?.into_iter().filter(|field| field.required).map(example).collect())
}
