//! A browser without a screen: cookies and forms.

use std::collections::BTreeMap;

use crate::{Answer, Client, Tester};

const BOUNDARY: &str = "----a-line-that-no-file-holds";

/// A form with files in it, as browsers and curl write it: its fields come in the order in which they
/// are added.
#[derive(Default)]
pub struct Form(Vec<u8>);

impl Form {
    /// Adds a field of text.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), value.as_bytes())
    }

    /// Adds a file.
    #[must_use]
    pub fn file(self, name: &str, bytes: &[u8]) -> Self {
        self.part(&format!("name=\"{name}\"; filename=\"run.zip\""), bytes)
    }

    fn part(mut self, disposition: &str, bytes: &[u8]) -> Self {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n");
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    /// The media type that says where fields end.
    pub fn media_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    /// The whole body.
    pub fn body(mut self) -> Vec<u8> {
        self.0.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }
}

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
        let form = self.fields(fields).file("file", file);
        self.send(path, form).await
    }

    /// Sends a form without a file.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.fields(fields);
        self.send(path, form).await
    }

    /// Like a form on another site: without what the page held.
    pub fn forget_csrf(&mut self) {
        "bm90IHRoZSB0b2tlbg==".clone_into(&mut self.csrf);
    }

    fn fields(&self, fields: &[(&str, &str)]) -> Form {
        let first = Form::default().text("csrf_token", &self.csrf);
        fields.iter().fold(first, |form, (name, value)| form.text(name, value))
    }

    async fn send(&mut self, path: &str, form: Form) -> Answer {
        let (client, path, cookies) = (self.client.clone(), path.to_owned(), self.cookies());
        let (media_type, body) = (Form::media_type(), form.body());
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
