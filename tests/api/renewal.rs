//! A board that is updated from the last one equals a board that is read completely.

use std::sync::Arc;

use domain::standings::{Boards, Standings};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use system_tests::{Server, Team, Tester, World, eventually};

/// The standings that the server keeps, and those that are read whole.
async fn standings(server: &Arc<server::App>) -> (Standings, Standings) {
    let kept = server.boards.get(server, "fiq", "test").await.unwrap();
    let whole = Boards::default().get(server, "fiq", "test").await.unwrap();
    (kept.standings.clone(), whole.standings.clone())
}

fn run(tester: &Tester, seed: u64) -> Vec<u8> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let found = random.random_range(0..100);
    tester.test.run(move |q| (q * 37 % 100 < found).then_some(1 + (q + seed as usize) % 60))
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_teams_do_their_board_is_the_one_that_is_read_whole() {
    let tester = Tester::of(World::with_more("", "finals = 2"), |_| {}).await;
    let mut teams: Vec<Team> = Vec::new();
    for name in ["Atelier", "Bobbin", "Cutting Room", "Darning"] {
        teams.push(tester.team(name).await);
    }
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut made: Vec<(usize, String)> = Vec::new();
    for step in 0..60 {
        let by = random.random_range(0..teams.len());
        let known = (!made.is_empty()).then(|| made[random.random_range(0..made.len())].clone());
        match (random.random_range(0..6), known) {
            (1, Some((of, id))) => drop(teams[of].withdraw(&id).await),
            (2, Some((of, id))) => drop(teams[of].restore(&id).await),
            (3, Some((of, id))) => drop(teams[of].choose(&id).await),
            (4, Some((of, id))) => drop(teams[of].give_up(&id).await),
            (5, Some((of, id))) => {
                drop(teams[of].edit(&id, &format!(r#"{{"method": "Method {step}"}}"#)).await);
            }
            _ => {
                let sent = teams[by].upload("test", run(&tester, step)).await;
                assert_eq!(sent.status, 201, "{}", sent.text);
                made.push((by, sent.json["id"].as_str().unwrap().to_owned()));
            }
        }
        tester.clock.advance(1);
        let (kept, whole) = standings(&tester.app).await;
        assert_eq!(kept, whole, "after step {step}");
    }
    let (last, _) = standings(&tester.app).await;
    assert!(last.rows.len() == 4 && last.scored == made.len(), "{last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_writes_is_on_the_board_too() {
    let tester = Tester::start().await;
    let beside: Server = tester.beside().await;
    let (here, there) = (tester.team("Here").await, tester.team("There").await.at(&beside));
    for step in 0..6 {
        let (team, other) = if step % 2 == 0 { (&here, &there) } else { (&there, &here) };
        assert_eq!(team.upload("test", run(&tester, step)).await.status, 201);
        assert_eq!(other.upload("test", run(&tester, step + 100)).await.status, 201);
        // What another server wrote is seen within a tenth of a second.
        eventually("the board has both", async || {
            let (kept, whole) = standings(&tester.app).await;
            (kept == whole && kept.scored == 2 * (step as usize + 1)).then_some(())
        })
        .await;
    }
}
