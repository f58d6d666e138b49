//! A server that is stopped finishes open requests, and loses nothing it has accepted.

use std::time::Duration;

use system_tests::{Client, Tester, eventually, files_of_uploads};

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_under_way_gets_its_score_and_nothing_new_is_begun() {
    let mut tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let run = tester.test.zipped(|_| Some(3));
    let mut slow = team.client.begin(&Client::intake("test"), run.len());
    assert!(slow.is_asked_for_the_body());
    slow.send_some(&run[..100]);
    // half a question, asked on a connection that was taken before the next one was answered
    let mut keeper = tester.anyone.wire();
    keeper.send("GET /readyz HTTP/1.1\r\nHost: test\r\n");
    assert_eq!(tester.get("/readyz").await.status, 200);

    tester.ask_to_stop().await;
    keeper.send("\r\n");
    let ready = keeper.rest();
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("stopping"), "{ready}");
    let address = tester.address.trim_start_matches("http://").to_owned();
    let refused = || std::net::TcpStream::connect(&address).is_err();
    system_tests::until("no connection is taken", refused).await;

    let answer = slow.send(&run[100..]);
    assert!(answer.starts_with("HTTP/1.1 201") && answer.contains("\"scored\""), "{answer}");
    tester.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_and_not_yet_scored_is_scored_by_the_next_server() {
    let tester = Tester::with("", |settings| {
        settings.patience = Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await;
    let team = tester.team("Atelier").await;
    let mut links = Vec::new();
    for n in 0..5 {
        let answer = team.upload("test", tester.test.run(move |_| Some(1 + n))).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        links.push(answer.json["link"].as_str().unwrap().to_owned());
    }
    let (app, clock) = (tester.app.clone(), tester.clock.clone());
    let world = tester.stop().await;
    clock.advance(3600);
    let mut settings = app.settings.clone();
    settings.worker.at_once = 2;
    let app = server::App::open(settings, app.ambient.clone()).await.unwrap();
    let next = system_tests::Server::start(app).await;
    let team = team.at(&next);
    for link in links {
        let decided = async || {
            let shown = team.get(&link).await;
            (shown.json["state"] != "received").then_some(shown)
        };
        let shown = eventually("the submission is scored", decided).await;
        assert_eq!(shown.json["state"], "scored", "{}", shown.text);
    }
    next.stop().await;
    drop(world);
}

#[tokio::test(flavor = "multi_thread")]
async fn event_streams_end_and_do_not_hold_it_up() {
    let mut tester = Tester::with("", |settings| {
        settings.timeouts.grace = Duration::from_hours(1);
    })
    .await;
    let mut events = tester.anyone.wire();
    events.ask("/api/v1/challenges/fiq/phases/test/events");
    assert!(events.line_with("data:").is_some());
    tester.ask_to_stop().await;
    assert!(events.line_with("data:").is_none(), "the stream ends without another event");
    // with an hour of grace this would not end while a stream is open
    tester.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_finishes_does_not_hold_it_up_beyond_its_grace() {
    let mut tester = Tester::with("", |settings| {
        settings.timeouts.grace = Duration::from_millis(200);
    })
    .await;
    let team = tester.team("Atelier").await;
    let mut slow = team.client.begin(&Client::intake("test"), 1000);
    assert!(slow.is_asked_for_the_body());
    tester.ask_to_stop().await;
    let kept = tester.app.settings.upload_dir();
    let world = tester.stop().await;
    assert_eq!(files_of_uploads(&kept), Vec::<String>::new());
    drop((slow, world));
}
