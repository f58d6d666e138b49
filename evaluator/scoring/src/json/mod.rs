//! A strict JSON walker over a window. It builds no tree; its caller decides at each value.
//!
//! It accepts what RFC 8259 accepts, with these limits: strings and depth are capped, a number must
//! be finite as a 64-bit float and have at most 512 characters, and escaped surrogates must be in
//! pairs. It needs memory for the window and one string.

mod bytes;
mod scalars;

use bytes::{is_space, plain};

use crate::Limits;
use crate::text;
use crate::window::{Fault, Position, Window};

/// Why reading a file stopped before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Not JSON.
    Broken { at: Position, expected: String, found: String },
    /// A string that is not UTF-8.
    Encoding { at: Position },
    /// A string or number beyond its cap.
    TooLong { at: Position, what: String },
    /// Containers beyond the cap on depth.
    TooDeep { at: Position, cap: usize },
    /// More of something than any valid upload contains.
    Endless { at: Position, what: String },
    /// No more bytes come.
    Fault(Fault),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The kind of the next value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

impl Kind {
    /// Its name with an article, for sentences.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "a boolean",
            Self::Null => "null",
        }
    }
}

/// Takes the elements of an array of strings.
pub(crate) trait Strings {
    /// Takes these bytes, which a quote ends, if they are certainly a whole string, such as a known id
    /// without quotes and escapes. Otherwise leaves them; they come again after careful reading.
    fn guess(&mut self, raw: &[u8]) -> bool;
    /// Takes an unescaped string, valid UTF-8.
    fn string(&mut self, string: &[u8]);
    /// Called for an element that is not a string.
    fn other(&mut self, kind: Kind);
    /// Whether it wants no more elements.
    fn is_full(&self) -> bool;
}

/// A walker over one file.
pub(crate) struct Json<'a> {
    window: Window<'a>,
    /// A string that has escapes or crosses the window's edge; a number.
    scratch: Vec<u8>,
    string_cap: usize,
    depth_cap: usize,
    depth: usize,
    /// How many more values may be skipped.
    skips_left: u64,
    /// The containers around the value being skipped; true for objects.
    around: Vec<bool>,
}

impl<'a> Json<'a> {
    /// A walker over a window that skips at most this many values.
    pub(crate) fn new(window: Window<'a>, limits: &Limits, most_skipped: u64) -> Self {
        Self {
            window,
            scratch: Vec::new(),
            string_cap: limits.string_bytes,
            depth_cap: limits.depth,
            depth: 0,
            skips_left: most_skipped,
            around: Vec::new(),
        }
    }

    /// The place of the next byte.
    pub(crate) fn position(&mut self) -> Position {
        self.window.position()
    }

    /// Reads to the end of the file, whatever it contains.
    pub(crate) fn drain(&mut self) -> Result<(), Fault> {
        self.window.drain()
    }

    /// The kind of the next value, whose bytes are not taken.
    pub(crate) fn kind(&mut self) -> Result<Kind, Stop> {
        match self.next_byte()? {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::String),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// Takes the `[` or `{` that [`kind`](Self::kind) has seen.
    pub(crate) fn enter(&mut self) -> Result<(), Stop> {
        if self.depth == self.depth_cap {
            return Err(Stop::TooDeep { at: self.position(), cap: self.depth_cap });
        }
        self.depth += 1;
        self.window.take(1);
        Ok(())
    }

    /// Steps to an array's next element; false once its `]` is taken.
    pub(crate) fn next_element(&mut self, first: bool) -> Result<bool, Stop> {
        match self.next_byte()? {
            Some(b']') => {
                self.window.take(1);
                self.depth -= 1;
                Ok(false)
            }
            Some(b',') if !first => {
                self.window.take(1);
                Ok(true)
            }
            _ if first => Ok(true),
            _ => Err(self.unexpected("`,` or `]`")),
        }
    }

    /// Steps over an object's next key and its colon, and returns what `read` makes of the key; none
    /// when its `}` is taken.
    pub(crate) fn next_key<T>(
        &mut self,
        first: bool,
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<T>, Stop> {
        match self.next_byte()? {
            Some(b'}') => {
                self.window.take(1);
                self.depth -= 1;
                return Ok(None);
            }
            Some(b',') if !first => {
                self.window.take(1);
                if self.next_byte()? != Some(b'"') {
                    return Err(self.unexpected("a key in double quotes"));
                }
            }
            Some(b'"') if first => {}
            _ if first => return Err(self.unexpected("a key in double quotes or `}`")),
            _ => return Err(self.unexpected("`,` or `}`")),
        }
        let key = self.string(read)?;
        if self.next_byte()? != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.window.take(1);
        Ok(Some(key))
    }

    /// Takes the string that [`kind`](Self::kind) has seen, and returns what `read` makes of it.
    #[inline]
    pub(crate) fn string<T>(&mut self, read: impl FnOnce(&[u8]) -> T) -> Result<T, Stop> {
        let body = &self.window.rest()[1..];
        let n = plain(body);
        if body.get(n) == Some(&b'"') && n <= self.string_cap {
            let value = read(&body[..n]);
            self.window.take(n + 2);
            return Ok(value);
        }
        self.hard_string()?;
        Ok(read(&self.scratch))
    }

    /// Takes an array, which `kind` has seen, and passes its elements on; false if it has more of them
    /// than are wanted, and the rest was not read.
    pub(crate) fn strings(&mut self, strings: &mut impl Strings) -> Result<bool, Stop> {
        self.enter()?;
        let mut more = self.next_element(true)?;
        while more {
            if strings.is_full() {
                return Ok(false);
            }
            match self.kind()? {
                Kind::String => {
                    let bytes = self.string(|string| {
                        strings.string(string);
                        string.len()
                    })?;
                    self.alike(bytes, strings);
                }
                other => {
                    self.skip()?;
                    strings.other(other);
                }
            }
            more = self.next_element(false)?;
        }
        Ok(true)
    }

    /// Takes an array of ids, which `kind` has seen, as [`strings`](Self::strings) does; an id is a
    /// string or an integer, which is passed on as it is written.
    pub(crate) fn ids(&mut self, ids: &mut impl Strings) -> Result<bool, Stop> {
        self.enter()?;
        let mut more = self.next_element(true)?;
        while more {
            if ids.is_full() {
                return Ok(false);
            }
            match self.kind()? {
                Kind::String => self.string(|id| ids.string(id))?,
                Kind::Number if self.take_digits(ids) => {}
                Kind::Number => {
                    self.number()?;
                    ids.string(&self.scratch);
                }
                other => {
                    self.skip()?;
                    ids.other(other);
                }
            }
            more = self.next_element(false)?;
        }
        Ok(true)
    }

    /// Takes an integer that is completely in the window; anything else is read carefully.
    #[inline]
    fn take_digits(&mut self, ids: &mut impl Strings) -> bool {
        const MOST: usize = 20;
        let rest = self.window.rest();
        let n = rest.iter().take(MOST).take_while(|b| b.is_ascii_digit()).count();
        let ends = rest.get(n).is_some_and(|&b| matches!(b, b',' | b']') || is_space(b));
        if !ends || n == 0 || (n > 1 && rest[0] == b'0') {
            return false;
        }
        ids.string(&rest[..n]);
        self.window.take(n);
        true
    }

    /// Takes the following elements in the window while each has as many bytes as the one before and
    /// the guess is accepted. Ids have one length in practice, so nearly all time is spent here;
    /// anything else is read carefully.
    #[inline]
    fn alike(&mut self, bytes: usize, strings: &mut impl Strings) {
        let rest = self.window.rest();
        let mut taken = 0;
        loop {
            let mut at = taken;
            if rest.get(at) != Some(&b',') {
                break;
            }
            at += 1;
            while rest.get(at).is_some_and(|&b| is_space(b)) {
                at += 1;
            }
            let Some(quoted) = rest.get(at..at + bytes + 2) else { break };
            let (string, end) = (&quoted[1..=bytes], quoted[bytes + 1]);
            if quoted[0] != b'"' || end != b'"' || !strings.guess(string) {
                break;
            }
            taken = at + bytes + 2;
        }
        self.window.take(taken);
    }

    /// Takes the next value, whatever it is.
    pub(crate) fn skip(&mut self) -> Result<(), Stop> {
        self.around.clear();
        loop {
            self.skips_left = match self.skips_left.checked_sub(1) {
                Some(left) => left,
                None => return Err(self.too_many_skipped()),
            };
            match self.kind()? {
                Kind::Array => {
                    self.enter()?;
                    if self.next_element(true)? {
                        self.around.push(false);
                        continue;
                    }
                }
                Kind::Object => {
                    self.enter()?;
                    if self.next_key(true, |_| ())?.is_some() {
                        self.around.push(true);
                        continue;
                    }
                }
                Kind::String => self.string(|_| ())?,
                Kind::Number => self.number()?,
                Kind::Bool | Kind::Null => self.literal()?,
            }
            // A value ends, and possibly some of the containers around it.
            loop {
                let more = match self.around.last() {
                    None => return Ok(()),
                    Some(false) => self.next_element(false)?,
                    Some(true) => self.next_key(false, |_| ())?.is_some(),
                };
                if more {
                    break;
                }
                self.around.pop();
            }
        }
    }

    /// Ensures that only white space follows.
    pub(crate) fn end(&mut self) -> Result<(), Stop> {
        match self.next_byte()? {
            None => Ok(()),
            Some(_) => Err(self.unexpected("the end of the file")),
        }
    }

    /// Takes space; the byte after it is not taken.
    #[inline]
    fn next_byte(&mut self) -> Result<Option<u8>, Stop> {
        loop {
            let rest = self.window.rest();
            let space = rest.iter().position(|&b| !is_space(b));
            if let Some(n) = space {
                let byte = rest[n];
                self.window.take(n);
                return Ok(Some(byte));
            }
            let n = rest.len();
            self.window.take(n);
            if !self.window.fill()? {
                return Ok(None);
            }
        }
    }

    #[cold]
    fn too_many_skipped(&mut self) -> Stop {
        let what = "too many values that are not part of the format".to_owned();
        Stop::Endless { at: self.position(), what }
    }

    /// Reports what was found here instead of what was expected. The walk ends after that.
    #[cold]
    fn unexpected(&mut self, expected: &str) -> Stop {
        let at = self.position();
        let found = match self.window.peek() {
            Err(fault) => return Stop::Fault(fault),
            Ok(None) => "the end of the file".to_owned(),
            Ok(Some(byte)) if byte.is_ascii_alphanumeric() => quoted(&self.word()),
            Ok(Some(byte)) if byte.is_ascii_graphic() => quoted(&[byte]),
            Ok(Some(byte)) => format!("byte 0x{byte:02x}"),
        };
        Stop::Broken { at, expected: expected.to_owned(), found }
    }
}

fn quoted(word: &[u8]) -> String {
    format!("`{}`", text::shown(word))
}

/// Whether a string is written in JSON without escapes, so that its bytes between quotes are the string.
pub(crate) fn stands_as_it_is(string: &str) -> bool {
    !string.bytes().any(|b| b == b'"' || b == b'\\' || b < b' ')
}
