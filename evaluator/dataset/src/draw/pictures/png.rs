//! Writes PNG: one image, without other chunks.
//!
//! Written out here, because an encoder's bytes can change with its version and with the compressor
//! that other crates choose for it.

use super::{HEIGHT, WIDTH};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Bytes a pixel.
const PIXEL: usize = 3;

/// How hard the compressor tries, of 10; beyond, files get hardly smaller.
const LEVEL: u8 = 7;

/// An image of red, green and blue, row by row.
pub(super) fn encode(rgb: &[u8]) -> Vec<u8> {
    let mut header = Vec::with_capacity(13);
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    // eight bits a channel, in true colour, not interlaced
    header.extend([8, 2, 0, 0, 0]);
    let mut png = SIGNATURE.to_vec();
    chunk(&mut png, *b"IHDR", &header);
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(&filtered(rgb), LEVEL);
    chunk(&mut png, *b"IDAT", &packed);
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let from = png.len();
    png.extend(kind);
    png.extend(data);
    let checksum = crc32fast::hash(&png[from..]);
    png.extend(checksum.to_be_bytes());
}

/// Each row with the filter that leaves the smallest differences, as the PNG specification (12.8)
/// advises.
fn filtered(rgb: &[u8]) -> Vec<u8> {
    let row_len = WIDTH as usize * PIXEL;
    let mut out = Vec::with_capacity(rgb.len() + HEIGHT as usize);
    let mut above = vec![0; row_len];
    let mut best = Vec::with_capacity(row_len);
    let mut tried = Vec::with_capacity(row_len);
    for row in rgb.chunks_exact(row_len) {
        let mut least = u32::MAX;
        let mut chosen = 0;
        for (kind, filter) in FILTERS.iter().enumerate() {
            tried.clear();
            tried.extend((0..row_len).map(|i| {
                let at = |line: &[u8]| if i < PIXEL { 0 } else { line[i - PIXEL] };
                row[i].wrapping_sub(filter(at(row), above[i], at(&above)))
            }));
            let sum = tried.iter().map(|&b| u32::from(b.cast_signed().unsigned_abs())).sum();
            if sum < least {
                (least, chosen) = (sum, kind);
                std::mem::swap(&mut best, &mut tried);
            }
        }
        out.push(chosen as u8);
        out.extend(&best);
        above.copy_from_slice(row);
    }
    out
}

/// What a byte is expected to be, from the one to its left, above, and above that.
type Filter = fn(u8, u8, u8) -> u8;

/// In the order of their numbers: none, sub, up, average, Paeth.
const FILTERS: [Filter; 5] =
    [|_, _, _| 0, |left, _, _| left, |_, up, _| up, |left, up, _| left.midpoint(up), paeth];

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [l, u, c] = [left, up, corner].map(i16::from);
    let guess = l + u - c;
    let [to_left, to_up, to_corner] = [l, u, c].map(|value| (guess - value).abs());
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}
