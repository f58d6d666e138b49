//! How to play a phase of dialogs.

use domain::challenges::{DialogRules, Located, PhaseState, Ready, state_at};
use poem::Response;
use web::pages::{DialogFacts, DialogGuidePage, Download};

use super::data;
use crate::app::App;
use crate::pages::{answer, layout};
use crate::refusal::Result;

/// The page of a phase with these rules.
pub(super) async fn show(
    app: &App,
    located: &Located,
    ready: &std::sync::Arc<Ready>,
    rules: DialogRules,
) -> Result<Response> {
    let Located { challenge, phase, benchmark } = located;
    let (api, host, now) = (layout::api(challenge, phase), app.base_address(), app.ambient.now());
    let groups = ready.benchmark.groups();
    let items: usize = groups.iter().map(|group| group.gallery.len()).sum();
    let opened = state_at(phase, now) != PhaseState::Upcoming;
    let data = if opened {
        Some(data::offer(app, challenge, phase, benchmark, ready).await?)
    } else {
        None
    };
    let start = format!("{api}/dialogs");
    let need = |group: &dataset::Group| (group.name.clone(), ready.benchmark.need(group) as u64);
    answer(&DialogGuidePage {
        layout: layout::of(challenge, "How to play"),
        challenge: challenge.title.clone(),
        phase: layout::tab(challenge, phase, true),
        rules: DialogFacts {
            turns: rules.turns.into(),
            need: groups.iter().map(need).collect(),
            dialogs: rules.dialogs.into(),
            time: web::format_span(std::time::Duration::from_secs(rules.seconds() as u64)),
            simulator: ready.benchmark.simulator().unwrap_or_default().to_owned(),
            transcripts: phase.dialog_transcripts,
        },
        gallery: Download {
            href: format!("{api}/gallery"),
            bytes: None,
            count: Some(items as u64),
        },
        data,
        talk: opened.then(|| layout::talk(challenge, phase)),
        limits: layout::limits(challenge),
        scoring: layout::dialog_scoring(challenge),
        agent: ready.benchmark.task().texts.write_run,
        agent_href: layout::agent(challenge),
        agent_line: format!(
            "curl -O {host}{}\npython3 agent.py {host} {} {} \"my method\"",
            layout::agent(challenge),
            challenge.name,
            phase.name
        ),
        curl_line: format!(
            "curl -X POST -H \"Authorization: Bearer $FASHION_IQ_TOKEN\" \\\n  \"{host}{start}?method=my+method\""
        ),
        now: now.utc(),
    })
}
