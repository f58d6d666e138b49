//! Checks the store of a data folder, its disk and permissions. Nothing is changed, and a server can
//! run at the same time.

use std::path::Path;

use object_store::ObjectStoreExt;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sea_orm_migration::SchemaManager;
use serde::Serialize;
use time::Duration;
use uuid::Uuid;

use super::pairing::identity_of;
use super::{DataFolder, Store, UPLOADS, Uploads, key, permissions, room};
use crate::ambient::Instant;
use crate::entities::submission;
use crate::error::{Error, Result};
use crate::private;

/// How many submissions are checked per statement.
const BATCH: u64 = 500;

/// How many details are listed; the sentence gives the total.
const MOST_DETAILS: usize = 20;

const MIB: u64 = 1 << 20;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing needs to be done.
    Ok,
    /// A server runs, but something should be looked at.
    Warning,
    /// Something must be done.
    Problem,
}

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check; a stable name for programs.
    pub check: &'static str,
    /// How it ended.
    pub state: State,
    /// The finding, in a sentence.
    pub found: String,
    /// What to do; none if nothing needs to be done.
    pub advice: Option<String>,
    /// The first of the items that the sentence counts: ids or further sentences.
    pub details: Vec<String>,
}

impl Finding {
    /// Nothing needs to be done.
    pub fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), advice: None, details: vec![] }
    }

    /// Something should be looked at.
    pub fn warning(check: &'static str, found: impl Into<String>, advice: &str) -> Self {
        let advice = Some(advice.to_owned());
        Self { state: State::Warning, advice, ..Self::ok(check, found) }
    }

    /// Something must be done.
    pub fn problem(check: &'static str, found: impl Into<String>, advice: &str) -> Self {
        Self { state: State::Problem, ..Self::warning(check, found, advice) }
    }

    /// Adds the first of what the sentence counts.
    #[must_use]
    pub fn with(self, details: impl IntoIterator<Item = String>) -> Self {
        Self { details: details.into_iter().take(MOST_DETAILS).collect(), ..self }
    }
}

/// Checks the store of a data folder: that it can be used, that it belongs to the database, and what
/// is in only one of the two. The database must have the present schema.
pub async fn examine(folder: &DataFolder, db: &DatabaseConnection) -> Result<Vec<Finding>> {
    let store = match Store::existing(folder).await {
        Ok(store) => store,
        Err(error) => return Ok(vec![Finding::problem("store", error.detail, CORRECT)]),
    };
    let found = match &folder.bucket {
        Some(bucket) => format!("objects of {bucket} can be listed, written and deleted"),
        None => format!("folder {} can be written", store.shown()),
    };
    let uploads = Uploads::new(store, db.clone());
    let mut findings = vec![Finding::ok("store", found), uploads.compare_identity().await?];
    findings.extend(uploads.find_unknown(folder.arriving_since).await?);
    findings.push(uploads.find_missing().await?);
    findings.push(uploads.find_aside(folder.keep_unknown_days).await?);
    Ok(findings)
}

const CORRECT: &str = "correct the setting, or make the store usable, before you start a server";

/// Checks the disk of a data folder.
pub fn examine_disk(folder: &DataFolder) -> Finding {
    let Some(free) = room::free_bytes(&folder.dir) else {
        return Finding::ok("disk", "the system doesn't report free disk space");
    };
    let least = folder.min_free_bytes;
    let found = format!("{} MiB are free; uploads need {}", free / MIB, least / MIB);
    let advice = "free some space: with less than `min_free_mib`, uploads are refused";
    match free {
        free if free < least => Finding::problem("disk", found, advice),
        free if free < 2 * least => Finding::warning("disk", found, advice),
        _ => Finding::ok("disk", found),
    }
}

/// Checks which files other users of the machine can access. `secrets` is the file of settings, if it
/// holds any.
pub async fn examine_permissions(folder: &DataFolder, secrets: Option<&Path>) -> Result<Finding> {
    let wide = permissions::too_wide(folder, secrets).await?;
    let found = match wide.len() {
        0 => return Ok(Finding::ok("permissions", "only the owner can access the files")),
        n => format!("other users can access {n} files or folders"),
    };
    let advice = "run the commands below; `--fix` does it for what is in the data folder";
    Ok(Finding::problem("permissions", found, advice).with(wide))
}

impl Uploads {
    async fn compare_identity(&self) -> Result<Finding> {
        // A database of an earlier version has no such table.
        let schema = SchemaManager::new(&self.db);
        let known = schema.has_table("upload_store").await?;
        let ours = if known { identity_of(&self.db).await? } else { None };
        let theirs = self.store.identity().await?;
        Ok(match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours == theirs => {
                let found = format!("database and uploads belong together ({ours})");
                Finding::ok("identity", found)
            }
            (Some(ours), Some(theirs)) => Finding::problem(
                "identity",
                format!("the uploads belong to another database ({theirs}; this one is {ours})"),
                "restore both from the same backup, or correct `data_dir` or `storage`",
            ),
            _ => Finding::ok(
                "identity",
                "database or uploads have no identity yet; the server sets it when it starts",
            ),
        })
    }

    async fn find_unknown(&self, before: Instant) -> Result<[Finding; 2]> {
        let (census, unknown) = self.census(Some(before)).await?;
        let check = "unknown-uploads";
        let all = unknown.len() + census.known;
        let found = format!("{} of {all} uploads belong to no submission", unknown.len());
        let finding = match unknown.len() {
            0 => Finding::ok(check, "every upload belongs to a submission"),
            _ if census.is_mostly_unknown() => Finding::problem(
                check,
                found,
                "this is probably another database or an older copy: restore the right one, or \
                 correct `data_dir` or `storage`",
            ),
            _ => Finding::warning(check, found, "`--fix` or a running server moves them aside"),
        };
        let finding = finding.with(unknown.iter().map(Uuid::to_string));
        let unfinished = self.store.unfinished(before).await?.len();
        let found = match unfinished {
            0 => "no unfinished uploads".to_owned(),
            n => format!("{n} unfinished uploads; the server removes them"),
        };
        Ok([finding, Finding::ok("unfinished-uploads", found)])
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
                .filter(submission::Column::UploadKey.ne(""))
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
        let check = "missing-uploads";
        Ok(match missing.len() {
            0 => Finding::ok(check, "every submission has its upload"),
            n => Finding::problem(
                check,
                format!("the uploads of {n} submissions are missing"),
                "restore them from a backup; `--fix` moves back those in unknown-uploads/",
            )
            .with(missing),
        })
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
        Ok(Finding::ok("moved-aside", found).with(days.into_iter().map(day)))
    }
}

impl Store {
    /// Opens the store of a data folder without creating anything.
    async fn existing(data: &DataFolder) -> Result<Self> {
        let uploads = data.dir.join(UPLOADS);
        if data.bucket.is_none() {
            let unusable =
                |why: &str| Err(Error::unusable(format!("folder {} {why}", uploads.display())));
            if !uploads.is_dir() {
                return unusable("does not exist");
            }
            if !private::is_writable(&uploads) {
                return unusable("can’t be written by this user");
            }
        }
        Self::open(&data.dir, data.bucket.as_ref()).await
    }
}
