//! What plays the user.

/// What a user sees at a turn, and what they have in mind; items are places in the gallery.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The item that is wanted.
    pub target: u32,
    /// The item that is shown.
    pub shown: u32,
    /// The turn, from 1.
    pub turn: u32,
    /// What was said at earlier turns.
    pub earlier: &'a [&'a str],
    /// Makes the choice of words differ from dialog to dialog.
    pub seed: u64,
}

/// Plays a user who says how the wanted item differs from the one that is shown.
pub trait Simulator {
    /// One caption; if the wanted item itself is shown, it says so. The same arguments give the same caption.
    fn caption(&self, seen: &Seen<'_>) -> String;

    /// The captions of several dialogs.
    fn captions(&self, all: &[Seen<'_>]) -> Vec<String> {
        all.iter().map(|seen| self.caption(seen)).collect()
    }
}
