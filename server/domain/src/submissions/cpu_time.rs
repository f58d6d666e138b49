//! Limits the processor time for scoring one upload.

use std::time::Duration;

/// The processor time that the thread that created this may still use. Unlike wall-clock time it
/// does not pass while others use the processor, so a busy server refuses nothing that an idle one
/// accepts.
#[derive(Debug, Clone, Copy)]
pub struct CpuBudget {
    ends: Duration,
}

impl CpuBudget {
    /// A budget from now on.
    pub fn new(budget: Duration) -> Self {
        Self { ends: used().saturating_add(budget) }
    }

    /// Whether any time is left.
    pub fn is_left(&self) -> bool {
        used() < self.ends
    }
}

/// The processor time of this thread since it started.
#[cfg(unix)]
fn used() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let used = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(used.tv_sec as u64, used.tv_nsec as u32)
}

/// It is not measured on this system, so no budget is ever used up.
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
        // would never end if work did not use the budget
        while budget.is_left() {}
    }
}
