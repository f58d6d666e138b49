//! `/c/{challenge}/{phase}/explore?words=…&group=…&split=…&order=…&page=…`: queries to browse.

use std::sync::Arc;

use domain::challenges::{ExploredSplit, QueryPlace};
use domain::error::Error;
use domain::standings::QueryOrder;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::pages::{ExplorePage, Link};

use super::super::{answer, layout, saying};
use super::PhaseData;
use crate::app::App;
use crate::refusal::{Refusal, Result};

/// How many queries are on a page.
const QUERIES: usize = 24;

/// The longest search, in characters.
const LONGEST: usize = 200;

/// The query string.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    pub(super) words: String,
    pub(super) group: String,
    pub(super) split: String,
    pub(super) order: String,
    pub(super) page: Option<usize>,
}

/// The queries that were asked for, in their order.
pub(super) struct Found<'a> {
    pub(super) split: &'a ExploredSplit,
    pub(super) places: Vec<QueryPlace>,
}

/// `GET /c/{challenge}/{phase}/explore`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Path((challenge, phase)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let data = PhaseData::of(&app, &challenge, &phase).await?;
    match wanted.find(&app, &data).await {
        Ok(found) => answer(&page(&app, &data, &wanted, Ok(&found)).await?),
        Err(error) => {
            let sentence = error.to_string();
            Ok(saying(&error, answer(&page(&app, &data, &wanted, Err(sentence)).await?)?))
        }
    }
}

impl Wanted {
    /// The queries with these words, in the order that was asked for.
    pub(super) async fn find<'a>(
        &self,
        app: &App,
        data: &'a PhaseData,
    ) -> std::result::Result<Found<'a>, Refusal> {
        let split = data.explored.split(given(&self.split))?;
        if self.words.chars().nth(LONGEST).is_some() {
            return Err(
                Error::field("words", format!("must have at most {LONGEST} characters")).into()
            );
        }
        let group = given(&self.group);
        let places = split.search(group, &self.words);
        let mut places =
            places.ok_or_else(|| Error::not_found("group", group.unwrap_or_default()))?;
        let order = order_named(&self.order)?;
        if order != QueryOrder::Listed {
            let unknown = || Error::not_found("order", &self.order);
            let is_own = split.name == data.located.benchmark.split;
            let difficulty = difficulty(app, data).await?.filter(|_| is_own);
            difficulty.ok_or_else(unknown)?.sort(&mut places, order);
        }
        Ok(Found { split, places })
    }

    /// Its part of an address, with another page: `?words=red&page=2`.
    pub(super) fn address(&self, page: Option<usize>) -> String {
        let texts = [
            ("words", self.words.as_str()),
            ("group", &self.group),
            ("split", &self.split),
            ("order", &self.order),
        ];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let texts = texts.map(|(name, text)| format!("{name}={}", web::encoded(text)));
        let page = page.filter(|page| *page > 1).map(|page| format!("page={page}"));
        let parts: Vec<String> = texts.chain(page).collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// A word as a label.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A choice, unless it is empty.
fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The orders, with their names in addresses and their labels.
pub(super) const ORDERS: [(&str, &str, QueryOrder); 3] = [
    ("", "As in the files", QueryOrder::Listed),
    ("hardest", "Hardest first", QueryOrder::Hardest),
    ("disagreed", "Most disagreed first", QueryOrder::MostDisagreed),
];

fn order_named(name: &str) -> Result<QueryOrder> {
    let found = ORDERS.iter().find(|(own, ..)| *own == name);
    Ok(found.map(|(.., order)| *order).ok_or_else(|| Error::not_found("order", name))?)
}

/// How hard the queries are, if that is known and public.
pub(super) async fn difficulty(
    app: &App,
    data: &PhaseData,
) -> Result<Option<Arc<domain::standings::Difficulty>>> {
    let board = app.boards.get(app, &data.located.challenge.name, &data.located.phase.name).await?;
    Ok(app.difficulties.get(app, &board).await?)
}

async fn page(
    app: &App,
    data: &PhaseData,
    wanted: &Wanted,
    found: std::result::Result<&Found<'_>, String>,
) -> Result<ExplorePage> {
    let (challenge, phase) = (&data.located.challenge, &data.located.phase);
    let own = data.explored.split(None)?;
    let split = found.as_ref().map_or(own, |found| found.split);
    let href = layout::explore(challenge, phase);
    let has_orders = difficulty(app, data).await?.is_some();
    let phases = data.phases(app, layout::explore).await?;
    let all = found.as_ref().map_or(0, |found| found.places.len());
    let pages = all.div_ceil(QUERIES).max(1);
    let page = wanted.page.unwrap_or(1).clamp(1, pages);
    let first = (page - 1) * QUERIES;
    let link =
        |label: &str, page| Link::new(label, format!("{href}{}", wanted.address(Some(page))));
    let kept = wanted.address(None);
    let queries = found.iter().flat_map(|found| {
        let here = found.places.iter().skip(first).take(QUERIES);
        here.map(|place| data.listed(found.split, *place, &kept))
    });
    let chosen = |name: &str, asked: &str| (name.to_owned(), name == asked);
    Ok(ExplorePage {
        layout: layout::of(challenge, "Data set"),
        challenge: challenge.title.clone(),
        data: layout::data_set(challenge),
        phase: phase.title.clone(),
        phases,
        group_noun: capitalised(challenge.task()?.group.one),
        splits: data.explored.splits.iter().map(|it| chosen(&it.name, &split.name)).collect(),
        groups: own.groups().map(|group| chosen(group.name, &wanted.group)).collect(),
        orders: if has_orders {
            ORDERS.iter().map(|(name, label, _)| (*name, *label, *name == wanted.order)).collect()
        } else {
            vec![]
        },
        words: wanted.words.chars().take(LONGEST).collect(),
        total: all as u64,
        first: first as u64 + 1,
        queries: queries.collect(),
        open: split.is_open(),
        pictures: data.picture_licence(),
        previous: (page > 1).then(|| link("Previous", page - 1)),
        next: (page < pages).then(|| link("Next", page + 1)),
        refused: found.err(),
        href,
    })
}
