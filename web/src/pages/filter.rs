//! The filters of a board.

use super::sort::encoded;

/// A question of the phase whose answers filter the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Its name in the address.
    pub name: String,
    /// What was asked.
    pub label: String,
    /// The possible answers.
    pub options: Vec<String>,
    /// The answer that the visitor filters by; absent: any.
    pub chosen: Option<String>,
}

impl Filter {
    /// Its part of the board's address: `zero-shot=yes`.
    pub(super) fn query(&self) -> Option<String> {
        let chosen = self.chosen.as_ref()?;
        Some(format!("{}={}", encoded(&self.name), encoded(chosen)))
    }

    fn is_chosen(&self, option: &str) -> bool {
        self.chosen.as_deref() == Some(option)
    }

    pub(super) fn choices(&self) -> Vec<(&str, bool)> {
        self.options.iter().map(|option| (option.as_str(), self.is_chosen(option))).collect()
    }
}
