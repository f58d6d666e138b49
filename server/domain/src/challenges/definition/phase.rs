//! One phase of a `challenge.toml`.

use scoring::Task;
use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Table;

use super::{check_name, must};
use crate::challenges::{PhaseSettings, Publishable, Shown};
use crate::entities::benchmark::TargetsAre;
use crate::error::{Error, Result};

/// Words that have the place of a phase's name in URLs of pages.
pub const RESERVED_NAMES: [&str; 14] = [
    "data",
    "dialogs",
    "feedback-share",
    "join",
    "limits",
    "news",
    "organise",
    "published",
    "rules",
    "scoring",
    "significance",
    "submissions",
    "take-part",
    "team",
];

/// One phase of a challenge.
#[derive(Debug, Clone)]
pub struct PhaseDefinition {
    /// The name in URLs.
    pub name: String,
    /// The benchmark that it scores.
    pub benchmark: String,
    /// All other settings.
    pub settings: PhaseSettings,
}

impl<'de> Deserialize<'de> for PhaseDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut table = Table::deserialize(deserializer)?;
        let mut word = |key: &'static str| match table.remove(key) {
            Some(toml::Value::String(word)) => Ok(word),
            Some(other) => Err(D::Error::custom(format!("`{key}` must be text, not {other}"))),
            None => Err(D::Error::missing_field(key)),
        };
        let (name, benchmark) = (word("name")?, word("benchmark")?);
        let settings = PhaseSettings::read(&table).map_err(|e| D::Error::custom(e.detail))?;
        Ok(Self { name, benchmark, settings })
    }
}

impl PhaseDefinition {
    pub(super) fn check(&self) -> Result<()> {
        check_name("phase.name", &self.name)?;
        let in_phase = |e: Error| Error::unusable(format!("phase `{}`: {e}", self.name));
        must(
            !RESERVED_NAMES.contains(&self.name.as_str()),
            "this name is reserved for a page; choose another",
        )
        .and_then(|()| self.settings.check())
        .map_err(in_phase)
    }

    /// Refuses to show more than the targets allow, boards that could not be ordered, and a feedback
    /// share of targets that are not hidden.
    pub(super) fn check_shown(&self, task: &'static Task, targets: TargetsAre) -> Result<()> {
        let kind = self.settings.kind()?;
        kind.must_fit(&self.benchmark, targets)
            .map_err(|e| Error::unusable(format!("phase `{}`: {e}", self.name)))?;
        let divided = self.settings.feedback(targets, None).0 > 0;
        let laddered = self.settings.ladder > 0;
        let scores = Publishable { task, targets, divided, laddered };
        must(
            !divided || targets == TargetsAre::Hidden,
            format!("phase `{}`: a feedback share is for hidden targets", self.name),
        )?;
        must(
            self.settings.ladder == 0 || targets == TargetsAre::Hidden,
            format!("phase `{}`: the Ladder is for hidden targets", self.name),
        )?;
        let in_phase = |what: String| Error::unusable(format!("phase `{}`: {what}", self.name));
        let most = scores.at_most();
        let columns = [&self.settings.shown_public, &self.settings.shown_team];
        for (who, shown) in ["public", "team"].into_iter().zip(columns) {
            let Some(shown) = shown else { continue };
            let shown = Shown::read(scores.task, shown).map_err(|e| in_phase(e.detail))?;
            if let Some(wide) = shown.iter().find(|score| !most.has(*score)) {
                return Err(in_phase(format!(
                    "shown.{who} names {wide}, which is more than these targets allow: {}",
                    if most.is_nothing() { "nothing".to_owned() } else { most.to_string() }
                )));
            }
            must(
                shown.is_nothing() || shown.has_overall(),
                in_phase(format!("shown.{who} needs `overall`, which orders the board")).detail,
            )?;
        }
        Ok(())
    }
}
