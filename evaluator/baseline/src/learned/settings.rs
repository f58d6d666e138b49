//! The settings of a training, written next to its checkpoint.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The settings of a training. The same settings, data and features give the same model on the CPU,
/// with the same number of threads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Which model.
    pub model: String,
    /// The seed of initial values, batches, negatives and dropout.
    pub seed: u64,
    /// How many networks are trained; their scores are added.
    pub members: usize,
    /// How often every query is seen.
    pub epochs: usize,
    /// Queries per step, all of one group.
    pub batch: usize,
    /// Random items of the gallery as negatives for each query, in addition to the other targets of its
    /// batch.
    pub negatives: usize,
    /// Random items of the gallery by which a model learns how ordinary an item is.
    pub crowd: usize,
    /// Adam's highest learning rate: reached after [`WARM_UP`] steps, then down along a cosine.
    pub rate: f64,
    /// Adam's weight decay.
    pub decay: f64,
    /// The share of values dropped between layers.
    pub dropout: f64,
    /// The length of learned vectors.
    pub width: i64,
    /// The share of queries that are read with one of their captions alone in a step of training, by
    /// models that read the captions of items.
    #[serde(default)]
    pub alone: f64,
    /// What the model sees of items.
    #[serde(default)]
    pub items: ItemsSeen,
    /// Whether one reference in [`HELD_OUT`] is held out from training.
    pub hold_out: bool,
}

/// What a model sees of items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ItemsSeen {
    /// The words of their attributes.
    #[default]
    Attributes,
    /// Their pictures' vectors.
    Pictures,
    /// Both.
    Both,
    /// The words of their attributes and their machine captions.
    Captions,
}

impl ItemsSeen {
    /// Whether the words of attributes alone are among it.
    pub fn attributes(self) -> bool {
        matches!(self, Self::Attributes | Self::Both)
    }

    /// Whether pictures are among it.
    pub fn pictures(self) -> bool {
        matches!(self, Self::Pictures | Self::Both)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Attributes => "attributes",
            Self::Pictures => "pictures",
            Self::Both => "attributes, pictures",
            Self::Captions => "attributes, captions",
        }
    }

    /// Whether machine captions are among it.
    pub fn captions(self) -> bool {
        self == Self::Captions
    }
}

/// Steps until the highest learning rate.
pub const WARM_UP: usize = 50;

/// One in this many references is held out, with all its queries.
pub const HELD_OUT: u8 = 6;

impl Settings {
    /// The published settings, chosen on the held-out part of train. `composed` has three networks; more
    /// hardly help.
    pub fn of(model: &str) -> Self {
        Self {
            model: model.to_owned(),
            seed: 1,
            members: if model == "composed" { 3 } else { 1 },
            epochs: 4,
            batch: 128,
            negatives: 768,
            crowd: 512,
            rate: 1e-3,
            decay: 0.1,
            dropout: 0.3,
            width: 128,
            alone: 0.0,
            items: ItemsSeen::default(),
            hold_out: false,
        }
    }

    /// The published settings of a model that sees this of items.
    pub fn seeing(model: &str, items: ItemsSeen) -> Self {
        let settings = Self { items, ..Self::of(model) };
        if items.captions() { Self { epochs: 3, dropout: 0.5, ..settings } } else { settings }
    }

    /// The same with some changed, given as a JSON object.
    pub fn changed(&self, changes: &str) -> Result<Self> {
        let settings: Self = changed(self, changes)?;
        if [settings.members, settings.epochs, settings.batch, settings.crowd].contains(&0) {
            return Err(Error::unusable("members, epochs, batch and crowd must be at least 1"));
        }
        if !(0.0..=1.0).contains(&settings.alone) {
            return Err(Error::unusable("alone must be from 0 to 1"));
        }
        Ok(settings)
    }

    /// As JSON, for people.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The learning rate of a step, from 0, of this many.
    pub fn rate_at(&self, step: usize, steps: usize) -> f64 {
        self.rate * falling(step, steps)
    }
}

/// The share of the highest learning rate at a step, from 0, of this many: up along a line, then down along a
/// cosine.
pub(super) fn falling(step: usize, steps: usize) -> f64 {
    let warm = ((step + 1) as f64 / WARM_UP as f64).min(1.0);
    let progress = step as f64 / steps.max(1) as f64;
    warm * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
}

/// Settings that have options of their own, which would take precedence unnoticed.
const OPTIONS: [&str; 2] = ["seed", "hold_out"];

/// Settings with some changed, given as a JSON object.
pub(super) fn changed<T: Serialize + DeserializeOwned>(settings: &T, changes: &str) -> Result<T> {
    let wrong = |e| Error::unusable(format!("settings {changes}: {e}"));
    let changes: serde_json::Map<_, _> = serde_json::from_str(changes).map_err(wrong)?;
    let mut settings = serde_json::to_value(settings).map_err(wrong)?;
    for (name, value) in changes {
        if OPTIONS.contains(&name.as_str()) {
            let option = name.replace('_', "-");
            return Err(Error::unusable(format!("use --{option} instead of the setting `{name}`")));
        }
        match settings.get_mut(&name) {
            Some(old) => *old = value,
            None => return Err(Error::unusable(format!("unknown setting `{name}`"))),
        }
    }
    serde_json::from_value(settings).map_err(wrong)
}

/// A duration in words.
pub fn took(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 90 {
        format!("{seconds} s")
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_changed_by_name_and_no_other_name_is_taken() {
        let settings = Settings::of("sum").changed(r#"{"epochs": 2}"#).unwrap();
        assert_eq!(settings, Settings { epochs: 2, ..Settings::of("sum") });
        let said = |changes| Settings::of("sum").changed(changes).unwrap_err().to_string();
        assert_eq!(said(r#"{"epoch": 2}"#), "unknown setting `epoch`");
        assert_eq!(said(r#"{"seed": 2}"#), "use --seed instead of the setting `seed`");
        let held_out = said(r#"{"hold_out": true}"#);
        assert_eq!(held_out, "use --hold-out instead of the setting `hold_out`");
        assert!(said(r#"{"batch": 0}"#).contains("at least 1"));
        assert!(said("epochs=2").starts_with("settings epochs=2: "));
    }

    #[test]
    fn the_rate_rises_then_falls_to_nothing() {
        let settings = Settings::of("composed");
        let at = |step| settings.rate_at(step, 1000);
        assert!(at(0) < at(10) && at(10) < at(49));
        assert!(at(60) > at(500) && at(500) > at(999) && at(999) < 1e-7);
    }
}
