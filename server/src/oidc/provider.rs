//! A provider: its endpoints, our requests and its responses.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::accounts::{Claimed, Email};
use domain::ambient::Instant;
use domain::error::Error;
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use tokio::sync::{Mutex, Semaphore};

use super::http::Asker;
use super::id_token::{self, Expected, PersonClaims, Wrong};
use super::{Flow, ProviderSettings, signatures};
use crate::refusal::{Refusal, Result};

/// How long a provider's metadata and keys are cached.
const KNOWN_SECONDS: i64 = 3600;

/// Unknown keys are looked for at most this often.
const KEYS_SECONDS: i64 = 30;

/// How many sign-ins can be in progress at the same time, per provider.
const AT_ONCE: usize = 8;

/// All configured providers.
pub struct Providers(Vec<Provider>);

/// One provider.
pub struct Provider {
    /// Its settings.
    pub settings: ProviderSettings,
    asker: Asker,
    known: Mutex<Option<Arc<Known>>>,
    places: Semaphore,
}

/// What a provider says about itself (OpenID Connect Discovery, section 3).
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

struct Known {
    metadata: Metadata,
    keys: JwkSet,
    at: Instant,
}

/// The response to redeeming a code.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: String,
}

/// The provider's response about a person.
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    person: PersonClaims,
}

impl Providers {
    /// The providers in the settings.
    pub fn new(settings: &[ProviderSettings]) -> Self {
        signatures::install();
        Self(settings.iter().map(Provider::new).collect())
    }

    /// All of them, in the order of the settings.
    pub fn all(&self) -> &[Provider] {
        &self.0
    }

    /// The provider with this name.
    pub fn find(&self, name: &str) -> Result<&Provider> {
        let found = self.0.iter().find(|provider| provider.settings.name == name);
        Ok(found.ok_or_else(|| Error::not_found("provider", name))?)
    }

    /// The title of the provider with this issuer.
    pub fn title_of<'a>(&'a self, issuer: &'a str) -> &'a str {
        let found = self.0.iter().find(|provider| provider.settings.issuer == issuer);
        found.map_or(issuer, |provider| &provider.settings.title)
    }
}

impl Provider {
    fn new(settings: &ProviderSettings) -> Self {
        let (known, places) = (Mutex::new(None), Semaphore::new(AT_ONCE));
        Self { settings: settings.clone(), asker: Asker::new(), known, places }
    }

    /// Where to send a browser that starts a flow.
    pub async fn way(
        &self,
        base: &str,
        flow: &Flow,
        session: &str,
        now: Instant,
    ) -> Result<String> {
        let _place = self.places.try_acquire().map_err(|_| Error::busy())?;
        let known = self.known(now, KNOWN_SECONDS).await?;
        let name = &self.settings.name;
        let asked = [
            ("response_type", "code".to_owned()),
            ("client_id", self.settings.client_id.clone()),
            ("redirect_uri", self.back(base)),
            ("scope", "openid email profile".to_owned()),
            ("state", flow.state(name, session)),
            ("nonce", flow.nonce(name)),
            ("code_challenge", flow.challenge(name)),
            ("code_challenge_method", "S256".to_owned()),
        ];
        let query = serde_html_form::to_string(&asked[..])
            .map_err(|e| Error::internal("write an address", e))?;
        let endpoint = &known.metadata.authorization_endpoint;
        Ok(format!("{endpoint}{}{query}", if endpoint.contains('?') { '&' } else { '?' }))
    }

    /// The person who has come back with a code.
    pub async fn redeem(
        &self,
        base: &str,
        flow: &Flow,
        code: &str,
        now: Instant,
    ) -> Result<Claimed> {
        let _place = self.places.try_acquire().map_err(|_| Error::busy())?;
        let known = self.known(now, KNOWN_SECONDS).await?;
        let tokens = self.tokens(base, flow, code, &known.metadata).await?;
        let nonce = flow.nonce(&self.settings.name);
        let expected = Expected {
            issuer: &self.settings.issuer,
            client: &self.settings.client_id,
            nonce: &nonce,
        };
        let mut told = id_token::check(&tokens.id_token, &known.keys, &expected, now);
        if matches!(told, Err(Wrong::UnknownKey)) {
            let newer = self.known(now, KEYS_SECONDS).await?;
            told = id_token::check(&tokens.id_token, &newer.keys, &expected, now);
        }
        let claims = told.map_err(|wrong| {
            self.failed(match wrong {
                Wrong::UnknownKey => "its ID token is signed with a key that it doesn't publish",
                Wrong::Refused(ref why) => why,
            })
        })?;
        let mut person = claims.person;
        if person.email.is_none()
            && let Some(address) = &known.metadata.userinfo_endpoint
        {
            person = self.asked_about(address, &tokens.access_token, &claims.sub).await?;
        }
        let trusts_email = self.settings.trusts_email;
        let email = person.email.as_deref().filter(|_| person.verified(trusts_email));
        if person.email.is_some() && email.is_none() {
            let provider = &self.settings.name;
            tracing::warn!(
                provider,
                "it doesn't say that this person's address is verified (`email_verified`), so no \
                 account was created; if every address of the provider is verified, set \
                 `trust_email = true`"
            );
        }
        Ok(Claimed {
            issuer: self.settings.issuer.clone(),
            subject: claims.sub,
            email: email.and_then(|email| Email::read(email).ok()),
            name: person.name,
        })
    }

    async fn tokens(
        &self,
        base: &str,
        flow: &Flow,
        code: &str,
        metadata: &Metadata,
    ) -> Result<Tokens> {
        let ProviderSettings { name, client_id, client_secret, .. } = &self.settings;
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.back(base)),
            ("code_verifier", flow.verifier(name)),
        ];
        // The default is `client_secret_basic`.
        let methods = metadata.token_endpoint_auth_methods_supported.as_ref();
        let basic = methods.is_none_or(|known| known.iter().any(|m| m == "client_secret_basic"));
        let authorization = basic.then(|| {
            let pair = format!("{}:{}", escaped(client_id), escaped(client_secret));
            format!("Basic {}", BASE64_STANDARD.encode(pair))
        });
        if !basic {
            form.push(("client_id", client_id.clone()));
            form.push(("client_secret", client_secret.clone()));
        }
        let told = self.asker.post(&metadata.token_endpoint, authorization, form).await;
        let told = told.map_err(|why| self.failed(&why))?;
        if told.status == 400 {
            return Err(Refusal::stale_sign_in(&self.settings.title));
        }
        told.read().map_err(|why| self.failed(&why))
    }

    async fn asked_about(&self, address: &str, token: &str, sub: &str) -> Result<PersonClaims> {
        let told = self.asker.get(address, Some(token)).await;
        let told: UserInfo = told.and_then(|told| told.read()).map_err(|why| self.failed(&why))?;
        if told.sub != sub {
            return Err(self.failed("it was asked about one person and answered about another"));
        }
        Ok(told.person)
    }

    /// The provider's metadata and keys, no older than this many seconds. Only one request at a
    /// time asks the provider; the others wait for its result.
    async fn known(&self, now: Instant, seconds: i64) -> Result<Arc<Known>> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|known| now < known.at.plus_seconds(seconds)) {
            return Ok(Arc::clone(known));
        }
        let (metadata, keys) = self.discover().await.map_err(|why| self.failed(&why))?;
        let fresh = Arc::new(Known { metadata, keys, at: now });
        *known = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    async fn discover(&self) -> Result<(Metadata, JwkSet), String> {
        let issuer = &self.settings.issuer;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let metadata: Metadata = self.asker.get(&address, None).await?.read()?;
        if metadata.issuer.contains('{') {
            return Err(format!(
                "it serves many tenants, as {}; set `issuer` to that of your own tenant, such as \
                 https://login.microsoftonline.com/<tenant id>/v2.0",
                metadata.issuer
            ));
        }
        if metadata.issuer != *issuer {
            return Err(format!(
                "it calls itself {}; set `issuer` to exactly that",
                metadata.issuer
            ));
        }
        let Metadata { authorization_endpoint, token_endpoint, jwks_uri, .. } = &metadata;
        let named = [authorization_endpoint, token_endpoint, jwks_uri];
        for address in named.into_iter().chain(&metadata.userinfo_endpoint) {
            if !self.settings.trusts(address) {
                return Err(format!("it names an insecure address: {address}"));
            }
        }
        let keys = self.asker.get(jwks_uri, None).await?.read()?;
        Ok((metadata, keys))
    }

    /// The address to which the provider sends the browser back.
    fn back(&self, base: &str) -> String {
        format!("{base}/sign-in/back/{}", self.settings.name)
    }

    fn failed(&self, why: &str) -> Refusal {
        tracing::warn!(provider = self.settings.name, why, "could not sign someone in");
        Refusal::provider(&self.settings.title)
    }
}

/// Form encoding, which Basic requires for client secrets (RFC 6749, section 2.3.1).
fn escaped(text: &str) -> String {
    let whole = serde_html_form::to_string([("", text)]).unwrap_or_default();
    whole.trim_start_matches('=').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_escaped_as_in_a_form() {
        assert_eq!(escaped("a:b c/ü="), "a%3Ab+c%2F%C3%BC%3D");
    }
}
