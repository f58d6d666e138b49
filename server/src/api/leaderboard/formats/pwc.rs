//! Results in the shape of the Papers with Code dump, `evaluation-tables.json`, which scripts and
//! archives still read.

use std::collections::BTreeMap;

use domain::submissions::ScoreValue;
use serde::Serialize;

use super::{BoardExport, ExportedRow, ExportedScore};

/// The fields of a phase whose links have a place in the dump.
const PAPER: &str = "paper";
const CODE: &str = "code";

/// A task with its data sets.
#[derive(Debug, Serialize)]
pub(crate) struct TaskTable {
    task: String,
    description: String,
    categories: Vec<String>,
    synonyms: Vec<String>,
    subtasks: Vec<TaskTable>,
    source_link: Option<Link>,
    datasets: Vec<DataSet>,
}

#[derive(Debug, Serialize)]
struct DataSet {
    dataset: String,
    description: String,
    subdatasets: Vec<DataSet>,
    dataset_links: Vec<Link>,
    dataset_citations: Vec<Link>,
    sota: Sota,
}

#[derive(Debug, Serialize)]
struct Sota {
    metrics: Vec<String>,
    rows: Vec<SotaRow>,
}

#[derive(Debug, Serialize)]
struct SotaRow {
    model_name: String,
    paper_title: String,
    paper_url: String,
    paper_date: Option<String>,
    code_links: Vec<Link>,
    model_links: Vec<Link>,
    /// The dump has values as text.
    metrics: BTreeMap<String, String>,
    uses_additional_data: bool,
}

#[derive(Debug, Serialize)]
struct Link {
    title: String,
    url: String,
}

/// The results of a board: a list with one task that has one data set.
pub(crate) fn tables(board: &BoardExport) -> Vec<TaskTable> {
    let link = |title: &str, url: &str| Link { title: title.to_owned(), url: url.to_owned() };
    let metrics =
        board.rows.first().map(|row| row.scores.iter().map(ExportedScore::name).collect());
    let data_set = DataSet {
        dataset: board.data_set(),
        description: format!(
            "{}; targets: {}; gallery {}",
            board.phase_title, board.targets, board.gallery
        ),
        subdatasets: vec![],
        dataset_links: vec![link(&board.phase_title, &board.data)],
        dataset_citations: vec![],
        sota: Sota {
            metrics: metrics.unwrap_or_default(),
            rows: board.rows.iter().map(SotaRow::of).collect(),
        },
    };
    vec![TaskTable {
        task: board.title.clone(),
        description: board.task.texts.summary.to_owned(),
        categories: vec![],
        synonyms: vec![],
        subtasks: vec![],
        source_link: Some(link(&board.title, &board.page)),
        datasets: vec![data_set],
    }]
}

impl SotaRow {
    fn of(row: &ExportedRow) -> Self {
        let link = |title: &str, url: &String| Link { title: title.to_owned(), url: url.clone() };
        Self {
            model_name: row.model(),
            paper_title: String::new(),
            paper_url: row.links.get(PAPER).cloned().unwrap_or_default(),
            paper_date: None,
            code_links: row.links.get(CODE).map(|url| link(CODE, url)).into_iter().collect(),
            model_links: vec![link("submission", &row.page)],
            metrics: row.scores.iter().filter_map(metric).collect(),
            uses_additional_data: false,
        }
    }
}

/// A score with its name; a rank beyond the end of the rankings is written `>50`.
fn metric(score: &ExportedScore) -> Option<(String, String)> {
    let value = match score.value {
        ScoreValue::Beyond(rank) => format!(">{rank}"),
        ScoreValue::Missing => return None,
        value => value.to_cell(),
    };
    Some((score.name(), value))
}

#[cfg(test)]
mod tests {
    use insta::assert_json_snapshot;

    use super::super::tests::board;
    use super::*;

    #[test]
    fn a_board_is_one_task_with_one_data_set() {
        assert_json_snapshot!(tables(&board()), @r#"
        [
          {
            "task": "Fashion: IQ",
            "description": "Each query is a garment and two captions that say how the wanted one differs. A program ranks every garment of the gallery. The closer the target is to the top, the better.",
            "categories": [],
            "synonyms": [],
            "subtasks": [],
            "source_link": {
              "title": "Fashion: IQ",
              "url": "https://fiq.example/c/fiq/dev"
            },
            "datasets": [
              {
                "dataset": "Fashion IQ val (original)",
                "description": "Development; targets: public; gallery c0ffee",
                "subdatasets": [],
                "dataset_links": [
                  {
                    "title": "Development",
                    "url": "https://fiq.example/c/fiq/dev/take-part"
                  }
                ],
                "dataset_citations": [],
                "sota": {
                  "metrics": [
                    "overall",
                    "dress recall@10",
                    "dress median_rank"
                  ],
                  "rows": [
                    {
                      "model_name": "- two\nlines # 🧵 (nine: \"stitches\")",
                      "paper_title": "",
                      "paper_url": "",
                      "paper_date": null,
                      "code_links": [
                        {
                          "title": "code",
                          "url": "https://example.org/a"
                        }
                      ],
                      "model_links": [
                        {
                          "title": "submission",
                          "url": "https://fiq.example/c/fiq/submissions/1"
                        }
                      ],
                      "metrics": {
                        "dress median_rank": "7",
                        "dress recall@10": "0.25",
                        "overall": "0.5"
                      },
                      "uses_additional_data": false
                    },
                    {
                      "model_name": "工房 Équipe",
                      "paper_title": "",
                      "paper_url": "",
                      "paper_date": null,
                      "code_links": [],
                      "model_links": [
                        {
                          "title": "submission",
                          "url": "https://fiq.example/c/fiq/submissions/2"
                        }
                      ],
                      "metrics": {
                        "dress median_rank": ">50",
                        "dress recall@10": "0",
                        "overall": "0"
                      },
                      "uses_additional_data": false
                    }
                  ]
                }
              }
            ]
          }
        ]
        "#);
    }
}
