//! Sends files of any length from the disk, whole or in part.

use std::fmt::Write as _;
use std::io::SeekFrom;
use std::path::Path;

use domain::challenges::DataFile;
use domain::error::Error;
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Body, IntoResponse, Request, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::api::Problem;
use crate::refusal::{Refusal, Result};
use crate::serve::has_already;

/// A response with a file or a part of it.
pub struct Download(Response);

/// Which part of a file is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The whole file, also if the `Range` can't be read.
    Whole,
    /// From one byte to another, both included.
    Bytes(u64, u64),
    /// A part that the file doesn't have.
    Outside,
}

impl Download {
    /// Responds with a file as requested (RFC 9110, 13 and 14). The checksum shows a client whether
    /// the file is still the same, so an interrupted download can be resumed.
    pub async fn of(request: &Request, path: &Path, file: &DataFile, name: &str) -> Result<Self> {
        let tag = format!("\"{}\"", file.sha256);
        let headers = request.headers();
        if has_already(headers, &tag) {
            return Ok(Self(about(&tag, StatusCode::NOT_MODIFIED, None)));
        }
        let part = match wanted(request, &tag) {
            Some(range) => part(range, file.bytes),
            None => Part::Whole,
        };
        let (first, length, status) = match part {
            Part::Whole => (0, file.bytes, StatusCode::OK),
            Part::Bytes(first, last) => (first, last - first + 1, StatusCode::PARTIAL_CONTENT),
            Part::Outside => return Ok(Self(outside(&tag, file.bytes))),
        };
        let failed = |e: std::io::Error| Error::io("read a download", e);
        let mut open = File::open(path).await.map_err(failed)?;
        open.seek(SeekFrom::Start(first)).await.map_err(failed)?;
        let mut response = about(&tag, status, Some(Body::from_async_read(open.take(length))));
        let mut put = |name: HeaderName, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        };
        put(header::CONTENT_LENGTH, length.to_string());
        put(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""));
        let packed = path.extension().is_some_and(|ending| ending == "zip");
        let media_type = if packed { "application/zip" } else { "application/json; charset=utf-8" };
        put(header::CONTENT_TYPE, media_type.to_owned());
        if status == StatusCode::PARTIAL_CONTENT {
            let last = first + length - 1;
            put(header::CONTENT_RANGE, format!("bytes {first}-{last}/{}", file.bytes));
        }
        Ok(Self(response))
    }
}

/// The headers of a file in every response.
fn about(tag: &str, status: StatusCode, body: Option<Body>) -> Response {
    let response = Response::builder()
        .status(status)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::ETAG, tag)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response.body(body.unwrap_or_else(Body::empty))
}

fn outside(tag: &str, bytes: u64) -> Response {
    let mut response = Problem::of(&Refusal::outside(bytes)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let values =
        [(header::ETAG, tag.to_owned()), (header::CONTENT_RANGE, format!("bytes */{bytes}"))];
    for (name, value) in values {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}

/// The header `Range` where it applies: only for `GET`, and only if the file matches `If-Range`. We
/// send no `Last-Modified`, so a date in `If-Range` never matches.
fn wanted<'a>(request: &'a Request, tag: &str) -> Option<&'a str> {
    if request.method() != Method::GET {
        return None;
    }
    let text = |name: HeaderName| request.headers().get(name)?.to_str().ok();
    let same = match request.headers().get(header::IF_RANGE) {
        Some(known) => known.as_bytes() == tag.as_bytes(),
        None => true,
    };
    text(header::RANGE).filter(|_| same)
}

/// The part that a `Range` asks for of a file with this length. The whole file if it asks for
/// several parts or can't be read.
fn part(range: &str, length: u64) -> Part {
    let Some((unit, named)) = range.split_once('=') else { return Part::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Part::Whole;
    }
    let mut ranges = named.split(',').map(str::trim).filter(|range| !range.is_empty());
    let (Some(only), None) = (ranges.next(), ranges.next()) else { return Part::Whole };
    let Some((first, last)) = only.split_once('-') else { return Part::Whole };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => {
            if first < length {
                Part::Bytes(first, last.min(length - 1))
            } else {
                Part::Outside
            }
        }
        (Some(first), None) if last.is_empty() => {
            if first < length {
                Part::Bytes(first, length - 1)
            } else {
                Part::Outside
            }
        }
        (None, Some(last)) if first.is_empty() => {
            let wanted = last.min(length);
            if wanted > 0 { Part::Bytes(length - wanted, length - 1) } else { Part::Outside }
        }
        _ => Part::Whole,
    }
}

/// A number of digits only; one that is too large becomes the largest number.
fn number(digits: &str) -> Option<u64> {
    let good = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    good.then(|| digits.parse().unwrap_or(u64::MAX))
}

impl IntoResponse for Download {
    fn into_response(self) -> Response {
        self.0
    }
}

impl ApiResponse for Download {
    fn meta() -> MetaResponses {
        let file = || MetaMediaType {
            content_type: "application/zip",
            schema: MetaSchemaRef::Inline(Box::new(MetaSchema {
                format: Some("binary"),
                ..MetaSchema::new("string")
            })),
        };
        let response = |(status, description, content)| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: vec![],
        };
        let problem = <Refusal as ApiResponse>::meta().responses.swap_remove(0).content;
        let responses = [
            (200, "The file", vec![file()]),
            (206, "The part of the file that `Range` asks for", vec![file()]),
            (304, "The file matches `If-None-Match`: it has not changed", vec![]),
            (416, "The file has no such part; `Content-Range` gives its length", problem),
        ];
        MetaResponses { responses: responses.map(response).into() }
    }

    fn register(registry: &mut Registry) {
        <Refusal as ApiResponse>::register(registry);
    }
}

/// The name to save a file under, made of words that are safe in URLs.
pub fn saved_as(words: &[&str], ending: &str) -> String {
    let mut name = words.join("-");
    let _ = write!(name, ".{ending}");
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_names_a_part_or_else_the_whole_is_sent() {
        let cases = [
            ("bytes=0-0", Part::Bytes(0, 0)),
            ("bytes=0-99", Part::Bytes(0, 9)),
            ("bytes=4-", Part::Bytes(4, 9)),
            ("bytes=-3", Part::Bytes(7, 9)),
            ("bytes=-99", Part::Bytes(0, 9)),
            ("Bytes= 2-3 ,", Part::Bytes(2, 3)),
            ("bytes=0-99999999999999999999999", Part::Bytes(0, 9)),
            ("bytes=10-", Part::Outside),
            ("bytes=99999999999999999999999-", Part::Outside),
            ("bytes=-0", Part::Outside),
            ("bytes=3-2", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=one-two", Part::Whole),
            ("items=0-1", Part::Whole),
            ("", Part::Whole),
        ];
        for (range, wanted) in cases {
            assert_eq!(part(range, 10), wanted, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Outside);
    }

    proptest! {
        #[test]
        fn no_range_leads_out_of_the_file(range in "(bytes=)?[0-9, -]{0,30}", length in 0_u64..100) {
            if let Part::Bytes(first, last) = part(&range, length) {
                prop_assert!(first <= last && last < length);
            }
        }

        #[test]
        fn a_file_cut_anywhere_is_whole_again(length in 1_u64..1000, cut in 0_u64..1000) {
            let cut = cut % length;
            prop_assert_eq!(part(&format!("bytes={cut}-"), length), Part::Bytes(cut, length - 1));
            let rest = length - cut;
            prop_assert_eq!(part(&format!("bytes=-{rest}"), length), Part::Bytes(cut, length - 1));
        }
    }
}
