//! `fashion-iq receipt verify`

use std::path::{Path, PathBuf};

use clap::Args;
use domain::error::{Error, Result};
use domain::receipts::{Fault, KeyList, PublicKey, Receipt, Stated};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::statement::{Words, plain};
use crate::cli::run_file::RunFile;
use crate::cli::{Outcome, print, print_line};

/// A receipt has about 1.5 KB; a list has a few keys.
const MOST_BYTES: u64 = 1 << 20;

/// Verify a receipt offline, and print what it states.
///
/// A receipt contains the public key that verifies it, which shows only that the receipt wasn't
/// changed since: anyone can make a key. To check who signed it, give the keys of the server, which
/// are at /api/v1/receipt-keys there. docs/receipts.md explains the format.
#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 valid; 1 not valid, or the upload is another file; 2 a file \
                        can't be read, or is not a receipt.\n\nExample:\n  curl -o keys.json \
                        https://…/api/v1/receipt-keys\n  fashion-iq receipt verify receipt.json \
                        --keys keys.json --upload run.zip"
)]
pub(crate) struct Verify {
    /// The receipt.
    file: PathBuf,
    /// The server's public keys, as downloaded from /api/v1/receipt-keys.
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    keys: Option<PathBuf>,
    /// The server's public key, in Base64.
    #[arg(long, value_name = "PUBLIC_KEY", value_parser = PublicKey::read)]
    key: Option<PublicKey>,
    /// The file that was uploaded, or the document of final results, to check that the receipt is
    /// about it.
    #[arg(long, value_name = "FILE", alias = "document")]
    upload: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What was found.
struct Findings {
    stated: Result<Stated, Fault>,
    key: String,
    is_trusted: bool,
    /// The SHA-256 of the upload, if one was given.
    upload: Option<String>,
}

impl Verify {
    pub(super) fn run(self) -> Result<Outcome> {
        let receipt = Receipt::read(&read(&self.file)?).map_err(|e| named(&self.file, &e))?;
        let trusted = match (&self.keys, &self.key) {
            (Some(file), _) => Some(KeyList::read(&read(file)?).map_err(|e| named(file, &e))?.keys),
            (None, Some(key)) => Some(vec![key.clone()]),
            (None, None) => None,
        };
        let upload = match &self.upload {
            Some(file) => Some(hex::encode(Sha256::digest(RunFile::open(file)?.into_bytes()?))),
            None => None,
        };
        let findings = Findings {
            stated: receipt.verify(trusted.as_deref()),
            key: receipt.key,
            is_trusted: trusted.is_some(),
            upload,
        };
        if self.json {
            findings.print_json();
        } else {
            findings.print();
        }
        Ok(if findings.are_good() { Outcome::Done } else { Outcome::Problems })
    }
}

impl Findings {
    /// Whether the upload is the one that the receipt is about, if one was given.
    fn upload_matches(&self) -> Option<bool> {
        let (stated, upload) = (self.stated.as_ref().ok()?, self.upload.as_ref()?);
        Some(stated.file_sha256() == upload)
    }

    fn are_good(&self) -> bool {
        self.stated.is_ok() && self.upload_matches() != Some(false)
    }

    fn print(&self) {
        let stated = match &self.stated {
            Ok(stated) => stated,
            Err(fault) => {
                return print_line(format_args!("NOT VALID: {}", plain(&fault.to_string())));
            }
        };
        print(Words(stated));
        let key = &self.key;
        if self.is_trusted {
            print_line(format_args!("signature: valid, by the trusted key {key}"));
        } else {
            print_line(format_args!(
                "signature: unchanged since key {key} signed it. That key comes with the receipt, so \
                 this does not show who made it: give the server's keys with --keys"
            ));
        }
        match self.upload_matches() {
            Some(true) => print_line("file: the same file"),
            Some(false) => {
                print_line("NOT VALID: this file is another one than the receipt is about");
            }
            None => {}
        }
    }

    fn print_json(&self) {
        print_line(json!({
            "valid": self.are_good(),
            "trusted": self.is_trusted && self.stated.is_ok(),
            "key": self.key,
            "problem": self.stated.as_ref().err().map(ToString::to_string),
            "upload_matches": self.upload_matches(),
            "statement": self.stated.as_ref().ok(),
        }));
    }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    dataset::read_file(file, MOST_BYTES).map_err(Error::unusable)
}

fn named(file: &Path, error: &Error) -> Error {
    Error::unusable(format!("{}: {error}", file.display()))
}
