//! A browser without a screen: cookies and forms.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::{Answer, Client, Tester};

const BOUNDARY: &str = "----a-line-that-no-file-holds";

/// Keeps cookies, and sends forms as browsers do.
pub struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
    csrf: String,
}

impl Browser {
    /// A browser in which nobody has signed in.
    pub fn new(tester: &Tester) -> Self {
        Self { client: tester.anyone.clone(), cookies: BTreeMap::new(), csrf: String::new() }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        let (client, path, cookies) = (self.client.clone(), path.to_owned(), self.cookies());
        let asked = move || client.get_with(&path, &[("Cookie", &cookies)]);
        let answer = tokio::task::spawn_blocking(asked).await.unwrap();
        self.remember(&answer);
        answer
    }

    /// Sends the form with a file that was opened last.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
        let mut body = self.fields(fields).into_bytes();
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"run.zip\"\r\n\
             Content-Type: application/zip\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
        self.send(path, body).await
    }

    /// Sends a form without a file.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = self.fields(fields).into_bytes();
        self.send(path, body).await
    }

    /// Like a form on another site: without what the page held.
    pub fn forget_csrf(&mut self) {
        "bm90IHRoZSB0b2tlbg==".clone_into(&mut self.csrf);
    }

    fn fields(&self, fields: &[(&str, &str)]) -> String {
        let mut body = String::new();
        for (name, value) in [("csrf_token", self.csrf.as_str())].iter().chain(fields) {
            write!(
                body,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .unwrap();
        }
        body
    }

    async fn send(&mut self, path: &str, mut body: Vec<u8>) -> Answer {
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let (client, path, cookies) = (self.client.clone(), path.to_owned(), self.cookies());
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let sent = move || {
            client.post(&path, &body, &[("Cookie", &cookies), ("Content-Type", &media_type)])
        };
        let answer = tokio::task::spawn_blocking(sent).await.unwrap().unwrap();
        self.remember(&answer);
        answer
    }

    fn cookies(&self) -> String {
        let pair = |(name, value): (&String, &String)| format!("{name}={value}");
        self.cookies.iter().map(pair).collect::<Vec<_>>().join("; ")
    }

    fn remember(&mut self, answer: &Answer) {
        for cookie in &answer.cookies {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some((_, rest)) = answer.text.split_once("name=\"csrf_token\" value=\"") {
            let value = rest.split('"').next().unwrap_or_default();
            self.csrf = value.replace("&#43;", "+").replace("&#47;", "/").replace("&#61;", "=");
        }
    }
}
