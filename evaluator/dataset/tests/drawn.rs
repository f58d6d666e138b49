//! The drawn garments, read back as any data set is, and looked at as a cheater and as an honest
//! scorer would.
#![cfg(feature = "draw")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use dataset::draw::{Aspect, Drawn, Garment, Plan, Seed, draw};
use dataset::{Check, Folder, Group, Protocol};

fn drawn(items: usize, splits: &[&str]) -> Drawn {
    let seed: Seed = "20190601".parse().unwrap();
    let splits = splits.iter().map(|s| (*s).to_owned()).collect();
    draw(&Plan { items, seed, splits }).unwrap()
}

/// A drawn val split, written and read back, with the garment of each item in gallery order.
struct Val {
    folder: Folder,
    groups: Vec<(Group, Vec<Garment>)>,
    _dir: tempfile::TempDir,
}

fn val(items: usize) -> Val {
    let dir = tempfile::tempdir().unwrap();
    let drawn = drawn(items, &["val"]);
    drawn.write(dir.path()).unwrap();
    let folder = Folder::new(dir.path());
    let split = folder.split("val", Protocol::Original).unwrap();
    let garments = |name: &str| {
        let group = drawn.groups().iter().find(|g| g.category().name() == name).unwrap();
        group.items().iter().map(|item| item.garment).collect()
    };
    let groups = split.groups.into_iter().map(|g| (g.clone(), garments(&g.name))).collect();
    Val { folder, groups, _dir: dir }
}

fn reference(group: &Group, query: usize) -> usize {
    group.gallery.index_of(group.queries[query].reference.as_str().as_bytes()).unwrap() as usize
}

fn target(group: &Group, query: usize) -> usize {
    group.targets.as_ref().unwrap().of(query)[0] as usize
}

/// The share of queries whose target is among the first k by score, ties in the gallery's order.
fn recall(group: &Group, k: usize, mut score: impl FnMut(usize, usize) -> f64) -> f64 {
    let mut hit = |query: usize| {
        let target = target(group, query);
        let scores: Vec<f64> = (0..group.gallery.len()).map(|item| score(query, item)).collect();
        let before = |item: usize| {
            scores[item] > scores[target] || (scores[item] == scores[target] && item < target)
        };
        (0..scores.len()).filter(|&item| before(item)).count() < k
    };
    let hits = (0..group.queries.len()).filter(|&query| hit(query)).count();
    hits as f64 / group.queries.len() as f64
}

fn alike(a: &Garment, b: &Garment) -> f64 {
    (Aspect::ALL.len() - a.differences(b).len()) as f64
}

/// The plain words for a garment, one list an aspect.
fn names(g: &Garment) -> Vec<String> {
    let names = [
        g.kind.name(),
        g.colour.name(),
        g.pattern.name(),
        g.accent.map_or("", |c| c.name()),
        g.fabric.name(),
        g.sleeve.name(),
        g.neckline.name(),
        g.length.name(),
        g.fit.name(),
        g.detail.name(),
    ];
    names.iter().flat_map(|n| n.split(' ')).map(str::to_owned).collect()
}

#[test]
fn experiment() {
    for n in [1000, 4000] {
        let val = val(n);
        for (group, garments) in &val.groups {
            let words: Vec<BTreeSet<String>> =
                garments.iter().map(|g| names(g).into_iter().collect()).collect();
            let said: Vec<BTreeSet<String>> = group
                .queries
                .iter()
                .map(|q| {
                    q.captions
                        .iter()
                        .flat_map(|c| c.split_whitespace())
                        .map(|w| w.trim_matches('.').to_lowercase())
                        .filter(|w| w.len() > 2 && w != "has" && w != "and")
                        .collect()
                })
                .collect();
            let attributes = val.folder.attributes(&group.name, "val").unwrap();
            let has: Vec<BTreeSet<&str>> = group
                .gallery
                .iter()
                .map(|id| attributes.words(id).map(|w| w.1).collect())
                .collect();
            let refs: Vec<usize> = (0..group.queries.len()).map(|q| reference(group, q)).collect();
            let by_ref = |q: usize, i: usize| alike(&garments[refs[q]], &garments[i]);
            let by_said = |q: usize, i: usize| said[q].intersection(&words[i]).count() as f64;
            let file = |q: usize, i: usize| {
                let (a, b) = (&has[refs[q]], &has[i]);
                a.intersection(b).count() as f64
                    / ((1 + a.len()) as f64 * (1 + b.len()) as f64).sqrt()
            };
            let file_said = |q: usize, i: usize| {
                said[q].iter().filter(|w| has[i].contains(w.as_str())).count() as f64
            };
            let no_self = |q: usize, i: usize| if refs[q] == i { -100.0 } else { 0.0 };
            let r = |f: &dyn Fn(usize, usize) -> f64| {
                format!(
                    "{:5.1}/{:5.1}",
                    100.0 * recall(group, 10, |q, i| f(q, i) + no_self(q, i)),
                    100.0 * recall(group, 50, |q, i| f(q, i) + no_self(q, i))
                )
            };
            eprintln!(
                "{} {n}: ref {} said {} both {} | file ref {} said {} both {}",
                group.name,
                r(&by_ref),
                r(&by_said),
                r(&|q, i| by_ref(q, i) + 1.5 * by_said(q, i)),
                r(&file),
                r(&file_said),
                r(&|q, i| file(q, i) + 0.3 * file_said(q, i))
            );
            for q in 0..8 {
                if n == 1000 {
                    eprintln!("   {:?}  {:?}", group.queries[q].captions, has[refs[q]]);
                }
            }
        }
        eprintln!("{}", Check::run(&val.folder).unwrap());
    }
}
