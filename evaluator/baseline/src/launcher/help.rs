//! The help of every command, for when the real program can't start. `cli::help` tests that it is
//! the same as the real program's.

use std::ffi::OsString;

/// The output of `--help` for the program and each command, each under a line `==> command`.
const TEXTS: &str = include_str!("help.txt");

/// What the command line asks for, as far as this program knows.
#[derive(Debug, PartialEq)]
pub enum Request {
    /// The version.
    Version,
    /// A help text.
    Help(&'static str),
    /// No argument at all, which prints the help as an error.
    Nothing(&'static str),
    /// Anything else.
    Command,
}

impl Request {
    /// Reads the arguments after the program's name.
    pub fn of(arguments: &[OsString]) -> Self {
        let words: Vec<&str> = arguments.iter().map_while(|word| word.to_str()).collect();
        let Some(first) = words.first() else {
            return if arguments.is_empty() { Self::Nothing(text("")) } else { Self::Command };
        };
        match *first {
            "--version" | "-V" => Self::Version,
            "--help" | "-h" => Self::Help(text("")),
            "help" => Self::Help(text(words.get(1).unwrap_or(&""))),
            command if words.iter().any(|word| matches!(*word, "--help" | "-h")) => {
                Self::Help(text(command))
            }
            _ => Self::Command,
        }
    }
}

/// The help of a command, or of the program if there is no such command.
fn text(command: &str) -> &'static str {
    let find = |command: &str| {
        let mut parts = TEXTS.split("==> ").filter_map(|part| part.split_once('\n'));
        parts.find(|(name, _)| *name == command).map(|(_, text)| text)
    };
    find(command).or_else(|| find("")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &str) -> Request {
        let arguments: Vec<OsString> = arguments.split_whitespace().map(OsString::from).collect();
        Request::of(&arguments)
    }

    #[test]
    fn version_and_help_are_recognised_wherever_they_are_asked_for() {
        assert_eq!(of("--version"), Request::Version);
        assert_eq!(of("-V"), Request::Version);
        assert_eq!(of(""), Request::Nothing(text("")));
        for arguments in ["--help", "-h", "help", "help nonsense"] {
            assert_eq!(of(arguments), Request::Help(text("")), "{arguments}");
        }
        for arguments in ["train --help", "help train", "train --resume -h"] {
            assert_eq!(of(arguments), Request::Help(text("train")), "{arguments}");
        }
        assert_eq!(of("train --resume"), Request::Command);
        assert!(text("train").contains("--resume"));
        assert!(text("").contains("Exit codes"));
    }
}
