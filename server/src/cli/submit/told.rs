//! What a server returns about a submission, and how that is printed.

use scoring::Problems;
use serde::Deserialize;

use super::super::run_file::{print_problems, print_warnings};
use super::super::table::Table;
use super::super::{Outcome, print, print_line};
use super::stop::Stop;

/// A submission as its own team sees it.
#[derive(Deserialize)]
pub(super) struct Submission {
    pub(super) id: String,
    pub(super) state: State,
    pub(super) received_at: String,
    /// Where to ask for it again.
    pub(super) link: String,
    pub(super) repeat: Option<Repeat>,
    scorecard: Option<Table>,
    problems: Option<Problems>,
    warnings: Option<Problems>,
    #[serde(default)]
    uses_no_limit: bool,
}

/// A repeated upload.
#[derive(Deserialize)]
pub(super) struct Repeat {
    /// What happened, in sentences.
    pub(super) detail: String,
}

/// The state of a submission.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    Received,
    Scored,
    Invalid,
    Failed,
}

/// What is left of the limits of a phase.
#[derive(Deserialize)]
pub(super) struct Limits {
    limits: Vec<Limit>,
}

#[derive(Deserialize)]
struct Limit {
    #[serde(rename = "limit")]
    name: String,
    allowed: u32,
    left: u32,
    resets_at: Option<String>,
}

impl Submission {
    /// Prints it for a person.
    pub(super) fn print(&self) {
        if let Some(warnings) = &self.warnings {
            print_warnings(warnings);
        }
        match (self.state, &self.scorecard) {
            (_, Some(table)) => print(table),
            (State::Received, None) => print_line("received: waiting for its score"),
            (State::Scored, None) => print_line("valid: this phase shows no scores now"),
            (State::Invalid, None) => print_line("invalid"),
            (State::Failed, None) => print_line("failed"),
        }
        if let Some(problems) = &self.problems {
            print_problems(problems, false);
        }
        if self.uses_no_limit {
            print_line("this is not a submission for this phase, and used no limit");
        }
    }

    /// The outcome of the command. `waited` says whether the command waited for the score.
    pub(super) fn outcome(&self, waited: bool) -> Result<Outcome, Stop> {
        match self.state {
            State::Scored => Ok(Outcome::Done),
            State::Invalid => Ok(Outcome::Problems),
            State::Received if !waited => Ok(Outcome::Done),
            State::Received => Err(Stop::OutOfReach(
                "the submission is saved on the server but has no score yet: check its page later, \
                 or run the same command again, which waits for the same submission"
                    .to_owned(),
            )),
            State::Failed => Err(Stop::OutOfReach(
                "the server could not score this submission, which is not your fault and uses no \
                 limit: run the same command again, or contact the organisers"
                    .to_owned(),
            )),
        }
    }
}

impl Limits {
    /// Prints a line per limit.
    pub(super) fn print(&self) {
        for limit in &self.limits {
            print_line(limit.sentence());
        }
    }
}

impl Limit {
    /// `today: 4 of 5 submissions left, resets at 2026-11-25T00:00:00Z`
    fn sentence(&self) -> String {
        let Self { name, allowed, left, resets_at } = self;
        let (when, what) = match name.as_str() {
            "per_day" => ("today", "submissions"),
            "total" => ("in this phase", "submissions"),
            "at_once" => ("at the same time", "submissions"),
            "invalid_per_day" => ("today", "invalid uploads"),
            other => (other, "submissions"),
        };
        let again =
            resets_at.as_ref().map_or(String::new(), |instant| format!(", resets at {instant}"));
        format!("{when}: {left} of {allowed} {what} left{again}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_with_what_is_left_and_when_it_resets() {
        let told = r#"{"limits": [
            {"limit": "per_day", "allowed": 5, "used": 1, "left": 4, "resets_at": "2026-11-25T00:00:00Z"},
            {"limit": "total", "allowed": 100, "used": 7, "left": 93, "resets_at": null}]}"#;
        let limits: Limits = serde_json::from_str(told).unwrap();
        let lines: Vec<String> = limits.limits.iter().map(Limit::sentence).collect();
        let expected = [
            "today: 4 of 5 submissions left, resets at 2026-11-25T00:00:00Z",
            "in this phase: 93 of 100 submissions left",
        ];
        assert_eq!(lines, expected);
    }
}
