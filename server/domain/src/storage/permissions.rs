//! Finds files and folders that other users of the machine can access but shouldn't.

use std::path::{Path, PathBuf};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::aside::ASIDE;
use super::{DOWNLOADS, DataFolder, UPLOADS};
use crate::database;
use crate::entities::benchmark;
use crate::error::Result;
use crate::private;

/// Warnings about access by other users, in sentences: to the data folder, the database, the
/// uploads, the targets files in the database, and a file of settings with secrets.
pub async fn too_wide(folder: &DataFolder, secrets: Option<&Path>) -> Result<Vec<String>> {
    let mut wide = of_data_folder(folder);
    wide.extend(secrets.and_then(private::wider));
    let database = &folder.database;
    if database::exists(database).await? {
        let db = database::open_read_only(database).await?;
        for file in targets_files(&db).await? {
            wide.extend(private::wider(&file));
            wide.extend(private::replaceable(&file));
        }
        db.close().await?;
    }
    wide.sort();
    wide.dedup();
    Ok(wide)
}

fn of_data_folder(folder: &DataFolder) -> Vec<String> {
    let aside = folder.dir.join(ASIDE);
    let days = std::fs::read_dir(&aside).into_iter().flatten().flatten();
    let days: Vec<PathBuf> = days.map(|day| day.path()).collect();
    let folders = [folder.dir.clone(), folder.dir.join(UPLOADS), aside, folder.dir.join(DOWNLOADS)];
    let database = folder.database.file().map(database::files).into_iter().flatten();
    let all = folders.into_iter().chain(days).chain(database);
    all.filter_map(|path| private::wider(&path)).collect()
}

async fn targets_files(db: &impl ConnectionTrait) -> Result<Vec<PathBuf>> {
    let files = benchmark::Entity::find()
        .select_only()
        .column(benchmark::Column::TargetsFile)
        .filter(benchmark::Column::TargetsFile.is_not_null())
        .distinct();
    let files: Vec<String> = files.into_tuple().all(db).await?;
    Ok(files.into_iter().map(PathBuf::from).collect())
}
