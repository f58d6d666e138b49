//! What each phase allows, and who is shown which scores.

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Phase, ShownScores, Targets};
use crate::numbers::format_count;

/// What each phase of a challenge allows, `/c/{challenge}/limits`.
#[derive(Debug, Clone, Template)]
#[template(path = "limits.html")]
pub struct LimitsPage {
    /// What stands around it.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phases of the challenge, in order.
    pub phases: Vec<PhaseLimits>,
    /// The instant the page is written.
    pub now: OffsetDateTime,
}

/// What one phase allows.
#[derive(Debug, Clone)]
pub struct PhaseLimits {
    /// The phase.
    pub phase: Phase,
    /// How many submissions a team may make.
    pub allowed: Allowed,
    /// The other phases whose submissions count against the same limits, by title.
    pub shared_with: Vec<String>,
    /// When a day begins.
    pub day: Day,
    /// From when on the public board stands still, if it does.
    pub freezes: Option<OffsetDateTime>,
    /// From when on everything is shown that the targets allow, if that is set.
    pub reveals: Option<OffsetDateTime>,
    /// Who knows the targets.
    pub targets: Targets,
    /// What everybody is shown.
    pub public: ShownScores,
    /// What a team is shown of its own submissions.
    pub team: ShownScores,
}

/// How many submissions a team may make; absent means as many as it likes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowed {
    /// Scored ones a day.
    pub per_day: Option<u64>,
    /// Scored ones in the whole phase.
    pub total: Option<u64>,
    /// Ones that wait for their score at the same time.
    pub at_once: Option<u64>,
    /// Invalid ones a day.
    pub invalid_per_day: Option<u64>,
}

/// When the days of a phase begin.
#[derive(Debug, Clone)]
pub struct Day {
    /// The hour, 0 to 23.
    pub hour: u8,
    /// In which zone, such as `UTC` or `Asia/Tokyo`.
    pub zone: String,
    /// When the next one begins; given in the phase's own zone, it is shown in that zone too.
    pub next: OffsetDateTime,
}

impl PhaseLimits {
    /// Who is shown what, in sentences.
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
