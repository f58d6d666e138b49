//! The effects that a change of a setting can have.

/// The effect of a change of a setting on teams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The phase takes submissions, or no longer does.
    Opening,
    /// The day of the limits starts at a different time.
    Day,
    /// Different scores are shown.
    Scores,
    /// The public board freezes, or no longer does, or is revealed.
    Board,
    /// Different submissions count.
    Finals,
    /// Probes are shown, or no longer are.
    Probes,
    /// Different details are asked for.
    Fields,
    /// Teams get more submissions, or no more.
    Limits,
    /// Uploads are deleted at another time.
    Uploads,
}

impl Effect {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::Opening,
        Self::Day,
        Self::Scores,
        Self::Board,
        Self::Finals,
        Self::Probes,
        Self::Fields,
        Self::Limits,
        Self::Uploads,
    ];
}
