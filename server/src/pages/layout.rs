//! What stands around every page.

use web::pages::{Layout, Link};

use crate::entities::{challenge, phase};

/// The layout of a page of a challenge.
pub(crate) fn of(challenge: &challenge::Model) -> Layout {
    Layout {
        nav: vec![Link::new("Leaderboard", board(challenge)), Link::new("API", "/api/docs")],
        action: None,
        foot: vec![Link::new("API", "/api/docs")],
    }
}

/// The layout of a page outside any challenge.
pub(crate) fn plain() -> Layout {
    Layout { nav: vec![Link::new("Challenges", "/")], action: None, foot: vec![] }
}

/// The address of a challenge's page.
pub(crate) fn board(challenge: &challenge::Model) -> String {
    format!("/c/{}", challenge.name)
}

/// The address of a phase's board.
pub(crate) fn phase(challenge: &challenge::Model, phase: &phase::Model) -> String {
    format!("/c/{}/{}", challenge.name, phase.name)
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
        closes: row.closes_at.map(crate::ambient::Instant::utc),
    }
}
