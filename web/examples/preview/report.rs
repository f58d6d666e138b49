//! The report of a challenge: of seven teams, one, none and two hundred.

use time::Duration;
use time::macros::datetime;
use web::pages::{Entrant, Interval, Link, PBand, Value};
use web::report::{
    BoardRecord, Citation, DesignItem, RankStability, ReportPage, ReportRow, SignificanceMap,
    Subset, ValueRow, ValueTable,
};

use super::{CHALLENGE, NOW, SHA256, groups, layout, recalls};

const NAMES: [&str; 7] = [
    "Team A",
    "🧵 Nähstübchen 👩‍🔬👗",
    "A team with a name that goes on for longer than anyone expected",
    "unbrokenunbrokenunbrokenunbrokenunbroken",
    "فريق البحث في استرجاع الصور",
    "衣服検索衣服検索衣服検索衣服検索",
    "T_7 | *star* <b>",
];

fn design() -> Vec<DesignItem> {
    let item = |heading: &str, text: &str| DesignItem {
        heading: heading.to_owned(),
        text: text.to_owned(),
    };
    vec![
        item(
            "Task",
            "Rank the gallery for a photo and two captions that say how the wanted garment differs.",
        ),
        item(
            "Data",
            "6,118 queries in three categories, drawn from product pages.\r\n\r\nCaptions were written by paid annotators; each describes\none difference or several.",
        ),
        item("Targets", "Hidden: an organiser-only file. One target a query."),
        item("Metrics", "Recall@10 and Recall@50 of each category; their mean ranks."),
        item("Ranking", "By the mean over all categories. Equal scores share a rank."),
        item(
            "Phases and limits",
            "Development without limits; test with 5 submissions a day and 100 in total.",
        ),
        item("Organisers", "The people who run this server. None of them is in a ranked team."),
    ]
}

/// A score that falls with the place, and closer together further down.
fn score(place: usize) -> f64 {
    0.634 - 0.011 * (place as f64).powf(0.9) % 0.5
}

/// How often a team has each rank: a bell around its place.
fn bell(place: usize, teams: usize) -> Vec<f64> {
    let width = 0.5 + (place as f64).sqrt() * 0.35;
    let at = |rank: usize| (-((rank as f64 - place as f64) / width).powi(2) / 2.0).exp();
    let sum: f64 = (0..teams).map(at).sum();
    (0..teams).map(|rank| at(rank) / sum).collect()
}

fn report_of(names: &[String]) -> ReportPage {
    let teams = names.len();
    let row = |(place, team): (usize, &String)| ReportRow {
        entrant: Entrant::Team { rank: place as u64 + 1 },
        team: team.clone(),
        method: (place % 3 != 2).then(|| "composed queries, reranked".to_owned()),
        overall: score(place),
        interval: Some(Interval { low: score(place) - 0.011, high: score(place) + 0.012 }),
        rank_interval: Some((place.max(1) as u64, (place as u64 + 2).min(teams as u64))),
        submissions: 14 + place as u64 * 997 % 86,
    };
    let band = |one: usize, other: usize| match other - one {
        1 => PBand::AboveFivePercent,
        2 if one > 2 => PBand::AboveFivePercent,
        2 | 3 => PBand::OneToFivePercent,
        _ => PBand::BelowOnePercent,
    };
    let bands = |one: usize| (one + 1..teams).map(|other| Some(band(one, other))).collect();
    let subset = |name: &str, queries| Subset { name: name.to_owned(), queries };
    let mut subsets: Vec<Subset> =
        groups().iter().zip([2_024, 2_045, 2_049]).map(|(name, n)| subset(name, n)).collect();
    subsets.extend([subset("captions of 10 words and more", 1_311), subset("same colour", 902)]);
    let values = |measure: &web::pages::MeasureName, lower: f64| ValueTable {
        measure: measure.clone(),
        subsets: subsets.clone(),
        rows: names
            .iter()
            .enumerate()
            .map(|(place, team)| ValueRow {
                team: team.clone(),
                values: (0..5)
                    .map(|i| Value::Share(score(place) - lower + f64::from(i) * 0.031))
                    .collect(),
            })
            .collect(),
    };
    let days = if teams == 0 { 0 } else { 60 };
    let day = |i: i64| datetime!(2026-10-07 00:00 UTC) + Duration::days(i);
    let best = [0.1480, 0.3810, 0.4738, 0.5512, 0.5760, 0.6090, 0.6187, 0.6241, 0.634];
    let steps = best.into_iter().zip([0, 3, 4, 11, 19, 30, 33, 48, 57]);
    let measures = recalls().measures;
    ReportPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        phase: Link::new("Test", "/c/fashion-iq/test"),
        summary: "Find the garment that two captions describe by how it differs from a photo."
            .to_owned(),
        design: design(),
        primary: recalls().primary,
        queries: 6_118,
        noun: ["query", "queries"],
        standings: names.iter().enumerate().map(row).collect(),
        stability: Some(RankStability {
            resamples: 10_000,
            teams: names.iter().enumerate().map(|(i, n)| (n.clone(), bell(i, teams))).collect(),
        }),
        significance: Some(SignificanceMap {
            teams: names.iter().enumerate().map(|(i, n)| (n.clone(), bands(i))).collect(),
            method:
                "Paired sign-flip tests on the mean, adjusted by Benjamini and Hochberg (1995)."
                    .to_owned(),
        }),
        values: if teams == 0 {
            vec![]
        } else {
            vec![values(&measures[0], 0.12), values(&measures[1], -0.08)]
        },
        scored: (0..days).map(|i| (day(i), (3 + i * i / 3 + i * 7 % 5) as u64)).collect(),
        best: if teams == 0 { vec![] } else { steps.map(|(s, i)| (day(i), s)).collect() },
        record: BoardRecord {
            sha256: SHA256.to_owned(),
            address: "https://fashion-iq.example/c/fashion-iq/test/final".to_owned(),
            at: datetime!(2026-12-06 12:00 UTC),
        },
        citation: Citation {
            key: "fashion-iq-2026".to_owned(),
            authors: vec!["The organisers of the Fashion IQ Challenge".to_owned()],
            title: CHALLENGE.to_owned(),
            year: NOW.year(),
            address: "https://fashion-iq.example/c/fashion-iq/test/final".to_owned(),
            note: format!("Final board of 6 December 2026, SHA-256 {SHA256}"),
        },
        exports: vec![Link::new("Markdown and figures", "/c/fashion-iq/test/report.zip")],
    }
}

/// Seven teams, a baseline and a guest.
pub fn report() -> ReportPage {
    let mut page = report_of(&NAMES.map(str::to_owned));
    let baseline = ReportRow {
        entrant: Entrant::Baseline,
        team: "Reference model".to_owned(),
        overall: 0.148,
        interval: Some(Interval { low: 0.14, high: 0.157 }),
        rank_interval: None,
        submissions: 1,
        ..page.standings[0].clone()
    };
    let guest = ReportRow { entrant: Entrant::Guest, team: "Guest".to_owned(), ..baseline.clone() };
    page.standings.insert(4, guest);
    page.standings.push(baseline);
    page
}

/// One team.
pub fn report_of_one() -> ReportPage {
    let mut page = report_of(&["Team A".to_owned()]);
    page.scored.truncate(1);
    page.best.truncate(1);
    page
}

/// Nothing was scored.
pub fn report_of_none() -> ReportPage {
    report_of(&[])
}

/// Two hundred teams.
pub fn report_of_many() -> ReportPage {
    let names: Vec<String> = (0..200).map(|i| format!("{} {i}", NAMES[i % 7])).collect();
    report_of(&names)
}
