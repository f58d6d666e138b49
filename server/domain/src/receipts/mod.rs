//! Receipts: signed statements of what the server scored, which anyone can verify offline.
//!
//! A receipt is made on request from what is stored, so it always states the scorecard that counts.
//! It states only scores that its viewer may see. `docs/receipts.md` defines the format.

mod envelope;
mod keys;
mod statement;

use crate::challenges::{self, Located, Viewer};
use crate::entities::{challenge, final_results, phase, submission};
use crate::error::{Error, Result, rfc3339};
use crate::site::Site;
use crate::submissions;

pub use envelope::{Fault, Receipt, Stated};
pub use keys::{KeyList, PublicKey, ensure_key_signs, prepare_key, public_keys, rotate_key};
pub use statement::{Audience, ResultsStatement, StatedBenchmark, StatedScores, Statement};

/// The receipt of a submission for a viewer, signed with the key that is in use.
pub async fn receipt(
    site: &Site,
    located: &Located,
    row: &submission::Model,
    viewer: Viewer,
) -> Result<Receipt> {
    // Taken before the key is read, so that no statement is dated after its key's end.
    let now = site.ambient.now();
    let of = (&located.phase, &located.benchmark);
    let scored = submissions::scored(&site.db, row, of, viewer, now).await?;
    let scored = scored.ok_or_else(Error::no_receipt)?;
    let commitment = challenges::commitment_digest(&site.db, &located.benchmark).await?;
    let key = keys::current(&site.db).await?;
    let statement = Statement {
        server: site.public_address().map(str::to_owned),
        signed_at: rfc3339(now),
        ..Statement::of((located, commitment), row, &scored, viewer)
    };
    Receipt::sign(&statement, &key)
}

/// The receipt of the final results of a phase, signed with the key that is in use.
pub async fn results_receipt(
    site: &Site,
    (challenge, phase): (&challenge::Model, &phase::Model),
    results: &final_results::Model,
) -> Result<Receipt> {
    let now = site.ambient.now();
    let key = keys::current(&site.db).await?;
    let statement = ResultsStatement {
        challenge: challenge.name.clone(),
        confirmed_at: rfc3339(results.confirmed_at),
        name: results.name.clone(),
        phase: phase.name.clone(),
        server: site.public_address().map(str::to_owned),
        sha256: results.sha256.clone(),
        signed_at: rfc3339(now),
        version: statement::VERSION,
    };
    Receipt::sign_results(&statement, &key)
}
