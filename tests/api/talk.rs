//! A visitor talks to a trained dialog manager, another program, or to the agent without learning.

use dataset::{Folder, Protocol};
use system_tests::{Candidates, Tester, World};

fn gallery(category: &str) -> Vec<String> {
    let split = Folder::new(World::dev_folder()).split("val", Protocol::Original).unwrap();
    let group = split.groups.iter().find(|group| group.name == category).unwrap();
    group.gallery.iter().map(str::to_owned).collect()
}

async fn tester(manager: Option<String>) -> Tester {
    Tester::of(World::dialogs(""), |settings| settings.manager = manager).await
}

async fn page(tester: &Tester, query: &str) -> String {
    let answer = tester.get(&format!("/c/fiq/dialog/talk?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer.text
}

/// The items of a page, in its order.
fn items<'a>(page: &str, gallery: &'a [String]) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for item in gallery {
        found.extend(
            page.match_indices(&format!("<code><bdi>{item}</bdi></code>"))
                .map(|(at, _)| (at, &**item)),
        );
    }
    found.sort_unstable();
    found.into_iter().map(|(_, item)| item).collect()
}

const AGENT: &str = "only knows the words of garments";
const MEANWHILE: &str = "can’t be asked at the moment, so this is the agent without learning";

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_talks_to_the_trained_manager_that_the_settings_name() {
    let gallery = gallery("dress");
    let manager = Candidates::start(gallery.clone());
    let tester = tester(Some(manager.setting.clone())).await;
    let talk =
        format!("group=dress&start={}&say1=is+blue+%F0%9F%91%97&say2=is+a+bit+longer", gallery[3]);
    let text = page(&tester, &talk).await;
    assert!(text.contains(Candidates::VERSION) && !text.contains(AGENT), "{text}");
    // Two turns, what is shown now, and six more candidates.
    let expected: Vec<&str> = gallery[3..12].iter().map(String::as_str).collect();
    assert_eq!(items(&text, &gallery), expected, "{text}");
    let asked = manager.asked();
    assert_eq!(asked.len(), 1, "one request for the whole dialog");
    assert_eq!(asked[0]["said"], serde_json::json!(["is blue 👗", "is a bit longer"]));

    let text = page(&tester, "group=dress&play=2").await;
    assert!(text.contains("What the user had in mind") && text.contains(Candidates::VERSION));
    assert_eq!(text.matches("target at rank ").count(), 3, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_manager_is_away_or_knows_other_items_the_agent_without_learning_answers() {
    let own = gallery("dress");
    let manager = Candidates::start(vec!["B0NOTHERE1".to_owned()]);
    let asking = tester(Some(manager.setting.clone())).await;
    let usual = tester(None).await;
    let talk = format!("group=dress&start={}&say1=is+blue", own[3]);
    let expected = page(&usual, &talk).await;
    assert!(expected.contains(AGENT) && !expected.contains(MEANWHILE), "{expected}");
    for away in [false, true] {
        if away {
            manager.go_away();
        }
        for query in [talk.as_str(), "group=dress&play=2", "group=dress"] {
            let (text, expected) = (page(&asking, query).await, page(&usual, query).await);
            assert!(text.contains(MEANWHILE) && text.contains(AGENT), "{text}");
            assert_eq!(items(&text, &own), items(&expected, &own), "{query}");
        }
    }
    assert!(!manager.asked().is_empty());
}
