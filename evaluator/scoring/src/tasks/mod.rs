//! Tasks: everything specific to one kind of benchmark, in one folder per task.
//!
//! A [`Task`] is data and functions: the layout of its data sets, how an upload is read and written, how
//! long a ranking must be, and the texts of its pages. The rest of this crate and the server ask a
//! benchmark for its task and never name one.

mod circo;
mod fashion_iq;

use std::fmt;
use std::io::{self, Write};

use dataset::{Group, Layout, Protocol};

use crate::formats::run::GroupRun;
use crate::listing::Role;
use crate::opening::Opened;
use crate::problem::{FileName, Opens};
use crate::upload::Intake;
use crate::{Benchmark, Error, Measure, Result};

pub use circo::CIRCO;
pub use fashion_iq::{FASHION_IQ, write_zip};

/// Every task, in the order in which sentences list them.
static ALL: [&Task; 2] = [&FASHION_IQ, &CIRCO];

/// A kind of benchmark, with everything that is specific to it.
pub struct Task {
    /// Its name in `challenge.toml` and on the command line.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The layout of its data sets.
    pub layout: &'static dyn Layout,
    /// Which galleries can be chosen; the first is the default.
    pub protocols: &'static [Protocol],
    /// The same task with other measures, under the protocols that have their own.
    pub(crate) variants: &'static [(Protocol, &'static Task)],
    /// The same galleries searched in dialogs, if it has captions that say how items differ.
    pub dialog: Option<&'static Task>,
    /// Whether its data can be published under opaque names.
    pub can_be_keyed: bool,
    /// How many items a ranking must have, or the whole gallery if that is smaller. No measure looks
    /// beyond this rank.
    pub list_length: usize,
    /// The word for a group on pages and in sentences.
    pub group: Noun,
    /// The word for what scores are means over.
    pub scored: Noun,
    /// The usual file name of a run.
    pub run_file: &'static str,
    /// The texts of its pages.
    pub texts: Texts,
    /// The measure whose overall value ranks submissions. Higher is better.
    pub primary: Measure,
    /// The measures of each group, in the order in which they are shown.
    pub measures: &'static [Measure],
    /// The measures that are shown if a phase doesn't say; empty for all.
    pub usual: &'static [Measure],
    /// The measures that can be shown while targets are hidden. Every further one is information that a
    /// cheater can use.
    pub of_hidden: &'static [Measure],
    /// The primary measure as it enters a benchmark's version. It must never change, because existing
    /// scores are found by the version.
    pub(crate) in_version: &'static str,
    /// How uploads are read and written.
    pub(crate) format: &'static dyn Format,
}

/// A word with its plural.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun {
    /// `category`
    pub one: &'static str,
    /// `categories`
    pub many: &'static str,
}

/// The texts of a task's pages. None of them names a challenge.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    /// What the task asks for, in one or two sentences: shown if a challenge has no summary.
    pub summary: &'static str,
    /// One query with a ranking, as an HTML fragment next to the summary.
    pub example: &'static str,
    /// The items that are ranked, in the plural: `garments`.
    pub items: &'static str,
    /// What a query consists of, in Markdown.
    pub queries: &'static str,
    /// The shape of one query, as JSON; `{group}` and `{split}` stand for the benchmark's own.
    pub query_example: &'static str,
    /// The shape of a gallery, as JSON; `{group}` stands for the benchmark's own.
    pub gallery_example: &'static str,
    /// What a run's file contains, in Markdown; `{files}` stands for the names of its files.
    pub run: &'static str,
    /// Which files can be uploaded, in a sentence.
    pub upload: &'static str,
    /// A program in Python that writes a run, `write_run.py`.
    pub write_run: &'static str,
    /// How scoring works, in Markdown.
    pub scoring: &'static str,
    /// Results that others report on the task's official data, in Markdown, if known.
    pub published: Option<&'static str>,
    /// What is known about the task's official data set, in Markdown, if it has one.
    pub about_data: Option<&'static str>,
    /// The command that downloads its official annotations, if there is one.
    pub download: Option<&'static str>,
    /// The counts that were published of it.
    pub published_counts: &'static [PublishedCount],
    /// What each file of a download contains; `{split}` stands for the benchmark's own.
    pub files: &'static str,
}

/// Counts of one group and split of an official data set, as its authors published them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedCount {
    /// The group.
    pub group: &'static str,
    /// The split.
    pub split: &'static str,
    /// Items of the gallery.
    pub gallery: usize,
    /// Of these with attributes.
    pub with_attributes: usize,
    /// Captions.
    pub captions: usize,
}

impl Task {
    /// Every task.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        ALL.into_iter()
    }

    /// The task of that name.
    ///
    /// # Errors
    /// No task has that name. The sentence lists all tasks.
    pub fn named(name: &str) -> Result<&'static Self> {
        Self::all().find(|task| task.name == name).ok_or_else(|| {
            let known: Vec<&str> = Self::all().map(|task| task.name).collect();
            Error::unknown_task(name, &known)
        })
    }

    /// The task with the measures of a protocol.
    pub fn under(&'static self, protocol: Protocol) -> &'static Self {
        let own = self.variants.iter().find(|(own, _)| *own == protocol);
        own.map_or(self, |(_, task)| task)
    }

    /// Whether its scores are of dialogs, turn by turn.
    pub fn is_of_dialogs(&self) -> bool {
        self.primary.family().by_turn
    }

    /// All measures of a scorecard, the primary measure first.
    pub fn all_measures(&self) -> Vec<Measure> {
        let others = self.measures.iter().filter(|measure| **measure != self.primary);
        std::iter::once(self.primary).chain(others.copied()).collect()
    }

    /// The names of the files of a run.
    pub fn file_names(&self, benchmark: &Benchmark) -> Vec<String> {
        benchmark.groups().iter().map(|group| self.format.file_name(group)).collect()
    }

    /// Whether a file's name is that of one of several files of a run.
    pub fn has_file_named(&self, name: &str) -> bool {
        self.format.is_part(name)
    }

    /// Mistakes that only its format allows, made from a valid run, each with a description.
    pub fn own_mistakes(&self, runs: &[GroupRun<'_>]) -> Vec<(&'static str, Vec<u8>)> {
        self.format.mistakes(runs)
    }

    /// Writes a run of a split, as teams upload it. The same run gives the same bytes.
    ///
    /// This only checks that each group has as many rankings as queries; [`read`](crate::read) finds the
    /// problems of a run.
    ///
    /// # Panics
    /// If a ranking contains an index outside its gallery.
    pub fn write_run(
        &self,
        out: &mut dyn Write,
        split: &str,
        runs: &[GroupRun<'_>],
    ) -> io::Result<()> {
        self.format.write(out, split, runs)
    }
}

impl PartialEq for Task {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Task {}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task({})", self.name)
    }
}

/// How the uploads of a task are read and written. Containers are already open.
pub(crate) trait Format: Sync {
    /// What a file of a zip or a folder is, by its name without folders.
    fn role(&self, name: &str, benchmark: &Benchmark) -> Role;

    /// What an item of a ranking is, for sentences: `an item id, which is a string`.
    fn item_type(&self) -> &'static str;

    /// Whether ids of items are numbers.
    fn ids_are_numbers(&self) -> bool {
        false
    }

    /// The name that a group's file should have.
    fn file_name(&self, group: &Group) -> String;

    /// Whether a file's name is that of one of several files of a run, of any group.
    fn is_part(&self, name: &str) -> bool;

    /// Reads a file with one group.
    fn read_group(
        &self,
        intake: &mut Intake<'_>,
        file: &FileName,
        group: usize,
        opened: Opened<'_>,
    );

    /// Reads a JSON file that is the whole upload.
    fn read_document(
        &self,
        intake: &mut Intake<'_>,
        file: &FileName,
        name: &str,
        opened: Opened<'_>,
    ) -> Opens<()>;

    /// The shape of a run in one JSON file, shown if something else was uploaded.
    fn document_shape(&self, benchmark: &Benchmark) -> String;

    /// The shape of a group's file, shown if something else was uploaded.
    fn group_shape(&self, benchmark: &Benchmark, group: usize) -> String;

    /// Mistakes that only this format allows, made from a valid run, each with a description.
    fn mistakes(&self, _runs: &[GroupRun<'_>]) -> Vec<(&'static str, Vec<u8>)> {
        Vec::new()
    }

    /// Writes a run.
    fn write(&self, out: &mut dyn Write, split: &str, runs: &[GroupRun<'_>]) -> io::Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{Aggregate, Direction};

    #[test]
    fn what_ranks_is_better_when_it_is_higher_and_never_absent() {
        for task in Task::all() {
            let family = task.primary.family();
            assert_eq!(family.direction, Direction::HigherIsBetter);
            assert_eq!(family.aggregate, Aggregate::Mean);
        }
    }

    #[test]
    fn a_protocol_with_its_own_measures_is_the_same_task_and_shows_nothing_of_hidden_targets() {
        for (protocol, variant) in Task::all().flat_map(|task| task.variants) {
            let task = Task::named(variant.name).unwrap();
            assert!(task.protocols.contains(protocol));
            assert!(variant.of_hidden.is_empty());
            assert_ne!(variant.in_version, task.in_version);
            assert_eq!(variant.under(*protocol).all_measures(), variant.all_measures());
        }
        let names = |protocol| {
            let measures = FASHION_IQ.under(protocol).all_measures();
            measures.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(names(Protocol::Mbeir), ["ndcg@10", "recall@10"]);
        assert_eq!(names(Protocol::ValUnion), names(Protocol::Original));
        assert_eq!(names(Protocol::MultiTurn)[..2], ["hits@10", "hits@50"]);
    }

    #[test]
    fn what_is_usually_shown_is_computed() {
        let variants = Task::all().flat_map(|task| task.variants).map(|(_, variant)| *variant);
        let dialogs = Task::all().filter_map(|task| task.dialog);
        for task in Task::all().chain(variants).chain(dialogs) {
            assert!(task.usual.iter().all(|it| task.measures.contains(it)), "{}", task.title);
        }
    }

    #[test]
    fn nothing_is_shown_of_hidden_targets_that_is_not_computed() {
        for task in Task::all() {
            assert!(task.of_hidden.iter().all(|it| task.measures.contains(it)), "{}", task.name);
        }
    }

    #[test]
    fn tasks_are_found_by_name_and_an_unknown_name_lists_them() {
        for task in Task::all() {
            assert_eq!(Task::named(task.name).unwrap(), task);
        }
        let refused = Task::named("fashionIQ").unwrap_err().to_string();
        let known: Vec<String> = Task::all().map(|task| format!("`{}`", task.name)).collect();
        let known = known.join(", ");
        assert_eq!(refused, format!("unknown task `fashionIQ`: must be one of {known}"));
    }
}
