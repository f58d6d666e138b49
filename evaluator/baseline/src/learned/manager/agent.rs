//! A trained manager as an agent that ranks one gallery.

use dialog::{Heard, is_found};
use tch::no_grad;

use super::catalogue::Catalogue;
use super::network::Places;
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
        let Self { manager, catalogue, places } = self;
        let ranked = no_grad(|| {
            let mut state = manager.network.start(1);
            for turn in turns {
                let captions = std::slice::from_ref(&turn.caption);
                let captions = manager.words.captions(captions, manager.device());
                let shown = catalogue.items(&[turn.shown]);
                state = manager.network.respond(&state, &shown, &captions, false);
            }
            let found = turns.iter().find(|turn| is_found(&turn.caption)).map(|turn| turn.shown);
            let shown = turns.iter().map(|turn| turn.shown).collect();
            let scores = manager.network.scores(&state, places, false);
            let scores = known(&scores, std::iter::once((shown, found)));
            let count = (count as i64).min(scores.size()[1]);
            numbers(&scores.topk(count, 1, true, true).1.get(0))
        });
        ranked.into_iter().map(|item| item as u32).collect()
    }
}
