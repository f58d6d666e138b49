//! A ranking for every query, written as an official submission.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use dataset::{Attributes, Group, Query};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::model::Model;
use crate::top::top;

/// How many items a ranking holds: as many as the challenge counts.
pub const LENGTH: usize = 50;

/// A ranking for every query of a group: gallery indices, best first.
pub struct Ranked<'a> {
    /// The group.
    pub group: &'a Group,
    /// One list a query, in the published order.
    pub rankings: Vec<Vec<u32>>,
}

/// One object of an official file.
#[derive(Serialize)]
struct Object<'a> {
    candidate: &'a str,
    captions: &'a [String],
    ranking: Vec<&'a str>,
}

/// Ranks the gallery of a group for each of its queries. The same seed gives the same rankings. The
/// reference is left out, unless the gallery is too small to do without it: then it comes last.
pub fn rank_group<'a>(
    model: Model,
    group: &'a Group,
    attributes: &Attributes,
    seed: u64,
) -> Ranked<'a> {
    let prepared = (model.prepare)(group, attributes);
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut scores = vec![0.0; group.gallery.len()];
    let mut ranking = |query: &Query| {
        scores.fill(0.0);
        prepared.score(query, &mut scores);
        let reference = group.gallery.index_of(query.reference.as_str().as_bytes());
        let mut best = top(&scores, reference, LENGTH, &mut chance);
        if best.len() < LENGTH.min(group.gallery.len()) {
            best.extend(reference);
        }
        best
    };
    let rankings = group.queries.iter().map(&mut ranking).collect();
    Ranked { group, rankings }
}

/// Writes an official zip: one `{group}.predict.json` a group. The file appears whole or not at all,
/// and the same rankings give the same bytes.
pub fn write_zip(path: &Path, groups: &[Ranked<'_>]) -> Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let written = File::create(part).and_then(|file| {
        let mut file = BufWriter::new(file);
        zip(&mut file, groups)?;
        file.flush()?;
        fs::rename(part, path)
    });
    if written.is_err() {
        // What matters is why writing failed, not whether the rest of it could be removed.
        let _ = fs::remove_file(part);
    }
    written.map_err(Error::write(path))
}

fn zip(file: &mut impl Write, groups: &[Ranked<'_>]) -> io::Result<()> {
    let mut archive = rawzip::ZipArchiveWriter::new(file);
    for ranked in groups {
        let name = format!("{}.predict.json", ranked.group.name);
        let method = rawzip::CompressionMethod::DEFLATE;
        let started = archive.new_file(&name).compression_method(method).start();
        let (mut entry, config) = started.map_err(io::Error::other)?;
        let encoder = DeflateEncoder::new(&mut entry, Compression::fast());
        let mut writer = BufWriter::new(config.wrap(encoder));
        ranked.write_json(&mut writer)?;
        let writer = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        let (encoder, descriptor) = writer.finish().map_err(io::Error::other)?;
        encoder.finish()?;
        entry.finish(descriptor).map_err(io::Error::other)?;
    }
    archive.finish().map_err(io::Error::other)?;
    Ok(())
}

impl Ranked<'_> {
    fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"[")?;
        for (i, (query, ranking)) in self.group.queries.iter().zip(&self.rankings).enumerate() {
            out.write_all(if i > 0 { b",\n" } else { b"\n" })?;
            let object = Object {
                candidate: query.reference.as_str(),
                captions: &query.captions,
                ranking: ranking.iter().map(|&item| self.group.gallery.item(item)).collect(),
            };
            serde_json::to_writer(&mut *out, &object)?;
        }
        out.write_all(b"\n]\n")
    }
}
