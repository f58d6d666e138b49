//! Paths that are safe to log: readers of the log must not be able to open people's links.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Secrets in links have at least this many hex digits in a row.
const SECRET_DIGITS: usize = 32;

/// Shown in place of a path segment that looks like a secret.
const MASK: &str = "…";

/// How many levels of encoding are decoded.
const ROUNDS: usize = 4;

/// A path without anything that looks like a secret, wherever it is and however it is encoded.
pub(super) fn masked(path: &str) -> String {
    // A segment can contain an encoded slash, and so a secret as a segment of its own.
    let parts = path.split('/').map(|part| if hides_secret(part) { MASK } else { part });
    parts.collect::<Vec<_>>().join("/")
}

fn hides_secret(part: &str) -> bool {
    let mut plain = Cow::Borrowed(part);
    for _ in 0..ROUNDS {
        if is_secret(&plain) {
            return true;
        }
        let decoded = percent_decode_str(&plain).decode_utf8_lossy().into_owned();
        if decoded == *plain {
            return false;
        }
        plain = Cow::Owned(decoded);
    }
    // Nobody writes a path like that by accident.
    true
}

/// Whether a text contains a link's secret (64 hex digits), a session's key or a token. Ids of
/// submissions have hyphens, and are not secrets.
fn is_secret(text: &str) -> bool {
    let run = text.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
    run >= Some(SECRET_DIGITS) || text.to_ascii_lowercase().contains("fiq_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_by_their_shape() {
        let secret = "0123456789abcdef".repeat(4);
        let hex = hex::encode(&secret);
        let pairs: Vec<&str> = (0..hex.len()).step_by(2).map(|at| &hex[at..at + 2]).collect();
        let encoded = format!("%{}", pairs.join("%"));
        let twice = encoded.replace('%', "%25");
        for (path, wanted) in [
            (format!("/reset/{secret}"), "/reset/…"),
            (format!("//reset/{secret}"), "//reset/…"),
            (format!("/%72eset/{secret}"), "/%72eset/…"),
            (format!("/reset//{secret}/"), "/reset//…/"),
            (format!("/RESET/{}", secret.to_uppercase()), "/RESET/…"),
            (format!("/reset/{encoded}"), "/reset/…"),
            (format!("/reset/{twice}"), "/reset/…"),
            (format!("/reset%2f{secret}"), "/…"),
            (format!("/invites/{secret}."), "/invites/…"),
            (format!("/x/fiq_{}", &secret[..31]), "/x/…"),
            (format!("/{}", "%2525252525252561"), "/…"),
        ] {
            assert_eq!(masked(&path), wanted, "{path}");
        }
    }

    #[test]
    fn other_paths_are_recorded_as_they_are() {
        for path in [
            "/",
            "/c/fashion-iq/test",
            "/c/fiq/submissions/0199f0aa-1f6e-7c3a-9a52-0123456789ab",
            "/assets/style.css",
            "/c/%C3%A9t%C3%A9/x",
            "/c/%ff/x",
        ] {
            assert_eq!(masked(path), path);
        }
    }
}
