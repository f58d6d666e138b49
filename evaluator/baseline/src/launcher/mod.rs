//! Checks libtorch and becomes `fashion-iq-baseline-torch`; explains what is wrong if that would not
//! start.

mod help;
mod libtorch;
mod version;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use help::Request;

/// The name of the program that is started, in the same folder as this one.
const PROGRAM: &str = "fashion-iq-baseline-torch";

/// Starts the real program in place of this one, or explains why it can't.
pub fn main() -> ExitCode {
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_else(|| "fashion-iq-baseline".into());
    let arguments: Vec<OsString> = arguments.collect();
    let checked = program().and_then(|program| libtorch::check(&program).map(|()| program));
    let problem = match checked {
        Err(problem) => problem,
        Ok(program) => {
            // Only returns if the program could not be started.
            let error = Command::new(&program).arg0(name).args(&arguments).exec();
            format!("could not start {}: {error}", program.display())
        }
    };
    without_program(&arguments, &problem)
}

/// The real program, in the same folder as this one.
fn program() -> Result<PathBuf, String> {
    let own = env::current_exe().map_err(|error| format!("could not find itself: {error}"))?;
    let program = own.with_file_name(PROGRAM);
    if program.is_file() {
        return Ok(program);
    }
    Err(format!("{} is missing; keep both programs in one folder", program.display()))
}

/// Handles requests that need no libtorch, and explains the problem for the others.
fn without_program(arguments: &[OsString], problem: &str) -> ExitCode {
    // A closed output doesn't matter.
    match Request::of(arguments) {
        Request::Version => {
            let _ = writeln!(io::stdout(), "fashion-iq-baseline {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Request::Help(text) => {
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Request::Nothing(text) => {
            let _ = io::stderr().write_all(text.as_bytes());
            ExitCode::from(2)
        }
        Request::Command => {
            let _ = writeln!(io::stderr(), "fashion-iq-baseline: {problem}");
            ExitCode::from(1)
        }
    }
}
