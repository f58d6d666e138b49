//! The program `fashion-iq-baseline`.
//!
//! With feature `torch` it is a launcher: the loader refuses to start a program whose libtorch is
//! missing or of another version, so a separate program links libtorch. Code here must not use the
//! crate `baseline` then, because that would link libtorch again.

use std::process::ExitCode;

#[cfg(feature = "torch")]
mod launcher;

#[cfg(feature = "torch")]
fn main() -> ExitCode {
    launcher::main()
}

#[cfg(not(feature = "torch"))]
fn main() -> ExitCode {
    baseline::cli::main()
}
