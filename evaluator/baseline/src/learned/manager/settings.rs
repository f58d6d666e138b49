//! The settings of a manager's training.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::learned::settings::{changed, falling};

/// The settings of a manager's training. The same settings and data give the same manager on the CPU, with
/// the same number of threads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManagerSettings {
    /// The seed of initial values, dialogs and dropout.
    pub seed: u64,
    /// What joins the turns.
    pub tracker: Tracker,
    /// The length of learned vectors.
    pub width: i64,
    /// Turns of a dialog.
    pub turns: u32,
    /// Dialogs per step, all of one group.
    pub batch: usize,
    /// How many items of a group are the gallery of a step; all of a smaller group.
    pub gallery: usize,
    /// Steps of training with the target known.
    pub steps: usize,
    /// Adam's highest learning rate in them.
    pub rate: f64,
    /// What each turn is trained by.
    pub loss: Loss,
    /// Steps of policy improvement, after these.
    pub policy_steps: usize,
    /// Adam's learning rate in them.
    pub policy_rate: f64,
    /// How many candidates are looked ahead from.
    pub candidates: i64,
    /// The share of values dropped between layers.
    pub dropout: f64,
    /// Whether it reads the captions of items. The user knows them in any case.
    pub reads_captions: bool,
    /// Whether one item in [`HELD_OUT`](crate::learned::settings::HELD_OUT) is held out from training.
    pub hold_out: bool,
}

/// What joins the turns of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Tracker {
    /// A gated recurrent unit, as in 2018.
    Gru,
    /// A transformer over all turns, as in 2021.
    Transformer,
}

/// What a turn is trained by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Loss {
    /// The target against one item drawn at random, by a margin, as in 2018.
    Triplet,
    /// The target against all items of the gallery, by cross-entropy.
    Gallery,
}

impl Default for ManagerSettings {
    /// The published settings, chosen on held-out items of train.
    fn default() -> Self {
        Self {
            seed: 1,
            tracker: Tracker::Gru,
            width: 256,
            turns: 5,
            batch: 128,
            gallery: 4096,
            steps: 900,
            rate: 1e-3,
            loss: Loss::Gallery,
            policy_steps: 100,
            policy_rate: 1e-4,
            candidates: 4,
            dropout: 0.2,
            reads_captions: true,
            hold_out: false,
        }
    }
}

impl ManagerSettings {
    /// The same with some changed, given as a JSON object.
    pub fn changed(&self, changes: &str) -> Result<Self> {
        let settings: Self = changed(self, changes)?;
        let counts = [settings.batch, settings.gallery, settings.turns as usize];
        if counts.contains(&0) || settings.width < 1 || settings.candidates < 1 {
            let least = "width, turns, batch, gallery and candidates must be at least 1";
            return Err(Error::unusable(least));
        }
        if !(0.0..1.0).contains(&settings.dropout) {
            return Err(Error::unusable("dropout must be at least 0 and less than 1"));
        }
        Ok(settings)
    }

    /// The learning rate of a step, from 0.
    pub(super) fn rate_at(&self, step: usize) -> f64 {
        match step.checked_sub(self.steps) {
            None => self.rate * falling(step, self.steps),
            Some(_) => self.policy_rate,
        }
    }

    /// All steps.
    pub fn all_steps(&self) -> usize {
        self.steps + self.policy_steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_changed_by_name_and_impossible_ones_are_refused() {
        let settings = ManagerSettings::default();
        let changed = settings.changed(r#"{"tracker": "transformer", "steps": 3}"#).unwrap();
        assert_eq!((changed.tracker, changed.steps), (Tracker::Transformer, 3));
        let said = |changes| settings.changed(changes).unwrap_err().to_string();
        assert_eq!(said(r#"{"step": 3}"#), "unknown setting `step`");
        assert!(said(r#"{"turns": 0}"#).contains("at least 1"));
        assert!(said(r#"{"dropout": 1.0}"#).contains("less than 1"));
    }
}
