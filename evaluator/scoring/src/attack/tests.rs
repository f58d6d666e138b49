use super::guessing::NARROW;
use super::*;

/// Three groups, smaller than Fashion IQ's.
fn groups() -> Vec<Sizes> {
    [(600, 3_800), (620, 6_300), (590, 5_300)]
        .map(|(queries, items)| Sizes { queries, items })
        .to_vec()
}

fn attack(submissions: usize, seed: u64) -> Attack {
    Attack::new(groups(), submissions, 40, [0.3, 0.55], seed).unwrap()
}

fn policy(name: &str) -> Policy {
    Policy::ALL.into_iter().find(|policy| policy.name == name).unwrap()
}

#[test]
fn the_model_has_the_recalls_that_it_is_given() {
    let chance = &mut ChaCha8Rng::seed_from_u64(1);
    let size = [Sizes { queries: 40_000, items: 5_000 }];
    let world = World::draw(&size, Law::through([0.3, 0.55]), chance);
    let hits = world.hits(|_, _| List::MODEL).remove(0);
    let share = |k: usize| hits.iter().filter(|hit| hit[k]).count() as f64 / 40_000.0;
    assert!((share(0) - 0.3).abs() < 0.01 && (share(1) - 0.55).abs() < 0.01);
}

#[test]
fn every_fact_is_right_also_where_scores_are_rounded() {
    for name in ["recalls", "recalls-1", "overall", "overall-0.01", "overall-0.1"] {
        let (policy, attack) = (policy(name), attack(60, 1));
        let chance = &mut ChaCha8Rng::seed_from_u64(7);
        let law = Law::through(attack.recalls);
        let world = World::draw(&attack.groups, law, chance);
        let scored: Vec<usize> = world.ranks.iter().map(Vec::len).collect();
        let mut extraction = Extraction::new(&world, &policy, law, &scored);
        for _ in 0..60 {
            extraction.submit(|hits| policy.publish(hits));
        }
        let facts = extraction.facts().collect::<Vec<_>>();
        assert!(facts.len() >= 5, "{name}: {}", facts.len());
        for (group, query, (first, length)) in facts {
            assert!((first..first + length).contains(&world.ranks[group][query]), "{name}");
        }
    }
}

#[test]
fn the_more_a_board_shows_the_more_an_attacker_gains_and_a_share_gives_nothing_away() {
    let attack = attack(60, 1);
    let on = |name: &str| attack.on(&policy(name));
    let (recalls, overall, rounded) = (on("recalls"), on("overall"), on("overall-0.1"));
    let facts = |it: &Outcome| it.gain_of_facts.unwrap();
    assert!(facts(&recalls) > facts(&overall) && facts(&overall) > facts(&rounded));
    assert!(facts(&rounded) > 0.0 && recalls.gain_of_guesses > rounded.gain_of_guesses);
    let share = on("share");
    assert!(share.facts.unwrap() > 20.0, "there are facts, about the share");
    assert!(facts(&share).abs() < 1e-12, "{share:?}");
    assert!(share.gain_of_guesses <= 0.0, "{share:?}");
}

#[test]
fn the_same_seed_gives_the_same_digits() {
    for name in ["recalls-0.1", "ladder"] {
        let once = attack(10, 3).on(&policy(name));
        assert_eq!(once, attack(10, 3).on(&policy(name)));
        assert_ne!(once, attack(10, 4).on(&policy(name)));
    }
}

#[test]
fn every_setting_of_switches_gives_fifty_different_items() {
    for switches in [[false, false], [false, true], [true, false], [true, true]] {
        let list = NARROW.list(switches);
        let found = |k: usize| (1..=100).filter(|rank| list.hit(*rank)[k]).count();
        assert_eq!((found(0), found(1)), (10, 50), "{switches:?}");
    }
}

#[test]
fn what_cannot_be_simulated_is_refused_with_a_sentence() {
    let refused = |groups, submissions, percent, recalls| {
        Attack::new(groups, submissions, percent, recalls, 1).unwrap_err().to_string()
    };
    let good = [0.3, 0.55];
    let small = "an attack can't be simulated on groups of fewer than 20 queries or galleries of fewer than \
                 300 items";
    assert_eq!(refused(vec![], 100, 40, good), small);
    assert_eq!(refused(vec![Sizes { queries: 19, items: 5_000 }], 100, 40, good), small);
    assert_eq!(
        refused(vec![Sizes { queries: 200_000, items: 5_000 }], 100, 40, good),
        "an attack can't be simulated with 200000 queries: enter a number from 1 to 50000"
    );
    assert_eq!(
        refused(groups(), 0, 40, good),
        "an attack can't be simulated with 0 submissions: enter a number from 1 to 1000"
    );
    assert!(refused(groups(), 100, 100, good).starts_with("a feedback share of 100 %"));
    for recalls in [[0.0, 0.5], [0.5, 0.5], [0.5, 1.0], [f64::NAN, 0.5]] {
        assert_eq!(
            refused(groups(), 100, 40, recalls),
            "the recalls of the attacker's model must be above 0 and below 100 %, Recall@50 the higher"
        );
    }
}
