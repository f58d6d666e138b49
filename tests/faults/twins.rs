//! Several servers share a data folder from their start on.

use std::thread;
use std::time::Duration;

use domain::ambient::{Clock, SystemClock};
use system_tests::{Answer, Client, Program, World};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Whether two programs collide when both make the database is a matter of microseconds.
const FOLDERS: usize = 10;

#[test]
fn two_programs_that_start_at_once_on_an_empty_folder_both_serve() {
    for _ in 0..FOLDERS {
        let world = World::always_open("total = 1");
        let data = world.data_dir();
        let (one, two) = thread::scope(|scope| {
            let started = [(); 2].map(|()| scope.spawn(|| Program::serve(&data)));
            let [one, two] = started.map(|program| program.join().unwrap());
            (one, two)
        });
        let token = world.with_a_team("Atelier");
        let run = World::test().zipped(|_| Some(3));
        let at = |program: &Program| Client::new(&program.address).with_token(&token);
        let sent = at(&one).post(&Client::intake("test"), &run, &[]).unwrap();
        assert_eq!(sent.status, 201, "{}", sent.text);
        let other = at(&two).get(sent.location.as_deref().unwrap());
        assert_eq!(other.json["state"], "scored", "{}", other.text);
        let run = World::test().zipped(|_| Some(4));
        let more = at(&two).post(&Client::intake("test"), &run, &[]).unwrap();
        assert_eq!(more.status, 429, "what one has taken counts for the other: {}", more.text);
    }
}

/// Uploads that race, every other one to the other program.
const RACERS: usize = 100;

/// The answers of uploads that all begin at once, through two programs of one folder.
fn race(data: &std::path::Path, token: &str, from: usize) -> Vec<Answer> {
    let programs = [Program::serve(data), Program::serve(data)];
    let clients = programs.each_ref().map(|p| Client::new(&p.address).with_token(token));
    thread::scope(|scope| {
        let racers: Vec<_> = (0..RACERS)
            .map(|n| {
                let client = clients[n % 2].clone();
                let run = World::test().zipped(move |q| Some(1 + (q * 7 + n + from) % 70));
                scope.spawn(move || client.post(&Client::intake("test"), &run, &[]).unwrap())
            })
            .collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    })
}

#[test]
fn a_hundred_uploads_through_two_programs_get_the_one_place_there_is() {
    let world = World::always_open("total = 1");
    let token = world.with_a_team("Atelier");
    let answers = race(&world.data_dir(), &token, 0);
    let kept = answers.iter().filter(|answer| matches!(answer.status, 201 | 202)).count();
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!((kept, refused), (1, RACERS - 1));
}

#[test]
fn a_hundred_uploads_while_a_phase_closes_are_in_by_the_instant_they_came() {
    let world = World::always_open("");
    // programs have the machine's clock
    let closes = SystemClock.now().utc() + Duration::from_secs(2);
    let written = closes.format(&Rfc3339).unwrap();
    let opens = "benchmark = \"test\"\nopens = 2020-01-01T00:00:00Z\n";
    world.edit(opens, &format!("{opens}closes = {written}\n"));
    let token = world.with_a_team("Atelier");
    for round in 0.. {
        let answers = race(&world.data_dir(), &token, round * RACERS);
        for answer in &answers {
            match answer.status {
                201 | 202 => {
                    let received = answer.json["received_at"].as_str().unwrap();
                    let received = OffsetDateTime::parse(received, &Rfc3339).unwrap();
                    assert!(received < closes, "{}", answer.text);
                }
                // this may be more than the server accepts at once
                200 | 503 => {}
                _ => assert_eq!(answer.json["code"], "phase-closed", "{}", answer.text),
            }
        }
        if answers.iter().all(|answer| answer.status == 409) {
            assert!(round > 0, "none came before it closed");
            return;
        }
        assert!(round < 60, "it never closes");
    }
}
