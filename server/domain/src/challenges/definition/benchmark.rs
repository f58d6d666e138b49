//! One benchmark of a `challenge.toml`.

use std::path::PathBuf;

use dataset::Protocol;
use dialog::Template;
use scoring::Task;
use serde::{Deserialize, Deserializer};

use super::{check_name, must};
use crate::accounts::is_invisible;
use crate::captioner;
use crate::challenges::tasks;
use crate::entities::benchmark::{PicturesAre, Publication, TargetsAre};
use crate::error::Result;

/// One benchmark of a challenge.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkDefinition {
    /// Its task, which the challenge sets for all benchmarks.
    #[serde(skip, default = "super::default_task")]
    pub task: &'static Task,
    /// The name that phases use for it.
    pub name: String,
    /// The data set's folder; relative to the folder of `challenge.toml`.
    pub folder: PathBuf,
    /// The split, such as `val` or `test`.
    pub split: String,
    /// `original`, `val-union`, `mbeir` or `multi-turn`.
    #[serde(default, deserialize_with = "protocol")]
    pub protocol: Protocol,
    /// `hidden`, `public`, `none` or `drawn`.
    #[serde(deserialize_with = "targets")]
    pub targets: TargetsAre,
    /// The organiser-only file of hidden targets.
    pub targets_file: Option<PathBuf>,
    /// `official` or `keyed`, if set.
    #[serde(default, deserialize_with = "publication")]
    publish: Option<Publication>,
    /// Whether its phases share their limits, if set.
    #[serde(default)]
    shared_limits: Option<bool>,
    /// The licence of its published data, in words for people, if set.
    #[serde(default)]
    pub licence: Option<String>,
    /// Whether the server's pages show the pictures of its items: `public`, or `none`, the default.
    #[serde(default, deserialize_with = "pictures")]
    pub pictures: PicturesAre,
    /// What plays the user of its dialogs, with its version: `template 1`, the default, or a captioner such
    /// as `captioner 1a2b3c4d`, which `fashion-iq-baseline serve` offers.
    #[serde(default)]
    pub simulator: Option<String>,
}

impl BenchmarkDefinition {
    /// Its task, with the measures of its protocol, or the task of its dialogs.
    pub(super) fn task_with_targets(&self) -> &'static Task {
        tasks::with(self.task, self.protocol, self.targets)
    }

    /// Under which names and in which order queries and items are published.
    ///
    /// A benchmark with hidden targets is keyed unless it was already published, since the order of
    /// files can reveal targets. Without a secret, or if the task's ids can't be replaced, the
    /// official files are used.
    pub fn publication(&self) -> Publication {
        self.publish.unwrap_or(match self.targets {
            TargetsAre::Hidden if self.task.can_be_keyed => Publication::Keyed,
            _ => Publication::Official,
        })
    }

    /// Whether a submission to one of its phases counts against the limits of all of them. With
    /// hidden targets it does unless the file says otherwise: each score reveals something about
    /// the same targets.
    pub fn shared_limits(&self) -> bool {
        self.shared_limits.unwrap_or(self.targets == TargetsAre::Hidden)
    }

    pub(super) fn check(&self) -> Result<()> {
        check_name("benchmark.name", &self.name)?;
        let hidden = self.targets == TargetsAre::Hidden;
        let name = &self.name;
        let task = self.task.name;
        must(
            self.task.protocols.contains(&self.protocol),
            format!("benchmark `{name}`: task `{task}` has no protocol {}", self.protocol.name()),
        )?;
        must(
            self.task.can_be_keyed || self.publish != Some(Publication::Keyed),
            format!(
                "benchmark `{name}`: task `{task}` can't be published keyed, since its ids are \
                 numbers; use publish = \"official\""
            ),
        )?;
        must(
            !self.protocol.needs_public_targets() || self.targets == TargetsAre::Public,
            format!(
                "benchmark `{name}`: protocol {} works with public targets only",
                self.protocol.name()
            ),
        )?;
        must(
            self.targets != TargetsAre::Drawn || self.task.dialog.is_some(),
            format!("benchmark `{name}`: task `{task}` has no dialogs, so it has no drawn targets"),
        )?;
        must(
            self.targets != TargetsAre::Drawn || self.protocol == Protocol::Original,
            format!("benchmark `{name}`: drawn targets are for protocol original"),
        )?;
        if let Some(simulator) = &self.simulator {
            must(
                self.targets == TargetsAre::Drawn,
                format!("benchmark `{name}`: simulator is for targets = \"drawn\""),
            )?;
            must(
                simulator == Template::VERSION || captioner::is_version(simulator),
                format!(
                    "benchmark `{name}`: simulator = \"{simulator}\" must be \"{}\" or a version that \
                     fashion-iq-baseline serve prints, such as \"captioner 1a2b3c4d\"",
                    Template::VERSION
                ),
            )?;
        }
        if let Some(licence) = &self.licence {
            check_licence(name, licence)?;
        }
        must(
            self.pictures == PicturesAre::None || self.licence.is_some(),
            format!(
                "benchmark `{name}`: pictures = \"public\" needs a licence, which the pages show beside \
                 the pictures"
            ),
        )?;
        must(
            hidden == self.targets_file.is_some(),
            format!(
                "benchmark `{name}`: targets_file is required with targets = \"hidden\", and not \
                 allowed otherwise"
            ),
        )
    }
}

/// The maximum length of a licence, in characters: its name, its address, and a few words about
/// pictures.
const LICENCE_LENGTH: usize = 500;

fn check_licence(benchmark: &str, licence: &str) -> Result<()> {
    let length = licence.trim().chars().count();
    must(
        (1..=LICENCE_LENGTH).contains(&length),
        format!(
            "benchmark `{benchmark}`: licence has {length} characters; 1 to {LICENCE_LENGTH} are allowed"
        ),
    )?;
    must(
        !licence.chars().any(|c| c.is_control() || is_invisible(c)),
        format!(
            "benchmark `{benchmark}`: licence contains control, invisible or direction-changing \
             characters"
        ),
    )
}

/// Reads one of a few allowed words.
fn word<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    words: &[(&str, T)],
) -> Result<T, D::Error> {
    let written = String::deserialize(deserializer)?;
    let found = words.iter().find(|(word, _)| *word == written);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        serde::de::Error::custom(format!("\"{written}\" must be one of {}", words.join(", ")))
    })
}

fn protocol<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Protocol, D::Error> {
    let words = Protocol::ALL.map(|p| (p.name(), p));
    word(deserializer, &words)
}

fn targets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TargetsAre, D::Error> {
    let words = [
        ("hidden", TargetsAre::Hidden),
        ("public", TargetsAre::Public),
        ("none", TargetsAre::None),
        ("drawn", TargetsAre::Drawn),
    ];
    word(deserializer, &words)
}

fn pictures<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PicturesAre, D::Error> {
    word(deserializer, &[("public", PicturesAre::Public), ("none", PicturesAre::None)])
}

fn publication<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Publication>, D::Error> {
    let words = [("official", Publication::Official), ("keyed", Publication::Keyed)];
    word(deserializer, &words).map(Some)
}
