//! The launcher has a copy of the help of every command, for use without libtorch (`src/launcher`).

use std::path::Path;
use std::{env, fs};

use clap::{Command, CommandFactory};

use super::Program;

/// As it is printed without a terminal, independent of the environment.
fn plain(command: Command) -> Command {
    command
        .term_width(100)
        .mut_args(|argument| argument.hide_env_values(true))
        .mut_subcommands(plain)
}

#[test]
fn the_launcher_has_the_help_of_every_command() {
    let mut program = plain(Program::command());
    program.build();
    let mut texts = format!("==> \n{}", program.render_long_help());
    for command in program.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        let name = command.get_name().to_owned();
        texts.extend(["==> ", &name, "\n", &command.render_long_help().to_string()]);
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/launcher/help.txt");
    if env::var_os("WRITE_HELP").is_some() {
        fs::write(&file, &texts).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap();
    let advice = "run WRITE_HELP=1 cargo test -p baseline --features torch --lib help";
    assert_eq!(kept, texts, "{} is out of date; {advice}", file.display());
}
