//! What a board shows before the reveal.

use super::world::Hit;
use crate::statistics::{Ladder, QueryValues};

/// What a board shows of a submission before the reveal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    pub(super) shows: Shows,
    /// To which unit numbers are rounded; 0 if they are exact.
    pub(super) unit: f64,
    pub(super) of_share: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shows {
    /// Two recalls of each group.
    Recalls,
    /// The mean recall.
    Overall,
    /// The mean recall of the team's best submission, by the Ladder.
    Ladder(Ladder),
}

impl Policy {
    /// Every policy, from the most that a board can show to the least.
    pub const ALL: [Self; 10] = [
        Self::new("recalls", "recalls of each group, exact", Shows::Recalls, 0.0),
        Self::new("recalls-0.1", "recalls of each group to 0.1 %", Shows::Recalls, 0.001),
        Self::new("recalls-1", "recalls of each group to 1 %", Shows::Recalls, 0.01),
        Self::new("overall", "overall, exact", Shows::Overall, 0.0),
        Self::new("overall-0.01", "overall to 0.01 %", Shows::Overall, 0.0001),
        Self::new("overall-0.1", "overall to 0.1 %", Shows::Overall, 0.001),
        Self::new("ladder", "Ladder, parameter-free", Shows::Ladder(Ladder::ParameterFree), 0.0),
        Self::new("ladder-0.1", "Ladder, step 0.1 %", Shows::Ladder(Ladder::Step(0.001)), 0.0),
        Self::new("ladder-0.5", "Ladder, step 0.5 %", Shows::Ladder(Ladder::Step(0.005)), 0.0),
        Self {
            of_share: true,
            ..Self::new(
                "share",
                "feedback share: recalls of each group, exact",
                Shows::Recalls,
                0.0,
            )
        },
    ];

    const fn new(name: &'static str, title: &'static str, shows: Shows, unit: f64) -> Self {
        Self { name, title, shows, unit, of_share: false }
    }

    /// Whether scores are those of a feedback share, and the final ranking that of the rest.
    pub const fn has_share(&self) -> bool {
        self.of_share
    }

    /// The numbers of a submission that found this: for each group Recall@10 and Recall@50,
    /// or the overall score alone.
    pub(super) fn publish(&self, hits: &[Vec<Hit>]) -> Vec<f64> {
        let exact = match self.shows {
            Shows::Recalls => hits.iter().flat_map(|group| recalls(group)).collect(),
            Shows::Overall | Shows::Ladder(_) => vec![mean_recall(hits)],
        };
        if self.unit == 0.0 {
            return exact;
        }
        exact
            .into_iter()
            .map(|number: f64| (number / self.unit + 1e-9).round() * self.unit)
            .collect()
    }
}

/// Recall@10 and Recall@50.
fn recalls(group: &[Hit]) -> [f64; 2] {
    let share =
        |k: usize| group.iter().filter(|hit| hit[k]).count() as f64 / group.len().max(1) as f64;
    [share(0), share(1)]
}

/// The mean of both recalls over all groups.
pub(super) fn mean_recall(hits: &[Vec<Hit>]) -> f64 {
    let of_group = |group: &Vec<Hit>| recalls(group).iter().sum::<f64>() / 2.0;
    hits.iter().map(of_group).sum::<f64>() / hits.len().max(1) as f64
}

/// The mean recall of each query.
pub(super) fn query_values(hits: &[Vec<Hit>]) -> QueryValues {
    let value = |hit: &Hit| f64::from(u8::from(hit[0]) + u8::from(hit[1])) / 2.0;
    QueryValues::new(hits.iter().map(|group| group.iter().map(value).collect()).collect())
}
