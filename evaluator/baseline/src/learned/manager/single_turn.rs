//! A single-turn model, repeated: at each turn it sees the item that is shown and the last caption alone.

use dataset::{Attributes, Group, ItemId, Query};
use dialog::{Opening, Simulator};
use tch::{Device, Tensor};

use super::talk::{Talks, ranks};
use super::training::numbers;
use crate::error::Result;
use crate::learned::features::{Encoder, encode};
use crate::learned::ranking::Source;
use crate::learned::training::Training;

/// A single-turn model that plays dialogs.
pub struct SingleTurn<'a> {
    /// The trained model.
    pub training: &'a Training,
    /// The vectors of items.
    pub source: &'a Source<'a>,
    /// The encoder of captions that the model was trained with.
    pub encoder: &'a dyn Encoder,
}

impl SingleTurn<'_> {
    /// Plays dialogs about all items of a group; the ranks of the targets, by dialog and turn.
    pub fn play(
        &self,
        group: &Group,
        attributes: &Attributes,
        user: &dyn Simulator,
        openings: &[(Opening, u64)],
        turns: u32,
    ) -> Result<Vec<Vec<u32>>> {
        let items: Vec<u32> = (0..group.gallery.len() as u32).collect();
        let mut talks = Talks::new(user, &items, openings.iter().copied());
        let targets = talks.targets(Device::Cpu);
        let mut all = vec![Vec::new(); openings.len()];
        for _ in 0..turns {
            let shown = talks.shown();
            let queries = shown.iter().zip(talks.ask()).map(|(&shown, caption)| {
                let reference = ItemId::new(group.gallery.item(shown))?;
                Ok(Query { id: String::new(), reference, captions: vec![caption] })
            });
            let queries = queries.collect::<Result<Vec<Query>>>()?;
            let asked = Group { queries, targets: None, ..group.clone() };
            let texts = encode(&asked, self.encoder, &mut |_| ())?;
            let (attributes, training) = (attributes.clone(), self.training);
            let collection = self.source.collection(&asked, attributes, &texts, training)?;
            let scores = training.scores(&collection);
            let scores: Vec<Tensor> = scores.iter().map(|row| Tensor::from_slice(row)).collect();
            let scores = talks.known(&Tensor::stack(&scores, 0));
            for (own, rank) in all.iter_mut().zip(numbers(&ranks(&scores, &targets))) {
                own.push(rank as u32);
            }
            talks.show(&numbers(&scores.argmax(1, false)));
        }
        Ok(all)
    }
}
