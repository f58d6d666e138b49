//! Whatever is sent to it, the server stays up: it takes on so much at once, says so to the rest, and
//! gives up on clients that hold a place and do nothing with it.

use std::time::Duration;

use serde_json::Value;
use system_tests::{Client, SlowUpload, Team, Tester, until};

const MIB: usize = 1 << 20;

/// Begins an upload of so many bytes whose body does not come; nothing where it is refused.
fn held(team: &Team, bytes: usize) -> Option<SlowUpload> {
    let mut upload = team.client.begin(&Client::intake("test"), bytes);
    upload.is_asked_for_the_body().then_some(upload)
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_places_are_taken_the_rest_is_asked_to_come_again_and_the_keeper_is_answered() {
    let tester = Tester::with("", |settings| settings.bounds.requests = 1).await;
    let team = tester.team("Atelier").await;
    let run = tester.test.zipped(|_| Some(3));
    let slow = held(&team, run.len()).expect("the first finds a place");

    let board = "/api/v1/challenges/fiq/phases/test/leaderboard";
    let refused = tester.get(board).await;
    assert_eq!((refused.status, &refused.json["code"]), (503, &Value::from("busy")));
    assert_eq!(refused.media_type, "application/problem+json");
    assert_eq!(refused.retry_after.as_deref(), Some("2"));
    let other = team.upload("test", tester.test.zipped(|_| Some(4))).await;
    assert_eq!((other.status, other.retry_after.as_deref()), (503, Some("2")), "{}", other.text);
    let page = tester.get("/c/fiq/test").await;
    assert_eq!((page.status, page.media_type.as_str()), (503, "text/html"));
    assert_eq!(tester.get("/healthz").await.status, 200);
    assert_eq!(tester.get("/readyz").await.status, 200);

    let answer = slow.send(&run);
    assert!(answer.starts_with("HTTP/1.1 201"), "the one that had a place is served: {answer}");
    until("its place is free", || tester.app.pressure.requests.taken() == 0).await;
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn places_in_memory_are_counted_by_bytes_so_small_uploads_pass_where_large_ones_wait() {
    let tester = Tester::with("", |settings| settings.bounds.memory_bytes = 12 << 20).await;
    let team = tester.team("Atelier").await;
    let large = held(&team, 20 * MIB).expect("there is memory for one");
    assert!(held(&team, 20 * MIB).is_none(), "there is none for a second");
    let refused = team.upload("test", vec![b' '; 3 * MIB]).await;
    assert_eq!((refused.status, &refused.json["code"]), (503, &Value::from("busy")));
    assert_eq!(refused.retry_after.as_deref(), Some("2"));
    let small = team.upload("test", tester.test.zipped(|_| Some(3))).await;
    assert_eq!(small.status, 201, "{}", small.text);

    drop(large);
    until("the memory is free again", || tester.app.pressure.memory.taken() == 0).await;
    assert!(held(&team, 20 * MIB).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stops_arriving_is_given_up_and_leaves_nothing_behind() {
    let piece = Duration::from_millis(200);
    let tester = Tester::with("total = 1", |settings| settings.timeouts.piece = piece).await;
    let team = tester.team("Atelier").await;
    // so much that a part of it is written to the store before it stops
    let mut upload = held(&team, 8 * MIB).unwrap();
    upload.send_some(&vec![b' '; 6 * MIB]);
    let answer = upload.send(b"");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("too-slow") && answer.contains("nothing was kept"), "{answer}");
    assert_eq!(tester.kept_files(), 0);
    assert_eq!(tester.app.pressure.memory.taken(), 0);
    // it has used nothing
    assert_eq!(team.upload("test", tester.test.run(|_| Some(1))).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_in_the_middle_leaves_nothing_behind() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let mut upload = held(&team, 8 * MIB).unwrap();
    upload.send_some(&vec![b' '; 6 * MIB]);
    until("a part is written", || tester.kept_files() > 0).await;
    drop(upload);
    until("nothing is left of it", || tester.kept_files() == 0).await;
    until("its memory is free", || tester.app.pressure.memory.taken() == 0).await;
    until("its place is free", || tester.app.pressure.requests.taken() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_comes_byte_by_byte_is_cut_off() {
    let head = Duration::from_millis(300);
    let tester = Tester::with("", |settings| {
        settings.timeouts.head = head;
        settings.bounds.connections = 1;
    })
    .await;
    let mut slow = tester.anyone.wire();
    let text = "GET /healthz HTTP/1.1\r\nHost: test\r\nX-Padding: ".to_owned() + &"a".repeat(1000);
    let dripping = tokio::task::spawn_blocking(move || {
        for byte in text.bytes() {
            slow.send([byte]);
            std::thread::sleep(Duration::from_millis(5));
        }
        slow.rest()
    });
    // the only place for connections is free again long before the head would be whole
    assert_eq!(tester.get("/healthz").await.status, 200);
    let answer = dripping.await.unwrap();
    assert!(!answer.contains("alive"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn event_streams_have_places_of_their_own_and_give_them_back() {
    let tester = Tester::with("", |settings| settings.bounds.event_streams = 2).await;
    let path = "/api/v1/challenges/fiq/phases/test/events";
    let open = || {
        let mut events = tester.anyone.wire();
        events.ask(path);
        let status = events.line();
        (status, events)
    };
    let (first, mut events) = open();
    let (second, _second) = open();
    assert!(first.contains("200") && second.contains("200"), "{first} {second}");
    assert!(events.line_with("data:").is_some());
    let refused = tester.get(path).await;
    assert_eq!((refused.status, refused.retry_after.as_deref()), (503, Some("2")));
    assert_eq!(tester.get("/c/fiq/test").await.status, 200, "others are served");
    drop(events);
    // a client that has gone is noticed when there is something to tell it
    let team = tester.team("Atelier").await;
    team.upload("test", tester.test.run(|_| Some(1))).await;
    until("its place is free", || tester.app.pressure.event_streams.taken() == 1).await;
    assert!(open().0.contains("200"));
}
