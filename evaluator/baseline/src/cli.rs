//! The commands of the program `fashion-iq-baseline`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use dataset::{Folder, Protocol};

use crate::error::{Error, Result};
use crate::model::{MODELS, Model};
use crate::run::{rank_group, write_run};

/// The organisers' reference models of the Fashion IQ Challenge.
///
/// They rank like any team, and hand in over the public API: `rank` writes an official zip, and
/// `fashion-iq submit` uploads it.
#[derive(Parser)]
#[command(name = "fashion-iq-baseline", version, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done; 1 it could not be done; 2 wrong usage.")]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Rank every query of a split and write an official zip.
    Rank {
        /// Which model; see `list`.
        #[arg(long)]
        model: String,
        /// The data set, in the layout of the official repositories.
        #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
        data: PathBuf,
        /// The split to rank.
        #[arg(long)]
        split: String,
        /// Orders items that the model finds equal; the same seed gives the same file.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The zip to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// List the models.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command line.
pub fn main() -> ExitCode {
    match Program::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fashion-iq-baseline: {error}");
            ExitCode::from(1)
        }
    }
}

impl Command {
    fn run(self) -> Result<()> {
        match self {
            Self::Rank { model, data, split, seed, out } => {
                let model = Model::named(&model).ok_or(Error::NoModel(model))?;
                rank(model, &Folder::new(data), &split, seed, &out)
            }
            Self::List { json } => {
                list(json);
                Ok(())
            }
        }
    }
}

fn rank(model: Model, data: &Folder, split: &str, seed: u64, out: &std::path::Path) -> Result<()> {
    let split = data.split(split, Protocol::Original)?;
    let mut ranked = Vec::new();
    for group in &split.groups {
        let attributes = data.attributes(&group.name, &split.name)?;
        ranked.push(rank_group(model, group, &attributes, seed));
    }
    write_run(out, &split.name, &ranked)?;
    let queries: usize = ranked.iter().map(|group| group.rankings.len()).sum();
    println!("{}: {queries} rankings by `{}`", out.display(), model.name);
    Ok(())
}

fn list(json: bool) {
    if json {
        let all =
            MODELS.map(|model| serde_json::json!({ "name": model.name, "about": model.about }));
        println!("{}", serde_json::Value::from(all.to_vec()));
        return;
    }
    for model in MODELS {
        println!("{:12} {}", model.name, model.about);
    }
}
