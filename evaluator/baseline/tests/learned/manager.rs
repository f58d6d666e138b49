//! The dialog manager, by dialogs about drawn garments.

use baseline::dialogs::{Plan, Sides};
use baseline::learned::manager::settings::{ManagerSettings, Tracker};
use baseline::learned::manager::source::Source;
use baseline::learned::manager::training::Manager;
use dialog::{Heard, ItemTexts, Policy, Template};
use tch::Device;

use crate::world::World;

fn small() -> ManagerSettings {
    ManagerSettings {
        width: 32,
        batch: 32,
        gallery: 200,
        steps: 60,
        rate: 3e-3,
        policy_steps: 0,
        ..ManagerSettings::default()
    }
}

fn source(world: &World) -> Source<'_> {
    Source { data: &world.data, vectors: None, user: None }
}

fn start(world: &World, settings: ManagerSettings) -> Manager {
    let (train, sentences) = (world.split("train"), world.sentences("train"));
    source(world).start(settings, &train, &sentences, Device::Cpu).unwrap()
}

/// Makes steps; the losses.
fn learn(world: &World, manager: &mut Manager, steps: usize) -> Vec<f64> {
    let (train, sentences) = (world.split("train"), world.sentences("train"));
    let ground = source(world).ground(&train, &sentences, manager, false).unwrap();
    let fields = ground.fields();
    (0..steps).map(|_| manager.step(&fields)).collect()
}

const PLAN: Plan = Plan { dialogs: 100, turns: 4, seed: 1 };

/// The mean rank at each turn, about the items of val.
fn on_val(world: &World, manager: &Manager) -> Vec<f64> {
    playing(world, manager, Policy::History)
}

/// The same, going by less.
fn playing(world: &World, manager: &Manager, policy: Policy) -> Vec<f64> {
    let (val, sentences) = (world.split("val"), world.sentences("val"));
    let ground = source(world).ground(&val, &sentences, manager, false).unwrap();
    let fields = ground.fields();
    let ranks = fields.iter().flat_map(|field| {
        let openings: Vec<_> = PLAN.openings(field.items.len()).collect();
        manager.play(field, &openings, (PLAN.turns, policy))
    });
    mean(&ranks.collect::<Vec<_>>())
}

fn mean(ranks: &[Vec<u32>]) -> Vec<f64> {
    let sum = |turn: usize| ranks.iter().map(|dialog| f64::from(dialog[turn])).sum::<f64>();
    (0..PLAN.turns as usize).map(|turn| sum(turn) / ranks.len() as f64).collect()
}

/// The same of the agent that knows words and learns nothing.
fn by_words(world: &World, policy: Policy) -> Vec<f64> {
    let sentences = world.sentences("val");
    let ranks = world.split("val").groups.into_iter().flat_map(|group| {
        let attributes = world.data.attributes(&group.name, "val").unwrap();
        let texts = ItemTexts::new(&group.gallery, &attributes, &sentences[&group.name]);
        let user = Box::new(Template::new(&group.name, &texts));
        Sides::new(user, &texts).play(PLAN, policy)
    });
    mean(&ranks.collect::<Vec<_>>())
}

#[test]
fn a_manager_learns_brings_the_target_nearer_each_turn_and_beats_repeated_single_turns() {
    let world = World::new(100, "5");
    for tracker in [Tracker::Gru, Tracker::Transformer] {
        let mut manager = start(&world, ManagerSettings { tracker, ..small() });
        let before = on_val(&world, &manager);
        let losses = learn(&world, &mut manager, 60);
        let ends = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
        assert!(ends(&losses[50..]) < 0.7 * ends(&losses[..10]), "{tracker:?} {losses:?}");
        let ranks = on_val(&world, &manager);
        assert!(ranks.windows(2).all(|pair| pair[1] < pair[0]), "{tracker:?} {ranks:?}");
        assert!(ranks[3] < before[3], "{tracker:?} {ranks:?} {before:?}");
        for policy in [Policy::NoHistory, Policy::FirstCaption] {
            let words = by_words(&world, policy);
            assert!(ranks[3] < words[3], "{tracker:?} {ranks:?} {policy:?} {words:?}");
            let forgetful = playing(&world, &manager, policy);
            assert!((forgetful[0] - ranks[0]).abs() < 1e-9, "one turn is the same: {policy:?}");
            assert!(ranks[3] < forgetful[3], "{tracker:?} {ranks:?} {policy:?} {forgetful:?}");
        }
    }
}

#[test]
fn what_stopped_goes_on_exactly_in_both_parts_of_the_training() {
    let world = World::new(40, "3");
    let settings = ManagerSettings { steps: 4, policy_steps: 3, batch: 8, ..small() };
    let (file, supervised) =
        (world.file("model.safetensors"), world.file("supervised.safetensors"));
    let open = |path| Manager::open(path, Device::Cpu).unwrap();
    let mut whole = start(&world, settings);
    let mut losses = learn(&world, &mut whole, 4);
    whole.save(&supervised).unwrap();
    whole.improve(open(&supervised));
    losses.extend(learn(&world, &mut whole, 3));
    let mut stopped = start(&world, whole.settings.clone());
    let mut again = learn(&world, &mut stopped, 2);
    stopped.save(&file).unwrap();
    let mut stopped = open(&file);
    again.extend(learn(&world, &mut stopped, 2));
    stopped.improve(open(&supervised));
    again.extend(learn(&world, &mut stopped, 1));
    stopped.save(&file).unwrap();
    let mut stopped = open(&file);
    stopped.improve(open(&supervised));
    again.extend(learn(&world, &mut stopped, 2));
    assert_eq!(losses, again);
    assert_eq!(on_val(&world, &whole), on_val(&world, &stopped));
}

#[test]
fn an_agent_ranks_all_items_what_was_shown_last_and_what_was_found_first() {
    let world = World::new(40, "4");
    let mut manager = start(&world, ManagerSettings { batch: 8, ..small() });
    learn(&world, &mut manager, 2);
    let (val, sentences) = (world.split("val"), world.sentences("val"));
    let agents = source(&world).agents(&val, &sentences, &manager).unwrap();
    let heard = |shown, caption: &str| Heard { shown, caption: caption.to_owned() };
    let long = "is red and has sleeves ".repeat(2000);
    let turns = [heard(3, "is blue 👗"), heard(5, &long)];
    let ranked = agents[0].rank(&turns, 100);
    let mut all = ranked.clone();
    all.sort_unstable();
    assert_eq!(all, (0..40).collect::<Vec<u32>>());
    assert_eq!([&ranked[38..39], &ranked[39..]].concat().iter().sum::<u32>(), 8, "{ranked:?}");
    let turns = [heard(3, "is blue"), heard(5, "is exactly this dress")];
    assert_eq!(agents[0].rank(&turns, 2)[0], 5);
    assert_eq!(agents[0].rank(&turns, 2).len(), 2);
}
