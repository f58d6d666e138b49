//! The walker's methods for numbers, words, and strings that need careful reading.

use super::{Json, Stop, quoted};
use crate::text;
use crate::window::Position;

/// The longest number, in characters.
const NUMBER_CHARS: usize = 512;

impl Json<'_> {
    /// Takes a string that has escapes, is not ASCII, crosses the window's edge or is broken, and
    /// leaves it in `scratch`.
    #[cold]
    pub(super) fn hard_string(&mut self) -> Result<(), Stop> {
        let start = self.position();
        self.window.take(1);
        self.scratch.clear();
        loop {
            if !self.window.fill()? {
                return Err(self.unexpected("`\"` at the end of the string"));
            }
            let rest = self.window.rest();
            let n = rest.iter().position(|&b| b == b'"' || b == b'\\' || b < b' ');
            let ordinary = &rest[..n.unwrap_or(rest.len())];
            if self.scratch.len() + ordinary.len() > self.string_cap {
                return Err(self.long_string(start));
            }
            self.scratch.extend_from_slice(ordinary);
            let ordinary = ordinary.len();
            let special = n.map(|n| rest[n]);
            self.window.take(ordinary);
            match special {
                None => {}
                Some(b'"') => {
                    self.window.take(1);
                    break;
                }
                Some(b'\\') => {
                    self.window.take(1);
                    let c = self.escape()?;
                    if self.scratch.len() + c.len_utf8() > self.string_cap {
                        return Err(self.long_string(start));
                    }
                    self.scratch.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(_) => return Err(self.unexpected("an escape such as `\\n`")),
            }
        }
        match std::str::from_utf8(&self.scratch) {
            Ok(_) => Ok(()),
            Err(_) => Err(Stop::Encoding { at: start }),
        }
    }

    fn long_string(&self, start: Position) -> Stop {
        let cap = text::bytes(self.string_cap as u64);
        Stop::TooLong { at: start, what: format!("a string of more than {cap}") }
    }

    /// Takes what follows a backslash.
    fn escape(&mut self) -> Result<char, Stop> {
        let c = match self.window.peek()? {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.window.take(1);
                return self.unicode();
            }
            _ => return Err(self.unexpected("one of \" \\ / b f n r t u after a backslash")),
        };
        self.window.take(1);
        Ok(c)
    }

    /// Takes the digits after `\u`, and the second half of a surrogate pair.
    fn unicode(&mut self) -> Result<char, Stop> {
        const SECOND: &str = "the second half of a surrogate pair, `\\udc00` to `\\udfff`";
        let first = self.hex()?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        if !(0xd800..0xdc00).contains(&first) {
            return Err(self.unexpected("the first half of a surrogate pair before its second"));
        }
        for byte in [b'\\', b'u'] {
            if self.window.peek()? != Some(byte) {
                return Err(self.unexpected(SECOND));
            }
            self.window.take(1);
        }
        let second = self.hex()?;
        let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400);
        let pair = low.and_then(|low| char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low));
        pair.ok_or_else(|| self.unexpected(SECOND))
    }

    fn hex(&mut self) -> Result<u32, Stop> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.window.peek()?.and_then(|b| char::from(b).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.unexpected("four hexadecimal digits after `\\u`"));
            };
            self.window.take(1);
            value = value << 4 | digit;
        }
        Ok(value)
    }

    /// Takes a number and checks that it is finite.
    pub(super) fn number(&mut self) -> Result<(), Stop> {
        let start = self.position();
        self.scratch.clear();
        if self.window.peek()? == Some(b'-') {
            self.digit(start)?;
        }
        match self.window.peek()? {
            Some(b'0') => self.digit(start)?,
            Some(b'1'..=b'9') => self.digits(start)?,
            _ => return Err(self.unexpected("a digit")),
        }
        if self.window.peek()? == Some(b'.') {
            self.digit(start)?;
            self.digits(start)?;
        }
        if matches!(self.window.peek()?, Some(b'e' | b'E')) {
            self.digit(start)?;
            if matches!(self.window.peek()?, Some(b'+' | b'-')) {
                self.digit(start)?;
            }
            self.digits(start)?;
        }
        let number = std::str::from_utf8(&self.scratch).ok().and_then(|n| n.parse::<f64>().ok());
        if number.is_some_and(f64::is_finite) {
            return Ok(());
        }
        let found = format!("`{}`", text::shown(&self.scratch));
        Err(Stop::Broken { at: start, expected: "a number below 1.8e308".to_owned(), found })
    }

    /// Takes one or more digits.
    fn digits(&mut self, start: Position) -> Result<(), Stop> {
        if !self.window.peek()?.is_some_and(|b| b.is_ascii_digit()) {
            return Err(self.unexpected("a digit"));
        }
        while self.window.peek()?.is_some_and(|b| b.is_ascii_digit()) {
            self.digit(start)?;
        }
        Ok(())
    }

    /// Takes one character of a number.
    fn digit(&mut self, start: Position) -> Result<(), Stop> {
        if self.scratch.len() == NUMBER_CHARS {
            let what = format!("a number of more than {NUMBER_CHARS} characters");
            return Err(Stop::TooLong { at: start, what });
        }
        self.scratch.push(self.window.rest()[0]);
        self.window.take(1);
        Ok(())
    }

    /// Takes `true`, `false` or `null`.
    pub(super) fn literal(&mut self) -> Result<(), Stop> {
        let at = self.position();
        let word = self.word();
        if matches!(word.as_slice(), b"true" | b"false" | b"null") {
            return Ok(());
        }
        Err(Stop::Broken { at, expected: "a value".to_owned(), found: quoted(&word) })
    }

    /// Takes a word of at most 20 letters and digits.
    pub(super) fn word(&mut self) -> Vec<u8> {
        let mut word = Vec::new();
        while let Ok(Some(byte)) = self.window.peek() {
            if word.len() == 20 || !byte.is_ascii_alphanumeric() {
                break;
            }
            word.push(byte);
            self.window.take(1);
        }
        word
    }
}
