//! `fashion-iq-baseline describe`.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use clap::Args;
use dataset::{Folder, Group, Protocol};
use dialog::text::{Asked, words_of_item};
use dialog::{ItemTexts, Seen, Simulator, Template};

use super::captions::CaptionsOption;
use super::device::DeviceOption;
use super::manager::vectors;
use crate::caption_scores::{bleu, caption_words, distinct, rouge_l};
use crate::error::Result;
use crate::learned::captioner::nearest::Nearest;
use crate::learned::captioner::source::{Query, Source, queries};
use crate::learned::captioner::speaking::Choice;
use crate::learned::captioner::training::Captioner;
use crate::learned::features::{Features, TRAIN};
use crate::learned::parts::Parts;
use crate::lexical::{Described, describe};

/// Measure how like people's captions the captioner's are, beside two baselines: the caption of the most
/// similar pair of train, and the simulated user without a model.
#[derive(Args)]
pub(super) struct Describe {
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The split whose queries are described. With `train`, those that were held out.
    #[arg(long, default_value = "val")]
    split: String,
    #[command(flatten)]
    captions: CaptionsOption,
    /// The trained captioner.
    #[arg(long, value_name = "FILE", default_value = "data/captioner/model.safetensors")]
    model: PathBuf,
    /// The features that it was trained with, if it was.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    /// The temperature of sampled captions.
    #[arg(long, default_value_t = 0.7)]
    temperature: f64,
    /// How many examples to print.
    #[arg(long, default_value_t = 5)]
    examples: usize,
    #[command(flatten)]
    device: DeviceOption,
}

/// What was said by one of those that are compared.
#[derive(Default)]
struct Said {
    captions: Vec<String>,
    untrue: usize,
}

impl Describe {
    pub(super) fn run(&self) -> Result<()> {
        let device = self.device.find()?;
        let data = Folder::new(&self.data);
        let features = self.features.as_deref().map(Features::open).transpose()?;
        let vectors = features.as_ref().map(vectors).transpose()?;
        let captioner = Captioner::open(&self.model, device)?;
        let split = data.split(&self.split, Protocol::Original)?;
        let source = Source { data: &data, vectors, captions: self.captions.of(&split)? };
        let parts = Parts::of(&data, &split, self.split == TRAIN)?;
        let rows = if self.split == TRAIN { &parts.held_out } else { &parts.learn };
        let speakers = source.speakers(&split, &captioner)?;
        let nearest = self.nearest(&data)?;
        let described = describe(&data, &split, &source.captions)?;
        let names = [
            "people, one of another",
            "nearest of train",
            "template",
            "captioner, greedy",
            "captioner, sampled",
        ];
        let mut said: [Said; 5] = Default::default();
        let (mut references, mut examples) = (Vec::new(), Vec::new());
        let groups = split.groups.iter().zip(&described).zip(rows).zip(&speakers);
        for (((group, items), rows), speaker) in groups {
            let all: Vec<Query<'_>> = queries(group, rows).collect();
            let pairs: Vec<(u32, u32)> = all.iter().map(|it| (it.target, it.shown)).collect();
            let people = |at: usize| {
                all.iter().map(move |it| it.captions[at.min(it.captions.len() - 1)].clone())
            };
            let by = [
                people(0).collect(),
                nearest.captions(group, items, &pairs),
                template(group, items, &pairs),
                speaker.describe(&pairs, Choice::Greedy),
                speaker.describe(&pairs, Choice::Sampled(self.temperature)),
            ];
            let truth = Truth::new(group, items);
            for (own, captions) in said.iter_mut().zip(by) {
                own.untrue += truth.untrue(&captions, &pairs);
                own.captions.extend(captions);
            }
            references.extend(
                all.iter().map(|it| {
                    it.captions.iter().map(|text| caption_words(text)).collect::<Vec<_>>()
                }),
            );
            examples.extend(all.iter().map(|it| it.captions.join(" | ")));
        }
        super::say!("{HEAD}");
        for (name, own) in names.iter().zip(&said) {
            // A person's caption is compared with the other one's.
            let people = std::ptr::eq(own, &raw const said[0]);
            let against =
                |own: &Vec<Vec<String>>| own[usize::from(people && own.len() > 1)..].to_vec();
            let pairs: Vec<_> = own
                .captions
                .iter()
                .map(|text| caption_words(text))
                .zip(references.iter().map(against))
                .collect();
            super::say!("{}", line(name, &pairs, own));
        }
        for at in (0..examples.len())
            .step_by((examples.len() / self.examples.max(1)).max(1))
            .take(self.examples)
        {
            super::say!("\npeople: {}", examples[at]);
            for (name, own) in names.iter().zip(&said).skip(1) {
                super::say!("{name}: {}", own.captions[at]);
            }
        }
        Ok(())
    }

    /// The pairs of split train, with what people said.
    fn nearest(&self, data: &Folder) -> Result<Nearest> {
        let train = data.split(TRAIN, Protocol::Original)?;
        let described = describe(data, &train, &self.captions.of(&train)?)?;
        let parts = Parts::of(data, &train, self.split == TRAIN)?;
        let groups: Vec<(&Group, &Described)> = train.groups.iter().zip(&described).collect();
        Ok(Nearest::new(&groups, &parts.learn))
    }
}

const HEAD: &str = "| captions | BLEU-1 | BLEU-2 | BLEU-3 | BLEU-4 | ROUGE-L | words | distinct-1 | distinct-2 | \
                    most frequent | untrue |\n|---|---|---|---|---|---|---|---|---|---|---|";

/// A row of the table, in percent but for words.
fn line(name: &str, pairs: &[(Vec<String>, Vec<Vec<String>>)], said: &Said) -> String {
    let words: Vec<Vec<String>> = pairs.iter().map(|(caption, _)| caption.clone()).collect();
    let count = words.len().max(1) as f64;
    let mut often: HashMap<&String, usize> = HashMap::new();
    said.captions.iter().for_each(|caption| *often.entry(caption).or_default() += 1);
    let most = often.values().max().copied().unwrap_or(0) as f64 / count;
    let bleu = bleu(pairs).map(|value| format!("{:.1}", 100.0 * value)).join(" | ");
    format!(
        "| {name} | {bleu} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
        100.0 * rouge_l(pairs),
        words.iter().map(Vec::len).sum::<usize>() as f64 / count,
        100.0 * distinct(&words, 1),
        100.0 * distinct(&words, 2),
        100.0 * most,
        100.0 * said.untrue as f64 / count,
    )
}

/// What the simulated user without a model says.
fn template(group: &Group, items: &Described, pairs: &[(u32, u32)]) -> Vec<String> {
    let texts = ItemTexts::new(&group.gallery, &items.attributes, &items.captions);
    let user = Template::new(&group.name, &texts);
    let caption = |(seed, &(target, shown)): (u64, &(u32, u32))| {
        user.caption(&Seen { target, shown, turn: 1, earlier: &[], seed })
    };
    (0..).zip(pairs).map(caption).collect()
}

/// The words of a group's items.
struct Truth {
    of_item: Vec<BTreeSet<String>>,
    all: BTreeSet<String>,
}

impl Truth {
    fn new(group: &Group, items: &Described) -> Self {
        let words = |item: &str| words_of_item(&items.attributes, &items.captions, item);
        let of_item: Vec<BTreeSet<String>> = group.gallery.iter().map(words).collect();
        let all = of_item.iter().flatten().cloned().collect();
        Self { of_item, all }
    }

    /// How many captions want a word that items of the group have and the target, by its texts, has not.
    fn untrue(&self, captions: &[String], pairs: &[(u32, u32)]) -> usize {
        let is_untrue = |(caption, (target, _)): &(&String, &(u32, u32))| {
            let own = &self.of_item[*target as usize];
            let said = Asked::of(std::slice::from_ref(*caption)).said;
            !own.is_empty()
                && said.iter().any(|word| self.all.contains(word) && !own.contains(word))
        };
        captions.iter().zip(pairs).filter(is_untrue).count()
    }
}
