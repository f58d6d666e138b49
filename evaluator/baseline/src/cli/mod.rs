//! The commands of the program `fashion-iq-baseline`.

/// Prints a line to standard output. A closed pipe (`| head`) is not an error.
macro_rules! say {
    ($($text:tt)*) => { $crate::cli::print_line(format_args!($($text)*)) };
}
use say;

/// Prints a line to standard error. Errors are ignored.
macro_rules! complain {
    ($($text:tt)*) => { $crate::cli::print_error(format_args!($($text)*)) };
}
use complain;

#[cfg(feature = "torch")]
mod captioner;
mod captions;
#[cfg(feature = "torch")]
mod describe;
#[cfg(feature = "torch")]
mod device;
mod dialog;
mod dialog_curves;
mod dialog_table;
mod evaluate;
#[cfg(feature = "torch")]
mod features;
#[cfg(all(test, feature = "torch"))]
mod help;
mod list;
#[cfg(feature = "torch")]
mod manager;
#[cfg(feature = "torch")]
mod managers;
#[cfg(feature = "torch")]
mod pictures;
mod play;
mod probe;
#[cfg(feature = "torch")]
mod progress;
mod rank;
#[cfg(feature = "torch")]
mod reproduce;
#[cfg(feature = "torch")]
mod serve;
mod server;
#[cfg(feature = "torch")]
mod stop;
mod submit;
#[cfg(feature = "torch")]
mod table;
#[cfg(feature = "torch")]
mod train;
#[cfg(feature = "torch")]
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Result;

/// The organisers' reference models of the Fashion IQ Challenge.
///
/// They take part like any team: `rank` writes a zip in the official format, and `submit`
/// uploads it over the public API.
#[derive(Parser)]
#[command(name = "fashion-iq-baseline", version, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 success; 1 failure; 2 wrong usage.")]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[cfg(feature = "torch")]
    Device(device::DeviceOption),
    #[cfg(feature = "torch")]
    Features(features::Features),
    #[cfg(feature = "torch")]
    Train(train::Train),
    Rank(rank::Rank),
    Evaluate(evaluate::Evaluate),
    Submit(submit::Submit),
    #[cfg(feature = "torch")]
    Reproduce(reproduce::Reproduce),
    Probe(probe::Probe),
    Dialog(dialog::Dialog),
    #[cfg(feature = "torch")]
    Manager(manager::Manager),
    #[cfg(feature = "torch")]
    Captioner(captioner::Captioner),
    #[cfg(feature = "torch")]
    Describe(describe::Describe),
    #[cfg(feature = "torch")]
    Serve(serve::Serve),
    Play(play::Play),
    List(list::List),
}

/// Runs the command line.
pub fn main() -> ExitCode {
    match Program::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain!("fashion-iq-baseline: {error}");
            ExitCode::from(1)
        }
    }
}

fn print_line(line: std::fmt::Arguments<'_>) {
    use std::io::Write;
    if let Err(error) = writeln!(std::io::stdout(), "{line}") {
        let enough = error.kind() == std::io::ErrorKind::BrokenPipe;
        std::process::exit(i32::from(!enough));
    }
}

fn print_error(line: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}

impl Command {
    fn run(self) -> Result<()> {
        match self {
            #[cfg(feature = "torch")]
            Self::Device(device) => device.tell(),
            #[cfg(feature = "torch")]
            Self::Features(features) => features.run(),
            #[cfg(feature = "torch")]
            Self::Train(train) => train.run(),
            Self::Rank(rank) => rank.run(),
            Self::Evaluate(evaluate) => evaluate.run(),
            Self::Submit(submit) => submit.run(),
            #[cfg(feature = "torch")]
            Self::Reproduce(reproduce) => reproduce.run(),
            Self::Probe(probe) => probe.run(),
            Self::Dialog(dialog) => dialog.run(),
            #[cfg(feature = "torch")]
            Self::Manager(manager) => manager.run(),
            #[cfg(feature = "torch")]
            Self::Captioner(captioner) => captioner.run(),
            #[cfg(feature = "torch")]
            Self::Describe(describe) => describe.run(),
            #[cfg(feature = "torch")]
            Self::Serve(serve) => serve.run(),
            Self::Play(play) => play.run(),
            Self::List(list) => {
                list.run();
                Ok(())
            }
        }
    }
}
