//! Makes a backup, also while a server runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use migrations::Migrator;
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use sea_orm_migration::MigratorTrait;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::write::Writing;
use super::{ABOUT, About, DATABASE, Done, FORMAT, README, restore};
use crate::ambient::Instant;
use crate::database::{self, Place};
use crate::entities::{benchmark, submission};
use crate::error::{Error, Result, rfc3339};
use crate::storage::{DataFolder, Store, UPLOADS, Uploads};

/// How many submissions are looked up at once.
const AT_ONCE: u64 = 500;

/// Makes a backup of a data folder in a new file, reads it back, and returns what is in it. `report` gets how
/// many uploads are written, and how many there are.
///
/// The database is copied at one instant, and then the uploads that it names. They never change, so
/// submissions and their uploads belong together whatever a server does meanwhile.
///
/// # Errors
/// The file exists, something can't be read or written, or what was written can't be read back.
pub async fn make(
    folder: &DataFolder,
    to: &Path,
    (release, now): (&str, Instant),
    report: &dyn Fn(u64, u64),
) -> Result<Done> {
    if to.exists() {
        return Err(Error::unusable(format!("{} exists; choose another name", to.display())));
    }
    if !database::exists(&folder.database).await? {
        return Err(Error::unusable(format!("there is no database {}", folder.database)));
    }
    let copy = Copy::take(folder, now).await?;
    let db = database::open_read_only(&Place::File(copy.0.clone())).await?;
    let about = about(&db, (release, rfc3339(now))).await?;
    let mut writing = Writing::begin(to)?;
    writing.add(README, readme(&about).as_bytes())?;
    writing.add(ABOUT, database::to_json(&about)?.as_bytes())?;
    writing.add_file(DATABASE, &copy.0)?;
    let store = Store::open(&folder.dir, folder.bucket.as_ref()).await?;
    let uploads = Uploads::new(store, db.clone());
    let missing = add_uploads(&mut writing, &uploads, &db, &about, report).await?;
    for (entry, folder) in &about.folders {
        add_folder(&mut writing, entry, folder)?;
    }
    for (entry, file) in &about.targets {
        writing.add_file(entry, file)?;
    }
    writing.finish(to)?;
    let done = restore::verify(to)?;
    Ok(Done { missing, ..done })
}

/// A copy of the database, which is removed afterwards.
struct Copy(PathBuf);

impl Copy {
    async fn take(folder: &DataFolder, now: Instant) -> Result<Self> {
        let name = format!("backup-{}.sqlite", std::process::id());
        let copy = Self(folder.dir.join(name));
        let _ = fs::remove_file(&copy.0);
        if folder.database.file().is_none() {
            // Row by row into the same schema; it waits for writers, and they for it.
            let (source, target) = (&folder.database, Place::File(copy.0.clone()));
            let from = database::open_source(source).await?;
            let to = database::open(&target, now).await?;
            database::copy((&from, source), (&to, &target), |_| {}).await?;
            database::scrub(&to).await?;
            to.close().await?;
            return Ok(copy);
        }
        let db = database::open_read_only(&folder.database).await?;
        database::snapshot::copy(&db, &copy.0).await?;
        db.close().await?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        for file in database::files(&self.0) {
            let _ = fs::remove_file(file);
        }
    }
}

async fn about(db: &DatabaseConnection, (release, made_at): (&str, String)) -> Result<About> {
    let mut folders: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut targets: BTreeMap<String, PathBuf> = BTreeMap::new();
    let add =
        |known: &mut BTreeMap<String, PathBuf>, path: PathBuf, name: &dyn Fn(usize) -> String| {
            if !known.values().any(|it| *it == path) {
                known.insert(name(known.len()), path);
            }
        };
    for row in benchmark::Entity::find().order_by_asc(benchmark::Column::Id).all(db).await? {
        add(&mut folders, PathBuf::from(row.folder), &|n| format!("data/{n}"));
        if let Some(file) = row.targets_file {
            add(&mut targets, PathBuf::from(file), &|n| format!("targets/{n}.json"));
        }
    }
    let applied = Migrator::get_applied_migrations(db).await?;
    let schema = applied.last().map(|step| step.name().to_owned()).unwrap_or_default();
    let submissions = submission::Entity::find().count(db).await?;
    let release = release.to_owned();
    Ok(About { format: FORMAT, release, made_at, schema, submissions, folders, targets })
}

fn readme(about: &About) -> String {
    format!(
        "This is a backup of a Fashion IQ Challenge server, made at {}.\n\n\
         It is SECRET: whoever can read it has the hidden targets, the teams' submissions, digests of \
         passwords and the keys that sign receipts. Keep it where only the server's operator can read it.\n\n\
         To restore it: fashion-iq restore FILE --data-dir NEW_FOLDER\n\
         To check it: tar -xOf FILE checksums.txt, and sha256sum -c in an unpacked copy.\n",
        about.made_at
    )
}

/// Adds the uploads of all submissions, and returns the ids of those that are missing or damaged.
async fn add_uploads(
    writing: &mut Writing,
    uploads: &Uploads,
    db: &DatabaseConnection,
    about: &About,
    report: &dyn Fn(u64, u64),
) -> Result<Vec<String>> {
    if let Some((name, identity)) = uploads.identity_file().await? {
        writing.add(&format!("{UPLOADS}/{name}"), identity.as_bytes())?;
    }
    let (mut missing, mut after, mut done) = (Vec::new(), Uuid::nil(), 0);
    loop {
        let some = submission::Entity::find()
            .select_only()
            .columns([submission::Column::Id])
            .columns([submission::Column::UploadKey, submission::Column::UploadDigest])
            .filter(submission::Column::Id.gt(after))
            .filter(submission::Column::UploadKey.ne(""))
            .order_by_asc(submission::Column::Id)
            .limit(AT_ONCE);
        let some: Vec<(Uuid, String, String)> = some.into_tuple().all(db).await?;
        let Some((last, _, _)) = some.last() else { return Ok(missing) };
        after = *last;
        for (id, key, digest) in some {
            match uploads.get(&key).await? {
                Some(bytes) if hex::encode(Sha256::digest(&bytes)) == digest => {
                    writing.add(&format!("{UPLOADS}/{key}"), &bytes)?;
                }
                _ => missing.push(id.to_string()),
            }
            done += 1;
            report(done, about.submissions);
        }
    }
}

/// Adds the regular files of a folder, and of the folders in it.
fn add_folder(writing: &mut Writing, entry: &str, folder: &Path) -> Result<()> {
    let failed = |e| Error::io(&format!("read {}", folder.display()), e);
    let mut files: Vec<_> =
        fs::read_dir(folder).map_err(failed)?.collect::<Result<_, _>>().map_err(failed)?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let path = file.path();
        let Some(name) = file.file_name().to_str().map(|name| format!("{entry}/{name}")) else {
            continue;
        };
        // Links are followed, so that the backup is complete by itself.
        let about = fs::metadata(&path).map_err(failed)?;
        if about.is_dir() {
            add_folder(writing, &name, &path)?;
        } else if about.is_file() {
            writing.add_file(&name, &path)?;
        }
    }
    Ok(())
}
