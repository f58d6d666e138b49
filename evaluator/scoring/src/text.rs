//! Prepares strings of an upload for sentences.

/// The most characters of an upload's string that a sentence repeats.
const SHOWN_CHARS: usize = 80;

/// The string cut to 80 characters. Line breaks, invisible characters and marks that change the text
/// direction are escaped.
pub(crate) fn shown(bytes: &[u8]) -> String {
    // A character has at most four bytes, so later bytes are never shown.
    let head = &bytes[..bytes.len().min(4 * SHOWN_CHARS + 4)];
    let text = String::from_utf8_lossy(head);
    let mut out = String::with_capacity(head.len());
    for (i, c) in text.chars().enumerate() {
        if i == SHOWN_CHARS {
            out.push('…');
            break;
        }
        if c.is_control() || invisible(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Like [`shown`], in quotes if they are needed to see where the string starts and ends.
pub(crate) fn visible(bytes: &[u8]) -> String {
    let text = shown(bytes);
    if text.is_empty() || text.contains(char::is_whitespace) { format!("\"{text}\"") } else { text }
}

/// Marks of direction, zero-width characters, separators of lines and paragraphs, tags.
fn invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// `1 query`, `2 queries`.
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A number of bytes for people, in larger units if it is a multiple of one.
pub(crate) fn bytes(n: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    match units.into_iter().find(|(shift, _)| n >= 1 << shift && n.is_multiple_of(1 << shift)) {
        Some((shift, unit)) => format!("{} {unit}", n >> shift),
        None => format!("{n} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_that_would_turn_or_break_the_line_is_escaped_and_cut() {
        assert_eq!(shown(b"B005X4PL1G"), "B005X4PL1G");
        assert_eq!(shown("a\nb\u{202e}c\u{200b}".as_bytes()), "a\\u{a}b\\u{202e}c\\u{200b}");
        assert_eq!(shown(&[b'x', 0xff]), "x\u{fffd}");
        let long = shown("é".repeat(100_000).as_bytes());
        assert_eq!(long.chars().count(), 81);
        assert!(long.ends_with("é…"));
    }

    #[test]
    fn a_space_at_an_end_can_be_seen() {
        assert_eq!(visible(b"B005X4PL1G"), "B005X4PL1G");
        assert_eq!(visible(b"B005X4PL1G "), "\"B005X4PL1G \"");
        assert_eq!(visible(b""), "\"\"");
    }

    #[test]
    fn sizes_are_said_in_whole_units() {
        assert_eq!(bytes(1 << 30), "1 GiB");
        assert_eq!(bytes(1536), "1536 bytes");
        assert_eq!(bytes(64 << 10), "64 KiB");
    }
}
