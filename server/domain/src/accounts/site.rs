//! What accounts need of their site.

use super::{AttemptLimits, Passwords};
use crate::site::{Site, built_on};

/// A site, as far as accounts need it.
pub struct AccountsSite {
    /// What every layer needs.
    pub site: Site,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Limits on attempts that could be guesses.
    pub attempts: AttemptLimits,
}

built_on!(AccountsSite, site: Site);
