//! Dialogs, answers and replies as the API has them.

use std::collections::BTreeMap;

use domain::challenges::Located;
use domain::dialogs::{Answer, Asking, Reply};
use domain::entities::submission::{self, State};
use domain::submissions::{Answered, Position};
use poem_openapi::Object;
use time::OffsetDateTime;

use crate::api::submissions::Submission;
use crate::app::App;
use crate::refusal::Result;

/// A submission that is played as dialogs, and what its dialogs are at.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Dialogs {
    /// The submission's id.
    pub submission: String,
    /// Its state: `playing` until all its dialogs are finished or its time is over.
    pub state: String,
    /// How many turns each dialog has.
    pub turns: u32,
    /// How many items a ranking must have, by category.
    pub need: BTreeMap<String, u32>,
    /// Until when it can be played. Then it is scored as it is.
    pub ends_at: OffsetDateTime,
    /// What says the captions, with its version.
    pub simulator: String,
    /// How many turns are still to be played, over all dialogs.
    pub left: u32,
    /// How many more requests with answers it can make.
    pub requests_left: u32,
    /// What each dialog is at; empty once the submission is finished.
    pub dialogs: Vec<Dialog>,
    /// The address for answers.
    pub answers: String,
    /// The address of the submission.
    pub link: String,
}

/// What a dialog is at.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
#[expect(clippy::struct_field_names, reason = "these are names in JSON")]
pub struct Dialog {
    /// Its name, such as `dress-17`.
    pub dialog: String,
    /// Its category, whose gallery is searched.
    pub category: String,
    /// The turn to answer; absent once all turns are played.
    pub turn: Option<u32>,
    /// The item that is shown.
    pub shown: Option<String>,
    /// How the target differs from it.
    pub caption: Option<String>,
    /// `true` once all turns are played.
    pub done: Option<bool>,
    /// The turns that were answered before, where the whole submission is returned.
    pub earlier: Option<Vec<EarlierTurn>>,
}

/// A turn that was answered.
#[derive(Debug, Object)]
pub struct EarlierTurn {
    /// The turn.
    pub turn: u32,
    /// The item that was shown.
    pub shown: String,
    /// How the target differs from it.
    pub caption: String,
}

/// The answers of one request.
#[derive(Debug, serde::Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// At most one for each dialog.
    pub answers: Vec<AnswerOf>,
}

/// The answer at one turn of a dialog.
#[derive(Debug, serde::Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct AnswerOf {
    /// The dialog.
    pub dialog: String,
    /// The turn that it is at.
    pub turn: u32,
    /// Items of the category's gallery, best first; the first one is shown next.
    pub ranking: Vec<String>,
}

/// The replies to answers.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Replies {
    /// The submission's id.
    pub submission: String,
    /// Its state.
    pub state: String,
    /// How many turns are still to be played, over all dialogs.
    pub left: u32,
    /// What each answered dialog is at, in the order of the answers.
    pub dialogs: Vec<Dialog>,
    /// The submission with its scores, once its last turn is played.
    pub result: Option<Submission>,
}

impl Dialogs {
    /// What a submission is at.
    pub fn of(located: &Located, row: &submission::Model, position: Position) -> Self {
        let link = format!("/api/v1/challenges/{}/submissions/{}", located.challenge.name, row.id);
        let need = position.need.into_iter().map(|(group, need)| (group, need as u32));
        Self {
            submission: row.id.to_string(),
            state: row.state.name().to_owned(),
            turns: position.turns,
            need: need.collect(),
            ends_at: position.ends_at.utc(),
            simulator: position.simulator,
            left: position.left,
            requests_left: position.requests_left,
            dialogs: position.dialogs.into_iter().map(Dialog::of).collect(),
            answers: format!("{link}/answers"),
            link,
        }
    }
}

impl Dialog {
    fn of(reply: Reply) -> Self {
        let Reply { dialog, group: category, earlier, next } = reply;
        let done = next.is_none().then_some(true);
        let (turn, shown, caption) = match next {
            Some(Asking { turn, shown, caption }) => (Some(turn), Some(shown), Some(caption)),
            None => (None, None, None),
        };
        let before = |Asking { turn, shown, caption }| EarlierTurn { turn, shown, caption };
        let earlier: Vec<EarlierTurn> = earlier.into_iter().map(before).collect();
        let earlier = Some(earlier).filter(|earlier| !earlier.is_empty());
        Self { dialog, category, turn, shown, caption, done, earlier }
    }
}

impl From<AnswerOf> for Answer {
    fn from(answer: AnswerOf) -> Self {
        let AnswerOf { dialog, turn, ranking } = answer;
        Self { dialog, turn, ranking }
    }
}

impl Replies {
    /// The replies, and the submission's scores if it is finished.
    pub async fn of(app: &App, located: &Located, answered: Answered) -> Result<Self> {
        let Answered { row, replies, left } = answered;
        let (submission, state) = (row.id.to_string(), row.state.name().to_owned());
        let result = match row.state {
            State::Playing => None,
            _ => Some(Submission::of(app, located, row).await?),
        };
        let dialogs = replies.into_iter().map(Dialog::of).collect();
        Ok(Self { submission, state, left, dialogs, result })
    }
}
