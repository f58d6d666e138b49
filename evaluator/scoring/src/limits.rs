//! What an upload may cost.

/// What an upload may cost before it is refused, and how many of its problems are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that the whole upload may expand to, counted while unpacking and never taken from a header.
    /// For a small benchmark the limit is lower: what a valid run of it could have.
    pub expanded_bytes: u64,
    /// Entries a zip or a folder may have.
    pub entries: usize,
    /// Bytes of the longest JSON string, after unescaping.
    pub string_bytes: usize,
    /// How deeply arrays and objects may be nested.
    pub depth: usize,
    /// The largest zstd window, as a power of two.
    pub zstd_window_log: u32,
    /// How many problems are kept with their sentences; all are counted.
    pub problems_shown: usize,
    /// How many first items of each ranking are kept, to show them.
    pub top_items: usize,
}

impl Default for Limits {
    /// 1 GiB expanded, 64 entries, strings of 64 KiB, depth 32, a zstd window of 8 MiB (what level
    /// 19 needs), 100 problems, no first items.
    fn default() -> Self {
        Self {
            expanded_bytes: 1 << 30,
            entries: 64,
            string_bytes: 64 << 10,
            depth: 32,
            zstd_window_log: 23,
            problems_shown: 100,
            top_items: 0,
        }
    }
}
