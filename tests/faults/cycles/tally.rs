//! The table that is printed in the end.

use std::collections::BTreeMap;
use std::fmt;

use super::Fault;
use super::senders::Counts;

/// What happened, by fault.
#[derive(Default)]
pub struct Tally(BTreeMap<Fault, Line>);

#[derive(Default)]
struct Line {
    cycles: usize,
    counts: Counts,
    leftovers: usize,
}

impl Tally {
    /// One more cycle, after which everything was right.
    pub fn add(&mut self, fault: Fault, counts: Counts, leftovers: usize) {
        let line = self.0.entry(fault).or_default();
        line.cycles += 1;
        line.counts.accepted += counts.accepted;
        line.counts.refused += counts.refused;
        line.counts.unanswered += counts.unanswered;
        line.leftovers += leftovers;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = ["cycles", "accepted", "refused", "no answer", "left over"];
        let [cycles, accepted, refused, unanswered, leftovers] = columns;
        writeln!(
            f,
            "{:<24} | {cycles} | {accepted} | {refused} | {unanswered} | {leftovers}",
            "fault"
        )?;
        let row = |f: &mut fmt::Formatter<'_>, name: &str, line: &Line| {
            let Line { cycles, counts, leftovers } = line;
            let Counts { accepted, refused, unanswered } = counts;
            writeln!(
                f,
                "{name:<24} | {cycles:6} | {accepted:8} | {refused:7} | {unanswered:9} | {leftovers:9}"
            )
        };
        let mut sum = Line::default();
        for (fault, line) in &self.0 {
            row(f, fault.name(), line)?;
            sum.cycles += line.cycles;
            sum.counts.accepted += line.counts.accepted;
            sum.counts.refused += line.counts.refused;
            sum.counts.unanswered += line.counts.unanswered;
            sum.leftovers += line.leftovers;
        }
        row(f, "all", &sum)?;
        write!(
            f,
            "after each cycle: lost 0, scored twice 0, wrong quotas 0, rows without upload 0, wrong boards 0"
        )
    }
}
