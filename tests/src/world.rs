//! A folder with two drawn data sets, their secret targets, and a challenge.toml.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use dataset::draw::{Plan, Seed, draw, draw_circo};
use tempfile::TempDir;

use crate::{Program, Questions, postgres};

/// Items of each drawn gallery: few, and more than the 50 that a ranking needs.
const ITEMS: usize = 130;

/// Drawn once per test program; nobody writes to it.
struct Data {
    dir: TempDir,
}

fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    DATA.get_or_init(|| {
        let dir = TempDir::new().unwrap();
        let plan = |seed, splits: &[&str]| Plan {
            items: ITEMS,
            seed: Seed::from_bytes([seed; 16]),
            splits: splits.iter().map(ToString::to_string).collect(),
        };
        draw(&plan(1, &["train", "val"])).unwrap().write(&dir.path().join("public")).unwrap();
        let hidden = draw(&plan(2, &["test"])).unwrap();
        hidden.write(&dir.path().join("hidden")).unwrap();
        hidden.write_targets("test", &dir.path().join("targets.json")).unwrap();
        let circo = draw_circo(&Plan { items: 40, ..plan(3, &["val", "test"]) }).unwrap();
        circo.write(&dir.path().join("circo")).unwrap();
        circo.write_targets("test", &dir.path().join("circo.json")).unwrap();
        Data { dir }
    })
}

/// What says in the challenge.toml from when to when phase `test` takes submissions.
const INTERVAL: &str = "opens = 2026-11-01T00:00:00Z\ncloses = 2027-01-01T00:00:00Z\n";

/// That phase `test` shows exact scores on all queries. What a feedback share and rounding do is tested on its
/// own.
const EXACT: &str = "feedback_share = 0\nrounded = false\n\
                     shown = { public = [\"overall\", \"recall@10\", \"recall@50\"], \
                     team = [\"overall\", \"recall@10\", \"recall@50\"] }\n";

/// A place for one server: an empty data folder and a challenge to apply.
pub struct World {
    dir: TempDir,
}

impl World {
    /// A challenge `fiq` with phase `dev` (public val, no limits) and phase `test` (hidden), which is
    /// open from 1 November 2026 to the end of the year, under the given limits.
    pub fn new(test_limits: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let data = data().dir.path().display();
        let toml = format!(
            r#"
name = "fiq"
title = "Fashion IQ Challenge"
summary = "Find the garment."

[[benchmark]]
name = "val"
folder = "{data}/public"
split = "val"
targets = "public"

[[benchmark]]
name = "test"
folder = "{data}/hidden"
split = "test"
targets = "hidden"
targets_file = "{data}/targets.json"
publish = "official"

[[phase]]
name = "dev"
title = "Development"
benchmark = "val"
opens = 2020-01-01T00:00:00Z

[[phase]]
name = "test"
title = "Test"
benchmark = "test"
{INTERVAL}limits = {{ {test_limits} }}
{EXACT}"#
        );
        fs::write(dir.path().join("challenge.toml"), toml).unwrap();
        Self { dir }
    }

    /// A challenge `fiq` of task `circo`, with phase `dev` (public val) and phase `test` (hidden), which
    /// are always open.
    pub fn circo() -> Self {
        let dir = TempDir::new().unwrap();
        let data = data().dir.path().display();
        let toml = format!(
            r#"
name = "fiq"
task = "circo"
title = "Boats and other things"
summary = "Find every photo that a caption describes."
text = "Photos of *boats*."

[[benchmark]]
name = "val"
folder = "{data}/circo"
split = "val"
targets = "public"

[[benchmark]]
name = "test"
folder = "{data}/circo"
split = "test"
targets = "hidden"
targets_file = "{data}/circo.json"

[[phase]]
name = "dev"
title = "Development"
benchmark = "val"
opens = 2020-01-01T00:00:00Z

[[phase]]
name = "test"
title = "Test"
benchmark = "test"
opens = 2020-01-01T00:00:00Z
rounded = false
shown = {{ public = ["overall", "map@5", "map@10", "map@25", "map@50"] }}
"#
        );
        fs::write(dir.path().join("challenge.toml"), toml).unwrap();
        Self { dir }
    }

    /// The same with phase `dialog`, which is played as dialogs on the galleries of val: 3 turns, 4 dialogs in
    /// each category, 60 minutes. `lines` are more settings of the phase.
    pub fn dialogs(lines: &str) -> Self {
        let world = Self::new("");
        let data = data().dir.path().display();
        let dialog = format!(
            r#"
[[benchmark]]
name = "garments"
folder = "{data}/public"
split = "val"
targets = "drawn"

[[phase]]
name = "dialog"
kind = "dialog"
title = "Dialogs"
benchmark = "garments"
opens = 2026-11-01T00:00:00Z
dialog = {{ turns = 3, dialogs = 4, minutes = 60, transcripts = true }}
{lines}
"#
        );
        let mut text = fs::read_to_string(world.definition()).unwrap();
        text.push_str(&dialog);
        fs::write(world.definition(), text).unwrap();
        world
    }

    /// The data of the challenge of task `circo`, and the secret targets of its phase `test`.
    pub fn circo_data() -> (PathBuf, PathBuf) {
        let home = data().dir.path();
        (home.join("circo"), home.join("circo.json"))
    }

    /// The same for programs, which have the machine's clock: phase `test` is always open.
    pub fn always_open(test_limits: &str) -> Self {
        let world = Self::new(test_limits);
        world.edit(INTERVAL, "opens = 2020-01-01T00:00:00Z\n");
        world
    }

    /// The same with more lines on phase `test`, which replace those of the same settings.
    pub fn with_more(test_limits: &str, lines: &str) -> Self {
        let world = Self::new(test_limits);
        let mut text = fs::read_to_string(world.definition()).unwrap();
        for usual in EXACT.lines() {
            let (name, _) = usual.split_once(" = ").unwrap();
            let heads = [format!("{name} ="), format!("[phase.{name}]")];
            if lines.lines().any(|line| heads.iter().any(|head| line.starts_with(head))) {
                text = text.replace(&format!("{usual}\n"), "");
            }
        }
        fs::write(world.definition(), format!("{text}{lines}\n")).unwrap();
        world
    }

    /// The same with phase `test` as it is if nothing is said about its scores, and with more lines.
    pub fn usual(lines: &str) -> Self {
        let world = Self::new("");
        world.edit(EXACT, &format!("{lines}\n"));
        world
    }

    /// The same with phase `test` published under a key.
    pub fn keyed() -> Self {
        let world = Self::new("");
        world.edit("publish = \"official\"\n", "");
        world
    }

    /// Applies the challenge with the program, makes a team, and answers its token.
    pub fn with_a_team(&self, name: &str) -> String {
        let definition = self.definition().display().to_string();
        let applied = Program::run(&self.data_dir(), &["challenge", "apply", &definition]);
        assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
        let made = Program::run(&self.data_dir(), &["team", "create", name]);
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    }

    /// Replaces a text in the challenge.toml.
    pub fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.definition()).unwrap();
        assert!(text.contains(from), "there is no {from:?} in {text}");
        fs::write(self.definition(), text.replacen(from, to, 1)).unwrap();
    }

    /// The challenge.toml.
    pub fn definition(&self) -> PathBuf {
        self.dir.path().join("challenge.toml")
    }

    /// The server's data folder; not there until a server makes it.
    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A folder for whatever a test writes.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The data of phase `dev`.
    pub fn dev_folder() -> PathBuf {
        data().dir.path().join("public")
    }

    /// A folder of data sets for organisers who write their challenge in a browser: `garments`, and
    /// the secret `targets.json` next to it, as phase `test` has them.
    pub fn datasets(&self) -> PathBuf {
        let home = self.dir.path().join("datasets");
        copy(&Self::test_folder(), &home.join("garments"));
        fs::copy(data().dir.path().join("targets.json"), home.join("targets.json")).unwrap();
        home
    }

    /// The queries of phase `dev`.
    pub fn dev() -> Questions {
        Questions::read(&Self::dev_folder(), "val", None)
    }

    /// The public part of the data of phase `test`.
    pub fn test_folder() -> PathBuf {
        data().dir.path().join("hidden")
    }

    /// The queries of phase `test`, with the hidden answers.
    pub fn test() -> Questions {
        let targets = data().dir.path().join("targets.json");
        Questions::read(&Self::test_folder(), "test", Some(&targets))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        postgres::remove_database(&self.data_dir());
    }
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(path, to).unwrap();
        }
    }
}
