//! A window of fixed size that moves over a stream of bytes, and knows line and column.

use std::cell::Cell;
use std::io::{self, Read};

use memchr::{memchr_iter, memrchr};

/// How many bytes the window has: small enough for a core's cache, large enough that the work per window
/// doesn't matter.
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
    /// The caller wants to read no further.
    TooCostly,
    /// The decoder failed.
    Unreadable(io::Error),
}

/// What reading one upload may cost; all its readers share it.
pub(crate) struct Budget<'a> {
    /// How many more bytes may come out of its containers.
    bytes: Cell<u64>,
    go_on: &'a dyn Fn() -> bool,
    is_spent: Cell<bool>,
}

impl<'a> Budget<'a> {
    /// Allows this many bytes, while `go_on` returns true.
    pub(crate) fn new(bytes: u64, go_on: &'a dyn Fn() -> bool) -> Self {
        Self { bytes: Cell::new(bytes), go_on, is_spent: Cell::new(false) }
    }

    /// Whether a reader was refused; nothing is read after that.
    pub(crate) fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// Whether so many bytes may still come.
    pub(crate) fn allows(&self, bytes: u64) -> bool {
        bytes <= self.bytes.get() && (self.go_on)()
    }

    fn take(&self, bytes: u64) -> io::Result<()> {
        let left = self.bytes.get().checked_sub(bytes);
        self.bytes.set(left.unwrap_or(0));
        left.map(drop).ok_or_else(|| self.refuse(io::ErrorKind::FileTooLarge))
    }

    fn check(&self) -> io::Result<()> {
        if (self.go_on)() { Ok(()) } else { Err(self.refuse(io::ErrorKind::TimedOut)) }
    }

    fn refuse(&self, kind: io::ErrorKind) -> io::Error {
        self.is_spent.set(true);
        kind.into()
    }
}

/// The unpacked bytes of a container, counted against the budget. The output of every container is
/// metered, including containers inside containers.
pub(crate) struct Metered<'a, R> {
    bytes: R,
    budget: &'a Budget<'a>,
}

impl<'a, R: Read> Metered<'a, R> {
    pub(crate) fn new(bytes: R, budget: &'a Budget<'a>) -> Self {
        Self { bytes, budget }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.budget.check()?;
        let read = self.bytes.read(into)?;
        self.budget.take(read as u64)?;
        Ok(read)
    }
}

/// Packed bytes on their way into a decoder, which may read many of them before it returns anything.
pub(crate) struct Packed<'a, R> {
    bytes: R,
    budget: &'a Budget<'a>,
}

impl<'a, R: Read> Packed<'a, R> {
    pub(crate) fn new(bytes: R, budget: &'a Budget<'a>) -> Self {
        Self { bytes, budget }
    }
}

impl<R: Read> Read for Packed<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.budget.check()?;
        self.bytes.read(into)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::FileTooLarge => Self::TooLarge,
            io::ErrorKind::TimedOut => Self::TooCostly,
            _ => Self::Unreadable(error),
        }
    }
}

/// A window that moves over a source. It is refilled when all its bytes are taken, so memory is the same
/// for any length of file; the walker handles values that cross its edge.
pub(crate) struct Window<'a> {
    source: Box<dyn Read + 'a>,
    buffer: Box<[u8]>,
    /// `buffer[pos..end]` is still to be taken.
    pos: usize,
    end: usize,
    /// Offset in the file of `buffer[0]`.
    base: usize,
    /// Newlines before this index of the buffer are in `lines`; each byte is examined once.
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

    /// Reads to the end, because some errors of a container are detected only there.
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
        // Most stretches contain no newline, so this check is usually all the work.
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
            let budget = Budget::new(1000, &|| true);
            let mut window = Window::new(Metered::new(&text[..], &budget), bytes);
            let (mut line, mut column) = (1, 1);
            while let Some(byte) = window.peek().unwrap() {
                assert_eq!(window.position(), Position { line, column });
                window.take(1);
                (line, column) = if byte == b'\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            assert_eq!(window.position(), Position { line: 4, column: 2 });
            assert_eq!(budget.bytes.get(), 1000 - text.len() as u64);
        }
    }

    #[test]
    fn no_more_comes_out_than_the_budget_allows() {
        let budget = Budget::new(10_000, &|| true);
        let mut window = Window::new(Metered::new(io::repeat(0), &budget), 4096);
        assert!(!budget.is_spent());
        assert!(matches!(window.drain(), Err(Fault::TooLarge)));
        assert!(budget.is_spent());
    }

    #[test]
    fn reading_ends_at_the_next_refill_once_the_caller_says_so() {
        let refills = Cell::new(0);
        let go_on = || refills.replace(refills.get() + 1) < 3;
        let budget = Budget::new(u64::MAX, &go_on);
        let mut window = Window::new(Metered::new(io::repeat(0), &budget), 4096);
        assert!(matches!(window.drain(), Err(Fault::TooCostly)));
        assert_eq!((refills.get(), budget.bytes.get()), (4, u64::MAX - 3 * 4096));
    }
}
