//! The program `fashion-iq`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
