//! A trained manager as an agent that ranks one gallery.

use dialog::{Heard, is_found};
use tch::no_grad;

use super::catalogue::Catalogue;
use super::network::{Places, State};
use super::talk::known;
use super::training::{Manager, numbers};

/// A manager with a gallery.
pub struct ManagerAgent<'a> {
    manager: &'a Manager,
    catalogue: Catalogue,
    places: Places,
}

impl<'a> ManagerAgent<'a> {
    /// Takes a gallery.
    pub fn new(manager: &'a Manager, catalogue: Catalogue) -> Self {
        let all: Vec<u32> = (0..catalogue.len() as u32).collect();
        let places = no_grad(|| manager.network.places(catalogue.items(&all)));
        Self { manager, catalogue, places }
    }

    /// The best `count` items after these turns, best first. Items that were shown come last, except one of
    /// which the user said that it is the wanted one.
    pub fn rank(&self, turns: &[Heard], count: usize) -> Vec<u32> {
        no_grad(|| {
            let begun = self.manager.network.start(1);
            let state = turns.iter().fold(begun, |state, turn| self.hear(&state, turn));
            self.best(&state, turns, count)
        })
    }

    /// A dialog from its first item on, in which each caption is about the best item so far: what was shown
    /// at each turn, and the best `count` items in the end. Without a caption that is the first item alone.
    pub fn replay(&self, start: u32, said: &[String], count: usize) -> (Vec<u32>, Vec<u32>) {
        no_grad(|| {
            let (mut turns, mut next): (Vec<Heard>, Vec<u32>) = (Vec::new(), vec![start]);
            let mut state = self.manager.network.start(1);
            for (turn, caption) in (1..).zip(said) {
                turns.push(Heard { shown: next[0], caption: caption.clone() });
                state = self.hear(&state, &turns[turn - 1]);
                next = self.best(&state, &turns, if turn == said.len() { count.max(1) } else { 1 });
            }
            (turns.into_iter().map(|turn| turn.shown).collect(), next)
        })
    }

    fn hear(&self, state: &State, turn: &Heard) -> State {
        let Self { manager, catalogue, .. } = self;
        let captions = std::slice::from_ref(&turn.caption);
        let captions = manager.words.captions(captions, manager.device());
        manager.network.respond(state, &catalogue.items(&[turn.shown]), &captions, false)
    }

    fn best(&self, state: &State, turns: &[Heard], count: usize) -> Vec<u32> {
        let found = turns.iter().find(|turn| is_found(&turn.caption)).map(|turn| turn.shown);
        let shown = turns.iter().map(|turn| turn.shown).collect();
        let scores = self.manager.network.scores(state, &self.places, false);
        let scores = known(&scores, std::iter::once((shown, found)));
        let count = (count as i64).min(scores.size()[1]);
        let best = numbers(&scores.topk(count, 1, true, true).1.get(0));
        best.into_iter().map(|item| item as u32).collect()
    }
}
