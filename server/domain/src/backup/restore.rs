//! Reads a backup: to check it, and to restore it in a new data folder.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};

use migrations::Migrator;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use sea_orm_migration::MigratorTrait;
use sha2::{Digest, Sha256};
use tar::Archive;

use super::{ABOUT, About, CHECKSUMS, DATABASE, Done, FORMAT};
use crate::ambient::Instant;
use crate::database::{self, Place};
use crate::entities::benchmark;
use crate::error::{Error, Result};
use crate::private;
use crate::storage::UPLOADS;

/// The folder in a data folder for the data sets and targets of a backup.
const DATA: &str = "restored";

/// The most bytes of an entry that is read into memory.
const MOST_BYTES: u64 = 1 << 30;

/// Reads a backup to its end, and returns what is in it.
///
/// # Errors
/// It is no backup, it was cut, or an entry differs from its checksum.
pub fn verify(file: &Path) -> Result<Done> {
    read(file, |_, entry| io::copy(entry, &mut io::sink()).map(drop))
}

/// Restores a backup in a folder that doesn't exist or is empty. It appears there complete, or not at all.
///
/// Its data sets and targets are put into the folder too, and its benchmarks name them there.
///
/// # Errors
/// As [`verify`]; or the folder isn't empty, the backup was made by a newer release, or there is no room.
pub async fn restore(file: &Path, data_dir: &Path, now: Instant) -> Result<Done> {
    let data_dir = std::path::absolute(data_dir)
        .map_err(|e| Error::io(&format!("find {}", data_dir.display()), e))?;
    if fs::read_dir(&data_dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::unusable(format!(
            "{} isn’t empty; restore into a new folder, and move it in place afterwards",
            data_dir.display()
        )));
    }
    let place = Unpacked::beside(&data_dir)?;
    let done = read(file, |name, entry| place.put(name, entry))?;
    knows_schema(&done.about)?;
    let db = database::open(&Place::File(place.0.join(DATABASE)), now).await?;
    let set = |column, value: String| (column, Expr::value(value));
    for (entry, old) in &done.about.folders {
        let (column, new) = set(benchmark::Column::Folder, in_data(&data_dir, entry));
        let of = benchmark::Column::Folder.eq(old.display().to_string());
        benchmark::Entity::update_many().col_expr(column, new).filter(of).exec(&db).await?;
    }
    for (entry, old) in &done.about.targets {
        let (column, new) = set(benchmark::Column::TargetsFile, in_data(&data_dir, entry));
        let of = benchmark::Column::TargetsFile.eq(old.display().to_string());
        benchmark::Entity::update_many().col_expr(column, new).filter(of).exec(&db).await?;
    }
    database::scrub(&db).await?;
    db.close().await?;
    place.move_to(&data_dir)?;
    Ok(done)
}

fn in_data(data_dir: &Path, entry: &str) -> String {
    data_dir.join(DATA).join(entry).display().to_string()
}

/// Refuses a backup whose database has steps that this release doesn't know.
fn knows_schema(about: &About) -> Result<()> {
    let known = Migrator::migrations().iter().any(|step| step.name() == about.schema);
    if known || about.schema.is_empty() {
        return Ok(());
    }
    Err(Error::unusable(format!(
        "the backup was made by release {}, whose database is newer ({}) than this release knows; \
         restore it with that release or a later one",
        about.release, about.schema
    )))
}

/// Reads all entries, checks them against the checksums at the end, and returns what was read. Nothing may be
/// kept of what `take` got if it fails.
fn read(file: &Path, take: impl Fn(&str, &mut dyn Read) -> io::Result<()>) -> Result<Done> {
    let cut = || {
        Error::unusable(format!(
            "{} is no whole backup: it is cut or damaged; nothing was changed",
            file.display()
        ))
    };
    let failed = |e: io::Error| Error::io(&format!("read {}", file.display()), e);
    let opened = File::open(file).map_err(failed)?;
    let bytes = opened.metadata().map_err(failed)?.len();
    let mut archive = Archive::new(BufReader::new(opened));
    let (mut computed, mut about, mut uploads) = (String::new(), None, 0);
    for entry in archive.entries().map_err(|_| cut())? {
        let mut entry = entry.map_err(|_| cut())?;
        let name = entry.path().ok().and_then(|path| path.to_str().map(str::to_owned));
        let name = name.filter(|name| is_safe(name)).ok_or_else(cut)?;
        if name == CHECKSUMS {
            let written = text(&mut entry).map_err(|_| cut())?;
            let about: About = about.filter(|_| written == computed).ok_or_else(cut)?;
            return Ok(Done { about, uploads, bytes, missing: vec![] });
        }
        let mut hashed = Hashed { from: &mut entry, sha: Sha256::new() };
        if name == ABOUT {
            let told = text(&mut hashed).map_err(|_| cut())?;
            let told: About = serde_json::from_str(&told).map_err(|_| cut())?;
            if told.format != FORMAT {
                return Err(Error::unusable(format!(
                    "the backup has form {}, and this release knows form {FORMAT}; restore it with release \
                     {} or a later one",
                    told.format, told.release
                )));
            }
            about = Some(told);
        } else {
            let taken = take(&name, &mut hashed);
            let is_cut = |e: &io::Error| {
                matches!(e.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData)
            };
            match taken {
                Err(e) if is_cut(&e) => return Err(cut()),
                taken => taken.map_err(|e| Error::io(&format!("restore {name}"), e))?,
            }
        }
        uploads += u64::from(is_upload(&name));
        let digest = hex::encode(hashed.sha.finalize());
        let _ = writeln!(computed, "{digest}  {name}");
    }
    Err(cut())
}

fn is_upload(name: &str) -> bool {
    name.strip_prefix(UPLOADS).is_some_and(|rest| !rest.starts_with("/."))
}

/// Whether a name leads to a place below the folder, and nowhere else.
fn is_safe(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn text(from: &mut dyn Read) -> io::Result<String> {
    let mut text = String::new();
    from.take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

struct Hashed<'a, R> {
    from: &'a mut R,
    sha: Sha256,
}

impl<R: Read> Read for Hashed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.sha.update(&buffer[..read]);
        Ok(read)
    }
}

/// Where a backup is unpacked before it gets its place; removed if it never does.
struct Unpacked(PathBuf);

impl Unpacked {
    fn beside(data_dir: &Path) -> Result<Self> {
        let mut name = data_dir.as_os_str().to_owned();
        name.push(format!(".restoring-{}", std::process::id()));
        let place = Self(PathBuf::from(name));
        private::create_folder(&place.0)
            .map_err(|e| Error::io(&format!("make {}", place.0.display()), e))?;
        Ok(place)
    }

    fn put(&self, name: &str, entry: &mut dyn Read) -> io::Result<()> {
        let is_data = name.starts_with("data/") || name.starts_with("targets/");
        let to = if is_data { self.0.join(DATA).join(name) } else { self.0.join(name) };
        if let Some(folder) = to.parent() {
            private::create_folder(folder)?;
        }
        private::create_file(&to)?;
        let mut file = File::options().write(true).open(&to)?;
        io::copy(entry, &mut file)?;
        file.flush()?;
        file.sync_all()
    }

    fn move_to(&self, data_dir: &Path) -> Result<()> {
        let failed = |e| Error::io(&format!("make {}", data_dir.display()), e);
        if data_dir.exists() {
            fs::remove_dir(data_dir).map_err(failed)?;
        }
        fs::rename(&self.0, data_dir).map_err(failed)
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
