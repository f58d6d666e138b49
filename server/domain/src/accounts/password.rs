//! Passwords: which are accepted, and how they are stored.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::typed::typed_password;
use crate::ambient::Ambient;
use crate::entities::user::PasswordHash;
use crate::error::{Error, Result};

/// The allowed length of a password, in characters. Longer ones would only cost time.
const LENGTHS: std::ops::RangeInclusive<usize> = 10..=200;

/// How many hashes can run at the same time. One takes 19 MiB and a core for some tens of
/// milliseconds.
const AT_ONCE: usize = 2;

/// How many of these can be for new passwords: people who sign up must not keep others from signing
/// in.
const NEW_AT_ONCE: usize = 1;

/// Only this many characters are estimated: longer passwords can't be guessed, and the estimate
/// would take long.
const ESTIMATED: usize = 40;

/// Hashes passwords with argon2id under its crate's parameters (19 MiB, two passes, one lane: what
/// OWASP recommends), a bounded number at the same time. Requests that wait too long for a place
/// are asked to retry.
pub struct Passwords {
    places: Arc<Semaphore>,
    new: Arc<Semaphore>,
    patience: Duration,
    worked: AtomicU64,
}

impl Passwords {
    /// Requests that wait longer than `patience` for a place are refused.
    pub fn new(patience: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            new: Arc::new(Semaphore::new(NEW_AT_ONCE)),
            patience,
            worked: AtomicU64::new(0),
        }
    }

    /// The hash of a new password. Refuses common passwords, and those made of the person's own
    /// name and address.
    pub async fn hash_new(
        &self,
        ambient: &Ambient,
        password: &str,
        own: &[&str],
    ) -> Result<PasswordHash> {
        check_length(password)?;
        let (password, salt) = (password.to_owned(), ambient.bytes::<16>());
        let own: Vec<String> = own.iter().map(|word| beginning(word)).collect();
        let turn = self.place(&self.new).await?;
        self.work(move || {
            let _turn = turn;
            if is_common(&password, &own) {
                return Err(Error::common_password());
            }
            hash(&password, &salt)
        })
        .await
    }

    /// The hash of a password that was accepted before.
    pub async fn hash(&self, ambient: &Ambient, password: &str) -> Result<PasswordHash> {
        let (password, salt) = (password.to_owned(), ambient.bytes::<16>());
        self.work(move || hash(&password, &salt)).await
    }

    /// Whether a password matches the stored hash. Without a hash the same work is done, so that
    /// the time doesn't reveal whether there is an account.
    pub async fn verify(&self, password: &str, kept: Option<&PasswordHash>) -> Result<bool> {
        /// A hash of no possible password: its length is 0.
        const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                               AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let hash = kept.map_or(NOBODYS, |kept| &kept.0).to_owned();
        // Nobody has a longer one.
        let password: String = password.chars().take(*LENGTHS.end() + 1).collect();
        let known = kept.is_some();
        self.work(move || {
            let opens = |password: &str| {
                Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok()
            };
            let normal = typed_password(&password);
            // Hashes of an earlier release are of the password as typed.
            let right = opens(&normal) || (normal != password && opens(&password));
            Ok(right && known)
        })
        .await
    }

    /// How many hashes were computed so far.
    pub fn worked(&self) -> u64 {
        self.worked.load(Ordering::SeqCst)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = self.place(&self.places).await?;
        self.worked.fetch_add(1, Ordering::SeqCst);
        // The work continues if its client leaves, and holds its place until it is done.
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        done.await.map_err(|e| Error::internal("hash a password", e))?
    }

    async fn place(&self, places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
        let place = timeout(self.patience, Arc::clone(places).acquire_owned()).await;
        place.map_err(|_| Error::busy())?.map_err(|e| Error::internal("wait for a free slot", e))
    }
}

fn hash(password: &str, salt: &[u8]) -> Result<PasswordHash> {
    hash_as_typed(&typed_password(password), salt)
}

fn hash_as_typed(password: &str, salt: &[u8]) -> Result<PasswordHash> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    let hash = hash.map_err(|e| Error::internal("hash a password", e))?;
    Ok(PasswordHash(hash.to_string()))
}

fn check_length(password: &str) -> Result<()> {
    let length = password.chars().take(LENGTHS.end() + 1).count();
    if LENGTHS.contains(&length) {
        return Ok(());
    }
    let (least, most) = (LENGTHS.start(), LENGTHS.end());
    Err(Error::field("password", format!("must have {least} to {most} characters")))
}

/// Whether a password is easy to guess. The estimator has a bug with some texts; a password that it
/// can't judge is not on a list of common ones.
fn is_common(password: &str, own: &[String]) -> bool {
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let begin = beginning(password);
    let judged = catch_unwind(AssertUnwindSafe(|| zxcvbn::zxcvbn(&begin, &own).score()));
    judged.is_ok_and(|score| score < zxcvbn::Score::Two)
}

fn beginning(text: &str) -> String {
    text.chars().take(ESTIMATED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    const PATIENCE: Duration = Duration::from_mins(1);

    async fn refused(password: &str, own: &[&str]) -> bool {
        let passwords = Passwords::new(PATIENCE);
        passwords.hash_new(&Ambient::system(), password, own).await.is_err()
    }

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_the_same_work_is_done_without_one() {
        let (passwords, ambient) = (Passwords::new(PATIENCE), Ambient::system());
        let hash = passwords.hash(&ambient, "a good long one").await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.0);
        assert!(passwords.verify("a good long one", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("another long one", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("", None).await.unwrap());
        assert_eq!(passwords.worked(), 4);
        assert!(!format!("{hash:?}").contains("argon2"));
    }

    #[tokio::test]
    async fn a_password_is_the_same_on_every_keyboard_and_old_hashes_still_open() {
        let (passwords, ambient) = (Passwords::new(PATIENCE), Ambient::system());
        let (composed, taken_apart) = ("schl\u{fc}ssel bund", "schlu\u{308}ssel\u{a0}bund");
        let hash = passwords.hash(&ambient, taken_apart).await.unwrap();
        assert!(passwords.verify(composed, Some(&hash)).await.unwrap());
        assert!(passwords.verify(taken_apart, Some(&hash)).await.unwrap());
        let old = hash_as_typed(taken_apart, &[7; 16]).unwrap();
        assert!(passwords.verify(taken_apart, Some(&old)).await.unwrap());
        assert!(!passwords.verify(" schl\u{fc}ssel bund", Some(&hash)).await.unwrap());
    }

    #[tokio::test]
    async fn what_guessers_try_first_is_refused() {
        for common in ["password12", "1234567890", "qwertyuiop", "iloveyou12", "short"] {
            assert!(refused(common, &[]).await, "{common}");
        }
        assert!(refused("lovelace1815", &["Ada Lovelace", "lovelace"]).await);
        assert!(refused(&"x".repeat(10_000_000), &[]).await);
        assert!(!refused("velvet hanger tuesday", &["ada@example.org"]).await);
    }

    #[tokio::test]
    async fn a_password_that_the_estimator_chokes_on_is_no_fault_of_the_server() {
        let passwords = Passwords::new(PATIENCE);
        for odd in ["$5".repeat(50), "5$".repeat(100), "1l|!".repeat(50), "€".repeat(200)] {
            let hashed = passwords.hash_new(&Ambient::system(), &odd, &[]).await;
            assert!(hashed.as_ref().err().is_none_or(|e| !e.code.is_of_server()), "{hashed:?}");
        }
        // and the places are free again
        assert!(passwords.hash_new(&Ambient::system(), "velvet hanger tuesday", &[]).await.is_ok());
    }

    #[tokio::test]
    async fn who_signs_up_keeps_nobody_from_signing_in() {
        let passwords = Passwords::new(Duration::from_millis(50));
        let turn = passwords.new.acquire().await.unwrap();
        let refused = passwords.hash_new(&Ambient::system(), "velvet hanger tuesday", &[]).await;
        assert_eq!(refused.err().map(|error| error.code), Some(Code::Busy));
        assert!(!passwords.verify("something else", None).await.unwrap());
        drop(turn);
    }
}
