//! `fashion-iq benchmark attack`

use std::fmt;
use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use dataset::{Folder, Protocol};
use domain::error::{Error, Result};
use scoring::Task;
use scoring::attack::{Attack as Simulation, Outcome as Gained, Policy, Sizes};
use serde_json::json;

use crate::cli::{Outcome, print, print_line};

/// How many items a gallery has where only queries are given. The gain hardly depends on it.
const ASSUMED_ITEMS: usize = 5_000;

/// Simulate teams that submit to learn the targets, and print what each kind of feedback gives away
///
/// Every score tells something about hidden targets. A team that varies its lists on purpose can
/// find out where single targets are, and improve its final ranking without a better model. This
/// simulates two such attacks on drawn targets and prints, for each kind of feedback that a board
/// can give before the reveal:
///
///   facts       of how many queries a part of the gallery with the target is known for certain
///   by facts    the points of mean recall that these facts add in the final ranking
///   by guesses  the points that random variations add which went with better scores
///
/// The gain is over the model's own lists, on the queries that the final ranking counts: with a
/// feedback share those outside the share. Better attacks exist, so read the figures as lower
/// bounds. Only guesses are simulated on the Ladder, so its rows say less than the others.
/// docs/feedback-share.md explains them.
#[derive(Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  fashion-iq benchmark attack --queries 2017,2038,1961\n  fashion-iq \
                  benchmark attack --data fashion-iq --split val --submissions 480"
)]
pub(crate) struct Attack {
    /// The number of queries of each group, such as `2017,2038,1961`; without it they are counted in a
    /// data set.
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    queries: Vec<usize>,
    /// The task of the benchmark: `fashion-iq` or `circo`. Scores are simulated as Recall@10 and Recall@50
    /// of one target for each query, also where a task has other measures.
    #[arg(long, value_name = "TASK", default_value = "fashion-iq", value_parser = Task::named)]
    task: &'static Task,
    /// The data set whose queries are counted, in the layout of the official repository.
    #[arg(long, value_name = "DIR", env = "FASHION_IQ_DATA")]
    data: Option<PathBuf>,
    /// The split whose queries are counted.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    split: Option<String>,
    /// How many submissions the attacker makes: 20 days at 5 a day are 100.
    #[arg(long, value_name = "N", default_value_t = 100)]
    submissions: usize,
    /// The percentage of queries in the feedback share.
    #[arg(long, value_name = "PERCENT", default_value_t = 40)]
    share: u8,
    /// Recall@10 and Recall@50 of the attacker's own model, in percent.
    #[arg(long, value_name = "R10,R50", value_delimiter = ',', default_value = "30,55")]
    model_recall: Vec<f64>,
    /// The seed; the same seed gives the same digits.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What is printed, a line for each policy.
struct Lines {
    submissions: usize,
    all: Vec<(Policy, Gained)>,
}

impl Attack {
    pub(super) fn run(self) -> Result<Outcome> {
        let [ten, fifty] = self.model_recall[..] else {
            let sentence = "--model-recall: enter two percentages, such as `30,55`";
            return Err(Error::unusable(sentence));
        };
        let recalls = [ten / 100.0, fifty / 100.0];
        let (submissions, share) = (self.submissions, self.share);
        let attack = Simulation::new(self.sizes()?, submissions, share, recalls, self.seed)
            .map_err(Error::unusable)?;
        let all = Policy::ALL.map(|policy| (policy, attack.on(&policy))).to_vec();
        let lines = Lines { submissions, all };
        if self.json {
            print_line(lines.to_json());
        } else {
            print(lines);
        }
        Ok(Outcome::Done)
    }

    fn sizes(&self) -> Result<Vec<Sizes>> {
        if !self.queries.is_empty() {
            let size = |queries: &usize| Sizes { queries: *queries, items: ASSUMED_ITEMS };
            return Ok(self.queries.iter().map(size).collect());
        }
        let (Some(data), Some(split)) = (&self.data, &self.split) else {
            let sentence = "name the benchmark with --data and --split, or give --queries";
            return Err(Error::unusable(sentence));
        };
        let folder = Folder::with_layout(data, self.task.layout);
        let split = folder.split(split, Protocol::Original).map_err(Error::unusable)?;
        let groups = split.groups.iter().filter(|group| !group.queries.is_empty());
        let size = |group: &dataset::Group| Sizes {
            queries: group.queries.len(),
            items: group.gallery.len(),
        };
        Ok(groups.map(size).collect())
    }
}

impl Lines {
    fn to_json(&self) -> serde_json::Value {
        let line = |(policy, it): &(Policy, Gained)| {
            json!({
                "policy": policy.name,
                "facts": it.facts,
                "gain_of_facts": it.gain_of_facts,
                "gain_of_guesses": it.gain_of_guesses,
            })
        };
        let policies: Vec<_> = self.all.iter().map(line).collect();
        json!({ "submissions": self.submissions, "policies": policies })
    }

    /// The policy without a share that gives away the least, and what an attacker gains from it. Policies
    /// on which only one attack is simulated may give away more than is known.
    fn least(&self) -> Option<(&Policy, f64)> {
        let without =
            self.all.iter().filter(|(policy, it)| !policy.has_share() && it.facts.is_some());
        without
            .map(|(policy, it)| (policy, it.most()))
            .min_by(|(_, one), (_, other)| one.total_cmp(other))
    }
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = |gain: Option<f64>| {
            gain.map_or_else(|| "-".to_owned(), |gain| format!("{:+.2}", 100.0 * gain))
        };
        writeln!(
            f,
            "{:44} {:>6} {:>9} {:>11}",
            format!("feedback, {} submissions", self.submissions),
            "facts",
            "by facts",
            "by guesses"
        )?;
        for (policy, it) in &self.all {
            let facts = it.facts.map_or_else(|| "-".to_owned(), |facts| format!("{facts:.0}"));
            let (certain, guessed) = (points(it.gain_of_facts), points(Some(it.gain_of_guesses)));
            writeln!(f, "{:44} {facts:>6} {certain:>9} {guessed:>11}", policy.title)?;
        }
        writeln!(
            f,
            "points of mean recall in the final ranking; lower bounds, as better attacks exist\n"
        )?;
        let Some((policy, gain)) = self.least() else { return Ok(()) };
        writeln!(
            f,
            "Choose a feedback share: what scores tell is then about queries that the final ranking \
             doesn't count.\nWithout one, `{}` gives away the least here: {:+.2} points.",
            policy.title,
            100.0 * gain
        )
    }
}
