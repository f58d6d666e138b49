//! Sends all that is public of a phase's data.

use std::sync::Arc;
use std::time::Duration;

use domain::challenges::{self, DataFile, Located, Package};
use domain::error::Error;
use poem::Request;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::api::download::{Download, saved_as};
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/data` and `…/files`
pub struct Get;

/// How long a request waits for data that is being prepared. Then it is answered that it should come
/// again: preparing goes on.
const PATIENCE: Duration = Duration::from_secs(5);

/// What can be downloaded of a phase's data.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DataFiles {
    /// The split that is scored.
    pub split: String,
    /// `hidden` (not among the files), `public` (in the files of the queries) or `none`.
    pub targets: String,
    /// Under which licence the data is published; absent where the organisers have named none.
    pub licence: Option<String>,
    /// Everything as one zip, with a README.txt and the checksum of each file.
    pub archive: ListedFile,
    /// The files in it, other than pictures.
    pub files: Vec<ListedFile>,
    /// How many pictures are in it.
    pub pictures: u64,
    /// How long all of them are.
    pub picture_bytes: u64,
}

/// A file that can be downloaded.
#[derive(Debug, Object)]
pub struct ListedFile {
    /// Its place in the folder.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of it; hex.
    pub sha256: String,
    /// Where to get it. A download that was broken off can be resumed there (`Range`).
    pub link: String,
}

#[OpenApi]
impl Get {
    /// All public data of a phase, as a zip
    ///
    /// Queries, galleries, attributes and pictures as a folder in the layout of the official
    /// repositories, which `fashion-iq validate --data` reads. Where targets are public they are in it,
    /// and so is the train split: `fashion-iq score --data` works offline. Not before the phase has
    /// opened. A download that was broken off can be resumed (`Range`, `If-Range`).
    #[oai(
        path = "/challenges/:challenge/phases/:phase/data",
        method = "get",
        operation_id = "get_data"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        request: &Request,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Download> {
        let (_, package) = package(&app, &challenge, &phase).await?;
        let (path, file) = package.archive();
        let name = saved_as(&[&challenge, &phase, "data"], "zip");
        Download::of(request, &path, file, &name).await
    }

    /// What can be downloaded of a phase's data: each file with its size and its checksum
    ///
    /// Not before the phase has opened.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/files",
        method = "get",
        operation_id = "list_files"
    )]
    async fn list(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Json<DataFiles>> {
        let (located, package) = package(&app, &challenge, &phase).await?;
        Ok(Json(DataFiles::of(located, &package)))
    }

    /// One file of a phase's data
    ///
    /// Any but pictures, by the path that the list gives. Not before the phase has opened.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/files/:folder/:name",
        method = "get",
        operation_id = "get_file"
    )]
    async fn file(
        &self,
        app: Data<&Arc<App>>,
        request: &Request,
        challenge: Path<String>,
        phase: Path<String>,
        folder: Path<String>,
        name: Path<String>,
    ) -> Result<Download> {
        let (_, package) = package(&app, &challenge, &phase).await?;
        let wanted = format!("{}/{}", *folder, *name);
        let (path, file) =
            package.file(&wanted).ok_or_else(|| Error::not_found("file", &wanted))?;
        Download::of(request, &path, file, &name).await
    }
}

/// The data of a phase that has opened.
async fn package(app: &App, challenge: &str, phase: &str) -> Result<(Located, Arc<Package>)> {
    let located = challenges::locate(&app.db, challenge, phase).await?;
    located.phase.must_have_opened(app.ambient.now())?;
    let ready = app.benchmarks.get(&located.benchmark).await?;
    let found = app.packages.get(&located.benchmark, &ready, PATIENCE).await?;
    Ok((located, found.ok_or_else(Error::being_prepared)?))
}

impl DataFiles {
    fn of(located: Located, package: &Package) -> Self {
        let Located { challenge, phase, benchmark } = located;
        let phase = format!("/api/v1/challenges/{}/phases/{}", challenge.name, phase.name);
        let list = package.list();
        let files = list.files.iter().filter(|file| file.path.contains('/'));
        let link = |file: &DataFile| format!("{phase}/files/{}", file.path);
        Self {
            archive: ListedFile::of(&list.archive, format!("{phase}/data")),
            files: files.map(|file| ListedFile::of(file, link(file))).collect(),
            pictures: list.pictures.count,
            picture_bytes: list.pictures.bytes,
            split: benchmark.split,
            targets: benchmark.targets.name().to_owned(),
            licence: benchmark.licence,
        }
    }
}

impl ListedFile {
    fn of(file: &DataFile, link: String) -> Self {
        Self { path: file.path.clone(), bytes: file.bytes, sha256: file.sha256.clone(), link }
    }
}
