//! Text in pictures: escaped, and cut to the room there is.

use std::fmt::Write as _;

/// A text for an element or attribute. What XML can't hold at all is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' | '<' | '>' | '"' | '\'' => {
                // writing to a string can't fail
                let _ = write!(out, "&#{};", u32::from(letter));
            }
            letter if letter.is_control() => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A text of at most a width, with an ellipsis where it was cut. Pictures don't wrap lines.
pub(super) fn fitted(text: &str, size: f64, width: f64) -> String {
    if width_of(text, size) <= width {
        return text.to_owned();
    }
    let mut used = size;
    let fits = |letter: &char| {
        used += width_of_letter(*letter) * size;
        used <= width
    };
    let cut: String = text.chars().take_while(fits).collect();
    // what joins or changes the next letter is nothing without it
    let cut = cut.trim_end_matches(|letter: char| letter == '\u{200d}' || letter.is_whitespace());
    format!("{cut}…")
}

/// The width of a text, about: fonts differ, so wide letters are taken as wide.
pub(super) fn width_of(text: &str, size: f64) -> f64 {
    text.chars().map(width_of_letter).sum::<f64>() * size
}

/// The width of a letter, in ems.
fn width_of_letter(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | '\'' | '|' | ' ' => 0.32,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.92,
        // marks, joiners and variants take no room of their own
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        'A'..='Z' => 0.7,
        // East Asian letters and emoji are squares
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{fdcf}' | '\u{ff00}'..='\u{ffef}' => 1.0,
        '\u{1f000}'.. => 1.3,
        _ => 0.58,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_the_room_ends() {
        assert_eq!(fitted("Team A", 13.0, 100.0), "Team A");
        assert_eq!(fitted("unbrokenunbrokenunbroken", 13.0, 80.0), "unbroken…");
        assert_eq!(fitted("衣服衣服衣服衣服", 10.0, 50.0), "衣服衣服…");
        let family = "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467} and more";
        assert_eq!(fitted(family, 10.0, 30.0), "\u{1f469}…");
    }

    #[test]
    fn markup_is_text_and_control_characters_are_spaces() {
        assert_eq!(
            escaped("<a b=\"c\">&'\n\u{7}\u{ffff}"),
            "&#60;a b=&#34;c&#34;&#62;&#38;&#39;  "
        );
    }
}
