//! Classifies bytes of JSON.

#[inline]
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// How many bytes come before the first that is a quote, a backslash, a control character or not
/// ASCII. Eight bytes are examined in one word: in each term below the lowest byte whose top bit
/// is set is a byte searched for, as borrows only reach upwards.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = 0x8080_8080_8080_8080;
    let mut words = bytes.chunks_exact(8);
    let mut at = 0;
    for word in words.by_ref() {
        let word = u64::from_le_bytes(word.try_into().expect("chunks of eight bytes"));
        let zero = |x: u64| x.wrapping_sub(LOW) & !x;
        let quote = zero(word ^ (LOW * u64::from(b'"')));
        let backslash = zero(word ^ (LOW * u64::from(b'\\')));
        let control = word.wrapping_sub(LOW * u64::from(b' ')) & !word;
        let special = (quote | backslash | control | word) & TOP;
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let tail = words.remainder();
    at + tail.iter().position(|&b| !is_plain(b)).unwrap_or(tail.len())
}

#[inline]
const fn is_plain(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\' && byte < 0x80
}
