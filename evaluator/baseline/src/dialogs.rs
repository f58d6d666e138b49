//! Dialogs that are played here, against the simulated user.

use dialog::{Agent, Draw, Heard, ItemTexts, Opening, Policy, Seen, Simulator, Template};

/// Both sides of the dialogs of one gallery.
pub struct Sides {
    user: Template,
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

impl Plan {
    /// How the dialogs about a gallery begin, each with a number from which its words follow.
    pub fn openings(&self, items: usize) -> impl Iterator<Item = (Opening, u64)> + use<> {
        let draw = Draw::new(&self.seed.to_le_bytes());
        let openings = draw.dialogs("here", 1, items, self.dialogs);
        let seed = draw.seed("here", 1);
        openings.into_iter().zip((0..).map(move |at| seed.wrapping_add(at)))
    }
}

impl Sides {
    /// Those of a group whose items have these texts.
    pub fn new(group: &str, texts: &ItemTexts) -> Self {
        Self { user: Template::new(group, texts), agent: Agent::new(texts), items: texts.len() }
    }

    /// The ranks of the targets, by dialog and turn. The same plan draws the same targets and first items
    /// for every policy.
    pub fn play(&self, plan: Plan, policy: Policy) -> Vec<Vec<u32>> {
        let ranks = |(opening, seed)| self.dialog(opening, plan.turns, policy, seed);
        plan.openings(self.items).map(ranks).collect()
    }

    fn dialog(&self, opening: Opening, turns: u32, policy: Policy, seed: u64) -> Vec<u32> {
        let (mut heard, mut shown): (Vec<Heard>, u32) = (Vec::new(), opening.start);
        let target = opening.target;
        let turn = |turn: u32| {
            let earlier: Vec<&str> = heard.iter().map(|turn| turn.caption.as_str()).collect();
            let said = self.user.caption(&Seen { target, shown, turn, earlier: &earlier, seed });
            heard.push(Heard { shown, caption: said });
            let ranking = self.agent.rank(&heard, policy, self.items);
            shown = ranking[0];
            let place = ranking.iter().position(|&item| item == target);
            place.map_or(self.items, |place| place + 1) as u32
        };
        (1..=turns).map(turn).collect()
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
        let sides = Sides::new("dress", &texts);
        let plan = Plan { dialogs: 60, turns: 4, seed: 1 };
        let mean = |policy, turn: usize| {
            let ranks = sides.play(plan, policy);
            ranks.iter().map(|dialog| f64::from(dialog[turn])).sum::<f64>() / ranks.len() as f64
        };
        let history: Vec<f64> = (0..4).map(|turn| mean(Policy::History, turn)).collect();
        let nearer = |pair: &[f64]| pair[1] < pair[0] || pair[0] == 1.0;
        assert!(history.windows(2).all(nearer), "{history:?}");
        for other in [Policy::NoHistory, Policy::FirstCaption] {
            assert!(mean(other, 3) > 1.5 * history[3], "{other:?} {history:?}");
        }
    }
}
