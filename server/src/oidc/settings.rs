//! The settings of a provider.

use std::fmt;

use domain::error::Error;
use domain::error::Result;
use poem::http::Uri;

/// The settings of a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// Its name in URLs.
    pub name: String,
    /// The text on its button.
    pub title: String,
    /// Its issuer URL, exactly as it calls itself.
    pub issuer: String,
    /// The client id of this server at the provider.
    pub client_id: String,
    /// The client secret.
    pub client_secret: String,
    /// Whether its e-mail addresses are trusted as verified if it doesn't say so.
    pub trusts_email: bool,
}

impl ProviderSettings {
    /// Refuses invalid settings.
    pub fn check(&self) -> Result<()> {
        let wrong = |field: &str, rule: &str| {
            Err(Error::unusable(format!(
                "setting `oidc`, provider `{}`: {field} {rule}",
                self.name
            )))
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > 32 || !self.name.chars().all(plain) {
            return wrong("name", "must be 1 to 32 of a-z, 0-9 and -");
        }
        if self.title.trim().is_empty() || self.client_id.is_empty() {
            return wrong("title and client_id", "must be set");
        }
        if self.client_secret.is_empty() {
            let rule = format!("must be set here or in the variable {}", self.variable());
            return wrong("client_secret", &rule);
        }
        if self.issuer.contains(['{', '}']) {
            let rule = "must name your own tenant in place of {…}, such as \
                        https://login.microsoftonline.com/<tenant id>/v2.0";
            return wrong("issuer", rule);
        }
        if !is_safe(&self.issuer, false) || self.issuer.contains(['?', '#']) {
            let rule = "must be an address with https (http on this machine only), without query";
            return wrong("issuer", rule);
        }
        Ok(())
    }

    /// The variable that may hold the secret.
    pub fn variable(&self) -> String {
        variable(&self.name)
    }

    /// Whether an address that the provider names is as safe as the provider itself.
    pub(super) fn trusts(&self, address: &str) -> bool {
        is_safe(address, self.issuer.starts_with("https://"))
    }
}

/// The variable that may hold the secret of the provider with that name.
pub(crate) fn variable(name: &str) -> String {
    format!("FASHION_IQ_OIDC_{}_SECRET", name.to_uppercase().replace('-', "_"))
}

/// Whether nobody in between can read or change what is sent there: https, or this machine.
fn is_safe(address: &str, over_https_only: bool) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let bare = uri.authority().is_some_and(|host| !host.as_str().contains('@'));
    let here = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match uri.scheme_str() {
        Some("https") => bare,
        Some("http") => bare && here && !over_https_only,
        _ => false,
    }
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProviderSettings({} at {}, secret hidden)", self.name, self.issuer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_reached_safely_or_not_at_all() {
        let of = |issuer: &str| ProviderSettings {
            name: "campus".to_owned(),
            title: "Campus".to_owned(),
            issuer: issuer.to_owned(),
            client_id: "fashion-iq".to_owned(),
            client_secret: "hush".to_owned(),
            trusts_email: false,
        };
        for good in ["https://id.example.org", "https://id.example.org/realms/a", "http://[::1]:9"]
        {
            assert!(of(good).check().is_ok(), "{good}");
        }
        for bad in ["http://id.example.org", "id.example.org", "https://a@b.org", "https://a.org?b"]
        {
            assert!(of(bad).check().unwrap_err().detail.contains("issuer"), "{bad}");
        }
        let far = of("https://id.example.org");
        assert!(far.trusts("https://keys.example.org/jwks"));
        assert!(!far.trusts("http://127.0.0.1/jwks") && !far.trusts("file:///etc/passwd"));
        assert!(!format!("{far:?}").contains("hush"));
        let nameless = ProviderSettings { name: "Two words".to_owned(), ..far.clone() };
        assert!(nameless.check().is_err());
        let secretless = ProviderSettings { client_secret: String::new(), ..far };
        let error = secretless.check().unwrap_err();
        assert!(error.detail.contains("FASHION_IQ_OIDC_CAMPUS_SECRET"), "{error}");
    }
}
