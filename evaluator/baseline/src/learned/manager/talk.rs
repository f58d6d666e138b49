//! Dialogs between a manager and a simulated user, many at a time.

use dialog::{Opening, Seen, Simulator, is_found};
use tch::{Device, Kind, Tensor};

/// The score of items that must not be shown.
const NEVER: f32 = -1e9;

/// The score of an item of which the user said that it is the wanted one.
const FOUND: f32 = 1e9;

/// The user's side of some dialogs, and what was said and shown so far. Items are places in the part of a
/// gallery that the dialogs are about.
#[derive(Clone)]
pub struct Talks<'a> {
    user: &'a dyn Simulator,
    /// The place in the whole gallery of each item.
    items: &'a [u32],
    dialogs: Vec<Talk>,
}

/// One dialog.
#[derive(Clone)]
struct Talk {
    target: u32,
    shown: u32,
    seed: u64,
    before: Vec<u32>,
    said: Vec<String>,
}

impl<'a> Talks<'a> {
    /// Begins dialogs, each with the number from which the words of its captions follow.
    pub fn new(
        user: &'a dyn Simulator,
        items: &'a [u32],
        openings: impl IntoIterator<Item = (Opening, u64)>,
    ) -> Self {
        let talk = |(Opening { start, target }, seed)| Talk {
            target,
            shown: start,
            seed,
            before: vec![],
            said: vec![],
        };
        Self { user, items, dialogs: openings.into_iter().map(talk).collect() }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.dialogs.len()
    }

    /// The items that are shown, by their places in the whole gallery.
    pub(super) fn shown(&self) -> Vec<u32> {
        self.dialogs.iter().map(|talk| self.items[talk.shown as usize]).collect()
    }

    /// What the user says to them.
    pub(super) fn ask(&mut self) -> Vec<String> {
        let earlier: Vec<Vec<&str>> = self
            .dialogs
            .iter()
            .map(|talk| talk.said.iter().map(String::as_str).collect())
            .collect();
        let seen: Vec<Seen<'_>> = self
            .dialogs
            .iter()
            .zip(&earlier)
            .map(|(talk, earlier)| Seen {
                target: self.items[talk.target as usize],
                shown: self.items[talk.shown as usize],
                turn: talk.said.len() as u32 + 1,
                earlier,
                seed: talk.seed,
            })
            .collect();
        let captions = self.user.captions(&seen);
        for (talk, caption) in self.dialogs.iter_mut().zip(&captions) {
            talk.said.push(caption.clone());
        }
        captions
    }

    /// Shows an item in each dialog.
    pub(super) fn show(&mut self, items: &[i64]) {
        for (talk, &item) in self.dialogs.iter_mut().zip(items) {
            talk.before.push(talk.shown);
            talk.shown = item as u32;
        }
    }

    /// Some of the dialogs, in this order; each as often as it is named.
    pub(super) fn of(&self, dialogs: &[i64]) -> Self {
        let dialogs = dialogs.iter().map(|&dialog| self.dialogs[dialog as usize].clone());
        Self { dialogs: dialogs.collect(), ..*self }
    }

    /// The targets: [dialogs].
    pub(super) fn targets(&self, device: Device) -> Tensor {
        let targets: Vec<i64> = self.dialogs.iter().map(|talk| i64::from(talk.target)).collect();
        Tensor::from_slice(&targets).to_device(device)
    }

    /// 1 for each dialog whose target was not found yet, else 0: [dialogs].
    pub(super) fn open(&self, device: Device) -> Tensor {
        let open = |talk: &Talk| if talk.is_found() { 0.0_f32 } else { 1.0 };
        let open: Vec<f32> = self.dialogs.iter().map(open).collect();
        Tensor::from_slice(&open).to_device(device)
    }

    /// The scores with what is known: see [`known`].
    pub(super) fn known(&self, scores: &Tensor) -> Tensor {
        let shown = |talk: &Talk| {
            let found = talk.is_found().then_some(talk.shown);
            (talk.before.iter().copied().chain([talk.shown]).collect(), found)
        };
        known(scores, self.dialogs.iter().map(shown))
    }
}

/// The scores with the items that were shown in each dialog last, except one of which the user said that it
/// is the target, which is first: [dialogs, items].
pub(super) fn known(
    scores: &Tensor,
    dialogs: impl Iterator<Item = (Vec<u32>, Option<u32>)>,
) -> Tensor {
    let items = scores.size()[1];
    let (mut cells, mut values) = (Vec::new(), Vec::new());
    for (row, (shown, found)) in (0_i64..).zip(dialogs) {
        for item in shown {
            cells.push(row * items + i64::from(item));
            values.push(if found == Some(item) { FOUND } else { NEVER });
        }
    }
    let cells = Tensor::from_slice(&cells).to_device(scores.device());
    let values = Tensor::from_slice(&values).to_device(scores.device());
    let scores = scores.contiguous().view([-1]);
    scores.index_put(&[Some(cells)], &values, false).view([-1, items])
}

impl Talk {
    /// Whether the user said that the target was shown.
    fn is_found(&self) -> bool {
        self.said.last().is_some_and(|caption| is_found(caption))
    }
}

/// The ranks of targets by their scores, from 1: [dialogs].
pub(super) fn ranks(scores: &Tensor, targets: &Tensor) -> Tensor {
    let own = scores.gather(1, &targets.unsqueeze(1), false);
    scores.greater_tensor(&own).sum_dim_intlist([1].as_slice(), false, Kind::Int64) + 1
}
