//! Normalises the head of a request for everything that follows.
//!
//! The libraries used later read a header as a whole or not at all: one byte beyond ASCII in
//! another cookie would hide the session cookie next to it. Here each part is kept or dropped by
//! itself.

use poem::http::uri::PathAndQuery;
use poem::http::{HeaderMap, HeaderValue, Uri, header};
use poem::{Endpoint, Middleware, Request, Response, Result};

/// Normalises the head of a request for everything that follows.
pub(super) struct Canonical;

impl<E: Endpoint<Output = Response>> Middleware<E> for Canonical {
    type Output = CanonicalEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CanonicalEndpoint(inner)
    }
}

/// The endpoint of [`Canonical`].
pub(super) struct CanonicalEndpoint<E>(E);

impl<E: Endpoint<Output = Response>> Endpoint for CanonicalEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        if let Some(uri) = without_slash(request.uri()) {
            *request.uri_mut() = uri;
        }
        let headers = request.headers_mut();
        set(headers, header::COOKIE, cookies);
        set(headers, header::AUTHORIZATION, bearer);
        set(headers, header::CONTENT_TYPE, media_type);
        self.0.call(request).await
    }
}

/// Replaces a header by the combined value of all its lines, if any.
fn set(headers: &mut HeaderMap, name: header::HeaderName, read: fn(&HeaderMap) -> Option<Vec<u8>>) {
    if !headers.contains_key(&name) {
        return;
    }
    match read(headers).and_then(|value| HeaderValue::from_bytes(&value).ok()) {
        Some(value) => drop(headers.insert(name, value)),
        None => drop(headers.remove(name)),
    }
}

/// The same address without slashes at its end, which is the same page. Responding directly instead
/// of redirecting keeps the method, query and body of every program.
fn without_slash(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let trimmed = path.trim_end_matches('/');
    if trimmed == path || trimmed.is_empty() {
        return None;
    }
    let path = match uri.query() {
        Some(query) => format!("{trimmed}?{query}"),
        None => trimmed.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path).ok()?);
    Uri::from_parts(parts).ok()
}

/// All readable cookies in one line, or nothing if there are none. HTTP/2 clients send several
/// lines (RFC 9113, 8.2.3).
fn cookies(headers: &HeaderMap) -> Option<Vec<u8>> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let pairs = pairs.map(<[u8]>::trim_ascii).filter(|pair| pair.contains(&b'=') && plain(pair));
    let readable: Vec<Vec<u8>> = pairs.map(unquoted).collect();
    (!readable.is_empty()).then(|| readable.join(&b"; "[..]))
}

/// The value of a quoted cookie is between the quotes (RFC 6265, 4.1.1).
fn unquoted(pair: &[u8]) -> Vec<u8> {
    let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
    let (name, value) = pair.split_at(at);
    let value = value.strip_prefix(b"=").unwrap_or(value).trim_ascii();
    let inner = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    [name.trim_ascii(), inner.unwrap_or(value)].join(&b'=')
}

/// A normalised bearer token: the scheme can be in any case, followed by any spaces (RFC 9110,
/// 11.4). Other schemes stay unchanged.
fn bearer(headers: &HeaderMap) -> Option<Vec<u8>> {
    let mut first = None;
    for line in headers.get_all(header::AUTHORIZATION) {
        let line = line.as_bytes().trim_ascii();
        let at = line.iter().position(u8::is_ascii_whitespace).unwrap_or(line.len());
        let (scheme, token) = line.split_at(at);
        if scheme.eq_ignore_ascii_case(b"bearer") {
            return Some([b"Bearer", token.trim_ascii()].join(&b' '));
        }
        first = first.or_else(|| Some(line.to_vec()));
    }
    first
}

/// A media type in lower case (RFC 9110, 8.3.1), with its readable parameters.
fn media_type(headers: &HeaderMap) -> Option<Vec<u8>> {
    let line = headers.get(header::CONTENT_TYPE)?.as_bytes();
    let mut parts = line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let essence = parts.next()?.to_ascii_lowercase();
    let parameters = parts.filter(|part| !part.is_empty() && plain(part)).map(<[u8]>::to_vec);
    let parts: Vec<Vec<u8>> = std::iter::once(essence).chain(parameters).collect();
    Some(parts.join(&b"; "[..]))
}

fn plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| byte.is_ascii() && !byte.is_ascii_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &header::HeaderName, lines: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, HeaderValue::from_bytes(line).unwrap());
        }
        set(&mut headers, header::COOKIE, cookies);
        set(&mut headers, header::AUTHORIZATION, bearer);
        set(&mut headers, header::CONTENT_TYPE, media_type);
        assert!(headers.get_all(name).iter().count() <= 1);
        headers.get(name).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_cookie_that_cannot_be_read_hides_no_other() {
        for (lines, expected) in [
            (&[&b"a=b; s=1"[..]][..], "a=b; s=1"),
            (&[b"a=\xc3\xb8; s=1"], "s=1"),
            (&[b"s=1;a=\xf8"], "s=1"),
            (&[b"a=\xf8", b"s=1", b"t=2"], "s=1; t=2"),
            (&[b"s=\"1\"; ;nothing; t = 2"], "s=1; t=2"),
        ] {
            assert_eq!(read(&header::COOKIE, lines).as_deref(), Some(expected));
        }
        for nothing in [&[][..], &[&b"\xf8"[..]]] {
            assert_eq!(read(&header::COOKIE, nothing), None);
        }
    }

    #[test]
    fn a_bearer_token_is_read_in_any_case_and_behind_any_spaces() {
        for lines in [
            &[&b"Bearer fiq_1"[..]][..],
            &[b"bearer fiq_1"],
            &[b"BEARER  \t fiq_1 "],
            &[b"Basic YTpi", b"bearer fiq_1"],
        ] {
            assert_eq!(read(&header::AUTHORIZATION, lines).as_deref(), Some("Bearer fiq_1"));
        }
        assert_eq!(read(&header::AUTHORIZATION, &[b"Basic  YTpi"]).as_deref(), Some("Basic  YTpi"));
    }

    #[test]
    fn a_media_type_is_read_in_any_case() {
        for (line, expected) in [
            (&b"Multipart/Form-Data; boundary=Xy"[..], "multipart/form-data; boundary=Xy"),
            (b"APPLICATION/JSON", "application/json"),
            (b"text/CSV ;note=\xf8; charset=utf-8", "text/csv; charset=utf-8"),
        ] {
            assert_eq!(read(&header::CONTENT_TYPE, &[line]).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_slash_at_the_end_leads_to_the_same_page() {
        for (typed, expected) in [
            ("/c/fiq/", Some("/c/fiq")),
            ("/c/fiq/val/?sort=overall", Some("/c/fiq/val?sort=overall")),
            ("http://example.org/account//", Some("http://example.org/account")),
            ("/", None),
            ("//", None),
            ("/c/fiq?next=/", None),
        ] {
            let uri = without_slash(&typed.parse().unwrap());
            assert_eq!(uri.map(|uri| uri.to_string()).as_deref(), expected, "{typed}");
        }
    }
}
