//! Checks which host a request is for.

use poem::Request;
use poem::http::{StatusCode, Version, header};

use crate::refusal::{Refusal, Result};

/// The maximum length of a host name with its port, in bytes.
const LENGTH: usize = 300;

/// Refuses a request with no host, several hosts, or an invalid one (RFC 9112, 3.2): a proxy and
/// this server might each use a different one.
pub(super) fn check_host(request: &Request) -> Result<()> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let wrong = |rule: &str| Err(Refusal::http(StatusCode::BAD_REQUEST, rule));
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.as_bytes(),
        (Some(_), Some(_)) => return wrong("the request has two Host headers; send one"),
        // Older clients need not send one.
        (None, _) if request.version() < Version::HTTP_11 => return Ok(()),
        (None, _) => return wrong("the request has no Host header; send one"),
    };
    let part_of_one = |c: &u8| c.is_ascii_alphanumeric() || b".-_:[]%~".contains(c);
    if host.is_empty() || host.len() > LENGTH || !host.iter().all(part_of_one) {
        return wrong(
            "the Host header must be a host name or an IP address, with a port or without",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(hosts: &[&str], version: Version) -> Option<u16> {
        let request = Request::builder().version(version);
        let request = hosts.iter().fold(request, |request, host| request.header("host", *host));
        check_host(&request.finish()).err().map(|error| error.status.as_u16())
    }

    #[test]
    fn a_request_is_for_one_host() {
        for good in ["localhost", "fiq.example.org:8443", "[::1]:8080", "127.0.0.1", "my_host"] {
            assert_eq!(status(&[good], Version::HTTP_11), None, "{good}");
        }
        assert_eq!(status(&[], Version::HTTP_10), None);
        assert_eq!(status(&[], Version::HTTP_11), Some(400));
        assert_eq!(status(&["a", "b"], Version::HTTP_11), Some(400));
        assert_eq!(status(&["a", "a"], Version::HTTP_10), Some(400));
        for bad in ["", "a b", "user@a", "a/b", "a,b", "a?b", &"x".repeat(301)] {
            assert_eq!(status(&[bad], Version::HTTP_11), Some(400), "{bad}");
        }
    }
}
