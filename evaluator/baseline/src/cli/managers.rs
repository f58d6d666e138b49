//! Trained managers in `fashion-iq-baseline dialog`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use dataset::{Folder, ItemCaptions, Split};
use dialog::Policy;

use super::device::DeviceOption;
use super::manager::vectors;
use super::user::UserOption;
use crate::dialogs::Plan;
use crate::error::Result;
use crate::learned::captioner::training::Captioner;
use crate::learned::features::Features;
use crate::learned::manager::single_turn::SingleTurn;
use crate::learned::manager::source::Source;
use crate::learned::manager::training::Manager;
use crate::learned::minilm::MiniLm;
use crate::learned::ranking;
use crate::learned::training::Training;
use crate::lexical::describe;

/// Everything that was said.
const ALL: (Policy, &str) = (Policy::History, "");

/// Trained managers to play with.
#[derive(Args)]
pub(super) struct Managers {
    /// A trained dialog manager to play with, in addition; several are separated by commas.
    #[arg(long, value_name = "FILE", value_delimiter = ',')]
    manager: Vec<PathBuf>,
    /// Let each manager also play without history, and with the first caption repeated, to see what its memory
    /// is worth.
    #[arg(long, requires = "manager")]
    forget: bool,
    /// A trained single-turn model to play with, in addition, which sees the last caption alone.
    #[arg(long, value_name = "FILE", requires = "features")]
    single_turn: Option<PathBuf>,
    /// The features that managers and the single-turn model were trained with, if they were.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    /// The text encoder's weights, for the single-turn model.
    #[arg(long, value_name = "DIR", default_value = ".weights/minilm")]
    weights: PathBuf,
    #[command(flatten)]
    user: UserOption,
    #[command(flatten)]
    device: DeviceOption,
}

impl Managers {
    /// Opens what is named.
    pub(super) fn open(&self) -> Result<Opened> {
        let device = self.device.find()?;
        let managers = self.manager.iter();
        let managers = managers
            .map(|path| Ok((format!("manager {}", path.display()), Manager::open(path, device)?)));
        Ok(Opened {
            features: self.features.as_deref().map(Features::open).transpose()?,
            captioner: self.user.open(device)?,
            managers: managers.collect::<Result<_>>()?,
        })
    }

    /// Plays the dialogs of a plan with each, and tells the ranks by group, dialog and turn.
    pub(super) fn play(&self, opened: &Opened, with: &With<'_>, tell: &mut Tell<'_>) -> Result<()> {
        let With { data, split, captions, plan } = *with;
        let source = opened.source(data)?;
        let policies: &[(Policy, &str)] = if self.forget {
            &[
                (Policy::NoHistory, ", no history"),
                (Policy::FirstCaption, ", first caption repeated"),
                ALL,
            ]
        } else {
            &[ALL]
        };
        for (title, manager) in &opened.managers {
            let ground = source.ground(split, captions, manager, false)?;
            for (policy, what) in policies {
                let begun = Instant::now();
                let played = ground.fields().into_iter().map(|field| {
                    let openings: Vec<_> = plan.openings(field.items.len()).collect();
                    manager.play(&field, &openings, (plan.turns, *policy))
                });
                let played = played.collect();
                tell(&format!("{title}{what}"), played, begun.elapsed())?;
            }
        }
        match (&self.single_turn, &opened.features) {
            (Some(path), Some(features)) => self.repeat(path, features, &source, with, tell),
            _ => Ok(()),
        }
    }

    /// Plays with a single-turn model.
    fn repeat(
        &self,
        path: &Path,
        features: &Features,
        source: &Source<'_>,
        with: &With<'_>,
        tell: &mut Tell<'_>,
    ) -> Result<()> {
        let With { data, split, captions, plan } = *with;
        let device = self.device.find()?;
        let training = Training::open(path, features.encoder()?, device)?;
        let encoder = MiniLm::open(&self.weights, device)?;
        let items = ranking::Source { data, features };
        let model = SingleTurn { training: &training, source: &items, encoder: &encoder };
        let described = describe(data, split, captions)?;
        let users = source.users(split, captions, &described)?;
        let begun = Instant::now();
        let mut played = Vec::new();
        for ((group, items), user) in split.groups.iter().zip(&described).zip(&users) {
            let openings: Vec<_> = plan.openings(group.gallery.len()).collect();
            played.push(model.play(group, &items.attributes, &**user, &openings, plan.turns)?);
        }
        tell(&format!("{}, repeated", training.settings.model), played, begun.elapsed())
    }
}

/// What is played.
pub(super) struct With<'a> {
    pub(super) data: &'a Folder,
    pub(super) split: &'a Split,
    pub(super) captions: &'a BTreeMap<String, ItemCaptions>,
    pub(super) plan: Plan,
}

/// Takes an agent's name, its ranks by group, dialog and turn, and how long it took.
pub(super) type Tell<'a> = dyn FnMut(&str, Vec<Vec<Vec<u32>>>, Duration) -> Result<()> + 'a;

/// What was opened.
pub(super) struct Opened {
    features: Option<Features>,
    captioner: Option<Captioner>,
    managers: Vec<(String, Manager)>,
}

impl Opened {
    /// The source of managers' data.
    pub(super) fn source<'a>(&'a self, data: &'a Folder) -> Result<Source<'a>> {
        let vectors = self.features.as_ref().map(vectors).transpose()?;
        Ok(Source { data, vectors, user: self.captioner.as_ref() })
    }
}
