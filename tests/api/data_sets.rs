//! Data belongs to a challenge: nobody can score against another challenge's data, or learn what exists.

use domain::entities::role::Role;
use system_tests::{Browser, Tester, World};

const HOME: &str = "/c/fiq/organise";

/// A definition of the challenge that adds a benchmark, as its organiser would write it.
async fn with_benchmark(browser: &mut Browser, folder: &str, targets: &str) -> String {
    let page = browser.get(&format!("{HOME}/definition")).await.text;
    let text = page.split("<textarea").nth(1).unwrap().split_once('>').unwrap().1;
    let text = text.split("</textarea>").next().unwrap();
    let text = text
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#39;", "'")
        .replace("&#38;", "&");
    format!(
        "{text}\n[[benchmark]]\nname = \"other\"\nfolder = \"{folder}\"\nsplit = \"test\"\n\
         targets = \"hidden\"\ntargets_file = \"{targets}\"\n"
    )
}

/// A server with data sets that no challenge has yet.
async fn tester() -> Tester {
    let world = World::new("");
    let datasets = world.datasets();
    Tester::of(world, |settings| settings.datasets_dir = datasets).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_names_only_what_was_granted_to_the_challenge() {
    let tester = tester().await;
    let mut otto = tester.organiser("Otto", Role::Owner).await;
    let preview = async |browser: &mut Browser, folder: &str, targets: &str| {
        let definition = with_benchmark(browser, folder, targets).await;
        browser.post(&format!("{HOME}/definition"), &[("definition", &definition)]).await
    };
    // existing and missing files get the same message, in the folder and in the file of targets
    let there = preview(&mut otto, "garments", "targets.json").await;
    let nowhere = preview(&mut otto, "trousers", "targets.json").await;
    assert_eq!((there.status, nowhere.status), (422, 422), "{}", there.text);
    let sentence = |text: &str, name: &str| {
        let complaint = text.split("definition-complaint").nth(1).unwrap();
        complaint.split("</").next().unwrap().replace(name, "…")
    };
    assert_eq!(sentence(&there.text, "garments"), sentence(&nowhere.text, "trousers"));
    assert!(there.text.contains("this challenge has no such data set"), "{}", there.text);

    // an owner of the challenge can't grant it
    let grant = |path: &'static str| [("path", path), ("reason", "the spring edition")];
    let data = format!("{HOME}/data");
    let own = otto.post(&format!("{data}/grant"), &grant("garments")).await;
    assert_eq!(own.status, 403, "{}", own.text);
    assert!(!otto.get(&data).await.text.contains("garments"), "the page lists no other data");

    // an owner of the server can
    let mut olga = tester.person("Olga").await;
    tester.own_everything("Olga").await;
    assert!(olga.get(&data).await.text.contains("garments"));
    assert_eq!(olga.post(&format!("{data}/grant"), &grant("nowhere")).await.status, 400);
    assert_eq!(olga.post(&format!("{data}/grant"), &grant("../data")).await.status, 400);
    for path in ["garments", "targets.json"] {
        let granted = olga.post(&format!("{data}/grant"), &grant(path)).await;
        assert_eq!(granted.status, 303, "{}", granted.text);
    }
    assert_eq!(olga.post(&format!("{data}/grant"), &grant("garments/")).await.status, 409);
    assert!(otto.get(&data).await.text.contains("garments"));
    let plan = preview(&mut otto, "garments", "targets.json").await;
    assert_eq!(plan.status, 200, "{}", plan.text);

    // and takes it back
    let log = otto.get(&format!("{HOME}/log")).await.text;
    assert!(log.contains("granted the data set garments"), "{log}");
    let revoke = [("grant", "1"), ("reason", "the edition is over")];
    assert_eq!(olga.post(&format!("{data}/revoke"), &revoke).await.status, 303);
    assert_eq!(preview(&mut otto, "garments", "targets.json").await.status, 422);
}
