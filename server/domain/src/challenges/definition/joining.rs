//! Who may take part in a challenge, and how.

use serde::Deserialize;

use super::must;
use crate::error::Result;

/// Who may take part in a challenge.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JoiningDefinition {
    /// Whether organisers approve each person.
    pub approval: bool,
    /// The domains of e-mail addresses that may join; empty: all.
    pub email_domains: Vec<String>,
    /// The maximum number of members of a team; absent: no limit.
    pub team_size: Option<u16>,
}

impl JoiningDefinition {
    pub(super) fn check(&self) -> Result<()> {
        for domain in &self.email_domains {
            let good =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
            let fits = domain.contains('.')
                && domain.chars().all(good)
                && domain.split('.').all(|label| !label.is_empty());
            must(
                fits,
                format!(
                    "joining.email_domains: \"{domain}\" is not a domain; write the part after the \
                     @ in lower case, such as example.org"
                ),
            )?;
        }
        must(self.team_size != Some(0), "joining.team_size is 0; it must be at least 1")
    }
}
