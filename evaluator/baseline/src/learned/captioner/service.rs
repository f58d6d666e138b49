//! A captioner as a service: questions wait in a bounded queue, and are answered many at a time.

use std::collections::HashMap;
use std::thread;

use dataset::{Gallery, Group, Split};
use dialog::{Seen, Simulator};
use tokio::sync::{mpsc, oneshot};

use super::pairs::Wardrobe;
use super::speaking::Speaker;
use super::training::Captioner;

/// How many requests can wait.
const WAITING: usize = 32;

/// How many captions are said at once.
const TOGETHER: usize = 500;

/// The queue of a captioner.
#[derive(Clone)]
pub struct Service {
    queue: mpsc::Sender<Asked>,
}

/// What is asked about two items of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The target.
    pub target: String,
    /// The item that is shown.
    pub shown: String,
    /// The turn.
    pub turn: u32,
    /// A number from which the words follow.
    pub seed: u64,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Too many requests wait.
    Busy,
    /// A group or item is unknown.
    Unknown(String),
}

struct Asked {
    group: String,
    questions: Vec<Question>,
    answer: oneshot::Sender<Result<Vec<String>, Refused>>,
}

/// One group: its gallery, and who speaks about it.
struct Stand<'a> {
    gallery: Gallery,
    speaker: Speaker<'a>,
}

impl Service {
    /// Starts the thread that answers about the items of a split, as a captioner sees them by group.
    pub fn start(split: Split, captioner: Captioner, wardrobes: Vec<Wardrobe>) -> Self {
        let (queue, asked) = mpsc::channel(WAITING);
        thread::spawn(move || {
            let stands = split.groups.into_iter().zip(wardrobes);
            let stand = |(group, wardrobe): (Group, Wardrobe)| {
                let speaker = Speaker::new(&captioner, wardrobe, &group.name);
                (group.name, Stand { gallery: group.gallery, speaker })
            };
            answer_all(asked, &stands.map(stand).collect());
        });
        Self { queue }
    }

    /// The captions that answer questions about the items of a group.
    ///
    /// # Errors
    /// Too many requests wait, or something is unknown.
    pub async fn ask(
        &self,
        group: String,
        questions: Vec<Question>,
    ) -> Result<Vec<String>, Refused> {
        let (answer, answered) = oneshot::channel();
        let asked = Asked { group, questions, answer };
        self.queue.try_send(asked).map_err(|_| Refused::Busy)?;
        answered.await.unwrap_or(Err(Refused::Busy))
    }
}

/// Answers until nobody can ask any more. What waits together is answered together.
fn answer_all(mut queue: mpsc::Receiver<Asked>, stands: &HashMap<String, Stand<'_>>) {
    while let Some(first) = queue.blocking_recv() {
        let mut waiting = vec![first];
        let count = |waiting: &[Asked]| waiting.iter().map(|it| it.questions.len()).sum::<usize>();
        while count(&waiting) < TOGETHER
            && let Ok(next) = queue.try_recv()
        {
            waiting.push(next);
        }
        let mut by_group: HashMap<&str, Vec<Seen<'_>>> = HashMap::new();
        let mut places = Vec::new();
        for asked in &waiting {
            let seen = stands.get(&asked.group).ok_or_else(|| unknown("group", &asked.group));
            let seen = seen.and_then(|stand| see(stand, &asked.questions));
            places.push(seen.map(|seen| {
                let all = by_group.entry(&asked.group).or_default();
                all.extend(seen);
                all.len() - asked.questions.len()..all.len()
            }));
        }
        let said: HashMap<&str, Vec<String>> = by_group
            .into_iter()
            .map(|(group, seen)| (group, stands[group].speaker.captions(&seen)))
            .collect();
        let answers: Vec<Result<Vec<String>, Refused>> = waiting
            .iter()
            .zip(places)
            .map(|(asked, places)| places.map(|at| said[asked.group.as_str()][at].to_vec()))
            .collect();
        for (asked, answer) in waiting.into_iter().zip(answers) {
            // Nobody may be waiting for it any more.
            let _ = asked.answer.send(answer);
        }
    }
}

fn see<'q>(stand: &Stand<'_>, questions: &'q [Question]) -> Result<Vec<Seen<'q>>, Refused> {
    let place =
        |item: &str| stand.gallery.index_of(item.as_bytes()).ok_or_else(|| unknown("item", item));
    let seen = |it: &Question| {
        let (target, shown) = (place(&it.target)?, place(&it.shown)?);
        Ok(Seen { target, shown, turn: it.turn, earlier: &[], seed: it.seed })
    };
    questions.iter().map(seen).collect()
}

fn unknown(what: &str, name: &str) -> Refused {
    let name: String = name.chars().take(40).collect();
    Refused::Unknown(format!("unknown {what} `{name}`: the captioner has other data"))
}
