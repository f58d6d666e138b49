//! `fashion-iq-baseline play`: plays a phase of dialogs over the API, like any team's program.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use dataset::{Folder, Gallery, Protocol};
use dialog::{Agent, Heard, ItemTexts};
use serde::Deserialize;
use serde_json::{Value, json};

use super::captions::CaptionsOption;
use super::dialog::PolicyName;
use super::server::Server;
use crate::error::{Error, Result};
use crate::lexical::describe;

/// Play all dialogs of a submission over the public API, with the agent that knows the words of items.
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
    /// What the agent goes by.
    #[arg(long, value_enum, default_value = "history")]
    policy: PolicyName,
    /// How many dialogs to answer in one request.
    #[arg(long, default_value_t = 50)]
    at_once: usize,
    #[command(flatten)]
    server: Server,
    /// The method's name on the board; the policy's if left out.
    #[arg(long)]
    method: Option<String>,
}

/// One gallery, and the agent that ranks it.
type Side = (Gallery, Agent);

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
        let sides = self.sides()?;
        let method = self.method.as_deref().unwrap_or_else(|| self.policy.title());
        let started = self.server.start_dialogs(method)?;
        let Dialogs { link, answers, need, mut open } = read(started)?;
        let mut heard = BTreeMap::new();
        loop {
            open.retain(|asked| asked.turn.is_some());
            if open.is_empty() {
                break;
            }
            let later = open.split_off(open.len().min(self.at_once.max(1)));
            let some = open.iter().map(|asked| self.answer(asked, &sides, &need, &mut heard));
            let some = json!({ "answers": some.collect::<Result<Vec<Value>>>()? });
            let replies: Replies = read(self.server.post(&answers, &some)?)?;
            super::complain!("{} turns left", replies.left);
            open = later.into_iter().chain(replies.dialogs).collect();
        }
        super::submit::tell(&self.server.get(&link)?)
    }

    fn sides(&self) -> Result<BTreeMap<String, Side>> {
        let data = Folder::new(&self.data);
        let split = data.split(&self.split, Protocol::Original)?;
        let described = describe(&data, &split, &self.captions.of(&split)?)?;
        let side = |(group, items): (dataset::Group, crate::Described)| {
            let texts = ItemTexts::new(&group.gallery, &items.attributes, &items.captions);
            (group.name, (group.gallery, Agent::new(&texts)))
        };
        Ok(split.groups.into_iter().zip(described).map(side).collect())
    }

    fn answer(
        &self,
        asked: &Asked,
        sides: &BTreeMap<String, Side>,
        need: &BTreeMap<String, usize>,
        heard: &mut BTreeMap<String, Vec<Heard>>,
    ) -> Result<Value> {
        let group = &asked.category;
        let other = || Error::unusable(format!("the data has no category `{group}`"));
        let (gallery, agent) = sides.get(group).ok_or_else(other)?;
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
        let ranking = agent.rank(turns, self.policy.policy(), count);
        let ranking: Vec<&str> = ranking.into_iter().map(|item| gallery.item(item)).collect();
        Ok(json!({ "dialog": asked.dialog, "turn": asked.turn, "ranking": ranking }))
    }
}

fn read<T: for<'a> Deserialize<'a>>(json: Value) -> Result<T> {
    serde_json::from_value(json)
        .map_err(|e| Error::unusable(format!("the server's response can't be read: {e}")))
}
