//! A bucket of moto's server, a program that speaks the API of S3. The variable `MOTO_SERVER` names it; see
//! .ci/test.

use std::process::{Child, Command};

use crate::neighbours::{end, started};
use crate::{Client, free_port};

/// The name of the bucket.
const NAME: &str = "fiq";

/// A bucket; its store is ended when it is dropped, and forgets everything.
pub struct Bucket {
    child: Child,
    endpoint: String,
    /// Its URL for the setting `storage`.
    pub url: String,
}

impl Bucket {
    /// Starts a store with an empty bucket, of which the server uses a prefix.
    pub fn start(prefix: &str) -> Self {
        let program = std::env::var("MOTO_SERVER").expect("it names a program; see .ci/test");
        let port = free_port();
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let child = started(command, port);
        let endpoint = format!("http://127.0.0.1:{port}");
        let made = ureq::put(format!("{endpoint}/{NAME}")).send_empty().unwrap();
        assert_eq!(made.status(), 200);
        Self { child, endpoint, url: format!("s3://{NAME}/{prefix}") }
    }

    /// The variables by which a program finds it.
    pub fn variables(&self) -> [(&str, &str); 4] {
        [
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_ACCESS_KEY_ID", "tests"),
            ("AWS_SECRET_ACCESS_KEY", "hush"),
            ("AWS_REGION", "us-east-1"),
        ]
    }

    /// Where the store listens.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The keys of all objects, which a store lists in pieces of a thousand.
    pub fn keys(&self) -> Vec<String> {
        let client = Client::new(&self.endpoint);
        let mut all: Vec<String> = Vec::new();
        loop {
            let after = all.last().cloned().unwrap_or_default();
            let list = client.get(&format!("/{NAME}?list-type=2&start-after={after}")).text;
            let keys = list.split("<Key>").skip(1);
            let before = all.len();
            all.extend(keys.map(|rest| rest.split('<').next().unwrap_or_default().to_owned()));
            if all.len() == before {
                return all;
            }
        }
    }

    /// Removes an object behind the server's back.
    pub fn delete(&self, key: &str) {
        // Somebody has to sign; whether the signature is right isn't looked at.
        let signed = "AWS4-HMAC-SHA256 Credential=tests/20260101/us-east-1/s3/aws4_request, \
                      SignedHeaders=host, Signature=0";
        let gone = ureq::delete(format!("{}/{NAME}/{key}", self.endpoint));
        let gone = gone.header("Authorization", signed).call().unwrap();
        assert_eq!(gone.status(), 204);
    }

    /// Ends the store, with all that is in it.
    pub fn stop(&mut self) {
        end(&mut self.child);
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.stop();
    }
}
