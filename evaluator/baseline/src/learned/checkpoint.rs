//! A training in a file: parameters, Adam's moments, words, settings and progress.

use std::path::Path;

use tch::Device;

use super::lens::Lens;
use super::mined::Mined;
use super::minilm::TEXT_DIM;
use super::reading::Reading;
use super::settings::Settings;
use super::tensors::{self, Tensors};
use super::training::Training;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};

/// What a missing file should be.
const HINT: &str = "a checkpoint; make one with fashion-iq-baseline train";

/// The words' vectors in the file.
const VECTORS: &str = "words.vectors";

/// The associations of captions in the file.
const LIFTS: &str = "mined.lifts";

impl Training {
    /// Writes everything that is needed to continue, or to rank. The file appears complete or not at
    /// all.
    pub fn save(&self, path: &Path, features: &str) -> Result<()> {
        let mut state = self.adam.state();
        state.push((VECTORS.to_owned(), self.vectors.shallow_clone()));
        state.push((LIFTS.to_owned(), self.mined.lifts(self.vocabulary.len())));
        if let Some(reading) = &self.reading {
            state.extend(reading.tensors());
        }
        if let Some(lens) = &self.lens {
            state.extend(lens.tensors());
        }
        let notes = [
            ("settings", tensors::note(path, &self.settings)?),
            ("vocabulary", tensors::note(path, &self.vocabulary)?),
            ("said", tensors::note(path, &self.mined.said)?),
            ("progress", tensors::note(path, &self.progress)?),
            ("lens", tensors::note(path, &self.lens.as_ref().map(Lens::note))?),
            ("reading", tensors::note(path, &self.reading.as_ref().map(Reading::note))?),
            ("encoder", features.to_owned()),
        ];
        tensors::write(path, &state, notes)
    }

    /// Reads a training on a device. Features of another text encoder than it was trained with are
    /// refused.
    pub fn open(path: &Path, encoder: &str, device: Device) -> Result<Self> {
        let file = Tensors::read(path, HINT)?;
        if file.note("encoder")? != encoder {
            let what = "was trained on features of another text encoder; create them again with \
                        fashion-iq-baseline features";
            return Err(Error::content(path, what));
        }
        let vocabulary: Vocabulary = file.json("vocabulary")?;
        let vectors = file.get(VECTORS, &[vocabulary.len(), TEXT_DIM], device)?;
        let settings: Settings = file.json("settings")?;
        let sees = settings.items.pictures() || settings.items.captions();
        let lens = if sees { Lens::read(&file, device)? } else { None };
        let reading = settings.items.captions();
        let reading = reading.then(|| Reading::of(&file, file.json("reading")?)).transpose()?;
        let mut training = Self::new(settings, vocabulary, &vectors, lens, reading)?;
        training.progress = file.json("progress")?;
        let said: Vec<String> = file.json("said")?;
        let shape = [said.len() as i64, training.vocabulary.len()];
        training.mined = Mined::new(said, &file.get(LIFTS, &shape, Device::Cpu)?);
        training.adam.read(&file, training.progress.step, device)?;
        Ok(training)
    }
}
