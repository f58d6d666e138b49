//! Normalises typed text, for comparing and storing.

use unicode_normalization::UnicodeNormalization;

/// A name or another short text: composed (NFC), without spaces around it. The same text typed on
/// different systems is then equal.
pub fn typed(text: &str) -> String {
    text.trim().nfc().collect()
}

/// A password as RFC 8265 compares it (`OpaqueString`, section 4.2): composed (NFC), and with any
/// kind of space as an ordinary one. Nothing is removed.
pub(super) fn typed_password(password: &str) -> String {
    let space = |c: char| if c.is_whitespace() && !c.is_ascii() { ' ' } else { c };
    password.chars().map(space).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_typed_differently_are_one() {
        assert_eq!(typed(" E\u{301}quipe\u{a0}"), "Équipe");
        assert_eq!(typed("Équipe"), "Équipe");
        assert_eq!(typed_password(" schlu\u{308}ssel\u{a0}bund "), " schlüssel bund ");
        assert_eq!(typed_password("ＡＢ"), "ＡＢ", "width is kept");
    }
}
