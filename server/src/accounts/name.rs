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
    if !shows_something(name) {
        return Err(Error::field(field, "shows nothing"));
    }
    Ok(())
}

/// How a name looks: equal for names that look alike. Case, spaces and marks of punctuation are left
/// out, and characters that are drawn alike are one (Unicode Technical Standard 39, section 4).
///
/// Two names are alike in either of two ways: once written in lower case, or as they are drawn. A
/// capital `I` is the `i` of its lower case, and is drawn as an `l`.
#[derive(Debug, Clone)]
pub struct Look([String; 2]);

impl PartialEq for Look {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().any(|way| other.0.contains(way))
    }
}

/// How a name looks.
pub fn look(name: &str) -> Look {
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let drawn = |letters: &str| skeleton(letters).collect::<String>();
    // Capitals of other alphabets are drawn like ours and become lower case otherwise.
    let key = |letters: &str| drawn(&drawn(letters).to_lowercase());
    Look([key(&letters.to_lowercase()), key(&letters)])
}

/// Zero-width, direction-changing and other format characters (Unicode general category Cf), the
/// fillers and vowels that draw nothing, and letters that are drawn blank. Variation selectors are
/// not among them: emoji and names in Chinese characters are written with them.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// A name must show something: variation selectors draw nothing by themselves.
fn shows_something(name: &str) -> bool {
    let selects = |c| matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    name.chars().any(|c| !c.is_whitespace() && !selects(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_deceive_are_refused() {
        for good in ["Atelier", "nine stitches", "Équipe 7", "糸", "葛\u{e0100}", "שם", "❤\u{fe0f}"]
        {
            assert!(check_shown_name("name", good).is_ok(), "{good}");
        }
        let (long, huge) = ("x".repeat(61), "x".repeat(10_000_000));
        for bad in ["", " a", "a\n", "a\u{202e}b", "a\u{200b}", "\u{3164}", &long, &huge] {
            assert!(check_shown_name("name", bad).is_err());
        }
        for blank in ["\u{2800}", "a\u{2800}b", "\u{1d159}", "\u{17b4}", "\u{34f}", "\u{fe0f}"] {
            assert!(check_shown_name("name", blank).is_err(), "{}", blank.escape_unicode());
        }
    }

    #[test]
    fn names_that_look_alike_are_one() {
        for (one, other) in [
            ("Atelier", "atelier"),
            ("Atelier", "Аtelier"),
            ("Atelier", "Ate1ier"),
            ("Atelier", "AteIier"),
            ("ATELIER", "AteIier"),
            ("ATELIER", "atelier"),
            ("Ida", "lda"),
            ("Nine Stitches", "nine-stitches"),
            ("paypal", "раураl"),
        ] {
            assert_eq!(look(one), look(other), "{one} {other}");
        }
        assert_ne!(look("Atelier"), look("Hotelier"));
        assert_ne!(look("Mila"), look("Mlla"));
        assert_ne!(look("糸"), look("布"));
    }
}
