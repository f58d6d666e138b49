//! Ranks with a trained model.

use dataset::{Attributes, Folder, Group, Protocol, Split};
use rand::SeedableRng;
use rand::seq::{SliceRandom, index::sample};
use rand_chacha::ChaCha8Rng;
use scoring::{FASHION_IQ, GroupRun};
use tch::{Device, Tensor, no_grad};

use super::collection::{Collection, Items};
use super::features::{Features, TRAIN};
use super::item_words::GroupWords;
use super::lens::Lens;
use super::networks::{Network, Trained, score_words};
use super::reading::Reading;
use super::retrieve::best_with;
use super::settings::{ItemsSeen, Settings};
use super::training::Training;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::lexical::{Described, Lexicon};

/// The number of items that measure how ordinary an item is; all of a smaller gallery.
const CROWD: usize = 4096;

/// Items whose scores differ by less than this count as equal and are ordered at random. Many items
/// about which nothing is known are equal, and the order of a file can give targets away.
const EQUAL: f32 = 1e-4;

/// Queries whose vectors are computed at once.
const QUERIES: usize = 512;

/// The source of a split's collections.
pub struct Source<'a> {
    /// The data set.
    pub data: &'a Folder,
    /// The captions' vectors.
    pub features: &'a Features,
}

impl Source<'_> {
    /// Starts a training on split train.
    pub fn start(&self, settings: Settings, device: Device) -> Result<Training> {
        if settings.items.captions() && !Trained::reads_captions(&settings.model) {
            return Err(Error::reads_no_captions(&settings.model));
        }
        let split = self.data.split(TRAIN, Protocol::Original)?;
        let vocabulary = if settings.items.attributes() {
            Vocabulary::of(self.data, &split)?
        } else {
            Vocabulary::wordless(&split)
        };
        let vectors = self.features.words(&vocabulary)?.to_device(device);
        let reading = settings.items.captions().then(|| self.reading(&split)).transpose()?;
        let lens = match settings.items {
            ItemsSeen::Attributes => None,
            ItemsSeen::Pictures | ItemsSeen::Both => Some(self.features.items()?),
            ItemsSeen::Captions => Some(self.features.sentences()?.vectors()),
        };
        let lens = lens.map(|vectors| Lens::of(vectors, &split, device));
        Training::new(settings, vocabulary, &vectors, lens, reading)
    }

    /// What a model reads of the items of split train.
    fn reading(&self, train: &Split) -> Result<Reading> {
        let sentences = self.features.sentences()?;
        let describe = |group: &Group| {
            let attributes = self.data.attributes(&group.name, &train.name)?;
            Ok(Described { attributes, captions: sentences.captions(&group.name) })
        };
        let described = train.groups.iter().map(describe).collect::<Result<Vec<_>>>()?;
        let pairs: Vec<_> = train.groups.iter().zip(&described).collect();
        let reading = Reading::new(Lexicon::of(&pairs), &pairs, sentences.captioner());
        if reading.captioned[0] == 0 {
            return Err(Error::no_captions_of_split(self.features.path(), &train.name));
        }
        Ok(reading)
    }

    /// The groups of a split as tensors.
    pub fn collections(&self, split: &Split, training: &Training) -> Result<Vec<Collection>> {
        let collection = |group: &Group| {
            let attributes = self.data.attributes(&group.name, &split.name)?;
            self.collection(group, attributes, &self.features.texts(group, &split.name)?, training)
        };
        split.groups.iter().map(collection).collect()
    }

    /// A group as tensors, with the vectors of its captions: [queries, `TEXTS` × 384].
    pub(super) fn collection(
        &self,
        group: &Group,
        attributes: Attributes,
        texts: &Tensor,
        training: &Training,
    ) -> Result<Collection> {
        let device = training.vectors.device();
        let all = Collection::new(group, &attributes, &training.vocabulary, texts, device)?;
        if let (Some(reading), Some(lens)) = (&training.reading, &training.lens) {
            let sentences = self.features.sentences()?;
            let captions = sentences.captions(&group.name);
            let described = Described { attributes, captions };
            let mut read = GroupWords::new(group, &described, &reading.lexicon, device);
            read.tell(&reading.counts);
            return Ok(all.seeing(group, sentences.vectors(), lens).reading(read));
        }
        let mut all = match &training.lens {
            Some(lens) => all.seeing(group, self.features.items_made_by(lens.made_by())?, lens),
            None => all,
        };
        training.mined.tell(&mut all);
        Ok(all)
    }
}

impl Training {
    /// The best of the gallery for each of some queries, the reference left out.
    pub fn rank(&self, collection: &Collection, queries: &[i64], seed: u64) -> Vec<Vec<u32>> {
        let all = collection.items.len();
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let crowd = crowd(collection, &mut chance);
        let mut chances: Vec<f32> = (0..all).map(|i| EQUAL * i as f32 / all as f32).collect();
        chances.shuffle(&mut chance);
        let chances = Tensor::from_slice(&chances).view([-1, 1]).to_device(collection.device());
        let asked = |queries: &[i64]| {
            let asked = self.ask(collection, queries);
            // The factor of the items' small random part.
            Tensor::cat(&[&asked, &asked.narrow(1, 0, 1).ones_like()], 1)
        };
        let items = |from: i64, to: i64| {
            let chances = chances.narrow(0, from, to - from);
            let items = collection.items(&(from..to).collect::<Vec<i64>>());
            let places = Tensor::cat(&[self.place(&items, &crowd), chances], 1);
            (places.transpose(0, 1), items)
        };
        let more = |items: &Items, start: i64, height: i64| {
            let (start, end) = (start as usize, (start + height) as usize);
            self.words(collection, &queries[start..end], items)
        };
        let references: Vec<i64> =
            queries.iter().map(|&query| collection.reference_index[query as usize]).collect();
        let asked: Vec<Tensor> = no_grad(|| queries.chunks(QUERIES).map(asked).collect());
        if asked.is_empty() {
            return Vec::new();
        }
        let (asked, count) = (Tensor::cat(&asked, 0), FASHION_IQ.list_length as i64);
        best_with(&asked, all as i64, items, more, &references, count)
    }

    /// The scores of all items for each query: [queries][items], logarithms of probabilities up to a
    /// constant.
    pub fn scores(&self, collection: &Collection) -> Vec<Vec<f32>> {
        let mut chance = ChaCha8Rng::seed_from_u64(self.settings.seed);
        let crowd = crowd(collection, &mut chance);
        let members = self.networks().len() as f64;
        let queries: Vec<i64> = (0..collection.references.len() as i64).collect();
        no_grad(|| {
            let all = collection.items.len() as i64;
            let items = collection.items(&(0..all).collect::<Vec<i64>>());
            let places = self.place(&items, &crowd).transpose(0, 1);
            let score = |queries: &[i64]| {
                let mut scores = self.ask(collection, queries).matmul(&places);
                if let Some(more) = self.words(collection, queries, &items) {
                    scores += more;
                }
                let scores = scores / members;
                Vec::<Vec<f32>>::try_from(scores.to_device(Device::Cpu)).unwrap_or_default()
            };
            queries.chunks(QUERIES).flat_map(score).collect()
        })
    }

    /// The vectors of queries, those of all members side by side.
    fn ask(&self, collection: &Collection, queries: &[i64]) -> Tensor {
        let queries = collection.queries(queries);
        let sides: Vec<Tensor> =
            self.networks().iter().map(|member| member.queries(&queries, false)).collect();
        Tensor::cat(&sides, 1)
    }

    /// The vectors of items, those of all members side by side.
    fn place(&self, items: &Items, crowd: &Items) -> Tensor {
        let sides: Vec<Tensor> =
            self.networks().iter().map(|member| member.items(items, crowd, false)).collect();
        Tensor::cat(&sides, 1)
    }

    /// The scores of the words of items, of all members together, if they score words.
    fn words(&self, collection: &Collection, queries: &[i64], items: &Items) -> Option<Tensor> {
        let queries = collection.queries(queries);
        let words = items.read.as_ref()?;
        let of_member = |member: &dyn Network| {
            Some(score_words(&member.wanted(&queries)?, &member.scales(items)?, words))
        };
        self.networks()
            .iter()
            .filter_map(|member| of_member(member.as_ref()))
            .reduce(|sum, more| sum + more)
    }

    /// Ranks every query of a group.
    pub fn run<'a>(&self, group: &'a Group, collection: &Collection, seed: u64) -> GroupRun<'a> {
        let queries: Vec<i64> = (0..group.queries.len() as i64).collect();
        let mut rankings = self.rank(collection, &queries, seed);
        for (query, ranking) in group.queries.iter().zip(&mut rankings) {
            // If the gallery is too small, the reference comes last.
            if ranking.len() < FASHION_IQ.list_length.min(group.gallery.len()) {
                ranking.extend(group.gallery.index_of(query.reference.as_str().as_bytes()));
            }
        }
        GroupRun { group, rankings }
    }

    /// The mean of Recall@10 and Recall@50 over collections, of some of their queries; in percent.
    pub fn mean_recall(&self, collections: &[Collection], rows: &[Vec<i64>]) -> f64 {
        let mut sum = 0.0;
        for (collection, rows) in collections.iter().zip(rows) {
            let rankings = self.rank(collection, rows, self.settings.seed);
            let found = |k: usize| {
                let has = |(query, ranking): &(&i64, &Vec<u32>)| {
                    let target = collection.targets[**query as usize];
                    ranking.iter().take(k).any(|&item| i64::from(item) == target)
                };
                rows.iter().zip(&rankings).filter(has).count() as f64 / rows.len().max(1) as f64
            };
            sum += found(10) + found(50);
        }
        100.0 * sum / (2 * collections.len().max(1)) as f64
    }
}

fn crowd(collection: &Collection, chance: &mut ChaCha8Rng) -> Items {
    let all = collection.items.len();
    let drawn = sample(chance, all, CROWD.min(all));
    collection.items(&drawn.into_iter().map(|item| item as i64).collect::<Vec<i64>>())
}
