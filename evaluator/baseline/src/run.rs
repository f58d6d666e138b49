//! A model's ranking for every query, and the file to submit.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use dataset::{Group, Query};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scoring::{FASHION_IQ, GroupRun};

use crate::error::{Error, Result};
use crate::lexical::{Background, Described};
use crate::model::Model;
use crate::top::top;

/// Ranks the gallery of a group for each of its queries, with as many items as a run needs. The same
/// seed gives the same rankings. The reference is left out; only if the gallery is too small, it comes
/// last.
pub fn rank_group<'a>(
    model: Model,
    group: &'a Group,
    described: &Described,
    background: Option<&Background>,
    seed: u64,
) -> GroupRun<'a> {
    let prepared = (model.prepare)(group, described, background);
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut scores = vec![0.0; group.gallery.len()];
    let mut ranking = |query: &Query| {
        scores.fill(0.0);
        prepared.score(query, &mut scores);
        let reference = group.gallery.index_of(query.reference.as_str().as_bytes());
        let mut best = top(&scores, reference, FASHION_IQ.list_length, &mut chance);
        if best.len() < FASHION_IQ.list_length.min(group.gallery.len()) {
            best.extend(reference);
        }
        best
    };
    let rankings = group.queries.iter().map(&mut ranking).collect();
    GroupRun { group, rankings }
}

/// Writes a run of a split as the official zip. The file appears complete or not at all, and the same
/// rankings give the same bytes.
pub fn write_run(path: &Path, split: &str, groups: &[GroupRun<'_>]) -> Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let written = File::create(part).and_then(|file| {
        let mut file = BufWriter::new(file);
        scoring::write_zip(&mut file, split, groups)?;
        file.flush()?;
        fs::rename(part, path)
    });
    if written.is_err() {
        // What matters is why writing failed, not whether the rest of it could be removed.
        let _ = fs::remove_file(part);
    }
    written.map_err(Error::write(path))
}
