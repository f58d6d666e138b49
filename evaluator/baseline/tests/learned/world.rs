//! The data sets of the training tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use baseline::Result;
use baseline::learned::collection::Collection;
use baseline::learned::features::{Encoder, Features, make};
use baseline::learned::item_vectors::ItemVectors;
use baseline::learned::parts::Parts;
use baseline::learned::ranking::Source;
use baseline::learned::sentences::ItemTexts;
use baseline::learned::settings::Settings;
use baseline::learned::tensors::write;
use baseline::learned::training::Training;
use dataset::draw::{Drawn, DrawnGroup, DrawnItem, Plan, draw};
use dataset::{Elsewhere, Folder, ItemCaptions, Protocol, Split};
use scoring::{Benchmark, FASHION_IQ, Limits, Scorecard, Upload, read};
use tch::{Device, Kind, Tensor};

/// Length of the made-up vectors of items.
pub const LENGTH: i64 = 96;

/// A word's own random direction.
fn direction(word: &str, length: i64) -> Tensor {
    let seed = word.bytes().fold(7_i64, |seed, b| seed.wrapping_mul(31) + i64::from(b));
    tch::manual_seed(seed);
    Tensor::randn([length], (Kind::Float, Device::Cpu))
}

/// The sum of the directions of words.
fn sum<'a>(words: impl Iterator<Item = &'a str>, length: i64) -> Tensor {
    let zero = Tensor::zeros([length], (Kind::Float, Device::Cpu));
    words.fold(zero, |sum, word| sum + direction(word, length))
}

/// Texts of similar words are close.
pub struct Words;

impl Encoder for Words {
    fn encode(&self, texts: &[String], told: &mut dyn FnMut(usize)) -> Result<Tensor> {
        let vector = |text: &String| {
            let sum = sum(text.split_whitespace(), 384);
            let length = sum.norm().clamp_min(1e-6);
            sum / length
        };
        told(texts.len());
        Ok(Tensor::stack(&texts.iter().map(vector).collect::<Vec<_>>(), 0))
    }

    fn digest(&self) -> &'static str {
        "words"
    }
}

/// A possible encoding of an item's picture: each aspect of the garment adds its direction, and noise is
/// added.
fn look(item: &DrawnItem) -> Tensor {
    let garment = format!("{:?}", item.garment);
    sum(garment.split(", "), LENGTH) + direction(item.id.as_str(), LENGTH) * 0.5
}

/// Writes the file of some encoder.
pub fn write_items(path: &Path, ids: &[&str], vectors: &Tensor) {
    let longest = ids.iter().map(|id| id.len()).max().unwrap();
    let mut bytes = vec![0_u8; ids.len() * longest];
    for (row, id) in bytes.chunks_mut(longest).zip(ids) {
        row[..id.len()].copy_from_slice(id.as_bytes());
    }
    let rows = Tensor::from_slice(&bytes).view([ids.len() as i64, longest as i64]);
    let tensors =
        [("items.ids".to_owned(), rows), ("items.vectors".to_owned(), vectors.shallow_clone())];
    write(path, &tensors, []).unwrap();
}

/// Libtorch has one random number generator per process, so these tests run one after another.
static ALONE: Mutex<()> = Mutex::new(());

/// A drawn data set with features, in a folder.
pub struct World {
    _alone: MutexGuard<'static, ()>,
    folder: tempfile::TempDir,
    pub data: Folder,
    pub features: Features,
}

impl World {
    /// With attributes.
    pub fn new(items: usize, seed: &str) -> Self {
        Self::with(items, seed, |_, _| None, |_, _| None)
    }

    /// With pictures too, except for every tenth item.
    pub fn seeing(items: usize, seed: &str) -> Self {
        Self::with(
            items,
            seed,
            |drawn, file| {
                let items = drawn.groups().iter().flat_map(DrawnGroup::items);
                let items: Vec<&DrawnItem> = items
                    .enumerate()
                    .filter(|(at, _)| at % 10 != 0)
                    .map(|(_, item)| item)
                    .collect();
                let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
                let looks: Vec<Tensor> = items.iter().map(|item| look(item)).collect();
                write_items(file, &ids, &Tensor::stack(&looks, 0));
                Some(ItemVectors::read(file).unwrap())
            },
            |_, _| None,
        )
    }

    /// With captions of the items of some splits, which say everything about the garment.
    pub fn captioned(items: usize, seed: &str, splits: &[&str]) -> Self {
        Self::with(
            items,
            seed,
            |_, _| None,
            |drawn, data| {
                let sentence = |item: &DrawnItem| format!("a {:?}", item.garment).to_lowercase();
                let items = drawn.groups().iter().flat_map(DrawnGroup::items);
                let sentences: BTreeMap<String, String> =
                    items.map(|item| (item.id.to_string(), sentence(item))).collect();
                let mut texts = ItemTexts::new("a test");
                for split in splits {
                    for group in data.split(split, Protocol::Original).unwrap().groups {
                        let of = |id: &str| Some((id.to_owned(), sentences.get(id)?.clone()));
                        let captions =
                            ItemCaptions::new(group.gallery.iter().filter_map(of).collect());
                        texts.add(&group.name, &captions);
                    }
                }
                Some(texts)
            },
        )
    }

    fn with(
        items: usize,
        seed: &str,
        vectors: impl FnOnce(&Drawn, &Path) -> Option<ItemVectors>,
        captions: impl FnOnce(&Drawn, &Folder) -> Option<ItemTexts>,
    ) -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        // Of so little work threads make more, and wait for each other where the machine is busy.
        tch::set_num_threads(1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let drawn = draw(&Plan::new(items, seed.parse().unwrap())).unwrap();
        drawn.write(&path).unwrap();
        drawn.write_item_captions(&folder.path().join("item-captions")).unwrap();
        let data = Folder::new(&path);
        let vectors = vectors(&drawn, &folder.path().join("items.safetensors"));
        let captions = captions(&drawn, &data);
        let file = folder.path().join("features.safetensors");
        let features = features(&data, vectors.as_ref(), captions, &file);
        Self { _alone: alone, folder, data, features }
    }

    pub fn source(&self) -> Source<'_> {
        Source { data: &self.data, features: &self.features }
    }

    /// True sentences about a split's items, by group.
    pub fn sentences(&self, split: &str) -> BTreeMap<String, ItemCaptions> {
        ItemCaptions::of_split(&self.file("item-captions"), &self.split(split)).unwrap()
    }

    pub fn split(&self, split: &str) -> Split {
        self.data.split(split, Protocol::Original).unwrap()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a training.
    pub fn start(&self, settings: Settings) -> Training {
        self.source().start(settings, Device::Cpu).unwrap()
    }

    /// The source to learn from.
    pub fn train_collections(&self, training: &mut Training) -> (Vec<Collection>, Vec<Vec<i64>>) {
        let split = self.split("train");
        let parts = Parts::of(&self.data, &split, false).unwrap();
        let mut collections = self.source().collections(&split, training).unwrap();
        training.mine(&mut collections, &parts.learn);
        (collections, parts.learn)
    }

    /// Continues for some epochs.
    pub fn learn(&self, training: &mut Training, epochs: usize) {
        let (collections, rows) = self.train_collections(training);
        for _ in 0..epochs {
            assert!(training.epoch(&collections, &rows, f64::is_finite));
        }
    }

    /// Trains from start to end.
    pub fn train(&self, settings: Settings) -> Training {
        let mut training = self.start(settings);
        let epochs = training.settings.epochs;
        self.learn(&mut training, epochs);
        training
    }
}

/// Creates the features of train and val.
pub fn features(
    data: &Folder,
    vectors: Option<&ItemVectors>,
    captions: Option<ItemTexts>,
    file: &Path,
) -> Features {
    let splits = ["train", "val"].map(str::to_owned);
    make(data, &splits, &Words, vectors, captions, file, |_| ()).unwrap();
    Features::open(file).unwrap()
}

/// Settings for few queries.
pub fn small(model: &str) -> Settings {
    Settings {
        epochs: 8,
        batch: 32,
        negatives: 64,
        crowd: 32,
        width: 16,
        rate: 5e-3,
        dropout: 0.1,
        ..Settings::of(model)
    }
}

/// The mean of six on val, in percent, through the scorer.
pub fn on_val(world: &World, training: &Training) -> f64 {
    let val = world.split("val");
    let collections = world.source().collections(&val, training).unwrap();
    let groups = val.groups.iter().zip(&collections);
    let runs: Vec<_> = groups.map(|(group, tensors)| training.run(group, tensors, 1)).collect();
    let mut bytes = Vec::new();
    scoring::write_zip(&mut bytes, "val", &runs).unwrap();
    let benchmark =
        Benchmark::new(&FASHION_IQ, val.clone(), Protocol::Original, Elsewhere::default());
    let upload = Upload::Bytes { name: "val.zip", bytes: &bytes };
    let ranks = read(&upload, &benchmark, &Limits::default()).unwrap().ranks.unwrap();
    100.0 * Scorecard::of(&ranks, &benchmark).overall()
}

/// The tensors of a checkpoint, to the bit.
pub fn state(training: &Training, world: &World) -> Vec<(String, Vec<u8>)> {
    let file = world.file("state.safetensors");
    training.save(&file, "words").unwrap();
    let mut tensors = Tensor::read_safetensors(&file).unwrap();
    tensors.sort_by(|(a, _), (b, _)| a.cmp(b));
    let bytes = |tensor: &Tensor| {
        let values: Vec<f32> = tensor.flatten(0, -1).try_into().unwrap();
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    };
    tensors.iter().map(|(name, tensor)| (name.clone(), bytes(tensor))).collect()
}
