//! Probes: rankings that use neither query nor picture.
//!
//! They are shown and marked, never ranked: the files give a probe's score away. On the official val
//! split, whose galleries are in the order of the queries' targets, `order` reaches four times the
//! score of any model here.

use dataset::Group;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scoring::{FASHION_IQ, GroupRun};

use crate::top::top;

/// By item ids: nearest to the reference's, read as a number in base 36. Items of a product line have
/// neighbouring numbers.
pub fn ids(group: &Group, seed: u64) -> GroupRun<'_> {
    let numbers: Vec<u128> = group.gallery.iter().map(number).collect();
    rank(group, seed, |query, scores| {
        let own = number(group.queries[query].reference.as_str());
        for (score, &other) in scores.iter_mut().zip(&numbers) {
            *score = nearness(own.abs_diff(other) as f64);
        }
    })
}

/// By the order of the files: nearest to where the query's target would be if targets were spread
/// evenly over the gallery, in the queries' order: query i of n at (i + 1)(N + 1) / (n + 1).
pub fn order(group: &Group, seed: u64) -> GroupRun<'_> {
    let step = (group.gallery.len() + 1) as f64 / (group.queries.len() + 1) as f64;
    rank(group, seed, |query, scores| {
        let expected = (query + 1) as f64 * step;
        for (at, score) in scores.iter_mut().enumerate() {
            *score = nearness(((at + 1) as f64 - expected).abs());
        }
    })
}

/// By the order of the files and a model: each query's posterior over positions, if targets are at
/// strictly increasing ones, with geometric gaps of mean N / n, and the model's scores, as logarithms
/// of probabilities, say the rest (forward-backward; Rabiner 1989, section III).
///
/// `score` fills in the model's scores of one query.
pub fn order_and_model(
    group: &Group,
    seed: u64,
    score: impl FnMut(usize, &mut [f32]),
) -> GroupRun<'_> {
    let posterior = posterior(group.queries.len(), group.gallery.len(), score);
    rank(group, seed, |query, scores| scores.copy_from_slice(&posterior[query]))
}

fn posterior(
    queries: usize,
    items: usize,
    mut score: impl FnMut(usize, &mut [f32]),
) -> Vec<Vec<f32>> {
    let chance = queries as f64 / items.max(1) as f64;
    let mut told: Vec<Vec<f32>> = Vec::with_capacity(queries);
    let mut row = vec![0.0; items];
    for query in 0..queries {
        row.fill(0.0);
        score(query, &mut row);
        let best = row.iter().copied().fold(f32::MIN, f32::max);
        told.push(row.iter().map(|score| (score - best).exp()).collect());
    }
    let mut forward: Vec<Vec<f32>> = Vec::with_capacity(queries);
    let mut before: Vec<f64> =
        (0..items).map(|at| chance * (1.0 - chance).powi(at as i32)).collect();
    for told in &told {
        let here: Vec<f64> = before.iter().zip(told).map(|(p, &t)| p * f64::from(t)).collect();
        let here = scaled(here);
        before = after(here.iter().copied(), chance);
        forward.push(here.into_iter().map(|p| p as f32).collect());
    }
    let mut later = vec![1.0; items];
    for (told, forward) in told.iter().zip(&mut forward).rev() {
        let here: Vec<f64> = later.iter().zip(told).map(|(p, &t)| p * f64::from(t)).collect();
        for (forward, later) in forward.iter_mut().zip(&later) {
            *forward = (f64::from(*forward) * later) as f32;
        }
        later = scaled(after(here.into_iter().rev(), chance).into_iter().rev().collect());
        scale_single(forward);
    }
    forward
}

/// Σ over all earlier positions of here × p (1 − p)^(gap − 1), at each position.
fn after(here: impl Iterator<Item = f64>, chance: f64) -> Vec<f64> {
    let mut sum = 0.0;
    here.map(|p| {
        let now = sum;
        sum = sum * (1.0 - chance) + p * chance;
        now
    })
    .collect()
}

/// With a largest value of 1, so that products of thousands of rows stay numbers.
fn scaled(mut row: Vec<f64>) -> Vec<f64> {
    let most = row.iter().copied().fold(0.0, f64::max);
    if most > 0.0 {
        for p in &mut row {
            *p /= most;
        }
    }
    row
}

fn scale_single(row: &mut [f32]) {
    let most = row.iter().copied().fold(0.0, f32::max);
    if most > 0.0 {
        for p in row {
            *p /= most;
        }
    }
}

/// Falls with distance; 32 bits distinguish distances up to some millions, which is enough for ranks.
fn nearness(distance: f64) -> f32 {
    (1.0 / (1.0 + distance)) as f32
}

/// An id as a number in base 36; of a long id the first 24 digits.
fn number(id: &str) -> u128 {
    let digits = id.chars().filter_map(|c| c.to_digit(36)).take(24);
    digits.fold(0, |number, digit| number * 36 + u128::from(digit))
}

fn rank(group: &Group, seed: u64, mut score: impl FnMut(usize, &mut [f32])) -> GroupRun<'_> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut scores = vec![0.0; group.gallery.len()];
    let mut ranking = |query: usize| {
        score(query, &mut scores);
        let reference = group.gallery.index_of(group.queries[query].reference.as_str().as_bytes());
        let mut best = top(&scores, reference, FASHION_IQ.list_length, &mut chance);
        if best.len() < FASHION_IQ.list_length.min(group.gallery.len()) {
            best.extend(reference);
        }
        best
    };
    let rankings = (0..group.queries.len()).map(&mut ranking).collect();
    GroupRun { group, rankings }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_numbers_in_base_36() {
        assert_eq!(number("B1"), 11 * 36 + 1);
        assert_eq!(number("B000000010") - number("B00000000Z"), 1);
        assert!(number(&"Z".repeat(64)) > 0);
    }

    #[test]
    fn increasing_positions_settle_what_the_scores_leave_open() {
        // Three queries, six positions; the first and last are certain, the middle one could be at a
        // position before the first or at one between.
        let sure = [
            [0.0, 9.0, 0.0, 0.0, 0.0, 0.0],
            [5.0, 0.0, 0.0, 5.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, 9.0, 0.0],
        ];
        let posterior = posterior(3, 6, |query, row| row.copy_from_slice(&sure[query]));
        let best = |row: &Vec<f32>| (0..6).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap();
        assert_eq!(posterior.iter().map(best).collect::<Vec<_>>(), [1, 3, 4]);
        assert!(posterior[1][0] < 1e-3, "{posterior:?}");
    }
}
