//! The pages of a data set, with and without pictures and targets.

use web::pages::{
    CompareChoice, DataSetPage, DataSetPhase, DataTable, Example, ExplorePage, Figure, Link,
    ListedQuery, Plot, QueryViewPage, RankedItem, Sanitised, ShownItem, StatisticsPage,
    StatisticsSection, Strip,
};

use super::{CHALLENGE, NOW, layout, phases};

const PICTURE: &str = "/c/fashion-iq/dev/pictures/dress/B0000000A1";
pub const LICENCE: &str = "CC0-1.0: drawn by this program";

pub fn item(id: &str, picture: bool) -> ShownItem {
    let words = ["dress", "striped", "sleeveless"].map(str::to_owned).to_vec();
    ShownItem { id: id.to_owned(), picture: picture.then(|| PICTURE.to_owned()), words }
}

fn query(open: bool, picture: bool) -> ListedQuery {
    ListedQuery {
        id: "dress.val.7".to_owned(),
        href: "/c/fashion-iq/dev/queries/dress.val.7?order=hardest".to_owned(),
        group: "dress".to_owned(),
        reference: item("B0000000A1", picture),
        captions: vec!["is red & has <b>longer</b> sleeves".to_owned(), String::new()],
        targets: if open { vec![item("B0000000A2", picture)] } else { vec![] },
    }
}

/// About a data set.
pub fn data_set() -> DataSetPage {
    let phase = |open: bool, opened: bool| DataSetPhase {
        phase: phases().remove(usize::from(!opened)),
        split: "val".to_owned(),
        queries: 6016,
        items: 15_536,
        open,
        licence: open.then(|| LICENCE.to_owned()),
        pages: opened.then(|| {
            ["explore", "statistics", "take-part"].map(|it| format!("/c/fashion-iq/dev/{it}"))
        }),
    };
    DataSetPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        summary: "Find the garment that two captions describe.".to_owned(),
        queries: Sanitised::vouched_for("<p>A reference and two captions.</p>"),
        example: Some(Example {
            query: query(true, true),
            phase: "Development".to_owned(),
            pictures: Some(LICENCE.to_owned()),
        }),
        phases: vec![phase(true, true), phase(false, false)],
        about: Some(Sanitised::vouched_for("<h2>Known criticism</h2><p>Some.</p>")),
        download_line: Some("fashion-iq dataset download fashion-iq"),
        links: vec![
            Link::new("Leaderboard", "/c/fashion-iq"),
            Link::new("Rules", "/c/fashion-iq/rules"),
        ],
        now: NOW,
    }
}

/// The same for a task without official data, before anything has opened.
pub fn data_set_bare() -> DataSetPage {
    DataSetPage { example: None, phases: vec![], about: None, download_line: None, ..data_set() }
}

/// Queries of public targets, with pictures.
pub fn explore() -> ExplorePage {
    ExplorePage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        data: "/c/fashion-iq/data".to_owned(),
        phase: "Development".to_owned(),
        phases: vec![
            Link::current("Development", "/c/fashion-iq/dev/explore"),
            Link::new("Test", "/c/fashion-iq/test/explore"),
        ],
        href: "/c/fashion-iq/dev/explore".to_owned(),
        group_noun: "Category".to_owned(),
        splits: vec![("val".to_owned(), true), ("train".to_owned(), false)],
        groups: vec![("dress".to_owned(), true), ("shirt".to_owned(), false)],
        orders: vec![("", "As in the files", false), ("hardest", "Hardest first", true)],
        words: "\"red\" <sleeves>".to_owned(),
        refused: None,
        total: 2017,
        first: 25,
        queries: vec![query(true, true), query(true, false)],
        open: true,
        pictures: Some(LICENCE.to_owned()),
        previous: Some(Link::new("Previous", "/c/fashion-iq/dev/explore?words=red")),
        next: Some(Link::new("Next", "/c/fashion-iq/dev/explore?words=red&page=3")),
    }
}

/// Queries of hidden targets.
pub fn explore_hidden() -> ExplorePage {
    ExplorePage {
        queries: vec![query(false, false)],
        open: false,
        pictures: None,
        orders: vec![],
        splits: vec![("test".to_owned(), true)],
        previous: None,
        total: 1,
        first: 1,
        next: None,
        ..explore()
    }
}

/// A search that finds nothing.
pub fn explore_nothing() -> ExplorePage {
    ExplorePage { queries: vec![], total: 0, first: 1, previous: None, next: None, ..explore() }
}

/// A choice that doesn't exist.
pub fn explore_refused() -> ExplorePage {
    ExplorePage { refused: Some("group `trousers` not found".to_owned()), ..explore_nothing() }
}

fn strip(letter: &'static str, rank: Option<u32>) -> Strip {
    let ranked = |at: u32| RankedItem {
        item: item(&format!("B00000000{at}"), at.is_multiple_of(2)),
        is_target: rank == Some(at),
    };
    Strip {
        letter,
        team: format!("Team {letter} with <b>a name</b>"),
        method: Some("composed & reranked".to_owned()),
        href: format!("/c/fashion-iq/submissions/{letter}"),
        rank,
        length: 50,
        items: (1..=10).map(ranked).collect(),
    }
}

/// What two submissions answer.
pub fn query_view() -> QueryViewPage {
    let choice =
        |id: &str, label: &str| CompareChoice { id: id.to_owned(), label: label.to_owned() };
    let href = "/c/fashion-iq/dev/queries/dress.val.7";
    QueryViewPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        phase: "Development".to_owned(),
        list: Link::new("Queries of Development", "/c/fashion-iq/dev/explore?order=hardest"),
        query: query(true, true),
        pictures: Some(LICENCE.to_owned()),
        href: href.to_owned(),
        order: "hardest",
        choices: vec![choice("0199", "1  Team A"), choice("0187", "2  Team B")],
        a: "0199".to_owned(),
        b: "0187".to_owned(),
        refused: None,
        strips: vec![strip("A", Some(3)), strip("B", None)],
        previous: None,
        next: Some(Link::new("Next query", format!("{href}?a=0199"))),
        jumps: vec![Link::new("Hardest query", format!("{href}?order=hardest"))],
    }
}

/// A query whose targets are hidden.
pub fn query_hidden() -> QueryViewPage {
    QueryViewPage { query: query(false, false), choices: vec![], strips: vec![], ..query_view() }
}

/// Submissions that can't be shown.
pub fn query_refused() -> QueryViewPage {
    let refused = Some("submission `1` not found".to_owned());
    QueryViewPage { refused, strips: vec![], ..query_view() }
}

/// Statistics with every kind of chart.
pub fn statistics() -> StatisticsPage {
    let figure = |title: &str, plot| Figure {
        title: title.to_owned(),
        shows: "What it shows.".to_owned(),
        plot,
    };
    let dots = [("sleeves", [0.17, 0.13]), ("black", [0.15, 0.14]), ("collar", [0.01, 0.11])];
    let words = [("sleeves", 698), ("black", 616), ("longer", 502)];
    let figures = vec![
        figure("Queries", Plot::Counts(words.map(|(word, n)| (word.to_owned(), n)).to_vec())),
        figure("Attributes", Plot::Shares(vec![("dress, val".to_owned(), 0.67)])),
        figure(
            "Words a caption",
            Plot::Histogram {
                of: "words".to_owned(),
                counted: "captions".to_owned(),
                counts: vec![1, 20, 130, 560, 900, 860, 510, 260, 120, 60, 20, 9, 3],
            },
        ),
        figure(
            "The same words",
            Plot::Scatter {
                of: "word".to_owned(),
                axes: ["% of captions, dress".to_owned(), "% of captions, shirt".to_owned()],
                dots: dots.map(|(word, shares)| (word.to_owned(), shares)).to_vec(),
            },
        ),
    ];
    StatisticsPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        data: "/c/fashion-iq/data".to_owned(),
        phases: vec![Link::current("Development", "/c/fashion-iq/dev/statistics")],
        phase: "Development".to_owned(),
        lede: "Counted from the files.".to_owned(),
        explore: "/c/fashion-iq/dev/explore".to_owned(),
        sections: Some(vec![StatisticsSection {
            id: "counts",
            title: "Queries and galleries".to_owned(),
            text: Sanitised::vouched_for("<p>How they are counted.</p>"),
            tables: vec![DataTable {
                caption: "Queries and items".to_owned(),
                heads: vec![String::new(), "Queries".to_owned(), "Targets".to_owned()],
                rows: vec![vec!["dress, val".to_owned(), "2,017".to_owned(), "hidden".to_owned()]],
            }],
            figures,
        }]),
    }
}

/// Statistics that are not ready yet.
pub fn statistics_later() -> StatisticsPage {
    StatisticsPage { sections: None, ..statistics() }
}
