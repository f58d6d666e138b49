//! `fashion-iq-baseline manager`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use dataset::{Folder, Protocol};
use dialog::Policy;
use indicatif::ProgressBar;
use scoring::{Benchmark, FASHION_IQ, Ranks};

use super::captions::CaptionsOption;
use super::device::DeviceOption;
use super::dialog_table::DialogTable;
use super::progress::style;
use super::stop;
use super::user::UserOption;
use crate::dialogs::Plan;
use crate::error::{Error, Result};
use crate::learned::features::{Features, TRAIN};
use crate::learned::item_vectors::ItemVectors;
use crate::learned::manager::settings::ManagerSettings;
use crate::learned::manager::source::{Ground, Source};
use crate::learned::manager::training;
use crate::learned::sentences::Sentences;
use crate::learned::settings::took;
use crate::learned::tensors::{create_folder_of, write_whole};

/// Steps after which the training is saved.
const SAVED: usize = 100;

/// Dialogs about held-out items in each category.
const HELD_OUT: usize = 500;

/// Train a dialog manager by dialogs with the simulated user, about the items of split train.
///
/// First the targets are known (`supervised.safetensors`), then the policy is improved by looking ahead
/// (`model.safetensors`). Ctrl-C saves the training, and --resume continues exactly. `dialog --manager` plays
/// with it, and `play --manager` takes part in a phase.
#[derive(Args)]
pub(super) struct Manager {
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    #[command(flatten)]
    captions: CaptionsOption,
    /// Features with vectors of items' pictures or captions, to be seen along with the items' words.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    #[command(flatten)]
    user: UserOption,
    /// The folder to write to.
    #[arg(long, value_name = "DIR", default_value = "data/manager")]
    out: PathBuf,
    /// The seed of initial values, dialogs and dropout.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Hold out one item in six, and measure dialogs about these.
    #[arg(long)]
    hold_out: bool,
    /// Settings other than the published ones, as JSON: {"steps": 2000}.
    #[arg(long, value_name = "JSON")]
    set: Option<String>,
    /// Continue the training in --out.
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    device: DeviceOption,
}

impl Manager {
    pub(super) fn run(&self) -> Result<()> {
        let device = self.device.find()?;
        let data = Folder::new(&self.data);
        let features = self.features.as_deref().map(Features::open).transpose()?;
        let vectors = features.as_ref().map(vectors).transpose()?;
        let captioner = self.user.open(device)?;
        let source = Source { data: &data, vectors, user: captioner.as_ref() };
        let train = data.split(TRAIN, Protocol::Original)?;
        let captions = self.captions.of(&train)?;
        let checkpoint = self.out.join("model.safetensors");
        let mut manager = if self.resume {
            training::Manager::open(&checkpoint, device)?
        } else {
            if checkpoint.exists() {
                let what = "already exists; continue with --resume, or choose another --out";
                return Err(Error::content(&checkpoint, what));
            }
            source.start(self.settings()?, &train, &captions, device)?
        };
        let ground = source.ground(&train, &captions, &manager, manager.settings.hold_out)?;
        create_folder_of(&checkpoint)?;
        let settings = serde_json::to_string_pretty(&manager.settings).unwrap_or_default() + "\n";
        write_whole(&self.out.join("settings.json"), settings.as_bytes())?;
        self.train(&mut manager, &ground, &checkpoint)?;
        super::say!(
            "{}: loss {:.3} a turn, {} learned numbers",
            checkpoint.display(),
            manager.progress.loss,
            manager.parameters()
        );
        Ok(())
    }

    fn settings(&self) -> Result<ManagerSettings> {
        let mut settings = ManagerSettings::default();
        if let Some(changes) = &self.set {
            settings = settings.changed(changes)?;
        }
        Ok(ManagerSettings { seed: self.seed, hold_out: self.hold_out, ..settings })
    }

    fn train(
        &self,
        manager: &mut training::Manager,
        ground: &Ground<'_>,
        checkpoint: &Path,
    ) -> Result<()> {
        stop::listen();
        let supervised = self.out.join("supervised.safetensors");
        let (fields, settings) = (ground.fields(), manager.settings.clone());
        let bar = ProgressBar::new(settings.all_steps() as u64);
        bar.set_style(style("steps"));
        bar.set_position(manager.progress.step as u64);
        bar.reset_eta();
        let (begun, from) = (Instant::now(), manager.progress.step);
        while manager.progress.step < settings.all_steps() {
            if manager.progress.step >= settings.steps && !manager.improves() {
                manager.improve(training::Manager::open(&supervised, manager.device())?);
            }
            manager.step(&fields);
            let step = manager.progress.step;
            bar.set_message(format!("loss {:.3}", manager.progress.loss));
            bar.inc(1);
            if step == settings.steps {
                manager.save(&supervised)?;
                bar.suspend(|| measure(manager, ground, "target known"))?;
            }
            let ends = step == settings.all_steps();
            if step.is_multiple_of(SAVED) || ends || stop::is_wanted() {
                manager.save(checkpoint)?;
            }
            if stop::is_wanted() && !ends {
                bar.abandon();
                return Err(Error::Stopped { step });
            }
        }
        bar.finish_and_clear();
        if settings.policy_steps > 0 {
            measure(manager, ground, "policy improved")?;
        }
        let seconds = begun.elapsed();
        let steps = manager.progress.step - from;
        super::complain!("{steps} steps in {}", took(seconds));
        Ok(())
    }
}

/// Prints how dialogs about held-out items go, if there are any.
fn measure(manager: &training::Manager, ground: &Ground<'_>, what: &str) -> Result<()> {
    let Some(held_out) = ground.held_out() else { return Ok(()) };
    let turns = manager.settings.turns;
    let plan = Plan { dialogs: HELD_OUT, turns, seed: 1 };
    let played = held_out.fields.iter().zip(&held_out.split.groups).map(|(field, group)| {
        let openings: Vec<_> = plan.openings(field.items.len()).collect();
        (
            group.name.clone(),
            field.items.len(),
            manager.play(field, &openings, (turns, Policy::History)),
        )
    });
    let ranks = Ranks::of_dialogs(played);
    let task = FASHION_IQ.dialog.ok_or_else(|| Error::unusable("there are no dialogs"))?;
    let table = DialogTable { turns };
    let card = table.card(&ranks, &Benchmark::drawn(task, held_out.split, ""))?;
    super::complain!("{what}, held-out items: {}", table.line(&card)?);
    Ok(())
}

/// The vectors of pictures in features, or, without, of captions.
pub(super) fn vectors(features: &Features) -> Result<&ItemVectors> {
    features.items().or_else(|_| features.sentences().map(Sentences::vectors))
}
