//! The encoding of JSON, for data sets and uploads.

/// UTF-8's byte order mark, which is skipped.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes without a UTF-8 byte order mark at their start.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(MARK).unwrap_or(bytes)
}

/// A sentence for JSON that starts like this, if its encoding isn't UTF-8.
pub fn encoding_fault(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [_, 0, 0, 0, ..] | [0, 0, 0, _, ..] => {
            Some("encoded as UTF-32: save it as UTF-8")
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] => {
            Some("encoded as UTF-16: save it as UTF-8")
        }
        _ => None,
    }
}

/// Whether it is git's placeholder for a large file that was not downloaded.
pub fn is_git_lfs_pointer(head: &[u8]) -> bool {
    head.starts_with(b"version https://git-lfs.github.com/spec/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_skipped_once_and_other_encodings_are_named() {
        assert_eq!(without_mark(b"\xef\xbb\xbf[]"), b"[]");
        assert_eq!(without_mark(b"[]"), b"[]");
        assert_eq!(encoding_fault(b"[]"), None);
        assert_eq!(encoding_fault(b"\xef\xbb\xbf[]"), None);
        for (head, name) in
            [(&b"\xff\xfe[\0"[..], "UTF-16"), (b"[\0]\0", "UTF-16"), (b"\0\0\0[", "UTF-32")]
        {
            assert!(encoding_fault(head).unwrap().contains(name), "{head:?}");
        }
    }
}
