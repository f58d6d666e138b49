//! The addresses of a server that an archive copies, and the files in which it keeps them.

use domain::challenges::RESERVED_NAMES;

/// The pages of a challenge that are copied.
const OF_CHALLENGE: [&str; 10] = [
    "data",
    "dialogs",
    "feedback-share",
    "limits",
    "news",
    "published",
    "rules",
    "scoring",
    "significance",
    "write_run.py",
];

/// The pages of a phase that are copied.
const OF_PHASE: [&str; 4] = ["report", "report.zip", "statistics", "take-part"];

/// What is copied of a phase from the API.
const OF_API: [&str; 7] = [
    "gallery",
    "leaderboard",
    "leaderboard.csv",
    "leaderboard.eee.json",
    "leaderboard.eval-results.yaml",
    "leaderboard.pwc.json",
    "queries",
];

/// An address that is copied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    path: String,
    /// The page of a long board, from 2.
    page: Option<u32>,
}

impl Address {
    /// Reads a link of a page of a challenge. None if it is not copied: it leads elsewhere, to a form or
    /// a search, or to something that only some people see.
    pub(super) fn read(link: &str, challenge: &str) -> Option<Self> {
        let link = link.split('#').next()?;
        let (path, query) = link.split_once('?').unwrap_or((link, ""));
        let path = path.strip_prefix('/')?;
        if path.is_empty() {
            return Some(Self { path: format!("/c/{challenge}"), page: None });
        }
        let parts: Vec<&str> = path.split('/').collect();
        if !parts.iter().all(|part| is_plain(part)) {
            return None;
        }
        let is_phase = |name: &str| !RESERVED_NAMES.contains(&name) && !name.contains('.');
        let is_copied = match parts[..] {
            ["assets", _] | ["privacy"] | ["api", "v1", "receipt-keys"] => true,
            ["c", of, ref rest @ ..] if of == challenge => match *rest {
                [] | ["submissions", _] | ["submissions", _, "receipt"] => true,
                [page] => OF_CHALLENGE.contains(&page) || is_phase(page),
                [phase, page] => is_phase(phase) && OF_PHASE.contains(&page),
                [phase, "results", _, ..] if rest.len() < 5 => is_phase(phase),
                _ => false,
            },
            ["api", "v1", "challenges", of, ref rest @ ..] if of == challenge => match *rest {
                [] | ["phases" | "submissions", _] | ["submissions", _, "receipt"] => true,
                ["phases", _, what] => OF_API.contains(&what),
                _ => false,
            },
            _ => false,
        };
        let is_board = matches!(parts[..], ["c", _, phase] if is_phase(phase));
        let page = query.split('&').find_map(|part| part.strip_prefix("page="));
        let page = page.and_then(|page| page.parse().ok()).filter(|page| *page > 1 && is_board);
        is_copied.then(|| Self { path: format!("/{path}"), page })
    }

    /// The address at the server.
    pub(super) fn uri(&self) -> String {
        match self.page {
            Some(page) => format!("{}?page={page}", self.path),
            None => self.path.clone(),
        }
    }

    /// Its file in the archive. What has no ending gets one, so that any web server knows what it is.
    pub(super) fn file(&self, content_type: &str) -> String {
        let path = self.path.trim_start_matches('/');
        let name = path.rsplit('/').next().unwrap_or_default();
        match (content_type.split(';').next(), self.page) {
            (Some("text/html"), Some(page)) => format!("{path}/page-{page}.html"),
            (Some("text/html"), None) => format!("{path}/index.html"),
            _ if name.contains('.') => path.to_owned(),
            (Some(kind), _) if kind.ends_with("json") => format!("{path}.json"),
            _ => path.to_owned(),
        }
    }
}

/// Whether a part of a path is the name of a file everywhere, and leads nowhere else.
fn is_plain(part: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !part.is_empty() && !part.starts_with('.') && part.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_pages_are_copied_under_names_that_every_web_server_knows() {
        let file = |link, kind| Address::read(link, "fiq").map(|address| address.file(kind));
        for (link, kind, there) in [
            ("/c/fiq/test", "text/html; charset=utf-8", "c/fiq/test/index.html"),
            ("/c/fiq/test?sort=team&page=3#rows", "text/html", "c/fiq/test/page-3.html"),
            ("/c/fiq/test?sort=team", "text/html", "c/fiq/test/index.html"),
            ("/assets/style.1.css", "text/css", "assets/style.1.css"),
            ("/api/v1/receipt-keys", "application/json", "api/v1/receipt-keys.json"),
            (
                "/api/v1/challenges/fiq/phases/test/leaderboard.csv",
                "text/csv",
                "api/v1/challenges/fiq/phases/test/leaderboard.csv",
            ),
        ] {
            assert_eq!(file(link, kind).as_deref(), Some(there), "{link}");
        }
        for link in [
            "https://example.org/",
            "//example.org/c/fiq",
            "/sign-in",
            "/account",
            "/c/other/test",
            "/c/fiq/team",
            "/c/fiq/submissions",
            "/c/fiq/organise",
            "/c/fiq/organise/log",
            "/c/fiq/test/submit",
            "/c/fiq/test/explore?words=red",
            "/c/fiq/submissions/1/upload",
            "/c/fiq/../../etc/passwd",
            "/api/v1/challenges/fiq/phases/test/export",
        ] {
            assert_eq!(Address::read(link, "fiq"), None, "{link}");
        }
    }
}
