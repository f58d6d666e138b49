//! `fashion-iq receipt …`

mod rotate;
mod statement;
mod verify;

use clap::Subcommand;
use domain::error::Result;

use super::{Outcome, in_runtime};

/// Verify signed receipts of scores, and replace the key that signs them.
#[derive(Subcommand)]
pub(crate) enum Receipt {
    Verify(verify::Verify),
    Rotate(rotate::Rotate),
}

impl Receipt {
    pub(super) fn run(self) -> Result<Outcome> {
        match self {
            Self::Verify(verify) => verify.run(),
            Self::Rotate(rotate) => in_runtime(rotate.run()),
        }
    }
}
