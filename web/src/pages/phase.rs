//! A phase as people see it: its name, and whether it is open.

use time::OffsetDateTime;

use crate::times;

/// A phase as a tab: its name, and the half-open interval `[opens, closes)` in which it accepts
/// submissions.
#[derive(Debug, Clone)]
pub struct Phase {
    /// Its name, such as `Test`.
    pub name: String,
    /// Its board.
    pub href: String,
    /// Whether this is the phase the page shows.
    pub current: bool,
    /// The first instant at which it accepts submissions.
    pub opens: OffsetDateTime,
    /// The first instant at which it no longer does; absent if it stays open.
    pub closes: Option<OffsetDateTime>,
}

/// Whether a phase accepts submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Not yet.
    Ahead,
    /// Now.
    Open,
    /// No longer.
    Closed,
}

impl Phase {
    pub(super) fn state(&self, now: &OffsetDateTime) -> State {
        if *now < self.opens {
            State::Ahead
        } else if self.closes.is_some_and(|closes| closes <= *now) {
            State::Closed
        } else {
            State::Open
        }
    }

    pub(super) fn is_open(&self, now: &OffsetDateTime) -> bool {
        self.state(now) == State::Open
    }

    /// Its state in a word or two.
    pub(super) fn word(&self, now: &OffsetDateTime) -> &'static str {
        match self.state(now) {
            State::Ahead => "not open yet",
            State::Open => "open",
            State::Closed => "closed",
        }
    }

    /// The next or the last event of the phase, in a few words.
    pub(super) fn brief(&self, now: &OffsetDateTime) -> String {
        match (self.state(now), &self.closes) {
            (State::Ahead, _) => format!("opens in {}", times::until(&self.opens, now)),
            (State::Open, Some(closes)) => format!("closes in {}", times::until(closes, now)),
            (State::Closed, Some(closes)) => format!("on {}", times::date_near(closes, now)),
            (State::Open | State::Closed, None) => "no closing date".to_owned(),
        }
    }

    /// The instant that completes [`Self::sentence`], if there is one.
    pub(super) fn turn(&self, now: &OffsetDateTime) -> Option<OffsetDateTime> {
        match self.state(now) {
            State::Ahead => Some(self.opens),
            State::Open | State::Closed => self.closes,
        }
    }

    /// What its state means for a team; followed by [`Self::turn`].
    pub(super) fn sentence(&self, now: &OffsetDateTime) -> String {
        match (self.state(now), &self.closes) {
            (State::Ahead, _) => {
                format!("This phase opens in {}, on", times::until(&self.opens, now))
            }
            (State::Open, Some(closes)) => {
                format!(
                    "This phase accepts submissions for another {}, until",
                    times::until(closes, now)
                )
            }
            (State::Closed, Some(_)) => {
                "This phase no longer accepts submissions; it closed on".to_owned()
            }
            (State::Open | State::Closed, None) => {
                "This phase accepts submissions and has no closing date.".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn phase(closes: Option<OffsetDateTime>) -> Phase {
        let opens = datetime!(2026-11-01 0:00 UTC);
        Phase { name: "Test".into(), href: "/c/f/test".into(), current: true, opens, closes }
    }

    #[test]
    fn a_phase_is_open_from_its_opening_and_closed_at_its_closing() {
        let closes = datetime!(2027-01-01 12:00 UTC);
        let phase = phase(Some(closes));
        let second = time::Duration::SECOND;
        assert_eq!(phase.state(&(phase.opens - second)), State::Ahead);
        assert_eq!(phase.state(&phase.opens), State::Open);
        assert_eq!(phase.state(&(closes - second)), State::Open);
        assert_eq!(phase.state(&closes), State::Closed);
    }

    #[test]
    fn a_phase_says_what_happens_next() {
        let closes = datetime!(2027-01-01 12:00 UTC);
        let told = |phase: &Phase, now| (phase.word(&now), phase.brief(&now));
        let short = phase(Some(closes));
        assert_eq!(
            told(&short, datetime!(2026-10-31 0:00 UTC)),
            ("not open yet", "opens in 1\u{a0}d".to_owned())
        );
        assert_eq!(
            told(&short, datetime!(2026-12-31 11:59 UTC)),
            ("open", "closes in 1\u{a0}d".to_owned())
        );
        assert_eq!(told(&short, datetime!(2027-02-01 0:00 UTC)), ("closed", "on 1 Jan".to_owned()));
        assert_eq!(
            told(&phase(None), datetime!(2027-02-01 0:00 UTC)),
            ("open", "no closing date".to_owned())
        );
    }
}
