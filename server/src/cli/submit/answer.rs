//! The response of a server.

use std::time::{Duration, SystemTime};

use domain::ambient::Instant;
use poem::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::Body;
use ureq::http::Response;

use super::stop::Stop;

/// The largest response that is read: queries and galleries are a few MB.
const MOST_BYTES: u64 = 256 << 20;

/// A complete response.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    headers: HeaderMap,
}

/// An error, as `application/problem+json`.
#[derive(Deserialize)]
struct Problem {
    detail: String,
}

impl Answer {
    /// Reads the response to its end: until then it may still be lost.
    pub(super) fn read(mut response: Response<Body>) -> Result<Self, ureq::Error> {
        let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec()?;
        let (head, _) = response.into_parts();
        Ok(Self { status: head.status, body, headers: head.headers })
    }

    /// Whether the same request may succeed in a moment.
    pub(super) fn is_worth_another_try(&self) -> bool {
        self.status.is_server_error()
    }

    /// The response, unless it is an error. A submission is never an error, even if it is invalid.
    pub(super) fn accepted(self, address: &str) -> Result<Self, Stop> {
        if self.status.is_success() {
            return Ok(self);
        }
        if let Some(to) = self.header(&header::LOCATION)
            && self.status.is_redirection()
        {
            return Err(Stop::moved(to));
        }
        if self.status == StatusCode::UNPROCESSABLE_ENTITY && self.detail().is_none() {
            return Ok(self);
        }
        match self.detail() {
            Some(detail) => Err(Stop::refusal(self.status, detail)),
            None => Err(Stop::no_server(address, self.status)),
        }
    }

    /// The content of the response; this program needs to understand only a part of it.
    pub(super) fn parse<T: DeserializeOwned>(&self, address: &str) -> Result<T, Stop> {
        serde_json::from_slice(&self.body).map_err(|_| Stop::no_server(address, self.status))
    }

    /// The reason of a refusal, if it has one.
    pub(super) fn detail(&self) -> Option<String> {
        serde_json::from_slice(&self.body).ok().map(|problem: Problem| problem.detail)
    }

    /// How long the server asks to wait before the next try: seconds, or until a date (RFC 9110,
    /// 10.2.3).
    pub(super) fn retry_after(&self, now: Instant) -> Option<Duration> {
        let asked = self.header(&header::RETRY_AFTER)?.trim();
        if let Ok(seconds) = asked.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let at = httpdate::parse_http_date(asked).ok()?;
        Some(at.duration_since(SystemTime::from(now.utc())).unwrap_or_default())
    }

    fn header(&self, name: &header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn answer(status: u16, headers: &[(header::HeaderName, &str)], body: &str) -> Answer {
        let pair = |(name, value): &(header::HeaderName, &str)| {
            (name.clone(), value.parse::<header::HeaderValue>().unwrap())
        };
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            body: body.as_bytes().to_vec(),
            headers: headers.iter().map(pair).collect(),
        }
    }

    fn stop(answer: Answer) -> Option<Stop> {
        answer.accepted("http://there").err()
    }

    #[test]
    fn a_server_says_when_to_come_again_in_seconds_or_as_a_date() {
        let now = Instant::of(datetime!(2026-11-24 12:00 UTC));
        let asked = |value| answer(503, &[(header::RETRY_AFTER, value)], "").retry_after(now);
        assert_eq!(asked("7"), Some(Duration::from_secs(7)));
        assert_eq!(asked("Tue, 24 Nov 2026 12:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(asked("Tue, 24 Nov 2026 11:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(asked("soon"), None);
    }

    #[test]
    fn a_refusal_is_told_apart_from_an_invalid_submission_and_from_another_server() {
        let detail = r#"{"detail": "phase `test` closed"}"#;
        let refused = Stop::Refused("phase `test` closed".to_owned());
        assert_eq!(stop(answer(409, &[], detail)), Some(refused));
        assert_eq!(stop(answer(422, &[], r#"{"state": "invalid"}"#)), None);
        assert_eq!(stop(answer(200, &[], "")), None);
        assert!(matches!(stop(answer(401, &[], detail)), Some(Stop::Unusable(_))));
        let elsewhere = stop(answer(404, &[], "<html>"));
        assert_eq!(elsewhere, Some(Stop::no_server("http://there", StatusCode::NOT_FOUND)));
        let moved = stop(answer(301, &[(header::LOCATION, "https://there/")], ""));
        assert_eq!(moved, Some(Stop::moved("https://there/")));
    }
}
