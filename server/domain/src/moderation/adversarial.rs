//! Broken files as teams send them, by mistake or on purpose, made for a benchmark, and the
//! messages that teams would get. Nothing is stored.

use dataset::{Gallery, Group, ItemId, Protocol, Split};
use scoring::{Benchmark, GroupRun, Limits, Problems, Task, Upload};

use crate::challenges::Source;
use crate::entities::benchmark;
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// About how much memory a file takes per query; it is made in one piece.
const QUERY_BYTES: u64 = 4096;

/// A file that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Its content in words.
    pub name: String,
    /// What its team would see: its warnings, or all its problems.
    pub told: std::result::Result<Problems, Problems>,
}

/// The material for the files.
struct Material<'a> {
    benchmark: &'a Benchmark,
    /// Another split of the same data set, if there is one.
    other: Option<Split>,
}

/// A group with a ranking for each of its queries.
struct Run {
    group: Group,
    rankings: Vec<Vec<u32>>,
}

/// What teams would see for such files, one after the other.
pub async fn adversarial(site: &SubmissionsSite, row: &benchmark::Model) -> Result<Vec<Tried>> {
    let ready = site.benchmarks.get(row).await?;
    let (source, limits) = (Source::of(row)?, site.reading.clone());
    let queries: usize = ready.benchmark.groups().iter().map(|group| group.queries.len()).sum();
    let bytes = QUERY_BYTES * queries as u64;
    let memory = site.memory.wait_for(bytes).await?;
    let tried = tokio::task::spawn_blocking(move || {
        let material = Material { benchmark: &ready.benchmark, other: another_split(&source) };
        let tried = material.tried(&limits);
        drop(memory);
        tried
    });
    tried.await.map_err(|e| Error::internal("try files", e))?
}

/// Another split of the data set. One that can't be read is ignored.
fn another_split(source: &Source) -> Option<Split> {
    let folder = source.data();
    let contents = folder.contents().ok()?;
    let others = ["val", "test", "train"].into_iter();
    let mut others = others.filter(|name| *name != source.split && contents.contains_key(*name));
    folder.split(others.next()?, Protocol::Original).ok()
}

impl Material<'_> {
    fn tried(&self, limits: &Limits) -> Result<Vec<Tried>> {
        let need = self.task().list_length;
        let mut tried = vec![
            self.try_file("an empty file".to_owned(), &[], limits),
            self.try_file(
                "a random submission: the unchanged template".to_owned(),
                &self.template()?,
                limits,
            ),
        ];
        let mut add =
            |name: String, bytes: Vec<u8>| tried.push(self.try_file(name, &bytes, limits));
        add(format!("the same {need} items for every query"), self.same_items()?);
        add("a submission for another split".to_owned(), self.of_another_split()?);
        add(format!("{} items in one ranking", need - 1), self.too_few()?);
        add("an item from another gallery".to_owned(), self.stray_item()?);
        add("one query missing".to_owned(), self.missing_query()?);
        let runs = self.runs();
        for (name, bytes) in self.task().own_mistakes(&borrowed(&runs)) {
            add(name.to_owned(), bytes);
        }
        Ok(tried)
    }

    fn task(&self) -> &'static Task {
        self.benchmark.task()
    }

    fn try_file(&self, name: String, bytes: &[u8], limits: &Limits) -> Tried {
        let upload = Upload::Bytes { name: "the upload", bytes };
        let told = scoring::read(&upload, self.benchmark, limits);
        Tried { name, told: told.map(|reading| reading.warnings) }
    }

    /// A valid run, with different items for each query, without its reference.
    fn runs(&self) -> Vec<Run> {
        self.benchmark.groups().iter().map(|group| self.run(group)).collect()
    }

    fn run(&self, group: &Group) -> Run {
        let need = self.benchmark.need(group);
        let rankings = (0..group.queries.len()).map(|query| some_items(group, query, need));
        Run { rankings: rankings.collect(), group: group.clone() }
    }

    fn template(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        scoring::write_template(&mut bytes, self.benchmark, 0)
            .map_err(|e| Error::internal("write a template", e))?;
        Ok(bytes)
    }

    fn same_items(&self) -> Result<Vec<u8>> {
        let mut runs = self.runs();
        for run in &mut runs {
            let first: Vec<u32> = (0..self.benchmark.need(&run.group) as u32).collect();
            run.rankings.iter_mut().for_each(|ranking| ranking.clone_from(&first));
        }
        self.written(&runs)
    }

    fn of_another_split(&self) -> Result<Vec<u8>> {
        let Some(other) = &self.other else {
            // The data set has only one split: use ids that are in no split.
            let mut runs = self.runs();
            for run in &mut runs {
                let names = run.group.gallery.clone();
                let renamed = |id: &str| stranger(id, &names);
                let items = names.iter().map(renamed).collect::<Result<Vec<_>>>()?;
                run.group.gallery = Gallery::new(items)
                    .map_err(|e| Error::internal("rename items", e.to_string()))?;
                for query in &mut run.group.queries {
                    query.reference = stranger(query.reference.as_str(), &names)?;
                }
            }
            return self.written(&runs);
        };
        let runs: Vec<Run> = other.groups.iter().map(|group| self.run(group)).collect();
        self.written_as(&other.name, &runs)
    }

    fn too_few(&self) -> Result<Vec<u8>> {
        let mut runs = self.runs();
        if let Some(ranking) = runs.first_mut().and_then(|run| run.rankings.first_mut()) {
            ranking.pop();
        }
        self.written(&runs)
    }

    fn stray_item(&self) -> Result<Vec<u8>> {
        let mut runs = self.runs();
        let groups = self.benchmark.groups();
        if let Some(run) = runs.first_mut() {
            let own = run.group.gallery.clone();
            let is_stray = |item: &&str| own.index_of(item.as_bytes()).is_none();
            let mut others = groups.iter().skip(1).flat_map(|group| group.gallery.iter());
            let stray = match (others.find(is_stray), own.is_empty()) {
                (Some(item), _) => ItemId::new(item).map_err(Error::unusable)?,
                (None, true) => return self.written(&runs),
                (None, false) => stranger(own.item(0), &own)?,
            };
            let items = own.iter().map(|id| ItemId::new(id).map_err(Error::unusable));
            let items = items.chain([Ok(stray)]).collect::<Result<Vec<_>>>()?;
            run.group.gallery =
                Gallery::new(items).map_err(|e| Error::internal("add an item", e.to_string()))?;
            if let Some(item) = run.rankings.first_mut().and_then(|ranking| ranking.last_mut()) {
                *item = own.len() as u32;
            }
        }
        self.written(&runs)
    }

    fn missing_query(&self) -> Result<Vec<u8>> {
        let mut runs = self.runs();
        if let Some(run) = runs.first_mut() {
            run.group.queries.pop();
            run.rankings.pop();
        }
        self.written(&runs)
    }

    fn written(&self, runs: &[Run]) -> Result<Vec<u8>> {
        self.written_as(self.benchmark.split(), runs)
    }

    fn written_as(&self, split: &str, runs: &[Run]) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let written = self.task().write_run(&mut bytes, split, &borrowed(runs));
        written.map_err(|e| Error::internal("write a submission", e))?;
        Ok(bytes)
    }
}

fn borrowed(runs: &[Run]) -> Vec<GroupRun<'_>> {
    let run = |run| {
        let Run { group, rankings }: &Run = run;
        GroupRun { group, rankings: rankings.clone() }
    };
    runs.iter().map(run).collect()
}

/// As many items as a ranking needs, different for each query, without its reference.
fn some_items(group: &Group, position: usize, need: usize) -> Vec<u32> {
    let (all, reference) = (group.gallery.len(), &group.queries[position].reference);
    let reference = group.gallery.index_of(reference.as_str().as_bytes());
    let turned = (0..all).map(|i| ((i + position) % all) as u32);
    turned.filter(|item| Some(*item) != reference).take(need).collect()
}

/// An id that a gallery does not have: with nines in front, so that a number stays a number.
fn stranger(id: &str, gallery: &Gallery) -> Result<ItemId> {
    let mut name = format!("9{id}");
    while gallery.index_of(name.as_bytes()).is_some() {
        name.insert(0, '9');
    }
    ItemId::new(&name).map_err(Error::unusable)
}
