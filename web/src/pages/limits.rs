//! The limits of each phase, and who sees which scores.

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Phase, ShownScores, Targets};
use crate::numbers::{format_count, format_percent};

/// The limits of each phase of a challenge, `/c/{challenge}/limits`.
#[derive(Debug, Clone, Template)]
#[template(path = "limits.html")]
pub struct LimitsPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phases of the challenge, in order.
    pub phases: Vec<PhaseLimits>,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// The limits of one phase.
#[derive(Debug, Clone)]
pub struct PhaseLimits {
    /// The phase.
    pub phase: Phase,
    /// How many submissions a team can make.
    pub allowed: Allowed,
    /// The other phases whose submissions count against the same limits, by title.
    pub shared_with: Vec<String>,
    /// When a day begins.
    pub day: Day,
    /// When the public board freezes, if it does.
    pub freezes: Option<OffsetDateTime>,
    /// When everything that the targets allow is shown, if that is set.
    pub reveals: Option<OffsetDateTime>,
    /// Who knows the targets.
    pub targets: Targets,
    /// The scores that everyone sees.
    pub public: ShownScores,
    /// The scores that a team sees of its own submissions.
    pub team: ShownScores,
    /// The feedback share in percent, if there is one.
    pub share: Option<u64>,
    /// Whether scores are rounded until the reveal.
    pub rounded: bool,
    /// The step of the Ladder as a fraction, if scores are on it.
    pub ladder: Option<f64>,
}

/// How many submissions a team can make; absent means no limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowed {
    /// Scored submissions a day.
    pub per_day: Option<u64>,
    /// Scored submissions in the whole phase.
    pub total: Option<u64>,
    /// Submissions that wait for their score at the same time.
    pub at_once: Option<u64>,
    /// Invalid submissions a day.
    pub invalid_per_day: Option<u64>,
}

/// When the days of a phase begin.
#[derive(Debug, Clone)]
pub struct Day {
    /// The hour, 0 to 23.
    pub hour: u8,
    /// The time zone, such as `UTC` or `Asia/Tokyo`.
    pub zone: String,
    /// When the next day begins; given in the phase's own zone, it is shown in that zone too.
    pub next: OffsetDateTime,
}

impl PhaseLimits {
    /// Who sees which scores, in sentences.
    fn audience(&self) -> String {
        let (public, team) = (&self.public, &self.team);
        if self.targets == Targets::Absent {
            return "This phase has no targets: files are checked but not scored.".to_owned();
        }
        match (public.is_nothing(), team.is_nothing()) {
            (true, true) => {
                "Submissions are scored. Only the organisers see the scores until they \
                             are published."
                    .to_owned()
            }
            (true, false) => {
                format!(
                    "A team sees {} of its own submissions. Nobody else does yet.",
                    team.sentence()
                )
            }
            _ if public == team => format!(
                "Everyone sees {}; a team sees the same for its own submissions.",
                public.sentence()
            ),
            _ => format!(
                "Everyone sees {}. A team sees {} for its own submissions.",
                public.sentence(),
                team.sentence()
            ),
        }
    }
}

impl PhaseLimits {
    /// The step of the Ladder in points, `0.5`.
    fn step(&self) -> Option<String> {
        self.ladder.map(|step| format_percent(step, 1))
    }
}

impl Allowed {
    /// Each limit with what it counts.
    fn rows(&self) -> [(&'static str, String); 4] {
        let number = |allowed: Option<u64>| allowed.map_or("no limit".to_owned(), format_count);
        [
            ("submissions a day", number(self.per_day)),
            ("submissions in total", number(self.total)),
            ("submissions at once", number(self.at_once)),
            ("invalid files a day", number(self.invalid_per_day)),
        ]
    }
}

impl Day {
    /// `00:00 UTC`.
    fn begins(&self) -> String {
        format!("{:02}:00 {}", self.hour, self.zone)
    }
}
