//! How to take part with nothing but a laptop.

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Phase};
use crate::assets;
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
    /// Names of the groups, which name the files of a run.
    pub groups: Vec<String>,
    /// The queries, as one JSON document; counted in queries.
    pub queries: Download,
    /// The galleries, as one JSON document; counted in items.
    pub gallery: Download,
    /// Everything of the data that is public, as a zip; counted in files.
    pub data: Option<Download>,
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
    /// A line for the shell that checks a run with our own program, without sending it.
    pub validate_line: String,
    /// A line for the shell that submits with our own program.
    pub submit_line: String,
    /// A line for the shell that submits with curl.
    pub curl_line: String,
    /// The instant the page is written.
    pub now: OffsetDateTime,
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

/// The program that writes a run, in plain Python.
pub const WRITE_RUN: &str = include_str!("../../../docs/write_run.py");

impl TakePartPage {
    /// `dress.predict.json`, and so on.
    fn files(&self) -> Vec<String> {
        self.groups.iter().map(|group| format!("{group}.predict.json")).collect()
    }

    /// From nothing to a run that is valid, for a shell.
    fn first_run(&self) -> String {
        let fetch = |file: &str, href: &str| format!("curl -o {file} {}{href}\n", self.host);
        [
            fetch("queries.json", &self.queries.href),
            fetch("gallery.json", &self.gallery.href),
            fetch("write_run.py", assets::write_run()),
            "python3 write_run.py queries.json gallery.json".to_owned(),
        ]
        .concat()
    }
}

impl Download {
    /// How much it is: `6,118 queries, 1.2 MB`.
    fn measure(&self, one: &str, many: &str) -> String {
        let count = self.count.map(|count| counted(count, one, many));
        let bytes = self.bytes.map(format_bytes);
        [count, bytes].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
