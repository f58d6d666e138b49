//! How to take part: the page, and that its program works as the page says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use web::pages::TakePartPage;

use crate::{between, html, sample};

/// The program of Fashion IQ's pages.
const WRITE_RUN: &str = include_str!("../../../docs/write_run.py");

const QUERIES: &str = r#"{"dress": [
    {"query": "dress.test.0", "candidate": "B001", "captions": ["is shorter", "é “quoted”"]},
    {"query": "dress.test.1", "candidate": "B001", "captions": ["is shorter", ""]}],
  "shirt": [{"query": "shirt.test.0", "candidate": "B101", "captions": ["is blue", "is new"]}]}"#;

/// A separate folder with the program and the queries.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("write_run.py"), WRITE_RUN).unwrap();
    fs::write(folder.join("queries.json"), QUERIES).unwrap();
    folder
}

fn python(folder: &Path, arguments: &[&str]) -> Output {
    Command::new("python3").args(arguments).current_dir(folder).output().unwrap()
}

/// The contents of a submission as `file query candidate length` lines, read with Python.
fn held(folder: &Path) -> String {
    const SHOW: &str = "
import json, zipfile
run = zipfile.ZipFile('run.zip')
for name in run.namelist():
    for row in json.loads(run.read(name)):
        ranking = row['ranking']
        print(name, row['query'], row['candidate'], len(ranking), len(set(ranking)))
";
    let shown = python(folder, &["-c", SHOW]);
    String::from_utf8(shown.stdout).unwrap()
}

#[test]
fn the_program_writes_the_rankings_it_is_given() {
    let folder = folder("given");
    let made = python(
        &folder,
        &[
            "-c",
            "import write_run; write_run.write_run('queries.json', {'dress.test.0': ['B002', 'B003'], \
             'dress.test.1': ['B003'], 'shirt.test.0': ['B102']})",
        ],
    );
    assert!(made.status.success(), "{made:?}");
    insta::assert_snapshot!(held(&folder), @r#"
    dress.predict.json dress.test.0 B001 2 2
    dress.predict.json dress.test.1 B001 1 1
    shirt.predict.json shirt.test.0 B101 1 1
    "#);
}

#[test]
fn the_program_by_itself_writes_a_random_run_of_fifty_distinct_items_or_the_whole_gallery() {
    let folder = folder("random");
    let items: Vec<String> = (0..200).map(|i| format!("\"B{i:03}\"")).collect();
    let gallery = format!("{{\"dress\": [{}], \"shirt\": [\"B101\", \"B102\"]}}", items.join(","));
    fs::write(folder.join("gallery.json"), gallery).unwrap();
    let made = python(&folder, &["write_run.py", "queries.json", "gallery.json"]);
    assert!(made.status.success(), "{made:?}");
    insta::assert_snapshot!(held(&folder), @r#"
    dress.predict.json dress.test.0 B001 50 50
    dress.predict.json dress.test.1 B001 50 50
    shirt.predict.json shirt.test.0 B101 2 2
    "#);
}

#[test]
fn a_query_without_a_ranking_is_named() {
    let folder = folder("missing");
    let made =
        python(&folder, &["-c", "import write_run; write_run.write_run('queries.json', {})"]);
    assert!(!made.status.success());
    assert!(String::from_utf8_lossy(&made.stderr).contains("'dress.test.0'"));
}

#[test]
fn the_page_leads_from_nothing_to_a_valid_run() {
    let html = html(&sample::take_part());
    let shown = between(&html, "<pre tabindex=\"0\"><code>curl -fo queries.json", "</code>");
    assert!(shown.starts_with("https://fashion-iq.example/c/fashion-iq/test/queries.json\n"));
    assert!(
        shown
            .contains("curl -fo write_run.py https://fashion-iq.example/c/fashion-iq/write_run.py")
    );
    assert!(shown.ends_with("python3 write_run.py queries.json gallery.json"));
    assert!(html.contains("<small>6,118 queries, 1.1 MB</small>"));
    assert!(
        html.contains(
            "Download 4.8 MB</a> <span class=\"quiet\">2 files, 15,536 pictures (1.2 GB)"
        )
    );
    let licence = "CDLA-Permissive-1.0, <a href=\"https://cdla.dev/permissive-1-0/\"";
    assert!(html.contains(licence), "{html}");
    assert!(html.contains("<a href=\"/account#tokens\">your account</a>"));
    assert!(
        html.contains("The train split is in the data of <a href=\"/c/fashion-iq/dev/take-part\">")
    );
}

#[test]
fn data_that_is_being_prepared_says_so_and_names_the_licence() {
    let mut page = sample::take_part();
    page.data.as_mut().unwrap().ready = None;
    page.data.as_mut().unwrap().licence = None;
    let html = html(&page);
    assert!(html.contains("is being prepared. Reload this page in a moment."));
    assert!(html.contains("ask them before you share the data"));
    assert!(!html.contains("sha256sum"));
}

#[test]
fn a_phase_that_takes_no_runs_tells_how_to_prepare_and_offers_no_form() {
    let ahead = TakePartPage { phase: sample::phases().remove(2), ..sample::take_part() };
    let html = html(&ahead);
    assert!(html.contains("This phase is not open yet."));
    assert!(html.contains("Write the file"));
    assert!(!html.contains("export FASHION_IQ_TOKEN"));
}
