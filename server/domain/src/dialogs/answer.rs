//! The answer of a team to a caption: a ranking, whose first item is shown next.

use std::collections::{BTreeMap, BTreeSet};

use super::Drawn;
use super::drawn::Shown;
use super::played::Turn;
use crate::error::{Error, Result};

/// A team's answer at one turn of a dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The dialog's name: `dress-17`.
    pub dialog: String,
    /// The turn, from 1.
    pub turn: u32,
    /// Items of the gallery, best first.
    pub ranking: Vec<String>,
}

/// What a dialog is at after an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The dialog's name.
    pub dialog: String,
    /// The group whose gallery it searches.
    pub group: String,
    /// The turns that were answered, where all of them are asked for.
    pub earlier: Vec<Asking>,
    /// What is asked next; none after the last turn.
    pub next: Option<Asking>,
}

/// What is asked at a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The turn, from 1.
    pub turn: u32,
    /// The item that is shown.
    pub shown: String,
    /// How the target differs from it.
    pub caption: String,
}

/// An answer that was read: which dialog and turn it is for.
pub(crate) struct Move {
    pub(crate) dialog: usize,
    pub(crate) turn: u32,
    ranking: Vec<u32>,
}

impl Move {
    /// Reads the answers of one request. Nothing is written unless all of them are valid.
    ///
    /// # Errors
    /// An unknown dialog, two answers for one dialog, a turn that doesn't exist, or a ranking that isn't as
    /// long as it must be, has an item twice, or one that the gallery lacks. The sentence names the answer.
    pub(crate) fn read(answers: &[Answer], drawn: &Drawn) -> Result<Vec<Self>> {
        let mut seen = BTreeSet::new();
        let read = |(place, answer): (usize, &Answer)| {
            let at = |what: String| Error::field(&format!("answers[{place}]"), what);
            let name = &answer.dialog;
            let dialog = drawn.named(name);
            let dialog = dialog.ok_or_else(|| at(format!("has no dialog `{}`", short(name))))?;
            if !seen.insert(dialog) {
                let rule = "a dialog can have one answer in a request, since each needs a caption";
                return Err(at(format!("is the second for dialog `{name}`; {rule}")));
            }
            if !(1..=drawn.rules.turns).contains(&answer.turn) {
                let rule =
                    format!("is for turn {}; turns are 1 to {}", answer.turn, drawn.rules.turns);
                return Err(at(rule));
            }
            let ranking = read_ranking(answer, dialog, drawn).map_err(at)?;
            Ok(Self { dialog, turn: answer.turn, ranking })
        };
        answers.iter().enumerate().map(read).collect()
    }

    /// The turn that it makes of a dialog, still without a caption; none if the same answer was given before.
    ///
    /// # Errors
    /// The dialog is at another turn, or the turn has another answer.
    pub(crate) fn made(&self, turns: &[Turn], drawn: &Drawn) -> Result<Option<Turn>> {
        let name = drawn.name(self.dialog);
        if let Some(made) = turns.get(self.turn as usize) {
            let same = made.ranking == self.ranking;
            return if same { Ok(None) } else { Err(Error::answered(&name, self.turn)) };
        }
        if turns.len() != self.turn as usize {
            return Err(Error::other_turn(&name, self.turn, turns.len()));
        }
        Ok(Some(Turn { ranking: self.ranking.clone(), caption: None }))
    }

    /// What it shows to the user next, if there is another turn.
    pub(crate) fn shows<'a>(&self, turns: &'a [Turn], drawn: &Drawn) -> Option<Shown<'a>> {
        (self.turn < drawn.rules.turns).then(|| Shown {
            dialog: self.dialog,
            item: self.ranking[0],
            turn: self.turn + 1,
            earlier: turns.iter().filter_map(|turn| turn.caption.as_deref()).collect(),
        })
    }
}

impl Reply {
    /// What a dialog is at after a turn that was just answered.
    pub(crate) fn after(turn: u32, dialog: usize, turns: &[Turn], drawn: &Drawn) -> Self {
        let next = Asking::after(turn as usize, dialog, turns, drawn);
        Self { next, ..Self::done(dialog, drawn) }
    }

    /// A dialog whose turns are all played.
    pub(crate) fn done(dialog: usize, drawn: &Drawn) -> Self {
        let (name, group) = (drawn.name(dialog), drawn.group(dialog).name.clone());
        Self { dialog: name, group, earlier: vec![], next: None }
    }

    /// What each dialog is at, with its earlier turns.
    pub(crate) fn present(all: &BTreeMap<usize, Vec<Turn>>, drawn: &Drawn) -> Vec<Self> {
        let at = |(&dialog, turns): (&usize, &Vec<Turn>)| {
            let after = |turn| Asking::after(turn, dialog, turns, drawn);
            let last = turns.len() - 1;
            let earlier = (0..last).filter_map(after).collect();
            Self { earlier, next: after(last), ..Self::done(dialog, drawn) }
        };
        all.iter().map(at).collect()
    }
}

impl Asking {
    /// What is asked after a turn, if anything is.
    fn after(turn: usize, dialog: usize, turns: &[Turn], drawn: &Drawn) -> Option<Self> {
        let made = &turns[turn];
        Some(Self {
            turn: turn as u32 + 1,
            shown: drawn.group(dialog).gallery.item(made.shown()).to_owned(),
            caption: made.caption.clone()?,
        })
    }
}

fn read_ranking(answer: &Answer, dialog: usize, drawn: &Drawn) -> Result<Vec<u32>, String> {
    let (need, group) = (drawn.need(dialog), drawn.group(dialog));
    let given = answer.ranking.len();
    if given != need {
        return Err(format!("has a ranking of {given} items; {need} are needed"));
    }
    let mut seen = BTreeSet::new();
    let place = |(rank, item): (usize, &String)| {
        let at = format!("at rank {}", rank + 1);
        let place = group.gallery.index_of(item.as_bytes());
        let place = place.ok_or_else(|| {
            format!("has `{}` {at}, which is not in the {} gallery", short(item), group.name)
        })?;
        let first = seen.insert(place);
        first.then_some(place).ok_or_else(|| format!("has `{item}` a second time {at}"))
    };
    answer.ranking.iter().enumerate().map(place).collect()
}

/// The beginning of what a client sent, for a sentence.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
