//! `fashion-iq config …`

use std::path::Path;

use clap::Subcommand;
use domain::ambient::Ambient;
use domain::error::Result;
use domain::storage::permissions;
use serde_json::json;

use super::{ConfigFile, Outcome, print, print_error, print_line, to_json};
use crate::config::{Origin, RawSettings, Settings, Sources, check_variables, holds_secrets};

/// Every setting of a server, explained.
const EXAMPLE: &str = include_str!("../../../docs/server.toml");

/// Show and check the settings of a server.
#[derive(Subcommand)]
pub(crate) enum Config {
    /// Print an annotated file of all settings with their defaults.
    Example,
    /// Check whether a server would start with these settings, and list those that are not the
    /// defaults.
    Check {
        #[command(flatten)]
        settings: Box<RawSettings>,
        #[command(flatten)]
        config: ConfigFile,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Config {
    pub(super) async fn run(self) -> Result<Outcome> {
        match self {
            Self::Example => {
                print(EXAMPLE);
                Ok(Outcome::Done)
            }
            Self::Check { settings, config, json } => {
                let sources = Sources::new(&settings, config.config.as_deref())?;
                check_variables(std::env::vars_os().map(|(name, _)| name), &sources)?;
                let outcome = check(&sources, json)?;
                warn(&sources.settings()?, config.config.as_deref()).await?;
                Ok(outcome)
            }
        }
    }
}

fn check(sources: &Sources, json: bool) -> Result<Outcome> {
    let settings = sources.settings()?;
    let origin = |origin| match origin {
        Origin::Given => "flag or variable",
        Origin::File => "file",
    };
    if json {
        let one = |(name, value, from): (&str, toml::Value, Origin)| {
            (name.to_owned(), json!({ "value": value, "from": origin(from) }))
        };
        let written: serde_json::Map<_, _> = sources.written().map(one).collect();
        print_line(to_json(&written)?);
        return Ok(Outcome::Done);
    }
    for (name, value, from) in sources.written() {
        print_line(format_args!("{name} = {value}    # {}", origin(from)));
    }
    let (folder, address) = (settings.data_dir.display(), settings.base_address());
    print_line(format_args!("good: serves {folder} at {address}"));
    Ok(Outcome::Done)
}

/// Warns on standard error about files that other users of the machine can access.
async fn warn(settings: &Settings, file: Option<&Path>) -> Result<()> {
    let secrets = file.map(holds_secrets).transpose()?.unwrap_or_default();
    let folder = settings.data_folder(Ambient::system().now());
    for sentence in permissions::too_wide(&folder, file.filter(|_| secrets)).await? {
        print_error(format_args!("warning: {sentence}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_names_every_setting_with_its_default() {
        let settings = EXAMPLE.lines().filter_map(|line| line.strip_prefix("# "));
        let is_one = |line: &&str| line.contains(" = ") || line.starts_with("[[");
        let settings: Vec<&str> = settings.filter(is_one).collect();
        let raw: RawSettings = toml::from_str(&settings.join("\n")).unwrap();
        raw.check().unwrap();
        let examples = RawSettings {
            workers: None,
            database: None,
            storage: None,
            public_url: None,
            hsts_seconds: None,
            metrics_listen: None,
            smtp: None,
            mail_from: None,
            captioner: None,
            manager: None,
            oidc: None,
            ..raw.clone()
        };
        let named = format!("{:?}", examples.check().unwrap());
        assert_eq!(named, format!("{:?}", RawSettings::default().check().unwrap()));
        let count = toml::Table::try_from(&raw).unwrap().len();
        let command = <RawSettings as clap::Args>::augment_args(clap::Command::new("settings"));
        // providers can't be flags
        assert_eq!(count, command.get_arguments().count() + 1);
    }
}
