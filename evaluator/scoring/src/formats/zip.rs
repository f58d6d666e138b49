//! Writes zips of runs and of other files that are sent together.

use std::io::{self, BufWriter, IntoInnerError, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};

/// Writes files, given as names and contents, as a zip. The same files give the same bytes.
pub fn zip_files(out: impl Write, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let mut zip = ZipWriter::new(out);
    for (name, contents) in files {
        zip.pack(name, contents)?;
    }
    zip.finish()?.flush()
}

/// Writes a zip one file at a time, so that not all of them have to fit into memory.
pub struct ZipWriter<W: Write>(ZipArchiveWriter<W>);

impl<W: Write> ZipWriter<W> {
    /// Starts a zip without files.
    pub fn new(out: W) -> Self {
        Self(ZipArchiveWriter::new(out))
    }

    /// Adds a file, compressed.
    pub fn pack(&mut self, name: &str, contents: &[u8]) -> io::Result<()> {
        write_entry(&mut self.0, name, Compression::default(), |out| out.write_all(contents))
    }

    /// Adds a file without compression, because pictures are already compressed.
    pub fn store(&mut self, name: &str, contents: &[u8]) -> io::Result<()> {
        let started = self.0.new_file(name).compression_method(CompressionMethod::STORE).start();
        let (mut entry, config) = started.map_err(io::Error::other)?;
        let mut out = config.wrap(&mut entry);
        out.write_all(contents)?;
        let (_, descriptor) = out.finish().map_err(io::Error::other)?;
        entry.finish(descriptor).map_err(io::Error::other)?;
        Ok(())
    }

    /// Writes the list of files and returns the writer.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish().map_err(io::Error::other)
    }
}

/// Writes one file of a zip, compressed; `contents` writes its bytes.
pub(crate) fn write_entry<W: Write>(
    archive: &mut ZipArchiveWriter<W>,
    name: &str,
    packed: Compression,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let started = archive.new_file(name).compression_method(CompressionMethod::DEFLATE).start();
    let (mut entry, config) = started.map_err(io::Error::other)?;
    let encoder = DeflateEncoder::new(&mut entry, packed);
    let mut out = BufWriter::new(config.wrap(encoder));
    contents(&mut out)?;
    let packed = out.into_inner().map_err(IntoInnerError::into_error)?;
    let (encoder, descriptor) = packed.finish().map_err(io::Error::other)?;
    encoder.finish()?;
    entry.finish(descriptor).map_err(io::Error::other)?;
    Ok(())
}
