//! Conditional requests, for pages and API alike (RFC 9110, section 13).

use poem::http::{HeaderMap, header};
use sha2::{Digest, Sha256};

/// The entity tag of these bytes. Another encoding of the same content has other bytes, so another
/// tag.
pub(crate) fn tag_of(bytes: &[u8]) -> String {
    format!("\"{:.32}\"", hex::encode(Sha256::digest(bytes)))
}

/// Whether the client already has the content with this tag: `If-None-Match` is compared weakly,
/// and can be a list or `*` (RFC 9110, 13.1.2).
pub(crate) fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().any(|line| names(line.as_bytes(), tag.as_bytes()))
}

fn names(line: &[u8], tag: &[u8]) -> bool {
    if line.trim_ascii() == b"*" {
        return true;
    }
    // A tag can contain a comma, so tags are read one by one and not split.
    let mut rest = line;
    loop {
        let skipped = rest.iter().take_while(|byte| b" \t,".contains(byte)).count();
        rest = &rest[skipped..];
        rest = rest.strip_prefix(b"W/").unwrap_or(rest);
        let Some(inner) = rest.strip_prefix(b"\"") else { return false };
        let Some(end) = inner.iter().position(|byte| *byte == b'"') else { return false };
        if &rest[..end + 2] == tag {
            return true;
        }
        rest = &rest[end + 2..];
    }
}

/// Whether the client accepts gzip, by its encodings and weights (RFC 9110, 12.5.3).
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    let codings: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    let weight = |name: &str| {
        codings.iter().find_map(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let named = parts.next()?.eq_ignore_ascii_case(name);
            let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
            named.then(|| weight.map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0)))
        })
    };
    let own = weight("gzip").or_else(|| weight("x-gzip"));
    own.or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    fn one(name: header::HeaderName, line: &[u8]) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_bytes(line).unwrap())])
    }

    #[test]
    fn weak_tags_lists_and_the_star_are_compared() {
        let tag = "\"ab\"";
        for known in [
            &b"\"ab\""[..],
            b"W/\"ab\"",
            b"*",
            b" * ",
            b"\"x\", \"ab\"",
            b"\"x,y\",W/\"ab\" , \"z\"",
            b"\"\xf8\", \"ab\"",
            b", \"ab\"",
        ] {
            assert!(has_already(&one(header::IF_NONE_MATCH, known), tag), "{known:?}");
        }
        for other in [&b"\"abc\""[..], b"ab", b"", b"\"a\", \"b\"", b"\"ab", b"\"x,\"ab\"\""] {
            assert!(!has_already(&one(header::IF_NONE_MATCH, other), tag), "{other:?}");
        }
        assert!(!has_already(&HeaderMap::new(), tag));
    }

    #[test]
    fn gzip_is_taken_by_its_weight() {
        for (line, takes) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("*", true),
            ("gzip;q=0, *", false),
            ("br", false),
            ("identity;q=1, *;q=0", false),
        ] {
            let headers = one(header::ACCEPT_ENCODING, line.as_bytes());
            assert_eq!(takes_gzip(&headers), takes, "{line}");
        }
    }
}
