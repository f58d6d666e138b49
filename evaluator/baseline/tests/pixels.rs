//! Models that see items' pictures, on drawn garments. The vectors of the pictures are made up of
//! what the garments are, so that no encoder's weights are needed.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use baseline::Result;
use baseline::learned::album::Album;
use baseline::learned::features::{Encoder, Features, make};
use baseline::learned::item_vectors::{ItemVectors, read_splits};
use baseline::learned::lens::Lens;
use baseline::learned::parts::Parts;
use baseline::learned::ranking::Source;
use baseline::learned::settings::{ItemsSeen, Settings};
use baseline::learned::tensors::write;
use baseline::learned::training::Training;
use baseline::learned::vocabulary::Vocabulary;
use dataset::draw::{DrawnItem, Plan, draw};
use dataset::{Folder, Protocol, Split};
use tch::{Device, Kind, Tensor};

/// Length of the made-up vectors.
const LENGTH: i64 = 96;

/// A random direction of a word's own.
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

/// Texts of like words are near.
struct Words;

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

/// What an encoder could make of an item's picture: each aspect of the garment adds its direction,
/// and chance adds its own.
fn look(item: &DrawnItem) -> Tensor {
    let garment = format!("{:?}", item.garment);
    sum(garment.split(", "), LENGTH) + direction(item.id.as_str(), LENGTH) * 0.5
}

/// Writes the file of some encoder.
fn write_items(path: &Path, ids: &[&str], vectors: &Tensor) {
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

/// Libtorch has one source of chance for the process: these tests run one after another.
static ALONE: Mutex<()> = Mutex::new(());

/// A drawn data set whose items have vectors, in a folder.
struct World {
    _alone: MutexGuard<'static, ()>,
    folder: tempfile::TempDir,
    data: Folder,
    features: Features,
}

impl World {
    /// Every tenth item has no picture.
    fn new(items: usize, seed: &str) -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let drawn = draw(&Plan::new(items, seed.parse().unwrap())).unwrap();
        drawn.write(&path).unwrap();
        let items = drawn.groups().iter().flat_map(dataset::draw::DrawnGroup::items);
        let items: Vec<&DrawnItem> =
            items.enumerate().filter(|(at, _)| at % 10 != 0).map(|(_, item)| item).collect();
        let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        let looks: Vec<Tensor> = items.iter().map(|item| look(item)).collect();
        let file = folder.path().join("items.safetensors");
        write_items(&file, &ids, &Tensor::stack(&looks, 0));
        let data = Folder::new(&path);
        let vectors = ItemVectors::read(&file).unwrap();
        let features = folder.path().join("features.safetensors");
        make(&data, &splits(), &Words, Some(&vectors), &features, |_| ()).unwrap();
        let features = Features::open(&features).unwrap();
        Self { _alone: alone, folder, data, features }
    }

    fn source(&self) -> Source<'_> {
        Source { data: &self.data, features: &self.features }
    }

    fn split(&self, split: &str) -> Split {
        self.data.split(split, Protocol::Original).unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&self, model: &str, items: ItemsSeen) -> Training {
        let train = self.split("train");
        let vocabulary = match items {
            ItemsSeen::Pictures => Vocabulary::wordless(&train),
            _ => Vocabulary::of(&self.data, &train).unwrap(),
        };
        let vectors = self.features.words(&vocabulary).unwrap();
        let lens = Lens::of(self.features.items().unwrap(), &train, Device::Cpu);
        let settings = Settings {
            items,
            members: 1,
            epochs: 6,
            batch: 32,
            negatives: 64,
            crowd: 32,
            width: 32,
            rate: 5e-3,
            dropout: 0.1,
            ..Settings::of(model)
        };
        Training::new(settings, vocabulary, &vectors, Some(lens)).unwrap()
    }

    fn train(&self, training: &mut Training, epochs: usize) {
        let split = self.split("train");
        let rows = Parts::of(&self.data, &split, false).unwrap().learn;
        let collections = self.source().collections(&split, training).unwrap();
        for _ in 0..epochs {
            assert!(training.epoch(&collections, &rows, f64::is_finite));
        }
    }

    /// The mean of six on val, in percent.
    fn on_val(&self, training: &Training) -> f64 {
        let val = self.split("val");
        let collections = self.source().collections(&val, training).unwrap();
        let rows = Parts::of(&self.data, &val, false).unwrap().learn;
        training.mean_recall(&collections, &rows)
    }
}

fn splits() -> [String; 2] {
    ["train", "val"].map(str::to_owned)
}

#[test]
fn from_pictures_alone_the_composed_model_learns_and_beats_each_side() {
    let world = World::new(300, "5");
    let [reference, text, composed] = ["reference-only", "text-only", "composed"].map(|model| {
        let mut training = world.start(model, ItemsSeen::Pictures);
        world.train(&mut training, 6);
        world.on_val(&training)
    });
    println!("{reference:.1} {text:.1} {composed:.1}");
    assert!(composed > 1.1 * reference.max(text), "{composed} {reference} {text}");
}

#[test]
fn a_model_of_both_goes_on_from_its_file_exactly() {
    let world = World::new(60, "3");
    let mut training = world.start("composed", ItemsSeen::Both);
    world.train(&mut training, 1);
    let file = world.file("model.safetensors");
    training.save(&file, "words").unwrap();
    let mut resumed = Training::open(&file, "words", Device::Cpu).unwrap();
    world.train(&mut training, 1);
    world.train(&mut resumed, 1);
    let val = world.split("val");
    let scores = |training: &Training| {
        let collections = world.source().collections(&val, training).unwrap();
        training.scores(&collections[0])
    };
    assert!(scores(&training) == scores(&resumed), "not a bit differs");
}

#[test]
fn a_model_of_pictures_alone_is_kept_in_a_file_without_words() {
    let world = World::new(40, "4");
    let mut training = world.start("tirg", ItemsSeen::Pictures);
    world.train(&mut training, 1);
    let file = world.file("model.safetensors");
    training.save(&file, "words").unwrap();
    let opened = Training::open(&file, "words", Device::Cpu).unwrap();
    assert!(opened.vocabulary.is_empty());
    assert!((world.on_val(&training) - world.on_val(&opened)).abs() < 1e-9);
}

#[test]
fn vectors_by_another_encoder_than_the_models_are_refused() {
    let world = World::new(40, "7");
    let training = world.start("sum", ItemsSeen::Both);
    let other = World { features: none(&world), ..world };
    let said = other.source().collections(&other.split("val"), &training).err().unwrap();
    assert!(said.to_string().contains("has no vectors of items; make them"), "{said}");
    let ids = [other.split("val").groups[0].gallery.iter().next().unwrap().to_owned()];
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let file = other.file("other.safetensors");
    write_items(&file, &ids, &Tensor::ones([1, LENGTH], (Kind::Float, Device::Cpu)));
    let vectors = ItemVectors::read(&file).unwrap();
    let features = other.file("others.safetensors");
    make(&other.data, &splits(), &Words, Some(&vectors), &features, |_| ()).unwrap();
    let features = Features::open(&features).unwrap();
    let source = Source { data: &other.data, features: &features };
    let said = source.collections(&other.split("val"), &training).err().unwrap().to_string();
    assert!(said.contains("by another encoder than the model was trained with"), "{said}");
}

/// Features without pictures.
fn none(world: &World) -> Features {
    let file = world.file("none.safetensors");
    make(&world.data, &splits(), &Words, None, &file, |_| ()).unwrap();
    Features::open(&file).unwrap()
}

#[test]
fn a_file_of_vectors_that_does_not_fit_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.safetensors");
    let ones = |shape: &[i64]| Tensor::ones(shape, (Kind::Float, Device::Cpu));
    let said = |ids: &[&str], vectors: &Tensor| {
        write_items(&path, ids, vectors);
        ItemVectors::read(&path).err().unwrap().to_string()
    };
    let message = said(&["a", "b"], &ones(&[3, 4]));
    let wanted = "tensor items.vectors is Float of shape [3, 4], and floats of shape [2, length] \
                  are wanted";
    assert!(message.ends_with(wanted), "{message}");
    let message = said(&["a", "b"], &ones(&[2]));
    assert!(message.ends_with("has shape [2], and [items, length] is wanted"), "{message}");
    let message = said(&["a", "b", "a"], &ones(&[3, 4]));
    assert!(message.ends_with("tensor items.ids has item `a` twice"), "{message}");
    let message = said(&["a", ""], &ones(&[2, 4]));
    assert!(message.ends_with("tensor items.ids: row 1 is no id in UTF-8"), "{message}");
    let message = said(&["a", "b"], &(ones(&[2, 4]) / 0.0));
    assert!(message.ends_with("tensor items.vectors has values that are not finite"), "{message}");
    write(&path, &[("items.vectors".to_owned(), ones(&[2, 4]))], []).unwrap();
    let message = ItemVectors::read(&path).err().unwrap().to_string();
    assert!(message.ends_with("x.safetensors: has no tensor items.ids"), "{message}");
}

#[test]
fn vectors_and_pictures_of_another_data_set_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    draw(&Plan::new(20, "1".parse().unwrap())).unwrap().write(&path).unwrap();
    let splits = read_splits(&Folder::new(&path), &["val".to_owned()]).unwrap();
    let file = folder.path().join("x.safetensors");
    write_items(&file, &["none of them"], &Tensor::ones([1, 4], (Kind::Float, Device::Cpu)));
    let vectors = ItemVectors::read(&file).unwrap();
    let said = vectors.check(&file, &splits).unwrap_err().to_string();
    let wanted = "has a vector of none of the 20 items of group `dress` of split `val`: it belongs \
                  to another data set";
    assert!(said.ends_with(wanted), "{said}");
    std::fs::write(folder.path().join("another.png"), "").unwrap();
    let said = Album::open(folder.path(), ["x".to_owned()].into_iter()).err().unwrap().to_string();
    assert!(said.contains("has no picture of any item of these splits"), "{said}");
    let nowhere = folder.path().join("nowhere");
    let said = Album::open(&nowhere, std::iter::empty()).err().unwrap().to_string();
    assert!(said.contains("nowhere") && said.contains("the folder of pictures"), "{said}");
}
