//! `fashion-iq database`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::ambient::Ambient;
use domain::database::{self, Bounds, Place, Postgres};
use domain::error::{Error, Result};
use serde_json::json;

use super::{Outcome, print_line, to_json};

/// Move a challenge's database to another place.
#[derive(Subcommand)]
pub(crate) enum Database {
    /// Copy a whole database into an empty one, and check every table.
    Copy(Copy),
}

/// Copy a whole database into an empty one, and check every table.
///
/// A place is a file of SQLite, such as data/fashion-iq.sqlite, or a URL, such as
/// <postgres://user:password@host/fashion_iq>. Stop the servers first: nothing that they write
/// afterwards is copied. The uploads stay where they are. Then start the servers with `--database`.
#[derive(Args)]
pub(crate) struct Copy {
    /// The database to read; it is not changed
    #[arg(value_name = "FROM")]
    from: String,
    /// The database to fill; its tables are made if it has none
    #[arg(value_name = "TO")]
    to: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Database {
    pub(super) async fn run(self) -> Result<Outcome> {
        let Self::Copy(copy) = self;
        copy.run().await
    }
}

impl Copy {
    async fn run(self) -> Result<Outcome> {
        let (source, target) = (place("FROM", &self.from)?, place("TO", &self.to)?);
        if !database::exists(&source).await? {
            return Err(Error::unusable(format!("FROM: there is no database in {source}")));
        }
        let from = database::open_source(&source).await?;
        let to = database::open(&target, Ambient::system().now()).await?;
        let tell = |table: &database::CopiedTable| {
            if !self.json {
                print_line(format_args!("{:>10}  {}", table.rows, table.table));
            }
        };
        let all = database::copy((&from, &source), (&to, &target), tell).await?;
        let rows: u64 = all.iter().map(|table| table.rows).sum();
        if self.json {
            let counts: serde_json::Map<_, _> =
                all.iter().map(|table| (table.table.clone(), table.rows.into())).collect();
            print_line(to_json(&json!({ "rows": rows, "tables": counts }))?);
        } else {
            print_line(format_args!(
                "copied {rows} rows of {} tables to {target}, and read them again: all are the same",
                all.len()
            ));
        }
        Ok(Outcome::Done)
    }
}

fn place(name: &str, written: &str) -> Result<Place> {
    if !written.contains("://") {
        return Ok(Place::File(PathBuf::from(written)));
    }
    let server = Postgres::read(written, Bounds::default());
    let server = server.map_err(|rule| Error::unusable(format!("{name}: {rule}")))?;
    Ok(Place::Server(server))
}
