//! Runs with known scores, made with knowledge of the targets.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

use dataset::{Folder, Group, Protocol};
use flate2::Compression;
use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// The queries of a split, with the answers.
pub struct Questions {
    groups: Vec<Group>,
}

impl Questions {
    /// Reads a split, and its targets from a file where they are not in the folder.
    pub fn read(folder: &std::path::Path, split: &str, targets: Option<&std::path::Path>) -> Self {
        let mut split = Folder::new(folder).split(split, Protocol::Original).unwrap();
        if let Some(file) = targets {
            split.read_targets(file).unwrap();
        }
        Self::of(split.groups)
    }

    /// The queries of groups that hold their targets.
    pub fn of(groups: Vec<Group>) -> Self {
        Self { groups }
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// A run as one JSON keyed by group, with the target of each query at a chosen rank (from 1; absent
    /// if none is chosen). The choice gets the query's position in its group.
    pub fn run(&self, rank: impl Fn(usize) -> Option<usize>) -> Vec<u8> {
        let files = self.files(rank);
        let mut json = String::from("{");
        for (i, (group, file)) in files.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            write!(json, "{comma}\"{group}\":{file}").unwrap();
        }
        json.push('}');
        json.into_bytes()
    }

    /// The same as the official zip.
    pub fn zipped(&self, rank: impl Fn(usize) -> Option<usize>) -> Vec<u8> {
        let named = |(group, file): (String, String)| (format!("{group}.predict.json"), file);
        let files: Vec<_> = self.files(rank).into_iter().map(named).collect();
        zip(files.iter().map(|(name, file)| (name.as_str(), file.as_bytes())))
    }

    /// A run as one JSON keyed by group, whose ranking of each query begins with the item at a chosen place
    /// of the gallery and goes on with those after it. The choice gets the group and the query's position.
    pub fn beginning_with(&self, first: impl Fn(&Group, usize) -> usize) -> Vec<u8> {
        let of_query = |group: &Group, (q, query): (usize, &dataset::Query)| {
            let (first, items) = (first(group, q), group.gallery.len());
            let ids = (0..items.min(100)).map(|i| group.gallery.item(((first + i) % items) as u32));
            serde_json::json!({
                "candidate": query.reference.as_str(),
                "captions": query.captions,
                "ranking": ids.collect::<Vec<_>>(),
            })
        };
        let of_group = |group: &Group| -> (String, serde_json::Value) {
            let queries = group.queries.iter().enumerate();
            (group.name.clone(), queries.map(|query| of_query(group, query)).collect())
        };
        let run: serde_json::Map<_, _> = self.groups.iter().map(of_group).collect();
        serde_json::to_vec(&run).unwrap()
    }

    fn files(&self, rank: impl Fn(usize) -> Option<usize>) -> Vec<(String, String)> {
        self.groups.iter().map(|group| (group.name.clone(), file(group, &rank))).collect()
    }
}

fn file(group: &Group, rank: impl Fn(usize) -> Option<usize>) -> String {
    let targets = group.targets.as_ref().expect("the maker of a run knows the targets");
    let objects: Vec<serde_json::Value> = group
        .queries
        .iter()
        .enumerate()
        .map(|(q, query)| {
            let target = targets.of(q)[0];
            let others = (0..group.gallery.len() as u32).filter(|&i| i != target);
            let mut ranking: Vec<u32> = others.collect();
            // Different queries get different lists.
            let turn = q % ranking.len();
            ranking.rotate_left(turn);
            ranking.truncate(100);
            if let Some(rank) = rank(q) {
                ranking.insert(rank - 1, target);
            }
            ranking.truncate(100);
            let ids: Vec<&str> = ranking.iter().map(|&i| group.gallery.item(i)).collect();
            serde_json::json!({
                "candidate": query.reference.as_str(),
                "captions": query.captions,
                "ranking": ids,
            })
        })
        .collect();
    serde_json::Value::Array(objects).to_string()
}

/// A zip of files with these names and contents.
pub fn zip<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (name, contents) in files {
        let deflated = rawzip::CompressionMethod::DEFLATE;
        let (mut entry, config) =
            archive.new_file(name).compression_method(deflated).start().unwrap();
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        writer.write_all(contents).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

/// The files in a zip of deflated files, with their names.
pub fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let archive = rawzip::ZipArchive::from_slice(bytes).unwrap();
    let mut entries = archive.entries();
    let mut files = Vec::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let name = String::from_utf8(entry.file_path().as_bytes().to_vec()).unwrap();
        let mut contents = Vec::new();
        let packed = archive.get_entry(entry.wayfinder()).unwrap().data();
        match entry.compression_method() {
            rawzip::CompressionMethod::STORE => contents.extend_from_slice(packed),
            _ => drop(DeflateDecoder::new(packed).read_to_end(&mut contents).unwrap()),
        }
        files.push((name, contents));
    }
    files
}
