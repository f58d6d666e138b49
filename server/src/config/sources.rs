//! Where settings come from: flags, the environment, a file.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use clap::{Args, Command};
use domain::error::{Error, Result};
use toml::{Table, Value};

use super::{RawSettings, Settings};
use crate::oidc::variable;

/// The largest file of settings that is read.
const MOST_BYTES: u64 = 1 << 20;

/// The prefix of this program's variables.
const PREFIX: &str = "FASHION_IQ_";

/// Variables that other commands, the reference models and the tests read.
const OTHERS: [&str; 8] =
    ["CONFIG", "DATA", "LOG", "PHOTOS", "SERVER", "TEST_DATABASE", "TOKEN", "WEIGHTS"];

/// Settings, with where each was written.
pub struct Sources {
    given: Table,
    file: Table,
}

/// Where a setting was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A flag or a variable.
    Given,
    /// The file.
    File,
}

impl Sources {
    /// Flags and variables as the command line read them, over a file.
    pub fn new(given: &RawSettings, file: Option<&Path>) -> Result<Self> {
        let given = Table::try_from(given).map_err(Error::unusable)?;
        let mut file = file.map(read).transpose()?.unwrap_or_default();
        add_secrets(&mut file, |variable| std::env::var(variable).ok());
        Ok(Self { given, file })
    }

    /// The settings, checked.
    pub fn settings(&self) -> Result<Settings> {
        self.raw()?.check()
    }

    /// The settings that were written, with their origin: given ones win over the file's. Secrets
    /// are hidden.
    pub fn written(&self) -> impl Iterator<Item = (&str, Value, Origin)> {
        let given = self.given.iter().map(|(name, value)| (name.as_str(), value, Origin::Given));
        let others = self.file.iter().filter(|(name, _)| !self.given.contains_key(*name));
        let all = given.chain(others.map(|(name, value)| (name.as_str(), value, Origin::File)));
        all.map(|(name, value, origin)| (name, without_secrets(name, value), origin))
    }

    /// The variables that may hold the secrets of providers.
    fn secrets(&self) -> impl Iterator<Item = String> {
        providers(&self.file).filter_map(|provider| provider.get("name")?.as_str()).map(variable)
    }

    fn raw(&self) -> Result<RawSettings> {
        let mut both = self.file.clone();
        both.extend(self.given.clone());
        both.try_into().map_err(Error::unusable)
    }
}

/// Whether a file of settings holds a password or a provider's secret.
pub fn holds_secrets(path: &Path) -> Result<bool> {
    let file = read(path)?;
    let in_url = |name| file.get(name).is_some_and(|url| without_secrets(name, url) != *url);
    let secret =
        |provider: &Table| provider.get("client_secret").and_then(Value::as_str) != Some("");
    Ok(WITH_SECRETS.into_iter().any(in_url) || providers(&file).any(secret))
}

fn read(path: &Path) -> Result<Table> {
    let at = |what: &dyn std::fmt::Display| Error::unusable(format!("{}: {what}", path.display()));
    let text = dataset::read_text(path, MOST_BYTES).map_err(Error::unusable)?;
    // Read as settings first, since their errors name the setting and the line.
    let raw: RawSettings = toml::from_str(&text).map_err(|e| at(&e))?;
    Table::try_from(&raw).map_err(Error::unusable)
}

fn providers(file: &Table) -> impl Iterator<Item = &Table> {
    file.get("oidc").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

/// Adds the secrets from variables to the providers' settings.
fn add_secrets(file: &mut Table, look_up: impl Fn(&str) -> Option<String>) {
    let written = file.get_mut("oidc").and_then(Value::as_array_mut);
    for provider in written.into_iter().flatten().filter_map(Value::as_table_mut) {
        let name = provider.get("name").and_then(Value::as_str).map(variable);
        if let Some(secret) = name.and_then(|name| look_up(&name)) {
            provider.insert("client_secret".to_owned(), secret.into());
        }
    }
}

/// Settings whose addresses can contain a password.
const WITH_SECRETS: [&str; 4] = ["smtp", "database", "captioner", "manager"];

/// Shown in place of a secret.
const HIDDEN: &str = "(hidden)";

/// A setting that is safe to print.
fn without_secrets(name: &str, value: &Value) -> Value {
    match (name, value) {
        // the user and password are before the last @, and the scheme before them
        (name, Value::String(url)) if WITH_SECRETS.contains(&name) => {
            match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, _)), Some((_, host))) => {
                    format!("{scheme}://{HIDDEN}@{host}").into()
                }
                (None, Some((_, host))) => format!("{HIDDEN}@{host}").into(),
                _ => value.clone(),
            }
        }
        ("oidc", Value::Array(providers)) => {
            let hide = |provider: &Value| {
                let mut provider = provider.clone();
                if let Some(secret) = provider.get_mut("client_secret") {
                    *secret = HIDDEN.into();
                }
                provider
            };
            providers.iter().map(hide).collect::<Vec<_>>().into()
        }
        _ => value.clone(),
    }
}

/// Refuses a variable that looks like a setting but is not, such as a misspelt one.
pub fn check_variables(names: impl Iterator<Item = OsString>, sources: &Sources) -> Result<()> {
    let settings = RawSettings::augment_args(Command::new("settings"));
    let known: BTreeSet<String> = settings
        .get_arguments()
        .filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned))
        .chain(OTHERS.map(|name| format!("{PREFIX}{name}")))
        .chain(sources.secrets())
        .collect();
    for name in names.filter_map(|name| name.into_string().ok()) {
        if name.starts_with(PREFIX) && !known.contains(&name) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(Error::unusable(format!(
                "the variable {name} is not a setting; the settings are {}",
                known.join(", ")
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_flag_wins_over_the_file_and_the_rest_is_as_the_file_says() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("server.toml");
        fs::write(&file, "workers = 3\nmax_upload_mib = 8\n").unwrap();
        let given = RawSettings { workers: Some(5), ..RawSettings::default() };
        let sources = Sources::new(&given, Some(&file)).unwrap();
        let settings = sources.settings().unwrap();
        assert_eq!((settings.worker.at_once, settings.max_upload_bytes), (5, 8 << 20));
        let origins: Vec<_> = sources.written().map(|(name, _, origin)| (name, origin)).collect();
        assert_eq!(origins, [("workers", Origin::Given), ("max_upload_mib", Origin::File)]);
    }

    #[test]
    fn a_misspelt_variable_is_named() {
        let names = |names: &[&str]| names.iter().map(OsString::from).collect::<Vec<_>>();
        let good = names(&["PATH", "FASHION_IQ_LISTEN", "FASHION_IQ_TOKEN", "FASHION_IQ_DATA_DIR"]);
        let none = Sources::new(&RawSettings::default(), None).unwrap();
        assert!(check_variables(good.into_iter(), &none).is_ok());
        for bad in ["FASHION_IQ_LISEN", "FASHION_IQ_OIDC_CAMPUS_SECRET"] {
            let error = check_variables(names(&[bad]).into_iter(), &none).unwrap_err();
            assert!(error.detail.contains(bad) && error.detail.contains("_LISTEN"));
        }
        let some = Sources { given: Table::new(), file: toml::from_str(PROVIDER).unwrap() };
        let secret = names(&["FASHION_IQ_OIDC_CAMPUS_SECRET"]);
        assert!(check_variables(secret.into_iter(), &some).is_ok());
    }

    const PROVIDER: &str = "[[oidc]]\nname = \"campus\"\nissuer = \"https://id.example.org\"\n\
                            client_id = \"fashion-iq\"\n";

    #[test]
    fn a_secret_may_be_a_variable_and_is_never_printed() {
        let mut file: Table = toml::from_str(PROVIDER).unwrap();
        let sources = |file: &Table| Sources { given: Table::new(), file: file.clone() };
        let error = sources(&file).settings().unwrap_err();
        assert!(error.detail.contains("FASHION_IQ_OIDC_CAMPUS_SECRET"), "{error}");
        add_secrets(&mut file, |name| {
            (name == "FASHION_IQ_OIDC_CAMPUS_SECRET").then(|| "hush".to_owned())
        });
        let settings = sources(&file).settings().unwrap();
        assert_eq!(
            (&*settings.oidc[0].client_secret, &*settings.oidc[0].title),
            ("hush", "campus")
        );
        for (smtp, shown) in [
            ("postgres://ada:hush@db.example.org/x", "postgres://(hidden)@db.example.org/x"),
            ("smtps://ada:hush@mail.example.org", "smtps://(hidden)@mail.example.org"),
            ("smtps://ada:hu@sh@mail.example.org", "smtps://(hidden)@mail.example.org"),
            ("smtp://127.0.0.1:25", "smtp://127.0.0.1:25"),
        ] {
            file.insert("smtp".to_owned(), smtp.into());
            let told: Vec<_> =
                sources(&file).written().map(|(_, value, _)| value.to_string()).collect();
            let told = told.join("\n");
            assert!(told.contains(shown) && told.contains("(hidden)"), "{told}");
            assert!(!told.contains("hush") && !told.contains("hu@"), "{told}");
        }
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
