//! The downloads of a phase's data on the page, with shell commands.

use std::sync::Arc;
use std::time::Duration;

use domain::challenges::{self, Package, Ready};
use domain::entities::benchmark::{self, TargetsAre};
use domain::entities::{challenge, phase};
use web::pages::{DataFile, DataOffer, Download, Link, ReadyData};

use super::super::layout;
use super::folder;
use crate::app::App;
use crate::refusal::Result;

/// How long a page waits for data that is being prepared, before it says so.
const PATIENCE: Duration = Duration::from_secs(1);

/// The downloads of a phase that has opened.
pub(super) async fn offer(
    app: &App,
    challenge: &challenge::Model,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    ready: &Arc<Ready>,
) -> Result<DataOffer> {
    let package = app.packages.get(benchmark, ready, PATIENCE).await?;
    let found = package.map(|package| found(app, challenge, phase, (benchmark, ready), &package));
    let has_training = found.as_ref().is_some_and(|found| found.training);
    let training = if has_training { None } else { training(app, challenge, phase).await? };
    let api = layout::api(challenge, phase);
    Ok(DataOffer {
        ready: found,
        href: format!("{api}/data"),
        licence: benchmark.licence.clone(),
        training,
        list: format!("{api}/files"),
    })
}

fn found(
    app: &App,
    challenge: &challenge::Model,
    phase: &phase::Model,
    (benchmark, ready): (&benchmark::Model, &Ready),
    package: &Package,
) -> ReadyData {
    let task = ready.benchmark.task();
    let (api, list, host) = (layout::api(challenge, phase), package.list(), app.base_address());
    let listed = list.files.iter().filter(|file| file.path.contains('/'));
    let files = listed.map(|file| DataFile {
        download: Download {
            href: format!("{api}/files/{}", file.path),
            bytes: Some(file.bytes),
            count: None,
        },
        path: file.path.clone(),
        sha256: file.sha256.clone(),
    });
    let files: Vec<DataFile> = files.collect();
    let targets = benchmark.targets == TargetsAre::Public;
    let (folder, split, sha256) =
        (folder(challenge, phase), &benchmark.split, &list.archive.sha256);
    let run = task.run_file;
    let options = challenges::data_options(task, ready.benchmark.protocol(), &folder, split);
    ReadyData {
        bytes: list.archive.bytes,
        sha256: sha256.clone(),
        training: *split != "train" && files.iter().any(|file| is_training(&file.path)),
        files,
        pictures: (list.pictures.count, list.pictures.bytes),
        targets,
        // A complete file is not requested again: curl before version 8 treats the 416 as a failure.
        get_lines: format!(
            "echo \"{sha256}  {folder}.zip\" > {folder}.sha256\n\
             sha256sum -c --status {folder}.sha256 2> /dev/null ||\n  \
             curl -fL --retry 9 -C - -o {folder}.zip {host}{api}/data\n\
             sha256sum -c {folder}.sha256\n\
             python3 -m zipfile -e {folder}.zip {folder}"
        ),
        score_line: targets.then(|| format!("fashion-iq score {run} {options}")),
    }
}

/// Whether a file is one of the train split: `captions/cap.dress.train.json`, `annotations/train.json`.
fn is_training(path: &str) -> bool {
    [".train.json", "/train.json"].iter().any(|ending| path.ends_with(ending))
}

/// Another phase of the challenge that has opened and whose data contains the train split.
async fn training(
    app: &App,
    challenge: &challenge::Model,
    phase: &phase::Model,
) -> Result<Option<Link>> {
    let now = app.ambient.now();
    for other in challenges::phases_of(&app.db, challenge.id).await? {
        if other.id == phase.id || other.opens_at > now {
            continue;
        }
        let benchmark = challenges::benchmark_by_id(&app.db, other.benchmark_id).await?;
        if benchmark.targets != TargetsAre::Public {
            continue;
        }
        let ready = app.benchmarks.get(&benchmark).await?;
        let package = app.packages.get(&benchmark, &ready, PATIENCE).await?;
        if package.is_some_and(|it| it.list().files.iter().any(|file| is_training(&file.path))) {
            return Ok(Some(Link::new(other.title.clone(), layout::take_part(challenge, &other))));
        }
    }
    Ok(None)
}
