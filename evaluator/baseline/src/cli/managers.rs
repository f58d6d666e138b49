//! Trained managers in `fashion-iq-baseline dialog`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use dataset::{Folder, Split};

use super::captions::CaptionsOption;
use super::device::DeviceOption;
use super::manager::vectors;
use super::user::UserOption;
use crate::dialogs::Plan;
use crate::error::Result;
use crate::learned::features::Features;
use crate::learned::manager::source::Source;
use crate::learned::manager::training::Manager;

/// Trained managers to play with.
#[derive(Args)]
pub(super) struct Managers {
    /// A trained dialog manager to play with, in addition; several are separated by commas.
    #[arg(long, value_name = "FILE", value_delimiter = ',')]
    manager: Vec<PathBuf>,
    /// The features that the managers were trained with, if they were.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    #[command(flatten)]
    user: UserOption,
    #[command(flatten)]
    device: DeviceOption,
}

impl Managers {
    /// Plays the dialogs of a plan with each, and tells the ranks by group, dialog and turn.
    pub(super) fn play(
        &self,
        data: &Folder,
        split: &Split,
        plan: Plan,
        captions: &CaptionsOption,
        tell: &mut dyn FnMut(&str, Vec<Vec<Vec<u32>>>, Duration) -> Result<()>,
    ) -> Result<()> {
        if self.manager.is_empty() {
            return Ok(());
        }
        let device = self.device.find()?;
        let features = self.features.as_deref().map(Features::open).transpose()?;
        let vectors = features.as_ref().map(vectors).transpose()?;
        let captioner = self.user.open(device)?;
        let source = Source { data, vectors, user: captioner.as_ref() };
        let captions = captions.of(split)?;
        for path in &self.manager {
            let manager = Manager::open(path, device)?;
            let ground = source.ground(split, &captions, &manager, false)?;
            let begun = Instant::now();
            let played = ground.fields().into_iter().map(|field| {
                let openings: Vec<_> = plan.openings(field.items.len()).collect();
                manager.play(&field, &openings, plan.turns)
            });
            let played = played.collect();
            tell(&format!("manager {}", path.display()), played, begun.elapsed())?;
        }
        Ok(())
    }
}
