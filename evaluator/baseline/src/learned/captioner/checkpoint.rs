//! A captioner in a file: parameters, Adam's moments, words, settings and progress.

use std::path::Path;

use tch::Device;

use super::training::Captioner;
use crate::error::Result;
use crate::learned::lens::Lens;
use crate::learned::tensors::{self, Tensors};

/// What a missing file should be.
const HINT: &str = "a captioner; make one with fashion-iq-baseline captioner";

/// The notes in the file, apart from the lens.
const NOTES: [&str; 3] = ["settings", "speech", "progress"];

impl Captioner {
    /// Writes everything that is needed to continue, or to speak. The file appears complete or not at all.
    pub fn save(&self, path: &Path) -> Result<()> {
        let mut state = self.adam.state();
        if let Some(lens) = &self.lens {
            state.extend(lens.tensors());
        }
        let values = [
            tensors::note(path, &self.settings)?,
            tensors::note(path, &self.speech)?,
            tensors::note(path, &self.progress)?,
        ];
        let lens = tensors::note(path, &self.lens.as_ref().map(Lens::note))?;
        tensors::write(path, &state, NOTES.into_iter().zip(values).chain([("lens", lens)]))
    }

    /// Reads a captioner on a device.
    pub fn open(path: &Path, device: Device) -> Result<Self> {
        let file = Tensors::read(path, HINT)?;
        let lens = Lens::read(&file, device)?;
        let [settings, speech, progress] = NOTES;
        let mut captioner = Self::new(file.json(settings)?, file.json(speech)?, lens, device);
        captioner.progress = file.json(progress)?;
        captioner.version = tensors::version("captioner", path)?;
        captioner.adam.read(&file, captioner.progress.step, device)?;
        Ok(captioner)
    }
}
