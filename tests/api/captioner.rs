//! Dialogs whose user is played by a captioner, another program.

use dataset::{Folder, Protocol};
use serde_json::{Value, json};
use system_tests::{Captions, Mood, Team, Tester, World};

const START: &str = "/api/v1/challenges/fiq/phases/dialog/dialogs";

const VERSION: &str = "captioner 1a2b3c4d";

async fn tester(captions: &Captions) -> Tester {
    let world = World::dialogs("");
    world.edit("targets = \"drawn\"", &format!("targets = \"drawn\"\nsimulator = \"{VERSION}\""));
    let setting = captions.setting.clone();
    Tester::of(world, |settings| settings.captioner = Some(setting)).await
}

/// An answer to a dialog: the gallery, beginning after the item that is shown.
async fn answer(team: &Team, started: &Value, dialog: usize) -> system_tests::Answer {
    let dialog = &started["dialogs"][dialog];
    let category = dialog["category"].as_str().unwrap();
    let split = Folder::new(World::dev_folder()).split("val", Protocol::Original).unwrap();
    let group = split.groups.iter().find(|group| group.name == category).unwrap();
    let mut ranking: Vec<&str> = group.gallery.iter().collect();
    let shown = ranking.iter().position(|item| dialog["shown"] == *item).unwrap();
    ranking.rotate_left(shown + 1);
    let one = json!({"dialog": dialog["dialog"], "turn": dialog["turn"], "ranking": ranking});
    team.post(started["answers"].as_str().unwrap(), &json!({"answers": [one]})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captioner_says_what_the_user_says_and_its_version_is_shown() {
    let captions = Captions::start(VERSION);
    let tester = tester(&captions).await;
    let team = tester.team("Atelier").await;
    let started = team.post(START, &Value::Null).await.json;
    assert_eq!(started["simulator"], VERSION, "{started}");
    let dialogs = started["dialogs"].as_array().unwrap();
    assert_eq!(dialogs.len(), 12);
    assert!(dialogs.iter().all(|it| it["caption"] == "looks better at turn 1 👗"), "{started}");
    let asked = captions.asked();
    assert_eq!(asked.len(), 12, "each dialog once");
    for (dialog, asked) in dialogs.iter().zip(&asked) {
        assert_eq!((&asked["group"], &asked["shown"]), (&dialog["category"], &dialog["shown"]));
        assert!(asked["target"] != asked["shown"] && asked["turn"] == 1, "{asked}");
    }
    let replied = answer(&team, &started, 0).await;
    assert_eq!(replied.status, 200, "{}", replied.text);
    assert_eq!(replied.json["dialogs"][0]["caption"], "looks better at turn 2 👗");
    assert_eq!(captions.asked()[12]["target"], asked[0]["target"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captioner_that_is_away_or_another_one_leaves_the_dialog_as_it_was() {
    let captions = Captions::start(VERSION);
    let tester = tester(&captions).await;
    let team = tester.team("Atelier").await;
    captions.be(Mood::Away);
    let refused = team.post(START, &Value::Null).await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    let detail = "the program that plays the user can’t be asked at the moment; nothing was saved, send \
                  the same request again in a moment";
    assert_eq!(refused.json["detail"], detail);
    captions.be(Mood::Well);
    let started = team.post(START, &Value::Null).await;
    assert_eq!(started.status, 201, "nothing was counted: {}", started.text);
    let started = started.json;
    for mood in [Mood::Away, Mood::Busy, Mood::Short] {
        captions.be(mood);
        assert_eq!(answer(&team, &started, 0).await.status, 503, "{mood:?}");
    }
    captions.be(Mood::Well);
    captions.become_version("captioner 00000000");
    assert_eq!(answer(&team, &started, 0).await.status, 503, "another version says other things");
    captions.become_version(VERSION);
    let link = format!("{}/dialogs", started["link"].as_str().unwrap());
    let position = team.get(&link).await.json;
    assert_eq!((&position["left"], &position["dialogs"][0]["turn"]), (&json!(36), &json!(1)));
    let replied = answer(&team, &started, 0).await;
    assert_eq!((replied.status, &replied.json["left"]), (200, &json!(35)), "{}", replied.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_captioner_in_the_settings_its_dialogs_can_not_be_opened() {
    let world = World::dialogs("");
    world.edit("targets = \"drawn\"", &format!("targets = \"drawn\"\nsimulator = \"{VERSION}\""));
    let tester = Tester::of(world, |_| {}).await;
    let team = tester.team("Atelier").await;
    assert_eq!(team.post(START, &Value::Null).await.status, 503);
}
