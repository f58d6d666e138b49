//! Models that use the words of attributes.

use std::path::Path;

use baseline::learned::networks::TRAINED;
use baseline::learned::settings::Settings;
use baseline::learned::tensors::{Tensors, write};
use baseline::learned::training::Training;
use dataset::draw::{Plan, draw};
use dataset::{Folder, Protocol};
use tch::{Device, Tensor};

use crate::world::{World, on_val, small, state};

#[test]
fn a_tiny_composed_model_learns_and_beats_each_side_alone() {
    let world = World::new(500, "5");
    let untrained = on_val(&world, &world.start(small("composed")));
    let [reference, text, composed] = ["reference-only", "text-only", "composed"]
        .map(|model| on_val(&world, &world.train(small(model))));
    println!("{untrained:.1} {reference:.1} {text:.1} {composed:.1}");
    // Before it has learned anything it is a cosine of words, which on drawn garments is good.
    assert!(composed > 1.1 * untrained, "{composed} from {untrained}");
    assert!(composed > reference && composed > text, "{composed} {reference} {text}");
}

#[test]
fn every_models_loss_falls_and_its_run_is_taken_by_the_scorer() {
    let world = World::new(60, "2");
    for model in TRAINED {
        let mut training = world.start(small(model.name));
        let (collections, rows) = world.train_collections(&mut training);
        let mut losses = Vec::new();
        for _ in 0..4 {
            let mut sum = 0.0;
            training.epoch(&collections, &rows, |loss| {
                sum += loss;
                true
            });
            losses.push(sum);
        }
        assert!(losses[3] < 0.95 * losses[0], "{}: {losses:?}", model.name);
        assert!(on_val(&world, &training) > 0.0);
    }
}

#[test]
fn what_stopped_goes_on_exactly() {
    let world = World::new(60, "3");
    let settings = Settings { epochs: 2, members: 2, ..small("composed") };
    let whole = world.train(settings.clone());
    let mut stopped = world.start(settings);
    let (collections, rows) = world.train_collections(&mut stopped);
    let mut steps = 0;
    let told = |_| {
        steps += 1;
        steps < 3
    };
    assert!(!stopped.epoch(&collections, &rows, told), "it stopped within the epoch");
    let file = world.file("model.safetensors");
    stopped.save(&file, "words").unwrap();
    let mut resumed = Training::open(&file, "words", Device::Cpu).unwrap();
    assert_eq!(resumed.progress.step, 3);
    while resumed.progress.step < whole.progress.step {
        resumed.epoch(&collections, &rows, |_| true);
    }
    assert!(state(&whole, &world) == state(&resumed, &world), "not a bit differs");
}

#[test]
fn one_seed_gives_one_model_and_another_seed_another() {
    let world = World::new(40, "4");
    let settings = Settings { epochs: 1, ..small("composed") };
    let of = |seed| state(&world.train(Settings { seed, ..settings.clone() }), &world);
    assert!(of(1) == of(1), "not a bit differs");
    assert!(of(1) != of(2));
}

#[test]
fn features_of_another_data_set_are_refused_by_name() {
    let other = World::new(40, "6");
    let drawn = draw(&Plan::new(40, "5".parse().unwrap())).unwrap();
    let path = other.file("another");
    drawn.write(&path).unwrap();
    let group = &Folder::new(&path).split("val", Protocol::Original).unwrap().groups[0];
    let said = other.features.texts(group, "val").unwrap_err().to_string();
    assert!(said.contains("features.safetensors: the features of group `dress`"), "{said}");
    assert!(said.ends_with("it belongs to another data set"), "{said}");
    let said = other.features.texts(group, "test").unwrap_err().to_string();
    assert!(said.contains("has no features of group `dress` of split `test`"), "{said}");
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused_by_tensor_and_shape() {
    let world = World::new(40, "7");
    let file = world.file("model.safetensors");
    let training = world.start(small("sum"));
    training.save(&file, "words").unwrap();
    let said = Training::open(&file, "other", Device::Cpu).err().unwrap().to_string();
    assert!(said.contains("another text encoder"), "{said}");
    reshape(&file, "model.member0.factor");
    let said = Training::open(&file, "words", Device::Cpu).err().unwrap().to_string();
    assert!(said.contains("tensor model.member0.factor has shape [1, 1]; expected [1]"), "{said}");
}

/// Gives a tensor of a file another shape.
fn reshape(file: &Path, name: &str) {
    let read = Tensors::read(file, "a checkpoint").unwrap();
    let keys = ["settings", "vocabulary", "progress", "encoder", "said"];
    let notes = keys.map(|key| (key, read.note(key).unwrap().to_owned()));
    let mut tensors = Tensor::read_safetensors(file).unwrap();
    for (own, tensor) in &mut tensors {
        if own == name {
            *tensor = tensor.view([1, -1]);
        }
    }
    write(file, &tensors, notes).unwrap();
}

#[test]
fn models_rank_together_if_they_learned_from_the_same_captions() {
    let world = World::new(40, "8");
    let trained = |model| world.train(Settings { epochs: 1, members: 1, ..small(model) });
    let (composed, tirg) = (trained("composed"), trained("tirg"));
    let parameters = composed.parameters() + tirg.parameters();
    let mut together = composed;
    together.join(tirg).unwrap();
    assert_eq!((together.networks().len(), together.parameters()), (2, parameters));
    assert!(on_val(&world, &together) > 0.0);
    let said = together.join(world.start(small("sum"))).unwrap_err().to_string();
    assert!(
        said.contains("`composed and tirg` and `sum` were trained on different captions"),
        "{said}"
    );
}
