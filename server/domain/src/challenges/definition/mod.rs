//! `challenge.toml`: a challenge as its organisers define it.

mod benchmark;
mod instant;
mod joining;
mod phase;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use dataset::Protocol;
use scoring::{FASHION_IQ, Task};
use serde::{Deserialize, Deserializer};

pub use benchmark::BenchmarkDefinition;
pub(super) use instant::read_instant;
pub use joining::JoiningDefinition;
pub use phase::{PhaseDefinition, RESERVED_NAMES};

use super::links::odd_link;
use crate::accounts::hides_something;
use crate::entities::benchmark::Publication;
use crate::error::{Error, Result};

/// The largest file of a definition that is read.
const MOST_BYTES: u64 = 1 << 20;

/// The maximum length of titles, in characters: they are shown in tabs and headings.
const TITLE_LENGTH: usize = 100;

/// A challenge as its organisers define it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The name in URLs: lower-case letters, digits and hyphens.
    pub name: String,
    /// The task of its benchmarks.
    #[serde(default = "default_task", deserialize_with = "task")]
    pub task: &'static Task,
    /// The title.
    pub title: String,
    /// A summary in one or two sentences.
    #[serde(default)]
    pub summary: String,
    /// What the challenge is about, in Markdown.
    #[serde(default)]
    pub text: String,
    /// The same in a separate file.
    text_file: Option<PathBuf>,
    /// The rules, in Markdown.
    #[serde(default)]
    pub rules: String,
    /// The same in a separate file.
    rules_file: Option<PathBuf>,
    /// Who may take part.
    #[serde(default)]
    pub joining: JoiningDefinition,
    /// The benchmarks.
    #[serde(default, rename = "benchmark")]
    pub benchmarks: Vec<BenchmarkDefinition>,
    /// The phases.
    #[serde(default, rename = "phase")]
    pub phases: Vec<PhaseDefinition>,
}

impl Definition {
    /// Reads and checks the file. Folders become absolute, and texts in files are read.
    pub fn read(path: &Path) -> Result<Self> {
        let at =
            |what: &dyn std::fmt::Display| Error::unusable(format!("{}: {what}", path.display()));
        let text = dataset::read_text(path, MOST_BYTES).map_err(Error::unusable)?;
        let home = std::path::absolute(path).map_err(|e| at(&e))?;
        let home = home.parent().unwrap_or(Path::new("/"));
        Self::parse(&text, home).map_err(|e| at(&e.detail))
    }

    /// Reads the content of a file in the folder `home`.
    pub fn parse(text: &str, home: &Path) -> Result<Self> {
        let mut definition: Self = toml::from_str(text).map_err(Error::unusable)?;
        for benchmark in &mut definition.benchmarks {
            benchmark.task = definition.task;
            benchmark.folder = home.join(&benchmark.folder);
            benchmark.targets_file = benchmark.targets_file.take().map(|file| home.join(file));
        }
        let of_file = |name: &str, inline: &mut String, file: Option<PathBuf>| {
            let Some(file) = file.map(|file| home.join(file)) else { return Ok::<_, Error>(()) };
            must(inline.is_empty(), format!("`{name}` and `{name}_file` can’t both be set"))?;
            *inline = dataset::read_text(&file, MOST_BYTES).map_err(Error::unusable)?;
            Ok(())
        };
        of_file("text", &mut definition.text, definition.text_file.take())?;
        of_file("rules", &mut definition.rules, definition.rules_file.take())?;
        for text in [&mut definition.text, &mut definition.rules] {
            // Line ends of another system mean the same.
            *text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        definition.check()?;
        Ok(definition)
    }

    /// Whether a new phase on a benchmark has a feedback share.
    pub(crate) fn divides(&self, benchmark: &BenchmarkDefinition) -> bool {
        let mut on = self.phases.iter().filter(|phase| phase.benchmark == benchmark.name);
        on.any(|phase| phase.settings.feedback(benchmark.targets, None).0 > 0)
    }

    fn check(&self) -> Result<()> {
        check_name("name", &self.name)?;
        check_title("title", &self.title)?;
        for (field, text) in [("text", &self.text), ("rules", &self.rules)] {
            if let Some(link) = odd_link(text) {
                return Err(Error::unusable(format!(
                    "{field} links to `{link}`; links must start with https:, http: or mailto:, or \
                     with / for this server"
                )));
            }
        }
        self.joining.check()?;
        must(!self.phases.is_empty(), "a challenge needs at least one [[phase]]")?;
        let mut benchmarks = BTreeSet::new();
        for benchmark in &self.benchmarks {
            benchmark.check()?;
            let twice = format!("duplicate benchmark `{}`", benchmark.name);
            must(benchmarks.insert(&benchmark.name), twice)?;
        }
        self.check_pools()?;
        let mut phases = BTreeSet::new();
        for phase in &self.phases {
            phase.check()?;
            let name = &phase.name;
            must(phases.insert(name), format!("duplicate phase `{name}`"))?;
            let benchmark = self.benchmarks.iter().find(|b| b.name == phase.benchmark);
            let benchmark = benchmark.ok_or_else(|| {
                let wanted = &phase.benchmark;
                Error::unusable(format!("phase `{name}`: unknown benchmark `{wanted}`"))
            })?;
            let task = benchmark.task_with_targets();
            phase.check_shown(task, benchmark.targets)?;
        }
        Ok(())
    }
}

impl Definition {
    /// Refuses to name the items of a keyed benchmark in the gallery of another: whoever has an item
    /// under both names can recognise its alias.
    fn check_pools(&self) -> Result<()> {
        let pools = self.benchmarks.iter().filter(|it| it.protocol == Protocol::Mbeir);
        for pool in pools {
            let is_named = |other: &&BenchmarkDefinition| {
                other.folder == pool.folder && other.publication() == Publication::Keyed
            };
            if let Some(keyed) = self.benchmarks.iter().find(is_named) {
                return Err(Error::unusable(format!(
                    "benchmark `{}`: protocol mbeir publishes the items of all splits of its folder, \
                     and `{}` is published keyed from the same folder; use another folder",
                    pool.name, keyed.name
                )));
            }
        }
        Ok(())
    }
}

const fn default_task() -> &'static Task {
    &FASHION_IQ
}

fn task<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static Task, D::Error> {
    Task::named(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

pub(super) fn must(holds: bool, otherwise: impl Into<String>) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::unusable(otherwise.into())) }
}

pub(super) fn check_name(field: &str, name: &str) -> Result<()> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = (1..=40).contains(&name.len()) && name.chars().all(good);
    let sentence =
        format!("{field} = \"{name}\": must be 1 to 40 lower-case letters, digits and hyphens");
    must(fits, sentence)
}

/// Titles are shown next to each other: no invisible characters, none that change the direction of
/// the text.
pub(super) fn check_title(field: &str, title: &str) -> Result<()> {
    let length = title.trim().chars().count();
    must(
        (1..=TITLE_LENGTH).contains(&length),
        format!("{field} has {length} characters; 1 to {TITLE_LENGTH} are allowed"),
    )?;
    must(
        !hides_something(title),
        format!("{field} contains control, invisible or direction-changing characters"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a challenge whose `val` has a protocol, next to a keyed hidden `test`.
    fn refused(val: &str, test_folder: &str, shown: &str) -> Option<String> {
        let text = format!(
            "name = \"fiq\"\ntitle = \"F\"\n\
             [[benchmark]]\nname = \"val\"\nfolder = \"public\"\nsplit = \"val\"\n{val}\n\
             [[benchmark]]\nname = \"test\"\nfolder = \"{test_folder}\"\nsplit = \"test\"\n\
             targets = \"hidden\"\ntargets_file = \"targets.json\"\n\
             [[phase]]\nname = \"dev\"\ntitle = \"Dev\"\nbenchmark = \"val\"\n\
             opens = 2026-01-01T00:00:00Z\nshown = {{ public = [\"overall\", \"{shown}\"] }}\n"
        );
        Definition::parse(&text, Path::new("/")).err().map(|error| error.detail)
    }

    #[test]
    fn a_protocol_that_depends_on_targets_needs_public_ones() {
        for protocol in ["val-union", "mbeir"] {
            let of = |targets: &str| {
                refused(
                    &format!("protocol = \"{protocol}\"\ntargets = \"{targets}\""),
                    "hidden",
                    "recall@10",
                )
            };
            assert_eq!(of("public"), None);
            let wanted =
                format!("benchmark `val`: protocol {protocol} works with public targets only");
            assert_eq!(of("none"), Some(wanted));
        }
        let unknown = refused("protocol = \"other\"\ntargets = \"public\"", "hidden", "recall@10");
        assert!(unknown.unwrap().contains("one of \"original\", \"val-union\", \"mbeir\""));
    }

    #[test]
    fn sessions_have_the_measures_of_dialogs_and_can_be_hidden() {
        let of = |targets: &str, shown| {
            let file = if targets == "hidden" { "\ntargets_file = \"t.json\"" } else { "" };
            let lines = format!("protocol = \"multi-turn\"\ntargets = \"{targets}\"{file}");
            refused(&lines, "hidden", shown)
        };
        assert_eq!(of("public", "percentile:3"), None);
        let wide = of("public", "recall@10").unwrap();
        assert!(wide.contains("choose from overall, hits@10, hits@50"), "{wide}");
        let drawn = of("drawn", "hits@10").unwrap();
        assert!(drawn.contains("drawn targets are for protocol original"), "{drawn}");
        assert!(
            of("hidden", "hits@10").is_some(),
            "of hidden sessions only the overall score is shown"
        );
    }

    #[test]
    fn mbeir_shows_its_own_measures_and_names_no_keyed_item() {
        let mbeir = "protocol = \"mbeir\"\ntargets = \"public\"";
        assert_eq!(refused(mbeir, "hidden", "ndcg@10"), None);
        let wide = refused(mbeir, "hidden", "recall@50").unwrap();
        assert!(wide.contains("choose from overall, ndcg@10, recall@10"), "{wide}");
        let named = refused(mbeir, "public", "ndcg@10").unwrap();
        assert!(named.contains("`test` is published keyed from the same folder"), "{named}");
    }
}
