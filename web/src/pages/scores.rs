//! Which scores someone sees, and their values.

use crate::numbers::{format_count, format_number, format_percent};

/// Which scores someone sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownScores {
    /// The measure that ranks, over all groups.
    pub primary: MeasureName,
    /// Whether its overall value is shown. If not, nothing else is.
    pub overall: bool,
    /// What is shown for each group, in order.
    pub measures: Vec<MeasureName>,
}

/// The names of a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureName {
    /// In addresses and files: `recall@10`.
    pub name: String,
    /// In a column header: `R@10`.
    pub label: String,
    /// In sentences: `Recall@10`.
    pub title: String,
    /// What its value means, in one line without a full stop.
    pub meaning: String,
    /// Whether lower values are better, as with ranks.
    pub lower_is_better: bool,
}

/// A value of a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A fraction from 0 to 1; shown in percent.
    Share(f64),
    /// A rank, from 1.
    Rank(u64),
    /// Any other number, from 0.
    Number(f64),
    /// A rank greater than this one, which is the length of the known rankings.
    Beyond(u64),
    /// No value.
    Missing,
}

impl ShownScores {
    /// Whether nothing is shown; submissions are scored anyway.
    pub fn is_nothing(&self) -> bool {
        !self.overall && self.measures.is_empty()
    }

    /// What is shown, as the end of a sentence.
    pub(super) fn sentence(&self) -> String {
        let titles: Vec<&str> =
            self.measures.iter().map(|measure| measure.title.as_str()).collect();
        match titles.split_last() {
            _ if self.is_nothing() => "no scores".to_owned(),
            None => "the overall score".to_owned(),
            Some((last, [])) => format!("the overall score, and {last} of each group"),
            Some((last, others)) => {
                format!("the overall score, and {} and {last} of each group", others.join(", "))
            }
        }
    }
}

impl MeasureName {
    /// What its value means, as a sentence.
    pub(crate) fn explanation(&self) -> String {
        let mut letters = self.meaning.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string());
        format!("{}{}.", first.unwrap_or_default(), letters.as_str())
    }
}

impl Value {
    /// As people read it: percent with one decimal, or a rank.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Share(share) => format_percent(share, 1),
            Self::Rank(rank) => format_count(rank),
            Self::Number(number) => format_number(number),
            Self::Beyond(rank) => format!(">{}", format_count(rank)),
            Self::Missing => "–".to_owned(),
        }
    }

    /// The fraction, if it is one.
    pub(super) fn share(self) -> Option<f64> {
        match self {
            Self::Share(share) => Some(share),
            Self::Rank(_) | Self::Number(_) | Self::Beyond(_) | Self::Missing => None,
        }
    }

    /// The sort key; a missing value is the smallest.
    pub(super) fn size(self) -> f64 {
        match self {
            Self::Share(number) | Self::Number(number) => number,
            Self::Rank(rank) => rank as f64,
            Self::Beyond(_) => f64::INFINITY,
            Self::Missing => f64::NEG_INFINITY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(title: &str) -> MeasureName {
        let (name, label) = (title.to_lowercase(), title.to_owned());
        let meaning = "the share that was found".to_owned();
        MeasureName { name, label, title: title.to_owned(), meaning, lower_is_better: false }
    }

    fn shown(overall: bool, titles: &[&str]) -> ShownScores {
        let measures = titles.iter().map(|title| measure(title)).collect();
        ShownScores { primary: measure("mean"), overall, measures }
    }

    #[test]
    fn what_is_shown_is_said_in_words() {
        assert_eq!(shown(false, &[]).sentence(), "no scores");
        assert_eq!(shown(true, &[]).sentence(), "the overall score");
        assert_eq!(
            shown(true, &["A", "B", "C"]).sentence(),
            "the overall score, and A, B and C of each group"
        );
        assert_eq!(shown(true, &["A"]).sentence(), "the overall score, and A of each group");
        assert_eq!(measure("A").explanation(), "The share that was found.");
    }

    #[test]
    fn a_value_is_percent_a_rank_or_a_dash() {
        let texts = [Value::Share(0.482), Value::Rank(1_204), Value::Beyond(50), Value::Missing];
        assert_eq!(texts.map(Value::text), ["48.2", "1,204", ">50", "–"]);
        let numbers = [3.456, 34.56, 1234.5].map(Value::Number);
        assert_eq!(numbers.map(Value::text), ["3.46", "34.6", "1,235"]);
    }
}
