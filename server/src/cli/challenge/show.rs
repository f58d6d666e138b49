//! `fashion-iq challenge show`

use clap::Args;
use domain::challenges::shown_as_toml;
use domain::error::Result;

use super::named_or_only;
use crate::cli::{DataDir, Outcome, open, print, print_line, to_json};

/// Print a challenge of the data folder as a challenge.toml. Applying it changes nothing.
#[derive(Args)]
pub(crate) struct Show {
    /// The challenge; optional if there is only one.
    challenge: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data_dir: DataDir,
}

impl Show {
    pub(super) async fn run(self) -> Result<Outcome> {
        let app = open(&self.data_dir).await?;
        let challenge = named_or_only(&app.db, self.challenge.as_deref()).await?;
        let table = shown_as_toml(&app.db, &challenge).await?;
        if self.json {
            print_line(to_json(&plain(toml::Value::Table(table)))?);
        } else {
            print(table);
        }
        Ok(Outcome::Done)
    }
}

/// The same as JSON: instants are strings.
fn plain(value: toml::Value) -> serde_json::Value {
    match value {
        toml::Value::Datetime(at) => at.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(plain).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(name, value)| (name, plain(value))).collect()
        }
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(yes) => yes.into(),
    }
}
