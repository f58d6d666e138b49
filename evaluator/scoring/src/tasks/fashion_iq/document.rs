//! A single JSON file: an object with one key per group, or one group's array.

use crate::json::{Json, Kind, Stop};
use crate::listing::{Listing, listed};
use crate::opening::Opened;
use crate::problem::{FileName, Opens};
use crate::text::shown;
use crate::upload::Intake;
use crate::{ProblemKind, sentences};

use super::reader;

/// How many keys a sentence names.
const KEYS: usize = 10;

/// The keys of an object.
#[derive(Default)]
struct Keys {
    /// The first of them.
    first: Vec<String>,
    count: usize,
    /// How many consist of digits.
    numbers: usize,
    has_candidate: bool,
    /// Whether reading stopped before the last of them.
    are_cut_off: bool,
}

impl Keys {
    fn add(&mut self, key: &str) {
        self.count += 1;
        self.numbers += usize::from(key.bytes().all(|b| b.is_ascii_digit()));
        self.has_candidate |= key == "candidate";
        if self.first.len() < KEYS {
            self.first.push(key.to_owned());
        }
    }

    /// The first names, and the number of further ones.
    fn found(&self) -> String {
        let names = listed(self.first.iter().cloned());
        match self.count - self.first.len() {
            _ if self.count == 0 => "nothing".to_owned(),
            0 => names,
            more if self.are_cut_off => format!("{names} and at least {more} more"),
            more => format!("{names} and {more} more"),
        }
    }

    /// Describes an object with these keys, none of which is a group's.
    fn what(&self) -> String {
        let found = self.found();
        if self.has_candidate {
            return "a single object: write an array of objects for each category".to_owned();
        }
        if 2 * self.numbers > self.count {
            return format!("its keys are query numbers ({found}), not categories");
        }
        format!("its keys are {found}, and none is a category")
    }
}

impl Intake<'_> {
    /// Reads one group's array, which is the whole file.
    pub(super) fn array(&mut self, file: &FileName, group: usize, json: &mut Json<'_>) {
        let done = match json.kind() {
            Ok(Kind::Object) => self.object_for_array(file, json),
            Ok(_) => self.rows(file, group, json),
            Err(stop) => Err(stop),
        };
        self.settle(file, json, done);
    }

    fn rows(&mut self, file: &FileName, group: usize, json: &mut Json<'_>) -> Result<(), Stop> {
        let (limits, report) = (self.limits, &mut self.report);
        let ranks = reader::read_group(json, file, self.benchmark, group, limits, report)?;
        json.end()?;
        self.ranks[group] = ranks;
        Ok(())
    }

    /// Reads a single JSON file: an object with one key per group, or one group's array.
    pub(super) fn document(
        &mut self,
        file: &FileName,
        name: &str,
        opened: Opened<'_>,
    ) -> Opens<()> {
        let mut json = self.walker(opened, self.benchmark.most_skipped());
        match json.kind() {
            Ok(Kind::Object) => {
                let mut keys = Keys::default();
                let mut read = vec![false; self.benchmark.groups().len()];
                let done = self.keyed(file, &mut json, &mut keys, &mut read);
                keys.are_cut_off = done.is_err();
                let is_other = !read.contains(&true) && keys.count > 0;
                match done {
                    Ok(()) | Err(Stop::Endless { .. }) if is_other => {
                        return Err(file.refuse(ProblemKind::NotARun, &keys.what()));
                    }
                    Ok(()) => self.report_missing_keys(file, &keys, &read),
                    Err(stop) => self.settle(file, &mut json, Err(stop)),
                }
            }
            Ok(Kind::Array) => self.lone_array(file, name, &mut json)?,
            Ok(kind) => {
                let groups = self.benchmark.groups().iter().map(|group| group.name.clone());
                let expected = format!("an object with the keys {}", listed(groups));
                let what = format!("expected {expected}, found {}", kind.name());
                let problem = file.problem(ProblemKind::NotARun, &what);
                return Err(Box::new(problem.expecting(expected).finding(kind.name())));
            }
            Err(stop) => self.settle(file, &mut json, Err(stop)),
        }
        Ok(())
    }

    /// Reads one group's array, which is the whole upload.
    fn lone_array(&mut self, file: &FileName, name: &str, json: &mut Json<'_>) -> Opens<()> {
        let listing = Listing::new("upload", [name].into_iter(), self.benchmark);
        // With a single group, the array needs no name.
        let group = if self.benchmark.groups().len() == 1 {
            Some(0)
        } else if listing.has_no_group() {
            return Err(self.nameless_array(file, json));
        } else {
            listing.choose(&mut self.report).iter().position(Option::is_some)
        };
        if let Some(group) = group {
            self.array(&FileName::new(group + 1, name.as_bytes()), group, json);
        }
        Ok(())
    }

    /// Why an array without a name is not read, according to its first element.
    fn nameless_array(&self, file: &FileName, json: &mut Json<'_>) -> Box<crate::Problem> {
        let first = json.enter().and_then(|()| json.next_element(true));
        let first = first.and_then(|any| if any { json.kind().map(Some) } else { Ok(None) });
        let groups = listed(self.benchmark.groups().iter().map(|group| group.name.clone()));
        match first {
            Ok(Some(Kind::Object)) => {
                let what = format!(
                    "one array that names no category: upload a zip with a file for each \
                     of {groups}, or one object with these keys"
                );
                file.refuse(ProblemKind::MissingGroup, &what)
            }
            Ok(first) => {
                let of = first.map_or("an empty array".to_owned(), |kind| {
                    format!("an array whose first element is {}", kind.name())
                });
                file.refuse(ProblemKind::NotARun, &of)
            }
            Err(stop) => match sentences::stop(file, &stop) {
                Some(problem) => Box::new(problem),
                None => file.refuse(ProblemKind::Damaged, "cannot be read"),
            },
        }
    }

    /// Reads an object with one key per group.
    fn keyed(
        &mut self,
        file: &FileName,
        json: &mut Json<'_>,
        keys: &mut Keys,
        read: &mut [bool],
    ) -> Result<(), Stop> {
        let benchmark = self.benchmark;
        let mut repeated = 0;
        json.enter()?;
        let mut first = true;
        while let Some((group, key)) =
            json.next_key(first, |key| (benchmark.group_named(key), shown(key)))?
        {
            first = false;
            keys.add(&key);
            match group {
                Some(group) if !std::mem::replace(&mut read[group], true) => {
                    let file = file.key(group + 1, &key);
                    let (limits, report) = (self.limits, &mut self.report);
                    self.ranks[group] =
                        reader::read_group(json, &file, benchmark, group, limits, report)?;
                }
                Some(_) if repeated == self.limits.entries => {
                    let what = format!("more than {repeated} duplicate keys");
                    return Err(Stop::Endless { at: json.position(), what });
                }
                Some(_) => {
                    repeated += 1;
                    self.report.problem(0, ProblemKind::RepeatedGroup, || {
                        let what = format!("duplicate key `{key}`");
                        file.problem(ProblemKind::RepeatedGroup, &what).finding(key.as_str())
                    });
                    json.skip()?;
                }
                None => {
                    self.report.warning(0, ProblemKind::OtherKey, || {
                        let what =
                            format!("the key `{key}` is not a group's name and was not read");
                        file.problem(ProblemKind::OtherKey, &what).finding(key.as_str())
                    });
                    json.skip()?;
                }
            }
        }
        json.end()
    }

    fn report_missing_keys(&mut self, file: &FileName, keys: &Keys, read: &[bool]) {
        let groups = self.benchmark.groups().iter().zip(read).filter(|(_, read)| !**read);
        let missing: Vec<String> = groups.map(|(group, _)| format!("`{}`", group.name)).collect();
        if missing.is_empty() {
            return;
        }
        let (found, missing) = (keys.found(), listed(missing.into_iter()));
        let what = format!("no key {missing} (found: {found})");
        let problem = file.problem(ProblemKind::MissingGroup, &what);
        self.report.tell(0, problem.expecting(missing.replace('`', "")).finding(found));
    }

    /// Describes an object in place of one group's array.
    fn object_for_array(&mut self, file: &FileName, json: &mut Json<'_>) -> Result<(), Stop> {
        json.skip()?;
        json.end()?;
        self.report.problem(file.number, ProblemKind::WrongType, || {
            sentences::no_array(file, Kind::Object)
        });
        Ok(())
    }
}
