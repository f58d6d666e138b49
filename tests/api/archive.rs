//! A challenge as static files: its links work, and it holds what an anonymous visitor sees.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::challenges;
use domain::entities::role::Role;
use server::archive::archive;
use system_tests::{Tester, World};

/// All files of a folder, relative to it.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found
}

/// The values of the attributes of a page that hold links.
fn links(html: &str) -> Vec<&str> {
    let values = |name| html.split(name).skip(1).filter_map(|rest| rest.split('"').next());
    [" href=\"", " src=\"", " action=\""].into_iter().flat_map(values).collect()
}

/// Where a relative link of a file leads.
fn target(file: &str, link: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in link.split('#').next().unwrap().split('/') {
        if part == ".." {
            parts.pop().expect("it stays in the archive");
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

/// The text of a page, without its tags.
fn text(html: &str) -> String {
    let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, rest)| rest));
    pieces.collect()
}

/// A challenge with three public submissions and a hidden one, whose id is returned.
async fn filled(tester: &Tester) -> String {
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    for (name, rank) in [("Atelier", 1), ("Studio & Söhne", 20), ("Salon", 40)] {
        let team = tester.team(name).await;
        assert_eq!(team.upload("test", tester.test.run(|_| Some(rank))).await.status, 201);
        assert_eq!(team.upload("dev", tester.dev.run(|_| Some(rank))).await.status, 201);
    }
    let hidden = tester.team("Nobody sees this").await;
    let sent = hidden.upload("test", tester.test.run(|_| Some(3))).await;
    let id = sent.json["id"].as_str().unwrap().to_owned();
    let hide = format!("/c/fiq/organise/submissions/{id}/hide");
    assert_eq!(otto.post(&hide, &[("reason", "not public")]).await.status, 303);
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn every_link_of_an_archive_leads_to_a_file_of_it_and_nothing_in_it_is_hidden() {
    let tester = Tester::start().await;
    let hidden = filled(&tester).await;
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    let folder: PathBuf = tester.world.path().join("archive");
    let done = archive(&tester.app, &challenge, &folder, &|_| ()).await.unwrap();
    let all = files(&folder);
    assert_eq!(done.pages + done.files, all.len());
    for wanted in [
        "index.html",
        "README.txt",
        "c/fiq/test/index.html",
        "c/fiq/dev/index.html",
        "c/fiq/rules/index.html",
        "c/fiq/scoring/index.html",
        "c/fiq/data/index.html",
        "c/fiq/dev/statistics/index.html",
        "api/v1/receipt-keys.json",
        "api/v1/challenges/fiq/phases/test/leaderboard.json",
        "api/v1/challenges/fiq/phases/test/leaderboard.csv",
    ] {
        assert!(all.contains(wanted), "{wanted}: {all:?}");
    }
    let receipts = all.iter().filter(|file| file.ends_with("/receipt.json")).count();
    assert!(receipts >= 6, "each submission has its receipt: {all:?}");

    for file in &all {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let content = String::from_utf8_lossy(&bytes);
        assert!(!content.contains(&hidden) && !content.contains("Nobody sees this"), "{file}");
        if Path::new(file).extension().is_none_or(|ending| ending != "html") {
            continue;
        }
        for link in links(&content) {
            let is_elsewhere = link.starts_with("https://") || link.starts_with("mailto:");
            if is_elsewhere || link.starts_with('#') || link.is_empty() {
                continue;
            }
            let there = target(file, link);
            assert!(all.contains(&there), "{file} links to {link}, which is not there");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_an_archive_says_what_the_server_says_to_an_anonymous_visitor() {
    let tester = Tester::start().await;
    filled(&tester).await;
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    let folder = tester.world.path().join("archive");
    archive(&tester.app, &challenge, &folder, &|_| ()).await.unwrap();
    let mut compared = 0;
    for file in files(&folder) {
        let bytes = std::fs::read(folder.join(&file)).unwrap();
        if let Some(page) = file.strip_suffix("/index.html") {
            let shown = tester.get(&format!("/{page}")).await;
            let copied = String::from_utf8(bytes).unwrap();
            assert_eq!(text(&copied), text(&shown.text), "{page}");
            compared += 1;
        } else if file.contains("leaderboard") {
            let plain =
                file.strip_suffix("leaderboard.json").map(|rest| format!("{rest}leaderboard"));
            let shown = tester.get(&format!("/{}", plain.as_ref().unwrap_or(&file))).await;
            assert_eq!(bytes, shown.bytes, "{file}");
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
    // A second archive needs a folder of its own.
    let again = archive(&tester.app, &challenge, &folder, &|_| ()).await.unwrap_err();
    assert!(again.detail.contains("isn’t empty"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phase_that_shows_nothing_yet_shows_nothing_in_an_archive() {
    let tester = Tester::of(World::new("total = 5"), |_| {}).await;
    let definition = std::fs::read_to_string(tester.world.definition()).unwrap();
    let silent = definition.replace(
        "shown = { public = [\"overall\", \"recall@10\", \"recall@50\"], \
         team = [\"overall\", \"recall@10\", \"recall@50\"] }",
        "shown = { public = [], team = [] }\nreveals = 2027-02-01T00:00:00Z",
    );
    assert_ne!(silent, definition);
    std::fs::write(tester.world.definition(), silent).unwrap();
    tester.apply().await;
    let team = tester.team("Atelier").await;
    assert_eq!(team.upload("test", tester.test.run(|q| Some(1 + q % 37))).await.status, 201);
    let challenge = challenges::find(&tester.app.db, "fiq").await.unwrap();
    let folder = tester.world.path().join("archive");
    archive(&tester.app, &challenge, &folder, &|_| ()).await.unwrap();
    let board = folder.join("api/v1/challenges/fiq/phases/test/leaderboard.json");
    let board = std::fs::read_to_string(board).unwrap();
    assert!(!board.contains("\"overall\":0."), "{board}");
}
