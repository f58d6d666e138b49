//! One phase of a `challenge.toml`.

use serde::Deserialize;

use super::instant::{instant, maybe_instant};
use super::{check_name, check_title, must};
use crate::ambient::Instant;
use crate::challenges::{AskedField, Metric, Reset, Shown, asked};
use crate::entities::benchmark::TargetsAre;
use crate::error::{Error, Result};

/// Words that stand where a phase's name does in the addresses of pages.
const RESERVED: [&str; 10] = [
    "join",
    "limits",
    "news",
    "organise",
    "published",
    "rules",
    "scoring",
    "submissions",
    "take-part",
    "team",
];

/// One phase of a challenge.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseDefinition {
    /// The word in addresses.
    pub name: String,
    /// The title people read.
    pub title: String,
    /// Which benchmark it scores.
    pub benchmark: String,
    /// The first instant at which submissions are taken.
    #[serde(deserialize_with = "instant")]
    pub opens: Instant,
    /// The first instant at which they no longer are; absent: never closes.
    #[serde(default, deserialize_with = "maybe_instant")]
    pub closes: Option<Instant>,
    /// The instant whose board everybody sees from then on; absent: it never freezes.
    #[serde(default, deserialize_with = "maybe_instant")]
    pub freezes: Option<Instant>,
    /// The instant from which on everybody sees everything that the targets allow.
    #[serde(default, deserialize_with = "maybe_instant")]
    pub reveals: Option<Instant>,
    /// Of up to how many runs that a team chooses the best counts; 0: the best of all.
    #[serde(default)]
    pub finals: u16,
    /// Whether probes are shown.
    #[serde(default = "yes")]
    pub probes: bool,
    /// What it asks for beside the method's name.
    #[serde(default, rename = "field")]
    pub fields: Vec<AskedField>,
    /// How many a team may make.
    #[serde(default)]
    pub limits: LimitsDefinition,
    /// When a day begins for the limits.
    #[serde(default)]
    pub reset: ResetDefinition,
    /// Which metrics who sees.
    #[serde(default)]
    pub shown: ShownDefinition,
}

fn yes() -> bool {
    true
}

/// The limits of a phase; absent means no limit.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsDefinition {
    /// Scored submissions a day.
    pub per_day: Option<u16>,
    /// Scored submissions in the whole phase.
    pub total: Option<u16>,
    /// Submissions being scored at the same time.
    pub at_once: Option<u16>,
    /// Invalid uploads a day.
    pub invalid_per_day: Option<u16>,
}

/// When a day begins for the limits of a phase.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResetDefinition {
    /// From 0 to 23, in the zone.
    pub hour: i32,
    /// `UTC`, `AoE` or a name such as `Europe/Berlin`.
    pub zone: String,
}

impl Default for ResetDefinition {
    fn default() -> Self {
        Self { hour: 0, zone: "UTC".to_owned() }
    }
}

/// Which metrics of a phase who sees; absent means all that the targets allow.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownDefinition {
    /// Everybody, on the board.
    public: Option<Vec<String>>,
    /// A team, of its own submissions; what everybody sees it sees too.
    team: Option<Vec<String>>,
}

impl ShownDefinition {
    /// What everybody sees, where it is said.
    pub fn public(&self) -> Result<Option<Shown>> {
        self.public.as_ref().map(|names| Shown::read(&names.join(" "))).transpose()
    }

    /// What a team sees of its own, where it is said.
    pub fn team(&self) -> Result<Option<Shown>> {
        self.team.as_ref().map(|names| Shown::read(&names.join(" "))).transpose()
    }
}

impl PhaseDefinition {
    pub(super) fn check(&self) -> Result<()> {
        check_name("phase.name", &self.name)?;
        let in_phase = |e: Error| Error::unusable(format!("phase `{}`: {e}", self.name));
        self.check_parts().map_err(in_phase)
    }

    fn check_parts(&self) -> Result<()> {
        must(
            !RESERVED.contains(&self.name.as_str()),
            "the name is taken by a page of its own; choose another",
        )?;
        check_title("title", &self.title)?;
        must(self.closes.is_none_or(|closes| closes > self.opens), "it closes before it opens")?;
        if let Some(freezes) = self.freezes {
            must(freezes > self.opens, "it freezes before it opens")?;
            must(
                self.reveals.is_none_or(|reveals| reveals >= freezes),
                "it reveals before it freezes",
            )?;
        }
        must(
            self.reveals.is_none_or(|reveals| reveals > self.opens),
            "it reveals before it opens",
        )?;
        asked::check(&self.fields)?;
        Reset::new(self.reset.hour, &self.reset.zone)?;
        let LimitsDefinition { per_day, total, .. } = self.limits;
        let fits = total.is_none_or(|total| per_day.is_none_or(|day| day <= total));
        must(fits, "limits.per_day is larger than limits.total, so it would never count")
    }

    /// Refuses to show more than the targets allow, and a board that could not be ordered.
    pub(super) fn check_shown(&self, targets: TargetsAre) -> Result<()> {
        let in_phase = |what: String| Error::unusable(format!("phase `{}`: {what}", self.name));
        let most = Shown::at_most(targets);
        for (who, shown) in [("public", self.shown.public()), ("team", self.shown.team())] {
            let Some(shown) = shown.map_err(|e| in_phase(e.detail))? else { continue };
            if let Some(wide) = shown.iter().find(|metric| !most.has(*metric)) {
                let wide = wide.name();
                return Err(in_phase(format!(
                    "shown.{who} names {wide}, which is more than these targets allow: {}",
                    if most.is_nothing() { "nothing".to_owned() } else { most.to_string() }
                )));
            }
            must(
                shown.is_nothing() || shown.has(Metric::Overall),
                in_phase(format!("shown.{who} needs `overall`, which orders the board")).detail,
            )?;
        }
        Ok(())
    }
}
