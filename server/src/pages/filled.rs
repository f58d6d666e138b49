//! The fields of a form.

use domain::error::Error;
use poem::{FromRequest, Request, RequestBody};
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;
use crate::serve::LONGEST_FORM;

/// The fields of a form without files.
pub(crate) struct Filled<T>(pub(crate) T);

impl<'a, T: DeserializeOwned> FromRequest<'a> for Filled<T> {
    async fn from_request(_: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        // The gate has read the body already; the cap is a second line of defence.
        let bytes = body.take()?.into_bytes_limit(LONGEST_FORM).await;
        let bytes = bytes.map_err(Refusal::incomplete_form)?;
        let filled = serde_html_form::from_bytes(&with_plain_line_ends(&bytes));
        Ok(Self(filled.map_err(|e| wrong(&e))?))
    }
}

fn wrong(why: &impl std::fmt::Display) -> Refusal {
    Error::field("form", format!("can’t be read: {why}")).into()
}

/// The form with plain line ends, where browsers send CRLF: a text of several lines comes back as it was
/// shown, so that an untouched text is not a change.
fn with_plain_line_ends(form: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(form.len());
    let mut rest = form;
    while let Some((&byte, after)) = rest.split_first() {
        rest = match rest {
            [b'%', b'0', b'd' | b'D', next @ ..] | [b'\r', next @ ..] => {
                plain.extend_from_slice(b"%0A");
                without_line_feed(next)
            }
            _ => {
                plain.push(byte);
                after
            }
        };
    }
    plain
}

fn without_line_feed(form: &[u8]) -> &[u8] {
    let packed = form.strip_prefix(b"%0A").or_else(|| form.strip_prefix(b"%0a"));
    packed.or_else(|| form.strip_prefix(b"\n")).unwrap_or(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_plain_however_a_browser_writes_them() {
        let plain = |form: &str| String::from_utf8(with_plain_line_ends(form.as_bytes())).unwrap();
        assert_eq!(plain("a=1%0D%0A2%0d%0a%0D3%0A4&b=%0DA"), "a=1%0A2%0A%0A3%0A4&b=%0AA");
        assert_eq!(plain("a=1\r\n2\r3"), "a=1%0A2%0A3");
        assert_eq!(plain("a=100%250D%0"), "a=100%250D%0");
    }
}
