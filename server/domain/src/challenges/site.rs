//! What challenges need of their site.

use std::path::PathBuf;

use super::Benchmarks;
use crate::accounts::AccountsSite;
use crate::captioner::Captioner;
use crate::manager::Manager;
use crate::site::built_on;

/// A site, as far as challenges need it.
pub struct ChallengesSite {
    /// The part that accounts need.
    pub accounts: AccountsSite,
    /// Benchmarks in memory.
    pub benchmarks: Benchmarks,
    /// The folder with the data sets that organisers can name for a benchmark.
    pub datasets_dir: PathBuf,
    /// The captioner that plays the user of dialogs, if the settings name one.
    pub captioner: Option<Captioner>,
    /// The trained dialog manager that visitors talk to, if the settings name one.
    pub manager: Option<Manager>,
    /// The bounds under which uploads are read.
    pub reading: scoring::Limits,
}

built_on!(ChallengesSite, accounts: AccountsSite);
