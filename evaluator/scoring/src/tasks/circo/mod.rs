//! CIRCO: a photo and a caption that says how the wanted ones differ; a query has several targets.

mod reader;
mod sentences;

use std::io::{self, Write};

use dataset::{Circo, Group, Protocol};

use super::{Format, Noun, Task, Texts};
use crate::listing::{Role, json_stem};
use crate::measures::{AVERAGE_PRECISION_AT, FIRST_RECALL};
use crate::opening::Opened;
use crate::problem::{FileName, Opens};
use crate::text::shown;
use crate::upload::Intake;
use crate::{Benchmark, GroupRun, Measure, sentences as say};

/// CIRCO: composed image retrieval on photos of COCO, with several targets a query.
pub static CIRCO: Task = Task {
    name: "circo",
    title: "CIRCO",
    layout: &Circo,
    protocols: &[Protocol::Original],
    variants: &[],
    dialog: None,
    can_be_keyed: false,
    list_length: 50,
    group: Noun { one: "group", many: "groups" },
    scored: Noun { one: "query", many: "queries" },
    run_file: "run.json",
    texts: Texts {
        summary: "Each query is a photo and a caption that says how the wanted photos differ. A \
                  program ranks the photos of the gallery. The closer all targets are to the top, \
                  the better.",
        example: include_str!("example.html"),
        items: "photos",
        queries: "For each query its id, its reference (`candidate`) and two captions: how the \
                  wanted photos differ from the reference, and what they have in common with it.",
        query_example: r#"{"circo": [{"query": "0", "candidate": "85932", "captions": ["…", "…"]}, …]}"#,
        gallery_example: r#"{"circo": ["85932", …]}"#,
        run: "A run is one JSON file: an object with the id of each query as a key, and the ranked \
              ids of photos as its value, `{\"0\": [85932, …], …}`. Ids may be integers or strings.",
        upload: "One JSON file with one key per query; zip, gzip and zstd are fine.",
        write_run: include_str!("write_run.py"),
        scoring: include_str!("scoring.md"),
        published: None,
        about_data: None,
        download: None,
        published_counts: &[],
        files: include_str!("files.txt"),
    },
    primary: Measure::at(&AVERAGE_PRECISION_AT, 5),
    measures: &[
        Measure::at(&AVERAGE_PRECISION_AT, 5),
        Measure::at(&AVERAGE_PRECISION_AT, 10),
        Measure::at(&AVERAGE_PRECISION_AT, 25),
        Measure::at(&AVERAGE_PRECISION_AT, 50),
        Measure::at(&FIRST_RECALL, 5),
        Measure::at(&FIRST_RECALL, 10),
        Measure::at(&FIRST_RECALL, 25),
        Measure::at(&FIRST_RECALL, 50),
    ],
    usual: &[],
    of_hidden: &[
        Measure::at(&AVERAGE_PRECISION_AT, 5),
        Measure::at(&AVERAGE_PRECISION_AT, 10),
        Measure::at(&AVERAGE_PRECISION_AT, 25),
        Measure::at(&AVERAGE_PRECISION_AT, 50),
    ],
    in_version: "mean over queries of ap@5 over min(targets, 5)",
    format: &Keyed,
};

/// One JSON object with one key per query.
struct Keyed;

impl Format for Keyed {
    fn role(&self, name: &str, _: &Benchmark) -> Role {
        let is_other = Task::all().any(|task| task.has_file_named(name));
        match json_stem(&name.to_ascii_lowercase()) {
            Some(_) if !is_other => Role::Group(0),
            _ => Role::Other,
        }
    }

    fn item_type(&self) -> &'static str {
        "an item id, which is an integer"
    }

    fn ids_are_numbers(&self) -> bool {
        true
    }

    fn file_name(&self, _: &Group) -> String {
        CIRCO.run_file.to_owned()
    }

    fn is_part(&self, _: &str) -> bool {
        false
    }

    fn read_group(
        &self,
        intake: &mut Intake<'_>,
        file: &FileName,
        group: usize,
        opened: Opened<'_>,
    ) {
        if let Err(problem) = reader::read(intake, file, opened) {
            let shape = || self.group_shape(intake.benchmark, group);
            let problem = say::with_shape(*problem, shape);
            intake.report.tell(file.number, problem);
        }
    }

    fn read_document(
        &self,
        intake: &mut Intake<'_>,
        file: &FileName,
        _: &str,
        opened: Opened<'_>,
    ) -> Opens<()> {
        reader::read(intake, file, opened)
    }

    fn document_shape(&self, benchmark: &Benchmark) -> String {
        self.group_shape(benchmark, 0)
    }

    fn group_shape(&self, benchmark: &Benchmark, group: usize) -> String {
        let Some(group) = benchmark.groups().get(group) else { return "{…}".to_owned() };
        let query = group.queries.first().map_or("0", |query| &query.id);
        let items: Vec<String> =
            group.gallery.iter().take(2).map(|id| shown(id.as_bytes())).collect();
        format!("{{\"{}\": [{}, …], …}}", shown(query.as_bytes()), items.join(", "))
    }

    fn write(&self, out: &mut dyn Write, _: &str, runs: &[GroupRun<'_>]) -> io::Result<()> {
        out.write_all(b"{")?;
        let mut first = true;
        for run in runs {
            run.check()?;
            for (query, ranking) in run.group.queries.iter().zip(&run.rankings) {
                out.write_all(if first { b"\n" } else { b",\n" })?;
                first = false;
                serde_json::to_writer(&mut *out, &query.id)?;
                let items: Vec<&str> =
                    ranking.iter().map(|&item| run.group.gallery.item(item)).collect();
                write!(out, ": [{}]", items.join(", "))?;
            }
        }
        out.write_all(b"\n}\n")?;
        out.flush()
    }
}
