//! Writes the entries of a backup, with a checksum for each.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::CHECKSUMS;
use crate::error::{Error, Result};
use crate::private;

/// A backup that is being written. Until it is finished it has another name, and it is removed if it never is.
pub(super) struct Writing {
    tar: Builder<BufWriter<File>>,
    checksums: String,
    part: PathBuf,
    done: bool,
}

impl Writing {
    /// Begins a file that only its owner can read.
    pub(super) fn begin(to: &Path) -> Result<Self> {
        let mut part = to.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let failed = |e| Error::io(&format!("write {}", part.display()), e);
        private::create_file(&part).map_err(failed)?;
        let file = OpenOptions::new().write(true).truncate(true).open(&part).map_err(failed)?;
        let tar = Builder::new(BufWriter::new(file));
        Ok(Self { tar, checksums: String::new(), part, done: false })
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.stream(name, bytes.len() as u64, bytes)
    }

    /// Adds a file.
    pub(super) fn add_file(&mut self, name: &str, file: &Path) -> Result<()> {
        let failed = |e| Error::io(&format!("read {}", file.display()), e);
        let opened = File::open(file).map_err(failed)?;
        let size = opened.metadata().map_err(failed)?.len();
        self.stream(name, size, opened)
    }

    fn stream(&mut self, name: &str, size: u64, from: impl Read) -> Result<()> {
        let failed = |e| Error::io(&format!("write {name} into the backup"), e);
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o600);
        header.set_size(size);
        header.set_mtime(0);
        // A file that shrinks meanwhile must not shift the entries after it.
        let mut exactly = Exactly { from, left: size, sha: Sha256::new() };
        self.tar.append_data(&mut header, name, &mut exactly).map_err(failed)?;
        if exactly.left > 0 {
            return Err(Error::unusable(format!("{name} changed while it was read; try again")));
        }
        let digest = hex::encode(exactly.sha.finalize());
        let _ = writeln!(self.checksums, "{digest}  {name}");
        Ok(())
    }

    /// Adds the checksums, waits until everything is on the disk, and gives the file its name.
    pub(super) fn finish(mut self, to: &Path) -> Result<()> {
        let failed = |e: io::Error| Error::io(&format!("write {}", to.display()), e);
        let checksums = std::mem::take(&mut self.checksums);
        self.add(CHECKSUMS, checksums.as_bytes())?;
        self.tar.finish().map_err(failed)?;
        let writer = self.tar.get_mut();
        writer.flush().and_then(|()| writer.get_ref().sync_all()).map_err(failed)?;
        fs::rename(&self.part, to).map_err(failed)?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_file(&self.part);
        }
    }
}

/// Reads at most so many bytes, and hashes them.
struct Exactly<R> {
    from: R,
    left: u64,
    sha: Sha256,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.from.read(&mut buffer[..most])?;
        self.left -= read as u64;
        self.sha.update(&buffer[..read]);
        Ok(read)
    }
}
