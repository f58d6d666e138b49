//! A team's answer to a question that a phase asks.

/// A team's answer to a question that a phase asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A line of text.
    Text {
        /// What was asked.
        label: String,
        /// The answer.
        text: String,
    },
    /// A web address; it begins with `https://` or `http://`.
    Link {
        /// What was asked.
        label: String,
        /// The address.
        href: String,
    },
    /// Yes or no.
    YesNo {
        /// What was asked.
        label: String,
        /// Whether it was yes.
        yes: bool,
    },
    /// One of several words.
    Choice {
        /// What was asked.
        label: String,
        /// The word.
        text: String,
    },
}

impl Answer {
    pub(super) fn label(&self) -> &str {
        match self {
            Self::Text { label, .. }
            | Self::Link { label, .. }
            | Self::YesNo { label, .. }
            | Self::Choice { label, .. } => label,
        }
    }

    /// The answer as the page of the submission shows it.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text { text, .. } | Self::Choice { text, .. } => text,
            Self::Link { href, .. } => href,
            Self::YesNo { yes: true, .. } => "yes",
            Self::YesNo { yes: false, .. } => "no",
        }
    }

    pub(super) fn href(&self) -> Option<&str> {
        match self {
            Self::Link { href, .. } => Some(href),
            _ => None,
        }
    }

    /// A short form for a row of the board; text and a plain no are left out.
    pub(super) fn brief(&self) -> Option<String> {
        match self {
            Self::Text { .. } | Self::YesNo { yes: false, .. } => None,
            Self::Link { label, .. } | Self::YesNo { label, .. } => Some(label.clone()),
            Self::Choice { label, text } => Some(format!("{label}: {text}")),
        }
    }
}
