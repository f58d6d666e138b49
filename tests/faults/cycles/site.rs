//! Where it happens: a data folder, its database and its store.

use std::path::PathBuf;

use system_tests::{Bucket, CutLine, PostgresServer, Program, SmallDisk, World, on_postgres};

/// Teams that upload.
pub const TEAMS: usize = 3;

/// A data folder with a challenge, its database and its store.
pub struct Site {
    /// The tokens of its teams.
    pub tokens: Vec<String>,
    /// Its own PostgreSQL, if the database isn't a file.
    pub postgres: Option<PostgresServer>,
    /// The disk of the data folder, if it is a small one.
    pub disk: Option<SmallDisk>,
    /// The bucket of the uploads and the line to it, if they aren't files.
    pub bucket: Option<(Bucket, CutLine)>,
    data: PathBuf,
    world: World,
}

impl Site {
    /// Uploads are files, on a small disk if one can be mounted.
    pub fn in_folder() -> Self {
        let world = World::always_open("total = 60000");
        let disk = cfg!(feature = "small-disk").then(|| SmallDisk::mount("256m"));
        let data = disk.as_ref().map_or_else(|| world.data_dir(), SmallDisk::data);
        let mut site = Self { disk, ..Self::of(world, data) };
        site.make_teams();
        site
    }

    /// Uploads are in a bucket, behind a line that can be cut.
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
        Self { tokens: Vec::new(), postgres, disk: None, bucket: None, data, world }
    }

    fn make_teams(&mut self) {
        let definition = self.world.definition().display().to_string();
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
        if let Some((bucket, line)) = &self.bucket {
            variables.push(("FASHION_IQ_STORAGE".to_owned(), bucket.url.clone()));
            for (name, value) in bucket.variables() {
                let value = if name == "AWS_ENDPOINT_URL" { &line.address } else { value };
                variables.push((name.to_owned(), value.to_owned()));
            }
        }
        variables
    }

    /// Whether uploads without a row stay where they are for now.
    pub fn keeps_leftovers(&self) -> bool {
        self.bucket.is_some()
    }

    /// What it consists of, in words.
    pub fn about(&self) -> String {
        let database =
            if self.postgres.is_some() { PostgresServer::version() } else { "SQLite".to_owned() };
        if self.bucket.is_some() {
            return format!("faults on {database}, uploads in a bucket");
        }
        format!("faults on {database}, uploads in a folder")
    }
}
