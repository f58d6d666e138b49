//! Addresses of e-mail.

use std::fmt;

use crate::error::{Error, Result};

/// The longest address there is (RFC 5321, 4.5.3.1.3).
const LENGTH: usize = 254;

/// An address of e-mail as people are known by it: in lower case, without spaces around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads what somebody typed.
    pub fn read(typed: &str) -> Result<Self> {
        let wrong = |rule: &str| Err(Error::field("email", rule));
        let address = typed.trim().to_lowercase();
        if address.is_empty() {
            return wrong("is empty");
        }
        if address.len() > LENGTH {
            return wrong("is longer than any address");
        }
        // A mail program decides; what it would take apart otherwise than we do is refused.
        let plain = address.chars().all(|c| c.is_ascii_graphic() && !"\",:;<>()[]\\".contains(c));
        if !plain || address.parse::<lettre::Address>().is_err() || !address.contains('@') {
            return wrong("is no address of e-mail, such as name@example.org");
        }
        Ok(Self(address))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit('@').next().unwrap_or_default()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_in_lower_case() {
        assert_eq!(Email::read(" Ada@Example.ORG ").unwrap().as_str(), "ada@example.org");
        assert_eq!(Email::read("a+b@x.example.org").unwrap().domain(), "x.example.org");
        for wrong in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "a@b@c.org",
            "ada@example.org, eve@example.org",
            "ada@example.org\nbcc: eve@example.org",
            "Ada <ada@example.org>",
            "\"ada eve\"@example.org",
            "ad\u{0430}@example.org",
        ] {
            assert_eq!(Email::read(wrong).unwrap_err().field.as_deref(), Some("email"), "{wrong}");
        }
        assert!(Email::read(&format!("{}@example.org", "a".repeat(10_000_000))).is_err());
    }
}
