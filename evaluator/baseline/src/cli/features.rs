//! `fashion-iq-baseline features`.

use std::path::{Path, PathBuf};

use clap::Args;
use dataset::Folder;
use indicatif::ProgressBar;

use super::captions::CaptionsOption;
use super::device::DeviceOption;
use super::pictures::Pictures;
use super::progress::style;
use crate::error::Result;
use crate::learned::features::{Made, make};
use crate::learned::item_vectors::ItemVectors;
use crate::learned::minilm::MiniLm;
use crate::learned::sentences::ItemTexts;
use crate::learned::tensors::create_folder_of;

/// Compute the vectors of all captions, and optionally of items' pictures, and save them in a file.
#[derive(Args)]
pub(super) struct Features {
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The splits.
    #[arg(long, value_delimiter = ',', default_value = "train,val,test")]
    splits: Vec<String>,
    /// The text encoder's weights (evaluator/baseline/weights.sh downloads them).
    #[arg(long, value_name = "DIR", default_value = ".weights/minilm")]
    weights: PathBuf,
    /// The file to write.
    #[arg(long, value_name = "FILE", default_value = "data/baseline/features.safetensors")]
    out: PathBuf,
    #[command(flatten)]
    captions: CaptionsOption,
    #[command(flatten)]
    pictures: Pictures,
    #[command(flatten)]
    device: DeviceOption,
}

impl Features {
    pub(super) fn run(&self) -> Result<()> {
        let device = self.device.find()?;
        let data = Folder::new(&self.data);
        let encoder = MiniLm::open(&self.weights, device)?;
        let items = self.pictures.vectors(&data, &self.splits, device)?;
        let captions = self.captions.read(&data, &self.splits)?;
        make_features(&data, &self.splits, &encoder, items.as_ref(), captions, &self.out)?;
        super::say!("{}", self.out.display());
        Ok(())
    }
}

/// Creates the features and shows the progress.
pub(super) fn make_features(
    data: &Folder,
    splits: &[String],
    encoder: &MiniLm,
    items: Option<&ItemVectors>,
    captions: Option<ItemTexts>,
    out: &Path,
) -> Result<()> {
    let bar = ProgressBar::new(0);
    bar.set_style(style("texts"));
    let told = |made| match made {
        Made::Of(texts) => bar.set_length(texts as u64),
        Made::More(done) => bar.inc(done as u64),
    };
    create_folder_of(out)?;
    make(data, splits, encoder, items, captions, out, told)?;
    bar.finish_and_clear();
    Ok(())
}
