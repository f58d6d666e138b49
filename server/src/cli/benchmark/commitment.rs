//! `fashion-iq benchmark commitment`

use std::path::PathBuf;

use clap::Args;
use domain::error::{Error, Result};
use scoring::SALT_BYTES;
use serde_json::json;

use crate::cli::score::BenchmarkArgs;
use crate::cli::{Outcome, print_line};

/// Print the commitment to the targets of a benchmark, to compare it with the published one.
///
/// A server publishes a commitment to hidden targets before anyone submits, and its salt after the
/// reveal. Use the data as the server publishes it, with its names of items and queries.
/// docs/commitment.md explains the digest.
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 printed, and equal to --expect if that is given; 1 not equal; \
                        2 the data, the targets or the salt can't be read."
)]
pub(crate) struct Commitment {
    #[command(flatten)]
    data: BenchmarkArgs,
    /// The targets, where the data folder has none: a JSON object of items by query.
    #[arg(long, value_name = "FILE")]
    targets: Option<PathBuf>,
    /// The salt, as the server publishes it after the reveal.
    #[arg(long, value_name = "HEX", value_parser = read_salt)]
    salt: [u8; SALT_BYTES],
    /// The published commitment, to compare with.
    #[arg(long, value_name = "HEX")]
    expect: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Commitment {
    pub(super) fn run(self) -> Result<Outcome> {
        let benchmark = self.data.benchmark(self.targets.as_deref())?;
        let digest = benchmark.commitment(&self.salt).ok_or_else(|| {
            let how = "name them with --targets";
            Error::unusable(format!("split `{}` has no targets here; {how}", benchmark.split()))
        })?;
        let is_equal = self.expect.as_ref().map(|it| it.trim().eq_ignore_ascii_case(&digest));
        if self.json {
            print_line(json!({ "commitment": digest, "equal": is_equal }));
        } else {
            print_line(&digest);
            match is_equal {
                Some(true) => print_line("equal: these are the targets of the commitment"),
                Some(false) => print_line("NOT EQUAL: other targets, or another salt"),
                None => {}
            }
        }
        Ok(if is_equal == Some(false) { Outcome::Problems } else { Outcome::Done })
    }
}

fn read_salt(text: &str) -> Result<[u8; SALT_BYTES], String> {
    let mut salt = [0; SALT_BYTES];
    match hex::decode_to_slice(text, &mut salt) {
        Ok(()) => Ok(salt),
        Err(_) => Err(format!("a salt is {SALT_BYTES} bytes in hex")),
    }
}
