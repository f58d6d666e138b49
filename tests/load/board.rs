//! The page of a board compared with a handler that always returns the same bytes.

use std::time::Duration;

use domain::entities::team::TeamKind;
use system_tests::{Client, Tester};

use crate::round::requests_a_second;
use crate::serving::Process;

const TEAMS: usize = 40;
const CONNECTIONS: usize = 16;

/// Rounds of each, in turn, so that whatever else the machine does falls on both.
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(2);

const PAGE: &str = "/c/fiq/test";

/// Prints how often a second each is answered.
pub fn measure() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (world, page) = runtime.block_on(filled());
    let server = Process::start("challenge", &world.data_dir());
    let board = Client::new(&server.address).get(PAGE);
    assert_eq!(board.status, 200);
    let rows = board.text.matches("Team number").count();
    assert!(rows >= TEAMS && page.contains("Team number 7"), "{rows} rows");
    let file = world.path().join("board.html");
    std::fs::write(&file, &board.bytes).unwrap();
    let still = Process::start("still", &file);

    let kib = board.bytes.len() as f64 / 1024.0;
    println!("board: {TEAMS} teams, {kib:.1} KiB, {CONNECTIONS} connections that stay open");
    let (mut boards, mut plain) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let ask = |address: &str| requests_a_second(address, PAGE, CONNECTIONS, ROUND);
        let both = (ask(&server.address), ask(&still.address));
        // the first warms both up
        if round > 0 {
            boards.push(both.0);
            plain.push(both.1);
        }
    }
    let (board, plain) = (median(boards), median(plain));
    println!("  board page: {board:.0} requests a second");
    println!("  plain poem handler of the same bytes: {plain:.0} requests a second");
    println!("  ratio of the medians of {ROUNDS} rounds: {:.2} (goal: 0.70)", board / plain);
}

/// A data folder with a full board, and its page.
async fn filled() -> (system_tests::World, String) {
    let tester = Tester::start().await;
    for n in 0..TEAMS {
        let kind = if n % 10 == 9 { TeamKind::Baseline } else { TeamKind::Team };
        let team = tester.entrant(&format!("Team number {n}"), kind).await;
        let run = tester.test.run(move |q| (q % (n + 2) > 0).then_some(1 + (q * 7 + n) % 60));
        let answer = team.upload("test", run).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        tester.clock.advance(61);
    }
    let page = tester.get(PAGE).await.text;
    (tester.stop().await, page)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
