//! Estimates what a team can learn about hidden targets from the scores of a phase.
//!
//! Each score is a count of hits, so a team that submits designed rankings learns which items are
//! targets. The figures are those of simulated attacks on a benchmark of val's size (6,016 queries): see
//! docs/feedback-share.md and `fashion-iq benchmark attack`.

use scoring::{FASHION_IQ, Task};

use super::{PhaseDefinition, Publishable, Viewer};
use crate::entities::benchmark::TargetsAre;
use crate::error::Result;

const DAY_SECONDS: u64 = 86_400;

/// What an attacker with an ordinary model learns from one submission, on average over the first
/// 100: from `docs/feedback-share.md`, by the better of its two attacks.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Gain {
    /// Facts of the kind "the target is among these 10 or 40 items".
    facts: f64,
    /// Points of mean recall.
    points: f64,
}

/// The recalls of three groups at two cut-offs: exact, and to a tenth of a point.
const RECALLS: [Gain; 2] =
    [Gain { facts: 1.17, points: 0.0182 }, Gain { facts: 0.58, points: 0.0181 }];

/// The overall score alone: exact, and to a tenth of a point.
const OVERALL: [Gain; 2] =
    [Gain { facts: 0.80, points: 0.0085 }, Gain { facts: 0.18, points: 0.0045 }];

/// Explains the notes on phases, and what to do about them.
pub(super) const MEANING: &str = "one fact says that the target of a query is among 10 or 40 items; the figures were measured on 6,016 \
     queries (docs/feedback-share.md). With a feedback share all this is worth nothing in the final \
     standings. A lower limits.total, rounded scores, the overall score alone, or no scores before \
     `reveals` give away less";

/// How many submissions a phase allows a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Submissions {
    /// This many until it closes.
    AtMost(u64),
    /// This many per day, without an end.
    Daily(u64),
    /// As many as the team likes.
    Unlimited,
}

/// What a team can learn from its scores in a phase with hidden targets, in a sentence; none if no
/// score is shown before the reveal.
///
/// The figures are for Fashion IQ. Other tasks were not measured, so nothing is said about them.
pub(super) fn learned(phase: &PhaseDefinition, task: &'static Task) -> Result<Option<String>> {
    if *task != FASHION_IQ {
        return Ok(None);
    }
    let (share, rounded) = phase.settings.feedback(TargetsAre::Hidden, None);
    let scores = Publishable {
        task,
        targets: TargetsAre::Hidden,
        divided: share > 0,
        laddered: phase.settings.ladder > 0,
    };
    let seen = phase.settings.shown(Viewer::OwnTeam, scores)?;
    if seen.is_nothing() {
        return Ok(None);
    }
    if share > 0 {
        return Ok(Some(format!(
            "scores are on {share} % of the queries until the reveal and the final standings on the \
             others, so what scores tell about targets is worth nothing there"
        )));
    }
    if phase.settings.ladder > 0 {
        return Ok(Some(
            "the Ladder hides what doesn’t improve a team’s score, so guesses learn little; facts were not \
             simulated on it, so this is no promise"
                .to_owned(),
        ));
    }
    let by_group = seen.measures().next().is_some();
    let gain = if by_group { RECALLS } else { OVERALL }[usize::from(rounded)];
    let mut shown = seen.names().join(", ");
    if rounded {
        shown.push_str(" to 0.1 %");
    }
    let (how_many, learns) = match submissions(phase) {
        Submissions::AtMost(n) => {
            let (facts, points) = (gain.facts * n as f64, gain.points * n as f64);
            let learns = format!("about {facts:.0} facts, worth {points:.2} points of mean recall");
            (format!("with {n} submissions"), learns)
        }
        Submissions::Daily(n) => {
            let facts = gain.facts * n as f64;
            (
                format!("with {n} submissions a day"),
                format!("about {facts:.1} facts a day, without end"),
            )
        }
        Submissions::Unlimited => {
            ("with any number of submissions".to_owned(), "every target in the end".to_owned())
        }
    };
    Ok(Some(format!("{how_many} that show {shown}, a team can learn {learns}")))
}

fn submissions(phase: &PhaseDefinition) -> Submissions {
    let limits = phase.settings.limits();
    let (total, daily) = (limits.total.map(u64::from), limits.per_day.map(u64::from));
    // A part of a day counts at both ends, since the organisers decide when days start.
    let days = phase.settings.closes_at.map(|closes| {
        let seconds = (closes.0 - phase.settings.opens_at.0).max(0) as u64 / 1_000_000;
        seconds.div_ceil(DAY_SECONDS) + 1
    });
    let by_day = daily.zip(days).map(|(daily, days)| daily.saturating_mul(days));
    match (total, by_day, daily) {
        (Some(total), Some(by_day), _) => Submissions::AtMost(total.min(by_day)),
        (Some(most), None, _) | (None, Some(most), _) => Submissions::AtMost(most),
        (None, None, Some(daily)) => Submissions::Daily(daily),
        (None, None, None) => Submissions::Unlimited,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lines: &str) -> Option<String> {
        let text = format!(
            "name = \"test\"\ntitle = \"Test\"\nbenchmark = \"test\"\n\
             opens = 2026-11-01T00:00:00Z\n{lines}"
        );
        learned(&toml::from_str(&text).unwrap(), &FASHION_IQ).unwrap()
    }

    #[test]
    fn what_is_learned_follows_the_number_of_scores_and_what_they_show() {
        let all = "shown = { public = [\"overall\", \"recall@10\"], team = [\"overall\"] }";
        let exact = said(&format!("limits = {{ total = 100 }}\nrounded = false\n{all}")).unwrap();
        assert!(exact.contains("100 submissions that show overall, recall@10, a team"), "{exact}");
        assert!(exact.contains("about 117 facts, worth 1.82 points"), "{exact}");
        let less = said("limits = { total = 100 }\nrounded = false").unwrap();
        assert!(less.contains("about 80 facts, worth 0.85 points"), "{less}");
        let usual = said("limits = { total = 100 }").unwrap();
        assert!(usual.contains("that show overall to 0.1 %, a team"), "{usual}");
        assert!(usual.contains("about 18 facts, worth 0.45 points"), "{usual}");
        // a team sees what everyone sees
        let public = "shown = { public = [\"overall\", \"recall@10\"], team = [\"overall\"] }";
        assert!(said(public).unwrap().contains("recall@10"));
        assert_eq!(said("shown = { public = [], team = [] }"), None);
    }

    #[test]
    fn with_a_feedback_share_it_is_worth_nothing() {
        let ends = "closes = 2026-12-01T00:00:00Z\nreveals = 2026-12-02T00:00:00Z";
        let share = said(ends).unwrap();
        assert!(share.contains("on 40 % of the queries") && share.contains("nothing"), "{share}");
        let without = said(&format!("{ends}\nfeedback_share = 0")).unwrap();
        assert!(without.contains("every target in the end"), "{without}");
    }

    #[test]
    fn the_smaller_of_two_limits_counts_and_a_phase_without_end_is_named() {
        let closes = "closes = 2026-11-09T00:00:00Z";
        let daily = said(&format!("{closes}\nlimits = {{ per_day = 5 }}")).unwrap();
        assert!(daily.contains("with 45 submissions"), "{daily}");
        let both = said(&format!("{closes}\nlimits = {{ per_day = 5, total = 20 }}")).unwrap();
        assert!(both.contains("with 20 submissions"), "{both}");
        let endless = said("rounded = false\nlimits = { per_day = 2 }").unwrap();
        assert!(endless.contains("1.6 facts a day, without end"), "{endless}");
        assert!(said("").unwrap().contains("every target in the end"));
    }
}
