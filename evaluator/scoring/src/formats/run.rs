//! A run in memory.

use std::io;

use dataset::Group;

/// A ranking for every query of a group.
#[derive(Debug, Clone)]
pub struct GroupRun<'a> {
    /// The group.
    pub group: &'a Group,
    /// For each query, in the published order: gallery indices, best first.
    pub rankings: Vec<Vec<u32>>,
}

impl GroupRun<'_> {
    /// Fails if there are more or fewer rankings than queries.
    pub(crate) fn check(&self) -> io::Result<()> {
        let Self { group, rankings } = self;
        if rankings.len() == group.queries.len() {
            return Ok(());
        }
        let (name, found, need) = (&group.name, rankings.len(), group.queries.len());
        let what = format!("{name}: {found} rankings, but the group has {need} queries");
        Err(io::Error::new(io::ErrorKind::InvalidInput, what))
    }
}
