//! A captioner as a service, which answers many questions at a time.

use std::collections::HashMap;

use dataset::{Gallery, Group, Split};
use dialog::{Seen, Simulator};
use tokio::sync::mpsc;

use super::pairs::Wardrobe;
use super::speaking::Speaker;
use super::training::Captioner;
use crate::learned::serving::{self, Queue, Refused, unknown};

/// How many captions are said at once.
const TOGETHER: usize = 500;

/// The queue of a captioner: questions about the items of a group, and the captions that answer them.
pub type Service = Queue<(String, Vec<Question>), Vec<String>>;

type Asked = serving::Asked<(String, Vec<Question>), Vec<String>>;

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

/// One group: its gallery, and who speaks about it.
struct Stand<'a> {
    gallery: Gallery,
    speaker: Speaker<'a>,
}

/// Starts the service for the items of a split, as a captioner sees them by group.
pub fn serve(split: Split, captioner: Captioner, wardrobes: Vec<Wardrobe>) -> Service {
    Queue::start(move |asked| {
        let stands = split.groups.into_iter().zip(wardrobes);
        let stand = |(group, wardrobe): (Group, Wardrobe)| {
            let speaker = Speaker::new(&captioner, wardrobe, &group.name);
            (group.name, Stand { gallery: group.gallery, speaker })
        };
        answer_all(asked, &stands.map(stand).collect());
    })
}

/// Answers until nobody can ask any more. What waits together is answered together.
fn answer_all(mut queue: mpsc::Receiver<Asked>, stands: &HashMap<String, Stand<'_>>) {
    while let Some(first) = queue.blocking_recv() {
        let mut waiting = vec![first];
        let count = |waiting: &[Asked]| waiting.iter().map(|it| it.question.1.len()).sum::<usize>();
        while count(&waiting) < TOGETHER
            && let Ok(next) = queue.try_recv()
        {
            waiting.push(next);
        }
        let mut by_group: HashMap<&str, Vec<Seen<'_>>> = HashMap::new();
        let mut places = Vec::new();
        for asked in &waiting {
            let (group, questions) = &asked.question;
            let seen = stands.get(group).ok_or_else(|| unknown("group", group));
            let seen = seen.and_then(|stand| see(stand, questions));
            places.push(seen.map(|seen| {
                let all = by_group.entry(group).or_default();
                all.extend(seen);
                all.len() - questions.len()..all.len()
            }));
        }
        let said: HashMap<&str, Vec<String>> = by_group
            .into_iter()
            .map(|(group, seen)| (group, stands[group].speaker.captions(&seen)))
            .collect();
        let answers: Vec<Result<Vec<String>, Refused>> = waiting
            .iter()
            .zip(places)
            .map(|(asked, places)| places.map(|at| said[asked.question.0.as_str()][at].to_vec()))
            .collect();
        for (asked, answer) in waiting.into_iter().zip(answers) {
            asked.answer(answer);
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
