//! A sign-in through a provider, from the redirect to the return. It is stored only in a cookie of
//! the browser that started it, so the provider's answer is accepted only in that browser.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::ambient::{Ambient, Instant};
use sha2::{Digest, Sha256};

/// How long a person has to come back from a provider, in seconds.
pub const FLOW_SECONDS: i64 = 600;

/// Why a person goes to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To add a way to sign in to the account they are signed in to.
    Link,
}

/// A sign-in through a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Flow {
    secret: String,
    began: Instant,
    /// Its purpose.
    pub purpose: Purpose,
    /// The page to go to afterwards.
    pub next: String,
}

impl Flow {
    /// Starts a new flow.
    pub fn begin(ambient: &Ambient, purpose: Purpose, next: &str) -> Self {
        let secret = hex::encode(ambient.bytes::<32>());
        Self { secret, began: ambient.now(), purpose, next: next.to_owned() }
    }

    /// The flow in a cookie, unless it has expired.
    pub fn read(cookie: &str, now: Instant) -> Option<Self> {
        let mut parts = cookie.split('.');
        let (secret, began) = (parts.next()?.to_owned(), Instant(parts.next()?.parse().ok()?));
        let purpose = match parts.next()? {
            "sign-in" => Purpose::SignIn,
            "link" => Purpose::Link,
            _ => return None,
        };
        let next = String::from_utf8(hex::decode(parts.next()?).ok()?).ok()?;
        let fresh = began <= now && now < began.plus_seconds(FLOW_SECONDS);
        (fresh && secret.len() == 64).then_some(Self { secret, began, purpose, next })
    }

    /// The cookie's value.
    pub fn to_cookie(&self) -> String {
        let purpose = self.purpose.word();
        format!("{}.{}.{purpose}.{}", self.secret, self.began.0, hex::encode(&self.next))
    }

    /// The `state`, which the provider returns to show that its answer belongs to this flow with
    /// this provider. Linking an account is also bound to the session in which it started, so a
    /// cookie that someone else put into the browser is useless.
    pub fn state(&self, provider: &str, session: &str) -> String {
        let session = if self.purpose == Purpose::Link { session } else { "" };
        hex::encode(self.derive("state", provider, session))
    }

    /// The `nonce` that the provider writes into the ID token.
    pub(super) fn nonce(&self, provider: &str) -> String {
        hex::encode(self.derive("nonce", provider, ""))
    }

    /// The verifier, which shows that the client that redeems the code also requested it (RFC
    /// 7636).
    pub(super) fn verifier(&self, provider: &str) -> String {
        hex::encode(self.derive("verifier", provider, ""))
    }

    /// The verifier's digest, which is sent to the provider first.
    pub(super) fn challenge(&self, provider: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier(provider)))
    }

    /// Only the cookie is secret; values that others see reveal nothing about it.
    fn derive(&self, what: &str, provider: &str, session: &str) -> [u8; 32] {
        let whole = self.to_cookie();
        let parts = [what, provider, session, &whole];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Link => "link",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_belongs_to_one_way_one_provider_and_one_session() {
        let ambient = Ambient::system();
        let now = ambient.now();
        let flow = Flow::begin(&ambient, Purpose::Link, "/c/fiq");
        let back = Flow::read(&flow.to_cookie(), now.plus_seconds(599)).unwrap();
        assert!(back == flow);
        assert_eq!(back.state("campus", "a"), flow.state("campus", "a"));
        assert_ne!(flow.state("campus", "a"), flow.state("campus", "b"));
        assert_ne!(flow.state("campus", "a"), flow.state("other", "a"));
        let another = Flow { next: "/c/eve".to_owned(), ..flow.clone() };
        assert_ne!(flow.state("campus", "a"), another.state("campus", "a"));
        let signing_in = Flow { purpose: Purpose::SignIn, ..flow.clone() };
        assert_ne!(flow.state("campus", ""), signing_in.state("campus", ""));
        assert_eq!(signing_in.state("campus", "a"), signing_in.state("campus", "b"));
        for old in ["", "a.b.c", "x.1.sign-in.", &flow.to_cookie().replace("link", "else")] {
            assert!(Flow::read(old, now).is_none(), "{old}");
        }
        assert!(Flow::read(&flow.to_cookie(), now.plus_seconds(601)).is_none());
    }

    #[test]
    fn the_challenge_is_the_verifiers_digest() {
        let flow = Flow::begin(&Ambient::system(), Purpose::SignIn, "");
        let (verifier, challenge) = (flow.verifier("campus"), flow.challenge("campus"));
        assert!((43..=128).contains(&verifier.len()));
        let digest = BASE64_URL_SAFE_NO_PAD.decode(challenge).unwrap();
        assert_eq!(digest, Sha256::digest(verifier.as_bytes()).as_slice());
    }
}
