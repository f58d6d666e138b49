//! `fashion-iq scorecards …`

use clap::Subcommand;
use domain::error::Result;
use domain::submissions::{self, CURRENT_SCORER, Progress, Rebuilt};

use super::challenge::named_or_only;
use super::{DataDir, Outcome, open, print_error, print_line};

/// Recompute scorecards, which are a cache, from the stored ranks.
#[derive(Subcommand)]
pub(crate) enum Scorecards {
    /// Recompute scorecards that an older release computed.
    ///
    /// A new release may compute scores differently, or more of them. Boards keep showing the older
    /// scorecards until this command has written new ones. No upload is read, and no team's limit
    /// is used.
    ///
    /// A server can run at the same time; its boards are updated within a moment. The work is done
    /// in batches of 200, each saved as a whole: stop it at any time (Ctrl-C) and run it again to
    /// continue. Progress is printed to standard error, and the result to standard output as the
    /// last line.
    ///
    /// Frozen boards do not change.
    #[command(after_help = "Exit codes: 0 all scorecards are up to date; 1 some could not be \
                            computed: they are listed and keep their older scorecard; 2 the data \
                            folder, or the data of a benchmark, can't be read, or its scorecards \
                            come from a newer release; nothing was changed.\n\nExample: after an \
                            upgrade\n  fashion-iq scorecards rebuild --data-dir /srv/fashion-iq")]
    Rebuild {
        /// The challenge [default: all challenges]
        #[arg(long)]
        challenge: Option<String>,
        #[command(flatten)]
        data_dir: DataDir,
    },
}

impl Scorecards {
    pub(super) async fn run(self) -> Result<Outcome> {
        let Self::Rebuild { challenge, data_dir } = self;
        let app = open(&data_dir).await?;
        let only = match challenge {
            Some(name) => Some(named_or_only(&app.db, Some(&name)).await?),
            None => None,
        };
        let rebuilt = submissions::rebuild(&app, only.as_ref(), print_progress).await?;
        for card in &rebuilt.failed {
            print_error(format_args!("submission {}: {}", card.submission, card.why));
        }
        print_line(summary(&rebuilt));
        Ok(if rebuilt.failed.is_empty() { Outcome::Done } else { Outcome::Problems })
    }
}

fn print_progress(progress: Progress<'_>) {
    let Progress { challenge, phase, done, total } = progress;
    print_error(format_args!("{challenge}/{phase}: {done} of {total}"));
}

fn summary(rebuilt: &Rebuilt) -> String {
    let cards = |count: u64| {
        if count == 1 { "1 scorecard".to_owned() } else { format!("{count} scorecards") }
    };
    let done = match rebuilt.written {
        0 => format!("nothing to rebuild for scorer {CURRENT_SCORER}"),
        count => format!("rebuilt {} with scorer {CURRENT_SCORER}", cards(count)),
    };
    match rebuilt.failed.len() as u64 {
        0 => done,
        count => format!("{done}; {} could not be computed", cards(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::submissions::FailedCard;

    #[test]
    fn the_last_line_says_what_was_done() {
        let said = |written, failed| {
            let submission = sea_orm::prelude::Uuid::nil();
            let failed = vec![FailedCard { submission, why: String::new() }; failed];
            summary(&Rebuilt { written, failed })
        };
        let now = CURRENT_SCORER;
        assert_eq!(said(0, 0), format!("nothing to rebuild for scorer {now}"));
        assert_eq!(said(1, 0), format!("rebuilt 1 scorecard with scorer {now}"));
        let some =
            format!("rebuilt 40 scorecards with scorer {now}; 2 scorecards could not be computed");
        assert_eq!(said(40, 2), some);
    }
}
