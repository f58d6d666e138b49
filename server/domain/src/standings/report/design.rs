//! How a challenge was designed, after the BIAS checklist (Maier-Hein et al., "BIAS: Transparent
//! reporting of biomedical image analysis challenges", Medical Image Analysis 66, 2020), as far as the
//! server knows it.

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;

use crate::ambient::Instant;
use crate::challenges::Ready;
use crate::entities::benchmark::{Publication, TargetsAre};
use crate::entities::{benchmark, challenge, phase};
use crate::error::Result;

/// An item of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesignItem {
    /// What it is about.
    pub heading: String,
    /// Its text; an empty line begins a paragraph.
    pub text: String,
}

pub(super) fn of(
    challenge: &challenge::Model,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    ready: &Ready,
) -> Result<Vec<DesignItem>> {
    let task = benchmark.task()?;
    let summary = match challenge.summary.trim() {
        "" => task.texts.summary.to_owned(),
        summary => summary.to_owned(),
    };
    let items = [
        ("Challenge", challenge.title.clone()),
        ("Task", format!("{summary} A ranking has {} items.", task.list_length)),
        ("Data", data(benchmark, ready)),
        ("Licence of the data", benchmark.licence.clone().unwrap_or_default()),
        ("Targets", targets(benchmark)),
        ("Measures", measures(benchmark)?),
        ("Ranking", ranking(phase)),
        ("Feedback", feedback(phase)),
        ("Phase", dates(phase)),
        ("Limits", limits(phase)),
        ("Who takes part", joining(challenge)),
        ("Rules", challenge.rules.trim().to_owned()),
    ];
    let item = |(heading, text): (&str, String)| DesignItem { heading: heading.to_owned(), text };
    Ok(items.into_iter().map(item).filter(|item| !item.text.is_empty()).collect())
}

fn data(benchmark: &benchmark::Model, ready: &Ready) -> String {
    let group = |group: &dataset::Group| {
        let (name, items) = (&group.name, group.gallery.len());
        let (scored, noun) = (ready.benchmark.scored_in(group), ready.benchmark.task().scored.many);
        let turns = match ready.benchmark.dialogs() {
            Some(_) => format!(" of {} turns", group.queries.len()),
            None => String::new(),
        };
        format!("{name}: {scored} {noun}{turns} over a gallery of {items} items")
    };
    let groups: Vec<String> = ready.benchmark.groups().iter().map(group).collect();
    let published = match benchmark.publication {
        Publication::Official => "Ids and orders are those of the data set's files.",
        Publication::Keyed => "Ids and orders are drawn with a secret key.",
    };
    format!(
        "Split {}, protocol {}. {}. {published} Galleries: SHA-256 {}.",
        benchmark.split,
        benchmark.protocol,
        groups.join("; "),
        benchmark.gallery_digest
    )
}

fn targets(benchmark: &benchmark::Model) -> String {
    match benchmark.targets {
        TargetsAre::Hidden => {
            "Only the organisers have the targets. Nobody who could see them is in a ranked team."
        }
        TargetsAre::Public => "The targets are public, so anyone can score 100 %.",
        TargetsAre::None => "There are no targets: files are checked, not scored.",
        TargetsAre::Drawn => "Targets are drawn by a secret key, anew for each submission.",
    }
    .to_owned()
}

fn measures(benchmark: &benchmark::Model) -> Result<String> {
    let task = benchmark.task()?;
    let names: Vec<String> = task.measures.iter().map(|measure| measure.title()).collect();
    Ok(format!(
        "Submissions are ranked by {}: {}, averaged over the {}. Also computed: {}.",
        task.primary.title(),
        task.primary.meaning(),
        task.group.many,
        names.join(", ")
    ))
}

fn ranking(phase: &phase::Model) -> String {
    let counts = match phase.finals {
        0 => "A team’s best submission counts.".to_owned(),
        n => format!("The best of up to {n} submissions that a team chose as final counts."),
    };
    format!(
        "{counts} Equal scores share a rank; among them the earlier submission is listed first. \
         Intervals are 95 % intervals over resampled queries."
    )
}

fn feedback(phase: &phase::Model) -> String {
    let rounded = "Until the reveal, scores were rounded to a tenth of a point.";
    let share = |percent| {
        format!(
            "Until the reveal, scores were computed on {percent} % of the queries of each group, drawn with a \
             secret key that was committed to beforehand. The final standings are on the others, by the \
             submission that was a team’s best until then."
        )
    };
    match (phase.share_percent(), phase.rounds()) {
        (Some(percent), true) => format!("{} {rounded}", share(percent)),
        (Some(percent), false) => share(percent),
        (None, true) => rounded.to_owned(),
        (None, false) => String::new(),
    }
}

fn dates(phase: &phase::Model) -> String {
    let named = [
        ("It opened on", Some(phase.opens_at)),
        ("closed on", phase.closes_at),
        ("its board froze on", phase.freeze_at),
        ("everything was revealed on", phase.reveal_at),
    ];
    let dates: Vec<String> = named
        .iter()
        .filter_map(|(what, at)| Some(format!("{what} {}", day(*(at.as_ref()?)))))
        .collect();
    format!("{}: {}.", phase.title, dates.join(", "))
}

fn day(at: Instant) -> String {
    at.utc().format(&Rfc3339).unwrap_or_default()
}

fn limits(phase: &phase::Model) -> String {
    let limits = [
        ("a day", phase.limit_per_day),
        ("in the phase", phase.limit_total),
        ("at the same time", phase.limit_at_once),
    ];
    let said: Vec<String> =
        limits.iter().filter_map(|(per, limit)| Some(format!("{} {per}", (*limit)?))).collect();
    match said.as_slice() {
        [] => "Submissions are not limited.".to_owned(),
        said => format!(
            "Submissions of a team: at most {}. Limits bind each member as well, whatever team they are in.",
            said.join(", ")
        ),
    }
}

fn joining(challenge: &challenge::Model) -> String {
    let mut said = Vec::new();
    if challenge.approval {
        said.push("Organisers approve each participant.".to_owned());
    }
    if !challenge.email_domains.is_empty() {
        said.push(format!("Addresses must end in {}.", challenge.email_domains.replace(' ', ", ")));
    }
    if let Some(size) = challenge.team_size {
        said.push(format!("A team has at most {size} members."));
    }
    if said.is_empty() { "Anyone who accepts the rules.".to_owned() } else { said.join(" ") }
}
