//! A team's program: requests over HTTP.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;

use crate::Wire;

/// Talks to one server, with or without a token.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
}

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type, without its parameters.
    pub media_type: String,
    /// The header `Location`, if any.
    pub location: Option<String>,
    /// The header `Retry-After`, if any.
    pub retry_after: Option<String>,
    /// The header `Cache-Control`.
    pub cache: String,
    /// The header `Content-Security-Policy`.
    pub policy: String,
    /// The header `ETag`.
    pub tag: Option<String>,
    /// The header `Content-Range`.
    pub content_range: Option<String>,
    /// The header `Accept-Ranges`.
    pub accept_ranges: Option<String>,
    /// The headers `Set-Cookie`.
    pub cookies: Vec<String>,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as text; invalid bytes are replaced.
    pub text: String,
    /// The body as JSON; null if it isn't JSON.
    pub json: Value,
}

impl Client {
    /// A client of the server at this address, such as `http://127.0.0.1:8080`.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_mins(1)));
        Self { agent: config.build().into(), base: base.to_owned(), token: None }
    }

    /// The same, on behalf of a token's team.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The token it shows, if any.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The address of its server.
    pub fn address(&self) -> &str {
        &self.base
    }

    /// Where a phase takes uploads.
    pub fn intake(phase: &str) -> String {
        format!("/api/v1/challenges/fiq/phases/{phase}/submissions")
    }

    /// Asks for a path; panics where no server answers.
    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    /// Asks for a path with more headers.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        told(request.call()).unwrap()
    }

    /// Requests a path; none if no server answers.
    pub fn try_get(&self, path: &str) -> Option<Answer> {
        told(self.agent.get(format!("{}{path}", self.base)).call()).ok()
    }

    /// Uploads bytes to a path, with more headers; an error where no server answers.
    pub fn post(
        &self,
        path: &str,
        body: &[u8],
        headers: &[(&str, &str)],
    ) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        told(request.send(body))
    }

    /// `PATCH` with JSON.
    pub fn patch(&self, path: &str, json: &str) -> Answer {
        let token = format!("Bearer {}", self.token.as_deref().unwrap_or_default());
        let request = self.agent.patch(format!("{}{path}", self.base));
        told(request.header("Authorization", token).send(json)).unwrap()
    }

    /// `PUT` or `DELETE`, without a body.
    pub fn change(&self, path: &str, delete: bool) -> Answer {
        let address = format!("{}{path}", self.base);
        let token = format!("Bearer {}", self.token.as_deref().unwrap_or_default());
        if delete {
            told(self.agent.delete(address).header("Authorization", token).call()).unwrap()
        } else {
            told(self.agent.put(address).header("Authorization", token).send_empty()).unwrap()
        }
    }

    /// The same caller at another server.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// A connection to the server that is driven by hand.
    pub fn wire(&self) -> Wire {
        Wire::open(&self.base)
    }

    /// Sends the head of an upload of this many bytes, and waits for `100 Continue`.
    pub fn begin(&self, path: &str, length: usize) -> SlowUpload {
        let host = self.base.trim_start_matches("http://");
        let token = self.token.as_deref().unwrap_or_default();
        let mut wire = self.wire();
        wire.send(format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
             Content-Length: {length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        ));
        SlowUpload(wire)
    }
}

/// An upload whose head was sent and whose body was not.
pub struct SlowUpload(Wire);

impl SlowUpload {
    /// Whether the server wants the body: it has accepted the head.
    pub fn is_asked_for_the_body(&mut self) -> bool {
        self.0.line() == "HTTP/1.1 100 Continue" && self.0.line().is_empty()
    }

    /// Sends some of the body.
    pub fn send_some(&mut self, some: &[u8]) {
        self.0.send(some);
    }

    /// Sends the rest of the body and reads the answer, head and all.
    pub fn send(mut self, body: &[u8]) -> String {
        self.0.send(body);
        self.0.rest()
    }
}

fn told(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Answer, ureq::Error> {
    let mut answer = answer?;
    let header = |name: &str| {
        let value = answer.headers().get(name);
        value.and_then(|v| v.to_str().ok()).map(str::to_owned)
    };
    let media_type = header("content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_owned();
    let cache = header("cache-control").unwrap_or_default();
    let policy = header("content-security-policy").unwrap_or_default();
    let set = answer.headers().get_all("set-cookie").iter();
    let cookies = set.filter_map(|v| v.to_str().ok()).map(str::to_owned).collect();
    let (status, location) = (answer.status().as_u16(), header("location"));
    let (retry_after, tag) = (header("retry-after"), header("etag"));
    let (content_range, accept_ranges) = (header("content-range"), header("accept-ranges"));
    let bytes = answer.body_mut().read_to_vec()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let json = serde_json::from_str(&text).unwrap_or(Value::Null);
    Ok(Answer {
        status,
        media_type,
        location,
        retry_after,
        cache,
        policy,
        tag,
        content_range,
        accept_ranges,
        cookies,
        bytes,
        text,
        json,
    })
}
