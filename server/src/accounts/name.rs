//! Names that are shown beside others'.

use unicode_security::skeleton;

use crate::error::{Error, Result};

/// The longest name, in characters.
pub const NAME_LENGTH: usize = 60;

/// Names are shown beside others' on a public page: no invisible characters, none that change the
/// direction of what follows.
pub fn check_shown_name(field: &str, name: &str) -> Result<()> {
    // Counted no further than it matters.
    let length = name.chars().take(NAME_LENGTH + 1).count();
    if length == 0 {
        return Err(Error::field(field, "is empty"));
    }
    if length > NAME_LENGTH {
        return Err(Error::field(field, format!("is longer than {NAME_LENGTH} characters")));
    }
    if name.trim() != name {
        return Err(Error::field(field, "begins or ends with a space"));
    }
    if name.chars().any(|c| c.is_control() || is_invisible(c)) {
        let rule = "holds control, invisible or direction-changing characters";
        return Err(Error::field(field, rule));
    }
    Ok(())
}

/// What is equal for names that look alike: case, spaces and marks of punctuation are left out, and
/// characters that are drawn alike are one (Unicode Technical Standard 39, section 4).
pub fn look(name: &str) -> String {
    let letters: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let drawn: String = skeleton(&letters).collect();
    // Capitals of other alphabets are drawn like ours and become lower case otherwise.
    skeleton(&drawn.to_lowercase()).collect()
}

/// Zero-width, direction-changing and other format characters (Unicode general category Cf, and the
/// fillers that draw nothing).
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_deceive_are_refused() {
        for good in ["Atelier", "nine stitches", "Équipe 7", "糸", "שם"] {
            assert!(check_shown_name("name", good).is_ok(), "{good}");
        }
        let (long, huge) = ("x".repeat(61), "x".repeat(10_000_000));
        for bad in ["", " a", "a\n", "a\u{202e}b", "a\u{200b}", "\u{3164}", &long, &huge] {
            assert!(check_shown_name("name", bad).is_err());
        }
    }

    #[test]
    fn names_that_look_alike_are_one() {
        for (one, other) in [
            ("Atelier", "atelier"),
            ("Atelier", "Аtelier"),
            ("Atelier", "Ate1ier"),
            ("Nine Stitches", "nine-stitches"),
            ("paypal", "раураl"),
        ] {
            assert_eq!(look(one), look(other), "{one} {other}");
        }
        assert_ne!(look("Atelier"), look("Hotelier"));
        assert_ne!(look("糸"), look("布"));
    }
}
