//! How long reading an upload takes compared with only validating JSON, and how much memory it needs.
//!
//! `cargo bench -p scoring` prints a table. Both readers run in turn in one process on the same bytes
//! in memory, so that other load on the machine affects both.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Read, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use dataset::{Elsewhere, Gallery, Group, ItemId, Protocol, Query, Split, Targets};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scoring::{Benchmark, CIRCO, FASHION_IQ, Limits, Ranks, Scorecard, Upload, read};

/// Live bytes now, and the most there have been.
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

#[expect(unsafe_code, reason = "an allocator is unsafe to write; this one counts and passes on")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(live, Relaxed);
        // SAFETY: the caller keeps the contract, which is passed on unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CAPTIONS: [&str; 4] = [
    "is shiny and silver with shorter sleeves",
    "fit and flare",
    "is more formal and has a longer hem",
    "is solid black with no sleeves",
];

/// An id like the data set's: ten characters, mostly starting with B00.
fn asin(rng: &mut ChaCha8Rng) -> String {
    let letters = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    (0..7).fold(String::from("B00"), |id, _| {
        id + &char::from(letters[rng.random_range(0..36)]).to_string()
    })
}

/// 12,000 queries over three groups, with galleries as large as val's.
fn benchmark(rng: &mut ChaCha8Rng) -> Benchmark {
    let groups = [("dress", 3817), ("shirt", 6346), ("toptee", 5373)].map(|(name, items)| {
        let ids: BTreeSet<String> = std::iter::repeat_with(|| asin(rng)).take(2 * items).collect();
        let mut ids: Vec<ItemId> = ids.iter().map(|id| ItemId::new(id).unwrap()).collect();
        ids.shuffle(rng);
        ids.truncate(items);
        let gallery = Gallery::new(ids.iter().cloned()).unwrap();
        let queries: Vec<Query> = (0..4000)
            .map(|i| Query {
                id: format!("{name}.val.{i}"),
                reference: ids[rng.random_range(0..ids.len())].clone(),
                captions: (0..2).map(|_| CAPTIONS[rng.random_range(0..4)].to_owned()).collect(),
            })
            .collect();
        let targets = Targets::new((0..4000).map(|_| [rng.random_range(0..items as u32)]));
        Group { name: name.to_owned(), gallery, queries, targets: Some(targets), sessions: vec![] }
    });
    let split = Split { name: "val".to_owned(), groups: groups.into() };
    Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::default())
}

/// A run as Python's `json.dump` writes it, by group; every ranking in a random order.
fn run(benchmark: &Benchmark, items: usize, rng: &mut ChaCha8Rng) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for group in benchmark.groups() {
        let mut order: Vec<u32> = (0..group.gallery.len() as u32).collect();
        let mut text = String::from("[");
        for (i, query) in group.queries.iter().enumerate() {
            let (first, _) = order.partial_shuffle(rng, items);
            let ids: Vec<&str> = first.iter().map(|&item| group.gallery.item(item)).collect();
            let comma = if i > 0 { ", " } else { "" };
            write!(
                text,
                "{comma}{{\"candidate\": \"{}\", \"captions\": [\"{}\", \"{}\"], \
                 \"target\": \"{}\", \"ranking\": [\"{}\"]}}",
                query.reference.as_str(),
                query.captions[0],
                query.captions[1],
                ids[0],
                ids.join("\", \"")
            )
            .unwrap();
        }
        text.push(']');
        files.push((format!("{}.predict.json", group.name), text.into_bytes()));
    }
    files
}

/// As large as CIRCO's test split: 800 queries and 123,403 items, whose ids are numbers below 600,000.
fn circo(rng: &mut ChaCha8Rng) -> Benchmark {
    const ITEMS: usize = 123_403;
    let mut ids: Vec<u32> = (0..600_000).collect();
    let (ids, _) = ids.partial_shuffle(rng, ITEMS);
    let ids: Vec<ItemId> = ids.iter().map(|id| ItemId::new(&id.to_string()).unwrap()).collect();
    let query = |i: usize| Query {
        id: i.to_string(),
        reference: ids[i].clone(),
        captions: CAPTIONS[..2].iter().map(ToString::to_string).collect(),
    };
    let queries: Vec<Query> = (0..800).map(query).collect();
    let targets = (0..800).map(|_| (0..5).map(|_| rng.random_range(0..ITEMS as u32)).collect());
    let targets = Targets::new(targets.collect::<Vec<Vec<u32>>>());
    let gallery = Gallery::new(ids.iter().cloned()).unwrap();
    let group = Group {
        name: "circo".to_owned(),
        gallery,
        queries,
        targets: Some(targets),
        sessions: vec![],
    };
    let split = Split { name: "test".to_owned(), groups: vec![group] };
    Benchmark::new(&CIRCO, split, Protocol::Original, Elsewhere::default())
}

/// A run of it as Python's `json.dump` writes it.
fn circo_run(benchmark: &Benchmark, items: usize, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let group = &benchmark.groups()[0];
    let mut order: Vec<u32> = (0..group.gallery.len() as u32).collect();
    let mut text = String::from("{");
    for (i, query) in group.queries.iter().enumerate() {
        let (first, _) = order.partial_shuffle(rng, items);
        let ids: Vec<&str> = first.iter().map(|&item| group.gallery.item(item)).collect();
        let comma = if i > 0 { ", " } else { "" };
        write!(text, "{comma}\"{}\": [{}]", query.id, ids.join(", ")).unwrap();
    }
    text.push('}');
    text.into_bytes()
}

fn keyed(benchmark: &Benchmark, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = b"{".to_vec();
    for (i, (group, (_, text))) in benchmark.groups().iter().zip(files).enumerate() {
        let comma = if i > 0 { ", " } else { "" };
        write!(out, "{comma}\"{}\": ", group.name).unwrap();
        out.extend_from_slice(text);
    }
    out.push(b'}');
    out
}

fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    for (name, text) in files {
        let file = archive.new_file(name).compression_method(rawzip::CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().unwrap();
        let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::new(6));
        let mut writer = config.wrap(encoder);
        writer.write_all(text).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap()
}

/// Unpacks every entry into a buffer of the size of the reader's window, and does nothing with it.
fn inflate(zip: &[u8]) -> usize {
    let archive = rawzip::ZipArchive::from_slice(zip).unwrap();
    let mut buffer = vec![0; 256 << 10];
    let mut total = 0;
    for entry in archive.entries() {
        let entry = archive.get_entry(entry.unwrap().wayfinder()).unwrap();
        let mut decoder = flate2::bufread::DeflateDecoder::new(entry.data());
        loop {
            match decoder.read(&mut buffer).unwrap() {
                0 => break,
                read => total += read,
            }
        }
    }
    total
}

fn score(name: &str, bytes: &[u8], benchmark: &Benchmark) {
    let reading = read(&Upload::Bytes { name, bytes }, benchmark, &Limits::default());
    black_box(reading.unwrap());
}

/// Stored ranks of a run that finds two targets in three among the first 50.
fn ranks(benchmark: &Benchmark, rng: &mut ChaCha8Rng) -> Ranks {
    let mut bytes = b"FIQR\x01\x03".to_vec();
    for group in benchmark.groups() {
        bytes.push(group.name.len() as u8);
        bytes.extend_from_slice(group.name.as_bytes());
        // 4,000 queries, one target each
        bytes.extend_from_slice(&[0xa0, 0x1f, 1, 1]);
        bytes.extend(
            (0..4000).map(|_| rng.random_range(0..75_u8)).map(|rank| rank * u8::from(rank <= 50)),
        );
        bytes.extend_from_slice(&[1, 50]);
    }
    Ranks::from_bytes(&bytes).unwrap()
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Least, median and greatest, in milliseconds.
fn spread(mut times: Vec<Duration>) -> [f64; 3] {
    times.sort();
    [times[0], times[times.len() / 2], times[times.len() - 1]].map(|t| 1000.0 * t.as_secs_f64())
}

/// Runs both in turn, and returns the spread of each.
fn compare(times: usize, mut a: impl FnMut(), mut b: impl FnMut()) -> [[f64; 3]; 2] {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..times {
        first.push(time(&mut a));
        second.push(time(&mut b));
    }
    [spread(first), spread(second)]
}

/// The peak of live bytes during the work, above those before it.
fn peak(work: impl FnOnce()) -> usize {
    let before = LIVE.load(Relaxed);
    PEAK.store(before, Relaxed);
    work();
    PEAK.load(Relaxed) - before
}

fn main() {
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    let benchmark = benchmark(&mut rng);
    println!(
        "{:<22} {:>11} {:>26} {:>26} {:>6} {:>9}",
        "upload", "bytes", "floor ms (min-max)", "read ms (min-max)", "ratio", "peak KiB"
    );
    for (items, times) in [(50, 41), (1000, 9)] {
        let files = run(&benchmark, items, &mut rng);
        let json = keyed(&benchmark, &files);
        let zip = zipped(&files);
        drop(files);
        let ignore = || {
            black_box(serde_json::from_slice::<serde::de::IgnoredAny>(&json).unwrap());
        };
        let [floor, own] = compare(times, ignore, || score("run.json", &json, &benchmark));
        let memory = peak(|| score("run.json", &json, &benchmark));
        row(&format!("12,000 x {items} JSON"), json.len(), floor, own, memory);
        let [floor, own] = compare(
            times.min(15),
            || {
                black_box(inflate(&zip));
            },
            || score("run.zip", &zip, &benchmark),
        );
        let memory = peak(|| score("run.zip", &zip, &benchmark));
        row(&format!("12,000 x {items} zip"), zip.len(), floor, own, memory);
    }
    let circo = circo(&mut rng);
    for (items, times) in [(50, 41), (5000, 9)] {
        let json = circo_run(&circo, items, &mut rng);
        let ignore = || {
            black_box(serde_json::from_slice::<serde::de::IgnoredAny>(&json).unwrap());
        };
        let [floor, own] = compare(times, ignore, || score("run.json", &json, &circo));
        let memory = peak(|| score("run.json", &json, &circo));
        row(&format!("circo: 800 x {items}"), json.len(), floor, own, memory);
    }
    let ranks = ranks(&benchmark, &mut rng);
    let times = (0..201).map(|_| time(|| drop(black_box(Scorecard::of(&ranks, &benchmark)))));
    let [min, median, max] = spread(times.collect());
    println!("12,000 ranks to a scorecard: {median:.3} ms ({min:.3}-{max:.3})");
    println!("floor: serde_json's IgnoredAny for JSON, inflating alone for zip");
}

fn row(name: &str, bytes: usize, floor: [f64; 3], own: [f64; 3], peak: usize) {
    let times = |[min, median, max]: [f64; 3]| format!("{median:.1} ({min:.1}-{max:.1})");
    println!(
        "{name:<22} {bytes:>11} {:>26} {:>26} {:>6.2} {:>9}",
        times(floor),
        times(own),
        own[1] / floor[1],
        peak >> 10
    );
}
