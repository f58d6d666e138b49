//! `fashion-iq-baseline captioner`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use dataset::{Folder, Protocol};
use indicatif::ProgressBar;

use super::captions::CaptionsOption;
use super::device::DeviceOption;
use super::manager::vectors;
use super::progress::style;
use super::stop;
use crate::error::{Error, Result};
use crate::learned::captioner::settings::CaptionerSettings;
use crate::learned::captioner::source::Source;
use crate::learned::captioner::training::{self, Lessons};
use crate::learned::features::{Features, TRAIN};
use crate::learned::settings::took;
use crate::learned::tensors::{create_folder_of, write_whole};

/// Train a relative captioner, which says in people's words how one item differs from another.
///
/// Ctrl-C saves the training after the epoch's last complete step, and --resume continues exactly. `captions`
/// measures what it says, `dialog --user` and `manager --user` play dialogs with it.
#[derive(Args)]
pub(super) struct Captioner {
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    #[command(flatten)]
    captions: CaptionsOption,
    /// Features with vectors of items' pictures or captions, to be seen along with the items' words.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    /// The folder to write to.
    #[arg(long, value_name = "DIR", default_value = "data/captioner")]
    out: PathBuf,
    /// The seed of initial values, batches and dropout.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Hold out one reference in six, with all its queries.
    #[arg(long)]
    hold_out: bool,
    /// Settings other than the published ones, as JSON: {"epochs": 12}.
    #[arg(long, value_name = "JSON")]
    set: Option<String>,
    /// Continue the training in --out.
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    device: DeviceOption,
}

impl Captioner {
    pub(super) fn run(&self) -> Result<()> {
        let device = self.device.find()?;
        let data = Folder::new(&self.data);
        let features = self.features.as_deref().map(Features::open).transpose()?;
        let vectors = features.as_ref().map(vectors).transpose()?;
        let split = data.split(TRAIN, Protocol::Original)?;
        let source = Source { data: &data, vectors, captions: self.captions.of(&split)? };
        let checkpoint = self.out.join("model.safetensors");
        let mut captioner = if self.resume {
            training::Captioner::open(&checkpoint, device)?
        } else {
            if checkpoint.exists() {
                let what = "already exists; continue with --resume, or choose another --out";
                return Err(Error::content(&checkpoint, what));
            }
            source.start(self.settings()?, &split, device)?
        };
        let lessons = source.lessons(&split, &captioner)?;
        create_folder_of(&checkpoint)?;
        let settings = serde_json::to_string_pretty(&captioner.settings).unwrap_or_default() + "\n";
        write_whole(&self.out.join("settings.json"), settings.as_bytes())?;
        train(&mut captioner, &lessons, &checkpoint)?;
        super::say!(
            "{}: loss {:.3} a word, {} learned numbers",
            checkpoint.display(),
            captioner.progress.loss,
            captioner.parameters()
        );
        Ok(())
    }

    fn settings(&self) -> Result<CaptionerSettings> {
        let mut settings = CaptionerSettings::default();
        if let Some(changes) = &self.set {
            settings = settings.changed(changes)?;
        }
        Ok(CaptionerSettings { seed: self.seed, hold_out: self.hold_out, ..settings })
    }
}

/// Trains to the end, and leaves the checkpoint after each epoch.
fn train(
    captioner: &mut training::Captioner,
    lessons: &[Lessons],
    checkpoint: &Path,
) -> Result<()> {
    stop::listen();
    let steps = captioner.steps_an_epoch(lessons).max(1);
    let all = captioner.all_steps(lessons);
    let bar = ProgressBar::new(all as u64);
    bar.set_style(style("steps"));
    bar.set_position(captioner.progress.step as u64);
    bar.reset_eta();
    let begun = Instant::now();
    while captioner.progress.step < all {
        let epoch = captioner.progress.step / steps;
        for batch in &captioner.batches(lessons, epoch)[captioner.progress.step % steps..] {
            captioner.step(lessons, batch);
            bar.set_message(format!("epoch {} loss {:.3}", epoch + 1, captioner.progress.loss));
            bar.inc(1);
            if stop::is_wanted() {
                break;
            }
        }
        captioner.save(checkpoint)?;
        let (step, loss) = (captioner.progress.step, captioner.progress.loss);
        if stop::is_wanted() && step < all {
            bar.abandon();
            return Err(Error::Stopped { step });
        }
        bar.suspend(|| super::complain!("epoch {}: loss {loss:.3} a word", epoch + 1));
    }
    bar.finish_and_clear();
    super::complain!("{} steps in {}", captioner.progress.step, took(begun.elapsed()));
    Ok(())
}
