//! For how long the uploads of a phase are kept.

use crate::ambient::Instant;
use crate::entities::phase;
use crate::error::{Error, Result};

const DAY: i64 = 86_400;

/// From when on uploads of a phase are deleted; never if none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Of submissions that aren't on the board.
    pub others: Option<Instant>,
    /// Of those on the board.
    pub ranked: Option<Instant>,
}

impl phase::Model {
    /// From when on its uploads are deleted.
    pub fn retention(&self) -> Retention {
        let after = |days: Option<i32>| {
            Some(self.closes_at?.plus_seconds(i64::from(days?.max(0)).saturating_mul(DAY)))
        };
        Retention { others: after(self.upload_days), ranked: after(self.ranked_upload_days) }
    }
}

/// Refuses a rule that would never have an effect, or that keeps the wrong uploads.
pub(super) fn check_retention(row: &phase::Model) -> Result<()> {
    let refuse = |why: &str| Err(Error::unusable(why));
    match (row.upload_days, row.ranked_upload_days) {
        (None, None) => Ok(()),
        _ if row.closes_at.is_none() => refuse("`uploads` needs `closes`: it counts from then on"),
        (None, Some(_)) => refuse("`uploads.ranked_days` needs `uploads.days`"),
        (Some(days), Some(ranked)) if ranked < days => {
            refuse("`uploads.ranked_days` must not be less than `uploads.days`")
        }
        _ => Ok(()),
    }
}
