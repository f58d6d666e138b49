//! `fashion-iq dataset …`

#[cfg(feature = "pictures")]
use std::io::{self, IsTerminal, Write};
#[cfg(feature = "draw")]
use std::path::Path;
use std::path::PathBuf;
#[cfg(feature = "pictures")]
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Subcommand;
#[cfg(feature = "draw")]
use dataset::draw::{Drawn, Plan, Seed, draw};
use dataset::{Check, Folder};

use super::{Outcome, print, print_line};
#[cfg(feature = "draw")]
use crate::ambient::Ambient;
use crate::error::{Error, Result};

/// After how many pictures a person is told again how far it is.
#[cfg(feature = "pictures")]
const TOLD_EVERY: usize = 50;

/// Count a data set, or draw one of our own.
#[derive(Subcommand)]
pub(crate) enum Dataset {
    /// Count queries, items and oddities, by category and split.
    Check {
        /// The data set, in the layout of the official repositories.
        dir: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Draw garments: a data set of our own in exactly the official format.
    ///
    /// The captions of split `test` are written without targets; name an organiser-only file with
    /// --targets to keep them. The same seed gives the same bytes, so the seed of a hidden set is as
    /// secret as its targets: leave --seed out, and 128 random bits are used and forgotten.
    #[cfg(feature = "draw")]
    Draw {
        /// The folder to write; made if it is not there.
        dir: PathBuf,
        /// Items of each gallery of val and test; train gets three times as many.
        #[arg(long, value_name = "N", default_value_t = 1000)]
        items: usize,
        /// A number, or 32 hex digits.
        #[arg(long, value_name = "S")]
        seed: Option<Seed>,
        /// The splits to draw.
        #[arg(long, value_delimiter = ',', default_value = "train,val,test")]
        splits: Vec<String>,
        /// Where to keep the targets of split test, for the organisers only.
        #[arg(long, value_name = "FILE")]
        targets: Option<PathBuf>,
        /// Draw a picture of each garment too: images/ITEM.png, 160 by 224 pixels, some 14 KiB.
        #[cfg(feature = "pictures")]
        #[arg(long)]
        pictures: bool,
    },
}

impl Dataset {
    pub(super) fn run(self) -> Result<Outcome> {
        match self {
            Self::Check { dir, json } => check(dir, json),
            #[cfg(feature = "draw")]
            Self::Draw {
                dir,
                items,
                seed,
                splits,
                targets,
                #[cfg(feature = "pictures")]
                pictures,
            } => {
                let seed = seed.unwrap_or_else(|| Seed::from_bytes(Ambient::system().bytes()));
                let drawn = draw(&Plan { items, seed, splits }).map_err(Error::unusable)?;
                #[cfg(feature = "pictures")]
                if pictures {
                    write_with_pictures(&drawn, &dir)?;
                }
                write(&drawn, &dir, targets.as_deref())
            }
        }
    }
}

fn check(dir: PathBuf, json: bool) -> Result<Outcome> {
    let check = Check::run(&Folder::new(dir)).map_err(Error::unusable)?;
    if json {
        let text = serde_json::to_string_pretty(&check);
        print_line(text.map_err(|e| Error::internal("print the counts", e))?);
    } else {
        print(check);
    }
    Ok(Outcome::Done)
}

#[cfg(feature = "draw")]
fn write(drawn: &Drawn, dir: &Path, targets: Option<&Path>) -> Result<Outcome> {
    drawn.write(dir).map_err(Error::unusable)?;
    if let Some(file) = targets {
        drawn.write_targets("test", file).map_err(Error::unusable)?;
    }
    print(Check::run(&Folder::new(dir)).map_err(Error::unusable)?);
    Ok(Outcome::Done)
}

/// Draws the pictures too, and tells a person who watches how far it is.
#[cfg(feature = "pictures")]
fn write_with_pictures(drawn: &Drawn, dir: &Path) -> Result<()> {
    let all: usize = drawn.groups().iter().map(|group| group.items().len()).sum();
    let watched = io::stderr().is_terminal();
    let done = AtomicUsize::new(0);
    let told = || {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if watched && (done.is_multiple_of(TOLD_EVERY) || done == all) {
            let end = if done == all { "\n" } else { "" };
            // A terminal that has gone away is no reason to stop.
            let _ = write!(io::stderr(), "\r{done} of {all} pictures{end}");
        }
    };
    drawn.write_with_pictures(dir, &told).map_err(Error::unusable)
}
