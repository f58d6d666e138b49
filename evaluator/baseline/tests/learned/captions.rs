//! Models that read the captions of items.

use baseline::learned::settings::{ItemsSeen, Settings};
use baseline::learned::training::Training;
use tch::Device;

use crate::world::{World, on_val, small, state};

const BOTH: [&str; 2] = ["train", "val"];

fn reading() -> Settings {
    Settings { items: ItemsSeen::Captions, members: 1, epochs: 4, ..small("composed") }
}

#[test]
fn with_captions_that_say_everything_composed_finds_more_than_with_attributes() {
    let world = World::captioned(300, "5", &BOTH);
    let attributes = on_val(&world, &world.train(Settings { members: 1, ..small("composed") }));
    let untrained = on_val(&world, &world.start(reading()));
    let captions = on_val(&world, &world.train(reading()));
    println!("{attributes:.1} {untrained:.1} {captions:.1}");
    assert!(captions > 1.1 * attributes, "{captions} {attributes}");
    assert!(captions > untrained, "{captions} {untrained}");
}

#[test]
fn what_reads_captions_resumes_exactly_and_says_what_it_saw() {
    let world = World::captioned(60, "3", &BOTH);
    let settings = Settings { epochs: 2, members: 2, alone: 0.3, ..reading() };
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
    while resumed.progress.step < whole.progress.step {
        resumed.epoch(&collections, &rows, |_| true);
    }
    assert!(state(&whole, &world) == state(&resumed, &world), "not a bit differs");
    let sees = "attributes, captions by a test (of 540 of train's 540 items)";
    assert_eq!(resumed.sees(), sees);
    whole.save(&file, "words").unwrap();
    let read = Training::open(&file, "words", Device::Cpu).unwrap();
    let collections = world.source().collections(&world.split("val"), &read).unwrap();
    let group = &collections[0];
    assert_eq!(group.captioned(), Some([60, 60]));
    assert_eq!(read.rank(group, &[0, 1, 2], 1), whole.rank(group, &[0, 1, 2], 1));
}

#[test]
fn a_split_without_captions_is_ranked_by_its_attributes() {
    let world = World::captioned(120, "4", &["train"]);
    let training = world.train(reading());
    let collections = world.source().collections(&world.split("val"), &training).unwrap();
    assert_eq!(collections[0].captioned(), Some([0, 120]));
    let found = on_val(&world, &training);
    // By chance 10 and 50 of 120 items, so 25 %.
    assert!(found > 35.0, "{found}");
}

#[test]
fn what_is_ranked_is_what_is_scored() {
    let world = World::captioned(80, "6", &BOTH);
    let training = world.train(Settings { members: 2, epochs: 1, ..reading() });
    let collections = world.source().collections(&world.split("val"), &training).unwrap();
    let group = &collections[0];
    let scores = training.scores(group);
    let queries: Vec<i64> = (0..scores.len() as i64).collect();
    for (query, ranking) in training.rank(group, &queries, 1).iter().enumerate() {
        let of = |item: &u32| scores[query][*item as usize];
        let falls = ranking.windows(2).all(|pair| of(&pair[0]) > of(&pair[1]) - 1e-3);
        assert!(falls, "query {query}");
        assert!(!ranking.contains(&(group.reference_index[query] as u32)));
    }
}

#[test]
fn only_composed_reads_captions_and_only_from_features_that_have_them() {
    let world = World::captioned(40, "7", &BOTH);
    let said = |world: &World, model: &str| {
        let settings = Settings { items: ItemsSeen::Captions, ..small(model) };
        world.source().start(settings, Device::Cpu).err().unwrap().to_string()
    };
    assert_eq!(said(&world, "sum"), "`sum` doesn't read captions of items; only `composed` does");
    drop(world);
    let without = said(&World::new(40, "7"), "composed");
    assert!(without.contains("features.safetensors: has no item captions"), "{without}");
    assert!(without.ends_with("fashion-iq-baseline features --item-captions"), "{without}");
    let of_val_alone = said(&World::captioned(40, "7", &["val"]), "composed");
    let nothing = "has no caption of any item of split `train`, so there is nothing to learn";
    assert!(of_val_alone.contains(nothing), "{of_val_alone}");
}
