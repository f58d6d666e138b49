//! Fashion IQ: a garment and two captions that say how the wanted one differs.

mod counts;
mod document;
mod evidence;
mod matching;
mod mistakes;
mod names;
mod object;
mod reader;
mod run;
mod shape;

use std::io::{self, Write};

use dataset::{FashionIq, Group, Protocol};

use super::{Format, Noun, Task, Texts};
use crate::listing::Role;
use crate::measures::{
    BRI, HITS, MEAN_RANK, MEAN_RECALL, MEDIAN_RANK, MRR, NDCG, PERCENTILE, RECALL, TURN_RECALL,
    TURNS_TO_SUCCESS,
};
use crate::opening::Opened;
use crate::problem::{FileName, Opens};
use crate::upload::Intake;
use crate::{Benchmark, GroupRun, Measure};

pub use run::write_zip;

/// Fashion IQ: composed image retrieval on garments, in three categories.
pub static FASHION_IQ: Task = Task {
    variants: &[(Protocol::Mbeir, &MBEIR), (Protocol::MultiTurn, &MULTI_TURN)],
    dialog: Some(&DIALOG),
    ..TASK
};

/// Fashion IQ as M-BEIR scores it.
static MBEIR: Task = Task {
    primary: Measure::at(&NDCG, 10),
    measures: &[Measure::at(&NDCG, 10), Measure::at(&RECALL, 10)],
    of_hidden: &[],
    in_version: "mean of ndcg@10",
    ..TASK
};

/// Fashion IQ's galleries searched in dialogs.
static DIALOG: Task = Task {
    list_length: 500,
    scored: Noun { one: "dialog", many: "dialogs" },
    texts: Texts {
        write_run: include_str!("../../../../../docs/agent.py"),
        scoring: include_str!("../../../../../docs/dialog.md"),
        published: None,
        ..TASK.texts
    },
    primary: Measure::at(&HITS, 10),
    measures: &[
        Measure::at(&HITS, 10),
        Measure::at(&HITS, 50),
        Measure::at(&TURN_RECALL, 10).after(1),
        Measure::at(&TURN_RECALL, 10),
        Measure::of(&PERCENTILE).after(1),
        Measure::of(&PERCENTILE).after(2),
        Measure::of(&PERCENTILE).after(3),
        Measure::of(&PERCENTILE).after(4),
        Measure::of(&PERCENTILE).after(5),
        Measure::of(&PERCENTILE),
        Measure::of(&BRI),
        Measure::of(&MEAN_RANK),
        Measure::at(&TURNS_TO_SUCCESS, 10),
    ],
    usual: &OF_DIALOGS,
    of_hidden: &[],
    in_version: "hits@10 after the last turn",
    ..TASK
};

/// The measures of dialogs that a board has room for.
const OF_DIALOGS: [Measure; 3] =
    [Measure::at(&HITS, 10), Measure::of(&PERCENTILE), Measure::of(&BRI)];

/// Recorded sessions: dialogs whose captions are given, so that uploads rank each of their turns.
static MULTI_TURN: Task = Task {
    scored: Noun { one: "session", many: "sessions" },
    texts: Texts {
        summary: "Each session is a dialog that was recorded: at each turn a person saw a garment and said \
                  how the wanted one differs. A program ranks every garment of the gallery at each turn. \
                  The closer the target is to the top, and the earlier, the better.",
        queries: "Each query is one turn of a session. Its id is that of the session, a colon and the number \
                  of the turn: `….17:2` is the second turn of session `….17`. The turns of a session follow \
                  each other and ask for the same garment. Each has its reference (`candidate`), which was \
                  shown at that turn, and one or more captions. A ranking may use its own turn and those \
                  before it, and none after it.",
        query_example: r#"{"{group}": [{"query": "{group}.{split}.0:1", "candidate": "B0…", "captions": ["…", "…"]}, …], …}"#,
        scoring: include_str!("../../../../../docs/dialog.md"),
        published: None,
        files: include_str!("session_files.txt"),
        ..TASK.texts
    },
    primary: Measure::at(&HITS, 10),
    measures: &[
        Measure::at(&HITS, 10),
        Measure::at(&HITS, 50),
        Measure::at(&TURN_RECALL, 10).after(1),
        Measure::at(&TURN_RECALL, 10),
        Measure::of(&PERCENTILE).after(1),
        Measure::of(&PERCENTILE).after(2),
        Measure::of(&PERCENTILE).after(3),
        Measure::of(&PERCENTILE),
        Measure::of(&BRI),
        Measure::of(&MEAN_RANK),
        Measure::at(&TURNS_TO_SUCCESS, 10),
    ],
    usual: &OF_DIALOGS,
    of_hidden: &[],
    in_version: "hits@10 after the last turn",
    ..TASK
};

const TASK: Task = Task {
    name: "fashion-iq",
    title: "Fashion IQ",
    layout: &FashionIq,
    protocols: &Protocol::ALL,
    variants: &[],
    dialog: None,
    can_be_keyed: true,
    list_length: 50,
    group: Noun { one: "category", many: "categories" },
    scored: Noun { one: "query", many: "queries" },
    run_file: "run.zip",
    texts: Texts {
        summary: "Each query is a garment and two captions that say how the wanted one differs. A \
                  program ranks every garment of the gallery. The closer the target is to the top, \
                  the better.",
        example: include_str!("example.html"),
        items: "garments",
        queries: "For each query its id, its reference (`candidate`) and two captions that say how \
                  the wanted garment differs.",
        query_example: r#"{"{group}": [{"query": "{group}.{split}.0", "candidate": "B0…", "captions": ["…", "…"]}, …], …}"#,
        gallery_example: r#"{"{group}": ["B0…", …], …}"#,
        run: "A run is a zip with {files}: each the list of its group’s queries with a `ranking` \
              added. The id in `query` alone identifies the query.",
        upload: "A zip with one prediction file per category, or a single JSON file; gzip and zstd are fine.",
        write_run: include_str!("../../../../../docs/write_run.py"),
        scoring: include_str!("../../../../../docs/metrics.md"),
        published: Some(include_str!("../../../../../docs/published.md")),
        about_data: Some(include_str!("../../../../../docs/data-set.md")),
        download: Some("fashion-iq dataset download fashion-iq"),
        published_counts: &counts::PUBLISHED,
        files: include_str!("files.txt"),
    },
    primary: Measure::of(&MEAN_RECALL),
    measures: &[
        Measure::at(&RECALL, 10),
        Measure::at(&RECALL, 50),
        Measure::at(&MRR, 50),
        Measure::at(&NDCG, 10),
        Measure::of(&MEDIAN_RANK),
    ],
    usual: &[],
    of_hidden: &[Measure::at(&RECALL, 10), Measure::at(&RECALL, 50)],
    in_version: "mean over groups of recall@10 and recall@50",
    format: &Official,
};

/// One file per group, or one object with one key per group.
struct Official;

impl Format for Official {
    fn role(&self, name: &str, benchmark: &Benchmark) -> Role {
        names::role(name, benchmark)
    }

    fn item_type(&self) -> &'static str {
        "an item id, which is a string"
    }

    fn file_name(&self, group: &Group) -> String {
        format!("{}.predict.json", group.name)
    }

    fn is_part(&self, name: &str) -> bool {
        names::is_part(name)
    }

    fn read_group(
        &self,
        intake: &mut Intake<'_>,
        file: &FileName,
        group: usize,
        opened: Opened<'_>,
    ) {
        let skipped = intake.benchmark.group(group).most_skipped();
        let mut json = intake.walker(opened, skipped);
        intake.array(file, group, &mut json);
    }

    fn read_document(
        &self,
        intake: &mut Intake<'_>,
        file: &FileName,
        name: &str,
        opened: Opened<'_>,
    ) -> Opens<()> {
        intake.document(file, name, opened)
    }

    fn document_shape(&self, benchmark: &Benchmark) -> String {
        shape::document_shape(benchmark)
    }

    fn group_shape(&self, benchmark: &Benchmark, group: usize) -> String {
        shape::group_shape(benchmark, group)
    }

    fn mistakes(&self, runs: &[GroupRun<'_>]) -> Vec<(&'static str, Vec<u8>)> {
        vec![("rows in another order, without captions", mistakes::shuffled(runs))]
    }

    fn write(&self, out: &mut dyn Write, split: &str, runs: &[GroupRun<'_>]) -> io::Result<()> {
        write_zip(out, split, runs)
    }
}
