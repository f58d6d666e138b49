//! Policy improvement by looking ahead: what should be shown is what finds the target soonest.
//!
//! Guo et al. (`NeurIPS` 2018), section 3.2: the network before the improvement names its nearest candidates.
//! From each the dialog is played to its end with the simulated user, and the candidate with the smallest
//! sum of the target's ranks is the best action.

use tch::{Kind, Reduction, Tensor, no_grad};

use super::catalogue::Catalogue;
use super::network::{Network, Places, State};
use super::talk::{Talks, ranks};
use super::training::{Manager, numbers};

/// How many items drawn at random the best action is compared with.
const OTHERS: i64 = 5;

impl Manager {
    /// The loss of dialogs in which the best action is looked for: the mean over turns.
    pub(super) fn improved(
        &self,
        catalogue: &Catalogue,
        items: &[u32],
        mut talks: Talks<'_>,
        before: &Network,
    ) -> Tensor {
        let device = self.device();
        let count = talks.count() as i64;
        let targets = talks.targets(device);
        let places = self.network.places(catalogue.items(items));
        let old_places = no_grad(|| before.places(catalogue.items(items)));
        let (mut state, mut old) = (self.network.start(count), before.start(count));
        let mut losses = Vec::new();
        for turn in 1..=self.settings.turns {
            let shown = catalogue.items(&talks.shown());
            let captions = self.words.captions(&talks.ask(), device);
            state = self.network.respond(&state, &shown, &captions, true);
            let scores = self.network.scores(&state, &places, true);
            let best = no_grad(|| {
                old = before.respond(&old, &shown, &captions, false);
                let left = self.settings.turns - turn;
                self.best_action(before, catalogue, &old_places, &old, &talks, left)
            });
            let open = talks.open(device);
            let others =
                Tensor::randint(items.len() as i64, [count, OTHERS], (Kind::Int64, device));
            let compared = Tensor::cat(&[best.unsqueeze(1), others], 1);
            let logits = scores.gather(1, &compared, false);
            let first = Tensor::zeros([count], (Kind::Int64, device));
            let action =
                logits.cross_entropy_loss::<Tensor>(&first, None, Reduction::None, -100, 0.0);
            let loss = (action + self.turn_loss(&scores, &targets)) * open;
            losses.push(loss.mean(Kind::Float));
            talks.show(&numbers(&best));
        }
        Tensor::stack(&losses, 0).mean(Kind::Float)
    }

    /// For each dialog, of the nearest candidates the one from which the target's ranks are smallest in sum
    /// until the end; [dialogs].
    fn best_action(
        &self,
        network: &Network,
        catalogue: &Catalogue,
        places: &Places,
        state: &State,
        talks: &Talks<'_>,
        left: u32,
    ) -> Tensor {
        let scores = talks.known(&network.scores(state, places, false));
        let most = self.settings.candidates.min(scores.size()[1]);
        let (_, candidates) = scores.topk(most, 1, true, true);
        if left == 0 {
            return candidates.select(1, 0);
        }
        let dialogs: Vec<i64> =
            (0..talks.count() as i64).flat_map(|dialog| vec![dialog; most as usize]).collect();
        let (mut talks, mut state) = (talks.of(&dialogs), state.of(&dialogs));
        let targets = talks.targets(self.device());
        talks.show(&numbers(&candidates.reshape([-1])));
        let mut sums = Tensor::zeros([dialogs.len() as i64], (Kind::Int64, self.device()));
        for _ in 0..left {
            state = self.respond(network, catalogue, &state, &mut talks, false);
            let scores = talks.known(&network.scores(&state, places, false));
            sums += ranks(&scores, &targets);
            talks.show(&numbers(&scores.argmax(1, false)));
        }
        let best = sums.view([-1, most]).argmin(1, true);
        candidates.gather(1, &best, false).squeeze_dim(1)
    }
}
