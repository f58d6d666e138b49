//! A board with awkward names.

use std::collections::BTreeMap;

use domain::entities::team::TeamKind;
use domain::submissions::ScoreValue;
use scoring::statistics::Interval;
use scoring::{FASHION_IQ, Measure};
use time::macros::datetime;

use super::{BoardExport, ExportedRow, ExportedScore};

/// A board with two rows: a ranked team with intervals, and a baseline without.
pub(super) fn board() -> BoardExport {
    let team = ExportedRow {
        rank: Some(1),
        team: "nine: \"stitches\"".to_owned(),
        kind: TeamKind::Team,
        method: "- two\nlines # 🧵".to_owned(),
        details: links([("code", "https://example.org/a"), ("zero-shot", "yes")]),
        links: links([("code", "https://example.org/a")]),
        submission: "0199aaaa-0000-7000-8000-000000000001".to_owned(),
        page: "https://fiq.example/c/fiq/submissions/1".to_owned(),
        received_at: datetime!(2026-11-26 10:00:00.25 UTC),
        tries: 3,
        scores: vec![
            score(None, "mean_recall", ScoreValue::Share(0.5), Some((0.45, 0.55))),
            score(Some("dress"), "recall@10", ScoreValue::Share(0.25), Some((0.2, 0.301))),
            score(Some("dress"), "median_rank", ScoreValue::Rank(7), None),
        ],
    };
    let baseline = ExportedRow {
        rank: None,
        team: "工房 Équipe".to_owned(),
        kind: TeamKind::Baseline,
        method: String::new(),
        details: BTreeMap::new(),
        links: BTreeMap::new(),
        submission: "0199aaaa-0000-7000-8000-000000000002".to_owned(),
        page: "https://fiq.example/c/fiq/submissions/2".to_owned(),
        tries: 1,
        scores: vec![
            score(None, "mean_recall", ScoreValue::Share(0.0), None),
            score(Some("dress"), "recall@10", ScoreValue::Share(0.0), None),
            score(Some("dress"), "median_rank", ScoreValue::Beyond(50), None),
        ],
        ..team.clone()
    };
    BoardExport {
        challenge: "fiq".to_owned(),
        title: "Fashion: IQ".to_owned(),
        task: &FASHION_IQ,
        phase: "dev".to_owned(),
        phase_title: "Development".to_owned(),
        split: "val".to_owned(),
        protocol: "original".to_owned(),
        gallery: "c0ffee".to_owned(),
        targets: "public",
        page: "https://fiq.example/c/fiq/dev".to_owned(),
        data: "https://fiq.example/c/fiq/dev/take-part".to_owned(),
        rows: vec![team, baseline],
    }
}

fn links<const N: usize>(links: [(&str, &str); N]) -> BTreeMap<String, String> {
    links.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn score(
    group: Option<&str>,
    measure: &str,
    value: ScoreValue,
    interval: Option<(f64, f64)>,
) -> ExportedScore {
    let measure: Measure = measure.parse().unwrap();
    let interval = interval.map(|(low, high)| Interval { low, high });
    ExportedScore { group: group.map(str::to_owned), measure, value, interval, queries: 20 }
}

#[test]
fn a_board_can_be_cut_down_to_one_submission_that_is_on_it() {
    let id = "0199aaaa-0000-7000-8000-000000000002";
    let one = board().only(Some(id)).unwrap();
    assert_eq!((one.rows.len(), &*one.rows[0].submission), (1, id));
    assert_eq!(board().only(None).unwrap().rows.len(), 2);
    let refused = board().only(Some("0199")).unwrap_err();
    assert_eq!(refused.detail, "submission `0199` not found");
}
