//! The program `fashion-iq-baseline`.

use std::process::ExitCode;

fn main() -> ExitCode {
    baseline::cli::main()
}
