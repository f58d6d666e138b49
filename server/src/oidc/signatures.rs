//! The signatures that ID tokens may have, checked by the library that TLS already uses here.

use domain::error::Result;
use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::signature as ring;

/// The accepted algorithms. None with a shared secret, since its key could be confused with a
/// public one, and none without a signature.
pub(super) const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::RS256,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

static CHECKS: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(Error::from(ErrorKind::InvalidAlgorithm)),
    verifier_factory: |algorithm, key| {
        Ok(Box::new(Check { algorithm: *algorithm, key: key.clone() }))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// Sets up the checks of JSON web tokens for this program.
pub(super) fn install() {
    // A second call changes nothing.
    let _ = CHECKS.install_default();
}

struct Check {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for Check {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        use DecodingKeyKind::{RsaModulusExponent, SecretOrDer};
        let rsa = |by: &'static ring::RsaParameters, n: &[u8], e: &[u8]| {
            ring::RsaPublicKeyComponents { n, e }.verify(by, message, signature)
        };
        let other = |by: &'static dyn ring::VerificationAlgorithm, key: &[u8]| {
            ring::UnparsedPublicKey::new(by, key).verify(message, signature)
        };
        let checked = match (self.algorithm, self.key.kind()) {
            (Algorithm::RS256, RsaModulusExponent { n, e }) => {
                rsa(&ring::RSA_PKCS1_2048_8192_SHA256, n, e)
            }
            (Algorithm::RS512, RsaModulusExponent { n, e }) => {
                rsa(&ring::RSA_PKCS1_2048_8192_SHA512, n, e)
            }
            (Algorithm::PS256, RsaModulusExponent { n, e }) => {
                rsa(&ring::RSA_PSS_2048_8192_SHA256, n, e)
            }
            (Algorithm::ES256, SecretOrDer(key)) => other(&ring::ECDSA_P256_SHA256_FIXED, key),
            (Algorithm::ES384, SecretOrDer(key)) => other(&ring::ECDSA_P384_SHA384_FIXED, key),
            (Algorithm::EdDSA, SecretOrDer(key)) => other(&ring::ED25519, key),
            _ => return Err(signature::Error::new()),
        };
        checked.map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Check {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
