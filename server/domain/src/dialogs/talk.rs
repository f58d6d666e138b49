//! Dialogs that a visitor has with an agent, or watches the simulated user have. Nothing is stored, and nothing
//! is drawn from a secret.
//!
//! The agent is the trained manager that the settings name. Without one, or while it can't be asked, it is the
//! agent that knows the words of items.

use std::sync::Arc;

use dataset::Gallery;
use dialog::{Draw, Heard, Opening, Policy, Seen, Simulator as _};

use crate::challenges::Ready;
use crate::error::{Error, Result};
use crate::manager::{Begun, Manager};

/// What is drawn for visitors follows from this and a number that they choose.
const KEY: &[u8] = b"talk";

/// Who showed the items of a dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shower {
    /// The agent that knows the words of items.
    Words,
    /// The same, because the trained manager can't be asked.
    WordsMeanwhile,
    /// The trained manager of this version.
    Manager(String),
}

/// A dialog of a visitor, by the items' ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// Who showed the items.
    pub by: Shower,
    /// What was shown at each turn, and what was said to it.
    pub turns: Vec<(String, String)>,
    /// What is shown now, and what comes next, best first.
    pub candidates: Vec<String>,
}

/// A dialog of the simulated user, by the items' ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demonstration {
    /// Who showed the items.
    pub by: Shower,
    /// What the user wants.
    pub target: String,
    /// What was shown at each turn, what the user said to it, and the rank of the target after that.
    pub turns: Vec<(String, String, usize)>,
}

/// The first item of a visitor's dialog with this number.
pub fn first_item(ready: &Arc<Ready>, group: &str, number: u32) -> Result<String> {
    let scene = Scene::of(ready, group)?;
    Ok(scene.item(scene.opening(number)?.start))
}

/// A dialog that begins with an item, after a visitor said these captions. `count` says how many candidates
/// are wanted.
pub async fn talk(
    ready: &Arc<Ready>,
    manager: Option<&Manager>,
    group: &str,
    (start, said): (&str, &[String]),
    count: usize,
) -> Result<Talk> {
    let scene = Scene::of(ready, group)?;
    let start = scene.place(start)?;
    if let Some(manager) = manager
        && let Ok(talk) = scene.talk(&Agent::Manager(manager), start, said, count).await
    {
        return Ok(talk);
    }
    scene.talk(&Agent::Words(instead_of(manager)), start, said, count).await
}

/// A dialog in which the simulated user looks for an item that follows from a number.
pub async fn demonstrate(
    ready: &Arc<Ready>,
    manager: Option<&Manager>,
    group: &str,
    number: u32,
    turns: u32,
) -> Result<Demonstration> {
    let scene = Scene::of(ready, group)?;
    if let Some(manager) = manager
        && let Ok(played) = scene.demonstrate(&Agent::Manager(manager), number, turns).await
    {
        return Ok(played);
    }
    scene.demonstrate(&Agent::Words(instead_of(manager)), number, turns).await
}

/// Who shows items if not this manager.
fn instead_of(manager: Option<&Manager>) -> Shower {
    if manager.is_some() { Shower::WordsMeanwhile } else { Shower::Words }
}

/// What is asked for items.
enum Agent<'a> {
    Manager(&'a Manager),
    Words(Shower),
}

/// One group, in which a dialog takes place.
struct Scene<'a> {
    ready: &'a Arc<Ready>,
    group: usize,
}

/// How a dialog went: what was shown at each turn, and what comes next, best first, by places in the gallery.
struct Shown {
    by: Shower,
    turns: Vec<u32>,
    next: Vec<u32>,
}

impl<'a> Scene<'a> {
    fn of(ready: &'a Arc<Ready>, group: &str) -> Result<Self> {
        let groups = ready.benchmark.groups();
        let found = groups.iter().position(|own| own.name == group);
        let found = found.filter(|group| *group < ready.agents.len());
        Ok(Self { ready, group: found.ok_or_else(|| Error::not_found("group", group))? })
    }

    fn name(&self) -> &'a str {
        &self.ready.benchmark.groups()[self.group].name
    }

    fn gallery(&self) -> &'a Gallery {
        &self.ready.benchmark.groups()[self.group].gallery
    }

    fn place(&self, item: &str) -> Result<u32> {
        let place = self.gallery().index_of(item.as_bytes());
        place.ok_or_else(|| Error::not_found("item", item))
    }

    fn item(&self, place: u32) -> String {
        self.gallery().item(place).to_owned()
    }

    fn opening(&self, number: u32) -> Result<Opening> {
        let drawn = Draw::new(KEY).dialogs(self.name(), number, self.gallery().len(), 1);
        drawn.first().copied().ok_or_else(|| Error::not_found("item", self.name()))
    }

    async fn talk(
        &self,
        agent: &Agent<'_>,
        start: u32,
        said: &[String],
        count: usize,
    ) -> Result<Talk> {
        let Shown { by, turns, next } = self.show(agent, start, said, count).await?;
        let turns = turns.into_iter().map(|place| self.item(place)).zip(said.iter().cloned());
        let candidates = next.into_iter().map(|place| self.item(place));
        Ok(Talk { by, turns: turns.collect(), candidates: candidates.collect() })
    }

    async fn demonstrate(
        &self,
        agent: &Agent<'_>,
        number: u32,
        turns: u32,
    ) -> Result<Demonstration> {
        let Opening { start, target } = self.opening(number)?;
        let (user, seed) =
            (&self.ready.simulators[self.group], Draw::new(KEY).seed(self.name(), number));
        let (mut said, mut played): (Vec<String>, Vec<(u32, usize)>) = (Vec::new(), Vec::new());
        let (mut shown, mut by) = (start, Shower::Words);
        for turn in 1..=turns {
            let earlier: Vec<&str> = said.iter().map(String::as_str).collect();
            let caption = user.caption(&Seen { target, shown, turn, earlier: &earlier, seed });
            said.push(caption);
            let went = self.show(agent, start, &said, self.gallery().len()).await?;
            let found = went.next.iter().position(|&item| item == target);
            played.push((shown, found.map_or(self.gallery().len(), |found| found + 1)));
            (shown, by) = (went.next[0], went.by);
        }
        let turns = played.into_iter().zip(said);
        let turns = turns.map(|((shown, rank), caption)| (self.item(shown), caption, rank));
        Ok(Demonstration { by, target: self.item(target), turns: turns.collect() })
    }

    /// Replays a dialog from its first item on.
    async fn show(
        &self,
        agent: &Agent<'_>,
        start: u32,
        said: &[String],
        count: usize,
    ) -> Result<Shown> {
        match agent {
            Agent::Manager(manager) => self.ask(manager, start, said, count).await,
            Agent::Words(by) => {
                let (ready, group, by) = (Arc::clone(self.ready), self.group, by.clone());
                let said = said.to_vec();
                // It takes some milliseconds a turn.
                let rank = move || rank(&ready.agents[group], by, start, said, count);
                let ranked = tokio::task::spawn_blocking(rank).await;
                ranked.map_err(|e| Error::internal("rank for a dialog", e))
            }
        }
    }

    async fn ask(
        &self,
        manager: &Manager,
        start: u32,
        said: &[String],
        count: usize,
    ) -> Result<Shown> {
        let first = self.gallery().item(start);
        let begun = Begun { group: self.name(), start: first, said, count };
        let went = manager.talk(&begun).await?;
        let places = |items: Vec<String>| {
            let place = |item: &String| self.place(item).map_err(Error::manager);
            items.iter().map(place).collect::<Result<Vec<u32>>>()
        };
        Ok(Shown {
            by: Shower::Manager(went.manager),
            turns: places(went.shown)?,
            next: places(went.candidates)?,
        })
    }
}

/// A dialog with the agent that knows the words of items.
fn rank(agent: &dialog::Agent, by: Shower, start: u32, said: Vec<String>, count: usize) -> Shown {
    let (mut heard, mut next): (Vec<Heard>, Vec<u32>) = (Vec::new(), vec![start]);
    for caption in said {
        heard.push(Heard { shown: next[0], caption });
        next = agent.rank(&heard, Policy::History, count);
    }
    Shown { by, turns: heard.iter().map(|turn| turn.shown).collect(), next }
}
