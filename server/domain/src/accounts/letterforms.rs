//! Checks which characters are allowed in text that is shown next to others'.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

use crate::error::{Error, Result};

/// The maximum number of marks on one letter. Written languages need no more, and more would cover
/// the rows above and below.
const MARKS: usize = 5;

const VIRAMA: u8 = 9;
const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';
const BLACK_FLAG: char = '\u{1f3f4}';
const END_OF_TAGS: char = '\u{e007f}';

/// Refuses invisible characters, characters that change the direction of the text, and letters with
/// so many marks that they cover the rows above and below.
pub fn check_characters(field: &str, text: &str) -> Result<()> {
    if hides_something(text) {
        let rule = "contains control, invisible or direction-changing characters";
        return Err(Error::field(field, rule));
    }
    if has_stacked_marks(text) {
        return Err(Error::field(field, format!("has more than {MARKS} marks on one letter")));
    }
    Ok(())
}

/// Whether a text contains characters that are invisible or change the direction of others. Joiners
/// and tags are accepted where scripts and emoji need them.
pub fn hides_something(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    all.iter().enumerate().any(|(at, &c)| match c {
        ZWJ | ZWNJ => !joins(&all[..at], c, &all[at + 1..]),
        '\u{e0020}'..='\u{e007f}' => !is_of_a_flag(&all[..at], &all[at..]),
        _ => c.is_control() || is_invisible(c),
    })
}

/// Whether a script or an emoji needs this joiner (after RFC 5892, appendix A, and Unicode
/// Technical Standard 51, section 2.3). Anywhere else it only makes two names differ invisibly.
fn joins(before: &[char], joiner: char, after: &[char]) -> bool {
    let (Some(&last), Some(&next)) = (before.last(), after.first()) else { return false };
    let base = before.iter().rev().find(|c| !matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'));
    let emoji = joiner == ZWJ && base.is_some_and(|&c| is_pictured(c)) && is_pictured(next);
    let after_virama = canonical_combining_class(last) == VIRAMA;
    emoji || after_virama || (is_of_joined_script(last) && is_of_joined_script(next))
}

fn is_pictured(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}')
}

/// Scripts whose letters change their form next to each other: from Arabic to Mandaic, of India and
/// South-East Asia, Mongolian.
fn is_of_joined_script(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17b3}' | '\u{17b6}'..='\u{17ff}' | '\u{1820}'..='\u{18aa}'
        | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{11000}'..='\u{11fff}')
}

/// Whether a tag is part of a flag such as England's: a black flag, tags and their end.
fn is_of_a_flag(before: &[char], from: &[char]) -> bool {
    let tag = |c: &char| matches!(c, '\u{e0020}'..='\u{e007f}');
    let flag = before.iter().rev().find(|c| !tag(c)) == Some(&BLACK_FLAG);
    flag && from.iter().take_while(|c| tag(c)).last() == Some(&END_OF_TAGS)
}

/// Whether a letter has more marks than written languages need.
fn has_stacked_marks(text: &str) -> bool {
    let mut marks = 0;
    text.nfd().any(|c| {
        let mark = is_combining_mark(c) && !is_selector(c);
        marks = if mark { marks + 1 } else { 0 };
        marks > MARKS
    })
}

/// Variation selectors draw nothing by themselves: they choose the form of the preceding character.
pub(super) fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joiners_are_taken_where_they_are_needed_and_nowhere_else() {
        for good in [
            "\u{1f469}\u{200d}\u{1f52c} lab",
            "\u{1f469}\u{1f3fd}\u{200d}\u{1f52c}",
            "\u{2764}\u{fe0f}\u{200d}\u{1f525}",
            "می\u{200c}روم",
            "क्\u{200d}ष",
            "ක්\u{200d}රී",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        ] {
            assert!(!hides_something(good), "{}", good.escape_unicode());
        }
        for bad in [
            "Ate\u{200d}lier",
            "Ate\u{200c}lier",
            "\u{200d}a",
            "\u{1f469}\u{200d}",
            "\u{1f469}\u{200c}\u{1f52c}",
            "م\u{200c}",
            "م\u{200c}\u{200c}م",
            "糸\u{200d}糸",
            "a\u{e0061}\u{e007f}",
            "\u{1f3f4}\u{e0067}\u{e0062}",
        ] {
            assert!(hides_something(bad), "{}", bad.escape_unicode());
        }
    }

    #[test]
    fn letters_with_marks_are_taken_up_to_what_languages_need() {
        for good in ["Équipe", "Việt", "שָּׁלוֹם", "ผู้ที่", "རྒྱུད", "မြန်မာ", "1\u{fe0f}\u{20e3}"]
        {
            assert!(check_characters("name", good).is_ok(), "{good}");
        }
        for mark in ['\u{300}', '\u{e34}', '\u{20dd}', '\u{488}'] {
            let stacked: String = std::iter::once('Z').chain([mark; 59]).collect();
            assert!(check_characters("name", &stacked).is_err(), "{}", mark.escape_unicode());
        }
        let mixed = "é".to_owned() + &"\u{301}".repeat(5);
        assert!(check_characters("name", &mixed).is_err());
    }
}
