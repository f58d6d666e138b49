//! The files in a zip, unpacked as streams and checked.

use std::io::{self, BufReader, Cursor, Read};

use crc32fast::Hasher;
use libdeflater::Decompressor;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive};

use crate::ProblemKind;
use crate::problem::{FileName, Opens};
use crate::text::count;
use crate::window::{Budget, Packed};

/// How many packed bytes a decoder gets at a time.
const PACKED_BYTES: usize = 64 << 10;

/// The largest entry that is unpacked at once, into memory: that takes two thirds of the time that a stream
/// takes, and checking its size and checksum is part of it either way.
const WHOLE_BYTES: u64 = 8 << 20;

/// A zip whose table of contents has been read.
pub(crate) struct Archive<'a> {
    zip: ZipSliceArchive<&'a [u8]>,
    entries: Vec<Entry>,
}

/// An entry of the table of contents. It is not trusted: size and checksum are compared with the
/// unpacked bytes.
struct Entry {
    name: String,
    place: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    encrypted: bool,
    crc: u32,
    size: u64,
}

impl<'a> Archive<'a> {
    /// Reads the table of contents, of at most `cap` entries.
    pub(crate) fn new(file: &FileName, bytes: &'a [u8], cap: usize) -> Opens<Self> {
        let damaged = |what: &str| file.refuse(ProblemKind::Damaged, what);
        let zip = ZipArchive::from_slice(bytes).map_err(|_| {
            damaged("the zip has no table of contents at its end: was the upload cut off?")
        })?;
        let mut entries = Vec::new();
        let mut headers = zip.entries();
        let broken = "the zip's table of contents is broken";
        while let Some(header) = headers.next_entry().map_err(|_| damaged(broken))? {
            if entries.len() == cap {
                let what = format!("the zip has more than {}", count(cap, "entry", "entries"));
                return Err(file.refuse(ProblemKind::TooManyEntries, &what));
            }
            entries.push(Entry {
                name: String::from_utf8_lossy(header.file_path().as_bytes()).into_owned(),
                place: header.wayfinder(),
                method: header.compression_method(),
                encrypted: header.flags().is_encrypted() || header.flags().has_strong_encryption(),
                crc: header.crc32(),
                size: header.uncompressed_size_hint(),
            });
        }
        if zip.entries_hint() != entries.len() as u64 {
            return Err(damaged(broken));
        }
        Ok(Self { zip, entries })
    }

    /// The names of all entries, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.name.as_str())
    }

    /// The name of an entry.
    pub(crate) fn name(&self, index: usize) -> &str {
        &self.entries[index].name
    }

    /// The unpacked bytes of an entry. Reading fails at its end if they don't match the zip's size and
    /// checksum.
    pub(crate) fn open<'s>(
        &'s self,
        file: &FileName,
        index: usize,
        zstd_window_log: u32,
        budget: &'s Budget<'s>,
    ) -> Opens<Box<dyn Read + 's>> {
        let entry = &self.entries[index];
        if entry.encrypted {
            let what = "encrypted: make the zip without a password";
            return Err(file.refuse(ProblemKind::Encrypted, what));
        }
        let cut = |_| {
            let what = "the file is incomplete in the zip: was the upload cut off?";
            file.refuse(ProblemKind::Damaged, what)
        };
        let packed = self.zip.get_entry(entry.place).map_err(cut)?.data();
        if let Some(whole) = entry.whole(packed, budget) {
            return Ok(Box::new(Checked::new(Cursor::new(whole), entry)));
        }
        let packed = BufReader::with_capacity(PACKED_BYTES, Packed::new(packed, budget));
        let bytes: Box<dyn Read> = match entry.method {
            CompressionMethod::STORE => Box::new(packed),
            CompressionMethod::DEFLATE => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
            CompressionMethod::ZSTD => {
                let decoder = zstd::Decoder::with_buffer(packed).and_then(|mut decoder| {
                    decoder.window_log_max(zstd_window_log)?;
                    Ok(decoder)
                });
                Box::new(decoder.map_err(|error| {
                    file.refuse(ProblemKind::Damaged, &format!("cannot be unpacked: {error}"))
                })?)
            }
            other => {
                let name = other.name().map_or(other.as_u16().to_string(), str::to_owned);
                let what =
                    format!("packed with method {name}, which is not supported: use deflate");
                return Err(file.refuse(ProblemKind::UnsupportedCompression, &what));
            }
        };
        Ok(Box::new(Checked::new(bytes, entry)))
    }
}

impl Entry {
    /// All unpacked bytes of a small entry. None if it is not small, or if something is wrong with it: reading
    /// it as a stream then finds out what.
    fn whole(&self, packed: &[u8], budget: &Budget<'_>) -> Option<Vec<u8>> {
        let is_small = self.method == CompressionMethod::DEFLATE && self.size <= WHOLE_BYTES;
        if !is_small || !budget.allows(self.size) {
            return None;
        }
        let mut bytes = vec![0; self.size as usize];
        let unpacked = Decompressor::new().deflate_decompress(packed, &mut bytes);
        (unpacked.ok()? == bytes.len()).then_some(bytes)
    }
}

/// The unpacked bytes of an entry, compared with its checksum and size at the end.
struct Checked<'a, R> {
    bytes: R,
    crc: Hasher,
    size: u64,
    entry: &'a Entry,
}

impl<'a, R> Checked<'a, R> {
    fn new(bytes: R, entry: &'a Entry) -> Self {
        Self { bytes, crc: Hasher::new(), size: 0, entry }
    }
}

impl<R: Read> Read for Checked<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(into)?;
        self.crc.update(&into[..read]);
        self.size += read as u64;
        let (size, promised) = (self.size, self.entry.size);
        if size > promised || read == 0 && size < promised {
            let what = format!("its size is not the {promised} bytes that the zip states");
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        if read == 0 && self.crc.clone().finalize() != self.entry.crc {
            let what = "its checksum is not the one in the zip";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(read)
    }
}
