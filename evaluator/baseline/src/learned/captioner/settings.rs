//! The settings of a captioner's training.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::learned::settings::changed;

/// The settings of a captioner's training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaptionerSettings {
    /// The seed of initial values, batches and dropout.
    pub seed: u64,
    /// The length of the vectors of words and items.
    pub width: i64,
    /// The length of the decoder's state.
    pub inner: i64,
    /// How often each caption is seen.
    pub epochs: usize,
    /// Captions per step.
    pub batch: usize,
    /// Adam's highest learning rate.
    pub rate: f64,
    /// The share of values dropped between layers.
    pub dropout: f64,
    /// Whether one reference in [`HELD_OUT`](crate::learned::settings::HELD_OUT) is held out from training.
    pub hold_out: bool,
}

impl Default for CaptionerSettings {
    /// The published settings, chosen on the held-out part of train.
    fn default() -> Self {
        Self {
            seed: 1,
            width: 256,
            inner: 512,
            epochs: 4,
            batch: 128,
            rate: 1e-3,
            dropout: 0.5,
            hold_out: false,
        }
    }
}

impl CaptionerSettings {
    /// The same with some changed, given as a JSON object.
    pub fn changed(&self, changes: &str) -> Result<Self> {
        let settings: Self = changed(self, changes)?;
        if [settings.epochs, settings.batch].contains(&0) || settings.width.min(settings.inner) < 1
        {
            return Err(Error::unusable("width, inner, epochs and batch must be at least 1"));
        }
        if !(0.0..1.0).contains(&settings.dropout) {
            return Err(Error::unusable("dropout must be at least 0 and less than 1"));
        }
        Ok(settings)
    }
}
