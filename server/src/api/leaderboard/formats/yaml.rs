//! Text in YAML.

use std::fmt::Write as _;

/// Text as a double-quoted YAML scalar on one line (YAML 1.2, 7.3.1), whatever is in it: colons, quotes
/// and line breaks have no meaning there, and what YAML doesn't count as printable is escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_plain(c) => out.push(c),
            c => {
                let code = u32::from(c);
                // Writing into a string can't fail.
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
    out
}

/// Whether a character is printable and neither a line break nor a mark of the encoding.
fn is_plain(c: char) -> bool {
    match c {
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' => true,
        c => c >= '\u{10000}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yaml_would_read_as_something_else_stays_text() {
        for (text, wanted) in [
            ("yes", r#""yes""#),
            ("a: b # no comment", r#""a: b # no comment""#),
            ("- 'one' \"two\" \\", r#""- 'one' \"two\" \\""#),
            ("two\r\nlines\t", r#""two\r\nlines\t""#),
            ("Équipe 工房 🧵", "\"Équipe 工房 🧵\""),
            ("\u{0}\u{7f}\u{85}\u{2028}\u{feff}", r#""\x00\x7f\x85\u2028\ufeff""#),
            ("\u{ffff}", r#""\uffff""#),
        ] {
            assert_eq!(quoted(text), wanted, "{text:?}");
        }
    }
}
