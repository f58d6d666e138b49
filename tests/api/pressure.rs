//! The server stays up under any load: it accepts a limited number of requests at once, refuses the rest
//! with a message, and closes connections of idle clients.

use std::time::Duration;

use serde_json::Value;
use system_tests::{Browser, Client, PASSWORD, SlowUpload, Team, Tester, Wire, eventually, until};

const MIB: usize = 1 << 20;

/// Starts an upload of this many bytes whose body doesn't arrive; none if it is refused.
fn held(team: &Team, bytes: usize) -> Option<SlowUpload> {
    let mut upload = team.client.begin(&Client::intake("test"), bytes);
    upload.is_asked_for_the_body().then_some(upload)
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_places_are_taken_the_rest_is_asked_to_come_again_and_the_keeper_is_answered() {
    let tester = Tester::with("", |settings| {
        settings.bounds.requests = 1;
        settings.request_wait = Duration::from_millis(200);
    })
    .await;
    let team = tester.team("Atelier").await;
    let run = tester.test.zipped(|_| Some(3));
    let place = tester.app.pressure.requests.take().unwrap();

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

    drop(place);
    assert_eq!(team.upload("test", run).await.status, 201);
    until("its place is free", || tester.app.pressure.requests.taken() == 0).await;
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn places_in_memory_are_counted_by_bytes_so_small_uploads_pass_where_large_ones_wait() {
    let tester = Tester::with("", |settings| settings.bounds.memory_bytes = 12 << 20).await;
    let team = tester.team("Atelier").await;
    let other = tester.team("Other").await;
    let large = held(&team, 20 * MIB).expect("there is memory for one");
    assert!(held(&other, 20 * MIB).is_none(), "there is none for a second");
    let refused = other.upload("test", vec![b' '; 3 * MIB]).await;
    assert_eq!((refused.status, &refused.json["code"]), (503, &Value::from("busy")));
    assert_eq!(refused.retry_after.as_deref(), Some("2"));
    let small = other.upload("test", tester.test.zipped(|_| Some(3))).await;
    assert_eq!(small.status, 201, "{}", small.text);

    drop(large);
    until("the memory is free again", || tester.app.memory.taken() == 0).await;
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
    assert!(answer.contains("too-slow") && answer.contains("nothing was saved"), "{answer}");
    assert_eq!(tester.kept_files(), 0);
    assert_eq!(tester.app.memory.taken(), 0);
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
    until("its memory is free", || tester.app.memory.taken() == 0).await;
    until("its place is free", || tester.app.pressure.requests.taken() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_comes_byte_by_byte_is_cut_off() {
    let head = Duration::from_millis(300);
    let tester = Tester::with("", |settings| {
        settings.timeouts.head = head;
        settings.bounds.connections = 2;
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
    // others are answered meanwhile
    assert_eq!(tester.get("/healthz").await.status, 200);
    let answer = dripping.await.unwrap();
    assert!(!answer.contains("alive"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn event_streams_have_places_of_their_own_and_give_them_back() {
    let tester = Tester::with("", |settings| settings.bounds.event_streams = 4).await;
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
    // a disconnected client is noticed when there is something to send
    let team = tester.team("Atelier").await;
    team.upload("test", tester.test.run(|_| Some(1))).await;
    until("its place is free", || tester.app.pressure.event_streams.taken() == 1).await;
    assert!(open().0.contains("200"));
}

/// The head of a form whose body follows.
fn form_head(path: &str, bytes: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: test\r\nContent-Length: {bytes}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_read_no_answers_lose_their_connections_and_others_are_answered() {
    let tester = Tester::with("", |settings| {
        settings.bounds.connections = 8;
        settings.bounds.connections_per_address = 8;
        settings.timeouts.write = Duration::from_millis(200);
    })
    .await;
    // enough requests that their responses fill the system's buffers for clients that don't read
    let many = "GET /api/docs HTTP/1.1\r\nHost: test\r\n\r\n".repeat(64);
    let mut greedy = Vec::new();
    for _ in 0..8 {
        let mut wire = tester.anyone.wire();
        wire.send(&many);
        greedy.push(wire);
    }
    // they have all places until they have read nothing for a while
    let answered = async || {
        let anyone = tester.anyone.clone();
        let answer = move || anyone.try_get("/healthz").filter(|answer| answer.status == 200);
        tokio::task::spawn_blocking(answer).await.unwrap()
    };
    eventually("a client that reads is answered", answered).await;
    drop(greedy);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_holds_no_more_connections_than_its_own() {
    let tester = Tester::with("", |settings| settings.bounds.connections_per_address = 3).await;
    let mut held: Vec<_> = (0..3).map(|_| tester.anyone.wire()).collect();
    for wire in &mut held {
        wire.send("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n");
        assert!(wire.line().contains("200"));
    }
    // a fourth replaces the oldest, on which nothing is being answered
    assert_eq!(tester.get("/healthz").await.status, 200);
    let oldest = held.remove(0);
    let rest = tokio::task::spawn_blocking(move || oldest.rest()).await.unwrap();
    assert!(!rest.contains("HTTP/1.1"), "{rest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_drip_on_all_connections_keep_nobody_out() {
    let tester = Tester::with("", |settings| {
        settings.bounds.connections = 8;
        settings.bounds.connections_per_address = 8;
    })
    .await;
    let mut dripping: Vec<_> = (0..8).map(|_| tester.anyone.wire()).collect();
    for wire in &mut dripping {
        wire.send(form_head("/sign-in", 100));
        wire.send("email=");
    }
    for _ in 0..4 {
        assert_eq!(tester.get("/c/fiq/test").await.status, 200);
    }
    drop(dripping);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_drip_hold_no_place_and_are_given_up() {
    let tester = Tester::with("", |settings| {
        settings.bounds.requests = 2;
        settings.timeouts.form = Duration::from_millis(300);
    })
    .await;
    tester.person("Ada").await;
    let mut dripping = Vec::new();
    for _ in 0..20 {
        let mut wire = tester.anyone.wire();
        wire.send(form_head("/sign-in", 100));
        wire.send("email=");
        dripping.push(wire);
    }
    // everyone else gets responses, and can sign in
    assert_eq!(tester.get("/c/fiq/test").await.status, 200);
    let mut browser = Browser::new(&tester);
    let typed = [("email", "ada@example.org"), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &typed).await.status, 303);
    let told = tokio::task::spawn_blocking(move || dripping.remove(0).rest()).await.unwrap();
    assert!(told.starts_with("HTTP/1.1 408"), "{told}");
    assert!(told.contains("took longer than 0.3 s"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_says_it_has_files_in_it_is_read_as_every_other() {
    let tester = Tester::with("", |settings| {
        settings.bounds.requests = 2;
        settings.timeouts.form = Duration::from_millis(300);
    })
    .await;
    let head = |path: &str, bytes: usize| {
        form_head(path, bytes)
            .replace("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
    };
    let mut dripping: Vec<_> = (0..8).map(|_| tester.anyone.wire()).collect();
    for wire in &mut dripping {
        wire.send(head("/sign-in", 100));
        wire.send("email=");
    }
    let mut long = tester.anyone.wire();
    long.send(head("/sign-in", 100 << 10));
    long.send(vec![b'x'; 100 << 10]);
    let (slow, long) =
        tokio::task::spawn_blocking(move || (dripping.remove(0).rest(), long.line()))
            .await
            .unwrap();
    assert!(slow.starts_with("HTTP/1.1 408"), "{slow}");
    assert!(long.starts_with("HTTP/1.1 413"), "{long}");
    assert_eq!(tester.get("/c/fiq/test").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_forms_have_places_of_their_own() {
    let tester = Tester::start().await;
    let mut olga = tester.person("Olga").await;
    tester.own_everything("Olga").await;
    let places: Vec<_> =
        std::iter::from_fn(|| tester.app.pressure.large_forms.take().ok()).collect();
    let long = "x".repeat(100 << 10);
    let refused = olga.post("/organise", &[("definition", &long)]).await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert_eq!(olga.post("/organise", &[("definition", "x")]).await.status, 422);
    drop(places);
    assert_eq!(olga.post("/organise", &[("definition", &long)]).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_holds_what_a_form_may_hold() {
    let tester = Tester::start().await;
    let mut olga = tester.person("Olga").await;
    tester.own_everything("Olga").await;
    let long = "x".repeat(100 << 10);
    let refused = olga.post("/account/name", &[("name", &long)]).await;
    assert_eq!(refused.status, 413, "{}", refused.text);
    assert!(refused.text.contains("larger than 64 KiB"), "{}", refused.text);
    // an organiser's definition can be long
    let definition = olga.post("/organise", &[("definition", &long)]).await;
    assert_eq!(definition.status, 422, "{}", definition.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_are_arriving_count_for_their_team_and_leave_room_for_others() {
    let tester = Tester::with("at_once = 2", |settings| {
        settings.bounds.requests = 4;
        settings.bounds.memory_bytes = 128 << 20;
    })
    .await;
    let greedy = tester.team("Greedy").await;
    let slow: Vec<_> = (0..2).map(|_| held(&greedy, 20 * MIB).expect("two at once")).collect();
    let refused = greedy.upload("test", tester.test.zipped(|_| Some(4))).await;
    assert_eq!((refused.status, &refused.json["code"]), (429, &Value::from("limit-reached")));
    // they hold no place for requests, and others upload meanwhile
    assert_eq!(tester.app.pressure.requests.taken(), 0);
    for n in 0..6 {
        let other = tester.team(&format!("Other {n}")).await;
        let answer = other.upload("test", tester.test.zipped(|_| Some(3))).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    drop(slow);
    until("they have gone", || tester.app.memory.taken() == 0).await;
    assert_eq!(greedy.upload("test", tester.test.zipped(|_| Some(4))).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_takes_its_share_of_the_memory_and_no_more() {
    let tester = Tester::with("", |settings| settings.bounds.memory_bytes = 128 << 20).await;
    let (greedy, other) = (tester.team("Greedy").await, tester.team("Other").await);
    let slow: Vec<_> = std::iter::from_fn(|| held(&greedy, 20 * MIB)).take(10).collect();
    assert_eq!(slow.len(), 3, "a quarter of 128 MiB takes three");
    assert!(held(&other, 20 * MIB).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_answered_on_the_metrics_listener_too() {
    let tester = Tester::with("", |settings| {
        settings.metrics_listen = Some(([127, 0, 0, 1], 0).into());
        settings.bounds.connections_per_address = 1;
    })
    .await;
    let mut only = tester.anyone.wire();
    only.send("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n");
    assert!(only.line().contains("200"));
    let keeper = tester.metrics();
    for path in ["/healthz", "/readyz"] {
        let keeper = keeper.clone();
        let status = tokio::task::spawn_blocking(move || keeper.get(path).status);
        assert_eq!(status.await.unwrap(), 200);
    }
}

/// A class of 60 behind one address, with the default settings: everyone uploads at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_class_behind_one_address_uploads_at_once() {
    let tester = Tester::with("per_day = 5, at_once = 2", |_| {}).await;
    let mut uploads = tokio::task::JoinSet::new();
    for n in 0..60 {
        let team = tester.team(&format!("Team {n}")).await;
        let run = tester.test.zipped(move |query| Some(1 + (query + n) % 60));
        uploads.spawn(async move { team.upload("test", run).await.status });
    }
    let statuses = uploads.join_all().await;
    assert!(statuses.iter().all(|status| [201, 202].contains(status)), "{statuses:?}");
}

/// The same class opens the board, each with the six connections of a browser that stay open. Few
/// are answered at the same time; the others wait for their turn.
#[tokio::test(flavor = "multi_thread")]
async fn a_class_behind_one_address_reads_the_board() {
    let tester = Tester::with("", |settings| {
        settings.bounds.requests = 4;
        settings.request_wait = Duration::from_secs(30);
    })
    .await;
    let mut open = Vec::new();
    for _ in 0..60 * 6 {
        let mut wire = tester.anyone.wire();
        wire.send("GET /c/fiq/test HTTP/1.1\r\nHost: test\r\n\r\n");
        open.push(wire);
    }
    let lines = move || open.iter_mut().map(Wire::line).collect::<Vec<_>>();
    let lines = tokio::task::spawn_blocking(lines).await.unwrap();
    assert!(lines.iter().all(|line| line.starts_with("HTTP/1.1 200")), "{lines:?}");
}
