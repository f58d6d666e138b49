//! `fashion-iq-baseline train`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use dataset::{Folder, Protocol};
use indicatif::ProgressBar;

use super::device::DeviceOption;
use super::progress::style;
use super::stop;
use crate::error::{Error, Result};
use crate::learned::curve;
use crate::learned::features::{Features, TRAIN};
use crate::learned::parts::Parts;
use crate::learned::ranking::Source;
use crate::learned::settings::{ItemsSeen, Settings};
use crate::learned::tensors::{create_folder_of, write_whole};
use crate::learned::training::{Point, Training};

/// Train a model on split train; Ctrl-C saves it, and --resume continues exactly.
#[derive(Args)]
pub(super) struct Train {
    /// Which model; see `list`.
    #[arg(long, default_value = "composed")]
    model: String,
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The features, made by `features`.
    #[arg(long, value_name = "FILE", default_value = "data/baseline/features.safetensors")]
    features: PathBuf,
    /// The folder to write model.safetensors, settings.json and curve.svg to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Seeds all random choices; the same seed gives the same result on the CPU.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What the model sees of items; for pictures, `features` needs --images or --item-features.
    #[arg(long, value_enum, default_value_t)]
    items: ItemsSeen,
    /// Hold out a part of train, and report the recall on it after each epoch.
    #[arg(long)]
    hold_out: bool,
    /// Settings other than the published ones, as JSON: {"epochs": 2}.
    #[arg(long, value_name = "JSON")]
    set: Option<String>,
    /// Continue the training in --out.
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    device: DeviceOption,
}

impl Train {
    pub(super) fn run(&self) -> Result<()> {
        let device = self.device.find()?;
        let features = Features::open(&self.features)?;
        let source = Source { data: &Folder::new(&self.data), features: &features };
        let checkpoint = self.out.join("model.safetensors");
        let mut training = if self.resume {
            Training::open(&checkpoint, features.encoder()?, device)?
        } else {
            if checkpoint.exists() {
                return Err(Error::content(
                    &checkpoint,
                    "already exists; continue with --resume, or choose another --out",
                ));
            }
            source.start(self.settings()?, device)?
        };
        let point = train(&mut training, &source, &self.out)?;
        super::say!("{}: {point}; sees {}", checkpoint.display(), training.sees());
        Ok(())
    }

    fn settings(&self) -> Result<Settings> {
        let mut settings = Settings::seeing(&self.model, self.items);
        if let Some(changes) = &self.set {
            settings = settings.changed(changes)?;
        }
        Ok(Settings { seed: self.seed, hold_out: self.hold_out, ..settings })
    }
}

/// Trains to the end, and leaves checkpoint, settings and curve in a folder after each epoch.
/// Returns how the last epoch went.
pub(super) fn train(training: &mut Training, source: &Source<'_>, out: &Path) -> Result<Point> {
    stop::listen();
    let split = source.data.split(TRAIN, Protocol::Original)?;
    let parts = Parts::of(source.data, &split, training.settings.hold_out)?;
    let mut collections = source.collections(&split, training)?;
    training.mine(&mut collections, &parts.learn);
    let steps = training.steps_an_epoch(&parts.learn);
    let checkpoint = out.join("model.safetensors");
    create_folder_of(&checkpoint)?;
    write_whole(&out.join("settings.json"), training.settings.json().as_bytes())?;
    let bar = ProgressBar::new((steps * training.settings.epochs) as u64);
    bar.set_style(style("steps"));
    bar.set_position(training.progress.step as u64);
    bar.reset_eta();
    let (begun, from) = (Instant::now(), training.progress.step);
    while training.progress.curve.len() < training.settings.epochs {
        let epoch = training.progress.curve.len() + 1;
        let mut mean = None;
        let whole = training.epoch(&collections, &parts.learn, |loss| {
            let so_far = mean.unwrap_or(loss);
            mean = Some(0.95 * so_far + 0.05 * loss);
            bar.set_message(format!("epoch {epoch} loss {:.3}", mean.unwrap_or(loss)));
            bar.inc(1);
            !stop::is_wanted()
        });
        if whole {
            let held_out = training.settings.hold_out;
            let held_out = held_out.then(|| training.mean_recall(&collections, &parts.held_out));
            let point = Point { loss: training.progress.sum / steps as f64, held_out };
            training.progress.curve.push(point);
            training.progress.sum = 0.0;
            let speed = training.progress.step.saturating_sub(from) as f64
                / begun.elapsed().as_secs_f64().max(1e-9);
            bar.suspend(|| super::complain!("epoch {epoch}: {point}, {speed:.1} steps/s"));
            let picture = curve::svg(&training.settings.model, &training.progress.curve);
            write_whole(&out.join("curve.svg"), picture.as_bytes())?;
        }
        training.save(&checkpoint, source.features.encoder()?)?;
        if !whole || stop::is_wanted() {
            bar.abandon();
            return Err(Error::Stopped { step: training.progress.step });
        }
    }
    bar.finish_and_clear();
    training
        .progress
        .curve
        .last()
        .copied()
        .ok_or_else(|| Error::unusable("no epochs were requested"))
}
