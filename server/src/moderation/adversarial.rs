//! Files as teams send them by mistake or to see what happens, made of a benchmark, and what they are
//! told. Nothing is kept of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use dataset::{Folder, Group, Protocol, Split};
use scoring::{Benchmark, Limits, NEEDED, Problems, Upload};
use serde::Serialize;

use crate::app::App;
use crate::challenges::Source;
use crate::entities::benchmark;
use crate::error::{Error, Result};

/// A file takes about so much memory for each query, and it is made in one piece.
const QUERY_BYTES: u64 = 4096;

/// What is made, and how.
struct Case {
    name: &'static str,
    make: fn(&Material<'_>) -> Result<Vec<u8>>,
}

const CASES: [Case; 8] = [
    Case { name: "an empty file", make: |_| Ok(Vec::new()) },
    Case { name: "a random run: the template as it is", make: random },
    Case { name: "the same 50 items for every query", make: same_items },
    Case { name: "rows in another order, without captions", make: shuffled },
    Case { name: "a run of another split", make: of_another_split },
    Case { name: "49 items in one ranking", make: too_few },
    Case { name: "an item of another gallery", make: stray_item },
    Case { name: "one query missing", make: missing_query },
];

/// A file that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// What is in it.
    pub name: &'static str,
    /// What its team would be told: what is odd about it, or all that is wrong with it.
    pub told: std::result::Result<Problems, Problems>,
}

/// Of what the files are made.
struct Material<'a> {
    benchmark: &'a Benchmark,
    /// Another split of the same data set, if there is one.
    other: Option<Split>,
}

/// One object of a file.
#[derive(Serialize)]
struct Row<'a> {
    candidate: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    captions: Option<&'a [String]>,
    ranking: Vec<Cow<'a, str>>,
}

type Rows<'a> = BTreeMap<&'a str, Vec<Row<'a>>>;

/// What teams would be told of such files, one after the other.
pub async fn adversarial(app: &App, row: &benchmark::Model) -> Result<Vec<Tried>> {
    let ready = app.benchmarks.get(row).await?;
    let (source, limits) = (Source::of(row)?, app.settings.reading.clone());
    let bytes = QUERY_BYTES * row.queries.max(0) as u64;
    let memory = app.pressure.memory.wait_for(bytes).await?;
    let tried = tokio::task::spawn_blocking(move || {
        let material = Material { benchmark: &ready.benchmark, other: another_split(&source) };
        let tried = CASES.iter().map(|case| case.tried(&material, &limits)).collect();
        drop(memory);
        tried
    });
    tried.await.map_err(|e| Error::internal("try files", e))?
}

/// Another split of the data set. One that can't be read is as good as none.
fn another_split(source: &Source) -> Option<Split> {
    let folder = Folder::new(&source.folder);
    let contents = folder.contents().ok()?;
    let others = ["val", "test", "train"].into_iter();
    let mut others = others.filter(|name| *name != source.split && contents.contains_key(*name));
    folder.split(others.next()?, Protocol::Original).ok()
}

impl Case {
    fn tried(&self, material: &Material<'_>, limits: &Limits) -> Result<Tried> {
        let bytes = (self.make)(material)?;
        let upload = Upload::Bytes { name: "the upload", bytes: &bytes };
        let told = scoring::read(&upload, material.benchmark, limits);
        Ok(Tried { name: self.name, told: told.map(|reading| reading.warnings) })
    }
}

fn random(material: &Material<'_>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    scoring::write_template(&mut bytes, material.benchmark, 0)
        .map_err(|e| Error::internal("write a template", e))?;
    Ok(bytes)
}

fn same_items(material: &Material<'_>) -> Result<Vec<u8>> {
    let first = |group: &Group| NEEDED.min(group.gallery.len()) as u32;
    let ranking = |group: &Group, _: usize| (0..first(group)).collect();
    written(&material.rows(ranking))
}

fn shuffled(material: &Material<'_>) -> Result<Vec<u8>> {
    let mut rows = material.rows(some_items);
    for rows in rows.values_mut() {
        rows.reverse();
        for row in rows {
            row.captions = None;
        }
    }
    written(&rows)
}

fn of_another_split(material: &Material<'_>) -> Result<Vec<u8>> {
    let Some(other) = &material.other else {
        // The data set has one split only: ids as no split of it has them.
        let mut rows = material.rows(some_items);
        for row in rows.values_mut().flatten() {
            row.candidate = elsewhere(&row.candidate);
            for item in &mut row.ranking {
                *item = elsewhere(item);
            }
        }
        return written(&rows);
    };
    let rows = |group| (of_name(group), rows(group, some_items));
    written(&other.groups.iter().map(rows).collect())
}

fn too_few(material: &Material<'_>) -> Result<Vec<u8>> {
    let mut rows = material.rows(some_items);
    if let Some(row) = first(&mut rows) {
        row.ranking.truncate(NEEDED - 1);
    }
    written(&rows)
}

fn stray_item(material: &Material<'_>) -> Result<Vec<u8>> {
    let groups = material.benchmark.groups();
    let mut rows = material.rows(some_items);
    let is_stray = |item: &&str| groups[0].gallery.index_of(item.as_bytes()).is_none();
    let mut others = groups.iter().skip(1).flat_map(|group| group.gallery.iter());
    let stray = others.find(is_stray).map(Cow::Borrowed);
    if let Some(row) = first(&mut rows)
        && let Some(item) = row.ranking.last_mut()
    {
        *item = stray.unwrap_or_else(|| elsewhere(item));
    }
    written(&rows)
}

fn missing_query(material: &Material<'_>) -> Result<Vec<u8>> {
    let mut rows = material.rows(some_items);
    if let Some(rows) = rows.values_mut().next() {
        rows.pop();
    }
    written(&rows)
}

impl Material<'_> {
    /// A row for each query, with a ranking by its group and its position.
    fn rows(&self, ranking: impl Fn(&Group, usize) -> Vec<u32> + Copy) -> Rows<'_> {
        self.benchmark.groups().iter().map(|group| (of_name(group), rows(group, ranking))).collect()
    }
}

fn of_name(group: &Group) -> &str {
    &group.name
}

fn rows(group: &Group, ranking: impl Fn(&Group, usize) -> Vec<u32>) -> Vec<Row<'_>> {
    let mut rows = Vec::with_capacity(group.queries.len());
    for (position, query) in group.queries.iter().enumerate() {
        let items = ranking(group, position);
        rows.push(Row {
            candidate: Cow::Borrowed(query.reference.as_str()),
            captions: Some(&query.captions),
            ranking: items.into_iter().map(|i| Cow::Borrowed(group.gallery.item(i))).collect(),
        });
    }
    rows
}

/// As many items as a ranking needs, others for each query, and not its reference.
fn some_items(group: &Group, position: usize) -> Vec<u32> {
    let (all, reference) = (group.gallery.len(), &group.queries[position].reference);
    let reference = group.gallery.index_of(reference.as_str().as_bytes());
    let turned = (0..all).map(|i| ((i + position) % all) as u32);
    turned.filter(|item| Some(*item) != reference).take(NEEDED).collect()
}

fn first<'r, 'a>(rows: &'r mut Rows<'a>) -> Option<&'r mut Row<'a>> {
    rows.values_mut().next()?.first_mut()
}

/// An id that no gallery has.
fn elsewhere<'a>(id: &str) -> Cow<'a, str> {
    Cow::Owned(format!("?{id}").chars().take(64).collect())
}

fn written(rows: &Rows<'_>) -> Result<Vec<u8>> {
    serde_json::to_vec(rows).map_err(|e| Error::internal("write a run", e))
}
