//! Unusual input: what nobody is expected to write, but someone will.

use web::pages::{BoardPage, Entrant, Place, Problem};

use super::{board, phases, row};

/// Names that can't be broken, right-to-left names, many phases, a long group.
pub fn board_of_oddities() -> BoardPage {
    let name = |i: u64| match i % 5 {
        0 => "unbroken".repeat(10),
        1 => "\u{202e}turned around\u{2066} (and never back)".to_owned(),
        2 => "فريق البحث في استرجاع الصور".to_owned(),
        3 => "衣服".repeat(30),
        _ => "é".to_owned(),
    };
    let rows = (1..=500).map(|i| {
        let recall = 90.0 / i as f64;
        let method = if i % 2 == 0 { "m".repeat(80) } else { String::new() };
        row(Entrant::Team { rank: i }, &name(i), &method, [recall; 6], i * 997, i as i64)
    });
    let rows = rows.collect();
    let mut board = BoardPage { rows, ..board() };
    board.groups[1] = "forty-letters".repeat(3) + "-";
    let many = (1..=9).map(|i| {
        let mut phase = phases().remove(2);
        phase.name = format!("Practice round {i} of the long winter");
        phase
    });
    board.phases.extend(many);
    board
}

/// Problems of ten kinds, with long ids, many places and right-to-left text.
pub fn nasty_problems() -> Vec<Problem> {
    let kinds = [
        ("unknown-item", "Items that are not in the gallery", 120),
        ("duplicate-item", "Duplicate items in a ranking", 9),
        ("wrong-length", "Rankings of the wrong length", 6_118),
        ("missing-query", "Queries without an answer", 7),
        ("unknown-query", "Objects that answer no query", 3),
        ("answered-twice", "Queries answered twice", 1),
        ("repeated-key", "Duplicate key in an object", 2),
        ("wrong-type", "A value is of the wrong type", 40),
        ("missing-group", "A category has no file", 1),
        ("matched-by-content-and-by-nothing-else", "Objects out of order that name no captions", 4),
    ];
    let place = |i: u64| match i % 4 {
        0 => ("toptee.predict.json, query 17".to_owned(), "B".repeat(64)),
        1 => (
            format!("{}/dress.predict.json, query 2001", "folder".repeat(12)),
            "ranking holds \u{202e}B00AAAAA01 at place 3".to_owned(),
        ),
        2 => ("فستان.json".to_owned(), "السطر الأول ليس كائنًا".to_owned()),
        _ => (String::new(), "expected a list of item ids, found a number".to_owned()),
    };
    let problem = |(code, sentence, count): (&str, &str, u64)| Problem {
        code: code.to_owned(),
        sentence: sentence.to_owned(),
        is_cause: false,
        count,
        places: (0..count.min(50)).map(place).map(|(at, what)| Place { at, what }).collect(),
    };
    kinds.into_iter().map(problem).collect()
}
