//! Reads files that people name, with a limit on their size.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::{Error, Result};

/// The largest file of a data set that is read.
pub(crate) const MOST_BYTES: u64 = 1 << 30;

/// Reads a regular file of at most `most` bytes. Pipes and devices are refused: some never end, and just
/// opening a pipe can block forever.
pub fn read_file(path: &Path, most: u64) -> Result<Vec<u8>> {
    let about = fs::metadata(path).map_err(Error::io(path))?;
    if !about.is_file() {
        return Err(Error::not_a_file(path, &about));
    }
    if about.len() > most {
        return Err(Error::large_file(path, most));
    }
    let file = File::open(path).map_err(Error::io(path))?;
    let mut bytes = Vec::new();
    // It can grow while it is read.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(Error::io(path))?;
    if bytes.len() as u64 > most {
        return Err(Error::large_file(path, most));
    }
    Ok(bytes)
}

/// Reads a regular file of text, of at most `most` bytes.
pub fn read_text(path: &Path, most: u64) -> Result<String> {
    let bytes = read_file(path, most)?;
    String::from_utf8(bytes).map_err(|_| Error::content(path, "is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(path: &Path, most: u64) -> String {
        read_file(path, most).unwrap_err().to_string()
    }

    #[test]
    fn a_file_of_just_the_most_bytes_is_read_and_one_byte_more_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_file(&path, 5).unwrap(), b"12345");
        assert!(refusal(&path, 4).ends_with("file: has more than 4 bytes, the most that is read"));
        // nothing of this sparse file of 10 GB is read
        File::create(&path).unwrap().set_len(10_000_000_000).unwrap();
        assert!(refusal(&path, 1 << 20).contains("has more than 1048576 bytes"));
    }

    #[cfg(unix)]
    #[test]
    fn pipes_devices_and_folders_are_refused_without_being_opened() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [&pipe, Path::new("/dev/zero")] {
            let told = refusal(path, 1 << 20);
            assert!(told.contains("is a pipe or a device; name a regular file"), "{told}");
        }
        let told = refusal(dir.path(), 1 << 20);
        assert!(told.ends_with("is a folder; name a regular file"), "{told}");
    }

    #[test]
    fn a_file_that_is_not_text_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, b"\xff").unwrap();
        let told = read_text(&path, 5).unwrap_err().to_string();
        assert!(told.ends_with("file: is not UTF-8 text"), "{told}");
    }
}
