//! Where settings come from: flags, the environment, a file.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::{Args, Command};
use toml::Table;

use super::{RawSettings, Settings};
use crate::error::{Error, Result};

/// What the variables of this program begin with.
const PREFIX: &str = "FASHION_IQ_";

/// Variables that other commands, the reference models and the tests read.
const OTHERS: [&str; 7] = ["CONFIG", "DATA", "LOG", "PHOTOS", "SERVER", "TOKEN", "WEIGHTS"];

/// Settings with where each of them was written.
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
        let file = file.map(read).transpose()?.unwrap_or_default();
        Ok(Self { given, file })
    }

    /// The settings, checked.
    pub fn settings(&self) -> Result<Settings> {
        self.raw()?.check()
    }

    /// What was written, with where: the given ones win over the file's.
    pub fn written(&self) -> impl Iterator<Item = (&str, &toml::Value, Origin)> {
        let given = self.given.iter().map(|(name, value)| (name.as_str(), value, Origin::Given));
        let others = self.file.iter().filter(|(name, _)| !self.given.contains_key(*name));
        given.chain(others.map(|(name, value)| (name.as_str(), value, Origin::File)))
    }

    fn raw(&self) -> Result<RawSettings> {
        let mut both = self.file.clone();
        both.extend(self.given.clone());
        both.try_into().map_err(Error::unusable)
    }
}

fn read(path: &Path) -> Result<Table> {
    let at = |what: &dyn std::fmt::Display| Error::unusable(format!("{}: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(|e| at(&e))?;
    // Read as settings first: their errors name the setting and the line.
    let raw: RawSettings = toml::from_str(&text).map_err(|e| at(&e))?;
    Table::try_from(&raw).map_err(Error::unusable)
}

/// Refuses a variable that looks like a setting and is none, such as a misspelt one.
pub fn check_variables(names: impl Iterator<Item = OsString>) -> Result<()> {
    let settings = RawSettings::augment_args(Command::new("settings"));
    let known: BTreeSet<String> = settings
        .get_arguments()
        .filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned))
        .chain(OTHERS.map(|name| format!("{PREFIX}{name}")))
        .collect();
    for name in names.filter_map(|name| name.into_string().ok()) {
        if name.starts_with(PREFIX) && !known.contains(&name) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            return Err(Error::unusable(format!(
                "the variable {name} is no setting; there are {}",
                known.join(", ")
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
        assert!(check_variables(good.into_iter()).is_ok());
        let error = check_variables(names(&["FASHION_IQ_LISEN"]).into_iter()).unwrap_err();
        assert!(error.detail.contains("FASHION_IQ_LISEN") && error.detail.contains("_LISTEN"));
    }
}
