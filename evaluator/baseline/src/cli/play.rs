//! `fashion-iq-baseline play`: plays a phase of dialogs over the API, like any team's program.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use dataset::{Folder, Gallery, Group, Protocol, Split};
use dialog::{Agent, Heard, ItemTexts};
use serde::Deserialize;
use serde_json::{Value, json};
#[cfg(feature = "torch")]
use tch::Device;

use super::captions::CaptionsOption;
use super::dialog::PolicyName;
use super::server::Server;
use crate::error::{Error, Result};
#[cfg(feature = "torch")]
use crate::learned::features::Features;
#[cfg(feature = "torch")]
use crate::learned::manager::{agent::ManagerAgent, source::Source, training::Manager};
use crate::lexical::{Described, describe};

/// Play all dialogs of a submission over the public API, with the agent that knows the words of items, or with
/// a trained manager.
///
/// Run it again with the same method to go on where it stopped.
#[derive(Args)]
pub(super) struct Play {
    /// The data of the phase, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The split whose galleries are searched.
    #[arg(long, default_value = "val")]
    split: String,
    #[command(flatten)]
    captions: CaptionsOption,
    /// What the agent without learning goes by.
    #[arg(long, value_enum, default_value = "history")]
    policy: PolicyName,
    /// A trained dialog manager to play with, instead of the agent without learning.
    #[cfg(feature = "torch")]
    #[arg(long, value_name = "FILE", conflicts_with = "policy")]
    manager: Option<PathBuf>,
    /// The features that the manager was trained with, if it was.
    #[cfg(feature = "torch")]
    #[arg(long, value_name = "FILE", requires = "manager")]
    features: Option<PathBuf>,
    /// How many dialogs to answer in one request.
    #[arg(long, default_value_t = 50)]
    at_once: usize,
    #[command(flatten)]
    server: Server,
    /// The method's name on the board; the policy's if left out.
    #[arg(long)]
    method: Option<String>,
}

/// Ranks a gallery after some turns: the best items, as many as are asked for.
type Rank<'a> = Box<dyn Fn(&[Heard], usize) -> Vec<u32> + 'a>;

/// One gallery, and what ranks it.
type Side<'a> = (Gallery, Rank<'a>);

#[derive(Deserialize)]
struct Dialogs {
    link: String,
    answers: String,
    need: BTreeMap<String, usize>,
    #[serde(rename = "dialogs")]
    open: Vec<Asked>,
}

#[derive(Deserialize)]
struct Replies {
    left: usize,
    dialogs: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    dialog: String,
    category: String,
    turn: Option<u32>,
    #[serde(default)]
    shown: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    earlier: Vec<Earlier>,
}

#[derive(Deserialize)]
struct Earlier {
    shown: String,
    caption: String,
}

impl Play {
    pub(super) fn run(&self) -> Result<()> {
        let data = Folder::new(&self.data);
        let split = data.split(&self.split, Protocol::Original)?;
        #[cfg(feature = "torch")]
        if let Some(path) = &self.manager {
            let manager = Manager::open(path, Device::Cpu)?;
            return self.play(&self.managed(&data, &split, &manager)?, "dialog manager");
        }
        self.play(&self.sides(&data, &split)?, self.policy.title())
    }

    fn play(&self, sides: &BTreeMap<String, Side<'_>>, title: &str) -> Result<()> {
        let method = self.method.as_deref().unwrap_or(title);
        let started = self.server.start_dialogs(method)?;
        let Dialogs { link, answers, need, mut open } = read(started)?;
        let mut heard = BTreeMap::new();
        loop {
            open.retain(|asked| asked.turn.is_some());
            if open.is_empty() {
                break;
            }
            let later = open.split_off(open.len().min(self.at_once.max(1)));
            let some = open.iter().map(|asked| answer(asked, sides, &need, &mut heard));
            let some = json!({ "answers": some.collect::<Result<Vec<Value>>>()? });
            let replies: Replies = read(self.server.post(&answers, &some)?)?;
            super::complain!("{} turns left", replies.left);
            open = later.into_iter().chain(replies.dialogs).collect();
        }
        super::submit::tell(&self.server.get(&link)?)
    }

    fn sides(&self, data: &Folder, split: &Split) -> Result<BTreeMap<String, Side<'static>>> {
        let described = describe(data, split, &self.captions.of(split)?)?;
        let policy = self.policy.policy();
        let side = |(group, items): (&Group, &Described)| {
            let texts = ItemTexts::new(&group.gallery, &items.attributes, &items.captions);
            let agent = Agent::new(&texts);
            let rank: Rank<'static> =
                Box::new(move |turns, count| agent.rank(turns, policy, count));
            (group.name.clone(), (group.gallery.clone(), rank))
        };
        Ok(split.groups.iter().zip(&described).map(side).collect())
    }

    #[cfg(feature = "torch")]
    fn managed<'m>(
        &self,
        data: &Folder,
        split: &Split,
        manager: &'m Manager,
    ) -> Result<BTreeMap<String, Side<'m>>> {
        let features = self.features.as_deref().map(Features::open).transpose()?;
        let vectors = features.as_ref().map(super::manager::vectors).transpose()?;
        let source = Source { data, vectors, user: None };
        let agents = source.agents(split, &self.captions.of(split)?, manager)?;
        let side = |(group, agent): (&Group, ManagerAgent<'m>)| {
            let rank: Rank<'m> = Box::new(move |turns, count| agent.rank(turns, count));
            (group.name.clone(), (group.gallery.clone(), rank))
        };
        Ok(split.groups.iter().zip(agents).map(side).collect())
    }
}

/// The answer to what is asked in a dialog.
fn answer(
    asked: &Asked,
    sides: &BTreeMap<String, Side<'_>>,
    need: &BTreeMap<String, usize>,
    heard: &mut BTreeMap<String, Vec<Heard>>,
) -> Result<Value> {
    let group = &asked.category;
    let other = || Error::unusable(format!("the data has no category `{group}`"));
    let (gallery, rank) = sides.get(group).ok_or_else(other)?;
    let place = |item: &str| {
        let unknown = || Error::unusable(format!("the data has no item `{item}` of {group}"));
        gallery.index_of(item.as_bytes()).ok_or_else(unknown)
    };
    let turns = heard.entry(asked.dialog.clone()).or_default();
    for Earlier { shown, caption } in &asked.earlier {
        turns.push(Heard { shown: place(shown)?, caption: caption.clone() });
    }
    turns.push(Heard { shown: place(&asked.shown)?, caption: asked.caption.clone() });
    let count = need.get(group).copied().unwrap_or(gallery.len());
    let ranking = rank(turns, count);
    let ranking: Vec<&str> = ranking.into_iter().map(|item| gallery.item(item)).collect();
    Ok(json!({ "dialog": asked.dialog, "turn": asked.turn, "ranking": ranking }))
}

fn read<T: for<'a> Deserialize<'a>>(json: Value) -> Result<T> {
    serde_json::from_value(json)
        .map_err(|e| Error::unusable(format!("the server's response can't be read: {e}")))
}
