//! Training steps per second, compared with the same network in PyTorch (`training.py`): same weights,
//! same batches in size and kind, same threads, in turn within one run.
//!
//! Python first ranks with our weights and must get our scores. Without a Python with PyTorch, a line
//! says so; `PYTHON` names another one than `python3`.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;
use std::{env, fs};

use baseline::Result;
use baseline::learned::collection::Collection;
use baseline::learned::features::{Encoder, Features, make};
use baseline::learned::parts::Parts;
use baseline::learned::ranking::Source;
use baseline::learned::settings::Settings;
use baseline::learned::tensors::write;
use baseline::learned::training::Training;
use baseline::learned::vocabulary::Vocabulary;
use dataset::{Folder, Protocol};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tch::{Device, Kind, Tensor, no_grad};

/// About as many items, queries and words as a category of official train.
const ITEMS: usize = 12_000;
const QUERIES: usize = 6000;
const WORDS: usize = 949;
/// Words that an item has.
const OWN: usize = 7;
const STEPS: usize = 10;
const ROUNDS: usize = 9;
/// Queries and items whose scores are compared.
const COMPARED: i64 = 64;

fn main() {
    let folder = tempfile::tempdir().expect("a folder for the bench");
    let path = folder.path();
    write_data(path).expect("made-up data");
    let (mut training, collections, rows) = start(path).expect("a training");
    let mut ours = || {
        let (begun, mut steps) = (Instant::now(), 0);
        training.epoch(&collections, &rows, |_| {
            steps += 1;
            steps < STEPS
        });
        steps as f64 / begun.elapsed().as_secs_f64()
    };
    let threads = tch::get_num_threads();
    println!(
        "one network of `composed`, {threads} threads, medians of {ROUNDS} times {STEPS} steps"
    );
    let mut twin = Twin::start(path, threads);
    ours();
    if let Some(twin) = &mut twin {
        twin.steps();
    }
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        mine.push(ours());
        theirs.extend(twin.as_mut().map(Twin::steps));
    }
    let mine = median(mine);
    println!("this program  {mine:.2} steps/s");
    if !theirs.is_empty() {
        let theirs = median(theirs);
        println!("PyTorch       {theirs:.2} steps/s");
        println!("ratio         {:.2}", mine / theirs);
    }
}

/// A word of letters alone, so that captions can say it.
fn word(number: usize) -> String {
    let letter = |place: usize| char::from(b'a' + (number / 26_usize.pow(place as u32) % 26) as u8);
    (0..3).map(letter).chain("q".chars()).collect()
}

/// A data set in the official format, of one group.
fn write_data(path: &Path) -> std::io::Result<()> {
    let mut chance = ChaCha8Rng::seed_from_u64(1);
    let id = |item: usize| format!("ITEM{item:06}");
    let mut attributes = serde_json::Map::new();
    for item in 0..ITEMS {
        // Every word is somebody's; every third item has none.
        let own =
            |place: usize, random: usize| word(if place == 0 { item % WORDS } else { random });
        let own: Vec<String> =
            (0..OWN).map(|place| own(place, chance.random_range(0..WORDS))).collect();
        let own = if item < WORDS || item % 3 > 0 { own } else { Vec::new() };
        attributes.insert(id(item), json!([own, [], [], [], [], []]));
    }
    let mut caption = || {
        let words = (0..5).map(|_| word(chance.random_range(0..3 * WORDS)));
        words.collect::<Vec<_>>().join(" ")
    };
    let query = |query: usize| {
        json!({
            "candidate": id(ITEMS - 1 - query), "target": id(query),
            "captions": [caption(), caption()],
        })
    };
    let queries: serde_json::Value = (0..QUERIES).map(query).collect();
    let items: serde_json::Value = (0..ITEMS).map(id).collect();
    let files = [
        ("attributes/asin2attr.dress.train.json", attributes.into()),
        ("image_splits/split.dress.train.json", items),
        ("captions/cap.dress.train.json", queries),
    ];
    for (name, content) in files {
        let file = path.join(name);
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(file, content.to_string())?;
    }
    Ok(())
}

/// Texts have random vectors.
struct Random;

impl Encoder for Random {
    fn encode(&self, texts: &[String], _: &mut dyn FnMut(usize)) -> Result<Tensor> {
        let vectors = Tensor::randn([texts.len() as i64, 384], (Kind::Float, Device::Cpu));
        Ok(&vectors
            / vectors.square().sum_dim_intlist([1_i64].as_slice(), true, Kind::Float).sqrt())
    }

    fn digest(&self) -> &'static str {
        "random"
    }
}

/// A training, what it learns from, and both as files for the twin.
fn start(path: &Path) -> Result<(Training, Vec<Collection>, Vec<Vec<i64>>)> {
    let data = Folder::new(path);
    let split = data.split("train", Protocol::Original)?;
    let file = path.join("features.safetensors");
    make(&data, &["train".to_owned()], &Random, None, None, &file, |_| ())?;
    let features = Features::open(&file)?;
    let vocabulary = Vocabulary::of(&data, &split)?;
    let vectors = features.words(&vocabulary)?;
    let settings = Settings { members: 1, ..Settings::of("composed") };
    let mut training = Training::new(settings, vocabulary, &vectors, None, None)?;
    let rows = Parts::of(&data, &split, false)?.learn;
    let source = Source { data: &data, features: &features };
    let mut collections = source.collections(&split, &training)?;
    training.mine(&mut collections, &rows);
    training.save(&path.join("model.safetensors"), "random")?;
    write_batch(path, &training, &collections[0])?;
    Ok((training, collections, rows))
}

/// What is learned from as tensors, and the scores of some items for some queries.
fn write_batch(path: &Path, training: &Training, collection: &Collection) -> Result<()> {
    let range = |to: usize| (0..to as i64).collect::<Vec<i64>>();
    let (items, queries) = (collection.items(&range(ITEMS)), collection.queries(&range(QUERIES)));
    let some: Vec<i64> = (0..COMPARED).collect();
    let network = &training.networks()[0];
    let scores = no_grad(|| {
        let items = network.items(&collection.items(&some), &collection.items(&some), false);
        network.queries(&collection.queries(&some), false).matmul(&items.transpose(0, 1))
    });
    let index = |indices: &[i64]| Tensor::from_slice(indices);
    let tensors = [
        ("items", items.words),
        ("references", queries.references.words),
        ("texts", queries.texts),
        ("said", queries.said),
        ("told", queries.told),
        ("targets", index(&collection.targets)),
        ("reference_index", index(&collection.reference_index)),
        ("scores", scores),
    ];
    let tensors = tensors.map(|(name, tensor)| (name.to_owned(), tensor));
    write(&path.join("batch.safetensors"), &tensors, [])
}

/// The same network in Python, which makes steps on request.
struct Twin {
    child: Child,
    asked: ChildStdin,
    told: BufReader<ChildStdout>,
}

impl Twin {
    fn start(path: &Path, threads: i32) -> Option<Self> {
        let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let version = Command::new(&python)
            .args(["-c", "import torch; print(torch.__version__)"])
            .stderr(Stdio::null())
            .output();
        let version = version.ok().filter(|said| said.status.success());
        let Some(version) = version else {
            println!("skipped: {python} has no PyTorch to compare with");
            return None;
        };
        println!("PyTorch {}", String::from_utf8_lossy(&version.stdout).trim());
        let mut child = Command::new(&python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/training.py"))
            .arg(path)
            .args([threads.to_string(), STEPS.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python, which was just run");
        let asked = child.stdin.take().expect("its standard input is a pipe");
        let told = BufReader::new(child.stdout.take().expect("its standard output is a pipe"));
        Some(Self { child, asked, told })
    }

    /// Makes steps; returns their number per second.
    fn steps(&mut self) -> f64 {
        writeln!(self.asked, "go").expect("the twin listens");
        let mut line = String::new();
        self.told.read_line(&mut line).expect("the twin answers");
        let seconds: f64 = line.trim().parse().expect("the twin did not stop; its reason is above");
        STEPS as f64 / seconds
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
