//! Finds the file of each group in a zip or a folder.
//!
//! A name counts in any folder and in any case, as long as it is unambiguous: the files of one run, in
//! one folder.

use std::collections::BTreeSet;

use crate::report::Report;
use crate::text::shown;
use crate::{Benchmark, Problem, ProblemKind, Task};

/// How many names one sentence lists.
const NAMES: usize = 10;

/// The names in a container.
pub(crate) struct Listing<'a> {
    /// `zip`, `folder`, `upload`.
    container: &'static str,
    benchmark: &'a Benchmark,
    entries: Vec<Entry<'a>>,
}

/// A name in a container, split up.
struct Entry<'a> {
    /// As it is written there.
    name: &'a str,
    folder: String,
    role: Role,
}

/// What a file is by its name.
pub(crate) enum Role {
    /// The file of a group.
    Group(usize),
    /// A group's file by its name, but another split's.
    OtherSplit(usize, String),
    Other,
    /// Leftovers of file managers, and folders.
    Litter,
}

impl<'a> Listing<'a> {
    pub(crate) fn new(
        container: &'static str,
        names: impl Iterator<Item = &'a str>,
        benchmark: &'a Benchmark,
    ) -> Self {
        let entries = names.map(|name| Entry::new(name, benchmark)).collect();
        Self { container, benchmark, entries }
    }

    /// The only file, if its name is not that of a group's file: it may be a whole run.
    pub(crate) fn only_file(&self) -> Option<usize> {
        let mut files =
            self.entries.iter().enumerate().filter(|(_, e)| !matches!(e.role, Role::Litter));
        match (files.next(), files.next()) {
            (Some((index, Entry { role: Role::Other, .. })), None) => Some(index),
            _ => None,
        }
    }

    /// Whether no name is that of a group's file, of any split.
    pub(crate) fn has_no_group(&self) -> bool {
        self.entries.iter().all(|entry| matches!(entry.role, Role::Other | Role::Litter))
    }

    /// The index of each group's file, if there is one. Problems with the names are added to the
    /// report.
    pub(crate) fn choose(&self, report: &mut Report) -> Vec<Option<usize>> {
        let mut chosen: Vec<Option<usize>> = vec![None; self.benchmark.groups().len()];
        let mut names = BTreeSet::new();
        let mut repeated = Vec::new();
        for (i, entry) in self.entries.iter().enumerate() {
            if matches!(entry.role, Role::Litter) {
                continue;
            }
            if !names.insert(entry.name) {
                report.tell(0, self.repeated_name(entry.name));
                continue;
            }
            let Role::Group(group) = entry.role else { continue };
            match chosen[group] {
                None => chosen[group] = Some(i),
                Some(first) => repeated.push((group, first, i)),
            }
        }
        self.report_repeated(&repeated, report);
        if repeated.is_empty() {
            self.check_folders(&chosen, report);
        }
        self.report_missing(&chosen, report);
        for entry in &self.entries {
            let misnamed = |group: usize| chosen[group].is_none();
            match entry.role {
                Role::Other => report.warning(0, ProblemKind::OtherFile, || other_file(entry.name)),
                Role::OtherSplit(group, _) if !misnamed(group) => {
                    report.warning(0, ProblemKind::OtherFile, || other_file(entry.name));
                }
                _ => {}
            }
        }
        chosen
    }

    /// Reports second files for a group; those of several runs in one sentence.
    fn report_repeated(&self, repeated: &[(usize, usize, usize)], report: &mut Report) {
        let folders: BTreeSet<&str> = repeated
            .iter()
            .flat_map(|(_, first, second)| [*first, *second])
            .map(|i| self.entries[i].folder.as_str())
            .collect();
        if repeated.len() > 1 && folders.len() > 1 {
            let names = listed(folders.into_iter().map(in_words));
            let container = self.container;
            let message =
                format!("the {container} has several runs (in {names}): upload the files of one");
            report.tell(0, Problem::of_upload(ProblemKind::RepeatedGroup, message).finding(names));
            return;
        }
        for &(group, first, second) in repeated {
            report.tell(0, self.repeated_group(group, first, second));
        }
    }

    fn check_folders(&self, chosen: &[Option<usize>], report: &mut Report) {
        let folders: BTreeSet<&str> =
            chosen.iter().flatten().map(|&i| self.entries[i].folder.as_str()).collect();
        if folders.len() > 1 {
            let names = listed(folders.into_iter().map(in_words));
            let container = self.container;
            let message = format!(
                "the {container} has its files in different folders ({names}): put them in one"
            );
            report.tell(0, Problem::of_upload(ProblemKind::Folders, message));
        }
    }

    fn repeated_name(&self, name: &str) -> Problem {
        let name = shown(name.as_bytes());
        let message = format!("the {} has two files named {name}", self.container);
        Problem::of_upload(ProblemKind::RepeatedGroup, message).finding(name)
    }

    fn repeated_group(&self, group: usize, first: usize, second: usize) -> Problem {
        let group = &self.benchmark.groups()[group].name;
        let names = [first, second].map(|i| shown(self.entries[i].name.as_bytes()));
        let names = names.join(" and ");
        let message = format!("the {} has two files for {group}: {names}", self.container);
        Problem::of_upload(ProblemKind::RepeatedGroup, message).finding(names)
    }

    /// Reports the groups without a file, in two sentences: those whose file is named for another split,
    /// and the others.
    fn report_missing(&self, chosen: &[Option<usize>], report: &mut Report) {
        let missing = chosen.iter().enumerate().filter(|(_, entry)| entry.is_none());
        let (misnamed, missing): (Vec<usize>, Vec<usize>) =
            missing.map(|(group, _)| group).partition(|&group| self.misnamed(group).is_some());
        if !misnamed.is_empty() {
            report.tell(0, self.wrong_split(&misnamed));
        }
        if !missing.is_empty() {
            report.tell(0, self.missing(&missing));
        }
    }

    /// The file that has a group's name, but another split's.
    fn misnamed(&self, group: usize) -> Option<(&str, &str)> {
        self.entries.iter().find_map(|entry| match &entry.role {
            Role::OtherSplit(other, split) if *other == group => Some((entry.name, split.as_str())),
            _ => None,
        })
    }

    fn wrong_split(&self, groups: &[usize]) -> Problem {
        let found = groups.iter().filter_map(|&group| self.misnamed(group));
        let (names, splits): (Vec<String>, BTreeSet<String>) =
            found.map(|(name, split)| (shown(name.as_bytes()), shown(split.as_bytes()))).unzip();
        let are = if names.len() == 1 { "is" } else { "are" };
        let (names, splits) = (listed(names.into_iter()), listed(splits.into_iter()));
        let (wanted, split) = (self.wanted(groups), self.benchmark.split());
        let message = format!(
            "{names} {are} named for {splits}, but this benchmark is {split}: expected {wanted}"
        );
        Problem::of_upload(ProblemKind::WrongSplit, message).expecting(wanted).finding(names)
    }

    fn missing(&self, groups: &[usize]) -> Problem {
        let names = self.entries.iter().filter(|entry| !matches!(entry.role, Role::Litter));
        let found = listed(names.map(|entry| shown(entry.name.as_bytes())));
        let found = if found.is_empty() { "nothing".to_owned() } else { found };
        let wanted = self.wanted(groups);
        let message = format!("the {} has no {wanted} (found: {found})", self.container);
        Problem::of_upload(ProblemKind::MissingGroup, message).expecting(wanted).finding(found)
    }

    /// The names that these groups' files should have.
    fn wanted(&self, groups: &[usize]) -> String {
        let format = self.benchmark.task().format;
        let name = |&group: &usize| format.file_name(&self.benchmark.groups()[group]);
        listed(groups.iter().map(name))
    }
}

impl<'a> Entry<'a> {
    fn new(name: &'a str, benchmark: &Benchmark) -> Self {
        // Some programs write zips with backslashes, and with the whole path.
        let path = name.replace('\\', "/");
        let path = path.strip_prefix("./").unwrap_or(&path);
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let litter = file.is_empty()
            || file.eq_ignore_ascii_case(".DS_Store")
            || file.eq_ignore_ascii_case("Thumbs.db")
            || path.split('/').any(|part| part == "__MACOSX");
        let role =
            if litter { Role::Litter } else { benchmark.task().format.role(file, benchmark) };
        Self { name, folder: folder.to_owned(), role }
    }
}

/// The name without `.json` and without `.gz` or `.zst`; none if it is not JSON.
pub(crate) fn json_stem(name: &str) -> Option<&str> {
    let unpacked = [".gz", ".zst"].into_iter().find_map(|ending| name.strip_suffix(ending));
    unpacked.unwrap_or(name).strip_suffix(".json")
}

/// Whether a file's name is that of one of several files of a run, of any task, group and split.
pub fn is_part_of_run(name: &str) -> bool {
    Task::all().any(|task| task.has_file_named(name))
}

fn in_words(folder: &str) -> String {
    if folder.is_empty() { "the top level".to_owned() } else { shown(folder.as_bytes()) }
}

fn other_file(name: &str) -> Problem {
    let name = shown(name.as_bytes());
    let message = format!("{name} is not a group's file and was not read");
    Problem { file: Some(name), ..Problem::of_upload(ProblemKind::OtherFile, message) }
}

/// The first names, and the number of further ones.
pub(crate) fn listed(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    let more = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    let names = names.join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}
