//! One submission, in every state it can be in.

use std::time::Duration;

use time::macros::datetime;
use web::pages::{
    Answer, Form, GroupScore, Interval, Link, Outcome, OwnState, Place, Problem, Scorecard,
    Standing, SubmissionPage, Value, Weight,
};

use super::{CHALLENGE, NOW, SHA256, layout};

/// A submission with this outcome.
pub fn submission(outcome: Outcome, warnings: Vec<Problem>) -> SubmissionPage {
    let done = !matches!(outcome, Outcome::Received);
    let received = datetime!(2026-11-24 04:58:12 UTC);
    SubmissionPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        phase: Link::new("Test", "/c/fashion-iq/test"),
        id: "019ab3c4-0000-7000-8000-0000000000a1".to_owned(),
        team: "Team A".to_owned(),
        details: vec![
            Answer::Link { label: "Code".to_owned(), href: "https://example.org/code".to_owned() },
            Answer::YesNo { label: "Zero-shot".to_owned(), yes: false },
            Answer::Text { label: "A note".to_owned(), text: "the second of three".to_owned() },
        ],
        notices: if done {
            vec!["This is one of your final submissions.".to_owned()]
        } else {
            vec![]
        },
        actions: if done { actions(OwnState::Scored(None)) } else { vec![] },
        method: Some("composed queries, reranked".to_owned()),
        file: Some("run-14.zip".to_owned()),
        bytes: 3_412_904,
        file_note: None,
        sha256: SHA256.to_owned(),
        received,
        finished: done.then_some(received),
        took: done.then_some(Duration::from_millis(84)),
        outcome,
        turns: None,
        warnings,
        edit: None,
        edits: vec![],
        questions: vec![],
        ask: None,
        submit: Some("/c/fashion-iq/test/submit".to_owned()),
        exports: vec![Link::new("JSON", "/api/v1/submissions/0199")],
        now: NOW,
    }
}

/// The actions of a team on its submission.
pub fn actions(state: OwnState) -> Vec<Form> {
    let button = |verb: &str, label: &str| {
        let action = format!("/c/fashion-iq/submissions/0199/{verb}");
        Form::new(action, label).weighing(Weight::Small)
    };
    match state {
        OwnState::Scored(_) => {
            vec![button("final", "Choose as final"), button("withdraw", "Withdraw")]
        }
        _ => vec![],
    }
}

/// The scorecard of a good submission.
pub fn scorecard() -> Scorecard {
    let group = |name: &str, queries, at_10, at_50| GroupScore {
        name: name.to_owned(),
        queries,
        values: vec![Value::Share(at_10), Value::Share(at_50)],
        intervals: [at_10, at_50]
            .map(|share: f64| Some(Interval { low: share - 0.021, high: share + 0.022 }))
            .to_vec(),
    };
    Scorecard {
        group_word: "Category".to_owned(),
        overall: 0.634,
        interval: Some(Interval { low: 0.622, high: 0.646 }),
        standing: Standing::Rank(1),
        measures: super::recalls().measures,
        groups: vec![
            group("dress", 2_024, 0.482, 0.719),
            group("shirt", 2_045, 0.531, 0.730),
            group("toptee", 1_966, 0.568, 0.774),
        ],
        under: "benchmark fashion-iq-test, version 1, scorer 1".to_owned(),
    }
}

/// The scorecard of a submission whose phase shows only the overall score.
pub fn overall() -> Scorecard {
    Scorecard { measures: Vec::new(), standing: Standing::NotShown, ..scorecard() }
}

/// The scorecard of a submission with public targets.
pub fn full() -> Scorecard {
    let measures = super::everything().measures;
    let mut card = Scorecard { standing: Standing::Surpassed, measures, ..scorecard() };
    for (group, median_rank) in card.groups.iter_mut().zip([Some(11), Some(8), None]) {
        let Value::Share(at_10) = group.values[0] else { continue };
        let median = median_rank.map_or(Value::Beyond(50), Value::Rank);
        group.values.extend([Value::Share(at_10 / 2.0), Value::Share(at_10 * 0.6), median]);
    }
    card
}

fn problem(code: &str, sentence: &str, count: u64, places: &[(&str, &str)]) -> Problem {
    let place = |&(at, what): &(&str, &str)| Place { at: at.to_owned(), what: what.to_owned() };
    Problem {
        code: code.to_owned(),
        sentence: sentence.to_owned(),
        is_cause: false,
        count,
        places: places.iter().map(place).collect(),
    }
}

/// Problems of three kinds.
pub fn problems() -> Vec<Problem> {
    vec![
        problem(
            "item-outside-gallery",
            "A ranking holds an item that is not in the gallery of its group.",
            1_188,
            &[
                ("dress, query 17", "B00AAAAA01 at place 3"),
                ("dress, query 18", "B00AAAAA02 at place 44"),
                ("shirt, query 2", "B00AAAAA03 at place 1"),
                ("shirt, query 1204", "B00AAAAA03 at place 9"),
            ],
        ),
        problem(
            "item-twice",
            "A ranking holds the same item twice.",
            2,
            &[
                ("toptee, query 5", "B00AAAAA09 at places 1 and 7"),
                ("toptee, query 6", "B00AAAAA09 at places 2 and 8"),
            ],
        ),
        problem(
            "query-missing",
            "A query has no ranking.",
            1,
            &[("dress, query 2001", "reference B00AAAAA17, “is longer” and “has sleeves”")],
        ),
    ]
}

/// One warning.
pub fn warnings() -> Vec<Problem> {
    vec![problem(
        "reference-in-ranking",
        "A ranking holds its own reference: it wastes a place.",
        31,
        &[
            ("shirt, query 12", "B00AAAAA44 at place 1"),
            ("shirt, query 90", "B00AAAAA45 at place 2"),
        ],
    )]
}
