//! Only our own pages can send forms.
//!
//! Browsers send the origin of a form, and a page of another site can't forge it: in `Sec-Fetch-Site`,
//! or, if that is not sent (over plain http), in `Origin`. A request with neither comes from a program,
//! which has no person's cookie to misuse.

use poem::Request;
use poem::http::header;

use crate::refusal::{Refusal, Result};

/// Refuses a request that may change something and was sent from a page of another site.
pub(super) fn must_be_same_site(request: &Request, base: &str) -> Result<()> {
    if request.method().is_safe() {
        return Ok(());
    }
    let own = match (request.header("sec-fetch-site"), request.header(header::ORIGIN)) {
        // `none`: the user started the request themselves, for example by reloading.
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => is_ours(origin, request.header(header::HOST), base),
        (None, None) => true,
    };
    if own { Ok(()) } else { Err(Refusal::other_site()) }
}

fn is_ours(origin: &str, host: Option<&str>, base: &str) -> bool {
    let named = origin.split_once("://").map(|(_, host)| host);
    origin == base || (named.is_some() && named == host)
}

#[cfg(test)]
mod tests {
    use poem::http::Method;

    use super::*;

    fn taken(method: &Method, headers: &[(&'static str, &'static str)]) -> bool {
        let request = Request::builder().method(method.clone()).header("host", "fiq.example.org");
        let request = headers.iter().fold(request, |r, (name, value)| r.header(*name, *value));
        must_be_same_site(&request.finish(), "https://fiq.example.org").is_ok()
    }

    #[test]
    fn only_our_own_pages_and_programs_change_anything() {
        let ours = ("origin", "https://fiq.example.org");
        let others = ("origin", "https://evil.example");
        assert!(taken(&Method::GET, &[others, ("sec-fetch-site", "cross-site")]));
        assert!(taken(&Method::POST, &[]), "a program");
        assert!(taken(&Method::POST, &[ours]));
        assert!(taken(&Method::POST, &[("origin", "http://fiq.example.org")]), "behind a proxy");
        assert!(taken(&Method::POST, &[ours, ("sec-fetch-site", "same-origin")]));
        for refused in [
            &[others][..],
            &[("origin", "null")],
            &[("origin", "https://fiq.example.org.evil.example")],
            &[ours, ("sec-fetch-site", "cross-site")],
            &[ours, ("sec-fetch-site", "same-site")],
        ] {
            assert!(!taken(&Method::POST, refused), "{refused:?}");
        }
    }
}
