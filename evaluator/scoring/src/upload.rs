//! From the bytes of an upload to ranks or problems.

use std::io::{BufReader, Read};

use crate::archive::Archive;
use crate::diagnosis;
use crate::json::{Json, Stop};
use crate::listing::{Listing, listed};
use crate::opening::{Opened, Opening};
use crate::problem::{FileName, Opens};
use crate::ranks::GroupRanks;
use crate::report::Report;
use crate::tasks::Format;
use crate::text::{self, count, shown};
use crate::window::{Budget, Fault, Metered, Packed, WINDOW_BYTES, Window};
use crate::{Benchmark, Limits, Problem, ProblemKind, Problems, Ranks, TopItems, sentences};

/// The largest zip that is unpacked from inside a gzip or zstd file. A zip is read from its end, so it
/// must be in memory first.
const INNER_ZIP_BYTES: u64 = 64 << 20;

/// What a team uploads.
#[derive(Debug, Clone)]
pub enum Upload<'a> {
    /// One file: a zip, or one JSON file, or either packed with gzip or zstd.
    Bytes {
        /// Its name, for sentences. The format is detected from the bytes.
        name: &'a str,
        /// Its content.
        bytes: &'a [u8],
    },
    /// The files of a folder, with their names.
    Files(Vec<(String, Vec<u8>)>),
}

/// An upload that answers every query.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The ranks of the targets, by dialog if the benchmark has [dialogs](Benchmark::dialogs). None if the benchmark has no targets, so that the upload was only
    /// validated.
    pub ranks: Option<Ranks>,
    /// The ranks by turn, if the benchmark has dialogs and targets: they line up with the queries, and 0 is a
    /// target that the ranking lacks. They aren't stored.
    pub by_turn: Option<Ranks>,
    /// The gallery index of the first item of each ranking, by group and query; empty if the benchmark has
    /// no targets. For [`crate::audit::misses`] only: it isn't stored.
    pub first_items: Vec<Vec<Option<u32>>>,
    /// The first items of each ranking, by group, if [`Limits::top_items`] asks for them; empty if the
    /// benchmark has no targets.
    pub top_items: Vec<TopItems>,
    /// Unusual things that don't make the upload invalid.
    pub warnings: Problems,
}

/// Reads an upload against a benchmark, once, in memory that doesn't grow with the upload: beside the upload itself, at most 8 MiB for a file of
/// a zip.
///
/// Accepted: the files of the [task's](crate::Task) format in a zip (at its top or in one folder,
/// at any depth) or a folder, each optionally packed with gzip or zstd; one JSON file with the whole
/// run; gzip or zstd of such a zip (up to 64 MiB) or file, or a zip with nothing else in it. A UTF-8
/// byte order mark is skipped.
///
/// The error contains all problems, not only the first; for broken JSON, those up to that position. If
/// most of them have one cause, the cause comes first. Nothing in it depends on targets.
pub fn read(
    upload: &Upload<'_>,
    benchmark: &Benchmark,
    limits: &Limits,
) -> Result<Reading, Problems> {
    read_while(upload, benchmark, limits, &|| true)
}

/// Reads an upload like [`read`], while `go_on` returns true. It is called at least every 128 KiB. When
/// it returns false, the upload gets a problem of kind [`ProblemKind::Stopped`].
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
        holds_no_group: false,
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

/// An upload that is being read. It opens containers; the format of the benchmark's task reads the files
/// in them.
pub(crate) struct Intake<'b> {
    pub(crate) benchmark: &'b Benchmark,
    pub(crate) limits: &'b Limits,
    window: usize,
    budget: &'b Budget<'b>,
    pub(crate) report: Report,
    /// By group.
    pub(crate) ranks: Vec<Option<GroupRanks>>,
    /// Whether no file is named like a group's file.
    holds_no_group: bool,
}

/// How many zips contain the bytes being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Outside,
    InZip,
}

impl<'b> Intake<'b> {
    fn format(&self) -> &'static dyn Format {
        self.benchmark.task().format
    }

    /// Reads an upload of one file.
    fn file(&mut self, name: &str, bytes: &[u8]) {
        let file = FileName::new(0, name.as_bytes());
        let done = if Opening::of(bytes) == Opening::Zip {
            self.zip(&file, bytes, Depth::Outside)
        } else {
            self.packed_or_json(&file, name, bytes)
        };
        if let Err(problem) = done {
            let problem =
                sentences::with_shape(*problem, || self.format().document_shape(self.benchmark));
            self.report.tell(0, problem);
        }
    }

    fn packed_or_json(&mut self, file: &FileName, name: &str, bytes: &[u8]) -> Opens<()> {
        let opened = self.unpacked(file, self.opened(file, bytes)?)?;
        if opened.opening == Opening::Zip {
            self.inner_zip(file, opened.bytes, Depth::Outside)
        } else {
            self.format().read_document(self, file, name, opened)
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
    fn zip(&mut self, file: &FileName, bytes: &[u8], depth: Depth) -> Opens<()> {
        let archive = Archive::new(file, bytes, self.limits.entries)?;
        let listing = Listing::new("zip", archive.names(), self.benchmark);
        if let Some(index) = listing.only_file() {
            return self.only_entry(&archive, index, depth);
        }
        self.holds_no_group = listing.has_no_group();
        let zips = archive.names().filter(|name| name.to_ascii_lowercase().ends_with(".zip"));
        let zips = listed(zips.map(|name| shown(name.as_bytes())));
        if self.holds_no_group && !zips.is_empty() {
            let what = format!(
                "contains other zips ({zips}): upload one zip with the files of all {}",
                self.benchmark.task().group.many
            );
            return Err(file.refuse(ProblemKind::Nested, &what));
        }
        let chosen = listing.choose(&mut self.report);
        for (group, index) in chosen.into_iter().enumerate() {
            let Some(index) = index else { continue };
            if self.budget.is_spent() {
                break;
            }
            let file = FileName::new(group + 1, archive.name(index).as_bytes());
            let opened = self.entry(&archive, &file, index);
            self.group_file(&file, group, opened);
        }
        Ok(())
    }

    /// Opens a file in a zip and detects its format.
    fn entry<'s>(
        &self,
        archive: &'s Archive<'_>,
        file: &FileName,
        index: usize,
    ) -> Opens<Opened<'s>>
    where
        'b: 's,
    {
        let bytes = archive.open(file, index, self.limits.zstd_window_log, self.budget)?;
        Opened::new(Metered::new(bytes, self.budget)).map_err(|e| self.fault(file, e.into()))
    }

    /// Reads the only file of a zip as the whole run. Its name is not that of a group's file.
    fn only_entry(&mut self, archive: &Archive<'_>, index: usize, depth: Depth) -> Opens<()> {
        let name = archive.name(index);
        let file = FileName::new(0, name.as_bytes());
        let opened = self.unpacked(&file, self.entry(archive, &file, index)?)?;
        match (opened.opening == Opening::Zip, depth) {
            (true, Depth::Outside) => self.inner_zip(&file, opened.bytes, Depth::InZip),
            (true, Depth::InZip) => {
                let what = "a zip in a zip in a zip: upload the innermost";
                Err(file.refuse(ProblemKind::Nested, what))
            }
            (false, _) => self.format().read_document(self, &file, name, opened),
        }
    }

    /// Reads a zip in a gzip or zstd file, or in another zip.
    fn inner_zip(
        &mut self,
        file: &FileName,
        packed: Box<dyn Read + '_>,
        depth: Depth,
    ) -> Opens<()> {
        let mut bytes = Vec::new();
        let read = packed.take(INNER_ZIP_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|e| self.fault(file, e.into()))?;
        if bytes.len() as u64 > INNER_ZIP_BYTES {
            let cap = text::bytes(INNER_ZIP_BYTES);
            let what = format!("a packed zip of more than {cap}: upload the zip as it is");
            return Err(file.refuse(ProblemKind::TooLarge, &what));
        }
        self.zip(file, &bytes, depth)
    }

    /// Reads one group's file.
    fn group_file(&mut self, file: &FileName, group: usize, opened: Opens<Opened<'_>>) {
        match opened.and_then(|opened| self.unpacked(file, opened)) {
            Ok(opened) if opened.opening == Opening::Zip => {
                let what = "a zip inside: upload the zip alone, with the files of all groups";
                self.report.tell(file.number, file.problem(ProblemKind::Nested, what));
            }
            Ok(opened) => self.format().read_group(self, file, group, opened),
            Err(problem) => {
                let shape = || self.format().group_shape(self.benchmark, group);
                let problem = sentences::with_shape(*problem, shape);
                self.report.tell(file.number, problem);
            }
        }
    }

    /// Reports why reading a file stopped before its end.
    pub(crate) fn settle(&mut self, file: &FileName, json: &mut Json<'_>, done: Result<(), Stop>) {
        let Err(stop) = done else { return };
        let problem = sentences::stop(file, &stop);
        // What looks like broken JSON may be a damaged container, which is detected at its end.
        let fault = match stop {
            Stop::Fault(fault) => Some(fault),
            // Reading was stopped to avoid the rest.
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

    /// Detects the format of a file in memory.
    fn opened<'a>(&self, file: &FileName, bytes: &'a [u8]) -> Opens<Opened<'a>>
    where
        'b: 'a,
    {
        // Packed bytes are counted when they are unpacked.
        let opened = match Opening::of(bytes) {
            Opening::Json => Opened::new(Metered::new(bytes, self.budget)),
            _ => Opened::new(bytes),
        };
        opened.map_err(|e| self.fault(file, e.into()))
    }

    /// Removes a layer of gzip or zstd, if there is one. The result is JSON or a zip.
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

    pub(crate) fn walker<'a>(&self, opened: Opened<'a>, most_skipped: u64) -> Json<'a> {
        Json::new(Window::new(opened.bytes, self.window), self.limits, most_skipped)
    }

    /// Describes why no more bytes came.
    fn fault(&self, file: &FileName, fault: Fault) -> Box<Problem> {
        let cap = text::bytes(self.limits.expanded_bytes);
        match fault {
            Fault::TooLarge => {
                let what =
                    format!("the upload expands to more than {cap}, the limit for this benchmark");
                file.refuse(ProblemKind::TooLarge, &what)
            }
            Fault::TooCostly => {
                let what = "reading the upload takes too long: give each query one answer, and leave \
                            out keys that are not part of the format";
                file.refuse(ProblemKind::Stopped, what)
            }
            Fault::Unreadable(error) => {
                let error = error.to_string();
                let hint = if error.contains("too much memory") {
                    let log = self.limits.zstd_window_log;
                    let window = text::bytes(1 << log.min(63));
                    format!(" (zstd windows of up to {window} are supported)")
                } else {
                    String::new()
                };
                let what = format!("cannot be unpacked: {}{hint}", shown(error.as_bytes()));
                file.refuse(ProblemKind::Damaged, &what)
            }
        }
    }

    fn finish(mut self) -> Result<Reading, Problems> {
        if let Some(warning) = sentences::other_captions(&self.report.other_captions) {
            self.report.warning(0, warning.kind, || warning);
        }
        let Report { problems, warnings, evidence, .. } = self.report;
        if !problems.is_empty() {
            let problems = problems.finish();
            return Err(diagnosis::led(problems, self.benchmark, &evidence, self.holds_no_group));
        }
        let ranks: Option<Vec<GroupRanks>> = self.ranks.into_iter().collect();
        let mut ranks = ranks.filter(|_| self.benchmark.has_targets());
        let first_items = ranks.iter_mut().flatten().map(GroupRanks::take_first).collect();
        let top_items = ranks.iter_mut().flatten().map(GroupRanks::take_top).collect();
        let ranks = ranks.map(Ranks::new);
        let (ranks, by_turn) = match self.benchmark.dialogs() {
            Some(dialogs) => (ranks.as_ref().map(|it| dialogs.by_dialog(it)), ranks),
            None => (ranks, None),
        };
        Ok(Reading { ranks, by_turn, first_items, top_items, warnings: warnings.finish() })
    }
}
