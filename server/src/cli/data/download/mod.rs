//! `fashion-iq dataset download`: the official annotations, from their public repository.

mod file;

use std::path::Path;
use std::time::Duration;

use dataset::{Check, Folder};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ureq::Agent;

use self::file::{Failure, Fetched, Source, WantedFile};
use super::super::{Outcome, print, print_error, print_line};
use crate::outgoing::{self, Proxies};
use domain::error::{Error, Result};

/// The commit of the official repository whose files are downloaded.
const COMMIT: &str = "f71b16c3b09ef03b02c0fed160fa072fb3b8aa16";

/// The official repository, as its files are served.
pub(super) const OFFICIAL: &str = "https://raw.githubusercontent.com/XiaoxiaoGuo/fashion-iq";

/// The SHA-256, the size and the path of each file at that commit.
const FILES: &str = include_str!("official.txt");

/// How long a connection may take to be made, how long an answer may take to begin, and how long a file may
/// take before the rest of it is asked for again.
const CONNECT: Duration = Duration::from_secs(15);
const ANSWER: Duration = Duration::from_secs(30);
const FILE: Duration = Duration::from_mins(1);

const ABOUT: &str = "\
The annotations are by the authors of Fashion IQ (Wu et al., CVPR 2021), from
https://github.com/XiaoxiaoGuo/fashion-iq, under the Community Data License
Agreement (https://cdla.io). The repository does not name a variant of it.
The photos are product photos of others and are not part of this download;
their addresses are in https://github.com/hongwang600/fashion-iq-metadata.
";

/// Downloads what is missing in a folder.
pub(super) fn download(dir: &Path, from: Option<&str>, retries: u32) -> Result<Outcome> {
    let address = from.map_or_else(|| format!("{OFFICIAL}/{COMMIT}"), str::to_owned);
    let files: Vec<WantedFile> = FILES.lines().filter_map(WantedFile::read).collect();
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(ANSWER))
        .timeout_recv_body(Some(FILE));
    let agent = outgoing::agent(config, &address, &Proxies::of_environment())
        .map_err(|why| Error::unusable(format!("--from {address}: {why}")))?;
    let bar = progress(&files);
    let say = |sentence: &str| bar.suspend(|| print_error(format_args!("fashion-iq: {sentence}")));
    let source =
        Source { agent: &agent, address: &address, retries, say: &say, pause: file::PAUSE };
    let (mut new, mut kept) = (0, 0);
    for wanted in &files {
        bar.set_message(wanted.path.to_owned());
        let before = bar.position();
        let fetched = source.fetch(dir, wanted, &|bytes| bar.set_position(before + bytes));
        match fetched {
            Ok(Fetched::New) => new += 1,
            Ok(Fetched::Kept) => kept += 1,
            Err(failure) => {
                bar.finish_and_clear();
                return stopped(failure);
            }
        }
        bar.set_position(before + wanted.bytes);
    }
    bar.finish_and_clear();
    print_line(format_args!(
        "{new} files downloaded, {kept} already there, every checksum matches\n\n{ABOUT}"
    ));
    print(Check::run(&Folder::new(dir)).map_err(Error::unusable)?);
    Ok(Outcome::Done)
}

fn stopped(failure: Failure) -> Result<Outcome> {
    match failure {
        Failure::Unusable(why) => Err(Error::unusable(why)),
        Failure::OutOfReach(why) => {
            print_error(format_args!("fashion-iq: {why}"));
            Ok(Outcome::OutOfReach)
        }
    }
}

/// A bar for a person at a terminal; nothing for a program.
fn progress(files: &[WantedFile]) -> ProgressBar {
    let target = ProgressDrawTarget::stderr();
    let bar = ProgressBar::with_draw_target(Some(files.iter().map(|it| it.bytes).sum()), target);
    if let Ok(style) =
        ProgressStyle::with_template("{bytes} of {total_bytes} [{bar:30}] {bytes_per_sec} {msg}")
    {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_captions_and_galleries_of_every_category_and_split() {
        let files: Vec<WantedFile> = FILES.lines().filter_map(WantedFile::read).collect();
        assert_eq!(files.len(), 18);
        for group in ["dress", "shirt", "toptee"] {
            for split in ["train", "val", "test"] {
                for path in [
                    format!("captions/cap.{group}.{split}.json"),
                    format!("image_splits/split.{group}.{split}.json"),
                ] {
                    assert!(files.iter().any(|file| file.path == path), "{path}");
                }
            }
        }
    }
}
