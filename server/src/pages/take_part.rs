//! `/c/{challenge}/{phase}/take-part`: how to take part, for newcomers.

mod data;
mod dialogs;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::challenges::{self, AskedField, AskedKind, Located, PhaseState, state_at};
use domain::database;
use domain::entities::{challenge, phase};
use poem::web::{Data, Path};
use poem::{Response, handler};
use scoring::Benchmark;
use web::pages::{Download, Guide, TakePartPage};

use super::{answer, board, layout, markdown, see_other};
use crate::app::App;
use crate::refusal::Result;

/// The repository of our own program, and its package.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
const PROGRAM: &str = env!("CARGO_PKG_NAME");

/// `GET /c/{challenge}/take-part`: redirects to the phase that is open, or else the last phase.
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
    let located = challenges::locate(&app.db, &challenge, &phase).await?;
    let ready = app.benchmarks.get(&located.benchmark).await?;
    if let Some(rules) = located.phase.dialog_rules() {
        return dialogs::show(&app, &located, &ready, rules).await;
    }
    let Located { challenge, phase, benchmark } = located;
    let groups = ready.benchmark.groups();
    let queries = groups.iter().map(|group| group.queries.len()).sum();
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
    let folder = folder(&challenge, &phase);
    let task = ready.benchmark.task();
    let run = task.run_file;
    let data = if opened {
        Some(data::offer(&app, &challenge, &phase, &benchmark, &ready).await?)
    } else {
        None
    };
    answer(&TakePartPage {
        layout: layout::of(&challenge, "Take part"),
        challenge: challenge.title.clone(),
        phase: layout::tab(&challenge, &phase, true),
        guide: guide(&challenge, &ready.benchmark),
        queries: download("queries", Some(queries)),
        gallery: download("gallery", Some(items)),
        data,
        template: opened.then(|| download("template", None)),
        submit: Some(layout::form(&challenge, &phase)),
        limits: layout::limits(&challenge),
        format: layout::scoring_of(&challenge, task),
        validate_line: format!(
            "fashion-iq validate {run} {}",
            challenges::data_options(task, ready.benchmark.protocol(), &folder, &benchmark.split)
        ),
        install_line: format!("cargo install --locked --git {REPOSITORY} {PROGRAM}"),
        repository: REPOSITORY,
        submit_line: format!(
            "fashion-iq submit {run} --server {host} \\\n  --challenge {} --phase {} --method \"my method\"{}",
            challenge.name,
            phase.name,
            details.iter().map(detail).collect::<String>()
        ),
        curl_line: curl_line(&host, &challenge, &phase)?,
        host,
        now: now.utc(),
    })
}

/// The instructions of a benchmark's task.
fn guide(challenge: &challenge::Model, benchmark: &Benchmark) -> Guide {
    let (task, groups) = (benchmark.task(), benchmark.groups());
    let group = groups.first().map_or("", |group| &group.name);
    let example = |text: &str| text.replace("{group}", group).replace("{split}", benchmark.split());
    let files = task.file_names(benchmark).into_iter().map(|file| format!("`{file}`"));
    let files = files.collect::<Vec<_>>().join(", ");
    Guide {
        queries: markdown::render(task.texts.queries),
        query_example: example(task.texts.query_example),
        items: task.texts.items,
        gallery_example: example(task.texts.gallery_example),
        list_length: task.list_length,
        grouped: groups.len() > 1,
        run: markdown::render(&task.texts.run.replace("{files}", &files)),
        run_file: task.run_file,
        write_run: task.texts.write_run,
        write_run_href: layout::write_run(challenge),
    }
}

/// The folder that the shell commands unpack a phase's data into: a separate one for each phase.
fn folder(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("{}-{}", challenge.name, phase.name)
}

/// A shell command that submits with curl.
pub(super) fn curl_line(
    host: &str,
    challenge: &challenge::Model,
    phase: &phase::Model,
) -> Result<String> {
    let intake = format!("{host}{}/submissions", layout::api(challenge, phase));
    let run = challenge.task()?.run_file;
    let details = examples(phase)?;
    let details = if details.is_empty() {
        String::new()
    } else {
        let details: BTreeMap<_, _> = details.into_iter().collect();
        format!("&details={}", web::encoded(&database::to_json(&details)?))
    };
    Ok(format!(
        "curl -H \"Authorization: Bearer $FASHION_IQ_TOKEN\" --data-binary @{run} \\\n  \
         \"{intake}?method=my+method{details}\""
    ))
}

/// The option that gives the program one answer, quoted for the shell.
fn detail((name, answer): &(String, String)) -> String {
    format!(" --detail '{name}={}'", answer.replace('\'', "'\\''"))
}

/// An example answer to each required field.
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
