//! Two submissions side by side, in every state.

use time::Duration;
use web::pages::{
    CompareChoice, ComparePage, Compared, ComparedMeasure, Comparison, Contender, Difference,
    Interval, Link, MeasureName, PBand, PValue, QueriesApart, QueryApart, QueryItem, QueryPage,
    RecallCurves, Value,
};

use super::{CHALLENGE, NOW, everything, groups, layout, recalls};

fn contender(team: &str, method: &str, id: &str, hours: i64) -> Contender {
    Contender {
        team: team.to_owned(),
        id: id.to_owned(),
        href: Some(format!("/c/fashion-iq/submissions/{id}")),
        method: (!method.is_empty()).then(|| method.to_owned()),
        submitted: NOW - Duration::hours(hours),
    }
}

fn page(compared: Compared) -> ComparePage {
    let choice =
        |id: &str, label: &str| CompareChoice { id: id.to_owned(), label: label.to_owned() };
    ComparePage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        phase: Link::new("Test", "/c/fashion-iq/test"),
        href: "/c/fashion-iq/test/compare".to_owned(),
        choices: vec![
            choice("0199", "1  Team A, composed queries, reranked"),
            choice("0187", "2  Team B, dual encoder"),
            choice("0150", "3  A team with a name that goes on for longer than anyone expected"),
            choice("0002", "–  Reference model, attributes and captions, gated"),
        ],
        a: "0199".to_owned(),
        b: "0187".to_owned(),
        compared,
        significance: "/c/fashion-iq/significance".to_owned(),
    }
}

/// A measure whose values are shares, given in percent.
fn shares(
    (measure, group): (&MeasureName, Option<&str>),
    (a, b): (f64, f64),
    half_width: f64,
    p: PValue,
) -> ComparedMeasure {
    let by = (a - b) / 100.0;
    let interval = Some(Interval { low: by - half_width, high: by + half_width });
    let effect = Some(by * 2.0);
    ComparedMeasure {
        measure: measure.clone(),
        group: group.map(str::to_owned),
        a: Value::Share(a / 100.0),
        b: Value::Share(b / 100.0),
        difference: Some(Difference { by, interval, p: Some(p), effect }),
    }
}

/// What a phase with hidden targets publishes.
fn hidden(overall: (f64, f64), by_group: [(f64, f64); 6]) -> Comparison {
    let scores = recalls();
    let band = |by: f64| match by.abs() {
        2.2.. => PBand::BelowOnePercent,
        1.8.. => PBand::OneToFivePercent,
        _ => PBand::AboveFivePercent,
    };
    let groups = groups();
    let cells = groups.iter().flat_map(|group| scores.measures.iter().map(move |m| (group, m)));
    let mut measures = vec![shares(
        (&scores.primary, None),
        overall,
        0.009,
        PValue::Band(band((overall.0 - overall.1) * 2.0)),
    )];
    measures.extend(cells.zip(by_group).map(|((group, measure), (a, b))| {
        shares((measure, Some(group)), (a, b), 0.018, PValue::Band(band(a - b)))
    }));
    Comparison {
        a: contender("Team A", "composed queries, reranked", "0199", 3),
        b: contender("Team B", "dual encoder", "0187", 26),
        queries: 6_118,
        noun: ["query", "queries"],
        measures,
        recall: None,
        apart: None,
    }
}

/// Nothing is chosen yet.
pub fn compare_start() -> ComparePage {
    ComparePage { a: String::new(), b: String::new(), ..page(Compared::Nothing) }
}

/// One submission twice.
pub fn compare_same() -> ComparePage {
    let said = "choose two different submissions; this one was chosen twice";
    ComparePage { b: "0199".to_owned(), ..page(Compared::Refused(said.to_owned())) }
}

/// A submission that isn't one.
pub fn compare_unknown() -> ComparePage {
    let said = "there is no submission `0777` in the Fashion IQ Challenge";
    ComparePage { b: "0777".to_owned(), ..page(Compared::Refused(said.to_owned())) }
}

/// Hidden targets, and a clear difference.
pub fn compare_hidden() -> ComparePage {
    let by_group =
        [(48.2, 46.1), (71.9, 69.8), (53.1, 52.9), (73.0, 73.2), (56.8, 54.0), (77.4, 75.0)];
    page(Compared::Two(Box::new(hidden((63.40, 61.83), by_group))))
}

/// Two submissions of one team that can't be told apart.
pub fn compare_close() -> ComparePage {
    let by_group =
        [(48.2, 48.3), (71.9, 71.5), (53.1, 52.9), (73.0, 73.2), (56.8, 57.1), (77.4, 78.0)];
    let mut two = hidden((63.40, 63.50), by_group);
    two.b = contender("Team A", "", "0150", 700);
    for row in &mut two.measures {
        let difference = row.difference.as_mut().unwrap();
        (difference.effect, difference.p) = (None, None);
    }
    page(Compared::Two(Box::new(two)))
}

/// Public targets: everything.
pub fn compare_public() -> ComparePage {
    let scores = everything();
    let exact = |by: f64| PValue::Exact((-by.abs() * 3.0).exp());
    let mut measures =
        vec![shares((&scores.primary, None), (61.87, 63.40), 0.009, PValue::Exact(0.00002))];
    for (i, group) in groups().iter().enumerate() {
        for (j, measure) in scores.measures.iter().enumerate() {
            let b = 40.0 + (i * 7 + j * 11) as f64 % 30.0;
            let by = [-2.4, 0.3, -1.9, -0.7, 1.1][(i + j) % 5];
            let row = shares((measure, Some(group)), (b + by, b), 0.013, exact(by));
            measures.push(if measure.lower_is_better {
                let difference = Difference { by: 3.0, interval: None, p: None, effect: None };
                let (a, b) = (Value::Rank(11), Value::Rank(8));
                ComparedMeasure { a, b, difference: Some(difference), ..row }
            } else {
                row
            });
        }
    }
    let curve = |scale: f64| (1..=50).map(|k| (k, scale * f64::from(k).powf(0.35) / 4.6)).collect();
    let mut two = hidden((0.0, 0.0), [(0.0, 0.0); 6]);
    two.measures = measures;
    two.recall = Some(RecallCurves { a: curve(0.83), b: curve(0.86) });
    two.apart = Some(QueriesApart { won: queries(612, 3), lost: queries(748, 4), equal: 4_758 });
    page(Compared::Two(Box::new(two)))
}

fn queries(total: u64, count: usize) -> QueryPage {
    // any picture of this host
    let icon = web::assets().iter().find(|asset| asset.content_type == "image/svg+xml");
    let picture = || icon.filter(|_| total < 700).map(|asset| asset.path.clone());
    let captions = [
        ["is shorter with no sleeves", "has a floral print"],
        ["is the same", "is more casual 👗 and less “dressy”,\nand longer"],
        ["is navy", "unbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbroken"],
        ["أقصر وبلا أكمام", "has a V-neck"],
    ];
    let query = |i: usize| QueryApart {
        href: "/c/fashion-iq/dev/queries/dress.val.7?a=1&b=2".to_owned(),
        group: groups()[i % 3].clone(),
        reference: QueryItem { id: format!("B00AAAAA{i:02}"), picture: picture() },
        captions: captions[i % 4].map(str::to_owned).to_vec(),
        target: QueryItem { id: format!("B00BBBBB{i:02}"), picture: picture() },
        a: if total < 700 { Value::Rank(1 + i as u64) } else { Value::Beyond(50) },
        b: if total < 700 { Value::Beyond(50) } else { Value::Rank(1 + i as u64) },
    };
    QueryPage {
        total,
        first: 11,
        queries: (0..count).map(query).collect(),
        previous: Some(Link::new("Previous", "/c/fashion-iq/test/compare?a=0199&b=0187")),
        next: Some(Link::new("Next", "/c/fashion-iq/test/compare?a=0199&b=0187&won=3")),
    }
}

/// Names and texts that nobody expects.
pub fn compare_odd() -> ComparePage {
    let mut page = compare_public();
    let Compared::Two(two) = &mut page.compared else { return page };
    two.a.team = String::from("🧵 Nähstübchen 👩‍🔬👗 and the very long tail of their name");
    two.a.method = Some("m".repeat(90));
    two.b.team = "unbroken".repeat(8);
    two.b.method = Some("اسم من اليمين إلى اليسار".to_owned());
    page.choices[1].label = format!("2  {}", "unbroken".repeat(12));
    page
}
