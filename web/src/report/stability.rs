//! How stable ranks are, and which teams can be told apart.

use super::{MOST_TEAMS, left_out};
use crate::charts::Pair;
use crate::numbers::{NBSP, counted, format_count};
use crate::pages::PBand;

/// How often each team has each rank when the queries are drawn again.
#[derive(Debug, Clone)]
pub struct RankStability {
    /// How many times they were drawn.
    pub resamples: u64,
    /// Each ranked team in the order of the standings, with the share of resamples in which it has
    /// rank 1, 2, ….
    pub teams: Vec<(String, Vec<f64>)>,
}

/// Which teams can be told apart, by p-values that are adjusted for the number of pairs.
#[derive(Debug, Clone)]
pub struct SignificanceMap {
    /// Each ranked team in the order of the standings, with the band of its p-value against each
    /// team after it; absent where two weren't compared.
    pub teams: Vec<(String, Vec<Option<PBand>>)>,
    /// How the p-values were computed and adjusted, as a sentence.
    pub method: String,
}

impl RankStability {
    /// The teams that are shown, each with its shares. Those of ranks beyond the last shown one are
    /// added up.
    pub(super) fn rows(&self) -> Vec<(&str, Vec<f64>)> {
        let most = self.teams.len().min(MOST_TEAMS);
        let shown = self.teams.iter().take(most);
        shown
            .map(|(team, shares)| {
                let (near, far) = shares.split_at(shares.len().min(most));
                let mut near = near.to_vec();
                if !far.is_empty() {
                    near.resize(most, 0.0);
                    near.push(far.iter().filter(|share| share.is_finite()).sum());
                }
                (team.as_str(), near)
            })
            .collect()
    }

    /// Each team with how often it keeps its place, and the ranks that it has in 95 of 100 resamples.
    pub(super) fn summaries(&self) -> Vec<(&str, String, String)> {
        let shown = self.teams.iter().take(MOST_TEAMS);
        shown
            .map(|(team, shares)| (team.as_str(), most_often(shares), usual_ranks(shares)))
            .collect()
    }

    /// The most stable fact of all: how often the first team is first.
    pub(super) fn sentence(&self) -> String {
        let first = self.teams.first().and_then(|(_, shares)| shares.first()).copied();
        let resamples = counted(self.resamples, "resample", "resamples");
        match first {
            Some(share) if self.teams.len() > 1 => format!(
                "In {:.0}{NBSP}% of {resamples} of the queries the first team stays first.",
                share.clamp(0.0, 1.0) * 100.0
            ),
            _ => "One team has no rank to lose.".to_owned(),
        }
    }

    pub(super) fn left_out(&self) -> Option<String> {
        left_out(self.teams.len(), "teams")
    }
}

/// The most frequent rank, and how frequent it is: `1 (92 %)`.
fn most_often(shares: &[f64]) -> String {
    let ranks = shares.iter().copied().enumerate().filter(|(_, share)| share.is_finite());
    // the better of two equally frequent ranks
    let best = ranks.rev().max_by(|(_, one), (_, other)| one.total_cmp(other));
    best.map_or("–".to_owned(), |(rank, share)| {
        format!("{} ({:.0}{NBSP}%)", format_count(rank as u64 + 1), share * 100.0)
    })
}

/// The ranks between the 2.5th and the 97.5th percentile.
fn usual_ranks(shares: &[f64]) -> String {
    let reaches = |level: f64| {
        let mut sum = 0.0;
        shares.iter().position(|share| {
            sum += share;
            sum >= level - 1e-9
        })
    };
    match (reaches(0.025), reaches(0.975)) {
        (Some(best), Some(worst)) if best == worst => format_count(best as u64 + 1),
        (Some(best), Some(worst)) => {
            format!("{} to {}", format_count(best as u64 + 1), format_count(worst as u64 + 1))
        }
        _ => "–".to_owned(),
    }
}

impl SignificanceMap {
    /// The teams that are shown, each with its marks.
    pub(super) fn rows(&self) -> Vec<(&str, Vec<Pair>)> {
        let mark = |band: &Option<PBand>| match band {
            Some(PBand::BelowOnePercent) => Pair::Clear,
            Some(PBand::OneToFivePercent) => Pair::Likely,
            Some(PBand::AboveFivePercent) => Pair::Open,
            None => Pair::Unknown,
        };
        let shown = self.teams.iter().take(MOST_TEAMS);
        shown.map(|(team, bands)| (team.as_str(), bands.iter().map(mark).collect())).collect()
    }

    /// Each team with how many of the later teams it is better than, and those it can't be told
    /// apart from.
    pub(super) fn summaries(&self) -> Vec<(&str, String, String)> {
        let shown = self.teams.iter().enumerate().take(MOST_TEAMS);
        shown
            .map(|(i, (team, bands))| {
                let later = &self.teams[i + 1..];
                let better = bands.iter().filter(|band| is_apart(**band)).count();
                let open = later.iter().zip(bands);
                let open = open.filter(|(_, band)| **band == Some(PBand::AboveFivePercent));
                let open: Vec<&str> = open.map(|((name, _), _)| name.as_str()).collect();
                (team.as_str(), format!("{better} of {}", later.len()), joined(&open))
            })
            .collect()
    }

    /// How many pairs can be told apart.
    pub(super) fn sentence(&self) -> String {
        let all = || self.teams.iter().flat_map(|(_, bands)| bands.iter().flatten());
        let pairs = all().count() as u64;
        if pairs == 0 {
            return "There are no two teams to compare.".to_owned();
        }
        let apart = all().filter(|band| is_apart(Some(**band))).count() as u64;
        format!(
            "Of {}, {} can be told apart at 5{NBSP}%.",
            counted(pairs, "pair of teams", "pairs of teams"),
            format_count(apart)
        )
    }

    pub(super) fn left_out(&self) -> Option<String> {
        left_out(self.teams.len(), "teams")
    }
}

fn is_apart(band: Option<PBand>) -> bool {
    band.is_some_and(|band| band != PBand::AboveFivePercent)
}

/// Names in a row, of which a few are named and the others counted.
fn joined(names: &[&str]) -> String {
    const NAMED: usize = 4;
    match names.len() {
        0 => "–".to_owned(),
        all if all > NAMED + 1 => {
            format!("{} and {} more", names[..NAMED].join(", "), all - NAMED)
        }
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_beyond_the_last_shown_are_added_up() {
        let even = vec![1.0 / 40.0; 40];
        let teams = (0..40).map(|i| (format!("Team {i}"), even.clone())).collect();
        let stability = RankStability { resamples: 1_000, teams };
        let rows = stability.rows();
        assert_eq!((rows.len(), rows[0].1.len()), (30, 31));
        assert!((rows[0].1[30] - 0.25).abs() < 1e-9);
        assert_eq!(stability.left_out().unwrap(), "The first 30 of 40 teams are shown.");
    }

    #[test]
    fn the_usual_ranks_leave_out_one_in_forty_at_each_end() {
        assert_eq!(usual_ranks(&[0.02, 0.5, 0.46, 0.02]), "2 to 3");
        assert_eq!(usual_ranks(&[1.0]), "1");
        assert_eq!(usual_ranks(&[]), "–");
        assert_eq!(most_often(&[0.1, 0.45, 0.45]), "2 (45\u{a0}%)");
    }

    #[test]
    fn a_team_names_those_it_cannot_be_told_apart_from() {
        let (clear, open) = (Some(PBand::BelowOnePercent), Some(PBand::AboveFivePercent));
        let team = |name: &str, bands| (name.to_owned(), bands);
        let map = SignificanceMap {
            teams: vec![
                team("A", vec![open, clear]),
                team("B", vec![Some(PBand::OneToFivePercent)]),
                team("C", vec![]),
            ],
            method: String::new(),
        };
        assert_eq!(map.sentence(), "Of 3 pairs of teams, 2 can be told apart at 5\u{a0}%.");
        assert_eq!(map.summaries()[0], ("A", "1 of 2".to_owned(), "B".to_owned()));
        assert_eq!(joined(&["a", "b", "c", "d", "e", "f"]), "a, b, c, d and 2 more");
    }
}
