//! The progress that a person at a terminal sees during a submission.

use std::fmt::Display;
use std::io::{self, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::print_error;

/// A changing line on standard error; nothing if that is not a terminal.
pub(super) struct Progress(ProgressBar);

const TICK: Duration = Duration::from_millis(100);

impl Progress {
    /// Progress for a person; hidden if a program reads the output.
    pub(super) fn new(for_a_person: bool) -> Self {
        let target =
            if for_a_person { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self(ProgressBar::with_draw_target(None, target))
    }

    /// Starts a step of unknown length.
    pub(super) fn stage(&self, what: &'static str) {
        self.show("{spinner} {msg} {elapsed}", what);
        self.0.reset();
        self.0.enable_steady_tick(TICK);
    }

    /// Starts an upload; reading from it moves the progress bar.
    pub(super) fn upload<'a>(&'a self, bytes: &'a [u8]) -> Sending<'a> {
        self.0.disable_steady_tick();
        self.0.reset();
        self.0.set_length(bytes.len() as u64);
        self.show("uploading {bytes} of {total_bytes} [{bar:30}] {bytes_per_sec}", "");
        Sending { left: bytes, progress: self }
    }

    /// Prints a line that stays.
    pub(super) fn say(&self, sentence: impl Display) {
        self.0.suspend(|| print_error(format_args!("fashion-iq: {sentence}")));
    }

    /// Removes the line.
    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }

    fn show(&self, template: &str, what: &'static str) {
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.0.set_style(style);
        }
        self.0.set_message(what);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// The rest of an upload.
pub(super) struct Sending<'a> {
    left: &'a [u8],
    progress: &'a Progress,
}

impl Read for Sending<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let sent = self.left.read(buffer)?;
        self.progress.0.inc(sent as u64);
        if sent > 0 && self.left.is_empty() {
            self.progress.stage("waiting for the score");
        }
        Ok(sent)
    }
}
