//! Settings as they are written: each can be absent, and they are not yet checked against each
//! other.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use domain::accounts::AttemptLimits;
use domain::database::{self, Postgres};
use domain::error::{Error, Result};
use domain::storage::Bucket;
use domain::submissions::WorkerSettings;
use serde::{Deserialize, Serialize};

use super::network::{Network, networks};
use super::{Bounds, Settings, Timeouts};
use crate::oidc::ProviderSettings;
use crate::postman::MailSettings;

/// Settings as they are written in flags, the environment or a file. A flag is the setting's name
/// with hyphens, a variable the name in capitals after `FASHION_IQ_`.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSettings {
    /// The folder of the database and the uploads; created if it does not exist [default: data]
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA_DIR")]
    pub data_dir: Option<PathBuf>,

    /// The database, such as <postgres://user:password@host/fashion_iq>; the password can also be in
    /// PGPASSWORD [default: the file fashion-iq.sqlite in the data folder]
    #[arg(long, value_name = "URL", env = "FASHION_IQ_DATABASE", hide_env_values = true)]
    pub database: Option<String>,

    /// Connections to a PostgreSQL server at the same time [default: 16]
    #[arg(long, value_name = "N", env = "FASHION_IQ_DATABASE_CONNECTIONS")]
    pub database_connections: Option<u32>,

    /// How long to wait for a connection or a lock of a PostgreSQL server, in seconds [default: 10]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_DATABASE_WAIT_SECONDS")]
    pub database_wait_seconds: Option<u64>,

    /// How long a PostgreSQL server may take for one statement, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_DATABASE_STATEMENT_SECONDS")]
    pub database_statement_seconds: Option<u64>,

    /// Where uploads are kept, such as <s3://bucket/prefix>; credentials, region and endpoint are in the
    /// usual AWS_… variables [default: the folder uploads in the data folder]
    #[arg(long, value_name = "URL", env = "FASHION_IQ_STORAGE")]
    pub storage: Option<String>,

    /// Where to listen; port 0 takes a free port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", env = "FASHION_IQ_LISTEN")]
    pub listen: Option<SocketAddr>,

    /// Where to serve /metrics; not served if this isn't set
    #[arg(long, value_name = "ADDRESS", env = "FASHION_IQ_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,

    /// The address people use, such as <https://fashion-iq.example.org>; https makes cookies secure
    #[arg(long, value_name = "URL", env = "FASHION_IQ_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// How long browsers are told to use https only, in seconds; public-url must be https
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_HSTS_SECONDS")]
    pub hsts_seconds: Option<u64>,

    /// Addresses or networks of proxies that are trusted to name the client
    #[arg(long, value_name = "NET", env = "FASHION_IQ_TRUSTED_PROXIES", value_delimiter = ',')]
    #[serde(default, deserialize_with = "networks", skip_serializing_if = "Option::is_none")]
    pub trusted_proxies: Option<Vec<Network>>,

    /// The mail server, such as <smtps://user:password@mail.example.org>; without one, mails are logged
    #[arg(long, value_name = "URL", env = "FASHION_IQ_SMTP", hide_env_values = true)]
    pub smtp: Option<String>,

    /// The sender of mails, such as Fashion IQ <noreply@example.org>
    #[arg(long, value_name = "ADDRESS", env = "FASHION_IQ_MAIL_FROM")]
    pub mail_from: Option<String>,

    /// A captioner that plays the user of dialogs, such as <http://captioner:secret@127.0.0.1:9400>; it is
    /// started with fashion-iq-baseline serve
    #[arg(long, value_name = "URL", env = "FASHION_IQ_CAPTIONER", hide_env_values = true)]
    pub captioner: Option<String>,

    /// A trained dialog manager that visitors talk to, such as <http://manager:secret@127.0.0.1:9400>; it is
    /// started with fashion-iq-baseline serve
    #[arg(long, value_name = "URL", env = "FASHION_IQ_MANAGER", hide_env_values = true)]
    pub manager: Option<String>,

    /// Providers that people can sign in with (OpenID Connect); only in a file
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<Vec<RawProvider>>,

    /// The folder with the data sets that organisers can name in the browser [default: datasets]
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATASETS_DIR")]
    pub datasets_dir: Option<PathBuf>,

    /// The largest upload that is accepted, in MiB [default: 64]
    #[arg(long, value_name = "MIB", env = "FASHION_IQ_MAX_UPLOAD_MIB")]
    pub max_upload_mib: Option<u64>,

    /// With less free disk space, in MiB, uploads are refused and /readyz fails [default: 256]
    #[arg(long, value_name = "MIB", env = "FASHION_IQ_MIN_FREE_MIB")]
    pub min_free_mib: Option<u64>,

    /// How long to keep uploads without a submission, in days [default: 30]
    #[arg(long, value_name = "DAYS", env = "FASHION_IQ_KEEP_UNKNOWN_DAYS")]
    pub keep_unknown_days: Option<u32>,

    /// How long the response to an upload waits for the score, in seconds; then it is a 202
    /// [default: 2]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_ANSWER_SECONDS")]
    pub answer_seconds: Option<u64>,

    /// Submissions scored at the same time; 0 leaves them to `fashion-iq worker` [default: one per core]
    #[arg(long, value_name = "N", env = "FASHION_IQ_WORKERS")]
    pub workers: Option<usize>,

    /// Processor time to score one upload, in seconds; an upload that needs more is invalid
    /// [default: 20]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_SCORING_SECONDS")]
    pub scoring_seconds: Option<u64>,

    /// Open connections; beyond that, the address with the most loses some [default: 1024]
    #[arg(long, value_name = "N", env = "FASHION_IQ_CONNECTIONS")]
    pub connections: Option<usize>,

    /// Open connections from one address; further ones replace those that wait for their client
    /// [default: 512]
    #[arg(long, value_name = "N", env = "FASHION_IQ_CONNECTIONS_PER_ADDRESS")]
    pub connections_per_address: Option<usize>,

    /// Requests in progress at the same time; more wait two seconds, then get a 503 [default: 256]
    #[arg(long, value_name = "N", env = "FASHION_IQ_REQUESTS")]
    pub requests: Option<usize>,

    /// Event streams open at the same time; more get a 503 [default: 128]
    #[arg(long, value_name = "N", env = "FASHION_IQ_EVENT_STREAMS")]
    pub event_streams: Option<usize>,

    /// Memory for uploads, arriving and being scored, in MiB [default: 512]
    #[arg(long, value_name = "MIB", env = "FASHION_IQ_MEMORY_MIB")]
    pub memory_mib: Option<u64>,

    /// Wrong passwords for one account from unknown browsers, in 15 minutes [default: 10]
    #[arg(long, value_name = "N", env = "FASHION_IQ_GUESSES_PER_ACCOUNT")]
    pub guesses_per_account: Option<u64>,

    /// Wrong passwords from one address, in 15 minutes [default: 300]
    #[arg(long, value_name = "N", env = "FASHION_IQ_GUESSES_PER_ADDRESS")]
    pub guesses_per_address: Option<u64>,

    /// Mails to one mailbox that anyone can cause, in an hour [default: 20]
    #[arg(long, value_name = "N", env = "FASHION_IQ_MAILS_PER_MAILBOX")]
    pub mails_per_mailbox: Option<u64>,

    /// Such mails, and new accounts, from one address, in an hour [default: 300]
    #[arg(long, value_name = "N", env = "FASHION_IQ_MAILS_PER_ADDRESS")]
    pub mails_per_address: Option<u64>,

    /// Requests to a provider from one address, in 15 minutes [default: 1000]
    #[arg(long, value_name = "N", env = "FASHION_IQ_PROVIDER_QUESTIONS_PER_ADDRESS")]
    pub provider_questions_per_address: Option<u64>,

    /// How long a password waits to be hashed before a 503, in seconds [default: 15]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_HASH_WAIT_SECONDS")]
    pub hash_wait_seconds: Option<u64>,

    /// How long a client may take for the head of a request, in seconds [default: 15]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_HEAD_SECONDS")]
    pub head_seconds: Option<u64>,

    /// How long a client may pause within a body, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_PIECE_SECONDS")]
    pub piece_seconds: Option<u64>,

    /// How long a client may take for a whole body, in seconds [default: 86400]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_BODY_SECONDS")]
    pub body_seconds: Option<u64>,

    /// The minimum speed of an upload, in bytes per second on average [default: 1024]
    #[arg(long, value_name = "BYTES", env = "FASHION_IQ_BODY_BYTES_PER_SECOND")]
    pub body_bytes_per_second: Option<u64>,

    /// Over how long the speed of an upload is averaged, in seconds [default: 60]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_BODY_SPEED_SECONDS")]
    pub body_speed_seconds: Option<u64>,

    /// How long a client may take to send a form, in seconds [default: 10]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_FORM_SECONDS")]
    pub form_seconds: Option<u64>,

    /// How long a client may read nothing of a response, in seconds [default: 20]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_WRITE_SECONDS")]
    pub write_seconds: Option<u64>,

    /// How long to finish open requests when stopped, in seconds [default: 10]
    #[arg(long, value_name = "SECONDS", env = "FASHION_IQ_GRACE_SECONDS")]
    pub grace_seconds: Option<u64>,
}

/// A provider as it is written.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawProvider {
    /// Its name in URLs.
    pub name: String,
    /// The text on its button; the name if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its issuer URL, exactly as it calls itself.
    pub issuer: String,
    /// The client id of this server at the provider.
    pub client_id: String,
    /// The client secret; better kept in a variable.
    #[serde(default)]
    pub client_secret: String,
    /// Whether its e-mail addresses are trusted as verified if it doesn't say so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trust_email: bool,
}

impl std::fmt::Debug for RawProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawProvider({}, secret hidden)", self.name)
    }
}

const MIB: u64 = 1 << 20;

impl RawSettings {
    fn attempts(&self) -> AttemptLimits {
        let sensible = AttemptLimits::default();
        let or = |value: Option<u64>, otherwise| value.unwrap_or(otherwise);
        AttemptLimits {
            guesses_per_account: or(self.guesses_per_account, sensible.guesses_per_account),
            guesses_per_address: or(self.guesses_per_address, sensible.guesses_per_address),
            mails_per_mailbox: or(self.mails_per_mailbox, sensible.mails_per_mailbox),
            mails_per_address: or(self.mails_per_address, sensible.mails_per_address),
            provider_questions_per_address: or(
                self.provider_questions_per_address,
                sensible.provider_questions_per_address,
            ),
        }
    }

    fn bucket(&self) -> Result<Option<Bucket>> {
        let read = |url| Bucket::read(url).map_err(|rule| impossible("storage", &rule));
        self.storage.as_deref().map(read).transpose()
    }

    fn postgres(&self) -> Result<Option<Postgres>> {
        let sensible = database::Bounds::default();
        let seconds = |name, value: Option<u64>, otherwise| match value {
            Some(0) => Err(impossible(name, "it must be at least 1")),
            value => Ok(value.map_or(otherwise, Duration::from_secs)),
        };
        let bounds = database::Bounds {
            // The worker and requests that wait for it must not use the last one.
            connections: match self.database_connections {
                Some(n) if n < 4 => {
                    return Err(impossible("database_connections", "it must be at least 4"));
                }
                n => n.unwrap_or(sensible.connections),
            },
            wait: seconds("database_wait_seconds", self.database_wait_seconds, sensible.wait)?,
            statement: seconds(
                "database_statement_seconds",
                self.database_statement_seconds,
                sensible.statement,
            )?,
        };
        let read = |url| Postgres::read(url, bounds).map_err(|rule| impossible("database", &rule));
        self.database.as_deref().map(read).transpose()
    }

    /// Checked settings: absent ones get their defaults, and invalid ones are named.
    pub fn check(&self) -> Result<Settings> {
        let sensible = Settings::new(self.data_dir.clone().unwrap_or_else(|| "data".into()));
        let seconds = |name, value: Option<u64>, otherwise| match value {
            Some(0) => Err(impossible(name, "it must be at least 1")),
            value => Ok(value.map_or(otherwise, Duration::from_secs)),
        };
        let count = |name, value: Option<usize>, otherwise| match value {
            Some(0) => Err(impossible(name, "it must be at least 1")),
            value => Ok(value.unwrap_or(otherwise)),
        };
        let networks = self.trusted_proxies.iter().flatten();
        let settings = Settings {
            postgres: self.postgres()?,
            bucket: self.bucket()?,
            listen: self.listen.unwrap_or(sensible.listen),
            metrics_listen: self.metrics_listen,
            public_url: self.public_url.as_deref().map(check_url).transpose()?,
            hsts_seconds: self.hsts_seconds,
            trusted_proxies: networks.map(|network| network.0).collect(),
            captioner: self
                .captioner
                .as_deref()
                .map(|url| program("captioner", url))
                .transpose()?,
            manager: self.manager.as_deref().map(|url| program("manager", url)).transpose()?,
            mail: mail(self.smtp.as_deref(), self.mail_from.as_deref())?,
            oidc: providers(self.oidc.as_deref().unwrap_or_default())?,
            datasets_dir: self.datasets_dir.clone().unwrap_or(sensible.datasets_dir.clone()),
            max_upload_bytes: self.max_upload_mib.map_or(sensible.max_upload_bytes, mib),
            min_free_bytes: self.min_free_mib.map_or(sensible.min_free_bytes, mib),
            keep_unknown_days: self.keep_unknown_days.unwrap_or(sensible.keep_unknown_days),
            patience: self.answer_seconds.map_or(sensible.patience, Duration::from_secs),
            worker: WorkerSettings {
                at_once: self.workers.unwrap_or(sensible.worker.at_once),
                cpu_time: seconds(
                    "scoring_seconds",
                    self.scoring_seconds,
                    sensible.worker.cpu_time,
                )?,
                ..sensible.worker
            },
            attempts: self.attempts(),
            hash_wait: seconds("hash_wait_seconds", self.hash_wait_seconds, sensible.hash_wait)?,
            bounds: Bounds {
                connections: count("connections", self.connections, sensible.bounds.connections)?,
                connections_per_address: count(
                    "connections_per_address",
                    self.connections_per_address,
                    sensible.bounds.connections_per_address,
                )?,
                requests: count("requests", self.requests, sensible.bounds.requests)?,
                event_streams: self.event_streams.unwrap_or(sensible.bounds.event_streams),
                memory_bytes: self.memory_mib.map_or(sensible.bounds.memory_bytes, mib),
            },
            timeouts: Timeouts {
                head: seconds("head_seconds", self.head_seconds, sensible.timeouts.head)?,
                piece: seconds("piece_seconds", self.piece_seconds, sensible.timeouts.piece)?,
                body: seconds("body_seconds", self.body_seconds, sensible.timeouts.body)?,
                least_speed: self.body_bytes_per_second.unwrap_or(sensible.timeouts.least_speed),
                speed_window: seconds(
                    "body_speed_seconds",
                    self.body_speed_seconds,
                    sensible.timeouts.speed_window,
                )?,
                form: seconds("form_seconds", self.form_seconds, sensible.timeouts.form)?,
                write: seconds("write_seconds", self.write_seconds, sensible.timeouts.write)?,
                grace: seconds("grace_seconds", self.grace_seconds, sensible.timeouts.grace)?,
            },
            ..sensible
        };
        settings.check()?;
        Ok(settings)
    }
}

impl Settings {
    /// Checks settings that depend on each other.
    fn check(&self) -> Result<()> {
        let Bounds { connections, event_streams, memory_bytes, .. } = self.bounds;
        let upload = self.max_upload_bytes / MIB;
        if upload == 0 || upload > 4096 {
            return Err(impossible("max_upload_mib", "it must be 1 to 4096"));
        }
        if memory_bytes < 2 * self.max_upload_bytes {
            let rule = format!("it must be at least twice max_upload_mib, {}", 2 * upload);
            return Err(impossible("memory_mib", &rule));
        }
        if event_streams >= connections {
            let rule = format!("it must be below connections, {connections}");
            return Err(impossible("event_streams", &rule));
        }
        if self.timeouts.piece > self.timeouts.body {
            let rule = format!("it must be at most body_seconds, {}", self.timeouts.body.as_secs());
            return Err(impossible("piece_seconds", &rule));
        }
        if self.hsts_seconds.is_some() && !self.secure_cookies() {
            let rule = "it needs a public_url that begins with https://";
            return Err(impossible("hsts_seconds", rule));
        }
        let same = self.metrics_listen.filter(|own| *own == self.listen && own.port() != 0);
        if same.is_some() {
            let rule = "it must not be the address of listen: /metrics is not for the public";
            return Err(impossible("metrics_listen", rule));
        }
        Ok(())
    }
}

fn impossible(name: &str, rule: &str) -> Error {
    Error::unusable(format!("setting `{name}`: {rule}"))
}

/// The address of another program, which `fashion-iq-baseline serve` prints.
fn program(name: &str, address: &str) -> Result<String> {
    let is_address = address.strip_prefix("http://").is_some_and(|rest| {
        rest.contains('@')
            && !rest.contains(char::is_whitespace)
            && !rest.trim_end_matches('/').contains('/')
    });
    let rule =
        format!("write http://{name}:SECRET@HOST:PORT, as fashion-iq-baseline serve prints it");
    is_address.then(|| address.to_owned()).ok_or_else(|| impossible(name, &rule))
}

fn mail(server: Option<&str>, from: Option<&str>) -> Result<Option<MailSettings>> {
    let Some(server) = server else { return Ok(None) };
    let from = from.ok_or_else(|| impossible("mail_from", "it is required with smtp"))?;
    let wrong = "write an address, such as Fashion IQ <noreply@example.org>";
    let from = from.parse().map_err(|_| impossible("mail_from", wrong))?;
    let settings = MailSettings { server: server.to_owned(), from };
    // It is opened here only to check it.
    crate::postman::Postman::new(Some(&settings))?;
    Ok(Some(settings))
}

fn providers(written: &[RawProvider]) -> Result<Vec<ProviderSettings>> {
    let mut providers: Vec<ProviderSettings> = Vec::new();
    for raw in written {
        let RawProvider { name, title, issuer, client_id, client_secret, trust_email } =
            raw.clone();
        let trusts_email = trust_email;
        let title = title.unwrap_or_else(|| name.clone());
        let provider =
            ProviderSettings { name, title, issuer, client_id, client_secret, trusts_email };
        provider.check()?;
        let same = |other: &ProviderSettings| {
            other.variable() == provider.variable() || other.issuer == provider.issuer
        };
        if providers.iter().any(same) {
            let rule = format!("two providers have the name or issuer of `{}`", provider.name);
            return Err(impossible("oidc", &rule));
        }
        providers.push(provider);
    }
    Ok(providers)
}

fn mib(number: u64) -> u64 {
    number.saturating_mul(MIB)
}

/// Checks a web address without anything after the host.
fn check_url(url: &str) -> Result<String> {
    let rule = "write the scheme and the host only, such as https://fashion-iq.example.org";
    let wrong = || impossible("public_url", rule);
    let parsed: poem::http::Uri = url.parse().map_err(|_| wrong())?;
    let web = matches!(parsed.scheme_str(), Some("http" | "https"));
    let bare = parsed.path() == "/" && parsed.query().is_none();
    let host = parsed.authority().is_some_and(|host| !host.as_str().contains('@'));
    if web && bare && host { Ok(url.trim_end_matches('/').to_owned()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(toml: &str) -> String {
        let raw: Result<RawSettings, _> = toml::from_str(toml);
        match raw {
            Err(error) => error.to_string(),
            Ok(raw) => raw.check().unwrap_err().to_string(),
        }
    }

    #[test]
    fn nothing_written_is_sensible() {
        let settings = RawSettings::default().check().unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.max_upload_bytes, 64 << 20);
    }

    #[test]
    fn what_is_unknown_or_can_not_be_is_named() {
        for (toml, named) in [
            ("lisen = \"127.0.0.1:80\"", "lisen"),
            ("listen = \"somewhere\"", "listen"),
            ("database = \"mysql://db/challenge\"", "database"),
            ("storage = \"/mnt/uploads\"", "storage"),
            ("database_connections = 1", "database_connections"),
            ("database_wait_seconds = 0", "database_wait_seconds"),
            ("max_upload_mib = 0", "max_upload_mib"),
            ("max_upload_mib = 1000", "memory_mib"),
            ("event_streams = 1100", "event_streams"),
            ("hsts_seconds = 60", "hsts_seconds"),
            ("piece_seconds = 90000", "piece_seconds"),
            ("head_seconds = 0", "head_seconds"),
            ("scoring_seconds = 0", "scoring_seconds"),
            ("trusted_proxies = [\"10.0.0.0/99\"]", "trusted_proxies"),
            ("public_url = \"fashion-iq.example.org\"", "public_url"),
            ("public_url = \"javascript:alert(1)\"", "public_url"),
            ("public_url = \"https://a.example/path\"", "public_url"),
            ("metrics_listen = \"127.0.0.1:8080\"", "metrics_listen"),
        ] {
            let refusal = refusal(toml);
            assert!(refusal.contains(named), "{toml}: {refusal}");
        }
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        let raw: RawSettings =
            toml::from_str("trusted_proxies = [\"10.0.0.0/8\", \"::1\"]").unwrap();
        let settings = raw.check().unwrap();
        assert!(
            settings.trusted_proxies[0].contains(&"10.1.2.3".parse::<std::net::IpAddr>().unwrap())
        );
        assert!(settings.trusted_proxies[1].contains(&"::1".parse::<std::net::IpAddr>().unwrap()));
    }
}
