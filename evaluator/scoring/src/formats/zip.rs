//! Writes zips: of runs, and of whatever else is sent as one file.

use std::io::{self, BufWriter, IntoInnerError, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};

/// Writes files, given as names and what they hold, as a zip. The same files give the same bytes.
pub fn zip_files(out: impl Write, files: &[(String, Vec<u8>)]) -> io::Result<()> {
    let mut archive = ZipArchiveWriter::new(out);
    for (name, contents) in files {
        write_entry(&mut archive, name, Compression::default(), |out| out.write_all(contents))?;
    }
    archive.finish().map_err(io::Error::other)?.flush()
}

/// Writes one file of a zip, packed; `contents` writes what it holds.
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
