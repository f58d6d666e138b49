//! Which file of a zip or a folder is which group's.

use std::collections::BTreeSet;

use crate::report::Report;
use crate::text::shown;
use crate::{Benchmark, Problem, ProblemKind};

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
    /// As it stands there.
    name: &'a str,
    folder: String,
    role: Role,
}

enum Role {
    /// The file of a group.
    Group(usize),
    /// A group's file by its name, but another split's.
    OtherSplit(usize, String),
    Other,
    /// What file managers leave behind, and folders.
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

    /// The index of each group's name, where there is one; what is wrong with the names goes to the
    /// report.
    pub(crate) fn choose(&self, report: &mut Report) -> Vec<Option<usize>> {
        let mut chosen: Vec<Option<usize>> = vec![None; self.benchmark.groups().len()];
        let mut names = BTreeSet::new();
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
                Some(first) => report.tell(0, self.repeated_group(group, first, i)),
            }
        }
        self.check_folders(&chosen, report);
        for (group, entry) in chosen.iter().enumerate() {
            if entry.is_none() {
                report.tell(0, self.missing(group));
            }
        }
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

    fn check_folders(&self, chosen: &[Option<usize>], report: &mut Report) {
        let folders: BTreeSet<&str> =
            chosen.iter().flatten().map(|&i| self.entries[i].folder.as_str()).collect();
        if folders.len() > 1 {
            let in_words = |folder: &str| match folder {
                "" => "the top".to_owned(),
                folder => shown(folder.as_bytes()),
            };
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

    fn missing(&self, group: usize) -> Problem {
        let name = &self.benchmark.groups()[group].name;
        let split = self.benchmark.split();
        let wanted = format!("{name}.predict.json");
        let misnamed = self.entries.iter().find_map(|entry| match &entry.role {
            Role::OtherSplit(other, split) if *other == group => Some((entry.name, split)),
            _ => None,
        });
        if let Some((found, other)) = misnamed {
            let (found, other) = (shown(found.as_bytes()), shown(other.as_bytes()));
            let message = format!(
                "{found} is named for {other}, and this benchmark is {split}: \
                 expected {wanted} or {name}.{split}.pred.json"
            );
            let problem = Problem::of_upload(ProblemKind::WrongSplit, message);
            return problem.expecting(wanted).finding(found);
        }
        let names = self.entries.iter().filter(|entry| !matches!(entry.role, Role::Litter));
        let found = listed(names.map(|entry| shown(entry.name.as_bytes())));
        let found = if found.is_empty() { "nothing".to_owned() } else { found };
        let message = format!("the {} has no {wanted} (found: {found})", self.container);
        Problem::of_upload(ProblemKind::MissingGroup, message).expecting(wanted).finding(found)
    }
}

impl<'a> Entry<'a> {
    fn new(name: &'a str, benchmark: &Benchmark) -> Self {
        // Some programs write zips with backslashes.
        let path = name.replace('\\', "/");
        let path = path.strip_prefix("./").unwrap_or(&path);
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let litter = file.is_empty()
            || file == ".DS_Store"
            || path.split('/').any(|part| part == "__MACOSX");
        let role = if litter {
            Role::Litter
        } else if folder.contains('/') {
            Role::Other
        } else {
            Role::of(file, benchmark)
        };
        Self { name, folder: folder.to_owned(), role }
    }
}

/// Whether a file has a name as the format gives it to the file of a group, whatever group and split:
/// `{group}.predict.json` or `{group}.{split}.pred.json`, perhaps with `.gz` or `.zst` after it.
pub fn is_group_file(name: &str) -> bool {
    let ends = |stem: &str| [".predict", ".pred"].iter().any(|ending| stem.ends_with(ending));
    json_stem(name).is_some_and(ends)
}

/// The name without `.json`, and without what says how it is packed; none if it is not JSON.
fn json_stem(name: &str) -> Option<&str> {
    let unpacked = [".gz", ".zst"].into_iter().find_map(|ending| name.strip_suffix(ending));
    unpacked.unwrap_or(name).strip_suffix(".json")
}

impl Role {
    fn of(file: &str, benchmark: &Benchmark) -> Self {
        let Some(name) = json_stem(file) else { return Self::Other };
        let group = |name: &str| benchmark.group_named(name.as_bytes());
        if let Some(group) = name.strip_suffix(".predict").and_then(group) {
            return Self::Group(group);
        }
        match name.strip_suffix(".pred").and_then(|name| name.rsplit_once('.')) {
            Some((name, split)) => match group(name) {
                Some(group) if split == benchmark.split() => Self::Group(group),
                Some(group) => Self::OtherSplit(group, split.to_owned()),
                None => Self::Other,
            },
            None => Self::Other,
        }
    }
}

fn other_file(name: &str) -> Problem {
    let name = shown(name.as_bytes());
    let message = format!("{name} is no group's file, and was not read");
    Problem { file: Some(name), ..Problem::of_upload(ProblemKind::OtherFile, message) }
}

/// The first names, and how many more there are.
pub(crate) fn listed(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    let more = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    let names = names.join(", ");
    if more > 0 { format!("{names} and {more} more") } else { names }
}
