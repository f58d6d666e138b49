//! What a file is, told by its first bytes and never by its name.

use std::io::{self, Cursor, Read};

use crate::ProblemKind;

/// How many bytes are looked at; a tar's mark lies at 257.
const HEAD: usize = 512;

/// What a file begins like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Opening {
    Zip,
    Gzip,
    Zstd,
    /// Or at least nothing else: the walker will tell.
    Json,
    /// Something that cannot be read, with the sentence that says what and what to do.
    Foreign(ProblemKind, &'static str),
}

/// A file with its beginning looked at, and a UTF-8 byte order mark taken off.
pub(crate) struct Opened<'a> {
    pub(crate) opening: Opening,
    pub(crate) bytes: Box<dyn Read + 'a>,
}

impl<'a> Opened<'a> {
    pub(crate) fn new(mut bytes: impl Read + 'a) -> io::Result<Self> {
        let mut head = Vec::new();
        bytes.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let opening = Opening::of(&head);
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        Ok(Self { opening, bytes: Box::new(Cursor::new(head).chain(bytes)) })
    }
}

impl Opening {
    /// What a file that begins like this is.
    pub(crate) fn of(head: &[u8]) -> Self {
        let format = |what| Self::Foreign(ProblemKind::UnknownFormat, what);
        let encoding = |what| Self::Foreign(ProblemKind::Encoding, what);
        match head {
            [] => format("the file is empty"),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Self::Zip,
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [0xff, 0xfe, 0, 0, ..]
            | [0, 0, 0xfe, 0xff, ..]
            | [_, 0, 0, 0, ..]
            | [0, 0, 0, _, ..] => encoding("encoded as UTF-32: save it as UTF-8"),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => {
                encoding("encoded as UTF-16: save it as UTF-8")
            }
            [0x80, 2..=5, ..] => {
                format("a Python pickle, which is never opened here: write it with json.dump")
            }
            [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => {
                format("a NumPy array: write the item ids with json.dump")
            }
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => {
                format("packed with xz: use zip, gzip or zstd")
            }
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => {
                format("packed with bzip2: use zip, gzip or zstd")
            }
            [b'7', b'z', 0xbc, 0xaf, ..] => format("a 7z archive: use zip"),
            [b'R', b'a', b'r', b'!', ..] => format("a RAR archive: use zip"),
            [b'%', b'P', b'D', b'F', ..] => format("a PDF, not JSON"),
            [b'P', b'A', b'R', b'1', ..] => format("a Parquet file: write it as JSON"),
            _ if head.get(257..262) == Some(b"ustar") => format("a tar archive: use zip"),
            _ if head.trim_ascii_start().first() == Some(&b'<') => {
                format("begins like a web page: was a page saved instead of the file?")
            }
            _ => Self::Json,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        assert_eq!(Opening::of(b"PK\x05\x06\0\0"), Opening::Zip);
        assert_eq!(Opening::of(b"\x1f\x8b\x08"), Opening::Gzip);
        assert_eq!(Opening::of(b"\x28\xb5\x2f\xfd"), Opening::Zstd);
        assert_eq!(Opening::of(b"\xef\xbb\xbf[]"), Opening::Json);
        for (head, word) in [
            (&b""[..], "empty"),
            (b"[\0{\0", "UTF-16"),
            (b"\xff\xfe[\0", "UTF-16"),
            (b"\xff\xfe\0\0", "UTF-32"),
            (b"\0\0\0[", "UTF-32"),
            (b"\n <!DOCTYPE html>", "web page"),
            (b"\x80\x04\x95", "pickle"),
            (b"\x93NUMPY\x01", "NumPy"),
        ] {
            let Opening::Foreign(_, what) = Opening::of(head) else { panic!("{head:?}") };
            assert!(what.contains(word), "{what}");
        }
    }
}
