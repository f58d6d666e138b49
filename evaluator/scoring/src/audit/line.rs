//! Items on a line, ranked by how near they are to a point: what a position or an id is worth.

use dataset::{Group, Targets};

use super::{RecallAlone, references};

/// A whole number for each item of a gallery.
pub(super) struct Line {
    /// By gallery index.
    numbers: Vec<u128>,
    sorted: Vec<u128>,
}

/// How an item ranks by nearness to a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Near {
    /// How many other items are nearer.
    nearer: usize,
    /// How many are exactly as near, itself included.
    as_near: usize,
}

impl Line {
    pub(super) fn new(numbers: Vec<u128>) -> Self {
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        Self { numbers, sorted }
    }

    pub(super) fn number(&self, item: u32) -> u128 {
        self.numbers[item as usize]
    }

    /// How an item ranks among all.
    pub(super) fn near(&self, point: u128, item: u32) -> Near {
        let distance = point.abs_diff(self.number(item));
        let below = |bound: Option<u128>, or_at: bool| {
            let Some(bound) = bound else { return 0 };
            self.sorted.partition_point(|&x| if or_at { x <= bound } else { x < bound })
        };
        let (left, right) = (point.checked_sub(distance), point.saturating_add(distance));
        let within = below(Some(right), true) - below(left, false);
        // at distance 0 both ends are the same point
        let inside = below(Some(right), false).saturating_sub(below(left, true));
        Near { nearer: inside, as_near: within - inside }
    }

    /// How an item ranks among all but another one; none if it is that one.
    fn near_without(&self, point: u128, item: u32, without: Option<u32>) -> Option<Near> {
        let mut near = self.near(point, item);
        let Some(without) = without else { return Some(near) };
        if without == item {
            return None;
        }
        let own = point.abs_diff(self.number(item));
        match point.abs_diff(self.number(without)).cmp(&own) {
            std::cmp::Ordering::Less => near.nearer -= 1,
            std::cmp::Ordering::Equal => near.as_near -= 1,
            std::cmp::Ordering::Greater => (),
        }
        Some(near)
    }

    /// The recall of someone who ranks the items by nearness to each query's point, with equally near ones
    /// in random order and without the reference. A query without a point finds nothing.
    pub(super) fn recall(
        &self,
        group: &Group,
        targets: &Targets,
        point: impl Fn(usize) -> Option<u128>,
    ) -> RecallAlone {
        let references = references(group);
        let (mut at_10, mut at_50) = (0.0, 0.0);
        for (query, &reference) in references.iter().enumerate() {
            let Some(point) = point(query) else { continue };
            let near = targets.of(query).iter();
            let near = near.filter_map(|&target| self.near_without(point, target, reference));
            let best = near.min_by(|a, b| a.rank().total_cmp(&b.rank()));
            at_10 += best.map_or(0.0, |near| near.hit(10));
            at_50 += best.map_or(0.0, |near| near.hit(50));
        }
        let n = references.len().max(1) as f64;
        RecallAlone { at_10: at_10 / n, at_50: at_50 / n }
    }
}

impl Near {
    /// The mean rank, from 1.
    pub(super) fn rank(self) -> f64 {
        self.nearer as f64 + f64::midpoint(self.as_near as f64, 1.0)
    }

    /// The probability to be among the first k.
    fn hit(self, k: usize) -> f64 {
        (k.saturating_sub(self.nearer) as f64 / self.as_near as f64).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_rank_by_nearness_and_equally_near_ones_share_a_rank() {
        let line = Line::new(vec![3, 10, 5, 7, 7, 0]);
        let near = |point, item| line.near(point, item);
        assert_eq!(near(5, 2), Near { nearer: 0, as_near: 1 });
        assert_eq!(near(5, 0), Near { nearer: 1, as_near: 3 }, "3 and both 7 are as near");
        assert_eq!(near(5, 1), Near { nearer: 4, as_near: 2 }, "0 and 10");
        assert_eq!(near(0, 5), Near { nearer: 0, as_near: 1 });
        assert_eq!(near(1, 1), Near { nearer: 5, as_near: 1 }, "nothing is below zero");
        assert_eq!(near(5, 0).rank().to_string(), "3");
        let thirds = |k: usize| format!("{:.0}", 3.0 * near(5, 0).hit(k));
        assert_eq!([1, 2, 3, 4, 9].map(thirds), ["0", "1", "2", "3", "3"]);
        assert_eq!(line.near_without(5, 0, Some(2)), Some(Near { nearer: 0, as_near: 3 }));
        assert_eq!(line.near_without(5, 0, Some(3)), Some(Near { nearer: 1, as_near: 2 }));
        assert_eq!(line.near_without(5, 0, Some(0)), None);
    }
}
