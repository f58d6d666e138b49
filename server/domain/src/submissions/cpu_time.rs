//! How much processor time the scoring of one upload may take.

use std::time::Duration;

/// Processor time that the thread that made this may still use. Unlike the time of day it does not
/// run while others use the processor, so a busy server refuses nothing that an idle one takes.
#[derive(Debug, Clone, Copy)]
pub struct CpuBudget {
    ends: Duration,
}

impl CpuBudget {
    /// So much from now on.
    pub fn new(budget: Duration) -> Self {
        Self { ends: used().saturating_add(budget) }
    }

    /// Whether some is left.
    pub fn is_left(&self) -> bool {
        used() < self.ends
    }
}

/// What this thread has used since it began.
#[cfg(unix)]
fn used() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let used = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(used.tv_sec as u64, used.tv_nsec as u32)
}

/// It is not measured here, so no budget is ever used up.
#[cfg(not(unix))]
fn used() -> Duration {
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_used_up_by_work() {
        assert!(!CpuBudget::new(Duration::ZERO).is_left());
        assert!(CpuBudget::new(Duration::from_hours(1)).is_left());
        let budget = CpuBudget::new(Duration::from_millis(1));
        // without end if work did not use it up
        while budget.is_left() {}
    }
}
