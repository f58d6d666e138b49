//! A data folder with a large challenge.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::ambient::Ambient;
use domain::challenges::{self, Definition};
use domain::entities::team::TeamKind;
use domain::plans::Application;
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement};
use server::App;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::{Material, fill};
use crate::{Client, PostgresServer, Program, open_database, settings_of};

/// How large a challenge is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Queries of the benchmark.
    pub queries: usize,
    /// Submissions that are scored already.
    pub submissions: usize,
    /// Their teams.
    pub teams: usize,
    /// Teams that upload.
    pub uploading: usize,
    /// Different runs that are uploaded.
    pub runs: usize,
}

/// A data folder with its database and what is uploaded.
pub struct Place {
    dir: TempDir,
    tokens: Vec<String>,
    runs: Vec<Vec<u8>>,
    uploaded: AtomicUsize,
    runtime: Runtime,
    db: Option<DatabaseConnection>,
    /// Its server, if the database isn't a file.
    pub postgres: Option<PostgresServer>,
    /// Its benchmark and uploads, in words.
    pub about: String,
}

impl Place {
    /// Makes a challenge of some size, in a file of SQLite or on a PostgreSQL server of its own.
    pub fn new(size: Size, on_postgres: bool) -> Self {
        let dir = TempDir::new().unwrap();
        let data = dir.path().join("data");
        let postgres = on_postgres.then(|| PostgresServer::durable(&data));
        let mut material = Material::draw(size.queries);
        let definition = material.write(dir.path());
        let runtime = Runtime::new().unwrap();
        let tokens = runtime.block_on(teams(&data, &definition, size.uploading));
        let runs: Vec<_> = (0..size.runs).map(|_| material.run()).collect();
        let bytes = runs.iter().map(Vec::len).sum::<usize>() / runs.len();
        let about = format!("{}, zips of {:.1} MB", material.size(), bytes as f64 / 1e6);
        let (uploaded, db) = (AtomicUsize::new(0), None);
        let mut place = Self { dir, tokens, runs, uploaded, runtime, db, postgres, about };
        place.score_one();
        let db = place.runtime.block_on(async {
            let db = open_database(&data).await;
            fill(&db, size.submissions, size.teams).await;
            db
        });
        place.db = Some(db);
        place
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Scores the submission from which the others are copied.
    fn score_one(&self) {
        let program = Program::serve_with(&self.data(), &["--answer-seconds", "60"]);
        let (token, run) = self.next_upload();
        let client = Client::new(&program.address).with_token(token);
        let answer = client.post(&Client::intake("test"), &run, &[]).unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text);
        program.terminate();
    }

    /// A team's token and an upload that nobody has sent yet.
    pub fn next_upload(&self) -> (&str, Vec<u8>) {
        let n = self.uploaded.fetch_add(1, Ordering::Relaxed);
        let token = &self.tokens[n % self.tokens.len()];
        let run = &self.runs[n % self.runs.len()];
        (token, with_comment(run, &format!("{n:08}")))
    }

    /// Waits until nothing is to be scored, for two minutes at most; returns how many are left.
    pub fn drain(&self) -> i64 {
        let waiting = || self.count("select count(*) from submission where state = 'received'");
        for _ in 0..1200 {
            if waiting() == 0 {
                return 0;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        waiting()
    }

    /// A count from the database.
    pub fn count(&self, query: &str) -> i64 {
        self.rows(query)[0].try_get_by_index(0).unwrap()
    }

    /// Rows from the database.
    pub fn rows(&self, query: &str) -> Vec<QueryResult> {
        let db = self.db.as_ref().expect("it is opened when the challenge is made");
        let statement = Statement::from_string(db.get_database_backend(), query);
        self.runtime.block_on(db.query_all_raw(statement)).unwrap()
    }

    /// Removes the stored uploads, which would fill the disk, once they are scored.
    pub fn remove_uploads(&self) {
        for file in fs::read_dir(self.data().join("uploads")).unwrap() {
            let file = file.unwrap();
            if file.file_name().len() == ID_LENGTH {
                fs::remove_file(file.path()).unwrap();
            }
        }
    }
}

/// Uploads are named by an id; other files beside them aren't uploads.
const ID_LENGTH: usize = 36;

/// Applies the challenge; returns the tokens of new teams.
async fn teams(data: &Path, definition: &Path, count: usize) -> Vec<String> {
    let definition = Definition::read(definition).unwrap();
    let app = App::open(settings_of(data), Ambient::system()).await.unwrap();
    let application = Application::prepare(&app.db, &app.ambient, definition).await.unwrap();
    let applied = domain::moderation::apply_definition(&app, &application, None, "applied");
    applied.await.unwrap();
    let challenge = challenges::find(&app.db, "fiq").await.unwrap();
    let mut tokens = Vec::new();
    for n in 0..count {
        let name = format!("Uploading team {n}");
        let made = domain::accounts::create(&app, &challenge, &name, TeamKind::Team);
        tokens.push(made.await.unwrap().1.reveal().to_owned());
    }
    app.db.clone().close().await.unwrap();
    tokens
}

/// The same zip with a comment: other bytes, and the same contents.
fn with_comment(zip: &[u8], comment: &str) -> Vec<u8> {
    let (head, length) = zip.split_at(zip.len() - 2);
    assert_eq!(length, [0, 0], "it has a comment already");
    let length = u16::try_from(comment.len()).unwrap().to_le_bytes();
    [head, &length, comment.as_bytes()].concat()
}
