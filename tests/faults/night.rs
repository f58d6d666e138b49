//! A short form of the night before a deadline, which `make load` measures.

use std::time::Duration;

use system_tests::load::{Crowd, Fleet, Place, Processes, Size, Tally};
use system_tests::on_postgres;

/// A night of two seconds.
const CROWD: Crowd =
    Crowd { rate: 15.0, time: Duration::from_secs(2), connections: 16, readers: 5 };

fn place() -> Place {
    let size = Size { queries: 300, submissions: 1000, teams: 100, uploading: 20, runs: 4 };
    Place::new(size, on_postgres())
}

/// Nothing is lost, nothing waits for ever, nobody is refused, and every submission counts once.
fn ensure_all_is_well(place: &Place, tallies: &[Tally]) {
    print!("{}\n{}", place.about, Tally::head());
    for tally in tallies {
        println!("{tally}");
        let wrong = (tally.refused, tally.lost, tally.stuck, tally.failed_reads);
        assert_eq!(wrong, (0, 0, 0, 0), "refused, lost, stuck, failed reads");
        assert_eq!(tally.scored.count(), tally.uploads);
        assert!(tally.uploads > 0 && tally.board.count() > 0, "it was quiet");
    }
    let submissions = place.count("select count(*) from submission");
    let uploads: usize = tallies.iter().map(|tally| tally.uploads).sum();
    assert_eq!(submissions, 1000 + uploads as i64);
    for scored in ["submission where state = 'scored'", "scorecard", "ranks"] {
        assert_eq!(place.count(&format!("select count(*) from {scored}")), submissions, "{scored}");
    }
}

#[test]
fn a_server_takes_scores_and_shows_all_that_comes_also_when_more_comes_than_it_can_score() {
    let place = place();
    let fleet = Fleet::start(&place, Processes { serve: 1, worker: 0 });
    let crowds = [CROWD, Crowd { rate: 200.0, time: Duration::from_secs(1), ..CROWD }];
    let tallies = crowds.map(|crowd| crowd.visit(&fleet));
    fleet.stop();
    ensure_all_is_well(&place, &tallies);
}

#[test]
fn two_servers_and_two_workers_share_a_night() {
    let place = place();
    let fleet = Fleet::start(&place, Processes { serve: 2, worker: 2 });
    let tallies = [CROWD.visit(&fleet)];
    fleet.stop();
    ensure_all_is_well(&place, &tallies);
}
