//! A signed statement as a file.

use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::keys::{PublicKey, SigningKey};
use super::statement::{ResultsStatement, Statement, VERSION};
use crate::error::{Error, Result};

/// The type of the payload; it is signed too, so that no other signed text can pass as a receipt.
const TYPE: &str = "application/vnd.fashion-iq.receipt.v1+json";

/// The type of the payload of final results.
const RESULTS_TYPE: &str = "application/vnd.fashion-iq.results.v1+json";

/// A key that was replaced while it signed, or clocks of two servers, are no forgery.
const TOLERANCE: Duration = Duration::minutes(1);

/// A signed statement: the content of a receipt's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The id of the key that signed it.
    pub key: String,
    /// The statement as JSON: exactly the signed bytes.
    pub payload: String,
    /// The key itself, in Base64. It shows that the receipt is unchanged, not who made it.
    pub public_key: String,
    /// The signature of type and payload, in Base64.
    pub signature: String,
    /// The type of the payload.
    #[serde(rename = "type")]
    pub kind: String,
}

/// What a valid receipt states.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Stated {
    /// A submission and its scores.
    Submission(Box<Statement>),
    /// The final results of a phase.
    Results(ResultsStatement),
}

/// Why a receipt isn't valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is of another type or version.
    #[error(
        "it is not a receipt that this program knows (type `{0}`); a newer release may know it"
    )]
    Type(String),
    /// The key's id isn't that of the key in the file.
    #[error("the key in the file does not have the id `{0}` that the file says")]
    KeyId(String),
    /// Its key isn't among the trusted ones.
    #[error("it is signed with key `{0}`, which is not one of the trusted keys")]
    UnknownKey(String),
    /// The signature is wrong.
    #[error("the signature is wrong: the receipt was changed, or is a forgery")]
    Signature,
    /// It is signed, but states nothing that can be read.
    #[error("it is signed, but this program can’t read what it states ({0})")]
    Payload(String),
    /// It says that it was signed when its key was no longer in use.
    #[error("it says that it was signed at {signed}, but its key `{key}` was retired at {retired}")]
    Retired {
        /// The id of the key.
        key: String,
        /// When it was signed, by its own account.
        signed: String,
        /// When the key was retired.
        retired: String,
    },
}

impl Receipt {
    /// Signs a statement about a submission.
    pub(super) fn sign(statement: &Statement, key: &SigningKey) -> Result<Self> {
        Self::of(TYPE, statement, key)
    }

    /// Signs a statement about final results.
    pub(super) fn sign_results(statement: &ResultsStatement, key: &SigningKey) -> Result<Self> {
        Self::of(RESULTS_TYPE, statement, key)
    }

    fn of(kind: &str, statement: &impl Serialize, key: &SigningKey) -> Result<Self> {
        let payload = serde_json::to_string(statement);
        let payload = payload.map_err(|e| Error::internal("write a receipt", e))?;
        Ok(Self {
            key: key.public.id.clone(),
            signature: key.sign(&signed_bytes(kind, &payload)),
            payload,
            public_key: key.public.public_key.clone(),
            kind: kind.to_owned(),
        })
    }

    /// Reads the content of a file.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(|e| {
            let why = "it may be cut off or damaged, or be another file";
            Error::unusable(format!("this is not a receipt ({e}); {why}"))
        })
    }

    /// The content of its file.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Error::internal("write a receipt", e))
    }

    /// What it states, if it is valid: signed with a trusted key, or if none are given, with the key
    /// in the file.
    pub fn verify(&self, trusted: Option<&[PublicKey]>) -> Result<Stated, Fault> {
        if ![TYPE, RESULTS_TYPE].contains(&&*self.kind) {
            return Err(Fault::Type(self.kind.clone()));
        }
        let in_file = PublicKey::read(&self.public_key).map_err(|_| Fault::Signature)?;
        if in_file.id != self.key {
            return Err(Fault::KeyId(self.key.clone()));
        }
        let key = match trusted {
            Some(trusted) => {
                let own = trusted.iter().find(|key| key.public_key == in_file.public_key);
                own.ok_or_else(|| Fault::UnknownKey(self.key.clone()))?
            }
            None => &in_file,
        };
        if !key.verifies(&signed_bytes(&self.kind, &self.payload), &self.signature) {
            return Err(Fault::Signature);
        }
        let stated = self.stated().map_err(|e| Fault::Payload(e.to_string()))?;
        if stated.version() != VERSION {
            return Err(Fault::Payload(format!("version {}", stated.version())));
        }
        let signed = OffsetDateTime::parse(stated.signed_at(), &Rfc3339);
        let signed = signed.map_err(|e| Fault::Payload(format!("signed_at: {e}")))?;
        match key.retired() {
            Some(retired) if signed > retired.saturating_add(TOLERANCE) => Err(Fault::Retired {
                key: key.id.clone(),
                signed: stated.signed_at().to_owned(),
                retired: key.retired_at.clone().unwrap_or_default(),
            }),
            _ => Ok(stated),
        }
    }

    fn stated(&self) -> serde_json::Result<Stated> {
        if self.kind == RESULTS_TYPE {
            serde_json::from_str(&self.payload).map(Stated::Results)
        } else {
            serde_json::from_str(&self.payload).map(|it| Stated::Submission(Box::new(it)))
        }
    }
}

impl Stated {
    /// The SHA-256 of the file that it is about, in hex: the upload, or the document of the results.
    pub fn file_sha256(&self) -> &str {
        match self {
            Self::Submission(it) => &it.upload_sha256,
            Self::Results(it) => &it.sha256,
        }
    }

    fn version(&self) -> u32 {
        match self {
            Self::Submission(it) => it.version,
            Self::Results(it) => it.version,
        }
    }

    fn signed_at(&self) -> &str {
        match self {
            Self::Submission(it) => &it.signed_at,
            Self::Results(it) => &it.signed_at,
        }
    }
}

/// The bytes that are signed: the pre-authentication encoding of DSSE, version 1. Lengths keep type
/// and payload apart.
fn signed_bytes(kind: &str, payload: &str) -> Vec<u8> {
    format!("DSSEv1 {} {kind} {} {payload}", kind.len(), payload.len()).into_bytes()
}

#[cfg(test)]
mod tests;
