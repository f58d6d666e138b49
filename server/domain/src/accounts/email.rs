//! E-mail addresses.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// The maximum length of an address (RFC 5321, 4.5.3.1.3).
const LENGTH: usize = 254;

/// A normalised e-mail address: in compatibility form (NFKC), in lower case, without spaces around
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address as typed.
    pub fn read(typed: &str) -> Result<Self> {
        let wrong = |rule: &str| Err(Error::field("email", rule));
        // Only the beginning is normalised: normalising can make a text longer.
        let typed: String = typed.trim().chars().take(LENGTH + 1).collect();
        let address = typed.nfkc().collect::<String>().to_lowercase();
        if address.is_empty() {
            return wrong("is empty");
        }
        if address.len() > LENGTH {
            return wrong("is too long");
        }
        // Addresses that a mail program might parse differently are refused.
        let plain = address.chars().all(|c| c.is_ascii_graphic() && !"\",:;<>()[]\\".contains(c));
        if !plain || address.parse::<lettre::Address>().is_err() || !address.contains('@') {
            return wrong("must be an e-mail address such as name@example.org");
        }
        Ok(Self(address))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The mailbox of the address: without the `+tag` that providers ignore. Two addresses with the
    /// same mailbox belong to one person.
    pub fn canonical(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let mailbox = local.split('+').next().filter(|mailbox| !mailbox.is_empty());
        format!("{}@{domain}", mailbox.unwrap_or(local))
    }

    /// The part after the `@`.
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
        assert_eq!(Email::read("ａｄａ＠example.org").unwrap().as_str(), "ada@example.org");
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

    #[test]
    fn a_tag_leads_to_the_same_mailbox() {
        let canonical = |typed: &str| Email::read(typed).unwrap().canonical();
        for same in
            ["ada@example.org", "Ada+1@example.org", "ada+a+b@EXAMPLE.org", "ａda@example.org"]
        {
            assert_eq!(canonical(same), "ada@example.org");
        }
        assert_eq!(canonical("+1@example.org"), "+1@example.org");
        assert_ne!(canonical("ada@x.example.org"), canonical("ada@example.org"));
        assert_ne!(canonical("a.da@example.org"), canonical("ada@example.org"));
    }
}
