//! Detects a file's format from its first bytes, never from its name.

use std::io::{self, Cursor, Read};

use dataset::{encoding_fault, is_git_lfs_pointer, without_mark};

use crate::ProblemKind;

/// How many bytes are examined; the magic number of a tar is at 257.
const HEAD: usize = 512;

/// The format that a file's first bytes suggest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Opening {
    Zip,
    Gzip,
    Zstd,
    /// Or at least nothing else; the walker finds out.
    Json,
    /// A format that cannot be read, with a sentence that says which and what to do.
    Foreign(ProblemKind, &'static str),
}

/// A file whose format is detected, without a UTF-8 byte order mark.
pub(crate) struct Opened<'a> {
    pub(crate) opening: Opening,
    pub(crate) bytes: Box<dyn Read + 'a>,
}

impl<'a> Opened<'a> {
    pub(crate) fn new(mut bytes: impl Read + 'a) -> io::Result<Self> {
        let mut head = Vec::new();
        bytes.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let opening = Opening::of(&head);
        let mark = head.len() - without_mark(&head).len();
        head.drain(..mark);
        Ok(Self { opening, bytes: Box::new(Cursor::new(head).chain(bytes)) })
    }
}

impl Opening {
    /// The format of a file that starts with these bytes, of which only the first are examined.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let head = &bytes[..bytes.len().min(HEAD)];
        let format = |what| Self::Foreign(ProblemKind::UnknownFormat, what);
        if !is_packed(head)
            && let Some(what) = encoding_fault(head)
        {
            return Self::Foreign(ProblemKind::Encoding, what);
        }
        match head {
            [] => format("the file is empty"),
            _ if is_git_lfs_pointer(head) => Self::Foreign(
                ProblemKind::GitLfsPointer,
                "a git-lfs pointer, not the file itself: run `git lfs pull` and pack it again",
            ),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Self::Zip,
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstd,
            [0x80, 2..=5, ..] => {
                format("a Python pickle, which is not supported: write it with json.dump")
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
                format("starts like a web page: was a page saved instead of the file?")
            }
            _ => table(head).map_or(Self::Json, |what| Self::Foreign(ProblemKind::NotARun, what)),
        }
    }
}

/// Whether a file starts like a container whose first bytes may look like another encoding.
fn is_packed(head: &[u8]) -> bool {
    head.starts_with(b"PK") || head.starts_with(&[0x1f, 0x8b]) || head.starts_with(&[0x28, 0xb5])
}

/// What kind of table a file is according to its first line, if it is one.
fn table(head: &[u8]) -> Option<&'static str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let line = head.split(|b| matches!(b, b'\n' | b'\r')).next().unwrap_or_default();
    if line.first().is_none_or(|b| matches!(b, b'{' | b'[')) {
        return None;
    }
    let words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    if words.clone().count() == 6 && words.clone().nth(1).is_some_and(|w| w == b"Q0") {
        return Some("a TREC run, not JSON");
    }
    let after_first = match line.strip_prefix(b"\"") {
        Some(quoted) => quoted.split(|b| *b == b'"').nth(1).unwrap_or_default(),
        None => line,
    };
    match () {
        () if after_first.contains(&b'\t') => Some("a table of columns, not JSON"),
        () if after_first.contains(&b',') => Some("a CSV table, not JSON"),
        () => None,
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
        for json in [&b"\xef\xbb\xbf[]"[..], b"\"a, b\"", b"12", b"null", b"[1,2]"] {
            assert_eq!(Opening::of(json), Opening::Json);
        }
        for (head, word) in [
            (&b""[..], "empty"),
            (b"[\0{\0", "UTF-16"),
            (b"\xff\xfe[\0", "UTF-16"),
            (b"\xff\xfe\0\0", "UTF-32"),
            (b"\0\0\0[", "UTF-32"),
            (b"\n <!DOCTYPE html>", "web page"),
            (b"\x80\x04\x95", "pickle"),
            (b"\x93NUMPY\x01", "NumPy"),
            (b"version https://git-lfs.github.com/spec/v1\noid", "git lfs pull"),
            (b"query,item\n", "CSV"),
            (b"\"query\",\"item\"\n", "CSV"),
            (b"q1 Q0 d1 1 0.5 me\n", "TREC"),
            (b"1\tB000\t0.5\n", "columns"),
        ] {
            let Opening::Foreign(_, what) = Opening::of(head) else { panic!("{head:?}") };
            assert!(what.contains(word), "{what}");
        }
    }
}
