//! A window of fixed size that moves over a stream of bytes, and knows line and column.

use std::cell::Cell;
use std::io::{self, Read};

use memchr::{memchr_iter, memrchr};

/// How many bytes the window holds: small enough to stay in a core's cache, large enough that what
/// is done once a window costs nothing.
pub(crate) const WINDOW_BYTES: usize = 128 << 10;

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// From 1.
    pub(crate) line: usize,
    /// From 1, in bytes.
    pub(crate) column: usize,
}

/// Why no more bytes came.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The upload expands to more than it may.
    TooLarge,
    /// What unpacks it cannot go on.
    Unreadable(io::Error),
}

/// Bytes as they come out of a container, counted against what the whole upload may expand to. Each
/// container's output is metered, so that one inside another cannot work unseen.
pub(crate) struct Metered<'a, R> {
    bytes: R,
    /// How many more bytes may come, of all that share this budget.
    budget: &'a Cell<u64>,
}

impl<'a, R: Read> Metered<'a, R> {
    pub(crate) fn new(bytes: R, budget: &'a Cell<u64>) -> Self {
        Self { bytes, budget }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(into)?;
        let left = self.budget.get().checked_sub(read as u64);
        self.budget.set(left.unwrap_or(0));
        left.map(|_| read).ok_or_else(|| io::ErrorKind::FileTooLarge.into())
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::FileTooLarge => Self::TooLarge,
            _ => Self::Unreadable(error),
        }
    }
}

/// A window that moves over a source. It is filled anew once all its bytes are taken, so memory is
/// the same for any length of file; what crosses its edge is the walker's care.
pub(crate) struct Window<'a> {
    source: Box<dyn Read + 'a>,
    buffer: Box<[u8]>,
    /// `buffer[pos..end]` is still to be taken.
    pos: usize,
    end: usize,
    /// Offset in the file of `buffer[0]`.
    base: usize,
    /// Newlines before this index of the buffer are in `lines`; each byte is looked at once.
    counted: usize,
    lines: usize,
    /// Offset in the file of the first byte after the last newline counted.
    line_start: usize,
}

impl<'a> Window<'a> {
    /// A window of `bytes` bytes (at least one) over a source.
    pub(crate) fn new(source: impl Read + 'a, bytes: usize) -> Self {
        let source = Box::new(source);
        let buffer = vec![0; bytes.max(1)].into_boxed_slice();
        Self { source, buffer, pos: 0, end: 0, base: 0, counted: 0, lines: 0, line_start: 0 }
    }

    /// The bytes in the window that are still to be taken; may be empty before the end of the file.
    #[inline]
    pub(crate) fn rest(&self) -> &[u8] {
        &self.buffer[self.pos..self.end]
    }

    /// Takes `n` bytes of [`rest`](Self::rest).
    #[inline]
    pub(crate) fn take(&mut self, n: usize) {
        self.pos += n;
    }

    /// Makes sure that [`rest`](Self::rest) is not empty; false at the end of the file.
    #[inline]
    pub(crate) fn fill(&mut self) -> Result<bool, Fault> {
        if self.pos < self.end { Ok(true) } else { self.refill() }
    }

    #[cold]
    fn refill(&mut self) -> Result<bool, Fault> {
        self.count_lines();
        self.base += self.end;
        (self.pos, self.end, self.counted) = (0, 0, 0);
        loop {
            match self.source.read(&mut self.buffer) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                read => {
                    self.end = read?;
                    return Ok(self.end > 0);
                }
            }
        }
    }

    /// The next byte, which is not taken; none at the end of the file.
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, Fault> {
        Ok(if self.fill()? { Some(self.buffer[self.pos]) } else { None })
    }

    /// The place of the next byte.
    pub(crate) fn position(&mut self) -> Position {
        self.count_lines();
        Position { line: self.lines + 1, column: self.base + self.pos - self.line_start + 1 }
    }

    /// Reads on to the end: what is wrong with a container may show only there.
    pub(crate) fn drain(&mut self) -> Result<(), Fault> {
        loop {
            self.pos = self.end;
            if !self.refill()? {
                return Ok(());
            }
        }
    }

    fn count_lines(&mut self) {
        let bytes = &self.buffer[self.counted..self.pos];
        // Most stretches hold no newline at all, and finding that out is all it takes.
        if let Some(last) = memrchr(b'\n', bytes) {
            self.lines += memchr_iter(b'\n', bytes).count();
            self.line_start = self.base + self.counted + last + 1;
        }
        self.counted = self.pos;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_and_column_are_right_wherever_the_window_stands() {
        let text = b"ab\n\ncdefgh\ni";
        for bytes in 1..20 {
            let budget = Cell::new(1000);
            let mut window = Window::new(Metered::new(&text[..], &budget), bytes);
            let (mut line, mut column) = (1, 1);
            while let Some(byte) = window.peek().unwrap() {
                assert_eq!(window.position(), Position { line, column });
                window.take(1);
                (line, column) = if byte == b'\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            assert_eq!(window.position(), Position { line: 4, column: 2 });
            assert_eq!(budget.get(), 1000 - text.len() as u64);
        }
    }

    #[test]
    fn no_more_comes_out_than_the_budget_allows() {
        let budget = Cell::new(10_000);
        let mut window = Window::new(Metered::new(io::repeat(0), &budget), 4096);
        assert!(matches!(window.drain(), Err(Fault::TooLarge)));
        assert_eq!(budget.get(), 0);
    }
}
