//! How to take part with nothing but a laptop.

use askama::Template;
use time::OffsetDateTime;

use super::data::Piece;
use super::{DataOffer, Layout, Phase, Sanitised};
use crate::numbers::{counted, format_bytes};

/// How to take part in one phase, `/c/{challenge}/{phase}/take-part`.
#[derive(Debug, Clone, Template)]
#[template(path = "take_part.html")]
pub struct TakePartPage {
    /// What stands around it.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phase.
    pub phase: Phase,
    /// What belongs to the challenge's task.
    pub guide: Guide,
    /// The queries, as one JSON document; counted in queries.
    pub queries: Download,
    /// The galleries, as one JSON document; counted in items.
    pub gallery: Download,
    /// Everything of the data that is public; absent before the phase opens.
    pub data: Option<DataOffer>,
    /// A random run that is valid, to start from.
    pub template: Option<Download>,
    /// This server's address, such as `https://fashion-iq.example`, without a slash at its end.
    pub host: String,
    /// The form that takes a run; absent where the phase takes none from people.
    pub submit: Option<String>,
    /// What each phase allows.
    pub limits: String,
    /// Where the file's format is explained.
    pub format: String,
    /// A line for the shell that installs our own program.
    pub install_line: String,
    /// Where our own program comes from.
    pub repository: &'static str,
    /// A line for the shell that checks a run with our own program, without sending it.
    pub validate_line: String,
    /// A line for the shell that submits with our own program.
    pub submit_line: String,
    /// A line for the shell that submits with curl.
    pub curl_line: String,
    /// The instant the page is written.
    pub now: OffsetDateTime,
}

/// What a newcomer needs to know of a challenge's task.
#[derive(Debug, Clone)]
pub struct Guide {
    /// What a query is and gives.
    pub queries: Sanitised,
    /// The shape of a query, as JSON.
    pub query_example: String,
    /// What may be ranked, in the plural: `garments`.
    pub items: &'static str,
    /// The shape of a gallery, as JSON.
    pub gallery_example: String,
    /// How many items a ranking must have.
    pub list_length: usize,
    /// Whether there are several groups, each with a gallery of its own.
    pub grouped: bool,
    /// What a run's file is.
    pub run: Sanitised,
    /// The name under which a run is saved.
    pub run_file: &'static str,
    /// A program in plain Python that writes a run.
    pub write_run: &'static str,
    /// Where that can be downloaded on this server.
    pub write_run_href: String,
}

/// A file to download.
#[derive(Debug, Clone)]
pub struct Download {
    /// Its address on this server.
    pub href: String,
    /// Its size, where it is known.
    pub bytes: Option<u64>,
    /// How many of what it is counted in it holds, where that is known.
    pub count: Option<u64>,
}

impl TakePartPage {
    /// From nothing to a run that is valid, for a shell.
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
    /// How much it is: `6,118 queries, 1.2 MB`.
    pub(crate) fn measure(&self, one: &str, many: &str) -> String {
        let count = self.count.map(|count| counted(count, one, many));
        let bytes = self.bytes.map(format_bytes);
        [count, bytes].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
