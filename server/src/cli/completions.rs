//! `fashion-iq completions` and the man pages

use std::fs;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use domain::error::{Error, Result};

use super::{Outcome, Program, print};

/// Print the completions of a shell, or write the man pages.
///
/// For bash: fashion-iq completions bash > /etc/bash_completion.d/fashion-iq
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", required_unless_present = "man")]
    shell: Option<Shell>,
    /// Write a man page for each command into this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "shell")]
    man: Option<PathBuf>,
}

impl Completions {
    pub(super) fn run(self) -> Result<Outcome> {
        let mut program = Program::command();
        if let Some(folder) = self.man {
            let failed = |e| Error::io(&format!("write {}", folder.display()), e);
            fs::create_dir_all(&folder).map_err(failed)?;
            clap_mangen::generate_to(program, &folder).map_err(failed)?;
        } else if let Some(shell) = self.shell {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut program, "fashion-iq", &mut script);
            print(String::from_utf8_lossy(&script));
        }
        Ok(Outcome::Done)
    }
}
