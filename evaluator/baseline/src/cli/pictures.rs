//! The options for items' pictures, or another encoder's vectors of them.

use std::path::{Path, PathBuf};

use clap::Args;
use dataset::{Folder, Split};
use indicatif::ProgressBar;
use tch::Device;

use super::progress::style;
use crate::error::Result;
use crate::learned::album::Album;
use crate::learned::item_vectors::{ItemVectors, items_of, read_splits};
use crate::learned::lite0::Lite0;

/// The most sentences about single pictures that are printed.
const SENTENCES: usize = 20;

/// Where items' pictures come from, if they are used.
#[derive(Args)]
pub(super) struct Pictures {
    /// Pictures of items: {item}.png, {item}.jpg or {item}.jpeg.
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// The picture encoder's weights (evaluator/baseline/weights.sh downloads them).
    #[arg(long, value_name = "DIR", default_value = ".weights/lite0")]
    picture_weights: PathBuf,
    /// Item vectors of another encoder, instead of pictures; docs/pixels.md describes the file.
    #[arg(long, value_name = "FILE", conflicts_with = "images")]
    item_features: Option<PathBuf>,
}

impl Pictures {
    /// The vectors of the items of splits, if any were asked for.
    pub(super) fn vectors(
        &self,
        data: &Folder,
        splits: &[String],
        device: Device,
    ) -> Result<Option<ItemVectors>> {
        let (from, vectors, splits) = match (&self.images, &self.item_features) {
            (Some(folder), _) => {
                let splits = read_splits(data, splits)?;
                (folder, self.encode(folder, &splits, device)?, splits)
            }
            (None, Some(file)) => (file, ItemVectors::read(file)?, read_splits(data, splits)?),
            (None, None) => return Ok(None),
        };
        let (items, without) = vectors.check(from, &splits)?;
        super::complain!("{}: {without} of {items} items are unknown", from.display());
        Ok(Some(vectors))
    }

    fn encode(&self, folder: &Path, splits: &[Split], device: Device) -> Result<ItemVectors> {
        let encoder = Lite0::open(&self.picture_weights, device)?;
        let album = Album::open(folder, items_of(splits))?;
        let bar = ProgressBar::new(album.len() as u64);
        bar.set_style(style("pictures"));
        let made = album.encode(&encoder, |done| bar.inc(done as u64))?;
        bar.finish_and_clear();
        let unreadable = made.unreadable.len();
        for sentence in made.unreadable.iter().take(SENTENCES) {
            super::complain!("{sentence}");
        }
        if unreadable > SENTENCES {
            super::complain!("and {} more that can't be read", unreadable - SENTENCES);
        }
        Ok(made.vectors)
    }
}
