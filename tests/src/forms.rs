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
    origin: String,
}

impl Browser {
    /// A browser in which nobody has signed in.
    pub fn new(tester: &Tester) -> Self {
        let (client, origin) = (tester.anyone.clone(), tester.address.clone());
        Self { client, cookies: BTreeMap::new(), origin }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        let (client, path, cookies) = (self.client.clone(), path.to_owned(), self.cookies());
        let asked = move || client.get_with(&path, &[("Cookie", &cookies)]);
        let answer = tokio::task::spawn_blocking(asked).await.unwrap();
        self.remember(&answer);
        answer
    }

    /// Sends a form with a file.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
        let form =
            fields.iter().fold(Form::default(), |form, (name, value)| form.text(name, value));
        self.send(path, &Form::media_type(), form.file("file", file).body()).await
    }

    /// Sends a form of a page as a browser does that has changed only some fields: with every other
    /// field as it is shown, and with the line ends of forms.
    pub async fn send_as_shown(
        &mut self,
        page: &Answer,
        action: &str,
        changed: &[(&str, &str)],
    ) -> Answer {
        let mut fields = shown_fields(&page.text, action);
        for (name, _) in changed {
            fields.retain(|(shown, _)| shown != name);
        }
        fields.extend(changed.iter().map(|(name, value)| (name.to_string(), value.to_string())));
        let lines = |text: String| text.replace("\r\n", "\n").replace('\n', "\r\n");
        let fields: Vec<(String, String)> =
            fields.into_iter().map(|(name, value)| (name, lines(value))).collect();
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post(action, &fields).await
    }

    /// Sends a form with a file whose fields come in their own order.
    pub async fn send_form(&mut self, path: &str, form: Form) -> Answer {
        self.send(path, &Form::media_type(), form.body()).await
    }

    /// Sends a form without a file.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
        let body = body.collect::<Vec<_>>().join("&").into_bytes();
        self.send(path, "application/x-www-form-urlencoded", body).await
    }

    /// Like a page of another site: the browser says that the form came from there.
    pub fn on_another_site(&mut self) {
        "https://elsewhere.example".clone_into(&mut self.origin);
    }

    /// What the browser would send as the cookie of that name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Puts a cookie into the browser.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    async fn send(&mut self, path: &str, media_type: &str, body: Vec<u8>) -> Answer {
        let (client, path, cookies) = (self.client.clone(), path.to_owned(), self.cookies());
        let (media_type, origin) = (media_type.to_owned(), self.origin.clone());
        let sent = move || {
            let headers =
                [("Cookie", &*cookies), ("Content-Type", &media_type), ("Origin", &origin)];
            client.post(&path, &body, &headers)
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
            match pair.split_once('=') {
                Some((name, "")) => drop(self.cookies.remove(name)),
                Some((name, value)) => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
                None => {}
            }
        }
    }
}

pub(crate) fn escaped(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

/// What a browser would send for the form with that action without changes.
///
/// # Panics
/// Where the page has no such form.
pub fn shown_fields(page: &str, action: &str) -> Vec<(String, String)> {
    let begin = page.find(&format!("action=\"{action}\"")).unwrap_or_else(|| {
        panic!("no form is sent to {action}: {page}");
    });
    let form = page[begin..].split("</form>").next().unwrap_or_default();
    let mut fields = Vec::new();
    let mut rest = form;
    while let Some(at) =
        ["<input", "<textarea", "<select"].iter().filter_map(|tag| rest.find(tag)).min()
    {
        rest = &rest[at..];
        let (tag, after) = rest.split_once('>').expect("a tag ends");
        let name = attribute(tag, "name");
        if tag.starts_with("<textarea") {
            let text = after.split("</textarea>").next().unwrap_or_default();
            fields.push((name, unescaped(text.strip_prefix('\n').unwrap_or(text))));
        } else if tag.starts_with("<select") {
            let options = after.split("</select>").next().unwrap_or_default();
            let all: Vec<&str> = options.split("<option").skip(1).collect();
            let chosen = all.iter().find(|option| option.contains(" selected")).or(all.first());
            fields
                .push((name, chosen.map(|option| attribute(option, "value")).unwrap_or_default()));
        } else if !tag.contains("type=\"checkbox\"") || tag.contains(" checked") {
            fields.push((name, attribute(tag, "value")));
        }
        rest = after;
    }
    fields
}

fn attribute(tag: &str, name: &str) -> String {
    let value = tag.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    unescaped(value.unwrap_or_default())
}

/// A text of a page as it is read.
pub fn unescaped(text: &str) -> String {
    let text = text.replace("&#34;", "\"").replace("&#39;", "'");
    text.replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}
