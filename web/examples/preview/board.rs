//! Boards.

use std::time::Duration;

use web::pages::{
    Answer, BoardPage, Counters, Entrant, Facts, Filter, Link, RankInterval, Resolution, Sanitised,
    Share, Sort, Targets,
};

use super::{CHALLENGE, NOW, SHA256, groups, layout, phases, recalls, row};

/// A frozen board with a guest, in a phase with questions and final submissions.
pub fn board_frozen() -> BoardPage {
    let mut board = board();
    let (zero_shot, data) = ("Zero-shot".to_owned(), "Extra training data".to_owned());
    for (i, row) in board.rows.iter_mut().enumerate() {
        let (label, href) = ("Code".to_owned(), "https://example.org/code?of=a&b=c".to_owned());
        row.details.extend((i % 2 == 0).then_some(Answer::Link { label, href }));
        row.details.push(Answer::YesNo { label: zero_shot.clone(), yes: i % 3 == 0 });
        row.details.push(Answer::Choice { label: data.clone(), text: "public sets".to_owned() });
    }
    board.rows[4].entrant = Entrant::Guest;
    let filter = |name: &str, label, options: [&str; 2], chosen| Filter {
        name: name.to_owned(),
        label,
        options: options.map(str::to_owned).to_vec(),
        chosen,
    };
    let chosen = Some("public sets".to_owned());
    BoardPage {
        filters: vec![
            filter("zero-shot", zero_shot, ["yes", "no"], None),
            filter("data", data, ["none", "public sets"], chosen),
        ],
        frozen: true,
        freezes: Some(NOW - time::Duration::days(1)),
        reveals: Some(NOW + time::Duration::days(20)),
        finals: 2,
        ..board
    }
}

/// A board with teams, baselines and a probe.
pub fn board() -> BoardPage {
    let mut board = board_of_certain_ranks();
    let intervals = [(1, 2, true), (1, 4, true), (2, 4, false), (2, 4, false), (5, 5, false)];
    for (row, (best, worst, with_first)) in board.rows.iter_mut().zip(intervals) {
        row.rank_interval = Some(RankInterval { best, worst, with_first });
    }
    board
}

/// The same before its ranks' intervals are known.
fn board_of_certain_ranks() -> BoardPage {
    let team = |rank| Entrant::Team { rank };
    BoardPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        summary: "Find the garment that two captions describe by how it differs from a photo."
            .to_owned(),
        text: Some(Sanitised::vouched_for("<p>Each query is a garment and two captions.</p>")),
        example: "<figure class=\"example\"><figcaption>An example.</figcaption></figure>",
        phases: phases(),
        counters: Counters {
            teams: 7,
            scored: 1_204,
            median_to_score: Some(Duration::from_millis(84)),
            lost_or_stuck: 0,
        },
        facts: facts(),
        resolution: Some(Resolution { difference: 0.013, is_measured: true }),
        scores: recalls(),
        filters: Vec::new(),
        confirmed: None,
        frozen: false,
        freezes: None,
        reveals: None,
        finals: 0,
        groups: groups(),
        rows: vec![
            row(
                team(1),
                "Team A",
                "composed queries, reranked",
                [48.2, 71.9, 53.1, 73.0, 56.8, 77.4],
                14,
                3,
            ),
            row(team(2), "Team B", "dual encoder", [47.5, 71.8, 52.6, 72.4, 56.0, 77.1], 31, 26),
            row(team(3), "Team C", "caption adapter", [46.4, 70.5, 51.9, 71.5, 55.1, 76.0], 9, 60),
            row(
                team(3),
                "Team D",
                "caption adapter, larger",
                [46.4, 70.5, 51.9, 71.5, 55.1, 76.0],
                22,
                90,
            ),
            row(
                team(5),
                "A team with a name that goes on for longer than anyone expected",
                "textual inversion with a description that does not know when to stop either",
                [32.0, 55.1, 38.8, 57.9, 39.9, 60.6],
                5,
                400,
            ),
            row(
                Entrant::Baseline,
                "Reference model",
                "attributes and captions, gated",
                [9.2, 20.9, 8.1, 18.4, 9.9, 22.3],
                1,
                500,
            ),
            row(team(6), "Team F", "", [8.8, 19.7, 7.9, 17.2, 9.0, 21.1], 3, 550),
            row(
                Entrant::Baseline,
                "Reference only",
                "nearest by attributes",
                [5.0, 12.5, 6.4, 12.3, 6.1, 14.1],
                1,
                600,
            ),
            row(team(7), "فريق", "اسم من اليمين إلى اليسار", [2.2, 6.1, 2.4, 5.9, 2.3, 6.6], 1, 12),
            row(Entrant::Probe, "Chance", "a random order", [0.3, 1.3, 0.2, 0.8, 0.2, 0.9], 1, 700),
        ],
        sort: Sort::default(),
        page: 1,
        href: "/c/fashion-iq/test".to_owned(),
        submit: Some("/c/fashion-iq/test/submit".to_owned()),
        scoring: "/c/fashion-iq/scoring".to_owned(),
        significance: "/c/fashion-iq/significance".to_owned(),
        feedback_share: "/c/fashion-iq/feedback-share".to_owned(),
        compare: "/c/fashion-iq/test/compare".to_owned(),
        report: None,
        exports: vec![
            Link::new("JSON", "/api/v1/challenges/fashion-iq/phases/test/leaderboard"),
            Link::new("CSV", "/api/v1/challenges/fashion-iq/phases/test/leaderboard.csv"),
        ],
        now: NOW,
    }
}

/// Scores on a feedback share.
fn facts() -> Facts {
    Facts {
        protocol: "original".to_owned(),
        gallery_hash: SHA256.to_owned(),
        commitment: Some(SHA256.to_owned()),
        queries: 2_447,
        all_queries: 6_118,
        noun: ["query", "queries"],
        share: Some(Share {
            percent: 40,
            commitment: SHA256.to_owned(),
            key: None,
            is_revealed: false,
        }),
        rounded: false,
        ladder: None,
        targets: Targets::Hidden,
        audited: None,
    }
}
