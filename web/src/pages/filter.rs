//! By what a board can be filtered.

use super::sort::encoded;

/// One thing that teams have answered, by which the board can be filtered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Its name in the address.
    pub name: String,
    /// What was asked.
    pub label: String,
    /// What may have been answered.
    pub options: Vec<String>,
    /// The answer of the rows that the visitor wants to see; absent: any.
    pub chosen: Option<String>,
}

impl Filter {
    /// What the address of the board says of it: `zero-shot=yes`.
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
