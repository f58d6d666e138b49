//! A private PostgreSQL for the tests of one program, with a database for each data folder.
//!
//! With `FASHION_IQ_TEST_DATABASE=postgres` every server of the tests, in this process or in its own, uses
//! it instead of a file of SQLite. It listens on a free local port under a password, keeps its files in
//! a temporary folder, and is removed when this process ends, however that happens.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use domain::ambient::Ambient;
use domain::database::{self, Bounds, Place};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};
use server::config::Settings;

use crate::free_port;

/// The database that others are copied from: it has all tables and no rows.
const TEMPLATE: &str = "template_fiq";

/// In place of the name of a database that was removed: the next one of its folder has no tables.
const REMOVED: &str = "";

/// How often another port is tried, if somebody else took the one that was free.
const MOST_TRIES: usize = 5;

/// Whether the servers of the tests use PostgreSQL.
pub fn on_postgres() -> bool {
    match std::env::var("FASHION_IQ_TEST_DATABASE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("FASHION_IQ_TEST_DATABASE is sqlite or postgres, not {other}"),
    }
}

/// The database of a data folder, made when it is first asked for; none if its servers use SQLite.
pub fn database_of(data_dir: &Path) -> Option<database::Postgres> {
    database_url(data_dir).map(|url| read(&url))
}

/// The same as a URL with its password.
pub fn database_url(data_dir: &Path) -> Option<String> {
    let own = OWN.lock().unwrap_or_else(PoisonError::into_inner).get(data_dir).cloned();
    if own.is_some() || !on_postgres() {
        return own;
    }
    let server = PostgresServer::shared();
    let mut databases = server.databases.lock().unwrap_or_else(PoisonError::into_inner);
    let name = databases.entry(data_dir.to_owned()).or_default();
    if name.is_none() || name.as_deref() == Some(REMOVED) {
        let template = if name.is_none() { TEMPLATE } else { "template0" };
        *name = Some(server.make(template));
    }
    let name = name.as_deref().unwrap_or_default();
    Some(server.url(name))
}

/// Default settings of a data folder, with its database.
pub fn settings_of(data_dir: &Path) -> Settings {
    Settings { postgres: database_of(data_dir), ..Settings::new(data_dir) }
}

/// Where the database of a data folder is.
pub fn place_of(data_dir: &Path) -> Place {
    settings_of(data_dir).database()
}

/// Opens the database of a data folder, which exists.
pub async fn open_database(data_dir: &Path) -> DatabaseConnection {
    database::open(&place_of(data_dir), Ambient::system().now()).await.unwrap()
}

/// Copies the database of a data folder into that of another one, which is still empty.
pub async fn copy_database(from: &Path, to: &Path) {
    let (source, target) = (place_of(from), place_of(to));
    let (read, written) = (open_database(from).await, open_database(to).await);
    database::copy((&read, &source), (&written, &target), |_| {}).await.unwrap();
    read.close().await.unwrap();
    written.close().await.unwrap();
}

/// The columns of a database, each with its table.
pub async fn columns_of(db: &DatabaseConnection) -> Vec<(String, String)> {
    let ask = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema() ORDER BY 1, ordinal_position"
        }
        _ => {
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), ask)).await;
    let column = |row: &QueryResult, n| row.try_get_by_index::<String>(n).unwrap();
    rows.unwrap().iter().map(|row| (column(row, 0), column(row, 1))).collect()
}

/// Removes the database of a data folder, whoever is still connected to it; with SQLite its
/// files. The next one of this folder has no tables.
pub fn remove_database(data_dir: &Path) {
    if OWN.lock().unwrap_or_else(PoisonError::into_inner).remove(data_dir).is_some() {
        // It ends with its server.
        return;
    }
    if !on_postgres() {
        for file in database::files(&Settings::new(data_dir).database_file()) {
            // Not there is as good.
            let _ = std::fs::remove_file(file);
        }
        return;
    }
    let Some(server) = SHARED.get() else { return };
    let mut databases = server.databases.lock().unwrap_or_else(PoisonError::into_inner);
    let known = databases.get_mut(data_dir).and_then(|name| name.replace(REMOVED.to_owned()));
    if let Some(name) = known.filter(|name| name != REMOVED) {
        server.admin(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}

/// The one of this process.
static SHARED: OnceLock<PostgresServer> = OnceLock::new();

/// The databases of data folders that have a server of their own, as URLs.
static OWN: LazyLock<Mutex<HashMap<PathBuf, String>>> = LazyLock::new(Mutex::default);

/// What a server does with a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Commits {
    /// It answers at once. What is lost when it fails is of no interest.
    Fast,
    /// It writes to the disk first, as PostgreSQL does by default.
    Durable,
}

impl Commits {
    fn flags(self) -> &'static str {
        match self {
            Self::Fast => {
                "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off \
                 -c shared_buffers=64MB -c max_wal_size=256MB"
            }
            Self::Durable => "",
        }
    }
}

/// A running PostgreSQL.
pub struct PostgresServer {
    dir: String,
    port: u16,
    password: String,
    /// By data folder.
    databases: Mutex<HashMap<PathBuf, Option<String>>>,
    /// Stops it and removes its files once its standard input ends, which it does when this process
    /// ends.
    _janitor: Child,
}

impl PostgresServer {
    /// The one of this process, started when it is first asked for.
    pub fn shared() -> &'static Self {
        SHARED.get_or_init(|| {
            let server = Self::start(Commits::Fast);
            server.admin(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0"));
            let template = Place::Server(read(&server.url(TEMPLATE)));
            elsewhere(async move {
                let db = database::open(&template, Ambient::system().now()).await.unwrap();
                db.close().await.unwrap();
            });
            server
        })
    }

    /// One that loses nothing when it is stopped hard, for the database of one data folder, which has no
    /// tables yet. It ends when it is dropped.
    pub fn durable(data_dir: &Path) -> Self {
        let server = Self::start(Commits::Durable);
        let url = server.empty_database("fiq");
        OWN.lock().unwrap_or_else(PoisonError::into_inner).insert(data_dir.to_owned(), url);
        server
    }

    /// Stops it hard, as when its machine fails, and starts it again.
    pub fn restart(&self) {
        let restarted = as_somebody(programs().join("pg_ctl").to_str().unwrap())
            .args(["-D", &format!("{}/data", self.dir), "-l", &format!("{}/log", self.dir)])
            .args(["-w", "-m", "immediate", "restart"])
            .stdout(Stdio::null())
            .status();
        assert!(restarted.unwrap().success(), "PostgreSQL did not start again");
    }

    /// The id of its first process, which has started all others.
    pub fn process(&self) -> u32 {
        let file = format!("{}/data/postmaster.pid", self.dir);
        let text = std::fs::read_to_string(file).unwrap();
        text.lines().next().unwrap().trim().parse().unwrap()
    }

    /// Its version, as in `PostgreSQL 17.6`.
    pub fn version() -> String {
        let said = Command::new(programs().join("postgres")).arg("--version").output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        let number =
            said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        format!("PostgreSQL {}", number.unwrap_or("of an unknown version"))
    }

    /// Whether it is installed.
    pub fn is_installed() -> bool {
        std::env::var_os("POSTGRES_BIN").is_some() || Path::new(INSTALLED).exists()
    }

    /// A database with all tables and no rows.
    pub fn fresh(&self) -> database::Postgres {
        read(&self.url(&self.make(TEMPLATE)))
    }

    fn make(&self, template: &str) -> String {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("fiq_{}", MADE.fetch_add(1, Ordering::Relaxed));
        self.admin(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        name
    }

    /// A database without any tables.
    pub fn empty_database(&self, name: &str) -> String {
        self.admin(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        self.url(name)
    }

    /// The URL of a database, with its password.
    pub fn url(&self, name: &str) -> String {
        format!("postgres://postgres:{}@127.0.0.1:{}/{name}", self.password, self.port)
    }

    /// Where it listens, as host and port.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Runs a statement that belongs to no database.
    pub fn admin(&self, statement: &str) {
        let (url, statement) = (self.url("postgres"), statement.to_owned());
        elsewhere(async move {
            let db = sea_orm::Database::connect(url).await.unwrap();
            db.execute_unprepared(&statement).await.unwrap();
            db.close().await.unwrap();
        });
    }

    #[expect(
        clippy::zombie_processes,
        reason = "the janitor outlives this process, which is what it waits for"
    )]
    fn start(commits: Commits) -> Self {
        let bin = programs();
        let made = as_somebody("mktemp").args(["-d", "/tmp/fashion-iq-postgres.XXXXXX"]).output();
        let dir = String::from_utf8(made.unwrap().stdout).unwrap().trim().to_owned();
        assert!(!dir.is_empty(), "there is no folder for PostgreSQL");
        let password = format!("only-here-{}", std::process::id());
        // Ctrl-C reaches it as well, and must not end it before it has cleaned up.
        let janitor = "trap '' INT TERM HUP; cat >/dev/null; \
                       \"$1\"/pg_ctl -D \"$2\"/data -m immediate stop; rm -rf \"$2\"";
        let janitor = as_somebody("sh")
            .args(["-c", janitor, "sh", bin.to_str().unwrap(), &dir])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Its user can't read this process's end of a pipe by a name such as /dev/stdin.
        let init = "umask 077; cat >\"$2\"/password; exec \"$1\"/initdb --pgdata=\"$2\"/data \
                    --username=postgres --pwfile=\"$2\"/password --auth=scram-sha-256 \
                    --encoding=UTF8 --locale=C --no-sync >/dev/null";
        let mut init = as_somebody("sh")
            .args(["-c", init, "sh", bin.to_str().unwrap(), &dir])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        write!(init.stdin.take().unwrap(), "{password}").unwrap();
        assert!(init.wait().unwrap().success(), "initdb failed");
        for _ in 0..MOST_TRIES {
            let port = free_port();
            let flags = format!(
                "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={dir} \
                 -c max_connections=300 {}",
                commits.flags()
            );
            let started = as_somebody(bin.join("pg_ctl").to_str().unwrap())
                .args(["-D", &format!("{dir}/data"), "-l", &format!("{dir}/log"), "-w", "-o"])
                .args([&flags, "start"])
                .stdout(Stdio::null())
                .status();
            if started.unwrap().success() {
                let databases = Mutex::default();
                return Self { dir, port, password, databases, _janitor: janitor };
            }
        }
        let log = std::fs::read_to_string(format!("{dir}/log")).unwrap_or_default();
        panic!("PostgreSQL did not start: {log}");
    }
}

/// Where Debian puts PostgreSQL, in a folder for each version.
const INSTALLED: &str = "/usr/lib/postgresql";

/// The folder of PostgreSQL's programs: the variable `POSTGRES_BIN`, or where Debian puts the newest.
fn programs() -> PathBuf {
    if let Some(named) = std::env::var_os("POSTGRES_BIN") {
        return named.into();
    }
    let versions = std::fs::read_dir(INSTALLED).into_iter().flatten().flatten();
    let newest = versions.max_by_key(|version| {
        version.file_name().to_string_lossy().parse::<u32>().unwrap_or_default()
    });
    let newest =
        newest.expect("PostgreSQL is not installed; run `make setup`, or set POSTGRES_BIN");
    newest.path().join("bin")
}

/// PostgreSQL refuses to run as root; Debian's package makes a user for it.
fn as_somebody(program: &str) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap().stdout;
    if id.trim_ascii() != b"0" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", program]);
    // Its own files must not be in a folder that only root can read.
    command.current_dir("/tmp");
    command
}

fn read(url: &str) -> database::Postgres {
    // Many tests run at once, each with several servers.
    database::Postgres::read(url, Bounds { connections: 8, ..Bounds::default() }).unwrap()
}

/// Runs to its end in a runtime of its own, wherever it is called.
fn elsewhere(work: impl Future<Output = ()> + Send + 'static) {
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(work);
    });
    thread.join().unwrap();
}
