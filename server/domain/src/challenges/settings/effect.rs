//! What a change of a setting can do.

/// What a change of a setting can do to those who take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The phase takes submissions, or no longer does.
    Opening,
    /// The day of the limits begins at another instant.
    Day,
    /// Other scores are seen.
    Scores,
    /// The public board freezes, or no longer does, or is revealed.
    Board,
    /// Other submissions count.
    Finals,
    /// Probes are shown, or no longer are.
    Probes,
    /// Submissions are asked for other details.
    Fields,
    /// Teams get more submissions, or no more.
    Limits,
}

impl Effect {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Opening,
        Self::Day,
        Self::Scores,
        Self::Board,
        Self::Finals,
        Self::Probes,
        Self::Fields,
        Self::Limits,
    ];
}
