//! `fashion-iq-baseline dialog`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use dataset::{Folder, Protocol};
use dialog::{ItemTexts, Policy};
use scoring::{Benchmark, FASHION_IQ, Ranks};

use super::captions::CaptionsOption;
use super::dialog_curves::DialogCurves;
use super::dialog_table::{DialogTable, Played};
#[cfg(feature = "torch")]
use super::managers::With;
use crate::dialogs::{Plan, Sides};
use crate::error::{Error, Result};
use crate::lexical::describe;

/// Play dialogs against the simulated user, and print how each agent does turn by turn.
///
/// Nothing is learned and no server is needed: the user and the agents know the words of the items.
#[derive(Args)]
pub(super) struct Dialog {
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The split whose galleries are searched.
    #[arg(long, default_value = "val")]
    split: String,
    #[command(flatten)]
    captions: CaptionsOption,
    /// How many dialogs to play in each category.
    #[arg(long, default_value_t = 1000)]
    dialogs: usize,
    /// How many turns each has.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=20))]
    turns: u32,
    /// Decides targets, first items and words.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What the agents go by; all if left out.
    #[arg(long, value_enum)]
    policy: Vec<PolicyName>,
    #[cfg(feature = "torch")]
    #[command(flatten)]
    managers: super::managers::Managers,
    /// Draw percentile and Hits@10 by turn, with their intervals, into this SVG file.
    #[arg(long, value_name = "FILE")]
    curves: Option<PathBuf>,
    /// Print the scorecards as JSON.
    #[arg(long)]
    json: bool,
}

/// What an agent goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PolicyName {
    /// Everything that was said and shown.
    History,
    /// The last caption alone.
    NoHistory,
    /// The first caption, at each turn again.
    FirstCaption,
}

impl PolicyName {
    pub(super) fn policy(self) -> Policy {
        match self {
            Self::History => Policy::History,
            Self::NoHistory => Policy::NoHistory,
            Self::FirstCaption => Policy::FirstCaption,
        }
    }

    /// Its name for people.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::History => "words, all turns",
            Self::NoHistory => "words, no history",
            Self::FirstCaption => "words, first caption repeated",
        }
    }
}

impl Dialog {
    pub(super) fn run(&self) -> Result<()> {
        let data = Folder::new(&self.data);
        let split = data.split(&self.split, Protocol::Original)?;
        let captions = self.captions.of(&split)?;
        let described = describe(&data, &split, &captions)?;
        #[cfg(feature = "torch")]
        let opened = self.managers.open()?;
        #[cfg(feature = "torch")]
        let users = opened.source(&data)?.users(&split, &captions, &described)?;
        #[cfg(not(feature = "torch"))]
        let users = crate::dialogs::templates(&split, &described);
        let sides = split.groups.iter().zip(&described).zip(users);
        let sides = sides.map(|((group, items), user)| {
            let texts = ItemTexts::new(&group.gallery, &items.attributes, &items.captions);
            Sides::new(user, &texts)
        });
        let sides: Vec<Sides<'_>> = sides.collect();
        let names: Vec<(String, usize)> =
            split.groups.iter().map(|it| (it.name.clone(), it.gallery.len())).collect();
        let task = FASHION_IQ.dialog.ok_or_else(|| Error::unusable("there are no dialogs"))?;
        let benchmark = Benchmark::drawn(task, split.clone(), "");
        let all = [PolicyName::History, PolicyName::NoHistory, PolicyName::FirstCaption];
        let policies = if self.policy.is_empty() { &all[..] } else { &self.policy };
        let plan = Plan { dialogs: self.dialogs, turns: self.turns, seed: self.seed };
        let table = DialogTable { turns: self.turns };
        let mut curves = DialogCurves::of_turns(self.turns);
        let mut cards = serde_json::Map::new();
        let mut before: Option<Played> = None;
        if !self.json {
            super::say!("{}", table.head());
        }
        let mut tell = |title: &str, played: Vec<Vec<Vec<u32>>>, time: Duration| -> Result<()> {
            let played = names.iter().cloned().zip(played);
            let ranks =
                Ranks::of_dialogs(played.map(|((name, items), ranks)| (name, items, ranks)));
            let card = table.card(&ranks, &benchmark)?;
            curves.add(title, &card)?;
            let own = Played { title: title.to_owned(), ranks };
            let other = before.replace(own.clone());
            if self.json {
                let card = serde_json::json!({ "scorecard": card, "seconds": time.as_secs_f64() });
                cards.insert(title.to_owned(), card);
            } else {
                super::say!("{}", table.rows(title, &card, time)?);
                if let Some(other) = other {
                    super::say!("{}", table.difference(&own, &other)?);
                }
            }
            Ok(())
        };
        for policy in policies {
            let begun = Instant::now();
            let played = sides.iter().map(|sides| sides.play(plan, policy.policy())).collect();
            tell(policy.title(), played, begun.elapsed())?;
        }
        #[cfg(feature = "torch")]
        {
            let with = With { data: &data, split: &split, captions: &captions, plan };
            self.managers.play(&opened, &with, &mut tell)?;
        }
        if self.json {
            super::say!("{}", serde_json::Value::from(cards));
        }
        if let Some(file) = &self.curves {
            std::fs::write(file, curves.svg()).map_err(Error::write(file))?;
        }
        Ok(())
    }
}
