//! The layout of every page, and the addresses of pages.

use domain::entities::{challenge, phase};
use scoring::Task;
use web::pages::{Layout, Link};

/// The layout of a page of a challenge; the link to the current page is marked.
pub(crate) fn of(challenge: &challenge::Model, current: &str) -> Layout {
    let link = |label: &str, href: String| {
        if label == current { Link::current(label, href) } else { Link::new(label, href) }
    };
    let home = board(challenge);
    let has_published = challenge.task().is_ok_and(|task| task.texts.published.is_some());
    let mut foot =
        vec![link("Limits", limits(challenge)), link("How scoring works", scoring(challenge))];
    if has_published {
        foot.push(link("Published results", format!("{home}/published")));
    }
    foot.extend([Link::new("API", "/api/docs"), Link::new("Privacy", "/privacy")]);
    Layout {
        nav: vec![
            link("Leaderboard", home.clone()),
            link("Take part", format!("{home}/take-part")),
            link("Data set", data_set(challenge)),
            link("Rules", format!("{home}/rules")),
            link("News", format!("{home}/news")),
            link("Your team", team(challenge)),
            link("Your submissions", submissions(challenge)),
        ],
        foot,
    }
}

/// The layout of a page outside any challenge.
pub(crate) fn plain() -> Layout {
    let foot = vec![Link::new("Privacy", "/privacy")];
    Layout { nav: vec![Link::new("Challenges", "/")], foot }
}

/// The address of a challenge's page.
pub(crate) fn board(challenge: &challenge::Model) -> String {
    format!("/c/{}", challenge.name)
}

/// The data set of a challenge.
pub(crate) fn data_set(challenge: &challenge::Model) -> String {
    format!("/c/{}/data", challenge.name)
}

/// The queries of a phase, to browse.
pub(crate) fn explore(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("/c/{}/{}/explore", challenge.name, phase.name)
}

/// The statistics of a phase's data.
pub(crate) fn statistics(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("/c/{}/{}/statistics", challenge.name, phase.name)
}

/// The page of a query.
pub(crate) fn query(challenge: &challenge::Model, phase: &phase::Model, id: &str) -> String {
    format!("/c/{}/{}/queries/{}", challenge.name, phase.name, web::encoded(id))
}

/// The small picture of an item.
pub(crate) fn picture(
    challenge: &challenge::Model,
    phase: &phase::Model,
    group: &str,
    item: &str,
) -> String {
    let (group, item) = (web::encoded(group), web::encoded(item));
    format!("/c/{}/{}/pictures/{group}/{item}", challenge.name, phase.name)
}

/// The page that explains the scoring.
pub(crate) fn scoring(challenge: &challenge::Model) -> String {
    format!("/c/{}/scoring", challenge.name)
}

/// The page that explains the feedback share.
pub(crate) fn feedback_share(challenge: &challenge::Model) -> String {
    format!("/c/{}/feedback-share", challenge.name)
}

/// The page that explains how sure a score is.
pub(crate) fn significance(challenge: &challenge::Model) -> String {
    format!("/c/{}/significance", challenge.name)
}

/// The page on which a visitor talks to the agent.
pub(crate) fn talk(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("/c/{}/{}/talk", challenge.name, phase.name)
}

/// The program that plays dialogs.
pub(crate) fn agent(challenge: &challenge::Model) -> String {
    format!("/c/{}/agent.py", challenge.name)
}

/// The page that explains the scores of a phase whose benchmark has this task.
pub(crate) fn scoring_of(challenge: &challenge::Model, task: &Task) -> String {
    if task.is_of_dialogs() { dialog_scoring(challenge) } else { scoring(challenge) }
}

/// The page that explains the scores of dialogs.
pub(crate) fn dialog_scoring(challenge: &challenge::Model) -> String {
    format!("/c/{}/dialogs", challenge.name)
}

/// The program that writes a submission file.
pub(crate) fn write_run(challenge: &challenge::Model) -> String {
    format!("/c/{}/write_run.py", challenge.name)
}

/// The limits of each phase.
pub(crate) fn limits(challenge: &challenge::Model) -> String {
    format!("/c/{}/limits", challenge.name)
}

/// A team's own submissions.
pub(crate) fn submissions(challenge: &challenge::Model) -> String {
    format!("/c/{}/submissions", challenge.name)
}

/// The page of a person's team.
pub(crate) fn team(challenge: &challenge::Model) -> String {
    format!("/c/{}/team", challenge.name)
}

/// The page where a challenge is organised.
pub(crate) fn organise(challenge: &challenge::Model) -> String {
    format!("/c/{}/organise", challenge.name)
}

/// The page of a submission.
pub(crate) fn submission(challenge: &challenge::Model, id: uuid::Uuid) -> String {
    format!("/c/{}/submissions/{id}", challenge.name)
}

/// How to take part in a phase.
pub(crate) fn take_part(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("/c/{}/{}/take-part", challenge.name, phase.name)
}

/// The API address of a phase.
pub(crate) fn api(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("/api/v1/challenges/{}/phases/{}", challenge.name, phase.name)
}

/// The address of a phase's board.
pub(crate) fn phase(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("/c/{}/{}", challenge.name, phase.name)
}

/// The report of a phase.
pub(crate) fn report(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("/c/{}/{}/report", challenge.name, phase.name)
}

/// The permanent page of final results.
pub(crate) fn results(challenge: &challenge::Model, phase: &phase::Model, name: &str) -> String {
    format!("/c/{}/{}/results/{name}", challenge.name, phase.name)
}

/// The page that compares two submissions of a phase.
pub(crate) fn compare(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("/c/{}/{}/compare", challenge.name, phase.name)
}

/// The address of a phase's submission form.
pub(crate) fn form(challenge: &challenge::Model, phase: &phase::Model) -> String {
    if phase.dialog_rules().is_some() {
        return take_part(challenge, phase);
    }
    format!("/c/{}/{}/submit", challenge.name, phase.name)
}

/// A phase as a tab.
pub(crate) fn tab(
    challenge: &challenge::Model,
    row: &phase::Model,
    current: bool,
) -> web::pages::Phase {
    web::pages::Phase {
        name: row.title.clone(),
        href: phase(challenge, row),
        current,
        opens: row.opens_at.utc(),
        closes: row.closes_at.map(domain::ambient::Instant::utc),
    }
}
