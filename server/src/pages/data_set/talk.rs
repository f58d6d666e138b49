//! `/c/{challenge}/{phase}/talk?group=…&start=…&say1=…&say2=…`: a dialog with the agent, all of which is in its
//! address. `?group=…&play=…` shows the simulated user.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::challenges::Ready;
use domain::dialogs;
use domain::error::Error;
use domain::manager::Manager;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use web::pages::{Link, TalkPage, TalkShower, TalkTurn};

use super::super::{answer, layout, saying};
use super::PhaseData;
use crate::app::App;
use crate::refusal::{Refusal, Result};

/// The most turns of a dialog.
const TURNS: usize = 10;

/// How many candidates are shown.
const CANDIDATES: usize = 7;

/// The longest caption, in characters.
const LONGEST: usize = 200;

/// The highest number of a drawn dialog.
const NUMBERS: u32 = 10_000;

/// The parameters of an address.
type Parameters = BTreeMap<String, String>;

/// What a visitor asks for.
struct Wanted {
    group: String,
    /// The number from which a first item or a target follows.
    number: u32,
    start: Option<String>,
    said: Vec<String>,
    plays: bool,
}

/// `GET /c/{challenge}/{phase}/talk`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    Path((challenge, phase)): Path<(String, String)>,
    Query(parameters): Query<Parameters>,
) -> Result<Response> {
    let data = PhaseData::of(&app, &challenge, &phase).await?;
    let phase = &data.located.phase;
    let rules = phase.dialog_rules().ok_or_else(|| Error::no_dialogs(&phase.name))?;
    let ready = app.benchmarks.get(&data.located.benchmark).await?;
    let wanted = Wanted::read(&parameters, &ready);
    let mut page = data.blank(&wanted, &ready)?;
    let manager = app.manager.as_ref();
    let filled = if wanted.plays {
        data.fill_demonstration(&mut page, &wanted, &ready, manager, rules.turns).await
    } else {
        data.fill_talk(&mut page, &wanted, &ready, manager).await
    };
    match filled {
        Ok(()) => answer(&page),
        Err(error) => {
            page.refused = Some(error.to_string());
            Ok(saying(&error, answer(&page)?))
        }
    }
}

impl Wanted {
    fn read(parameters: &Parameters, ready: &Ready) -> Self {
        let given = |name: &str| parameters.get(name).filter(|value| !value.trim().is_empty());
        let first = ready.benchmark.groups().first().map(|group| group.name.clone());
        let number = given("play").or_else(|| given("number")).and_then(|text| text.parse().ok());
        let said = (1..=TURNS).map_while(|turn| given(&format!("say{turn}")).cloned());
        Self {
            group: given("group").cloned().or(first).unwrap_or_default(),
            number: number.unwrap_or(1).clamp(1, NUMBERS),
            start: given("start").cloned(),
            said: said.map(|text| text.trim().to_owned()).collect(),
            plays: parameters.contains_key("play"),
        }
    }

    /// The parameters of the dialog that begins with an item, after so many captions.
    fn parameters(&self, start: &str, said: usize) -> Vec<(String, String)> {
        let group = ("group".to_owned(), self.group.clone());
        let number = ("number".to_owned(), self.number.to_string());
        let start = ("start".to_owned(), start.to_owned());
        let said = self.said.iter().take(said).enumerate();
        let said = said.map(|(turn, text)| (format!("say{}", turn + 1), text.clone()));
        [group, number, start].into_iter().chain(said).collect()
    }
}

/// An address with parameters.
fn address(href: &str, parameters: &[(String, String)]) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", web::encoded(value)));
    format!("{href}?{}", pairs.collect::<Vec<_>>().join("&"))
}

impl PhaseData {
    /// The page without a dialog.
    fn blank(&self, wanted: &Wanted, ready: &Ready) -> Result<TalkPage> {
        let (challenge, phase) = (&self.located.challenge, &self.located.phase);
        let href = layout::talk(challenge, phase);
        let group = ("group".to_owned(), wanted.group.clone());
        let numbered = |name: &str| {
            let next = (wanted.number % NUMBERS + 1).to_string();
            address(&href, &[group.clone(), (name.to_owned(), next)])
        };
        let groups = ready.benchmark.groups().iter();
        let groups = groups.map(|own| (own.name.clone(), own.name == wanted.group)).collect();
        Ok(TalkPage {
            layout: layout::of(challenge, "Try it yourself"),
            challenge: challenge.title.clone(),
            phase: Link::new(phase.title.clone(), layout::phase(challenge, phase)),
            groups,
            items: challenge.task()?.texts.items,
            another: numbered("number"),
            play: numbered("play"),
            by: TalkShower::Words,
            turns: vec![],
            shown: None,
            others: vec![],
            kept: vec![],
            next: None,
            back: None,
            over: None,
            target: None,
            refused: None,
            pictures: self.picture_licence(),
            href,
        })
    }

    /// Adds a visitor's dialog.
    async fn fill_talk(
        &self,
        page: &mut TalkPage,
        wanted: &Wanted,
        ready: &Arc<Ready>,
        manager: Option<&Manager>,
    ) -> std::result::Result<(), Refusal> {
        if wanted.said.iter().any(|text| text.chars().nth(LONGEST).is_some()) {
            let rule = format!("must have at most {LONGEST} characters");
            return Err(Error::field("say", rule).into());
        }
        let start = match &wanted.start {
            Some(start) => start.clone(),
            None => dialogs::first_item(ready, &wanted.group, wanted.number)?,
        };
        let dialog = (start.as_str(), wanted.said.as_slice());
        let talk = dialogs::talk(ready, manager, &wanted.group, dialog, CANDIDATES).await?;
        page.by = shower(talk.by);
        let split = self.explored.split(None)?;
        let item = |id: &String| self.item(split, &wanted.group, id);
        let turn = |(shown, caption): &(String, String)| TalkTurn {
            item: item(shown),
            caption: caption.clone(),
            rank: None,
        };
        page.turns = talk.turns.iter().map(turn).collect();
        page.shown = talk.candidates.first().map(item);
        page.others = talk.candidates.iter().skip(1).map(item).collect();
        let said = wanted.said.len();
        page.kept = wanted.parameters(&start, said);
        page.next = (said < TURNS).then(|| format!("say{}", said + 1));
        if said > 0 {
            page.back = Some(address(&page.href, &wanted.parameters(&start, said - 1)));
            page.over = Some(address(&page.href, &wanted.parameters(&start, 0)));
        }
        Ok(())
    }

    /// Adds a dialog of the simulated user.
    async fn fill_demonstration(
        &self,
        page: &mut TalkPage,
        wanted: &Wanted,
        ready: &Arc<Ready>,
        manager: Option<&Manager>,
        turns: u32,
    ) -> std::result::Result<(), Refusal> {
        let (group, number) = (&wanted.group, wanted.number);
        let played = dialogs::demonstrate(ready, manager, group, number, turns).await?;
        page.by = shower(played.by);
        let split = self.explored.split(None)?;
        let item = |id: &String| self.item(split, &wanted.group, id);
        let turn = |(shown, caption, rank): &(String, String, usize)| TalkTurn {
            item: item(shown),
            caption: caption.clone(),
            rank: Some(*rank as u64),
        };
        page.turns = played.turns.iter().map(turn).collect();
        page.target = Some(item(&played.target));
        Ok(())
    }
}

fn shower(by: dialogs::Shower) -> TalkShower {
    match by {
        dialogs::Shower::Words => TalkShower::Words,
        dialogs::Shower::WordsMeanwhile => TalkShower::WordsMeanwhile,
        dialogs::Shower::Manager(version) => TalkShower::Manager(version),
    }
}
