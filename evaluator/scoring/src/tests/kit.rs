//! Small benchmarks, and runs written in all ways that a team can write them.

use std::fmt::Write as _;
use std::io::Write as _;

use dataset::{Elsewhere, Gallery, Group, ItemId, Protocol, Query, Split, Targets};
use flate2::Compression;
use flate2::write::GzEncoder;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{Benchmark, FASHION_IQ, zip_files};

pub(super) const GROUPS: [&str; 3] = ["dress", "shirt", "toptee"];

/// A random benchmark in which references, captions and whole queries repeat.
pub(super) fn benchmark(seed: u64) -> Benchmark {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let groups = GROUPS.map(|name| group(name, &mut chance)).into();
    let split = Split { name: "val".to_owned(), groups };
    Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::default())
}

fn group(name: &str, chance: &mut ChaCha8Rng) -> Group {
    // Some galleries are smaller than the 50 that a ranking otherwise needs.
    let items = chance.random_range(8..90_u32);
    let id = |i: u32| ItemId::new(&format!("{}{i:07}", &name[..3])).unwrap();
    let gallery = Gallery::new((0..items).map(id)).unwrap();
    let captions = ["", "is red", "has \"no\" sleeves", "é\\è\n", "is red"];
    let mut queries: Vec<Query> = Vec::new();
    for i in 0..chance.random_range(1..25) {
        let repeats = i > 0 && chance.random_bool(0.3);
        let mut query = if repeats {
            queries[chance.random_range(0..i)].clone()
        } else {
            let mut caption = || captions[chance.random_range(0..captions.len())].to_owned();
            let captions = vec![caption(), caption()];
            Query { id: String::new(), reference: id(chance.random_range(0..items)), captions }
        };
        query.id = format!("{name}.val.{i}");
        queries.push(query);
    }
    let mut all: Vec<u32> = (0..items).collect();
    let targets: Vec<Vec<u32>> = queries
        .iter()
        .map(|_| {
            all.shuffle(chance);
            all[..chance.random_range(1..4)].to_vec()
        })
        .collect();
    Group {
        name: name.to_owned(),
        gallery,
        queries,
        targets: Some(Targets::new(targets)),
        sessions: vec![],
    }
}

/// A benchmark of one group, with this many queries and items.
pub(crate) fn large(queries: usize, items: usize) -> Benchmark {
    let id = |i: usize| ItemId::new(&format!("B{i:09}")).unwrap();
    let query = |i| Query {
        id: Query::id_at("dress", "val", i),
        reference: id(i),
        captions: vec!["is red".to_owned(), "has sleeves".to_owned()],
    };
    let group = Group {
        name: "dress".to_owned(),
        gallery: Gallery::new((0..items).map(id)).unwrap(),
        queries: (0..queries).map(query).collect(),
        targets: None,
        sessions: vec![],
    };
    let split = Split { name: "val".to_owned(), groups: vec![group] };
    Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::default())
}

/// A ranking for one query of a group, by its position in the published list.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) query: usize,
    pub(super) ranking: Vec<u32>,
}

/// A valid list for every query of every group, in the published order.
pub(super) fn rows(benchmark: &Benchmark, seed: u64) -> Vec<Vec<Row>> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let of = |group: &Group| {
        let items = group.gallery.len();
        let mut row = |query| {
            let mut ranking: Vec<u32> = (0..items as u32).collect();
            ranking.shuffle(&mut chance);
            ranking.truncate(chance.random_range(items.min(50)..=items));
            Row { query, ranking }
        };
        (0..group.queries.len()).map(&mut row).collect()
    };
    benchmark.groups().iter().map(of).collect()
}

/// How a file is written.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a way to write, and all combine")]
pub(super) struct Style {
    /// Rows in another order than the published one.
    pub(super) shuffled: bool,
    /// Query ids in place of captions.
    pub(super) ids: bool,
    /// Spaces and newlines everywhere that JSON allows them.
    pub(super) pretty: bool,
    /// Characters written as escapes.
    pub(super) escaped: bool,
    /// Chooses the order of keys and rows.
    pub(super) seed: u64,
}

/// The files of a run, by group, and its rows in the order in which they were written.
pub(super) fn write(
    benchmark: &Benchmark,
    rows: &[Vec<Row>],
    style: Style,
) -> (Vec<String>, Vec<Vec<Row>>) {
    let mut chance = ChaCha8Rng::seed_from_u64(style.seed);
    let mut files = Vec::new();
    let mut written = rows.to_vec();
    for (group, rows) in benchmark.groups().iter().zip(&mut written) {
        if style.shuffled {
            rows.shuffle(&mut chance);
        }
        files.push(file(group, rows, style, &mut chance));
    }
    (files, written)
}

fn file(group: &Group, rows: &[Row], style: Style, chance: &mut ChaCha8Rng) -> String {
    let gap = if style.pretty { " \n\t" } else { "" };
    let text = |s: &str| string(s, style.escaped);
    let objects: Vec<String> = rows
        .iter()
        .map(|row| {
            let query = &group.queries[row.query];
            let ids = row.ranking.iter().map(|&i| text(group.gallery.item(i)));
            let ranking = ids.collect::<Vec<_>>().join(&format!("{gap},{gap}"));
            let captions = query.captions.iter().map(|c| text(c)).collect::<Vec<_>>().join(",");
            let mut keys = vec![
                ("candidate", text(query.reference.as_str())),
                ("ranking", format!("[{gap}{ranking}{gap}]")),
                ("target", "\"who knows\"".to_owned()),
                ("note", "{\"a\":[1,-2.5e3,true,null,{}]}".to_owned()),
            ];
            keys.push(if style.ids {
                ("query", text(&query.id))
            } else {
                ("captions", format!("[{captions}]"))
            });
            keys.shuffle(chance);
            let pair = |(key, value): &(&str, String)| format!("{}{gap}:{gap}{value}", text(key));
            format!("{{{gap}{}{gap}}}", keys.iter().map(pair).collect::<Vec<_>>().join(","))
        })
        .collect();
    format!("{gap}[{gap}{}{gap}]{gap}", objects.join(","))
}

fn string(s: &str, escaped: bool) -> String {
    if !escaped {
        return serde_json::to_string(s).unwrap();
    }
    let mut out = String::from("\"");
    for (i, c) in s.chars().enumerate() {
        let mut units = [0; 2];
        if i % 3 == 0 || c.is_control() || c == '"' || c == '\\' {
            for unit in c.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04X}").unwrap();
            }
        } else {
            out.push(c);
        }
    }
    out.push('"');
    out
}

/// One JSON keyed by group.
pub(super) fn keyed(files: &[String]) -> Vec<u8> {
    let pair = |(name, file): (&&str, &String)| format!("\"{name}\":{file}");
    let pairs: Vec<String> = GROUPS.iter().zip(files).map(pair).collect();
    format!("\u{feff}{{{}}}", pairs.join(",")).into_bytes()
}

/// The files with the names they have in a zip.
pub(super) fn named(files: &[String]) -> Vec<(String, Vec<u8>)> {
    let name = |(name, file): (&&str, &String)| {
        (format!("{name}.predict.json"), file.clone().into_bytes())
    };
    GROUPS.iter().zip(files).map(name).collect()
}

pub(super) fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    zip_files(&mut bytes, files).unwrap();
    bytes
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}
