//! A manager in a file: parameters, Adam's moments, words, settings and progress.

use std::path::Path;

use tch::Device;

use super::training::Manager;
use crate::error::Result;
use crate::learned::lens::Lens;
use crate::learned::tensors::{self, Tensors};

/// What a missing file should be.
const HINT: &str = "a dialog manager; make one with fashion-iq-baseline manager";

/// The notes in the file, apart from the lens.
const NOTES: [&str; 4] = ["settings", "words", "progress", "user"];

impl Manager {
    /// Writes everything that is needed to continue, or to play. The file appears complete or not at all.
    pub fn save(&self, path: &Path) -> Result<()> {
        let mut state = self.adam.state();
        if let Some(lens) = &self.lens {
            state.extend(lens.tensors());
        }
        let values = [
            tensors::note(path, &self.settings)?,
            tensors::note(path, &self.words)?,
            tensors::note(path, &self.progress)?,
            tensors::note(path, &self.user)?,
        ];
        let lens = tensors::note(path, &self.lens.as_ref().map(Lens::note))?;
        tensors::write(path, &state, NOTES.into_iter().zip(values).chain([("lens", lens)]))
    }

    /// Reads a manager on a device.
    pub fn open(path: &Path, device: Device) -> Result<Self> {
        let file = Tensors::read(path, HINT)?;
        let lens = Lens::read(&file, device)?;
        let [settings, words, progress, user] = NOTES;
        let user: String = file.json(user)?;
        let mut manager = Self::new(file.json(settings)?, file.json(words)?, lens, &user, device);
        manager.progress = file.json(progress)?;
        manager.adam.read(&file, manager.progress.step, device)?;
        Ok(manager)
    }
}
