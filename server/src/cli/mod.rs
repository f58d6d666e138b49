//! The commands of the program `fashion-iq`.

mod archive;
mod backup;
mod benchmark;
mod challenge;
mod completions;
mod config;
mod data;
mod database;
mod doctor;
mod healthcheck;
mod receipt;
mod rescoring;
mod run_file;
mod score;
mod scorecards;
mod serve;
mod submit;
mod table;
mod team;
mod user;
mod worker;

use std::future::Future;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use domain::ambient::Ambient;
use domain::error::{Error, Result};
use tracing_subscriber::EnvFilter;

use crate::config::{RawSettings, Settings, Sources};

/// Host and take part in the Fashion IQ Challenge.
///
/// A query is a garment photo with two captions that say how the wanted garment differs; the answer
/// is a ranking of the gallery. Teams upload rankings; the server computes Recall@K against hidden
/// targets and keeps the leaderboard.
#[derive(Parser)]
#[command(name = "fashion-iq", version, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 done; 1 the file or the request has problems; 2 wrong usage, or \
                  something can't be read; 3 a server can't be reached."
)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
// The text of each command is at its arguments: one here would replace it, and lose all but the first line.
enum Command {
    Serve(Box<serve::Serve>),
    Worker(Box<worker::Worker>),
    #[command(subcommand)]
    Config(config::Config),
    Doctor(Box<doctor::Doctor>),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Archive(archive::Archive),
    Healthcheck(healthcheck::Healthcheck),
    #[command(subcommand)]
    Challenge(challenge::Challenge),
    #[command(subcommand)]
    Team(team::Team),
    #[command(subcommand)]
    Database(database::Database),
    #[command(subcommand)]
    Scorecards(scorecards::Scorecards),
    #[command(subcommand)]
    Rescoring(rescoring::Rescoring),
    #[command(subcommand)]
    User(user::User),
    #[command(subcommand)]
    Receipt(receipt::Receipt),
    Submit(submit::Submit),
    Score(score::Score),
    Validate(score::Validate),
    #[command(subcommand)]
    Benchmark(benchmark::Benchmark),
    Completions(completions::Completions),
    #[command(subcommand)]
    Dataset(data::Dataset),
}

/// Where a server keeps its database and uploads.
#[derive(Args, Clone)]
#[expect(clippy::struct_field_names, reason = "the names of the options")]
pub(crate) struct DataDir {
    /// The folder of the database and the uploads; created if it does not exist [default: data]
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// The database, such as <postgres://user:password@host/fashion_iq>
    /// [default: the file fashion-iq.sqlite in the data folder]
    #[arg(long, value_name = "URL", env = "FASHION_IQ_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Where uploads are kept, such as <s3://bucket/prefix>
    /// [default: the folder uploads in the data folder]
    #[arg(long, value_name = "URL", env = "FASHION_IQ_STORAGE")]
    storage: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

/// A file of settings.
#[derive(Args, Clone)]
pub(crate) struct ConfigFile {
    /// A TOML file of settings; see `fashion-iq config example`
    #[arg(long, value_name = "FILE", env = "FASHION_IQ_CONFIG")]
    config: Option<PathBuf>,
}

impl DataDir {
    fn settings(&self) -> Result<Settings> {
        let given = RawSettings {
            data_dir: self.data_dir.clone(),
            database: self.database.clone(),
            storage: self.storage.clone(),
            ..RawSettings::default()
        };
        Sources::new(&given, self.config.config.as_deref())?.settings()
    }
}

/// The outcome of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Success: exit code 0.
    Done,
    /// The file or the request has problems, which were printed: exit code 1.
    Problems,
    /// A server could not be reached, or has not finished, which was printed: exit code 3.
    OutOfReach,
}

/// Runs the command line; errors go to standard error with exit code 2.
pub fn main() -> ExitCode {
    crate::allocator::prepare();
    let program = Program::parse();
    // A server logs what it does, but not clients that send nothing; other commands log what goes
    // wrong.
    let sensible = match program.command {
        Command::Serve(_) | Command::Worker(_) => {
            "info,hyper=error,object_store=warn,sea_orm_migration=warn"
        }
        _ => "warn",
    };
    let filter = EnvFilter::try_from_env("FASHION_IQ_LOG").unwrap_or_else(|_| sensible.into());
    let filter = hide_what_is_sent(filter);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A line that can't be written is lost: reporting it on the same standard error panics.
    log.with_ansi(std::io::stderr().is_terminal()).log_internal_errors(false).init();
    match program.command.run() {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Ok(Outcome::OutOfReach) => ExitCode::from(3),
        Err(error) => {
            print_error(format_args!("fashion-iq: {error}"));
            ExitCode::from(2)
        }
    }
}

/// The most detailed log would contain every byte a command sends, and so the team's token.
fn hide_what_is_sent(filter: EnvFilter) -> EnvFilter {
    match "ureq_proto::util=off".parse() {
        Ok(directive) => filter.add_directive(directive),
        Err(_) => filter,
    }
}

impl Command {
    fn run(self) -> Result<Outcome> {
        match self {
            Self::Serve(serve) => {
                domain::private::set_umask();
                in_runtime(serve.run())
            }
            Self::Worker(worker) => {
                domain::private::set_umask();
                in_runtime(worker.run())
            }
            Self::Config(config) => in_runtime(config.run()),
            Self::Doctor(doctor) => in_runtime(doctor.run()),
            Self::Backup(backup) => in_runtime(backup.run()),
            Self::Restore(restore) => in_runtime(restore.run()),
            Self::Archive(archive) => in_runtime(archive.run()),
            Self::Healthcheck(healthcheck) => healthcheck.run(),
            Self::Completions(completions) => completions.run(),
            Self::Challenge(challenge) => in_runtime(challenge.run()),
            Self::Team(team) => in_runtime(team.run()),
            Self::Database(database) => in_runtime(database.run()),
            Self::Scorecards(scorecards) => in_runtime(scorecards.run()),
            Self::Rescoring(rescoring) => in_runtime(rescoring.run()),
            Self::User(user) => in_runtime(user.run()),
            Self::Receipt(receipt) => receipt.run(),
            Self::Submit(submit) => submit.run(),
            Self::Score(score) => score.run(),
            Self::Validate(validate) => validate.run(),
            Self::Benchmark(benchmark) => benchmark.run(),
            Self::Dataset(dataset) => dataset.run(),
        }
    }
}

/// Prints to standard output. A reader that has seen enough (`| head`) is no error.
fn print(text: impl std::fmt::Display) {
    use std::io::Write;
    if let Err(error) = write!(std::io::stdout(), "{text}") {
        let enough = error.kind() == std::io::ErrorKind::BrokenPipe;
        std::process::exit(if enough { 0 } else { 2 });
    }
}

/// Prints a line to standard output.
fn print_line(text: impl std::fmt::Display) {
    print(format_args!("{text}\n"));
}

/// Prints a line to standard error. If nobody reads it, that changes nothing.
fn print_error(text: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Whether a person can be asked.
fn in_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks a question that is answered with yes or no.
fn agreed(question: &str) -> Result<bool> {
    use std::io::{BufRead, Write};
    let failed = |e: std::io::Error| Error::internal("ask", e);
    let mut stderr = std::io::stderr();
    write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush()).map_err(failed)?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// A value as JSON for programs.
fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string_pretty(value).map_err(|e| Error::internal("print JSON", e))
}

fn in_runtime<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|e| Error::internal("start its threads", e))?.block_on(work)
}

async fn open(data_dir: &DataDir) -> Result<std::sync::Arc<crate::App>> {
    crate::App::open(data_dir.settings()?, Ambient::system()).await
}
