//! Uploads in a bucket of an S3-compatible store.
//!
//! Credentials, region and endpoint come from the variables that all programs of such stores read
//! (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`), or from the role
//! of the machine.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::prefix::PrefixStore;
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, path::Path,
};

use crate::error::{Error, Result};

/// How long one request to the store may take, and how long it is tried again.
const REQUEST: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);
const TRIES: usize = 3;
const TRYING: Duration = Duration::from_secs(20);

/// An object that is written and removed at a start, to know that this is possible.
const PROBE: &str = ".probe";

/// A bucket, and a prefix in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    name: String,
    prefix: String,
}

impl Bucket {
    /// Reads a URL such as `s3://bucket/prefix`.
    pub fn read(url: &str) -> Result<Self, String> {
        let wrong = || "it must be a URL such as s3://bucket/prefix".to_owned();
        let rest = url.strip_prefix("s3://").ok_or_else(wrong)?;
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        if name.is_empty() || !name.chars().all(fits) {
            return Err(wrong());
        }
        let prefix = Path::parse(prefix.trim_matches('/')).map_err(|_| wrong())?;
        Ok(Self { name: name.to_owned(), prefix: prefix.to_string() })
    }

    /// Connects, and tries to list, to write and to remove. What is wrong is said in a sentence that
    /// names the setting, before anything is accepted.
    pub(super) async fn open(&self) -> Result<Arc<dyn ObjectStore>> {
        let objects = self.connect().map_err(|e| self.wrong(&e))?;
        let objects = PrefixStore::new(objects, self.prefix.as_str());
        let probe = Path::from(PROBE);
        let tried = async {
            // First, since only a list doesn't say that the bucket itself is missing.
            objects.put(&probe, PutPayload::from_static(b"probe")).await?;
            objects.list(None).try_next().await?;
            match objects.delete(&probe).await {
                // Another server has removed it.
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        };
        tried.await.map_err(|e| self.wrong(&e))?;
        Ok(Arc::new(objects))
    }

    fn connect(&self) -> Result<AmazonS3, object_store::Error> {
        // TLS needs one source of its algorithms; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = |name| std::env::var(name).is_ok_and(|url: String| url.starts_with("http://"));
        let options = ClientOptions::new()
            // An operator who writes http:// means it.
            .with_allow_http(plain("AWS_ENDPOINT_URL") || plain("AWS_ENDPOINT_URL_S3"))
            .with_timeout(REQUEST)
            .with_connect_timeout(CONNECT);
        let retry =
            RetryConfig { max_retries: TRIES, retry_timeout: TRYING, ..RetryConfig::default() };
        AmazonS3Builder::from_env()
            .with_bucket_name(&self.name)
            .with_client_options(options)
            .with_retry(retry)
            .build()
    }

    fn wrong(&self, error: &object_store::Error) -> Error {
        use object_store::Error as E;
        let why = match error {
            E::NotFound { .. } => {
                "there is no such bucket; create it, or check its name and AWS_ENDPOINT_URL"
                    .to_owned()
            }
            E::PermissionDenied { .. } | E::Unauthenticated { .. } => {
                "access is denied; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and allow to \
                 list the bucket and to get, put and delete its objects"
                    .to_owned()
            }
            error => {
                // The whole chain has several lines, and the request's address.
                tracing::debug!(%error, "the object store can't be used");
                "the object store can't be used; check AWS_ENDPOINT_URL, AWS_REGION and the way to it"
                    .to_owned()
            }
        };
        Error::unusable(format!("setting `storage` ({self}): {why}"))
    }
}

impl Display for Bucket {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.name)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_read_from_its_url() {
        for (url, shown) in [
            ("s3://fashion-iq", "s3://fashion-iq"),
            ("s3://fashion-iq/", "s3://fashion-iq"),
            ("s3://fashion-iq/a/challenge/", "s3://fashion-iq/a/challenge"),
        ] {
            assert_eq!(Bucket::read(url).unwrap().to_string(), shown);
        }
        for wrong in ["fashion-iq", "s3://", "s3:///prefix", "gs://fashion-iq", "s3://a b/c"] {
            assert!(Bucket::read(wrong).unwrap_err().contains("s3://bucket/prefix"), "{wrong}");
        }
    }
}
