//! A manager as a service, which replays dialogs from their first item on.

use std::collections::HashMap;

use dataset::{Gallery, Group, Split};

use super::agent::ManagerAgent;
use super::catalogue::Catalogue;
use super::training::Manager;
use crate::learned::serving::{Queue, Refused, unknown};

/// The queue of a manager.
pub type Service = Queue<Begun, Went>;

/// A dialog from its first item on, by the items' ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The group.
    pub group: String,
    /// The first item.
    pub start: String,
    /// What the user said, turn by turn.
    pub said: Vec<String>,
    /// How many candidates are wanted.
    pub count: usize,
}

/// What was shown, by the items' ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Went {
    /// At each turn.
    pub shown: Vec<String>,
    /// Now, and what comes next, best first.
    pub candidates: Vec<String>,
}

/// Starts the service for the galleries of a split, as a manager sees them by group.
pub fn serve(split: Split, manager: Manager, catalogues: Vec<Catalogue>) -> Service {
    Queue::start(move |mut asked| {
        let stands = split.groups.into_iter().zip(catalogues);
        let stand = |(group, catalogue): (Group, Catalogue)| {
            (group.name, (group.gallery, ManagerAgent::new(&manager, catalogue)))
        };
        let stands = stands.map(stand).collect();
        while let Some(next) = asked.blocking_recv() {
            let went = replay(&stands, &next.question);
            next.answer(went);
        }
    })
}

fn replay(
    stands: &HashMap<String, (Gallery, ManagerAgent<'_>)>,
    begun: &Begun,
) -> Result<Went, Refused> {
    let Begun { group, start, said, count } = begun;
    let (gallery, agent) = stands.get(group).ok_or_else(|| unknown("group", group))?;
    let start = gallery.index_of(start.as_bytes()).ok_or_else(|| unknown("item", start))?;
    let (shown, candidates) = agent.replay(start, said, *count);
    let names = |places: Vec<u32>| -> Vec<String> {
        places.into_iter().map(|place| gallery.item(place).to_owned()).collect()
    };
    Ok(Went { shown: names(shown), candidates: names(candidates) })
}
