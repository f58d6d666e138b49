//! The secret key of a publication, and what is derived from it.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::output::{Readers, create};
use crate::read::{MOST_BYTES, read_file};
use crate::{Error, Result};

/// The alphabet of aliases and keyed ids, five bits per character: digits and lower-case letters without
/// those that are easily confused (Crockford, "Base 32").
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The 256 secret bits from which a keyed publication is derived.
///
/// Anyone with the key can map everything back, so it is as secret as the targets: it has no `Display`,
/// and its `Debug` doesn't show it.
#[derive(Clone)]
pub struct Key([u8; 32]);

/// The purpose of a digest; no digest has two purposes.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Alias,
    QueryId,
    GalleryOrder,
    QueryOrder,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::QueryId => "query id",
            Self::GalleryOrder => "gallery order",
            Self::QueryOrder => "query order",
        }
    }
}

/// The message of a digest: the parts `split`, `group` and an original id.
pub(super) type Message<'a> = [&'a str; 3];

impl Key {
    /// Creates a key from 256 random bits.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a key from a file: 64 hex digits, optionally with white space around them. Errors never
    /// repeat the file's content.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = read_file(path, MOST_BYTES)?;
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim_ascii(), &mut key).map_err(|_| Error::not_a_key(path))?;
        Ok(Self(key))
    }

    /// Writes the key for [`read`](Self::read), into a file that must not exist yet. On unix only the
    /// owner can read it.
    pub fn write_new(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let line = format!("{}\n", hex::encode(self.0));
        create(path, line.as_bytes(), Readers::Owner).map_err(|e| match e.kind() {
            ErrorKind::AlreadyExists => Error::key_is_there(path),
            _ => Error::io(path)(e),
        })
    }

    /// SHA-256(key, 0, purpose, 0, then each part after its length in 8 bytes, big-endian).
    ///
    /// Plain SHA-256 over a leading key is enough here instead of HMAC. Its weakness is that anyone with
    /// a whole digest can extend the message. But at most 60 bits of these digests are published, or
    /// only their order, and nobody can request a digest of their own. The key's length is fixed and
    /// the parts' lengths are included, so no two messages have the same text.
    pub(super) fn digest(&self, purpose: Purpose, message: Message<'_>) -> [u8; 32] {
        let mut sha = Sha256::new();
        sha.update(self.0);
        sha.update([0]);
        sha.update(purpose.name());
        sha.update([0]);
        for part in message {
            sha.update((part.len() as u64).to_be_bytes());
            sha.update(part);
        }
        sha.finalize().into()
    }

    /// The first characters of a digest, at most 12.
    pub(super) fn name(&self, purpose: Purpose, message: Message<'_>, chars: usize) -> String {
        let digest = self.digest(purpose, message);
        let bits = u64::from_be_bytes(std::array::from_fn(|i| digest[i]));
        let letter = |i| ALPHABET[(bits >> (59 - 5 * i)) as usize & 31] as char;
        (0..chars.min(12)).map(letter).collect()
    }

    /// The indices of `ids` in keyed order.
    ///
    /// The order is by a digest of the *original* ids with its own purpose, so neither the old order nor
    /// the new names reveal anything about the new order.
    pub(super) fn order<'a>(
        &self,
        purpose: Purpose,
        [split, group]: [&str; 2],
        ids: impl Iterator<Item = &'a str>,
    ) -> Vec<usize> {
        let digests: Vec<_> = ids.map(|id| self.digest(purpose, [split, group, id])).collect();
        let mut order: Vec<usize> = (0..digests.len()).collect();
        order.sort_by_key(|&i| digests[i]);
        order
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const KEY: Key = Key::from_bytes([0xa7; 32]);

    #[test]
    fn a_key_is_written_once_for_its_owner_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("publication.key");
        KEY.write_new(&path).unwrap();
        assert_eq!(Key::read(&path).unwrap().0, KEY.0);
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}\n", "a7".repeat(32)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }

        let refused = Key::from_bytes([1; 32]).write_new(&path).unwrap_err().to_string();
        assert!(refused.contains("already exists"), "{refused}");
        assert_eq!(Key::read(&path).unwrap().0, KEY.0, "the first key is still there");
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_repeated() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        for wrong in ["", "a7", &"a7".repeat(31), &"a7".repeat(33), &"a7x".repeat(21), "a7\u{e9}"] {
            fs::write(&path, wrong).unwrap();
            let message = Key::read(&path).unwrap_err().to_string();
            let message = message.replace(&path.display().to_string(), "KEY");
            assert_eq!(message, "KEY: is not a key: expected 64 hex digits");
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        assert_eq!(format!("{KEY:?}"), "Key(not shown)");
    }

    #[test]
    fn the_digest_is_sha_256_over_key_purpose_and_lengths() {
        let mut text = vec![0xa7; 32];
        text.extend(b"\0query order\0");
        text.extend(b"\0\0\0\0\0\0\0\x03val\0\0\0\0\0\0\0\x05dress\0\0\0\0\0\0\0\x0bdress.val.0");
        let expected: [u8; 32] = Sha256::digest(text).into();
        let message = ["val", "dress", "dress.val.0"];
        assert_eq!(KEY.digest(Purpose::QueryOrder, message), expected);
    }

    #[test]
    fn key_purpose_and_every_part_matter() {
        let one = KEY.digest(Purpose::Alias, ["val", "dress", "a"]);
        assert_ne!(one, Key::from_bytes([0xa8; 32]).digest(Purpose::Alias, ["val", "dress", "a"]));
        for other in [Purpose::QueryId, Purpose::GalleryOrder, Purpose::QueryOrder] {
            assert_ne!(one, KEY.digest(other, ["val", "dress", "a"]));
        }
        for other in [["test", "dress", "a"], ["val", "shirt", "a"], ["val", "dress", "b"]] {
            assert_ne!(one, KEY.digest(Purpose::Alias, other));
        }
        assert_ne!(
            KEY.digest(Purpose::Alias, ["val", "a", "bc"]),
            KEY.digest(Purpose::Alias, ["val", "ab", "c"])
        );
    }

    #[test]
    fn a_name_spells_the_digests_first_bits() {
        let message = ["val", "dress", "a"];
        let digest = KEY.digest(Purpose::Alias, message);
        let name = KEY.name(Purpose::Alias, message, 12);
        let mut bits = 0_u64;
        for letter in name.bytes() {
            bits = bits << 5 | ALPHABET.iter().position(|&a| a == letter).unwrap() as u64;
        }
        assert_eq!(bits, u64::from_be_bytes(digest[..8].try_into().unwrap()) >> 4);
        assert_eq!(KEY.name(Purpose::Alias, message, 10), name[..10]);
    }
}
