//! How to play a phase of dialogs.

use askama::Template;
use time::OffsetDateTime;

use super::{DataOffer, Download, Layout, Phase};
use crate::numbers::{counted, format_count};

/// How to play a phase of dialogs, `/c/{challenge}/{phase}/take-part`.
#[derive(Debug, Clone, Template)]
#[template(path = "dialog_guide.html")]
pub struct DialogGuidePage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phase.
    pub phase: Phase,
    /// The rules of its dialogs.
    pub rules: DialogFacts,
    /// The galleries, as one JSON document; counted in items.
    pub gallery: Download,
    /// All public data; absent before the phase opens.
    pub data: Option<DataOffer>,
    /// The page where people talk to an agent, if it can be shown.
    pub talk: Option<String>,
    /// The page with the limits of each phase.
    pub limits: String,
    /// The page that explains the scores.
    pub scoring: String,
    /// A program in Python that plays, and its address.
    pub agent: &'static str,
    /// The address of that program.
    pub agent_href: String,
    /// A shell command that plays with it.
    pub agent_line: String,
    /// A shell command that starts a submission with curl.
    pub curl_line: String,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// The rules of a phase of dialogs.
#[derive(Debug, Clone)]
pub struct DialogFacts {
    /// How many turns a dialog has.
    pub turns: u64,
    /// The categories, and how many items a ranking has in each.
    pub need: Vec<(String, u64)>,
    /// How many dialogs there are in each category.
    pub dialogs: u64,
    /// For how long a submission can be played, in words.
    pub time: String,
    /// What says the captions, with its version.
    pub simulator: String,
    /// Whether dialogs are published once the phase has closed.
    pub transcripts: bool,
}

impl DialogFacts {
    /// `300 dialogs of 5 turns: 100 in each of dress, shirt and toptee`
    fn sentence(&self) -> String {
        let all = counted(self.dialogs * self.need.len() as u64, "dialog", "dialogs");
        let turns = counted(self.turns, "turn", "turns");
        match self.need.as_slice() {
            [_] => format!("{all} of {turns}"),
            several => {
                let names: Vec<&str> = several.iter().map(|(name, _)| name.as_str()).collect();
                let (last, first) = names.split_last().expect("there are several");
                let each = format_count(self.dialogs);
                format!("{all} of {turns}: {each} in each of {} and {last}", first.join(", "))
            }
        }
    }

    /// `500 items`, or what each category has.
    fn lengths(&self) -> String {
        let first = self.need.first().map_or(0, |(_, need)| *need);
        if self.need.iter().all(|(_, need)| *need == first) {
            return counted(first, "item", "items");
        }
        let each = |(name, need): &(String, u64)| format!("{} ({name})", format_count(*need));
        self.need.iter().map(each).collect::<Vec<_>>().join(", ") + " items"
    }
}
