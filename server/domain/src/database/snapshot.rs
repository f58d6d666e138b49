//! Snapshots: copies of a database's file from before an upgrade, kept beside it.
//!
//! A snapshot is as secret as the database, and keeps what is deleted there later.

use std::fs;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DatabaseConnection};
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use super::schema::RELEASE;
use crate::ambient::Instant;
use crate::error::{Error, Result};
use crate::private;

/// How many snapshots are kept: the newest ones.
const KEPT: usize = 3;

/// After the name of the database's file.
const MARK: &str = ".before-";

const AT: StaticFormatDescription =
    format_description!("[year][month][day]T[hour][minute][second]Z");

/// Copies a database as it is now, and removes older snapshots. Only its owner can read it.
pub(super) async fn take(db: &DatabaseConnection, file: &Path, now: Instant) -> Result<PathBuf> {
    let at = now.utc().format(AT).map_err(|e| Error::internal("write an instant", e))?;
    let to = named(file, &format!("{RELEASE}-{at}"));
    if let Err(error) = copy(db, &to).await {
        tracing::error!(%error, "could not copy the database");
        let _ = fs::remove_file(&to);
        return Err(Error::no_snapshot(&to));
    }
    for old in all(file)?.into_iter().skip(KEPT) {
        let failed = |e| Error::io(&format!("remove the old snapshot {}", old.display()), e);
        fs::remove_file(&old).map_err(failed)?;
    }
    Ok(to)
}

/// Copies a database into a new file that only its owner can read. Readers and writers go on.
pub(crate) async fn copy(db: &DatabaseConnection, to: &Path) -> Result<()> {
    let path = to.to_str().ok_or_else(|| Error::unusable("data_dir isn't valid Unicode"))?;
    // What a killed process has left.
    let _ = fs::remove_file(to);
    private::create_file(to).map_err(|e| Error::io(&format!("write {}", to.display()), e))?;
    db.execute_unprepared(&format!("VACUUM INTO '{}'", path.replace('\'', "''"))).await?;
    let written = fs::File::open(to).and_then(|file| file.sync_all());
    written.map_err(|e| Error::io(&format!("write {}", to.display()), e))
}

/// The snapshots of a database, newest first.
pub fn all(file: &Path) -> Result<Vec<PathBuf>> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let failed = |e| Error::io(&format!("list {}", folder.display()), e);
    let prefix = named(file, "");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_one = path.as_os_str().as_encoded_bytes();
        if is_one.starts_with(prefix.as_os_str().as_encoded_bytes()) {
            found.push(path);
        }
    }
    // The instant is at the end of the name, after a version of any length.
    found.sort_by_key(|path| path.to_string_lossy().rsplit('-').next().map(str::to_owned));
    found.reverse();
    Ok(found)
}

fn named(file: &Path, rest: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!("{MARK}{rest}"));
    PathBuf::from(name)
}
