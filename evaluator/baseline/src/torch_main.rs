//! The program `fashion-iq-baseline-torch`, which links libtorch. `fashion-iq-baseline` starts it.

use std::process::ExitCode;

fn main() -> ExitCode {
    baseline::cli::main()
}
