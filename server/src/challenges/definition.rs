//! `challenge.toml`: a challenge as its organisers write it down.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use dataset::Protocol;
use serde::{Deserialize, Deserializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::ambient::Instant;
use crate::entities::benchmark::TargetsAre;
use crate::error::{Error, Result};

/// A challenge as its organisers write it down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The word in addresses: lower-case letters, digits and hyphens.
    pub name: String,
    /// The title people read.
    pub title: String,
    /// One or two sentences.
    #[serde(default)]
    pub summary: String,
    /// The rules, in Markdown.
    #[serde(default)]
    pub rules: String,
    /// What is scored.
    #[serde(default, rename = "benchmark")]
    pub benchmarks: Vec<BenchmarkDefinition>,
    /// When it is scored.
    #[serde(default, rename = "phase")]
    pub phases: Vec<PhaseDefinition>,
}

/// One benchmark of a challenge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkDefinition {
    /// The word phases call it by.
    pub name: String,
    /// The data set's folder; from the folder of `challenge.toml` if not absolute.
    pub folder: PathBuf,
    /// `val`, `test`.
    pub split: String,
    /// `original` or `val-union`.
    #[serde(default = "original")]
    pub protocol: String,
    /// `hidden`, `public` or `none`.
    pub targets: String,
    /// The organiser-only file of hidden targets.
    pub targets_file: Option<PathBuf>,
}

/// One phase of a challenge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseDefinition {
    /// The word in addresses.
    pub name: String,
    /// The title people read.
    pub title: String,
    /// Which benchmark it scores.
    pub benchmark: String,
    /// The first instant at which submissions are taken.
    #[serde(deserialize_with = "instant")]
    pub opens: Instant,
    /// The first instant at which they no longer are; absent: never closes.
    #[serde(default, deserialize_with = "maybe_instant")]
    pub closes: Option<Instant>,
    /// How many a team may make.
    #[serde(default)]
    pub limits: LimitsDefinition,
}

/// The limits of a phase; absent means no limit.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsDefinition {
    /// Scored submissions a day.
    pub per_day: Option<u16>,
    /// Scored submissions in the whole phase.
    pub total: Option<u16>,
    /// Submissions being scored at the same time.
    pub at_once: Option<u16>,
    /// Invalid uploads a day.
    pub invalid_per_day: Option<u16>,
}

/// Words that stand where a phase's name does in the addresses of pages.
const RESERVED: [&str; 3] = ["rules", "scoring", "submissions"];

fn original() -> String {
    Protocol::Original.name().to_owned()
}

impl Definition {
    /// Reads and checks the file. Folders in it become absolute.
    pub fn read(path: &Path) -> Result<Self> {
        let at =
            |what: &dyn std::fmt::Display| Error::unusable(format!("{}: {what}", path.display()));
        let text = fs::read_to_string(path).map_err(|e| at(&e))?;
        let mut definition: Self = toml::from_str(&text).map_err(|e| at(&e))?;
        let home = std::path::absolute(path).map_err(|e| at(&e))?;
        let home = home.parent().unwrap_or(Path::new("/"));
        for benchmark in &mut definition.benchmarks {
            benchmark.folder = home.join(&benchmark.folder);
            benchmark.targets_file = benchmark.targets_file.take().map(|file| home.join(file));
        }
        definition.check().map_err(|e| at(&e.detail))?;
        Ok(definition)
    }

    fn check(&self) -> Result<()> {
        check_name("name", &self.name)?;
        must(!self.phases.is_empty(), "a challenge needs at least one [[phase]]")?;
        let mut benchmarks = BTreeSet::new();
        for benchmark in &self.benchmarks {
            benchmark.check()?;
            let twice = format!("benchmark `{}` stands there twice", benchmark.name);
            must(benchmarks.insert(&benchmark.name), twice)?;
        }
        let mut phases = BTreeSet::new();
        for phase in &self.phases {
            check_name("phase.name", &phase.name)?;
            let name = &phase.name;
            let free = !RESERVED.contains(&name.as_str());
            must(free, format!("phase `{name}`: the name is taken by a page of its own"))?;
            must(phases.insert(name), format!("phase `{name}` stands there twice"))?;
            let known = benchmarks.contains(&phase.benchmark);
            must(known, format!("phase `{name}`: there is no benchmark `{}`", phase.benchmark))?;
            let ordered = phase.closes.is_none_or(|closes| closes > phase.opens);
            must(ordered, format!("phase `{name}` closes before it opens"))?;
        }
        Ok(())
    }
}

impl BenchmarkDefinition {
    /// Who can see its targets.
    pub fn targets(&self) -> Result<TargetsAre> {
        match self.targets.as_str() {
            "hidden" => Ok(TargetsAre::Hidden),
            "public" => Ok(TargetsAre::Public),
            "none" => Ok(TargetsAre::None),
            other => Err(Error::unusable(format!(
                "benchmark `{}`: targets = \"{other}\" is none of \"hidden\", \"public\", \"none\"",
                self.name
            ))),
        }
    }

    /// Which gallery counts.
    pub fn protocol(&self) -> Result<Protocol> {
        Protocol::from_name(&self.protocol).ok_or_else(|| {
            Error::unusable(format!(
                "benchmark `{}`: protocol = \"{}\" is neither \"original\" nor \"val-union\"",
                self.name, self.protocol
            ))
        })
    }

    fn check(&self) -> Result<()> {
        check_name("benchmark.name", &self.name)?;
        let hidden = self.targets()? == TargetsAre::Hidden;
        let name = &self.name;
        let open_union = self.protocol()? == Protocol::Original || !hidden;
        must(
            open_union,
            format!("benchmark `{name}`: protocol val-union is for public targets only"),
        )?;
        must(
            hidden == self.targets_file.is_some(),
            format!(
                "benchmark `{name}`: targets_file goes with targets = \"hidden\", and only with it"
            ),
        )
    }
}

fn must(holds: bool, otherwise: impl Into<String>) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::unusable(otherwise.into())) }
}

fn check_name(field: &str, name: &str) -> Result<()> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = (1..=40).contains(&name.len()) && name.chars().all(good);
    let sentence = format!("{field} = \"{name}\": 1 to 40 lower-case letters, digits and hyphens");
    must(fits, sentence)
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    use serde::de::Error as _;
    let written = toml::value::Datetime::deserialize(deserializer)?.to_string();
    let explain = |_| {
        D::Error::custom(format!(
            "{written} has no offset from UTC; write an instant such as 2026-12-31T23:59:00Z"
        ))
    };
    OffsetDateTime::parse(&written, &Rfc3339).map(Instant::of).map_err(explain)
}

fn maybe_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
    instant(deserializer).map(Some)
}
