//! Checks what a provider says about a person: that the provider itself says it, to us, now, and in
//! response to our request.

use domain::ambient::Instant;
use domain::error::Result;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;

use super::signatures;

/// How much the clocks of provider and server may differ, in seconds.
const LEEWAY: i64 = 60;

/// The maximum length of a subject (OpenID Connect Core, section 2).
const SUBJECT_LENGTH: usize = 255;

/// What an ID token must contain.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
}

/// The claims of an ID token.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Claims {
    pub(super) sub: String,
    exp: i64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    azp: Option<String>,
    /// One or several; it includes ours, which was checked with the signature.
    aud: Value,
    #[serde(flatten)]
    pub(super) person: PersonClaims,
}

/// What a provider says about a person, in the ID token or on request.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct PersonClaims {
    #[serde(default)]
    pub(super) email: Option<String>,
    #[serde(default)]
    email_verified: Option<Truth>,
    #[serde(default)]
    pub(super) name: Option<String>,
}

/// Some providers write it as a string.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Truth {
    Plain(bool),
    Text(String),
}

/// Why an ID token is rejected.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It was signed with an unknown key.
    UnknownKey,
    /// Anything else.
    Refused(String),
}

impl PersonClaims {
    /// Whether the provider has verified that the address is the person's. Some providers never say
    /// so, and are trusted only if a setting says so.
    pub(super) fn verified(&self, trusts_email: bool) -> bool {
        match &self.email_verified {
            Some(Truth::Plain(verified)) => *verified,
            Some(Truth::Text(text)) => text == "true",
            None => trusts_email,
        }
    }
}

/// The claims of an ID token, if the token is valid.
pub(super) fn check(
    token: &str,
    keys: &JwkSet,
    expected: &Expected<'_>,
    now: Instant,
) -> Result<Claims, Wrong> {
    let refused = |why: &str| Err(Wrong::Refused(format!("its ID token {why}")));
    let header = decode_header(token).map_err(|e| Wrong::Refused(format!("its ID token: {e}")))?;
    if !signatures::ALGORITHMS.contains(&header.alg) {
        return refused("is signed in a way that is not accepted");
    }
    let signs = |key: &&Jwk| {
        let signing = key.common.public_key_use.as_ref();
        let named = header.kid.is_none() || key.common.key_id == header.kid;
        named && signing.is_none_or(|signing| *signing == PublicKeyUse::Signature)
    };
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // Checked by our own clock, below.
    validation.validate_exp = false;
    let mut why = Wrong::UnknownKey;
    for key in keys.keys.iter().filter(signs) {
        let Ok(key) = DecodingKey::from_jwk(key) else { continue };
        match decode::<Claims>(token, &key, &validation) {
            Ok(told) => return in_answer(told.claims, expected, now),
            Err(error) => why = Wrong::Refused(format!("its ID token: {error}")),
        }
    }
    Err(why)
}

fn in_answer(claims: Claims, expected: &Expected<'_>, now: Instant) -> Result<Claims, Wrong> {
    let refused = |why: &str| Err(Wrong::Refused(format!("its ID token {why}")));
    if now >= Instant(claims.exp.saturating_mul(1_000_000)).plus_seconds(LEEWAY) {
        return refused("has expired");
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return refused("answers another request");
    }
    let several = claims.aud.as_array().is_some_and(|audience| audience.len() > 1);
    let for_us = claims.azp.as_deref().map_or(!several, |party| party == expected.client);
    if !for_us {
        return refused("was issued to someone else");
    }
    if claims.sub.is_empty() || claims.sub.len() > SUBJECT_LENGTH {
        return refused("names nobody");
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_795_000_000;

    struct Key(EcdsaKeyPair, SystemRandom);

    impl Key {
        fn new() -> Self {
            let (by, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
            let key = EcdsaKeyPair::generate_pkcs8(by, &random).unwrap();
            Self(EcdsaKeyPair::from_pkcs8(by, key.as_ref(), &random).unwrap(), random)
        }

        fn published(&self) -> JwkSet {
            let point = self.0.public_key().as_ref();
            let part = |part: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(part);
            let (x, y) = (part(&point[1..33]), part(&point[33..]));
            let key =
                json!({"kty": "EC", "crv": "P-256", "kid": "k", "use": "sig", "x": x, "y": y});
            serde_json::from_value(json!({ "keys": [key] })).unwrap()
        }

        fn sign(&self, header: &Value, claims: &Value) -> String {
            let part = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
            let message = format!("{}.{}", part(header), part(claims));
            let signature = self.0.sign(&self.1, message.as_bytes()).unwrap();
            format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.as_ref()))
        }
    }

    fn claims() -> Value {
        json!({
            "iss": "https://id.example.org", "aud": "fashion-iq", "sub": "248289761001",
            "exp": NOW + 300, "iat": NOW, "nonce": "n", "email": "ada@example.org",
            "email_verified": true,
        })
    }

    fn checked(token: &str, keys: &JwkSet) -> Result<Claims, Wrong> {
        signatures::install();
        let (issuer, client) = ("https://id.example.org", "fashion-iq");
        check(token, keys, &Expected { issuer, client, nonce: "n" }, Instant(NOW * 1_000_000))
    }

    #[test]
    fn a_good_token_is_believed() {
        let key = Key::new();
        let token = key.sign(&json!({"alg": "ES256", "kid": "k"}), &claims());
        let told = checked(&token, &key.published()).unwrap();
        assert_eq!(told.sub, "248289761001");
        assert!(told.person.verified(false));
    }

    #[test]
    fn one_wrong_claim_and_it_is_not() {
        let key = Key::new();
        for (field, value) in [
            ("iss", json!("https://eve.example.org")),
            ("iss", Value::Null),
            ("aud", json!("another client")),
            ("aud", json!(["fashion-iq", "another client"])),
            ("azp", json!("another client")),
            ("exp", json!(NOW - 61)),
            ("exp", Value::Null),
            ("nonce", json!("m")),
            ("nonce", Value::Null),
            ("sub", json!("")),
            ("sub", json!("x".repeat(256))),
            ("sub", Value::Null),
        ] {
            let mut claims = claims();
            match &value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(field)),
                value => claims[field] = value.clone(),
            }
            let token = key.sign(&json!({"alg": "ES256", "kid": "k"}), &claims);
            let told = checked(&token, &key.published());
            assert!(matches!(told, Err(Wrong::Refused(_))), "{field} {value}: {told:?}");
        }
    }

    #[test]
    fn a_signature_of_another_or_none_is_not_believed() {
        let (key, eve) = (Key::new(), Key::new());
        let good = json!({"alg": "ES256", "kid": "k"});
        let forged = eve.sign(&good, &claims());
        assert!(checked(&forged, &key.published()).is_err());
        let other_key = key.sign(&json!({"alg": "ES256", "kid": "l"}), &claims());
        assert_eq!(checked(&other_key, &key.published()).unwrap_err(), Wrong::UnknownKey);
        let genuine = key.sign(&good, &claims());
        let (signed, signature) = genuine.rsplit_once('.').unwrap();
        let mut changed = claims();
        changed["sub"] = json!("1");
        let body = BASE64_URL_SAFE_NO_PAD.encode(changed.to_string());
        let head = signed.split_once('.').unwrap().0;
        for bad in [
            format!("{head}.{body}.{signature}"),
            format!("{signed}."),
            signed.to_owned(),
            String::new(),
            key.sign(&json!({"alg": "HS256", "kid": "k"}), &claims()),
            key.sign(&json!({"alg": "RS256", "kid": "k"}), &claims()),
            key.sign(&json!({"alg": "none", "kid": "k"}), &claims()),
        ] {
            assert!(matches!(checked(&bad, &key.published()), Err(Wrong::Refused(_))), "{bad}");
        }
    }

    #[test]
    fn whether_an_address_is_verified_is_said_or_not_so() {
        for (said, verified) in [
            (json!({"email_verified": true}), true),
            (json!({"email_verified": "true"}), true),
            (json!({"email_verified": false}), false),
            (json!({"email_verified": "yes"}), false),
            (json!({}), false),
        ] {
            let claims: PersonClaims = serde_json::from_value(said.clone()).unwrap();
            assert_eq!(claims.verified(false), verified, "{said}");
            // trusted without a claim only if that is set, and never against the claim
            assert_eq!(
                claims.verified(true),
                verified || claims.email_verified.is_none(),
                "{said}"
            );
        }
    }
}
