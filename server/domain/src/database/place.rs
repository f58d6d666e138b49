//! Where a database is: in a file (SQLite), or on a server (PostgreSQL).

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

/// Where a database is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file of SQLite.
    File(PathBuf),
    /// A database of a PostgreSQL server.
    Server(Postgres),
}

impl Place {
    /// The file, if it is in one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(file) => Some(file),
            Self::Server(_) => None,
        }
    }
}

/// As in a sentence: a path, or a URL without its password.
impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Server(server) => write!(f, "{server}"),
        }
    }
}

/// Bounds on the use of a PostgreSQL server.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most connections of this process.
    pub connections: u32,
    /// How long to wait for a connection, or for a lock that somebody else holds.
    pub wait: Duration,
    /// How long one statement may take.
    pub statement: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { connections: 16, wait: Duration::from_secs(10), statement: Duration::from_secs(30) }
    }
}

/// A database of a PostgreSQL server. Its password is never shown.
#[derive(Clone)]
pub struct Postgres {
    pub(super) options: Box<PgConnectOptions>,
    pub(super) bounds: Bounds,
}

impl Postgres {
    /// Reads a URL such as `postgres://user:password@host/name?sslmode=verify-full`. What it leaves
    /// out is taken from the variables and the password file of PostgreSQL's own programs.
    pub fn read(url: &str, bounds: Bounds) -> Result<Self, String> {
        let scheme = url.split_once("://").map(|(scheme, _)| scheme);
        if !matches!(scheme, Some("postgres" | "postgresql")) {
            return Err(format!("it must be a URL such as {EXAMPLE}"));
        }
        let query = url.split_once('?').map_or("", |(_, query)| query);
        if query.split('&').any(|part| part.starts_with("password=")) {
            let rule = "its password must be before the @, where it is hidden in logs, or in the \
                        variable PGPASSWORD";
            return Err(rule.to_owned());
        }
        // The error is not shown: it could repeat the password.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| format!("it can't be read; write a URL such as {EXAMPLE}"))?;
        if options.get_database().is_none_or(str::is_empty) {
            return Err(format!("it must name a database, such as {EXAMPLE}"));
        }
        Ok(Self { options: Box::new(options), bounds })
    }
}

const EXAMPLE: &str = "postgres://user:password@host:5432/fashion_iq";

impl Display for Postgres {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let options = &self.options;
        let at = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let (user, name) = (options.get_username(), options.get_database().unwrap_or_default());
        write!(f, "postgres://{user}@{at}/{name}")
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Postgres({self}, {:?})", self.bounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_and_its_password_is_never_shown() {
        let read = |url| Postgres::read(url, Bounds::default());
        let url = "postgres://ada:hush@db.example.org:5433/challenge?sslmode=verify-full";
        let place = Place::Server(read(url).unwrap());
        assert_eq!(place.to_string(), "postgres://ada@db.example.org:5433/challenge");
        assert!(!format!("{place:?}").contains("hush"));
        for (wrong, rule) in [
            ("mysql://ada:hush@db/challenge", "must be a URL"),
            ("db.example.org", "must be a URL"),
            ("postgres://ada:hush@db:port/challenge", "can't be read"),
            ("postgres://ada:hush@db/challenge?sslmode=maybe", "can't be read"),
            ("postgres://ada:hush@db", "must name a database"),
            ("postgres://ada@db/challenge?password=hush", "before the @"),
        ] {
            let error = read(wrong).unwrap_err();
            assert!(error.contains(rule) && !error.contains("hush"), "{wrong}: {error}");
        }
    }
}
