//! Forms are taken from our own pages only.
//!
//! Browsers say where a form was sent from, and a page of another site can't make them say something
//! else: in `Sec-Fetch-Site`, and where that is not sent (over plain http) in `Origin`. A request
//! that holds neither comes from a program, which has no person's cookie to misuse.

use poem::Request;
use poem::http::header;

use crate::error::{Error, Result};

/// Refuses whatever may change something and was sent from a page of another site.
pub(super) fn must_be_same_site(request: &Request, base: &str) -> Result<()> {
    if request.method().is_safe() {
        return Ok(());
    }
    let own = match (request.header("sec-fetch-site"), request.header(header::ORIGIN)) {
        // `none`: the person did it themselves, by reloading for instance.
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => is_ours(origin, request.header(header::HOST), base),
        (None, None) => true,
    };
    if own { Ok(()) } else { Err(Error::other_site()) }
}

fn is_ours(origin: &str, host: Option<&str>, base: &str) -> bool {
    let named = origin.split_once("://").map(|(_, host)| host);
    origin == base || (named.is_some() && named == host)
}
