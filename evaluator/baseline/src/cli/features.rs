//! `fashion-iq-baseline features`.

use std::path::{Path, PathBuf};

use clap::Args;
use dataset::Folder;
use indicatif::{ProgressBar, ProgressStyle};

use super::device::DeviceOption;
use crate::error::Result;
use crate::learned::features::{Made, make};
use crate::learned::minilm::MiniLm;

/// Compute the vectors of all captions once, and keep them in a file.
#[derive(Args)]
pub(super) struct Features {
    /// The data set, in the layout of the official repositories.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: PathBuf,
    /// The splits.
    #[arg(long, value_delimiter = ',', default_value = "train,val,test")]
    splits: Vec<String>,
    /// The text encoder's weights, which evaluator/baseline/weights.sh gets.
    #[arg(long, value_name = "DIR", default_value = ".weights/minilm")]
    weights: PathBuf,
    /// The file to write.
    #[arg(long, value_name = "FILE", default_value = "data/baseline/features.safetensors")]
    out: PathBuf,
    #[command(flatten)]
    device: DeviceOption,
}

impl Features {
    pub(super) fn run(&self) -> Result<()> {
        let encoder = MiniLm::open(&self.weights, self.device.find()?)?;
        make_features(&Folder::new(&self.data), &self.splits, &encoder, &self.out)?;
        println!("{}", self.out.display());
        Ok(())
    }
}

/// Makes the features and shows how far it is.
pub(super) fn make_features(
    data: &Folder,
    splits: &[String],
    encoder: &MiniLm,
    out: &Path,
) -> Result<()> {
    let bar = ProgressBar::new(0);
    bar.set_style(style("texts"));
    let told = |made| match made {
        Made::Of(texts) => bar.set_length(texts as u64),
        Made::More(done) => bar.inc(done as u64),
    };
    super::train::folder_of(out)?;
    make(data, splits, encoder, out, told)?;
    bar.finish_and_clear();
    Ok(())
}

/// A bar with what is counted, speed and time left.
pub(super) fn style(what: &str) -> ProgressStyle {
    let template =
        format!("{{msg}} [{{bar:30}}] {{pos}}/{{len}} {what}, {{per_sec}}, {{eta}} left");
    ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}
