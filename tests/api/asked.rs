//! What a phase asks for in addition to the method's name.

use system_tests::{Form, Tester, World};

const FIELDS: &str = r#"
[[phase.field]]
name = "code"
label = "Code"
kind = "link"

[[phase.field]]
name = "zero-shot"
label = "Zero-shot"
kind = "yes-no"
required = true

[[phase.field]]
name = "data"
label = "Extra data"
kind = "choice"
options = ["none", "public sets"]

[[phase.field]]
name = "note"
label = "A note"
kind = "text"
public = false
"#;

async fn asking() -> Tester {
    Tester::of(World::with_more("", FIELDS), |_| {}).await
}

fn run(tester: &Tester, tenths: usize) -> Vec<u8> {
    tester.test.run(move |q| (q % 10 < tenths).then_some(1))
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_shown_filter_the_board_and_those_that_are_not_public_stay_with_the_team() {
    let tester = asking().await;
    let (first, second) = (tester.team("First").await, tester.team("Second").await);
    let told = r#"{"zero-shot": true, "code": "https://example.org/a", "note": "between us"}"#;
    let made = first.upload_told("test", run(&tester, 9), told).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.json["details"]["zero-shot"], "yes");
    assert_eq!(made.json["details"]["note"], "between us");
    let form = Form::default().text("zero-shot", "no").text("data", "public sets");
    let form = form.file("file", &run(&tester, 5));
    assert_eq!(second.upload_form("test", form).await.status, 201);

    let board = tester.get("/c/fiq/test").await.text;
    assert!(board.contains("href=\"https://example.org/a\"") && board.contains("public sets"));
    let page =
        tester.get(&format!("/c/fiq/submissions/{}", made.json["id"].as_str().unwrap())).await;
    assert!(page.text.contains("Zero-shot") && page.text.contains("https://example.org/a"));
    let leaderboard = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard").await;
    assert_eq!(leaderboard.json["rows"][1]["details"]["data"], "public sets");
    let csv = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard.csv").await.text;
    assert!(csv.starts_with("\u{feff}rank,team,kind,method,code,zero-shot,data,overall,"), "{csv}");
    for public in [&board, &page.text, &leaderboard.text, &csv] {
        assert!(!public.contains("between us"), "{public}");
    }

    let shown = async |query: &str| {
        let page = tester.get(&format!("/c/fiq/test?{query}")).await;
        assert_eq!(page.status, 200, "{}", page.text);
        ["First", "Second"].map(|team| page.text.contains(&format!("<bdi>{team}</bdi>")))
    };
    assert_eq!(shown("zero-shot=yes").await, [true, false]);
    assert_eq!(shown("zero-shot=no&sort=team&dir=asc").await, [false, true]);
    assert_eq!(shown("zero-shot=no&data=none").await, [false, false]);
    assert_eq!(shown("zero-shot=&data=").await, [true, true]);
    let kept = tester.get("/c/fiq/test?zero-shot=no").await.text;
    assert!(
        kept.contains("?zero-shot=no&#38;sort=") || kept.contains("?zero-shot=no&amp;sort="),
        "{kept}"
    );
    let wrong = tester.get("/c/fiq/test?zero-shot=perhaps").await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text.contains("zero-shot"), "{}", wrong.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_answers_are_refused_by_their_name_and_use_nothing() {
    let tester = asking().await;
    let team = tester.team("Atelier").await;
    for (details, field) in [
        ("{}", "zero-shot"),
        (r#"{"zero-shot": "perhaps"}"#, "zero-shot"),
        (r#"{"zero-shot": true, "code": "javascript:alert(1)"}"#, "code"),
        (r#"{"zero-shot": true, "data": "secret sets"}"#, "data"),
        (r#"{"zero-shot": true, "else": "x"}"#, "else"),
        ("[]", "details"),
    ] {
        let refused = team.upload_told("test", run(&tester, 5), details).await;
        assert_eq!(refused.status, 400, "{details}: {}", refused.text);
        assert_eq!(refused.json["field"], field, "{}", refused.text);
    }
    assert_eq!(team.upload("test", run(&tester, 5)).await.status, 400);
    assert_eq!(tester.kept_files(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newcomer_copies_answers_what_is_required() {
    let tester = asking().await;
    let page = tester.get("/c/fiq/test/take-part").await.text;
    assert!(page.contains("--detail &#39;zero-shot=yes&#39;"), "{page}");
    let details = page.split("&#38;details=").nth(1).unwrap().split("&#34;").next().unwrap();
    assert_eq!(details, "%7B%22zero-shot%22%3A%22yes%22%7D");
    let (client, run) = (tester.team("Atelier").await.client, run(&tester, 5));
    let path = format!("{}?details={details}", system_tests::Client::intake("test"));
    let sent = tokio::task::spawn_blocking(move || client.post(&path, &run, &[]).unwrap());
    assert_eq!(sent.await.unwrap().status, 201);
    let dev = tester.get("/c/fiq/dev/take-part").await.text;
    assert!(!dev.contains("--detail") && !dev.contains("details="), "{dev}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_asks_and_keeps_what_was_typed() {
    let tester = asking().await;
    let mut member = tester.member("Ada", Some("Atelier")).await;
    let form = member.get("/c/fiq/test/submit").await.text;
    for name in ["code", "zero-shot", "data", "note"] {
        assert!(form.contains(&format!("name=\"{name}\"")), "{form}");
    }
    let typed = [("code", "ftp://example.org"), ("zero-shot", "yes"), ("note", "kept")];
    let refused = member.submit("/c/fiq/test/submit", &typed, &run(&tester, 5)).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("id=\"code-complaint\""), "{}", refused.text);
    assert!(refused.text.contains("value=\"ftp://example.org\""), "{}", refused.text);
    assert!(refused.text.contains("value=\"kept\""), "{}", refused.text);
    assert!(refused.text.contains("<option value=\"yes\" selected>"), "{}", refused.text);
    let typed = [("code", "https://example.org"), ("zero-shot", "yes")];
    let sent = member.submit("/c/fiq/test/submit", &typed, &run(&tester, 5)).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
}
