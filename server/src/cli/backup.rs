//! `fashion-iq backup` and `fashion-iq restore`

use std::path::PathBuf;

use clap::Args;
use domain::ambient::Ambient;
use domain::backup::{self, Done};
use domain::error::Result;

use super::{DataDir, Outcome, in_terminal, print_error, print_line};

/// How often progress is printed.
const EVERY: u64 = 1000;

/// Write everything that a server stores into one file: the database, the uploads, and the data sets and
/// hidden targets that its benchmarks name. A server can run at the same time.
///
/// The file is a tar file with a checksum for each entry; it is read back before the command says that it is
/// done. It is as secret as the hidden targets. The settings file is not in it.
///
/// Exit code 1 means that uploads of submissions are missing or damaged; the rest was written.
#[derive(Args)]
pub(crate) struct Backup {
    /// The file to write; it must not exist
    #[arg(value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    data_dir: DataDir,
}

/// Restore a backup in a new data folder.
///
/// The folder appears complete, or not at all. It also holds the backup's data sets and targets, so nothing else
/// is needed to start a server there: `fashion-iq serve --data-dir DIR`.
#[derive(Args)]
pub(crate) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    from: PathBuf,
    /// The new data folder; it must not exist, or be empty
    #[arg(long, value_name = "DIR", required_unless_present = "check")]
    data_dir: Option<PathBuf>,
    /// Only check that the backup is whole
    #[arg(long, conflicts_with = "data_dir")]
    check: bool,
}

impl Backup {
    pub(super) async fn run(self) -> Result<Outcome> {
        let settings = self.data_dir.settings()?;
        let now = Ambient::system().now();
        let shows = in_terminal();
        let report = |done: u64, all: u64| {
            if shows && (done.is_multiple_of(EVERY) || done == all) {
                print_error(format_args!("{done} of {all} uploads"));
            }
        };
        let made = (env!("CARGO_PKG_VERSION"), now);
        let done = backup::make(&settings.data_folder(now), &self.to, made, &report).await?;
        print_line(format_args!("{}: {}", self.to.display(), told(&done)));
        print_line("It is secret: it has the hidden targets and the keys of the server.");
        for id in &done.missing {
            print_error(format_args!("the upload of submission {id} is missing or damaged"));
        }
        Ok(if done.missing.is_empty() { Outcome::Done } else { Outcome::Problems })
    }
}

impl Restore {
    pub(super) async fn run(self) -> Result<Outcome> {
        domain::private::set_umask();
        let Some(data_dir) = self.data_dir else {
            let done = backup::verify(&self.from)?;
            print_line(format_args!("{} is whole: {}", self.from.display(), told(&done)));
            return Ok(Outcome::Done);
        };
        let done = backup::restore(&self.from, &data_dir, Ambient::system().now()).await?;
        print_line(format_args!("{}: {}", data_dir.display(), told(&done)));
        print_line(format_args!("Start it: fashion-iq serve --data-dir {}", data_dir.display()));
        Ok(Outcome::Done)
    }
}

fn told(done: &Done) -> String {
    let Done { about, uploads, bytes, .. } = done;
    format!(
        "{} submissions, {uploads} uploads, {} data sets, {} files of targets, {:.1} MB, made at {} by release {}",
        about.submissions,
        about.folders.len(),
        about.targets.len(),
        *bytes as f64 / 1e6,
        about.made_at,
        about.release
    )
}
