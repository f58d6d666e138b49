//! Dialogs that a visitor has: with the agent that knows the words of items, or between it and the simulated
//! user. Nothing is stored, and nothing is drawn from a secret.

use dialog::{Draw, Heard, Policy, Seen, Simulator as _};

use crate::challenges::Ready;
use crate::error::{Error, Result};

/// What is drawn for visitors follows from this and a number that they choose.
const KEY: &[u8] = b"talk";

/// A dialog of a visitor, by the items' ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// What was shown at each turn, and what was said to it.
    pub turns: Vec<(String, String)>,
    /// What is shown now, and what comes next, best first.
    pub candidates: Vec<String>,
}

/// A dialog of the simulated user, by the items' ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demonstration {
    /// What the user wants.
    pub target: String,
    /// What was shown at each turn, what the user said to it, and the rank of the target after that.
    pub turns: Vec<(String, String, usize)>,
}

/// The first item of a visitor's dialog with this number.
pub fn first_item(ready: &Ready, group: &str, number: u32) -> Result<String> {
    let place = place_of(ready, group)?;
    let gallery = &ready.benchmark.groups()[place].gallery;
    let drawn = Draw::new(KEY).dialogs(group, number, gallery.len(), 1);
    let opening = drawn.first().ok_or_else(|| Error::not_found("item", group))?;
    Ok(gallery.item(opening.start).to_owned())
}

/// A dialog that begins with an item, after a visitor said these captions. `count` says how many candidates
/// are wanted.
pub fn talk(
    ready: &Ready,
    group: &str,
    (start, said): (&str, &[String]),
    count: usize,
) -> Result<Talk> {
    let place = place_of(ready, group)?;
    let (gallery, agent) = (&ready.benchmark.groups()[place].gallery, &ready.agents[place]);
    let unknown = || Error::not_found("item", start);
    let mut shown = gallery.index_of(start.as_bytes()).ok_or_else(unknown)?;
    let (mut heard, mut candidates): (Vec<Heard>, Vec<u32>) = (Vec::new(), vec![shown]);
    for caption in said {
        heard.push(Heard { shown, caption: caption.clone() });
        candidates = agent.rank(&heard, Policy::History, count);
        shown = *candidates.first().ok_or_else(unknown)?;
    }
    let item = |place: u32| gallery.item(place).to_owned();
    let turns = heard.into_iter().map(|turn| (item(turn.shown), turn.caption));
    Ok(Talk { turns: turns.collect(), candidates: candidates.into_iter().map(item).collect() })
}

/// A dialog in which the simulated user looks for an item that follows from a number.
pub fn demonstrate(ready: &Ready, group: &str, number: u32, turns: u32) -> Result<Demonstration> {
    let place = place_of(ready, group)?;
    let (gallery, agent) = (&ready.benchmark.groups()[place].gallery, &ready.agents[place]);
    let draw = Draw::new(KEY);
    let drawn = draw.dialogs(group, number, gallery.len(), 1);
    let opening = drawn.first().ok_or_else(|| Error::not_found("item", group))?;
    let (mut heard, mut ranks): (Vec<Heard>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut shown = opening.start;
    for turn in 1..=turns {
        let earlier: Vec<&str> = heard.iter().map(|turn| turn.caption.as_str()).collect();
        let (target, seed) = (opening.target, draw.seed(group, number));
        let user = &ready.simulators[place];
        let caption = user.caption(&Seen { target, shown, turn, earlier: &earlier, seed });
        heard.push(Heard { shown, caption });
        let ranking = agent.rank(&heard, Policy::History, gallery.len());
        let found = ranking.iter().position(|&item| item == target);
        ranks.push(found.map_or(gallery.len(), |found| found + 1));
        shown = ranking[0];
    }
    let item = |place: u32| gallery.item(place).to_owned();
    let turns = heard.into_iter().zip(ranks);
    let turns = turns.map(|(turn, rank)| (item(turn.shown), turn.caption, rank)).collect();
    Ok(Demonstration { target: item(opening.target), turns })
}

fn place_of(ready: &Ready, group: &str) -> Result<usize> {
    let groups = ready.benchmark.groups();
    let place = groups.iter().position(|own| own.name == group);
    place
        .filter(|place| *place < ready.agents.len())
        .ok_or_else(|| Error::not_found("group", group))
}
