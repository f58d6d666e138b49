//! What people type, in the one form in which it is compared and kept.

use unicode_normalization::UnicodeNormalization;

/// A name or another short text: composed (NFC), without spaces around it. The same text that is typed
/// on different systems is then the same text.
pub fn typed(text: &str) -> String {
    text.trim().nfc().collect()
}

/// A password as RFC 8265 compares it (`OpaqueString`, section 4.2): composed (NFC), and with any space
/// as the common one. Nothing is taken away from it.
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
