//! Ctrl-C in a long training: the step is finished and saved.

use std::sync::atomic::{AtomicBool, Ordering};

static WANTED: AtomicBool = AtomicBool::new(false);

/// Listens from now on.
pub(super) fn listen() {
    // A second handler can't be set, but the first one is enough.
    let _ = ctrlc::set_handler(|| WANTED.store(true, Ordering::Relaxed));
}

/// Whether it was pressed.
pub(super) fn is_wanted() -> bool {
    WANTED.load(Ordering::Relaxed)
}
