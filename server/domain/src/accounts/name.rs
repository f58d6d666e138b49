//! Names that are shown next to others'.

use unicode_security::skeleton;

use super::letterforms::{check_characters, is_selector};
use super::typed;
use crate::error::{Error, Result};

/// The longest name, in characters.
pub const NAME_LENGTH: usize = 60;

/// A name as typed, checked for display next to others': no invisible characters, none that change
/// the direction of the text, none that cover the rows around it.
pub fn shown_name(field: &str, name: &str) -> Result<String> {
    // Only the beginning is normalised: normalising can make a text longer.
    let begin: String = name.trim().chars().take(NAME_LENGTH * 4).collect();
    let name = typed(&begin);
    let length = name.chars().count();
    if length == 0 {
        return Err(Error::field(field, "is empty"));
    }
    if length > NAME_LENGTH {
        return Err(Error::field(field, format!("is longer than {NAME_LENGTH} characters")));
    }
    check_characters(field, &name)?;
    if !shows_something(&name) {
        return Err(Error::field(field, "has no visible characters"));
    }
    Ok(name)
}

/// How a name looks: equal for names that look alike. Case, spaces and marks between words are
/// ignored, and characters that look alike are equal (Unicode Technical Standard 39, section 4).
/// Signs and emoji count: `C#` is not `C`.
///
/// Two names are alike if they are alike in lower case, or as drawn. A capital `I` is the `i` of
/// its lower case, and is drawn as an `l`.
#[derive(Debug, Clone)]
pub struct Look([String; 2]);

impl PartialEq for Look {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().any(|way| other.0.contains(way))
    }
}

/// How a name looks.
pub fn look(name: &str) -> Look {
    let name = typed(name);
    let seen = name.chars().filter(|c| !is_unseen(*c)).map(drawn_tag);
    let mut letters: String = seen.clone().filter(|c| !is_between_words(*c)).collect();
    if letters.is_empty() {
        letters = seen.collect();
    }
    let drawn = |letters: &str| skeleton(letters).collect::<String>();
    // Capitals of other alphabets look like ours but have different lower-case forms.
    let key = |letters: &str| drawn(&drawn(letters).to_lowercase());
    Look([key(&letters.to_lowercase()), key(&letters)])
}

/// Characters that can be between the parts of a name, or left out, without making it a different
/// name.
fn is_between_words(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '_'
                | '.'
                | ','
                | ':'
                | ';'
                | '\''
                | '"'
                | '`'
                | '´'
                | '·'
                | '•'
                | '־'
                | '’'
                | '‘'
                | '‚'
                | '“'
                | '”'
                | '„'
                | '«'
                | '»'
                | '‹'
                | '›'
                | '…'
                | '。'
                | '、'
                | '・'
                | '\u{2010}'
                ..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
        )
}

/// The tag letters of a flag draw nothing by themselves, so the skeleton leaves them out; here they
/// distinguish one flag from another.
fn drawn_tag(c: char) -> char {
    match c {
        '\u{e0020}'..='\u{e007f}' => char::from_u32(u32::from(c) + 0x1_0000).unwrap_or(c),
        _ => c,
    }
}

/// Joiners and variation selectors, which change how others are drawn.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}') || is_selector(c)
}

/// Whether a name has anything visible: variation selectors draw nothing by themselves.
fn shows_something(name: &str) -> bool {
    name.chars().any(|c| !c.is_whitespace() && !is_unseen(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_deceive_are_refused() {
        for good in ["Atelier", "nine stitches", "Équipe 7", "糸", "葛\u{e0100}", "שם", "❤\u{fe0f}"]
        {
            assert_eq!(shown_name("name", &format!(" {good}\n")).unwrap(), good);
        }
        let (long, huge) = ("x".repeat(61), "x".repeat(10_000_000));
        for bad in ["", " ", "a\nb", "a\u{202e}b", "a\u{200b}", "\u{3164}", &long, &huge] {
            assert!(shown_name("name", bad).is_err());
        }
        for blank in ["\u{2800}", "a\u{2800}b", "\u{1d159}", "\u{17b4}", "\u{34f}", "\u{fe0f}"] {
            assert!(shown_name("name", blank).is_err(), "{}", blank.escape_unicode());
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
            ("E\u{301}quipe", "Équipe"),
            ("C++", "c ++"),
            ("\u{2764}", "\u{2764}\u{fe0f}"),
            ("O'Neill", "O’Neill"),
        ] {
            assert_eq!(look(one), look(other), "{one} {other}");
        }
        assert_ne!(look("Atelier"), look("Hotelier"));
        assert_ne!(look("Mila"), look("Mlla"));
        assert_ne!(look("糸"), look("布"));
    }

    #[test]
    fn names_of_signs_and_emoji_are_their_own() {
        let all = [
            "\u{1f680}",
            "\u{1f525}",
            "+++",
            "???",
            "---",
            "...",
            "Team \u{1f680}",
            "Team \u{1f525}",
            "Team",
            "C",
            "C++",
            "C#",
            "Equipe",
            "Équipe",
            "می\u{200c}روم",
            "\u{1f469}\u{200d}\u{1f52c} lab",
            "lab",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
        ];
        for (n, one) in all.iter().enumerate() {
            assert!(shown_name("name", one).is_ok(), "{one}");
            for other in &all[n + 1..] {
                assert_ne!(look(one), look(other), "{one} {other}");
            }
        }
    }
}
