//! Benchmarks in memory, ready to score against.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use dataset::{Folder, Protocol};
use scoring::Benchmark;

use crate::entities::benchmark;
use crate::entities::benchmark::TargetsAre;
use crate::error::{Error, Result};

/// Reads a benchmark from its folder, with its targets. Reads files: not for an async thread.
pub fn load(
    folder: &std::path::Path,
    split: &str,
    protocol: Protocol,
    targets: TargetsAre,
    targets_file: Option<&std::path::Path>,
) -> Result<Benchmark> {
    let unusable = |e: dataset::Error| Error::unusable(e);
    let folder = Folder::new(folder);
    let mut data = folder.split(split, protocol).map_err(unusable)?;
    match (targets, targets_file) {
        (TargetsAre::Hidden, Some(file)) => {
            if data.groups.iter().any(|group| group.targets.is_some()) {
                return Err(Error::unusable(format!(
                    "targets of split `{split}` are said to be hidden, but its captions files hold them"
                )));
            }
            data.read_targets(file).map_err(unusable)?;
        }
        (TargetsAre::None, _) => data.groups.iter_mut().for_each(|group| group.targets = None),
        _ => {}
    }
    let elsewhere = folder.elsewhere(split).map_err(unusable)?;
    let benchmark = Benchmark::new(data, protocol, elsewhere);
    if targets != TargetsAre::None && !benchmark.has_targets() {
        return Err(Error::unusable(format!(
            "split `{split}` has no targets; say targets = \"none\" to validate without scoring"
        )));
    }
    Ok(benchmark)
}

/// The benchmarks of a server, each read once and shared from then on.
#[derive(Default)]
pub struct Benchmarks(RwLock<HashMap<String, Arc<Benchmark>>>);

impl Benchmarks {
    /// The benchmark of a row. Its files must still be what they were when it was applied: scores of
    /// different files are not comparable. Reads files the first time: not for an async thread.
    pub fn get(&self, row: &benchmark::Model) -> Result<Arc<Benchmark>> {
        if let Some(known) = self.0.read().expect("no thread panics here").get(&row.version) {
            return Ok(Arc::clone(known));
        }
        let protocol = Protocol::from_name(&row.protocol)
            .ok_or_else(|| Error::internal("read a benchmark", &row.protocol))?;
        let file = row.targets_file.as_deref().map(std::path::Path::new);
        let benchmark =
            Arc::new(load(row.folder.as_ref(), &row.split, protocol, row.targets, file)?);
        if benchmark.version() != row.version {
            return Err(Error::internal(
                "read a benchmark",
                format!("the files of `{}` have changed; apply the challenge again", row.name),
            ));
        }
        let mut known = self.0.write().expect("no thread panics here");
        Ok(Arc::clone(known.entry(row.version.clone()).or_insert(benchmark)))
    }
}
