//! `fashion-iq dataset …`

mod download;
mod statistics;

#[cfg(feature = "pictures")]
use std::io::{self, IsTerminal, Write};
#[cfg(feature = "draw")]
use std::path::Path;
use std::path::PathBuf;
#[cfg(feature = "pictures")]
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Subcommand;
#[cfg(feature = "draw")]
use dataset::draw::{Plan, Seed, draw, draw_circo};
use dataset::{Check, Folder};
#[cfg(feature = "draw")]
use scoring::CIRCO;
use scoring::Task;

use super::{Outcome, print, print_line};
#[cfg(feature = "draw")]
use domain::ambient::Ambient;
use domain::error::{Error, Result};

/// Progress is shown after this many pictures.
#[cfg(feature = "pictures")]
const TOLD_EVERY: usize = 50;

/// Download the official annotations, count a data set, or draw a synthetic one.
#[derive(Subcommand)]
pub(crate) enum Dataset {
    /// Count queries, items and oddities, by category and split.
    Check {
        /// The data set, in the layout of the official repository.
        dir: PathBuf,
        /// The task of the data set: `fashion-iq` or `circo`.
        #[arg(long, value_name = "TASK", default_value = "fashion-iq", value_parser = Task::named)]
        task: &'static Task,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print statistics: queries, captions and their words, galleries, attributes, repeated rows,
    /// overlaps, and what one side of the queries answers alone.
    ///
    /// The pages of a challenge show the same, of what its phases publish.
    Statistics {
        /// The data set, in the layout of the official repository.
        dir: PathBuf,
        /// The task of the data set: `fashion-iq` or `circo`.
        #[arg(long, value_name = "TASK", default_value = "fashion-iq", value_parser = Task::named)]
        task: &'static Task,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Download the official annotations of Fashion IQ: captions and galleries, 7 MB.
    ///
    /// They come from their authors' public repository, at a fixed commit, and each file's checksum
    /// is checked. Broken connections are continued; run the same command again to finish what was
    /// interrupted. Files that are already there are kept. The photos are not part of it.
    Download {
        /// The folder to write; made if it is not there.
        dir: PathBuf,
        /// A mirror with the same files [default: the official repository on GitHub]
        #[arg(long, value_name = "URL")]
        from: Option<String>,
        /// How often to try again without getting any further.
        #[arg(long, value_name = "N", default_value_t = 5)]
        retries: u32,
    },
    /// Draw garments: a synthetic data set in the official format of a task.
    ///
    /// The queries of split `test` are written without targets; use --targets to save the targets
    /// in a file for organisers only. The same seed gives the same bytes, so the seed of a hidden
    /// set is as secret as its targets: without --seed, 128 random bits are used and not saved.
    #[cfg(feature = "draw")]
    Draw {
        /// The folder to write; made if it is not there.
        dir: PathBuf,
        /// The format: `fashion-iq`, or `circo` with one gallery and several targets per query.
        #[arg(long, value_name = "TASK", default_value = "fashion-iq", value_parser = Task::named)]
        task: &'static Task,
        /// Items of each category of val and test; train gets three times as many.
        #[arg(long, value_name = "N", default_value_t = 1000)]
        items: usize,
        /// A number, or 32 hex digits.
        #[arg(long, value_name = "S")]
        seed: Option<Seed>,
        /// The splits to draw [default: train, val and test; for circo val and test]
        #[arg(long, value_delimiter = ',')]
        splits: Vec<String>,
        /// Where to write the targets of split test, for the organisers only.
        #[arg(long, value_name = "FILE")]
        targets: Option<PathBuf>,
        /// Write a true sentence about each item too, as a captioning program would say it:
        /// item-captions/CATEGORY.SPLIT.json.
        #[arg(long)]
        item_captions: bool,
        /// Draw a picture of each garment too: images/ITEM.png, 160 by 224 pixels, some 14 KiB.
        #[cfg(feature = "pictures")]
        #[arg(long)]
        pictures: bool,
    },
}

impl Dataset {
    pub(super) fn run(self) -> Result<Outcome> {
        match self {
            Self::Check { dir, task, json } => check(dir, task, json),
            Self::Statistics { dir, task, json } => statistics::statistics(dir, task, json),
            Self::Download { dir, from, retries } => {
                download::download(&dir, from.as_deref(), retries)
            }
            #[cfg(feature = "draw")]
            Self::Draw {
                dir,
                task,
                items,
                seed,
                splits,
                targets,
                item_captions,
                #[cfg(feature = "pictures")]
                pictures,
            } => {
                let seed = seed.unwrap_or_else(|| Seed::from_bytes(Ambient::system().bytes()));
                let splits = if splits.is_empty() { default_splits(task) } else { splits };
                let drawn = Drawn::of(task, &Plan { items, seed, splits })?;
                #[cfg(feature = "pictures")]
                if pictures {
                    write_with_pictures(&drawn, &dir)?;
                }
                let done = write(&drawn, &dir, task, targets.as_deref())?;
                if item_captions {
                    drawn.write_item_captions(&dir.join("item-captions"))?;
                }
                Ok(done)
            }
        }
    }
}

/// The splits that are drawn by default: those of the official data.
#[cfg(feature = "draw")]
fn default_splits(task: &Task) -> Vec<String> {
    let splits: &[&str] = if *task == CIRCO { &["val", "test"] } else { &["train", "val", "test"] };
    splits.iter().map(ToString::to_string).collect()
}

/// A drawn data set in the format of a task.
#[cfg(feature = "draw")]
enum Drawn {
    FashionIq(dataset::draw::Drawn),
    Circo(dataset::draw::DrawnCirco),
}

#[cfg(feature = "draw")]
impl Drawn {
    fn of(task: &Task, plan: &Plan) -> Result<Self> {
        let drawn = if *task == CIRCO {
            draw_circo(plan).map(Self::Circo)
        } else {
            draw(plan).map(Self::FashionIq)
        };
        drawn.map_err(Error::unusable)
    }

    fn write_item_captions(&self, folder: &Path) -> Result<()> {
        match self {
            Self::FashionIq(drawn) => drawn.write_item_captions(folder).map_err(Error::unusable),
            Self::Circo(_) => Err(Error::unusable("items of CIRCO have no captions")),
        }
    }

    /// How many items it has.
    #[cfg(feature = "pictures")]
    fn items(&self) -> usize {
        match self {
            Self::FashionIq(drawn) => drawn.groups().iter().map(|group| group.items().len()).sum(),
            Self::Circo(drawn) => drawn.len(),
        }
    }
}

fn check(dir: PathBuf, task: &Task, json: bool) -> Result<Outcome> {
    let check = Check::run(&Folder::with_layout(dir, task.layout)).map_err(Error::unusable)?;
    if json {
        let text = serde_json::to_string_pretty(&check);
        print_line(text.map_err(|e| Error::internal("print the counts", e))?);
    } else {
        print(check);
    }
    Ok(Outcome::Done)
}

#[cfg(feature = "draw")]
fn write(drawn: &Drawn, dir: &Path, task: &Task, targets: Option<&Path>) -> Result<Outcome> {
    let written = match drawn {
        Drawn::FashionIq(drawn) => drawn.write(dir),
        Drawn::Circo(drawn) => drawn.write(dir),
    };
    written.map_err(Error::unusable)?;
    if let Some(file) = targets {
        let written = match drawn {
            Drawn::FashionIq(drawn) => drawn.write_targets("test", file),
            Drawn::Circo(drawn) => drawn.write_targets("test", file),
        };
        written.map_err(Error::unusable)?;
    }
    print(Check::run(&Folder::with_layout(dir, task.layout)).map_err(Error::unusable)?);
    Ok(Outcome::Done)
}

/// Draws the pictures too, and shows the progress in a terminal.
#[cfg(feature = "pictures")]
fn write_with_pictures(drawn: &Drawn, dir: &Path) -> Result<()> {
    let all = drawn.items();
    let watched = io::stderr().is_terminal();
    let done = AtomicUsize::new(0);
    let told = || {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if watched && (done.is_multiple_of(TOLD_EVERY) || done == all) {
            let end = if done == all { "\n" } else { "" };
            // A closed terminal is no reason to stop.
            let _ = write!(io::stderr(), "\r{done} of {all} pictures{end}");
        }
    };
    let written = match drawn {
        Drawn::FashionIq(drawn) => drawn.write_with_pictures(dir, &told),
        Drawn::Circo(drawn) => drawn.write_with_pictures(dir, &told),
    };
    written.map_err(Error::unusable)
}
