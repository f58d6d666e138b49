//! How to take part with only a laptop.

use askama::Template;
use time::OffsetDateTime;

use super::data::Piece;
use super::{DataOffer, Layout, Phase, Sanitised};
use crate::numbers::{counted, format_bytes};

/// How to take part in one phase, `/c/{challenge}/{phase}/take-part`.
#[derive(Debug, Clone, Template)]
#[template(path = "take_part.html")]
pub struct TakePartPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phase.
    pub phase: Phase,
    /// The instructions of the challenge's task.
    pub guide: Guide,
    /// The queries, as one JSON document; counted in queries.
    pub queries: Download,
    /// The galleries, as one JSON document; counted in items.
    pub gallery: Download,
    /// All public data; absent before the phase opens.
    pub data: Option<DataOffer>,
    /// A valid, random submission to start from.
    pub template: Option<Download>,
    /// This server's address, such as `https://fashion-iq.example`, without a slash at its end.
    pub host: String,
    /// The submission form; absent if people can't submit to the phase.
    pub submit: Option<String>,
    /// The page with the limits of each phase.
    pub limits: String,
    /// The page that explains the file format.
    pub format: String,
    /// A shell command that installs our own program.
    pub install_line: String,
    /// The repository of our own program.
    pub repository: &'static str,
    /// A shell command that checks a submission with our own program, without sending it.
    pub validate_line: String,
    /// A shell command that submits with our own program.
    pub submit_line: String,
    /// A shell command that submits with curl.
    pub curl_line: String,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// What a newcomer needs to know about a challenge's task.
#[derive(Debug, Clone)]
pub struct Guide {
    /// What a query is.
    pub queries: Sanitised,
    /// The shape of a query, as JSON.
    pub query_example: String,
    /// The word for items that are ranked, in the plural: `garments`.
    pub items: &'static str,
    /// The shape of a gallery, as JSON.
    pub gallery_example: String,
    /// The minimum length of a ranking.
    pub list_length: usize,
    /// Whether there are several groups, each with its own gallery.
    pub grouped: bool,
    /// What the file of a submission contains.
    pub run: Sanitised,
    /// The file name of a submission.
    pub run_file: &'static str,
    /// A program in plain Python that writes a submission.
    pub write_run: &'static str,
    /// Where to download it on this server.
    pub write_run_href: String,
}

/// A file to download.
#[derive(Debug, Clone)]
pub struct Download {
    /// Its address on this server.
    pub href: String,
    /// Its size, if known.
    pub bytes: Option<u64>,
    /// How many queries, items or rankings it contains, if known.
    pub count: Option<u64>,
}

impl TakePartPage {
    /// Shell commands that make a first, valid submission.
    fn first_run(&self) -> String {
        let fetch = |file: &str, href: &str| format!("curl -fo {file} {}{href}\n", self.host);
        [
            fetch("queries.json", &self.queries.href),
            fetch("gallery.json", &self.gallery.href),
            fetch("write_run.py", &self.guide.write_run_href),
            "python3 write_run.py queries.json gallery.json".to_owned(),
        ]
        .concat()
    }
}

impl Download {
    /// Its size: `6,118 queries, 1.2 MB`.
    pub(crate) fn measure(&self, one: &str, many: &str) -> String {
        let count = self.count.map(|count| counted(count, one, many));
        let bytes = self.bytes.map(format_bytes);
        [count, bytes].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
