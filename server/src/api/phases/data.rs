//! Sends all public data of a phase.

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

/// How long a request waits for data that is being prepared. After that the client is asked to
/// retry; preparing continues.
const PATIENCE: Duration = Duration::from_secs(5);

/// The downloads of a phase.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DataFiles {
    /// The split that is scored.
    pub split: String,
    /// Whether targets are `hidden` (not in the files), `public` (in the files with the queries) or
    /// `none`.
    pub targets: String,
    /// The licence of the data; absent if the organisers have not named one.
    pub licence: Option<String>,
    /// Everything as one zip, with a README.txt and the checksum of each file.
    pub archive: ListedFile,
    /// The files in it, other than pictures.
    pub files: Vec<ListedFile>,
    /// The number of pictures in it.
    pub pictures: u64,
    /// The total size of the pictures, in bytes.
    pub picture_bytes: u64,
}

/// A file to download.
#[derive(Debug, Object)]
pub struct ListedFile {
    /// Its path in the folder.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, hex.
    pub sha256: String,
    /// Where to download it. An interrupted download can be resumed (`Range`).
    pub link: String,
}

#[OpenApi]
impl Get {
    /// Download all public data of a phase as a zip
    ///
    /// Queries, galleries, attributes, captions of items and pictures as a folder in the layout of the official
    /// repositories, which `fashion-iq validate --data` reads. If targets are public, the zip also
    /// has the targets and the train split, so `fashion-iq score --data` works offline. Available
    /// once the phase has opened. An interrupted download can be resumed (`Range`, `If-Range`).
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

    /// List the downloads of a phase, each with its size and checksum
    ///
    /// Available once the phase has opened.
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

    /// Download one file of a phase's data
    ///
    /// Any file except pictures, by its path in the list. Available once the phase has opened.
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
