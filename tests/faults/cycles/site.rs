//! Where it happens: a data folder, its database and its store.

use std::path::PathBuf;

#[cfg(feature = "s3")]
use system_tests::{Bucket, CutLine};
use system_tests::{PostgresServer, Program, World, on_postgres};

#[cfg(feature = "small-disk")]
use crate::full_disk::SmallDisk;

/// Teams that upload.
pub const TEAMS: usize = 3;

/// A data folder with a challenge, its database and its store.
pub struct Site {
    /// The tokens of its teams.
    pub tokens: Vec<String>,
    /// Its own PostgreSQL, if the database isn't a file.
    pub postgres: Option<PostgresServer>,
    /// The disk of the data folder, if it is a small one.
    #[cfg(feature = "small-disk")]
    pub disk: Option<SmallDisk>,
    /// The bucket of the uploads and the line to it, if they aren't files.
    #[cfg(feature = "s3")]
    pub bucket: Option<(Bucket, CutLine)>,
    data: PathBuf,
    _world: World,
}

impl Site {
    /// Uploads are files, on a small disk if one can be mounted.
    pub fn in_folder() -> Self {
        let world = World::always_open("total = 60000");
        #[cfg(feature = "small-disk")]
        let disk = SmallDisk::mount("256m");
        #[cfg(feature = "small-disk")]
        let data = disk.data();
        #[cfg(not(feature = "small-disk"))]
        let data = world.data_dir();
        let mut site = Self::of(world, data);
        #[cfg(feature = "small-disk")]
        {
            site.disk = Some(disk);
        }
        site.make_teams();
        site
    }

    /// Uploads are in a bucket, behind a line that can be cut.
    #[cfg(feature = "s3")]
    pub fn in_bucket() -> Self {
        let world = World::always_open("total = 60000");
        let data = world.data_dir();
        let mut site = Self::of(world, data);
        let bucket = Bucket::start("faults");
        let line = CutLine::to(bucket.endpoint());
        site.bucket = Some((bucket, line));
        site.make_teams();
        site
    }

    fn of(world: World, data: PathBuf) -> Self {
        let postgres = on_postgres().then(|| PostgresServer::durable(&data));
        Self {
            tokens: Vec::new(),
            postgres,
            #[cfg(feature = "small-disk")]
            disk: None,
            #[cfg(feature = "s3")]
            bucket: None,
            data,
            _world: world,
        }
    }

    fn make_teams(&mut self) {
        let definition = self._world.definition().display().to_string();
        self.command(&["challenge", "apply", &definition]);
        self.tokens = (0..TEAMS)
            .map(|n| self.command(&["team", "create", &Self::team(n)]).trim().to_owned())
            .collect();
    }

    /// The name of a team.
    pub fn team(n: usize) -> String {
        format!("Team {n}")
    }

    /// The data folder.
    pub fn data(&self) -> &std::path::Path {
        &self.data
    }

    /// Runs a command to its end; returns what it printed.
    pub fn command(&self, arguments: &[&str]) -> String {
        let variables = self.variables();
        let variables: Vec<_> = variables.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let done = Program::run_with(&self.data, arguments, &variables);
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
        said
    }

    /// The variables by which programs find the store. What they say about faults is expected.
    pub fn variables(&self) -> Vec<(String, String)> {
        let mut variables = vec![("FASHION_IQ_LOG".to_owned(), "off".to_owned())];
        #[cfg(feature = "s3")]
        if let Some((bucket, line)) = &self.bucket {
            variables.push(("FASHION_IQ_STORAGE".to_owned(), bucket.url.clone()));
            for (name, value) in bucket.variables() {
                let value = if name == "AWS_ENDPOINT_URL" { &line.address } else { value };
                variables.push((name.to_owned(), value.to_owned()));
            }
        }
        variables
    }

    /// What it consists of, in words.
    pub fn about(&self) -> String {
        let database =
            if self.postgres.is_some() { PostgresServer::version() } else { "SQLite".to_owned() };
        #[cfg(feature = "s3")]
        if self.bucket.is_some() {
            return format!("faults on {database}, uploads in a bucket");
        }
        format!("faults on {database}, uploads in a folder")
    }
}
