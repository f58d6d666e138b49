//! Evaluation results as the Hugging Face Hub keeps them in a model's repository, in
//! `.eval_results/*.yaml`.

use std::fmt::Write as _;

use domain::error::{Error, Result};
use time::format_description::well_known::Rfc3339;

use super::yaml::quoted;
use super::{BoardExport, ExportedRow, ExportedScore};

/// The most bytes in a part of a data set's id on the Hub.
const LONGEST_NAME: usize = 96;

/// The results of a board as a list of entries, one for each score that is a number.
///
/// The Hub shows an entry if `dataset.id` is a data set there whose `eval.yaml` names the `task_id`. A
/// board belongs to no such data set, so its organisers or teams name it; otherwise the id is the
/// board's own name.
pub(crate) fn write(board: &BoardExport, data_set: Option<&str>) -> Result<String> {
    let id = match data_set {
        Some(id) => checked(id)?.to_owned(),
        None => format!("{}/{}", board.challenge, board.phase),
    };
    let mut out = String::new();
    let about = format!("{}, {}: {}", board.title, board.phase_title, board.page);
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("# {}", quoted(&about)));
    if data_set.is_none() {
        line(
            "# dataset.id is the name of this board. For the Hub, name a data set there: ?dataset=owner/name",
        );
    }
    if board.rows.is_empty() {
        line("[]");
    }
    for row in &board.rows {
        for score in &row.scores {
            push(&mut out, board, row, score, &id);
        }
    }
    Ok(out)
}

fn push(out: &mut String, board: &BoardExport, row: &ExportedRow, score: &ExportedScore, id: &str) {
    let Some(value) = score.number() else { return };
    let date = row.received_at.format(&Rfc3339).unwrap_or_default();
    // Writing into a string can't fail.
    let _ = write!(
        out,
        "- dataset:\n    id: {}\n    task_id: {}\n  value: {value}\n  date: {}\n  source:\n    url: \
         {}\n    name: {}\n  notes: {}\n",
        quoted(id),
        quoted(&task_id(score)),
        quoted(&date),
        quoted(&row.page),
        quoted(&board.title),
        quoted(&notes(board, row, score)),
    );
}

/// `overall`, `dress.recall@10`: the tasks of the board.
fn task_id(score: &ExportedScore) -> String {
    score.name().replacen(' ', ".", 1)
}

/// What has no field of its own: whose result it is, on what, and how sure it is.
fn notes(board: &BoardExport, row: &ExportedRow, score: &ExportedScore) -> String {
    let mut notes = format!(
        "{}; {}; {} on {}, {} {}",
        row.model(),
        row.kind.name(),
        score.measure.title(),
        board.data_set(),
        score.queries,
        board.task.scored.many
    );
    if let Some(interval) = score.interval {
        let _ = write!(notes, "; 95 % interval {} to {}", interval.low, interval.high);
    }
    notes
}

/// The id of a data set on the Hub.
fn checked(id: &str) -> Result<&str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let good =
        |part: &str| !part.is_empty() && part.len() <= LONGEST_NAME && part.chars().all(plain);
    match id.split_once('/') {
        Some((owner, name)) if good(owner) && good(name) => Ok(id),
        _ => {
            let rule = "must be the id of a data set on the Hub: owner/name, of letters, digits, \
                        hyphens, underscores and dots";
            Err(Error::field("dataset", rule))
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::tests::board;
    use super::*;

    #[test]
    fn each_number_is_an_entry_and_no_name_breaks_the_file() {
        let mut board = board();
        assert_snapshot!(write(&board, Some("atelier/fashion-iq")).unwrap(), @r#"
        # "Fashion: IQ, Development: https://fiq.example/c/fiq/dev"
        - dataset:
            id: "atelier/fashion-iq"
            task_id: "overall"
          value: 0.5
          date: "2026-11-26T10:00:00.25Z"
          source:
            url: "https://fiq.example/c/fiq/submissions/1"
            name: "Fashion: IQ"
          notes: "- two\nlines # 🧵 (nine: \"stitches\"); team; mean recall on Fashion IQ val (original), 20 queries; 95 % interval 0.45 to 0.55"
        - dataset:
            id: "atelier/fashion-iq"
            task_id: "dress.recall@10"
          value: 0.25
          date: "2026-11-26T10:00:00.25Z"
          source:
            url: "https://fiq.example/c/fiq/submissions/1"
            name: "Fashion: IQ"
          notes: "- two\nlines # 🧵 (nine: \"stitches\"); team; Recall@10 on Fashion IQ val (original), 20 queries; 95 % interval 0.2 to 0.301"
        - dataset:
            id: "atelier/fashion-iq"
            task_id: "dress.median_rank"
          value: 7
          date: "2026-11-26T10:00:00.25Z"
          source:
            url: "https://fiq.example/c/fiq/submissions/1"
            name: "Fashion: IQ"
          notes: "- two\nlines # 🧵 (nine: \"stitches\"); team; median rank on Fashion IQ val (original), 20 queries"
        - dataset:
            id: "atelier/fashion-iq"
            task_id: "overall"
          value: 0
          date: "2026-11-26T10:00:00.25Z"
          source:
            url: "https://fiq.example/c/fiq/submissions/2"
            name: "Fashion: IQ"
          notes: "工房 Équipe; baseline; mean recall on Fashion IQ val (original), 20 queries"
        - dataset:
            id: "atelier/fashion-iq"
            task_id: "dress.recall@10"
          value: 0
          date: "2026-11-26T10:00:00.25Z"
          source:
            url: "https://fiq.example/c/fiq/submissions/2"
            name: "Fashion: IQ"
          notes: "工房 Équipe; baseline; Recall@10 on Fashion IQ val (original), 20 queries"
        "#);
        board.rows.clear();
        assert_snapshot!(write(&board, None).unwrap(), @r#"
        # "Fashion: IQ, Development: https://fiq.example/c/fiq/dev"
        # dataset.id is the name of this board. For the Hub, name a data set there: ?dataset=owner/name
        []
        "#);
    }

    #[test]
    fn a_data_set_that_cannot_be_on_the_hub_is_refused() {
        for id in ["fashion-iq", "a/b/c", "a/", "/b", "a/b c", "a/b\nc", "ä/b"] {
            let refused = write(&board(), Some(id)).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some("dataset"), "{id}");
        }
    }
}
