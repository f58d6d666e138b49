//! The dialogs that are drawn for one submission.

use std::collections::BTreeMap;
use std::sync::Arc;

use dataset::Group;
use dialog::{Draw, Opening, Seen, Simulator as _, Template};

use crate::captioner::Question;
use crate::challenges::{ChallengesSite, DialogRules, Ready};
use crate::entities::{benchmark, phase};
use crate::error::{Error, Result};

/// The dialogs of one submission, numbered from 0 through all groups. Its targets are secret, so it doesn't
/// print them.
pub struct Drawn {
    /// The rules of its phase.
    pub rules: DialogRules,
    ready: Arc<Ready>,
    groups: Vec<Vec<Opening>>,
    /// Makes the words of captions differ from submission to submission.
    seed: u64,
}

/// An item that is shown in a dialog.
pub(crate) struct Shown<'a> {
    pub(crate) dialog: usize,
    /// Its place in the gallery.
    pub(crate) item: u32,
    pub(crate) turn: u32,
    /// What the user said before.
    pub(crate) earlier: Vec<&'a str>,
}

impl Drawn {
    /// Draws the dialogs of a team's submission with this number. The same numbers give the same dialogs.
    pub async fn of(
        site: &ChallengesSite,
        (phase, benchmark): (&phase::Model, &benchmark::Model),
        (team_id, number): (i32, i32),
    ) -> Result<Self> {
        let rules = phase.dialog_rules().ok_or_else(|| Error::no_dialogs(&phase.name))?;
        let missing = || Error::internal("draw dialogs", "the benchmark has no key");
        let key = benchmark.draw_key.as_ref().ok_or_else(missing)?.bytes()?;
        let ready = site.benchmarks.get(benchmark).await?;
        let number = number.max(0) as u32;
        let draw = Draw::new(&key);
        let of_group = |group: &Group| {
            let whose = format!("{}/{}/{team_id}", phase.name, group.name);
            draw.dialogs(&whose, number, group.gallery.len(), rules.dialogs as usize)
        };
        let groups = ready.benchmark.groups().iter().map(of_group).collect();
        let seed = draw.seed(&format!("{}/{team_id}", phase.name), number);
        Ok(Self { rules, ready, groups, seed })
    }

    /// How many dialogs there are.
    pub(crate) fn count(&self) -> usize {
        self.groups.iter().map(Vec::len).sum()
    }

    /// The most requests with answers that it may be played with.
    pub fn most_requests(&self) -> u32 {
        self.rules.most_requests(self.groups.len())
    }

    /// What says the captions, with its version.
    pub fn simulator(&self) -> &str {
        self.ready.benchmark.simulator().unwrap_or_default()
    }

    /// The name of a dialog: `dress-17`.
    pub fn name(&self, dialog: usize) -> String {
        let (group, place) = self.place(dialog);
        format!("{}-{}", self.ready.benchmark.groups()[group].name, place + 1)
    }

    /// The number of a dialog by its name.
    pub fn named(&self, name: &str) -> Option<usize> {
        let (group, place) = name.rsplit_once('-')?;
        let place = place.parse::<usize>().ok().filter(|n| *n > 0 && n.to_string() == place)? - 1;
        let group = self.ready.benchmark.groups().iter().position(|it| it.name == group)?;
        let before: usize = self.groups[..group].iter().map(Vec::len).sum();
        (place < self.groups[group].len()).then_some(before + place)
    }

    /// The group whose gallery a dialog searches.
    pub fn group(&self, dialog: usize) -> &Group {
        &self.ready.benchmark.groups()[self.place(dialog).0]
    }

    /// How many items a ranking must have.
    pub fn need(&self, dialog: usize) -> usize {
        self.ready.benchmark.need(self.group(dialog))
    }

    /// How many items a ranking must have, by group.
    pub fn needs(&self) -> Vec<(String, usize)> {
        let benchmark = &self.ready.benchmark;
        let of = |group: &Group| (group.name.clone(), benchmark.need(group));
        benchmark.groups().iter().map(of).collect()
    }

    /// The first item of a dialog, by its place in the gallery.
    pub(crate) fn first(&self, dialog: usize) -> u32 {
        let (group, place) = self.place(dialog);
        self.groups[group][place].start
    }

    /// The targets, by their places in the galleries, for each group in the order of its dialogs.
    pub(crate) fn targets(&self) -> BTreeMap<String, Vec<u32>> {
        let groups = self.ready.benchmark.groups().iter().zip(&self.groups);
        let targets = |own: &Vec<Opening>| own.iter().map(|opening| opening.target).collect();
        groups.map(|(group, own)| (group.name.clone(), targets(own))).collect()
    }

    /// What the simulated user says, in the order of the questions.
    pub(crate) async fn captions(
        &self,
        site: &ChallengesSite,
        asked: &[Shown<'_>],
    ) -> Result<Vec<String>> {
        if self.simulator() == Template::VERSION {
            return Ok(asked.iter().map(|shown| self.template_caption(shown)).collect());
        }
        let captioner = site.captioner.as_ref();
        let captioner = captioner.ok_or_else(|| Error::captioner("no setting names one"))?;
        let mut captions = vec![String::new(); asked.len()];
        for (number, group) in self.ready.benchmark.groups().iter().enumerate() {
            let of_group = |(_, shown): &(usize, &Shown<'_>)| self.place(shown.dialog).0 == number;
            let own: Vec<_> = asked.iter().enumerate().filter(of_group).collect();
            let questions: Vec<Question> =
                own.iter().map(|(_, shown)| self.question(shown)).collect();
            let said = captioner.captions(self.simulator(), &group.name, &questions).await?;
            own.iter().zip(said).for_each(|((at, _), caption)| captions[*at] = caption);
        }
        Ok(captions)
    }

    fn template_caption(&self, asked: &Shown<'_>) -> String {
        let &Shown { dialog, item: shown, turn, ref earlier } = asked;
        let (group, place) = self.place(dialog);
        let target = self.groups[group][place].target;
        let seed = self.seed_of(dialog);
        self.ready.simulators[group].caption(&Seen { target, shown, turn, earlier, seed })
    }

    fn question(&self, asked: &Shown<'_>) -> Question {
        let (group, place) = self.place(asked.dialog);
        let gallery = &self.ready.benchmark.groups()[group].gallery;
        Question {
            target: gallery.item(self.groups[group][place].target).to_owned(),
            shown: gallery.item(asked.item).to_owned(),
            turn: asked.turn,
            seed: self.seed_of(asked.dialog),
        }
    }

    fn seed_of(&self, dialog: usize) -> u64 {
        self.seed.wrapping_add(dialog as u64)
    }

    /// The group of a dialog, and its place there.
    fn place(&self, dialog: usize) -> (usize, usize) {
        let mut place = dialog;
        for (group, own) in self.groups.iter().enumerate() {
            if place < own.len() {
                return (group, place);
            }
            place -= own.len();
        }
        panic!("dialog {dialog} of {}", self.count())
    }
}
