//! The kind of a phase, and the rules of one that is played as dialogs.

use super::definition::must;
use super::{PhaseState, state_at};
use crate::ambient::Instant;
use crate::entities::benchmark::TargetsAre;
use crate::entities::phase;
use crate::error::{Error, Result};

/// What a submission to a phase is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseKind {
    /// A file with a ranking for each query.
    Ranking,
    /// It is played over the API: a dialog for each target.
    Dialog,
}

/// The rules of a phase of dialogs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DialogRules {
    /// How many turns a dialog has.
    pub turns: u32,
    /// How many dialogs a submission has in each group.
    pub dialogs: u32,
    /// For how many minutes a submission can be played.
    pub minutes: u32,
}

/// The rules that apply if a phase leaves them out.
const USUAL: DialogRules = DialogRules { turns: 5, dialogs: 100, minutes: 24 * 60 };

/// The most of each.
const MOST: DialogRules = DialogRules { turns: 10, dialogs: 1000, minutes: 7 * 24 * 60 };

impl PhaseKind {
    /// The name in `challenge.toml`, the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ranking => "ranking",
            Self::Dialog => "dialog",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Ranking, Self::Dialog].into_iter().find(|kind| kind.name() == name)
    }

    /// Whether a benchmark with these targets is for this kind.
    fn fits(self, targets: TargetsAre) -> bool {
        (self == Self::Dialog) == (targets == TargetsAre::Drawn)
    }

    /// Refuses a benchmark that is for another kind of phase.
    pub(super) fn must_fit(self, benchmark: &str, targets: TargetsAre) -> Result<()> {
        let what = match self {
            Self::Dialog => {
                "a phase of kind = \"dialog\" needs a benchmark with targets = \"drawn\""
            }
            Self::Ranking => {
                "a benchmark with targets = \"drawn\" is for phases of kind = \"dialog\""
            }
        };
        must(self.fits(targets), format!("benchmark `{benchmark}` has other targets: {what}"))
    }
}

impl phase::Model {
    /// What a submission is.
    pub fn kind(&self) -> Result<PhaseKind> {
        PhaseKind::named(&self.kind).ok_or_else(|| {
            Error::unusable(format!("kind = \"{}\" must be \"ranking\" or \"dialog\"", self.kind))
        })
    }

    /// Whether everyone can read the dialogs of scored submissions.
    pub fn publishes_dialogs(&self, now: Instant) -> bool {
        self.dialog_transcripts && state_at(self, now) == PhaseState::Closed
    }

    /// The rules of its dialogs, if it has some.
    pub fn dialog_rules(&self) -> Option<DialogRules> {
        DialogRules::of(self).ok().flatten()
    }
}

impl DialogRules {
    /// Those of a phase, with what applies if they are left out; none for another kind of phase.
    pub(crate) fn of(phase: &phase::Model) -> Result<Option<Self>> {
        if phase.kind()? != PhaseKind::Dialog {
            return Ok(None);
        }
        let or = |given: Option<i32>, usual: u32| given.map_or(usual, |n| n.max(0) as u32);
        Ok(Some(Self {
            turns: or(phase.dialog_turns, USUAL.turns),
            dialogs: or(phase.dialog_count, USUAL.dialogs),
            minutes: or(phase.dialog_minutes, USUAL.minutes),
        }))
    }

    /// Refuses rules that can't be played, and rules of dialogs in another kind of phase.
    pub(super) fn check(phase: &phase::Model) -> Result<()> {
        let Some(rules) = Self::of(phase)? else {
            let any = [phase.dialog_turns, phase.dialog_count, phase.dialog_minutes];
            let none = any.iter().all(Option::is_none) && !phase.dialog_transcripts;
            return must(none, "`dialog` is for phases of kind = \"dialog\"");
        };
        let all = [
            ("dialog.turns", rules.turns, MOST.turns),
            ("dialog.dialogs", rules.dialogs, MOST.dialogs),
            ("dialog.minutes", rules.minutes, MOST.minutes),
        ];
        for (name, value, most) in all {
            must(
                (1..=most).contains(&value),
                format!("{name} = {value}: must be from 1 to {most}"),
            )?;
        }
        must(phase.ladder == 0, "the Ladder is for phases of kind = \"ranking\"")
    }

    /// The seconds for which a submission can be played.
    pub fn seconds(self) -> i64 {
        i64::from(self.minutes) * 60
    }

    /// How many requests with answers a submission may make: twice as many as there are turns to play, so
    /// that even a program that answers one turn at a time can repeat each request.
    pub fn most_requests(self, groups: usize) -> u32 {
        2 * self.turns * self.dialogs * groups as u32
    }
}
