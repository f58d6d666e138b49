//! Passwords: which are taken, and how they are kept.

use std::sync::atomic::{AtomicU64, Ordering};

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::ambient::Ambient;
use crate::entities::user::PasswordHash;
use crate::error::{Error, Result};

/// How long a password may be, in characters. Longer ones would only cost time.
const LENGTHS: std::ops::RangeInclusive<usize> = 10..=200;

/// A hash takes 19 MiB and a core for some tens of milliseconds; so many go on at once.
const AT_ONCE: usize = 2;

/// And so many more wait; whoever comes then is told to come again.
const WAITING: usize = 32;

/// Hashes passwords with argon2id under its crate's parameters (19 MiB, two passes, one lane: what
/// OWASP recommends), a bounded number at once.
pub struct Passwords {
    places: Semaphore,
    waiting: Semaphore,
    worked: AtomicU64,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            places: Semaphore::new(AT_ONCE),
            waiting: Semaphore::new(AT_ONCE + WAITING),
            worked: AtomicU64::new(0),
        }
    }
}

impl Passwords {
    /// The hash to keep of a new password.
    pub async fn hash(&self, ambient: &Ambient, password: &str) -> Result<PasswordHash> {
        let (password, salt) = (password.to_owned(), ambient.bytes::<16>());
        self.work(move || {
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
            let hash = hash.map_err(|e| Error::internal("hash a password", e))?;
            Ok(PasswordHash(hash.to_string()))
        })
        .await
    }

    /// Whether a password is the one that was kept. Where none is kept the same work is done, so that
    /// the time tells nobody whether there is an account.
    pub async fn verify(&self, password: &str, kept: Option<&PasswordHash>) -> Result<bool> {
        /// Of no password that can be typed: its length is 0.
        const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                               AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let hash = kept.map_or(NOBODYS, |kept| &kept.0).to_owned();
        let password = password.to_owned();
        let known = kept.is_some();
        self.work(move || {
            let right = Argon2::default().verify_password(password.as_bytes(), hash.as_str());
            Ok(right.is_ok() && known)
        })
        .await
    }

    /// How many hashes were worked out so far.
    pub fn worked(&self) -> u64 {
        self.worked.load(Ordering::SeqCst)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _waiting = self.waiting.try_acquire().map_err(|_| Error::busy())?;
        let closed = |e| Error::internal("wait for a place", e);
        let _place = self.places.acquire().await.map_err(closed)?;
        self.worked.fetch_add(1, Ordering::SeqCst);
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|e| Error::internal("hash a password", e))?
    }
}

/// Refuses a password that is too short, too long or that guessers try first: those on lists of
/// common ones, and those made of the person's own name and address.
pub fn check_password(password: &str, own: &[&str]) -> Result<()> {
    let length = password.chars().count();
    if !LENGTHS.contains(&length) {
        let (least, most) = (LENGTHS.start(), LENGTHS.end());
        let rule = format!("has {length} characters; {least} to {most} are allowed");
        return Err(Error::field("password", rule));
    }
    // Beyond a hundred characters nothing is guessed, and the estimate would take long.
    let begin: String = password.chars().take(100).collect();
    if zxcvbn::zxcvbn(&begin, own).score() < zxcvbn::Score::Two {
        let rule = "is one that guessers try first; take several words that don’t belong together";
        return Err(Error::field("password", rule));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_the_same_work_is_done_without_one() {
        let (passwords, ambient) = (Passwords::default(), Ambient::system());
        let hash = passwords.hash(&ambient, "a good long one").await.unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.0);
        assert!(passwords.verify("a good long one", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("another long one", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("", None).await.unwrap());
        assert_eq!(passwords.worked(), 4);
        assert!(!format!("{hash:?}").contains("argon2"));
    }

    #[test]
    fn what_guessers_try_first_is_refused() {
        for common in ["password12", "1234567890", "qwertyuiop", "iloveyou12", "short"] {
            assert!(check_password(common, &[]).is_err(), "{common}");
        }
        assert!(check_password("lovelace1815", &["Ada Lovelace", "lovelace"]).is_err());
        assert!(check_password(&"x".repeat(10_000_000), &[]).is_err());
        check_password("velvet hanger tuesday", &["ada@example.org"]).unwrap();
    }
}
