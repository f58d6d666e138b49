//! A manager in a file: parameters, Adam's moments, words, settings and progress.

use std::path::Path;

use tch::Device;

use super::training::Manager;
use crate::error::{Error, Result};
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
        let json = |value: serde_json::Result<String>| {
            value.map_err(|e| Error::content(path, format!("can't be written: {e}")))
        };
        let values = [
            json(serde_json::to_string(&self.settings))?,
            json(serde_json::to_string(&self.words))?,
            json(serde_json::to_string(&self.progress))?,
            json(serde_json::to_string(&self.user))?,
        ];
        let lens = json(serde_json::to_string(&self.lens.as_ref().map(Lens::note)))?;
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
        let read = |(name, own): &(String, tch::Tensor)| file.get(name, &own.size(), device);
        let state = manager.adam.state();
        let state = state.iter().map(read).collect::<Result<Vec<_>>>()?;
        manager.adam.restore(manager.progress.step as i32, &state);
        Ok(manager)
    }
}
