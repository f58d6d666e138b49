//! How much of a phase's scores somebody is told.

/// How much of a phase's scores somebody is told, from nothing to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scores {
    /// Nothing; runs are scored all the same.
    Withheld,
    /// The overall score.
    Overall,
    /// The overall score, and Recall@10 and Recall@50 of each group.
    Recalls,
    /// Those, and MRR@50, nDCG@10 and the median rank of each group. Only where targets are public.
    All,
}

impl Scores {
    /// What is seen, as the end of a sentence.
    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Withheld => "no scores",
            Self::Overall => "the overall score",
            Self::Recalls => "the overall score, and Recall@10 and Recall@50 of each group",
            Self::All => {
                "the overall score, and Recall@10, Recall@50, MRR@50, nDCG@10 and the median rank \
                 of each group"
            }
        }
    }
}
