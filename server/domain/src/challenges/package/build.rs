//! Builds a package in its folder: the zip, the separate files, and their list.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use dataset::PublishedFiles;
use scoring::ZipWriter;
use sha2::{Digest, Sha256};

use super::{ARCHIVE, DataFile, LIST, List, Package, PictureCount};
use crate::error::{Error, Result};
use crate::private;
use crate::storage::room;

/// Increased whenever the same data would be written differently.
const FORMAT: u32 = 1;

/// The checksums of all files of an archive, as `sha256sum` writes and checks them.
const CHECKSUMS: &str = "SHA256SUMS";

/// The package of some files in the folder of all packages: the existing one, or a new one.
///
/// If several processes ask at once, one builds it and the others wait. It gets its name when it is
/// complete, so a killed process leaves no partial package.
pub(super) fn find_or_make(
    home: &Path,
    benchmark: i32,
    files: &PublishedFiles<'_>,
    spare_bytes: u64,
) -> Result<Package> {
    let failed = |e: io::Error| Error::io("prepare a download", e);
    private::create_folder(home).map_err(failed)?;
    let lock = home.join(".lock");
    private::create_file(&lock).map_err(failed)?;
    let lock = File::options().write(true).open(lock).map_err(failed)?;
    lock.lock().map_err(failed)?;
    let name = format!("{benchmark}-{}", fingerprint(files)?);
    let dir = home.join(&name);
    if let Some(there) = Package::open(&dir) {
        return Ok(there);
    }
    ensure_room(home, files, spare_bytes)?;
    let part = home.join(format!("{name}.part"));
    for left_over in [&part, &dir] {
        remove(left_over).map_err(failed)?;
    }
    let made = make(&part, files).and_then(|()| fs::rename(&part, &dir).map_err(failed));
    if let Err(error) = made {
        // Only the reason why it could not be built matters.
        let _ = remove(&part);
        return Err(error);
    }
    remove_others(home, benchmark, &name).map_err(failed)?;
    Package::open(&dir).ok_or_else(|| Error::internal("prepare a download", "it is gone"))
}

/// A fingerprint of the content, without reading the pictures.
fn fingerprint(files: &PublishedFiles<'_>) -> Result<String> {
    let mut sha = Sha256::new();
    sha.update(FORMAT.to_le_bytes());
    for (name, bytes) in &files.files {
        sha.update(format!("{name}\0{}\0", bytes.len()));
        sha.update(bytes);
    }
    for (name, bytes, changed) in files.picture_stamps().map_err(Error::unusable)? {
        let changed = changed.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        sha.update(format!("{name}\0{bytes}\0{changed:?}\0"));
    }
    Ok(hex::encode(&sha.finalize()[..16]))
}

/// Refuses to start if the disk would be filled: each file is written twice, separately and into
/// the zip, and each picture once.
fn ensure_room(home: &Path, files: &PublishedFiles<'_>, spare_bytes: u64) -> Result<()> {
    let apart: u64 = files.files.iter().map(|(_, bytes)| 2 * bytes.len() as u64).sum();
    let pictures = files.picture_stamps().map_err(Error::unusable)?;
    let pictures: u64 = pictures.iter().map(|(_, bytes, _)| bytes).sum();
    match room::free_bytes(home) {
        Some(free) if free < apart + pictures + spare_bytes => Err(Error::storage_full()),
        _ => Ok(()),
    }
}

fn make(dir: &Path, files: &PublishedFiles<'_>) -> Result<()> {
    let failed = |e: io::Error| Error::io("prepare a download", e);
    private::create_folder(dir).map_err(failed)?;
    let archive = File::create(dir.join(ARCHIVE)).map_err(failed)?;
    let mut zip = ZipWriter::new(Hashing::new(BufWriter::new(archive)));
    let (mut listed, mut sums) = (Vec::new(), String::new());
    for (path, bytes) in &files.files {
        let sha256 = digest(bytes);
        let _ = writeln!(sums, "{sha256}  {path}");
        zip.pack(path, bytes).map_err(failed)?;
        write_apart(dir, path, bytes).map_err(failed)?;
        listed.push(DataFile { path: path.clone(), bytes: bytes.len() as u64, sha256 });
    }
    let mut pictures = PictureCount { count: 0, bytes: 0 };
    for picture in files.pictures() {
        let (path, bytes) = picture.map_err(Error::unusable)?;
        let _ = writeln!(sums, "{}  {path}", digest(&bytes));
        zip.store(&path, &bytes).map_err(failed)?;
        pictures.count += 1;
        pictures.bytes += bytes.len() as u64;
    }
    zip.pack(CHECKSUMS, sums.as_bytes()).map_err(failed)?;
    let Hashing { out, sha, bytes } = zip.finish().map_err(failed)?;
    let archive = out.into_inner().map_err(|e| failed(e.into_error()))?;
    archive.sync_all().map_err(failed)?;
    let archive = DataFile { path: ARCHIVE.to_owned(), bytes, sha256: hex::encode(sha.finalize()) };
    let list = serde_json::to_vec(&List { archive, files: listed, pictures })
        .map_err(|e| Error::internal("prepare a download", e))?;
    write_apart(dir, LIST, &list).map_err(failed)
}

fn write_apart(dir: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let path = dir.join(path);
    private::create_folder(path.parent().unwrap_or(dir))?;
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Removes the packages that a benchmark had before its data or licence changed. Downloads in
/// progress have the file open and can finish.
fn remove_others(home: &Path, benchmark: i32, name: &str) -> io::Result<()> {
    let own = format!("{benchmark}-");
    for entry in fs::read_dir(home)? {
        let entry = entry?;
        let found = entry.file_name();
        let found = found.to_string_lossy();
        if found.starts_with(&own) && found != name {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn remove(dir: &PathBuf) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Hashes and counts the written bytes.
struct Hashing<W> {
    out: W,
    sha: Sha256,
    bytes: u64,
}

impl<W> Hashing<W> {
    fn new(out: W) -> Self {
        Self { out, sha: Sha256::new(), bytes: 0 }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let written = self.out.write(piece)?;
        self.sha.update(&piece[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
