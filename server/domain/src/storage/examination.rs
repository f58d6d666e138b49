//! Checks a data folder: its database, uploads, disk and permissions. Nothing is changed, and a
//! server can run at the same time.

use std::path::Path;

use object_store::ObjectStoreExt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Statement,
};
use sea_orm_migration::SchemaManager;
use serde::Serialize;
use time::Duration;
use uuid::Uuid;

use super::pairing::identity_of;
use super::{DataFolder, Store, UPLOADS, Uploads, key, permissions, room};
use crate::ambient::Instant;
use crate::database;
use crate::entities::submission;
use crate::error::{Error, Result};

/// How many submissions are checked per statement.
const BATCH: u64 = 500;

/// How many details are listed; the sentence gives the total.
const MOST_DETAILS: usize = 20;

const MIB: u64 = 1 << 20;

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check; a stable name for programs.
    pub check: &'static str,
    /// Whether nothing needs to be done.
    pub good: bool,
    /// The finding, in a sentence.
    pub found: String,
    /// The first of the items that the sentence counts: ids or further sentences.
    pub details: Vec<String>,
}

impl Finding {
    fn new(check: &'static str, good: bool, found: impl Into<String>) -> Self {
        Self { check, good, found: found.into(), details: vec![] }
    }

    fn with(self, details: impl IntoIterator<Item = String>) -> Self {
        Self { details: details.into_iter().take(MOST_DETAILS).collect(), ..self }
    }
}

/// Examines a data folder. `secrets` is the file of settings, if it holds any.
pub async fn examine(folder: &DataFolder, secrets: Option<&Path>) -> Result<Vec<Finding>> {
    let database = &folder.database;
    if !database::exists(database).await? {
        let found = format!("database {database} does not exist");
        return Ok(vec![Finding::new("database", false, found)]);
    }
    let db = database::open_read_only(database).await?;
    let uploads = Uploads::new(Store::existing(folder).await?, db.clone());
    let mut findings = vec![integrity(&db).await?, uploads.compare_identity().await?];
    findings.extend(uploads.find_unknown(folder.arriving_since).await?);
    findings.push(uploads.find_missing().await?);
    findings.push(uploads.find_aside(folder.keep_unknown_days).await?);
    findings.push(disk(folder));
    let wide = permissions::too_wide(folder, secrets).await?;
    let found = match wide.len() {
        0 => "only the owner can access the files".to_owned(),
        n => format!("other users can access {n} files or folders"),
    };
    findings.push(Finding::new("permissions", wide.is_empty(), found).with(wide));
    db.close().await?;
    Ok(findings)
}

async fn integrity(db: &DatabaseConnection) -> Result<Finding> {
    if db.get_database_backend() != DbBackend::Sqlite {
        // PostgreSQL checks the pages that it reads, if its cluster was made so.
        db.ping().await?;
        return Ok(Finding::new("database", true, "the database server answers"));
    }
    let check = Statement::from_string(db.get_database_backend(), "PRAGMA quick_check");
    let rows = db.query_all_raw(check).await?;
    let said: Vec<String> =
        rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    if said == ["ok"] {
        return Ok(Finding::new("database", true, "the database is intact"));
    }
    let found = "the database is damaged; restore a backup";
    Ok(Finding::new("database", false, found).with(said))
}

fn disk(folder: &DataFolder) -> Finding {
    let Some(free) = room::free_bytes(&folder.dir) else {
        return Finding::new("disk", true, "the system doesn't report free disk space");
    };
    let least = folder.min_free_bytes;
    let found = format!("{} MiB are free; uploads need {}", free / MIB, least / MIB);
    Finding::new("disk", free >= least, found)
}

impl Uploads {
    async fn compare_identity(&self) -> Result<Finding> {
        // A database of an earlier version has no such table.
        let schema = SchemaManager::new(&self.db);
        let known = schema.has_table("upload_store").await?;
        let ours = if known { identity_of(&self.db).await? } else { None };
        let theirs = self.store.identity().await?;
        let (good, found) = match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours == theirs => {
                (true, format!("database and uploads belong together ({ours})"))
            }
            (Some(ours), Some(theirs)) => (
                false,
                format!("the uploads belong to another database ({theirs}; this one is {ours})"),
            ),
            _ => (
                true,
                "database or uploads have no identity yet; the server sets it when it starts"
                    .to_owned(),
            ),
        };
        Ok(Finding::new("identity", good, found))
    }

    async fn find_unknown(&self, before: Instant) -> Result<[Finding; 2]> {
        let (census, unknown) = self.census(Some(before)).await?;
        let found = match unknown.len() {
            0 => "every upload belongs to a submission".to_owned(),
            n => format!(
                "{n} of {} uploads belong to no submission; the server moves them aside",
                n + census.known
            ),
        };
        let good = !census.is_mostly_unknown();
        let ids = unknown.iter().map(Uuid::to_string);
        let unknown = Finding::new("unknown-uploads", good, found).with(ids);
        let unfinished = self.store.unfinished(before).await?.len();
        let found = match unfinished {
            0 => "no unfinished uploads".to_owned(),
            n => format!("{n} unfinished uploads; the server removes them"),
        };
        Ok([unknown, Finding::new("unfinished-uploads", true, found)])
    }

    /// Submissions whose upload is missing: those that are not scored yet will fail.
    async fn find_missing(&self) -> Result<Finding> {
        let mut missing = Vec::new();
        let mut last = Uuid::nil();
        loop {
            let some = submission::Entity::find()
                .select_only()
                .columns([submission::Column::Id, submission::Column::UploadKey])
                .filter(submission::Column::Id.gt(last))
                .order_by_asc(submission::Column::Id)
                .limit(BATCH);
            let some: Vec<(Uuid, String)> = some.into_tuple().all(&self.db).await?;
            let Some((id, _)) = some.last() else { break };
            last = *id;
            for (id, upload) in some {
                match self.store.objects.head(&key(&upload)).await {
                    Ok(_) => {}
                    Err(object_store::Error::NotFound { .. }) => missing.push(id.to_string()),
                    Err(error) => return Err(error.into()),
                }
            }
        }
        let found = match missing.len() {
            0 => "every submission has its upload".to_owned(),
            n => format!("the uploads of {n} submissions are missing; restore them from a backup"),
        };
        Ok(Finding::new("missing-uploads", missing.is_empty(), found).with(missing))
    }

    async fn find_aside(&self, keep_days: u32) -> Result<Finding> {
        let days = self.aside_by_day().await?;
        let all: usize = days.values().sum();
        let found = match all {
            0 => "no uploads were moved aside".to_owned(),
            n => format!("{n} uploads were moved to unknown-uploads/"),
        };
        let keep = Duration::days(i64::from(keep_days));
        let day = |(day, n): (time::Date, usize)| {
            format!("{n} from {day}, kept until {}", day.saturating_add(keep))
        };
        Ok(Finding::new("moved-aside", true, found).with(days.into_iter().map(day)))
    }
}

impl Store {
    /// Opens the store of a data folder without creating anything.
    async fn existing(data: &DataFolder) -> Result<Self> {
        let uploads = data.dir.join(UPLOADS);
        if data.bucket.is_none() && !uploads.is_dir() {
            return Err(Error::unusable(format!("folder {} does not exist", uploads.display())));
        }
        Self::open(&data.dir, data.bucket.as_ref()).await
    }
}
