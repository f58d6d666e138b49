//! The pages of a phase of dialogs.

use web::pages::{DialogFacts, DialogGuidePage, Download, Link, TalkPage, TalkShower, TalkTurn};

use super::data_set::{LICENCE, item};
use super::team::data;
use super::{CHALLENGE, NOW, layout, phases};

const HREF: &str = "/c/fashion-iq/dialog/talk";
const HOST: &str = "https://fashion-iq.example";

fn turn(id: &str, caption: &str, rank: Option<u64>) -> TalkTurn {
    TalkTurn { item: item(id, true), caption: caption.to_owned(), rank }
}

/// A dialog of a visitor, after two captions.
pub fn talk() -> TalkPage {
    let long = "is red & has <b>longer</b> sleeves,\nand a collar 👗 ".to_owned() + &"é".repeat(90);
    TalkPage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        phase: Link::new("Dialogs", "/c/fashion-iq/dialog"),
        href: HREF.to_owned(),
        groups: vec![("dress".to_owned(), true), ("shirt".to_owned(), false)],
        items: "garments",
        by: TalkShower::Manager("1a2b3c4d".to_owned()),
        turns: vec![turn("B0000000A1", &long, None), turn("B0000000A2", "shorter", None)],
        shown: Some(item("B0000000A3", true)),
        others: (4..9).map(|at| item(&format!("B0000000A{at}"), at % 2 == 0)).collect(),
        kept: vec![("group".to_owned(), "dress".to_owned())],
        next: Some("c3".to_owned()),
        back: Some(format!("{HREF}?group=dress&c1=red")),
        over: Some(format!("{HREF}?group=dress")),
        another: format!("{HREF}?group=dress&draw=8"),
        play: format!("{HREF}?group=dress&play=8"),
        target: None,
        refused: None,
        pictures: Some(LICENCE.to_owned()),
    }
}

/// The first item of a dialog, shown by the agent that knows words.
pub fn talk_start() -> TalkPage {
    let by = TalkShower::WordsMeanwhile;
    TalkPage { by, turns: vec![], back: None, over: None, next: Some("c1".to_owned()), ..talk() }
}

/// A dialog of the simulated user, to its end.
pub fn talk_played() -> TalkPage {
    let turns = (1..=5)
        .map(|at| {
            turn(&format!("B0000000A{at}"), "is black and has long sleeves", Some(4_096 >> at))
        })
        .collect();
    let target = Some(item("B0000000A9", true));
    TalkPage { turns, target, shown: None, others: vec![], next: None, back: None, ..talk() }
}

/// A caption that is not accepted.
pub fn talk_refused() -> TalkPage {
    let refused = Some("the caption has 900 characters; the maximum is 500".to_owned());
    TalkPage { refused, turns: vec![], shown: None, others: vec![], next: None, ..talk() }
}

/// How to play.
pub fn dialog_guide() -> DialogGuidePage {
    let need = ["dress", "shirt", "toptee"].map(|name| (name.to_owned(), 500));
    DialogGuidePage {
        layout: layout(),
        challenge: CHALLENGE.to_owned(),
        phase: phases().remove(0),
        rules: DialogFacts {
            turns: 5,
            need: need.to_vec(),
            dialogs: 100,
            time: "2 hours".to_owned(),
            simulator: "template 1".to_owned(),
            transcripts: true,
        },
        gallery: Download {
            href: "/c/fashion-iq/dialog/gallery.json".to_owned(),
            bytes: Some(202_000),
            count: Some(15_536),
        },
        data: Some(data(HOST)),
        talk: Some(HREF.to_owned()),
        limits: "/c/fashion-iq/limits".to_owned(),
        scoring: "/c/fashion-iq/scoring".to_owned(),
        agent: "import json\n\nprint(\"a program of 100 lines\")\n",
        agent_href: "/c/fashion-iq/agent.py".to_owned(),
        agent_line: format!("python3 agent.py {HOST} fashion-iq dialog"),
        curl_line: format!("curl -X POST {HOST}/api/v1/challenges/fashion-iq/phases/dialog/play"),
        now: NOW,
    }
}
