//! Results as Every Eval Ever describes them: one JSON record for each model, the only public schema
//! whose scores have intervals.

use std::collections::BTreeMap;

use domain::entities::team::TeamKind;
use scoring::measures::{Direction, Range};
use scoring::statistics::CONFIDENCE;
use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;

use super::{BoardExport, ExportedRow, ExportedScore};

/// The version of the schema that the records follow.
const SCHEMA: &str = "0.3.0";

/// How the published intervals come about.
const METHOD: &str = "Wilson's for a recall with one target a query, otherwise the exact law of \
                      resampled queries; ends rounded outwards to 0.001";

/// The results of a board: one record for each row.
///
/// Nothing in a record depends on when it was made, so the same board has the same records.
pub(crate) fn records(board: &BoardExport) -> Vec<Value> {
    board.rows.iter().map(|row| record(board, row)).collect()
}

fn record(board: &BoardExport, row: &ExportedRow) -> Value {
    let received = row.received_at.format(&Rfc3339).unwrap_or_default();
    json!({
        "schema_version": SCHEMA,
        "evaluation_id": format!("{}/{}/{}", board.challenge, board.phase, row.submission),
        "evaluation_timestamp": received,
        // A submission is scored when it is received. A later time would be another with every request.
        "retrieved_timestamp": row.received_at.unix_timestamp().to_string(),
        "source_metadata": {
            "source_name": format!("{}, {}", board.title, board.phase_title),
            "source_type": "documentation",
            "source_organization_name": board.title,
            "source_organization_url": board.page,
            "evaluator_relationship": match row.kind {
                TeamKind::Team | TeamKind::Guest => "third_party",
                TeamKind::Baseline | TeamKind::Probe => "first_party",
            },
            "additional_details": source_details(board, row),
        },
        "model_info": {
            "name": if row.method.trim().is_empty() { &row.team } else { &row.method },
            "id": model_id(row),
            "developer": row.team,
            "additional_details": model_details(row),
        },
        "eval_library": { "name": "fashion-iq", "version": env!("CARGO_PKG_VERSION") },
        "evaluation_results": row.scores.iter().filter_map(|it| result(board, row, it)).collect::<Vec<_>>(),
    })
}

fn source_details(board: &BoardExport, row: &ExportedRow) -> BTreeMap<&'static str, String> {
    let mut details = BTreeMap::from([
        ("submission", row.submission.clone()),
        ("submission_url", row.page.clone()),
        ("scored_submissions_of_the_team", row.tries.to_string()),
        ("targets", board.targets.to_owned()),
    ]);
    details.extend(row.rank.map(|rank| ("rank", rank.to_string())));
    details
}

/// The team's public answers, under names that can't be those of the schema.
fn model_details(row: &ExportedRow) -> BTreeMap<String, String> {
    let own = row.details.iter().map(|(name, answer)| (format!("details.{name}"), answer.clone()));
    let unknown = ["deployment_type", "model_availability"];
    let known = unknown.map(|name| (name.to_owned(), "unknown".to_owned()));
    own.chain(known).chain([("team_kind".to_owned(), row.kind.name().to_owned())]).collect()
}

/// `{team}/{method}` in characters that paths and URLs can have.
fn model_id(row: &ExportedRow) -> String {
    let part = |text: &str| {
        let kept = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
        let words = text.split(|c: char| !kept(c)).filter(|word| !word.is_empty());
        let name = words.collect::<Vec<_>>().join("-");
        let name = name.trim_matches(['.', '-']);
        if name.is_empty() { row.submission.clone() } else { name.to_owned() }
    };
    format!("{}/{}", part(&row.team), part(&row.method))
}

/// A score; none if it is no number.
fn result(board: &BoardExport, row: &ExportedRow, score: &ExportedScore) -> Option<Value> {
    let number = score.number()?;
    let part = score.group.as_deref().unwrap_or("overall");
    let mut details = json!({ "score": number });
    if let Some(interval) = score.interval {
        details["uncertainty"] = json!({
            "confidence_interval": {
                "lower": interval.low,
                "upper": interval.high,
                "confidence_level": CONFIDENCE,
                "method": METHOD,
            },
            "num_samples": score.queries,
        });
    }
    Some(json!({
        "evaluation_result_id": format!("{}/{}", row.submission, score.name()),
        "evaluation_name": format!("{}.{}.{part}", board.task.name, board.split),
        "source_data": {
            "dataset_name": board.data_set(),
            "source_type": "url",
            "url": [board.data],
            "additional_details": {
                "split": board.split,
                "protocol": board.protocol,
                "gallery_sha256": board.gallery,
                "queries": score.queries.to_string(),
            },
        },
        "metric_config": metric(board, score),
        "score_details": details,
    }))
}

fn metric(board: &BoardExport, score: &ExportedScore) -> Value {
    let measure = score.measure;
    let (unit, least, most): (_, f64, Value) = match measure.range() {
        Range::Share => ("proportion", 0.0, 1.0.into()),
        Range::Rank => ("rank", 1.0, "Infinity".into()),
        Range::Number => ("number", 0.0, "Infinity".into()),
    };
    let id = match score.group {
        None => format!("{}.{measure}", board.task.name),
        Some(_) => measure.to_string(),
    };
    let parameters: Map<String, Value> =
        measure.k().map(|k| ("k".to_owned(), k.into())).into_iter().collect();
    json!({
        "evaluation_description": measure.meaning(),
        "metric_id": id,
        "metric_name": measure.title(),
        "metric_kind": measure.family().name,
        "metric_unit": unit,
        "metric_parameters": parameters,
        "lower_is_better": measure.direction() == Direction::LowerIsBetter,
        "score_type": "continuous",
        "min_score": least,
        "max_score": most,
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_json_snapshot;

    use super::super::tests::board;
    use super::*;

    /// The records of the board, and the results of the first.
    fn parts() -> (Vec<Value>, Value) {
        let mut records = records(&board());
        records[0]["eval_library"]["version"] = "1.0.0".into();
        let results = records[0]["evaluation_results"].take();
        (records, results)
    }

    #[test]
    fn each_row_is_a_record_of_a_model() {
        let (records, _) = parts();
        assert_json_snapshot!(records[0], @r#"
        {
          "eval_library": {
            "name": "fashion-iq",
            "version": "1.0.0"
          },
          "evaluation_id": "fiq/dev/0199aaaa-0000-7000-8000-000000000001",
          "evaluation_results": null,
          "evaluation_timestamp": "2026-11-26T10:00:00.25Z",
          "model_info": {
            "additional_details": {
              "deployment_type": "unknown",
              "details.code": "https://example.org/a",
              "details.zero-shot": "yes",
              "model_availability": "unknown",
              "team_kind": "team"
            },
            "developer": "nine: \"stitches\"",
            "id": "nine-stitches/two-lines",
            "name": "- two\nlines # 🧵"
          },
          "retrieved_timestamp": "1795687200",
          "schema_version": "0.3.0",
          "source_metadata": {
            "additional_details": {
              "rank": "1",
              "scored_submissions_of_the_team": "3",
              "submission": "0199aaaa-0000-7000-8000-000000000001",
              "submission_url": "https://fiq.example/c/fiq/submissions/1",
              "targets": "public"
            },
            "evaluator_relationship": "third_party",
            "source_name": "Fashion: IQ, Development",
            "source_organization_name": "Fashion: IQ",
            "source_organization_url": "https://fiq.example/c/fiq/dev",
            "source_type": "documentation"
          }
        }
        "#);
        assert_eq!(records.len(), 2);
        assert_eq!(records[1]["source_metadata"]["evaluator_relationship"], "first_party");
    }

    #[test]
    fn each_score_has_its_published_interval() {
        let (records, results) = parts();
        assert_json_snapshot!(results[1], @r#"
        {
          "evaluation_name": "fashion-iq.val.dress",
          "evaluation_result_id": "0199aaaa-0000-7000-8000-000000000001/dress recall@10",
          "metric_config": {
            "evaluation_description": "the share of a query's targets among the first 10",
            "lower_is_better": false,
            "max_score": 1.0,
            "metric_id": "recall@10",
            "metric_kind": "recall",
            "metric_name": "Recall@10",
            "metric_parameters": {
              "k": 10
            },
            "metric_unit": "proportion",
            "min_score": 0.0,
            "score_type": "continuous"
          },
          "score_details": {
            "score": 0.25,
            "uncertainty": {
              "confidence_interval": {
                "confidence_level": 0.95,
                "lower": 0.2,
                "method": "Wilson's for a recall with one target a query, otherwise the exact law of resampled queries; ends rounded outwards to 0.001",
                "upper": 0.301
              },
              "num_samples": 20
            }
          },
          "source_data": {
            "additional_details": {
              "gallery_sha256": "c0ffee",
              "protocol": "original",
              "queries": "20",
              "split": "val"
            },
            "dataset_name": "Fashion IQ val (original)",
            "source_type": "url",
            "url": [
              "https://fiq.example/c/fiq/dev/take-part"
            ]
          }
        }
        "#);
        let of_rank = &results[2]["metric_config"];
        assert_eq!(
            (&of_rank["min_score"], &of_rank["max_score"]),
            (&json!(1.0), &json!("Infinity"))
        );
        assert_eq!(
            (&of_rank["lower_is_better"], &results[2]["score_details"]),
            (&true.into(), &json!({ "score": 7.0 }))
        );
        let results = records[1]["evaluation_results"].as_array().unwrap();
        assert_eq!(results.len(), 2, "a rank beyond the rankings is no number");
    }

    #[test]
    fn a_name_without_letters_becomes_the_submission_in_an_id() {
        let mut row = board().rows.swap_remove(1);
        assert_eq!(model_id(&row), format!("工房-Équipe/{}", row.submission));
        (row.team, row.method) = ("../etc/passwd".to_owned(), "a b: \"c\"\n".to_owned());
        assert_eq!(model_id(&row), "etc-passwd/a-b-c");
    }
}
