//! Removes embedded metadata from pictures: when, where and by whom they were taken, file names, notes
//! of editors.
//!
//! The result decodes to the same pixels. Colour profiles and orientation are removed too, so pictures
//! that aren't sRGB, or that are rotated by their metadata, should be converted before.

/// A picture without embedded metadata; none if it is neither a complete PNG nor a complete JPEG.
pub(crate) fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.starts_with(PNG) { bare_png(bytes) } else { bare_jpeg(bytes) }
}

/// Whether a PNG or JPEG is complete. Decoders show the missing part of a file that was cut off as grey.
pub fn is_whole_picture(bytes: &[u8]) -> bool {
    bare(bytes).is_some()
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The chunks with the pixels, and the three fixed ones that describe their colours.
const CHUNKS: [&[u8; 4]; 8] =
    [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB"];

/// Length, kind and checksum of a chunk.
const AROUND_CHUNK: usize = 12;

fn bare_png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = PNG.to_vec();
    let mut rest = &bytes[PNG.len()..];
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let (chunk, after) = rest.split_at_checked(length.checked_add(AROUND_CHUNK)?)?;
        let kind = &chunk[4..8];
        if CHUNKS.iter().any(|known| *known == kind) {
            kept.extend(chunk);
        }
        if kind == b"IEND" {
            return Some(kept);
        }
        rest = after;
    }
}

const START: [u8; 2] = [0xff, 0xd8];
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const COMMENT: u8 = 0xfe;
const JFIF: u8 = 0xe0;
/// Says how an Adobe program transformed the colours; without it they would be read wrongly.
const ADOBE: u8 = 0xee;

fn bare_jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(&START)?;
    let mut kept = START.to_vec();
    loop {
        let [0xff, marker] = *rest.first_chunk()? else { return None };
        if marker == 0xff {
            // any number of these can come before a marker
            rest = &rest[1..];
            continue;
        }
        if marker == END {
            kept.extend([0xff, END]);
            return Some(kept);
        }
        let length = u16::from_be_bytes(*rest[2..].first_chunk()?);
        let (segment, after) = rest.split_at_checked(2 + usize::from(length))?;
        match marker {
            JFIF if segment[4..].starts_with(b"JFIF\0") && segment.len() >= 18 => {
                // without its thumbnail
                kept.extend([0xff, JFIF, 0, 16]);
                kept.extend(&segment[4..16]);
                kept.extend([0, 0]);
            }
            ADOBE if segment[4..].starts_with(b"Adobe") => kept.extend(segment),
            0xe0..=0xef | COMMENT => {}
            _ => kept.extend(segment),
        }
        rest = after;
        if marker == SCAN {
            let end = scan_end(rest)?;
            kept.extend(&rest[..end]);
            rest = &rest[end..];
        }
    }
}

/// Where a scan's data ends: at a marker that is neither a restart nor an escaped byte.
fn scan_end(data: &[u8]) -> Option<usize> {
    data.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
        [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat()
    }

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        [&[0xff, marker][..], &(data.len() as u16 + 2).to_be_bytes(), data].concat()
    }

    #[test]
    fn a_png_keeps_its_pixels_and_loses_what_is_said_of_them() {
        let (head, data, end) =
            (chunk(b"IHDR", &[1; 13]), chunk(b"IDAT", &[2; 9]), chunk(b"IEND", &[]));
        let plain = [PNG, &head, &data, &end].concat();
        let text = chunk(b"tEXt", b"Title\0B00ORIG001");
        let exif = chunk(b"eXIf", b"B00ORIG001");
        let told = [PNG, &head, &text, &data, &exif, &end, b"B00ORIG001"].concat();
        assert_eq!(bare(&told).unwrap(), plain);
        assert_eq!(bare(&plain).unwrap(), plain);
        for short in 0..plain.len() {
            assert_eq!(bare(&plain[..short]), None, "cut at {short}");
        }
    }

    #[test]
    fn a_jpeg_keeps_its_pixels_and_loses_what_is_said_of_them() {
        let jfif = segment(JFIF, b"JFIF\0\x01\x02\0\0\x48\0\x48\0\0");
        let with_copy = segment(JFIF, b"JFIF\0\x01\x02\0\0\x48\0\x48\x01\x01rgb");
        let (table, adobe) = (segment(0xdb, &[7; 65]), segment(ADOBE, b"Adobe\0\x64\0\0\0\0\x01"));
        let scan = [segment(SCAN, &[1; 10]), vec![5, 0xff, 0, 9, 0xff, 0xd0, 4]].concat();
        let later = [segment(0xc4, &[3; 20]), segment(SCAN, &[2; 10]), vec![8, 8]].concat();
        let plain = [&START[..], &jfif, &adobe, &table, &scan, &later, &[0xff, END]].concat();
        let exif = segment(0xe1, b"Exif\0\0B00ORIG001");
        let comment = segment(COMMENT, b"B00ORIG001");
        let told = [
            &START[..],
            &with_copy,
            &exif,
            &adobe,
            &comment,
            &[0xff],
            &table,
            &scan,
            &comment,
            &later,
            &[0xff, END],
            b"B00ORIG001",
        ]
        .concat();
        assert_eq!(bare(&told).unwrap(), plain);
        assert_eq!(bare(&plain).unwrap(), plain);
        for short in 0..plain.len() {
            assert_eq!(bare(&plain[..short]), None, "cut at {short}");
        }
    }

    #[test]
    fn what_is_no_picture_is_not_taken_for_one() {
        for wrong in [&b""[..], b"GIF89a", b"B00ORIG001", b"\xff\xd8\xff\xe1\0\0"] {
            assert_eq!(bare(wrong), None);
        }
    }
}
