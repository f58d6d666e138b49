//! The relative captioner, on drawn garments and what is said about them.

use baseline::learned::captioner::settings::CaptionerSettings;
use baseline::learned::captioner::source::Source;
use baseline::learned::captioner::speaking::Choice;
use baseline::learned::captioner::training::Captioner;
use dialog::{Seen, Simulator, is_found};
use tch::Device;

use crate::world::World;

fn small() -> CaptionerSettings {
    CaptionerSettings {
        width: 32,
        inner: 48,
        epochs: 12,
        batch: 32,
        rate: 5e-3,
        dropout: 0.1,
        ..CaptionerSettings::default()
    }
}

fn source<'a>(world: &'a World, split: &str) -> Source<'a> {
    Source { data: &world.data, vectors: None, captions: world.sentences(split) }
}

fn start(world: &World, settings: CaptionerSettings) -> Captioner {
    source(world, "train").start(settings, &world.split("train"), Device::Cpu).unwrap()
}

/// Makes steps; the losses.
fn learn(world: &World, captioner: &mut Captioner, steps: usize) -> Vec<f64> {
    let lessons = source(world, "train").lessons(&world.split("train"), captioner).unwrap();
    let an_epoch = captioner.steps_an_epoch(&lessons);
    let step = |_| {
        let epoch = captioner.batches(&lessons, captioner.progress.step / an_epoch);
        captioner.step(&lessons, &epoch[captioner.progress.step % an_epoch])
    };
    (0..steps).map(step).collect()
}

#[test]
fn a_captioner_learns_to_say_what_differs_and_says_the_same_again() {
    let world = World::new(150, "5");
    let mut captioner = start(&world, small());
    let losses = learn(&world, &mut captioner, 250);
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    assert!(mean(&losses[230..]) < 0.7 * mean(&losses[..20]), "{losses:?}");
    let speakers = source(&world, "val").speakers(&world.split("val"), &captioner).unwrap();
    let pairs: Vec<(u32, u32)> = (0..60).map(|n| (n, (n * 7 + 1) % 150)).collect();
    let greedy = speakers[0].describe(&pairs, Choice::Greedy);
    assert!(greedy.iter().all(|text| !text.is_empty()), "{greedy:?}");
    let different: std::collections::BTreeSet<&String> = greedy.iter().collect();
    assert!(different.len() > 10, "{different:?}");
    assert_eq!(greedy, speakers[0].describe(&pairs, Choice::Greedy));

    let seen = |target, shown, turn| Seen { target, shown, turn, earlier: &[], seed: 9 };
    let user = &speakers[1];
    let said = user.captions(&[seen(1, 2, 1), seen(1, 2, 2), seen(3, 3, 1), seen(1, 2, 1)]);
    assert_eq!(said[0], said[3]);
    assert_eq!(said[0], user.caption(&seen(1, 2, 1)), "alone or with others");
    assert!(is_found(&said[2]) && !is_found(&said[0]), "{said:?}");
}

#[test]
fn what_stopped_goes_on_exactly() {
    let world = World::new(40, "3");
    let mut whole = start(&world, small());
    let losses = learn(&world, &mut whole, 8);
    let mut stopped = start(&world, small());
    let mut again = learn(&world, &mut stopped, 3);
    let file = world.file("captioner.safetensors");
    stopped.save(&file).unwrap();
    let mut stopped = Captioner::open(&file, Device::Cpu).unwrap();
    assert!(stopped.version().starts_with("captioner "), "{}", stopped.version());
    again.extend(learn(&world, &mut stopped, 5));
    assert_eq!(losses, again);
}
