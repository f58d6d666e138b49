//! The option for a captioner that plays the user.

use std::path::PathBuf;

use clap::Args;
use tch::Device;

use crate::error::Result;
use crate::learned::captioner::training::Captioner;

/// Who plays the user.
#[derive(Args)]
pub(super) struct UserOption {
    /// A trained captioner that plays the user; without, a program without a model does.
    #[arg(long, value_name = "FILE")]
    user: Option<PathBuf>,
}

impl UserOption {
    pub(super) fn open(&self, device: Device) -> Result<Option<Captioner>> {
        self.user.as_deref().map(|path| Captioner::open(path, device)).transpose()
    }
}
