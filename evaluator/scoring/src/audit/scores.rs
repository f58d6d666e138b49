//! Does the order of the files fit a model's scores? This needs no targets.

use dataset::Group;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::permuted::mean_and_deviation;
use super::student::two_sided_student;
use super::{Check, Finding};
use crate::{Error, Result};

const CHECK: Check = Check {
    name: "order_by_scores",
    title: "the order of queries and gallery, seen by a model",
    advice: "publish galleries and lists of queries in a secret random order (publish = \"keyed\"); if these \
             files are public already, treat their scores as those of public targets",
};

/// How many random orders of the gallery the published one is compared with. Odd, so that their Student t
/// has an even number of degrees of freedom.
const ORDERS: u32 = 21;

/// The probability that a target is anywhere, whatever the scores say: no single query can decide alone.
const ANYWHERE: f32 = 0.01;

/// A model's scores of all items of a gallery for all queries of a group.
pub struct Scores {
    items: usize,
    /// Row after row, one a query.
    values: Vec<f32>,
}

impl Scores {
    /// Takes the scores query after query, each with one for every item in the order of the gallery. They
    /// are logarithms of probabilities up to a constant of the query; higher is better.
    ///
    /// # Errors
    /// If there are not as many as queries times items, or one is not a finite number.
    pub fn new(group: &Group, values: Vec<f32>) -> Result<Self> {
        let (queries, items) = (group.queries.len(), group.gallery.len());
        if values.len() != queries * items {
            return Err(Error::number_of_scores(&group.name, values.len(), queries, items));
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::score_not_finite(&group.name, at / items, at % items));
        }
        Ok(Self { items, values })
    }

    /// The probability of each item, by query.
    fn into_probabilities(mut self) -> Vec<f32> {
        for row in self.values.chunks_exact_mut(self.items.max(1)) {
            let best = row.iter().copied().fold(f32::MIN, f32::max);
            let mut sum = 0.0_f64;
            for value in row.iter_mut() {
                *value = (*value - best).exp();
                sum += f64::from(*value);
            }
            let scale = (1.0 - ANYWHERE) / sum as f32;
            let floor = ANYWHERE / self.items as f32;
            for value in row {
                *value = *value * scale + floor;
            }
        }
        self.values
    }
}

/// Whether positions of targets increase, or decrease, with the queries, by what a model's scores say about
/// the targets.
///
/// The log-likelihood of the scores if targets are at strictly increasing positions with geometric gaps of
/// mean N / n (the forward algorithm: Rabiner 1989, section III), in the published order of the gallery and in
/// random ones. It takes time in proportion to queries times items. None if there are not more items than
/// queries, or fewer than two queries.
pub fn order_by_scores(group: &Group, scores: Scores, seed: u64) -> Option<Finding> {
    let (queries, items) = (group.queries.len(), group.gallery.len());
    if queries < 2 || items <= queries {
        return None;
    }
    let probabilities = scores.into_probabilities();
    let chance = queries as f64 / items as f64;
    let of = |order: &[u32]| log_likelihood(&probabilities, order, chance);
    let published: Vec<u32> = (0..items as u32).collect();
    let reversed: Vec<u32> = published.iter().rev().copied().collect();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut order = published.clone();
    let drawn: Vec<f64> = (0..ORDERS)
        .map(|_| {
            order.shuffle(&mut random);
            of(&order)
        })
        .collect();
    let (mean, deviation) = mean_and_deviation(&drawn);
    let z = |value: f64| if deviation > 0.0 { (value - mean) / deviation } else { 0.0 };
    let (forward, backward) = (of(&published), of(&reversed));
    let (best, direction) =
        if forward >= backward { (forward, "rise") } else { (backward, "fall") };
    // the mean of the drawn orders is uncertain too; one side, and the better of two orders
    let t = z(best) / (1.0 + 1.0 / f64::from(ORDERS)).sqrt();
    let p = if t > 0.0 { two_sided_student(t, ORDERS - 1) } else { 1.0 };
    let what = format!(
        "if positions {direction} with the queries, the scores have log-likelihood {best:.1} in the published \
         order, and {mean:.1} ± {deviation:.1} in {ORDERS} random ones (z {:.1})",
        z(best)
    );
    Some(Finding::tested(CHECK, &group.name, p, what))
}

/// The log-likelihood of the rows of probabilities if each query's item is after the one before in an order
/// of the gallery.
fn log_likelihood(probabilities: &[f32], order: &[u32], chance: f64) -> f64 {
    let stay = 1.0 - chance;
    // the probability of each position before the query's own scores are seen, times `scale`
    let mut before: Vec<f64> = Vec::with_capacity(order.len());
    let mut first = chance;
    for _ in order {
        before.push(first);
        first *= stay;
    }
    let (mut scale, mut log) = (1.0, 0.0);
    for row in probabilities.chunks_exact(order.len()) {
        let (mut total, mut earlier) = (0.0, 0.0);
        for (before, &item) in before.iter_mut().zip(order) {
            let here = *before * scale * f64::from(row[item as usize]);
            *before = earlier;
            earlier = earlier * stay + here * chance;
            total += here;
        }
        log += total.ln();
        scale = 1.0 / total;
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Verdict;
    use crate::tests::kit::large;

    /// Scores that know the target of each query a little, if query i's is at `target(i)`.
    fn scores(group: &Group, target: impl Fn(usize) -> usize) -> Scores {
        let items = group.gallery.len();
        let noise = |at: usize| ((at * 7919 + at / 31) % 1009) as f32 / 250.0;
        let mut values: Vec<f32> = (0..group.queries.len() * items).map(noise).collect();
        for query in 0..group.queries.len() {
            values[query * items + target(query)] += 3.0;
        }
        Scores::new(group, values).unwrap()
    }

    #[test]
    fn an_order_that_follows_the_targets_is_found_without_them() {
        let benchmark = large(100, 300);
        let group = &benchmark.groups()[0];
        let verdict = |target: &dyn Fn(usize) -> usize| {
            order_by_scores(group, scores(group, target), 1).unwrap()
        };
        let rising = verdict(&|query| 3 * query + query % 3);
        assert_eq!(rising.verdict, Verdict::Leak, "{}", rising.what);
        let falling = verdict(&|query| 299 - 3 * query);
        assert_eq!(falling.verdict, Verdict::Leak, "{}", falling.what);
        assert!(falling.what.contains("positions fall"), "{}", falling.what);
        let shuffled = verdict(&|query| query * 77 % 300);
        assert_eq!(shuffled.verdict, Verdict::NothingFound, "{}", shuffled.what);
    }

    #[test]
    fn the_likelihood_is_the_sum_over_all_increasing_positions() {
        let rows = [0.7, 0.2, 0.1, 0.1, 0.3, 0.6];
        let chance = 0.5_f64;
        // first and second position, each with its gaps
        let sum = 0.5 * 0.7 * (0.5 * 0.3 + 0.25 * 0.6) + 0.25 * 0.2 * 0.5 * 0.6;
        let found = log_likelihood(&rows, &[0, 1, 2], chance);
        assert!((found - f64::ln(sum)).abs() < 1e-6, "{found}");
    }

    #[test]
    fn scores_of_another_shape_or_without_a_value_are_refused() {
        let benchmark = large(2, 3);
        let group = &benchmark.groups()[0];
        let error = |values| Scores::new(group, values).err().unwrap().to_string();
        assert!(error(vec![0.0; 5]).contains("5 scores"), "{}", error(vec![0.0; 5]));
        let nan = error(vec![0.0, 0.0, 0.0, 0.0, f32::NAN, 0.0]);
        assert!(nan.contains("query 1") && nan.contains("item 1"), "{nan}");
    }
}
