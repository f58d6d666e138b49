//! `/c/{challenge}/{phase}/queries/{query}?a=…&b=…`: one query, and what submissions answer.

use std::sync::Arc;

use domain::challenges::{ExploredSplit, QueryPlace};
use domain::standings::{Board, ViewedRun, viewed_run};
use domain::submissions;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use web::pages::{CompareChoice, Link, QueryViewPage, RankedItem, Strip};

use super::super::{answer, compare, layout, saying};
use super::PhaseData;
use super::explore::{ORDERS, Wanted, difficulty};
use crate::app::App;
use crate::refusal::{Refusal, Result};

/// The query string: the submissions, and the list that the reader comes from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    a: String,
    b: String,
    words: String,
    group: String,
    split: String,
    order: String,
}

/// `GET /c/{challenge}/{phase}/queries/{query}`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Path((challenge, phase, query)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let data = PhaseData::of(&app, &challenge, &phase).await?;
    let (split, place) = data.explored.query(&query)?;
    let viewer = Viewer { app: &app, data: &data, split, place, asked: &asked };
    match viewer.strips().await {
        Ok(strips) => answer(&viewer.page(strips, None).await?),
        Err(error) => {
            let page = viewer.page(vec![], Some(error.to_string())).await?;
            Ok(saying(&error, answer(&page)?))
        }
    }
}

/// A query with what was asked about it.
struct Viewer<'a> {
    app: &'a App,
    data: &'a PhaseData,
    split: &'a ExploredSplit,
    place: QueryPlace,
    asked: &'a Asked,
}

impl Viewer<'_> {
    /// Whether submissions answer it, and may be shown.
    fn can_be_viewed(&self) -> bool {
        self.split.is_open() && self.split.name == self.data.located.benchmark.split
    }

    async fn board(&self) -> Result<Arc<Board>> {
        let located = &self.data.located;
        Ok(self.app.boards.get(self.app, &located.challenge.name, &located.phase.name).await?)
    }

    /// What the chosen submissions answered.
    async fn strips(&self) -> std::result::Result<Vec<Strip>, Refusal> {
        let mut strips = Vec::new();
        for (letter, id) in [("A", &self.asked.a), ("B", &self.asked.b)] {
            if id.is_empty() || !self.can_be_viewed() {
                continue;
            }
            let board = self.board().await?;
            let id = submissions::id(id)?;
            // Reading an upload takes a core for a moment, so only a few do at a time.
            let patience = self.app.settings.request_wait;
            let _place = self.app.pressure.comparisons.take_within(patience).await?;
            let run = viewed_run(self.app, &self.app.top_items, &board, id).await?;
            strips.push(self.strip(letter, run));
        }
        Ok(strips)
    }

    fn strip(&self, letter: &'static str, run: ViewedRun) -> Strip {
        let QueryPlace { group: at, query } = self.place;
        let (group, _) = self.split.query(self.place);
        let targets = self.split.targets(self.place);
        let items = run.groups.get(at).map(|top| top.of(query)).unwrap_or_default();
        let items = items.iter().map(|&index| {
            let id = group.gallery.item(index);
            let item = self.data.item(self.split, &group.name, id);
            RankedItem { item, is_target: targets.contains(&id) }
        });
        let ranking = run.ranks.groups().get(at).map(|ranks| ranks.lengths()[query]);
        let method = Some(run.side.method.clone()).filter(|method| !method.is_empty());
        Strip {
            letter,
            href: layout::submission(&self.data.located.challenge, run.side.id),
            method,
            rank: run.rank(at, query),
            length: ranking.unwrap_or(0).into(),
            items: items.collect(),
            team: run.side.team,
        }
    }

    async fn page(&self, strips: Vec<Strip>, refused: Option<String>) -> Result<QueryViewPage> {
        let (challenge, phase) = (&self.data.located.challenge, &self.data.located.phase);
        let choices: Vec<CompareChoice> = if self.can_be_viewed() {
            self.board().await?.standings.rows.iter().map(compare::choice).collect()
        } else {
            vec![]
        };
        let (_, query) = self.split.query(self.place);
        let list = self.list();
        let explore = format!("{}{}", layout::explore(challenge, phase), list.address(None));
        let (previous, next) = self.neighbours(&list).await;
        Ok(QueryViewPage {
            layout: layout::of(challenge, "Data set"),
            challenge: challenge.title.clone(),
            phase: phase.title.clone(),
            list: Link::new(format!("Queries of {}", phase.title), explore),
            query: self.data.listed(self.split, self.place, ""),
            pictures: self.data.picture_licence(),
            href: layout::query(challenge, phase, &query.id),
            order: ORDERS.iter().find(|it| it.0 == self.asked.order).map_or("", |it| it.0),
            choices,
            a: self.asked.a.clone(),
            b: self.asked.b.clone(),
            refused,
            strips,
            previous,
            next,
            jumps: self.jumps().await?,
        })
    }

    /// The list that the reader comes from.
    fn list(&self) -> Wanted {
        let Asked { words, group, order, .. } = self.asked.clone();
        let is_own = self.split.name == self.data.located.benchmark.split;
        let split = if is_own { String::new() } else { self.split.name.clone() };
        Wanted { words, group, split, order, page: None }
    }

    /// The address of another query, with the same submissions and the same list.
    fn to(&self, place: QueryPlace, list: &Wanted) -> String {
        let (_, query) = self.split.query(place);
        let Asked { a, b, .. } = self.asked;
        let chosen = [("a", a), ("b", b)].into_iter().filter(|(_, id)| !id.is_empty());
        let chosen = chosen.map(|(name, id)| format!("{name}={}", web::encoded(id)));
        let kept = list.address(None);
        let kept = kept.strip_prefix('?').map(str::to_owned);
        let parts: Vec<String> = chosen.chain(kept).collect();
        let start = if parts.is_empty() { "" } else { "?" };
        let located = &self.data.located;
        let address = layout::query(&located.challenge, &located.phase, &query.id);
        format!("{address}{start}{}", parts.join("&"))
    }

    /// The queries before and after this one; none if it isn't in the list any more.
    async fn neighbours(&self, list: &Wanted) -> (Option<Link>, Option<Link>) {
        let Ok(found) = list.find(self.app, self.data).await else { return (None, None) };
        let Some(at) = found.places.iter().position(|place| *place == self.place) else {
            return (None, None);
        };
        let link = |label: &str, at: usize| {
            found.places.get(at).map(|place| Link::new(label, self.to(*place, list)))
        };
        (at.checked_sub(1).and_then(|at| link("Previous query", at)), link("Next query", at + 1))
    }

    /// The first query in each other order.
    async fn jumps(&self) -> Result<Vec<Link>> {
        let mut jumps = Vec::new();
        if !self.can_be_viewed() || difficulty(self.app, self.data).await?.is_none() {
            return Ok(jumps);
        }
        for (order, label) in [("hardest", "Hardest query"), ("disagreed", "Most disagreed query")]
        {
            let list = Wanted { order: order.to_owned(), ..Wanted::default() };
            if let Ok(found) = list.find(self.app, self.data).await
                && let Some(place) = found.places.first()
            {
                jumps.push(Link::new(label, self.to(*place, &list)));
            }
        }
        Ok(jumps)
    }
}
