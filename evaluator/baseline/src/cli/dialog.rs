//! `fashion-iq-baseline dialog`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use dataset::{Folder, Protocol};
use dialog::{ItemTexts, Policy};
use scoring::statistics::Interval;
use scoring::{Benchmark, FASHION_IQ, Measure, Ranks, Score, Scorecard};

use super::captions::CaptionsOption;
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
        let described = describe(&data, &split, &self.captions.of(&split)?)?;
        let sides = split.groups.iter().zip(&described).map(|(group, items)| {
            let texts = ItemTexts::new(&group.gallery, &items.attributes, &items.captions);
            Sides::new(&group.name, &texts)
        });
        let sides: Vec<Sides> = sides.collect();
        let names: Vec<(String, usize)> =
            split.groups.iter().map(|it| (it.name.clone(), it.gallery.len())).collect();
        let task = FASHION_IQ.dialog.ok_or_else(|| Error::unusable("there are no dialogs"))?;
        let benchmark = Benchmark::drawn(task, split, "");
        let all = [PolicyName::History, PolicyName::NoHistory, PolicyName::FirstCaption];
        let policies = if self.policy.is_empty() { &all[..] } else { &self.policy };
        let mut cards = serde_json::Map::new();
        if !self.json {
            super::say!("{}", self.head());
        }
        for policy in policies {
            let begun = Instant::now();
            let plan = Plan { dialogs: self.dialogs, turns: self.turns, seed: self.seed };
            let played = sides.iter().map(|sides| sides.play(plan, policy.policy()));
            let played = names.iter().cloned().zip(played);
            let ranks =
                Ranks::of_dialogs(played.map(|((name, items), ranks)| (name, items, ranks)));
            let time = begun.elapsed();
            let card = Scorecard::with(&ranks, &benchmark, &self.measures()?);
            if self.json {
                let card = serde_json::json!({ "scorecard": card, "seconds": time.as_secs_f64() });
                cards.insert(policy.title().to_owned(), card);
            } else {
                super::say!("{}", self.lines(*policy, &card, time)?);
            }
        }
        if self.json {
            super::say!("{}", serde_json::Value::from(cards));
        }
        Ok(())
    }

    fn head(&self) -> String {
        let turns: Vec<String> = (1..=self.turns).map(|turn| format!("turn {turn}")).collect();
        let line = "---|".repeat(turns.len() + 2);
        format!("| agent | measure | {} |\n|{line}", turns.join(" | "))
    }

    /// The measures turn by turn, then those of whole dialogs.
    fn measures(&self) -> Result<Vec<Measure>> {
        let by_turn = ["percentile", "turn_recall@10", "hits@10", "mean_rank"];
        let names = by_turn
            .iter()
            .flat_map(|name| (1..=self.turns).map(move |turn| format!("{name}:{turn}")))
            .chain(["bri".to_owned(), "turns_to_success@10".to_owned()]);
        Ok(names.map(|name| name.parse()).collect::<scoring::Result<_>>()?)
    }

    /// One agent's rows, the mean over the categories with the interval over dialogs.
    fn lines(&self, policy: PolicyName, card: &Scorecard, time: Duration) -> Result<String> {
        let score = |name: &str| -> Result<Option<&Score>> { Ok(card.score(name.parse()?)) };
        let mut lines = Vec::new();
        for (name, title, factor, digits) in [
            ("percentile", "percentile", 100.0, 2),
            ("turn_recall@10", "Recall@10", 100.0, 2),
            ("hits@10", "Hits@10", 100.0, 2),
            ("mean_rank", "mean rank", 1.0, 1),
        ] {
            let mut cells = Vec::new();
            for turn in 1..=self.turns {
                cells.push(cell(score(&format!("{name}:{turn}"))?, factor, digits));
            }
            lines.push(format!("| {} | {title} | {} |", policy.title(), cells.join(" | ")));
        }
        let rest = "| ".repeat(self.turns as usize);
        for (name, title) in [("bri", "BRI"), ("turns_to_success@10", "turns to success@10")] {
            let cell = cell(score(name)?, 1.0, 3);
            lines.push(format!("| {} | {title} {rest}| {cell} |", policy.title()));
        }
        let played: usize = card.groups.iter().map(|group| group.queries).sum();
        let speed = played as f64 / time.as_secs_f64().max(1e-9);
        lines.push(format!(
            "\n{}: {played} dialogs in {:.1} s, {speed:.0} dialogs/s\n",
            policy.title(),
            time.as_secs_f64()
        ));
        Ok(lines.join("\n"))
    }
}

/// A value with its interval.
fn cell(score: Option<&Score>, factor: f64, digits: usize) -> String {
    let value = score.and_then(|score| score.overall).unwrap_or(f64::NAN) * factor;
    let ends = score.and_then(|score| score.interval);
    let ends = ends.map_or_else(String::new, |Interval { low, high }| {
        format!(" ({:.digits$} to {:.digits$})", low * factor, high * factor)
    });
    format!("{value:.digits$}{ends}")
}
