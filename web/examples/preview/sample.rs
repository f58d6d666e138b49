//! Plausible, neutral data for every page, in every state it can be in.

use time::OffsetDateTime;
use time::macros::datetime;
use web::Page;
use web::pages::{
    BoardPage, ChallengesPage, Counters, Entrant, Entry, ErrorPage, Facts, Field, FieldKind, Form,
    Interval, Layout, Limit, Link, MeasureName, Outcome, Phase, Row, Sanitised, ShownScores, Sort,
    SubmitPage, Targets, TextPage, Value,
};

#[path = "board.rs"]
mod board;
#[path = "compare.rs"]
mod compare;
#[path = "data_set.rs"]
mod data_set;
#[path = "desk.rs"]
mod desk;
#[path = "dialog.rs"]
mod dialog;
#[path = "odd.rs"]
mod odd;
#[path = "report.rs"]
mod report;
#[path = "submission.rs"]
mod submission;
#[path = "team.rs"]
mod team;

pub use board::{board, board_frozen};
pub use compare::{
    compare_close, compare_hidden, compare_odd, compare_public, compare_same, compare_start,
    compare_unknown,
};
pub use data_set::{
    data_set, data_set_bare, explore, explore_hidden, explore_nothing, explore_refused,
    query_hidden, query_refused, query_view, statistics, statistics_later,
};
pub use desk::{desk, sign_in};
pub use dialog::{dialog_guide, talk, talk_played, talk_refused, talk_start};
pub use odd::{board_of_oddities, nasty_problems};
pub use report::{report, report_of_many, report_of_none, report_of_one};
pub use submission::{full, overall, problems, scorecard, submission, warnings};
pub use team::{limits, submissions, submissions_empty, take_part};

/// The instant at which the sample pages are rendered.
pub const NOW: OffsetDateTime = datetime!(2026-11-24 08:00 UTC);
const CHALLENGE: &str = "Fashion IQ Challenge";
const SHA256: &str = "9f3c0d5577aa4be1c2d09b6e7f1a83d45c6e0f9182a7b3c4d5e6f708192a3be1";

/// Every page in each of its states, by name.
pub fn pages() -> Vec<(&'static str, Box<dyn Page>)> {
    let groups = groups();
    let sorted = |column| Sort::parse(Some(column), None, &groups, &recalls().measures);
    let empty = BoardPage { rows: Vec::new(), counters: Counters::default(), ..board() };
    let mut ahead = board();
    ahead.phases[0].current = false;
    ahead.phases[2].current = true;
    let public = Facts { targets: Targets::Public, ..board().facts };
    vec![
        ("board", Box::new(board())),
        ("board-by-shirt", Box::new(BoardPage { sort: sorted("shirt-recall@50"), ..board() })),
        ("board-public", Box::new(BoardPage { facts: public, ..board() })),
        ("board-empty", Box::new(empty)),
        ("board-overall", Box::new(BoardPage { scores: overall_alone(), ..board() })),
        ("board-frozen", Box::new(board_frozen())),
        ("board-withheld", Box::new(BoardPage { scores: nothing_shown(), ..board() })),
        ("board-odd", Box::new(board_of_oddities())),
        (
            "board-ahead",
            Box::new(BoardPage { rows: Vec::new(), counters: Counters::default(), ..ahead }),
        ),
        ("submission-scored", Box::new(submission(Outcome::Scored(scorecard()), warnings()))),
        ("submission-public", Box::new(submission(Outcome::Scored(full()), Vec::new()))),
        ("submission-overall", Box::new(submission(Outcome::Scored(overall()), Vec::new()))),
        ("submission-withheld", Box::new(submission(Outcome::Withheld, Vec::new()))),
        ("submission-nasty", Box::new(submission(Outcome::Invalid(nasty_problems()), warnings()))),
        ("submission-invalid", Box::new(submission(Outcome::Invalid(problems()), warnings()))),
        ("submission-received", Box::new(submission(Outcome::Received, Vec::new()))),
        ("submission-validated", Box::new(submission(Outcome::Validated, Vec::new()))),
        ("submission-failed", Box::new(submission(Outcome::Failed, Vec::new()))),
        ("submit", Box::new(submit())),
        ("submit-again", Box::new(submit_again())),
        ("submit-closed", Box::new(SubmitPage { phase: phases().remove(2), ..submit() })),
        ("submissions", Box::new(submissions())),
        ("submissions-empty", Box::new(submissions_empty())),
        ("sign-in", Box::new(sign_in(None))),
        ("sign-in-again", Box::new(sign_in(Some("it does not belong to this e-mail")))),
        ("desk", Box::new(desk())),
        ("limits", Box::new(limits())),
        ("take-part", Box::new(take_part())),
        ("text", Box::new(text())),
        ("error", Box::new(error())),
        ("error-busy", Box::new(busy())),
        ("error-often", Box::new(often())),
        ("challenges", Box::new(challenges())),
        ("compare", Box::new(compare_hidden())),
        ("compare-close", Box::new(compare_close())),
        ("compare-public", Box::new(compare_public())),
        ("compare-odd", Box::new(compare_odd())),
        ("compare-start", Box::new(compare_start())),
        ("compare-same", Box::new(compare_same())),
        ("compare-unknown", Box::new(compare_unknown())),
        ("data-set", Box::new(data_set())),
        ("data-set-bare", Box::new(data_set_bare())),
        ("explore", Box::new(explore())),
        ("explore-hidden", Box::new(explore_hidden())),
        ("explore-nothing", Box::new(explore_nothing())),
        ("explore-refused", Box::new(explore_refused())),
        ("query", Box::new(query_view())),
        ("query-hidden", Box::new(query_hidden())),
        ("query-refused", Box::new(query_refused())),
        ("dialog-guide", Box::new(dialog_guide())),
        ("talk", Box::new(talk())),
        ("talk-start", Box::new(talk_start())),
        ("talk-played", Box::new(talk_played())),
        ("talk-refused", Box::new(talk_refused())),
        ("statistics", Box::new(statistics())),
        ("statistics-later", Box::new(statistics_later())),
        ("report", Box::new(report())),
        ("report-one", Box::new(report_of_one())),
        ("report-none", Box::new(report_of_none())),
        ("report-many", Box::new(report_of_many())),
    ]
}

/// Header and footer.
pub fn layout() -> Layout {
    Layout {
        nav: vec![
            Link::current("Leaderboard", "/c/fashion-iq/test"),
            Link::new("Take part", "/c/fashion-iq/test/take-part"),
            Link::new("Rules", "/c/fashion-iq/rules"),
            Link::new("Limits", "/c/fashion-iq/limits"),
            Link::new("How scoring works", "/c/fashion-iq/scoring"),
            Link::new("API", "/api"),
        ],
        foot: vec![Link::new("API", "/api"), Link::new("Health", "/health")],
    }
}

fn groups() -> Vec<String> {
    ["dress", "shirt", "toptee"].map(str::to_owned).to_vec()
}

/// A measure by its names.
pub fn measure(name: &str, label: &str, title: &str, meaning: &str) -> MeasureName {
    MeasureName {
        name: name.to_owned(),
        label: label.to_owned(),
        title: title.to_owned(),
        meaning: meaning.to_owned(),
        lower_is_better: name == "median_rank",
    }
}

/// The overall score, and two recalls of each group.
pub fn recalls() -> ShownScores {
    let recall = |k: u32| {
        let meaning = format!("the share of a query's targets among the first {k}");
        measure(&format!("recall@{k}"), &format!("R@{k}"), &format!("Recall@{k}"), &meaning)
    };
    let mean = "the mean of Recall@10 and Recall@50";
    ShownScores {
        primary: measure("mean_recall", "mean", "mean recall", mean),
        overall: true,
        measures: vec![recall(10), recall(50)],
    }
}

/// The overall score alone.
pub fn overall_alone() -> ShownScores {
    ShownScores { measures: Vec::new(), ..recalls() }
}

/// Everything that public targets allow.
pub fn everything() -> ShownScores {
    let mut shown = recalls();
    shown.measures.extend([
        measure("mrr@50", "MRR@50", "MRR@50", "1 / rank of the best-ranked target"),
        measure("ndcg@10", "nDCG@10", "nDCG@10", "the discounted gain"),
        measure("median_rank", "median", "median rank", "the rank that half of the queries reach"),
    ]);
    shown
}

/// No scores.
pub fn nothing_shown() -> ShownScores {
    ShownScores { overall: false, ..overall_alone() }
}

/// Three phases: open until December, open without end, and not open yet.
pub fn phases() -> Vec<Phase> {
    let phase = |name: &str, current, opens, closes| Phase {
        name: name.to_owned(),
        href: format!("/c/fashion-iq/{}", name.to_lowercase()),
        current,
        opens,
        closes,
    };
    vec![
        phase("Test", true, datetime!(2026-10-01 12:00 UTC), Some(datetime!(2026-12-06 12:00 UTC))),
        phase("Development", false, datetime!(2026-09-01 12:00 UTC), None),
        phase(
            "Final",
            false,
            datetime!(2026-12-07 12:00 UTC),
            Some(datetime!(2026-12-21 12:00 UTC)),
        ),
    ]
}

/// A row whose overall is the mean of its recalls, given in percent.
pub fn row(
    entrant: Entrant,
    team: &str,
    method: &str,
    recalls: [f64; 6],
    tries: u64,
    hours: i64,
) -> Row {
    let share = |percent: &f64| Value::Share(percent / 100.0);
    let groups = recalls.chunks_exact(2).map(|pair| pair.iter().map(share).collect()).collect();
    let overall = recalls.iter().sum::<f64>() / 600.0;
    Row {
        entrant,
        team: team.to_owned(),
        href: Some("/c/fashion-iq/submissions/0199".to_owned()),
        method: (!method.is_empty()).then(|| method.to_owned()),
        overall,
        interval: Some(Interval { low: overall - 0.011, high: overall + 0.012 }),
        groups,
        details: Vec::new(),
        is_wanted: true,
        is_own: false,
        rank_interval: None,
        earlier: None,
        tries,
        best: NOW - time::Duration::hours(hours),
    }
}

/// The form, empty.
pub fn submit() -> SubmitPage {
    let limit =
        |what: &str, allowed, left, resets| Limit { what: what.to_owned(), allowed, left, resets };
    SubmitPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        phase: phases().remove(0),
        team: Link::new("Team A", "/c/fashion-iq/team"),
        form: Form::new("/c/fashion-iq/test/submit", "Submit")
            .with(Field::text("method", "Method name").optional().hint("Shown on the board."))
            .with(Field::new(FieldKind::File, "file", "File").hint("A zip; at most 64 MB.")),
        limits: vec![
            limit("submissions a day", 5, Some(3), Some(datetime!(2026-11-25 00:00 UTC))),
            limit("submissions in this phase", 100, Some(86), None),
        ],
        blocked: None,
        repeated: None,
        curl: "curl -H \"Authorization: Bearer $FASHION_IQ_TOKEN\" -F file=@run.zip \
               -F method='my method' \
               https://fashion-iq.example/api/v1/challenges/fashion-iq/phases/test/submissions"
            .to_owned(),
        now: NOW,
    }
}

/// The form after a mistake.
pub fn submit_again() -> SubmitPage {
    let mut page = submit();
    "composed queries".clone_into(&mut page.form.fields[0].value);
    page.form.complain(Some("file"), "choose a file");
    page
}

/// A page of prose.
pub fn text() -> TextPage {
    TextPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        title: "How scoring works".to_owned(),
        body: Sanitised::vouched_for(
            "<p>For every query your file ranks the garments of a gallery. We look up the rank of \
             the target.</p><h2>Recall</h2><p><b>R@10</b> is the share of queries whose target \
             is among the first ten; <b>R@50</b> among the first fifty. The overall score is the \
             mean of both over <code>dress</code>, <code>shirt</code> and <code>toptee</code>.</p>\
             <table><thead><tr><th scope=\"col\">Group</th><th scope=\"col\">File</th></tr></thead>\
             <tbody><tr><td>dress</td><td><code>dress.predict.json</code></td></tr>\
             <tr><td>shirt</td><td><code>shirt.predict.json</code></td></tr></tbody></table>\
             <h2 id=\"format\">The file</h2><ul><li>A zip with one file a group.</li><li>At least \
             fifty items a ranking, best first.</li></ul>\
             <pre><code>[{\"candidate\": \"B00AAAAA01\", \"ranking\": [\"B00AAAAA02\", …]}]</code></pre>",
        ),
    }
}

/// A page that does not exist.
pub fn error() -> ErrorPage {
    ErrorPage {
        layout: layout(),
        status: 404,
        sentence: "there is no submission `0199` in the Fashion IQ Challenge".to_owned(),
        retry: None,
        onward: vec![
            Link::new("Go to the leaderboard", "/c/fashion-iq/test"),
            Link::new("All challenges", "/"),
        ],
        request_id: Some("01JD-7Q2".to_owned()),
        now: NOW,
    }
}

/// The server is busy.
pub fn busy() -> ErrorPage {
    ErrorPage {
        status: 503,
        sentence: "too many pages are asked for just now; nothing you sent was lost".to_owned(),
        retry: Some(NOW + time::Duration::seconds(30)),
        onward: Vec::new(),
        ..error()
    }
}

/// Too many requests.
fn often() -> ErrorPage {
    ErrorPage {
        status: 429,
        sentence: "ten tokens were tried from your address within a minute".to_owned(),
        retry: Some(NOW + time::Duration::minutes(12)),
        ..error()
    }
}

/// Two challenges.
pub fn challenges() -> ChallengesPage {
    let entry = |title: &str, summary: &str| Entry {
        title: title.to_owned(),
        href: "/c/fashion-iq/test".to_owned(),
        summary: summary.to_owned(),
        phases: phases(),
        teams: 7,
        scored: 1_204,
    };
    ChallengesPage {
        layout: layout(),
        archived: vec![entry("Fashion IQ 2020", "The challenge of 2020, as it ended.")],
        challenges: vec![
            entry(
                CHALLENGE,
                "Rank the gallery for a photo and two captions that say how the wanted garment \
                 differs. Three groups: dresses, shirts, tops and tees.",
            ),
            entry("Practice", "The same task on drawn garments, for trying out a pipeline."),
        ],
        now: NOW,
    }
}
