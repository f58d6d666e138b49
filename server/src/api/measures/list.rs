//! Lists the measures.

use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use scoring::measures::{CutOff, FAMILIES, Family};
use scoring::{Measure, Task};

/// `GET /measures`
pub struct List;

/// The measures of all tasks.
#[derive(Debug, Object)]
pub struct Measures {
    /// The tasks that a challenge can have, each with its measures.
    pub tasks: Vec<TaskView>,
    /// All families of measures that can be computed.
    pub families: Vec<FamilyView>,
}

/// A task and the measures of its scorecards.
#[derive(Debug, Object)]
#[oai(rename = "Task")]
pub struct TaskView {
    /// Its name, such as `fashion-iq`.
    pub name: String,
    /// Its name for people, such as `Fashion IQ`.
    pub title: String,
    /// The measures of a scorecard, the primary measure first.
    pub measures: Vec<MeasureView>,
}

/// One measure of a scorecard.
#[derive(Debug, Object)]
#[oai(rename = "Measure", skip_serializing_if_is_none)]
pub struct MeasureView {
    /// Its name, such as `recall@10`.
    pub name: String,
    /// Its name for people, such as `Recall@10`.
    pub title: String,
    /// Its family, such as `recall`.
    pub family: String,
    /// Its cut-off; absent if it has none.
    pub k: Option<u32>,
    /// What its value means.
    pub meaning: String,
    /// The range of its values: `0 to 1`, or `from 1` for ranks.
    pub range: String,
    /// Which of two values is better: `higher` or `lower`.
    pub direction: String,
    /// Whether submissions are ranked by it. Its value over all categories is the overall score.
    pub primary: bool,
}

/// A family of measures.
#[derive(Debug, Object)]
#[oai(rename = "MeasureFamily")]
pub struct FamilyView {
    /// Its name, such as `recall`.
    pub name: String,
    /// Its name for people, such as `Recall`.
    pub title: String,
    /// Whether its measures have a cut-off K, as in `recall@10`: `always`, `optional` or `never`.
    pub cut_off: String,
    /// What its value means.
    pub meaning: String,
    /// The range of its values: `0 to 1`, or `from 1` for ranks.
    pub range: String,
    /// Which of two values is better: `higher` or `lower`.
    pub direction: String,
}

#[OpenApi]
#[expect(clippy::unused_async, reason = "the framework awaits operations")]
impl List {
    /// List all measures
    ///
    /// Returns the measures in the scorecards of each task, and all families of measures.
    #[oai(path = "/measures", method = "get", operation_id = "list_measures")]
    async fn list(&self) -> Json<Measures> {
        Json(Measures {
            tasks: Task::all().map(TaskView::of).collect(),
            families: FAMILIES.iter().map(|family| FamilyView::of(family)).collect(),
        })
    }
}

impl TaskView {
    fn of(task: &Task) -> Self {
        let measures = task.all_measures();
        Self {
            name: task.name.to_owned(),
            title: task.title.to_owned(),
            measures: measures.into_iter().map(|it| MeasureView::of(task, it)).collect(),
        }
    }
}

impl MeasureView {
    fn of(task: &Task, measure: Measure) -> Self {
        Self {
            name: measure.to_string(),
            title: measure.title(),
            family: measure.family().name.to_owned(),
            k: measure.k(),
            meaning: measure.meaning(),
            range: measure.range().name().to_owned(),
            direction: measure.direction().name().to_owned(),
            primary: measure == task.primary,
        }
    }
}

impl FamilyView {
    fn of(family: &Family) -> Self {
        let cut_off = match family.cut_off {
            CutOff::Always => "always",
            CutOff::Optional => "optional",
            CutOff::Never => "never",
        };
        Self {
            name: family.name.to_owned(),
            title: family.title.to_owned(),
            cut_off: cut_off.to_owned(),
            meaning: family.meaning.to_owned(),
            range: family.range.name().to_owned(),
            direction: family.direction.name().to_owned(),
        }
    }
}
