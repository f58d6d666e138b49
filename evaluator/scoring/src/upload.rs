//! From the bytes of an upload to ranks or problems.

use std::io::{BufReader, Read};

use crate::archive::Archive;
use crate::formats::fashion_iq;
use crate::json::{Json, Kind, Stop};
use crate::listing::{Listing, listed};
use crate::opening::{Opened, Opening};
use crate::problem::{FileName, Opens};
use crate::ranks::GroupRanks;
use crate::report::Report;
use crate::text::{self, count, shown};
use crate::window::{Budget, Fault, Metered, Packed, WINDOW_BYTES, Window};
use crate::{Benchmark, Limits, Problem, ProblemKind, Problems, Ranks, sentences};

/// The largest zip that is unpacked from inside a gzip or zstd file: a zip is read from its end, so
/// it must lie in memory first.
const INNER_ZIP_BYTES: u64 = 64 << 20;

/// What a team uploads.
#[derive(Debug, Clone)]
pub enum Upload<'a> {
    /// One file: a zip, or a JSON object keyed by group, or either packed with gzip or zstd.
    Bytes {
        /// Its name, which sentences repeat; what it is is told by its bytes.
        name: &'a str,
        /// What it holds.
        bytes: &'a [u8],
    },
    /// The files of a folder, with their names.
    Files(Vec<(String, Vec<u8>)>),
}

/// An upload that answers every query.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Where the targets stand; none if the benchmark has no targets, so that the upload was
    /// validated only.
    pub ranks: Option<Ranks>,
    /// What is odd, but no reason to refuse it.
    pub warnings: Problems,
}

/// Reads an upload against a benchmark, once, in memory that does not grow with it.
///
/// Accepted: `{group}.predict.json` or `{group}.{split}.pred.json` for each group, in a zip (at its
/// top or in one folder) or a folder, each packed with gzip or zstd or not; a JSON object with a key
/// a group; gzip or zstd of such a zip (up to 64 MiB) or object. A UTF-8 byte order mark is skipped.
///
/// The error holds everything that is wrong, not only the first; of a file that is not JSON,
/// everything up to that place. Nothing in it depends on targets.
pub fn read(
    upload: &Upload<'_>,
    benchmark: &Benchmark,
    limits: &Limits,
) -> Result<Reading, Problems> {
    read_while(upload, benchmark, limits, &|| true)
}

/// Reads an upload as [`read`] does, as long as `go_on` answers true. It is asked every 128 KiB or
/// sooner; once it answers false, the upload has a problem of kind [`ProblemKind::Stopped`].
pub fn read_while(
    upload: &Upload<'_>,
    benchmark: &Benchmark,
    limits: &Limits,
    go_on: &dyn Fn() -> bool,
) -> Result<Reading, Problems> {
    read_through(upload, benchmark, limits, WINDOW_BYTES, go_on)
}

/// Reads through a window of another size.
pub(crate) fn read_through(
    upload: &Upload<'_>,
    benchmark: &Benchmark,
    limits: &Limits,
    window: usize,
    go_on: &dyn Fn() -> bool,
) -> Result<Reading, Problems> {
    let expanded_bytes = limits.expanded_bytes.min(benchmark.most_bytes());
    let limits = &Limits { expanded_bytes, ..limits.clone() };
    let budget = Budget::new(expanded_bytes, go_on);
    let mut intake = Intake {
        benchmark,
        limits,
        window,
        budget: &budget,
        report: Report::new(limits),
        ranks: vec![None; benchmark.groups().len()],
    };
    match upload {
        Upload::Bytes { name, bytes } => intake.file(name, bytes),
        Upload::Files(files) => match files.as_slice() {
            [(name, bytes)] => intake.file(name, bytes),
            files => intake.folder(files),
        },
    }
    intake.finish()
}

/// An upload being read.
struct Intake<'b> {
    benchmark: &'b Benchmark,
    limits: &'b Limits,
    window: usize,
    budget: &'b Budget<'b>,
    report: Report,
    /// By group.
    ranks: Vec<Option<GroupRanks>>,
}

impl<'b> Intake<'b> {
    /// Reads an upload of one file.
    fn file(&mut self, name: &str, bytes: &[u8]) {
        let file = FileName::new(0, name.as_bytes());
        let done = if Opening::of(bytes) == Opening::Zip {
            self.zip(&file, bytes)
        } else {
            self.packed_or_json(&file, name, bytes)
        };
        if let Err(problem) = done {
            self.report.tell(0, *problem);
        }
    }

    fn packed_or_json(&mut self, file: &FileName, name: &str, bytes: &[u8]) -> Opens<()> {
        let opened = self.unpacked(file, self.opened(file, bytes)?)?;
        if opened.opening == Opening::Zip {
            self.inner_zip(file, opened.bytes)
        } else {
            self.document(file, name, opened)
        }
    }

    /// Reads the files of a folder.
    fn folder(&mut self, files: &[(String, Vec<u8>)]) {
        let cap = self.limits.entries;
        if files.len() > cap {
            let message = format!("the folder has more than {}", count(cap, "file", "files"));
            self.report.tell(0, Problem::of_upload(ProblemKind::TooManyEntries, message));
            return;
        }
        let names = files.iter().map(|(name, _)| name.as_str());
        let chosen = Listing::new("folder", names, self.benchmark).choose(&mut self.report);
        for (group, index) in chosen.into_iter().enumerate() {
            let Some((name, bytes)) = index.map(|i| &files[i]) else { continue };
            if self.budget.is_spent() {
                break;
            }
            let file = FileName::new(group + 1, name.as_bytes());
            let opened = self.opened(&file, bytes);
            self.group_file(&file, group, opened);
        }
    }

    /// Reads a zip.
    fn zip(&mut self, file: &FileName, bytes: &[u8]) -> Opens<()> {
        let archive = Archive::new(file, bytes, self.limits.entries)?;
        let chosen = Listing::new("zip", archive.names(), self.benchmark).choose(&mut self.report);
        for (group, index) in chosen.into_iter().enumerate() {
            let Some(index) = index else { continue };
            if self.budget.is_spent() {
                break;
            }
            let file = FileName::new(group + 1, archive.name(index).as_bytes());
            let entry = archive.open(&file, index, self.limits.zstd_window_log, self.budget);
            let opened = entry.and_then(|bytes| {
                Opened::new(Metered::new(bytes, self.budget))
                    .map_err(|e| self.fault(&file, e.into()))
            });
            self.group_file(&file, group, opened);
        }
        Ok(())
    }

    /// Reads a zip that lies in a gzip or zstd file.
    fn inner_zip(&mut self, file: &FileName, packed: Box<dyn Read + '_>) -> Opens<()> {
        let mut bytes = Vec::new();
        let read = packed.take(INNER_ZIP_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|e| self.fault(file, e.into()))?;
        if bytes.len() as u64 > INNER_ZIP_BYTES {
            let cap = text::bytes(INNER_ZIP_BYTES);
            let what = format!("a packed zip of more than {cap}: upload the zip as it is");
            return Err(file.refuse(ProblemKind::TooLarge, &what));
        }
        self.zip(file, &bytes)
    }

    /// Reads a single JSON file: an object with a key a group, or one group's array.
    fn document(&mut self, file: &FileName, name: &str, opened: Opened<'_>) -> Opens<()> {
        let mut json = self.walker(opened, self.benchmark.most_skipped());
        match json.kind() {
            Ok(Kind::Object) => {
                let done = self.keyed(file, &mut json);
                self.settle(file, &mut json, done);
            }
            Ok(Kind::Array) => {
                // A benchmark of one group needs no name to tell which it is.
                let group = if self.benchmark.groups().len() == 1 {
                    Some(0)
                } else {
                    let listing = Listing::new("upload", [name].into_iter(), self.benchmark);
                    listing.choose(&mut self.report).iter().position(Option::is_some)
                };
                if let Some(group) = group {
                    self.array(&FileName::new(group + 1, name.as_bytes()), group, &mut json);
                }
            }
            Ok(kind) => {
                let groups = self.benchmark.groups().iter().map(|group| group.name.clone());
                let expected = format!("an object with the keys {}", listed(groups));
                let what = format!("expected {expected}, found {}", kind.name());
                let problem = file.problem(ProblemKind::WrongType, &what);
                return Err(Box::new(problem.expecting(expected).finding(kind.name())));
            }
            Err(stop) => self.settle(file, &mut json, Err(stop)),
        }
        Ok(())
    }

    /// Reads an object with a key a group.
    fn keyed(&mut self, file: &FileName, json: &mut Json<'_>) -> Result<(), Stop> {
        let benchmark = self.benchmark;
        let mut read = vec![false; benchmark.groups().len()];
        let mut keys = Vec::new();
        json.enter()?;
        let mut first = true;
        while let Some((group, key)) =
            json.next_key(first, |key| (benchmark.group_named(key), shown(key)))?
        {
            first = false;
            if keys.len() == self.limits.entries {
                let what = format!("more than {}", count(keys.len(), "key", "keys"));
                return Err(Stop::Endless { at: json.position(), what });
            }
            match group {
                Some(group) if !std::mem::replace(&mut read[group], true) => {
                    let file = file.key(group + 1, &key);
                    let (limits, report) = (self.limits, &mut self.report);
                    self.ranks[group] =
                        fashion_iq::read_group(json, &file, benchmark, group, limits, report)?;
                }
                Some(_) => {
                    self.report.problem(0, ProblemKind::RepeatedGroup, || {
                        let what = format!("the key `{key}` stands there twice");
                        file.problem(ProblemKind::RepeatedGroup, &what).finding(key.as_str())
                    });
                    json.skip()?;
                }
                None => {
                    self.report.warning(0, ProblemKind::OtherKey, || {
                        let what = format!("the key `{key}` is no group's, and was not read");
                        file.problem(ProblemKind::OtherKey, &what).finding(key.as_str())
                    });
                    json.skip()?;
                }
            }
            keys.push(key);
        }
        json.end()?;
        for (group, _) in benchmark.groups().iter().zip(read).filter(|(_, read)| !read) {
            let found = listed(keys.iter().cloned());
            let found = if found.is_empty() { "nothing".to_owned() } else { found };
            let what = format!("no key `{}` (found: {found})", group.name);
            let problem = file.problem(ProblemKind::MissingGroup, &what);
            self.report.tell(0, problem.expecting(group.name.as_str()).finding(found));
        }
        Ok(())
    }

    /// Reads one group's file.
    fn group_file(&mut self, file: &FileName, group: usize, opened: Opens<Opened<'_>>) {
        match opened.and_then(|opened| self.unpacked(file, opened)) {
            Ok(opened) if opened.opening == Opening::Zip => {
                let what = "a zip inside: upload the zip alone, with the files of all groups";
                self.report.tell(file.number, file.problem(ProblemKind::Nested, what));
            }
            Ok(opened) => {
                let skipped = self.benchmark.group(group).most_skipped();
                let mut json = self.walker(opened, skipped);
                self.array(file, group, &mut json);
            }
            Err(problem) => self.report.tell(file.number, *problem),
        }
    }

    /// Reads one group's array, which is all of a file.
    fn array(&mut self, file: &FileName, group: usize, json: &mut Json<'_>) {
        let (limits, report) = (self.limits, &mut self.report);
        let ranks = fashion_iq::read_group(json, file, self.benchmark, group, limits, report);
        let done = ranks.and_then(|ranks| {
            json.end()?;
            self.ranks[group] = ranks;
            Ok(())
        });
        self.settle(file, json, done);
    }

    /// Reports what ended the walk over a file before the file did.
    fn settle(&mut self, file: &FileName, json: &mut Json<'_>, done: Result<(), Stop>) {
        let Err(stop) = done else { return };
        let problem = sentences::stop(file, &stop);
        // What looks like broken JSON may be a damaged container, which shows at its end.
        let fault = match stop {
            Stop::Fault(fault) => Some(fault),
            // The rest is what reading was stopped to be spared.
            Stop::Endless { .. } => None,
            _ => json.drain().err(),
        };
        if let Some(fault) = fault {
            let fault = self.fault(file, fault);
            self.report.tell(file.number, *fault);
        }
        if let Some(problem) = problem {
            self.report.tell(file.number, problem);
        }
    }

    /// Looks at the beginning of a file that lies in memory.
    fn opened<'a>(&self, file: &FileName, bytes: &'a [u8]) -> Opens<Opened<'a>>
    where
        'b: 'a,
    {
        // What has to be unpacked counts as it comes out.
        let opened = match Opening::of(bytes) {
            Opening::Json => Opened::new(Metered::new(bytes, self.budget)),
            _ => Opened::new(bytes),
        };
        opened.map_err(|e| self.fault(file, e.into()))
    }

    /// Takes off a layer of gzip or zstd, if there is one. What comes out is JSON or a zip.
    fn unpacked<'a>(&self, file: &FileName, opened: Opened<'a>) -> Opens<Opened<'a>>
    where
        'b: 'a,
    {
        let fault = |e: std::io::Error| self.fault(file, e.into());
        let inner = match opened.opening {
            Opening::Gzip => {
                let packed = BufReader::new(Packed::new(opened.bytes, self.budget));
                let unpacked = flate2::bufread::MultiGzDecoder::new(packed);
                Opened::new(Metered::new(unpacked, self.budget)).map_err(fault)?
            }
            Opening::Zstd => {
                let packed = Packed::new(opened.bytes, self.budget);
                let mut unpacked = zstd::Decoder::new(packed).map_err(fault)?;
                unpacked.window_log_max(self.limits.zstd_window_log).map_err(fault)?;
                Opened::new(Metered::new(unpacked, self.budget)).map_err(fault)?
            }
            _ => opened,
        };
        match inner.opening {
            Opening::Foreign(kind, what) => Err(file.refuse(kind, what)),
            Opening::Gzip | Opening::Zstd => {
                let what = "packed twice: pack it once with gzip or zstd, or not at all";
                Err(file.refuse(ProblemKind::Nested, what))
            }
            Opening::Zip | Opening::Json => Ok(inner),
        }
    }

    fn walker<'a>(&self, opened: Opened<'a>, most_skipped: u64) -> Json<'a> {
        Json::new(Window::new(opened.bytes, self.window), self.limits, most_skipped)
    }

    /// Says why no more bytes came.
    fn fault(&self, file: &FileName, fault: Fault) -> Box<Problem> {
        let cap = text::bytes(self.limits.expanded_bytes);
        match fault {
            Fault::TooLarge => {
                let what = format!(
                    "the upload expands to more than {cap}, the most that is read for this benchmark"
                );
                file.refuse(ProblemKind::TooLarge, &what)
            }
            Fault::TooCostly => {
                let what = "reading the upload takes too long: give each query one answer, and leave \
                            out what the format does not name";
                file.refuse(ProblemKind::Stopped, what)
            }
            Fault::Unreadable(error) => {
                let error = error.to_string();
                let hint = if error.contains("too much memory") {
                    let log = self.limits.zstd_window_log;
                    let window = text::bytes(1 << log.min(63));
                    format!(" (a zstd window of at most {window} is unpacked here)")
                } else {
                    String::new()
                };
                let what = format!("cannot be unpacked: {}{hint}", shown(error.as_bytes()));
                file.refuse(ProblemKind::Damaged, &what)
            }
        }
    }

    fn finish(self) -> Result<Reading, Problems> {
        if !self.report.problems.is_empty() {
            return Err(self.report.problems.finish());
        }
        let ranks: Option<Vec<GroupRanks>> = self.ranks.into_iter().collect();
        let ranks = ranks.filter(|_| self.benchmark.has_targets()).map(Ranks::new);
        Ok(Reading { ranks, warnings: self.report.warnings.finish() })
    }
}
