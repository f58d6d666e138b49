//! Dialogs that are played here, against the simulated user.

use dataset::{Group, Split};
use dialog::{Agent, Draw, Heard, ItemTexts, Opening, Policy, Seen, Simulator, Template};

use crate::lexical::Described;

/// Both sides of the dialogs of one gallery.
pub struct Sides<'a> {
    user: Box<dyn Simulator + 'a>,
    agent: Agent,
    items: usize,
}

/// Which dialogs are played.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many.
    pub dialogs: usize,
    /// How many turns each has.
    pub turns: u32,
    /// Decides what is drawn and said.
    pub seed: u64,
}

/// The simulated users without a model who know the items of a split, by group.
pub fn templates(split: &Split, described: &[Described]) -> Vec<Box<dyn Simulator>> {
    let user = |(group, items): (&Group, &Described)| {
        let texts = ItemTexts::new(&group.gallery, &items.attributes, &items.captions);
        Box::new(Template::new(&group.name, &texts)) as Box<dyn Simulator>
    };
    split.groups.iter().zip(described).map(user).collect()
}

impl Plan {
    /// How the dialogs about a gallery begin, each with a number from which its words follow.
    pub fn openings(&self, items: usize) -> impl Iterator<Item = (Opening, u64)> + use<> {
        let draw = Draw::new(&self.seed.to_le_bytes());
        let openings = draw.dialogs("here", 1, items, self.dialogs);
        let seed = draw.seed("here", 1);
        openings.into_iter().zip((0..).map(move |at| seed.wrapping_add(at)))
    }
}

impl<'a> Sides<'a> {
    /// A user, and the agent that knows the words of these items.
    pub fn new(user: Box<dyn Simulator + 'a>, texts: &ItemTexts) -> Self {
        Self { user, agent: Agent::new(texts), items: texts.len() }
    }

    /// The ranks of the targets, by dialog and turn. The same plan draws the same targets and first items
    /// for every policy.
    pub fn play(&self, plan: Plan, policy: Policy) -> Vec<Vec<u32>> {
        let openings: Vec<(Opening, u64)> = plan.openings(self.items).collect();
        let mut shown: Vec<u32> = openings.iter().map(|(opening, _)| opening.start).collect();
        let mut heard: Vec<Vec<Heard>> = vec![Vec::new(); openings.len()];
        let mut ranks = vec![Vec::new(); openings.len()];
        for turn in 1..=plan.turns {
            let said = self.ask(&openings, &shown, &heard, turn);
            for (dialog, caption) in said.into_iter().enumerate() {
                heard[dialog].push(Heard { shown: shown[dialog], caption });
                let ranking = self.agent.rank(&heard[dialog], policy, self.items);
                shown[dialog] = ranking[0];
                let target = openings[dialog].0.target;
                let place = ranking.iter().position(|&item| item == target);
                ranks[dialog].push(place.map_or(self.items, |place| place + 1) as u32);
            }
        }
        ranks
    }

    /// What the user says to what is shown in each dialog.
    fn ask(
        &self,
        openings: &[(Opening, u64)],
        shown: &[u32],
        heard: &[Vec<Heard>],
        turn: u32,
    ) -> Vec<String> {
        let earlier: Vec<Vec<&str>> = heard
            .iter()
            .map(|turns| turns.iter().map(|turn| turn.caption.as_str()).collect())
            .collect();
        let seen = openings.iter().zip(shown).zip(&earlier).map(|((opening, &shown), earlier)| {
            let (Opening { target, .. }, seed) = *opening;
            Seen { target, shown, turn, earlier, seed }
        });
        self.user.captions(&seen.collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use dataset::{Attributes, Gallery, ItemCaptions, ItemId};

    use super::*;

    #[test]
    fn the_target_comes_nearer_from_turn_to_turn_and_history_helps() {
        let colours = ["red", "blue", "green", "black", "white", "pink"];
        let patterns = ["striped", "floral", "plaid", "checkered", "paisley"];
        let sleeves = ["long sleeves", "short sleeves", "sleeveless"];
        let mut sentences = Vec::new();
        for colour in colours {
            for pattern in patterns {
                for sleeve in sleeves {
                    sentences.push(format!("a {colour} {pattern} dress with {sleeve}"));
                }
            }
        }
        let ids: Vec<String> = (0..sentences.len()).map(|n| format!("item{n}")).collect();
        let gallery = Gallery::new(ids.iter().map(|id| ItemId::new(id).unwrap())).unwrap();
        let captions = ItemCaptions::new(ids.into_iter().zip(sentences).collect());
        let texts = ItemTexts::new(&gallery, &Attributes::default(), &captions);
        let sides = Sides::new(Box::new(Template::new("dress", &texts)), &texts);
        let plan = Plan { dialogs: 60, turns: 4, seed: 1 };
        let mean = |policy, turn: usize| {
            let ranks = sides.play(plan, policy);
            ranks.iter().map(|dialog| f64::from(dialog[turn])).sum::<f64>() / ranks.len() as f64
        };
        let history: Vec<f64> = (0..4).map(|turn| mean(Policy::History, turn)).collect();
        let nearer = |pair: &[f64]| pair[1] < pair[0].max(1.0 + 1e-9);
        assert!(history.windows(2).all(nearer), "{history:?}");
        for other in [Policy::NoHistory, Policy::FirstCaption] {
            assert!(mean(other, 3) > 1.5 * history[3], "{other:?} {history:?}");
        }
    }
}
