//! Which scores of a phase are shown to whom.

use std::fmt;

use scoring::{Measure, Task};

use super::Part;
use crate::ambient::Instant;
use crate::entities::benchmark::{self, TargetsAre};
use crate::entities::phase;
use crate::error::{Error, Result};

/// The name of the primary measure's value over all groups, in `challenge.toml`, the API and the
/// database.
pub const OVERALL: &str = "overall";

/// A score that a phase may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownScore {
    /// The primary measure over all groups, by which submissions are ranked.
    Overall,
    /// A measure, by group.
    ByGroup(Measure),
}

/// A set of scores, which decides the columns in pages, JSON, CSV and exports.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    task: &'static Task,
    overall: bool,
    /// One bit for each measure of the task, in the task's order.
    measures: u32,
}

impl fmt::Display for ShownScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overall => f.write_str(OVERALL),
            Self::ByGroup(measure) => measure.fmt(f),
        }
    }
}

/// The properties that decide which scores may be shown at all.
#[derive(Debug, Clone, Copy)]
pub struct Publishable {
    /// The task.
    pub task: &'static Task,
    /// Who can see the targets.
    pub targets: TargetsAre,
    /// Whether scores are on a feedback share until the reveal.
    pub divided: bool,
    /// Whether scores are on the Ladder until the reveal.
    pub laddered: bool,
}

impl Publishable {
    /// The most that may be shown before the reveal. For hidden targets these are the original scores of
    /// the challenge only: each further measure is information that a cheater can use. On a feedback share
    /// they are all measures, because what they tell is worth nothing in the final standings.
    pub fn at_most(self) -> Shown {
        let measures = match self.targets {
            TargetsAre::Hidden if self.laddered => &[],
            TargetsAre::Hidden if !self.divided => self.task.of_hidden,
            TargetsAre::Hidden | TargetsAre::Public | TargetsAre::Drawn => self.task.measures,
            TargetsAre::None => return Shown::nothing(self.task),
        };
        let measures = measures.iter().map(|measure| ShownScore::ByGroup(*measure));
        Shown::of(self.task, std::iter::once(ShownScore::Overall).chain(measures))
    }

    /// What is shown before the reveal if a phase doesn't say: the most, but of hidden targets without a
    /// feedback share the overall score alone, and of dialogs the few measures that their task names.
    pub fn usual(self) -> Shown {
        match self.targets {
            TargetsAre::Hidden if !self.divided => Shown::of(self.task, [ShownScore::Overall]),
            _ if self.task.usual.is_empty() => self.at_most(),
            _ => {
                let scores = self.task.usual.iter().map(|measure| ShownScore::ByGroup(*measure));
                let usual =
                    Shown::of(self.task, std::iter::once(ShownScore::Overall).chain(scores));
                usual.and(self.at_most())
            }
        }
    }

    /// What is shown from the reveal on.
    fn revealed(self) -> Shown {
        Self { divided: false, laddered: false, ..self }.at_most()
    }
}

impl phase::Model {
    /// The properties that decide which scores may be shown.
    pub fn publishable(&self, benchmark: &benchmark::Model) -> Result<Publishable> {
        let divided = self.share_percent().is_some();
        let (task, targets) = (benchmark.task()?, benchmark.targets);
        Ok(Publishable { task, targets, divided, laddered: self.ladder > 0 })
    }
}

impl Shown {
    /// No score.
    pub const fn nothing(task: &'static Task) -> Self {
        Self { task, overall: false, measures: 0 }
    }

    /// Some scores of a task. Measures that it does not compute are left out.
    pub fn of(task: &'static Task, scores: impl IntoIterator<Item = ShownScore>) -> Self {
        let mut shown = Self::nothing(task);
        for score in scores {
            match score {
                ShownScore::Overall => shown.overall = true,
                ShownScore::ByGroup(measure) => {
                    let at = task.measures.iter().position(|own| *own == measure);
                    shown.measures |= at.map_or(0, |at| 1 << at);
                }
            }
        }
        shown
    }

    /// Reads the names of scores, as [`Display`](fmt::Display) writes them.
    pub fn read(task: &'static Task, names: &str) -> Result<Self> {
        let scores = names.split_whitespace().map(|name| Self::named(task, name));
        Ok(Self::of(task, scores.collect::<Result<Vec<_>>>()?))
    }

    /// The task whose scores they are.
    pub const fn task(self) -> &'static Task {
        self.task
    }

    fn named(task: &Task, name: &str) -> Result<ShownScore> {
        if name == OVERALL {
            return Ok(ShownScore::Overall);
        }
        let known = || {
            let names: Vec<String> = task.measures.iter().map(ToString::to_string).collect();
            format!("{OVERALL}, {}", names.join(", "))
        };
        match name.parse::<Measure>() {
            Ok(measure) if task.measures.contains(&measure) => Ok(ShownScore::ByGroup(measure)),
            Ok(measure) => Err(Error::unusable(format!(
                "measure `{measure}` is not computed for {}; choose from {}",
                task.title,
                known()
            ))),
            Err(_) => {
                let name: String = name.chars().take(40).collect();
                Err(Error::unusable(format!("unknown measure `{name}`; choose from {}", known())))
            }
        }
    }

    /// Whether a score is among them.
    pub fn has(self, score: ShownScore) -> bool {
        match score {
            ShownScore::Overall => self.overall,
            ShownScore::ByGroup(measure) => self.measures().any(|shown| shown == measure),
        }
    }

    /// Whether the overall score is among them.
    pub const fn has_overall(self) -> bool {
        self.overall
    }

    /// Whether it is empty.
    pub const fn is_nothing(self) -> bool {
        !self.overall && self.measures == 0
    }

    /// The scores in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            task: self.task,
            overall: self.overall && other.overall,
            measures: self.measures & other.measures,
        }
    }

    /// The scores in either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self {
            task: self.task,
            overall: self.overall || other.overall,
            measures: self.measures | other.measures,
        }
    }

    /// The measures shown by group, in the task's order.
    pub fn measures(self) -> impl Iterator<Item = Measure> {
        let all = self.task.measures.iter().enumerate();
        all.filter(move |(i, _)| self.measures & (1 << i) != 0).map(|(_, measure)| *measure)
    }

    /// The scores, in the order in which they are shown.
    pub fn iter(self) -> impl Iterator<Item = ShownScore> {
        let overall = self.overall.then_some(ShownScore::Overall);
        overall.into_iter().chain(self.measures().map(ShownScore::ByGroup))
    }

    /// Their names.
    pub fn names(self) -> Vec<String> {
        self.iter().map(|score| score.to_string()).collect()
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(" "))
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shown({self})")
    }
}

/// The viewer of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// Anyone.
    Public,
    /// The team whose submission it is.
    OwnTeam,
    /// An organiser of the challenge, who sees all that the targets allow, whatever is shown to
    /// others.
    Organiser,
}

/// What a viewer sees of the scores of a phase at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Which scores.
    pub shown: Shown,
    /// On which queries they are.
    pub part: Part,
    /// Whether they are those from the reveal on.
    pub revealed: bool,
    /// Whether they are rounded to a tenth of a point.
    pub rounded: bool,
    /// Whether they are on the Ladder.
    pub laddered: bool,
}

impl phase::Model {
    /// What a viewer sees of its scores at an instant.
    pub fn seen_at(
        &self,
        viewer: Viewer,
        benchmark: &benchmark::Model,
        at: Instant,
    ) -> Result<Seen> {
        Ok(Seen {
            shown: self.shown_at(viewer, self.publishable(benchmark)?, at)?,
            part: self.part_at(at),
            revealed: self.is_revealed(at),
            rounded: self.rounds_at(at),
            laddered: self.climbs_at(at),
        })
    }

    /// Which scores a viewer may see at an instant: from the reveal on, all that the targets allow.
    pub fn shown_at(&self, viewer: Viewer, scores: Publishable, at: Instant) -> Result<Shown> {
        if self.is_revealed(at) { Ok(scores.revealed()) } else { self.shown(viewer, scores) }
    }

    /// Which scores a viewer may see before any reveal: never more than the targets allow, whatever
    /// the settings say.
    pub fn shown(&self, viewer: Viewer, scores: Publishable) -> Result<Shown> {
        let most = scores.at_most();
        let read = |names: &str| Shown::read(scores.task, names);
        let written = |column: &Option<String>| column.as_deref().map_or(Ok(scores.usual()), read);
        let public = written(&self.shown_public)?.and(most);
        match viewer {
            Viewer::Public => Ok(public),
            Viewer::OwnTeam => Ok(written(&self.shown_team)?.and(most).or(public)),
            Viewer::Organiser => Ok(most),
        }
    }
}

#[cfg(test)]
mod tests {
    use scoring::FASHION_IQ;

    use super::*;

    fn at_most(targets: TargetsAre) -> Shown {
        Publishable { task: &FASHION_IQ, targets, divided: false, laddered: false }.at_most()
    }

    fn read(names: &str) -> Result<Shown> {
        Shown::read(&FASHION_IQ, names)
    }

    #[test]
    fn names_are_read_back_and_unknown_ones_are_named() {
        let all = at_most(TargetsAre::Public);
        for score in all.iter() {
            assert_eq!(read(&score.to_string()).unwrap(), Shown::of(&FASHION_IQ, [score]));
            assert!(all.has(score));
        }
        assert_eq!(read(&all.to_string()).unwrap(), all);
        assert_eq!(read("").unwrap(), Shown::nothing(&FASHION_IQ));
        let said = |names: &str| read(names).unwrap_err().detail;
        let known = "choose from overall, recall@10, recall@50, mrr@50, ndcg@10, median_rank";
        assert_eq!(said("overall recal@10"), format!("unknown measure `recal@10`; {known}"));
        assert_eq!(
            said("recall@5"),
            format!("measure `recall@5` is not computed for Fashion IQ; {known}")
        );
    }

    #[test]
    fn of_hidden_targets_nothing_wider_than_two_recalls_is_shown() {
        let most = at_most(TargetsAre::Hidden);
        assert_eq!(most.to_string(), "overall recall@10 recall@50");
        assert!(at_most(TargetsAre::None).is_nothing());
        let wide = read("overall mrr@50 median_rank").unwrap();
        assert_eq!(wide.and(most).to_string(), "overall");
    }

    #[test]
    fn every_measure_of_a_task_has_a_bit() {
        assert!(Task::all().all(|task| task.measures.len() <= 32));
    }
}
