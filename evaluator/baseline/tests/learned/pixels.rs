//! Models that use items' pictures. The vectors of the pictures are made from the garments, so no
//! encoder's weights are needed.

use baseline::learned::album::Album;
use baseline::learned::item_vectors::{ItemVectors, read_splits};
use baseline::learned::parts::Parts;
use baseline::learned::ranking::Source;
use baseline::learned::settings::{ItemsSeen, Settings};
use baseline::learned::tensors::write;
use baseline::learned::training::Training;
use dataset::Folder;
use dataset::draw::{Plan, draw};
use tch::{Device, Kind, Tensor};

use crate::world::{LENGTH, World, features, write_items};

fn small(model: &str, items: ItemsSeen) -> Settings {
    Settings {
        items,
        members: 1,
        epochs: 6,
        batch: 32,
        negatives: 64,
        crowd: 32,
        width: 32,
        rate: 5e-3,
        dropout: 0.1,
        ..Settings::of(model)
    }
}

/// The mean of six on val, in percent.
fn on_val(world: &World, training: &Training) -> f64 {
    let val = world.split("val");
    let collections = world.source().collections(&val, training).unwrap();
    let rows = Parts::of(&world.data, &val, false).unwrap().learn;
    training.mean_recall(&collections, &rows)
}

#[test]
fn from_pictures_alone_the_composed_model_learns_and_beats_each_side() {
    let world = World::seeing(300, "5");
    let [reference, text, composed] = ["reference-only", "text-only", "composed"].map(|model| {
        let mut training = world.start(small(model, ItemsSeen::Pictures));
        world.learn(&mut training, 6);
        on_val(&world, &training)
    });
    println!("{reference:.1} {text:.1} {composed:.1}");
    assert!(composed > 1.1 * reference.max(text), "{composed} {reference} {text}");
}

#[test]
fn a_model_of_both_goes_on_from_its_file_exactly() {
    let world = World::seeing(60, "3");
    let mut training = world.start(small("composed", ItemsSeen::Both));
    world.learn(&mut training, 1);
    let file = world.file("model.safetensors");
    training.save(&file, "words").unwrap();
    let mut resumed = Training::open(&file, "words", Device::Cpu).unwrap();
    world.learn(&mut training, 1);
    world.learn(&mut resumed, 1);
    let val = world.split("val");
    let scores = |training: &Training| {
        let collections = world.source().collections(&val, training).unwrap();
        training.scores(&collections[0])
    };
    assert!(scores(&training) == scores(&resumed), "not a bit differs");
}

#[test]
fn a_model_of_pictures_alone_is_kept_in_a_file_without_words() {
    let world = World::seeing(40, "4");
    let mut training = world.start(small("tirg", ItemsSeen::Pictures));
    world.learn(&mut training, 1);
    let file = world.file("model.safetensors");
    training.save(&file, "words").unwrap();
    let opened = Training::open(&file, "words", Device::Cpu).unwrap();
    assert!(opened.vocabulary.is_empty());
    assert!((on_val(&world, &training) - on_val(&world, &opened)).abs() < 1e-9);
}

#[test]
fn vectors_by_another_encoder_than_the_models_are_refused() {
    let world = World::seeing(40, "7");
    let training = world.start(small("sum", ItemsSeen::Both));
    let val = world.split("val");
    let said = |features| {
        let source = Source { data: &world.data, features: &features };
        source.collections(&val, &training).err().unwrap().to_string()
    };
    let none = said(features(&world.data, None, None, &world.file("none.safetensors")));
    assert!(none.contains("has no item vectors; create them"), "{none}");
    let ids: Vec<&str> = val.groups[0].gallery.iter().take(1).collect();
    let file = world.file("other.safetensors");
    write_items(&file, &ids, &Tensor::ones([1, LENGTH], (Kind::Float, Device::Cpu)));
    let vectors = ItemVectors::read(&file).unwrap();
    let other =
        said(features(&world.data, Some(&vectors), None, &world.file("others.safetensors")));
    assert!(other.contains("of another encoder than the model was trained with"), "{other}");
}

#[test]
fn a_file_of_vectors_that_does_not_fit_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.safetensors");
    let ones = |shape: &[i64]| Tensor::ones(shape, (Kind::Float, Device::Cpu));
    let said = |ids: &[&str], vectors: &Tensor| {
        write_items(&path, ids, vectors);
        ItemVectors::read(&path).err().unwrap().to_string()
    };
    let message = said(&["a", "b"], &ones(&[3, 4]));
    let wanted = "tensor items.vectors is Float of shape [3, 4]; expected floats of shape [2, \
                  length]";
    assert!(message.ends_with(wanted), "{message}");
    let message = said(&["a", "b"], &ones(&[2]));
    assert!(message.ends_with("has shape [2]; expected [items, length]"), "{message}");
    let message = said(&["a", "b", "a"], &ones(&[3, 4]));
    assert!(message.ends_with("tensor items.ids has item `a` twice"), "{message}");
    let message = said(&["a", ""], &ones(&[2, 4]));
    assert!(message.ends_with("tensor items.ids: row 1 is not a UTF-8 id"), "{message}");
    let message = said(&["a", "b"], &(ones(&[2, 4]) / 0.0));
    assert!(message.ends_with("tensor items.vectors has values that are not finite"), "{message}");
    write(&path, &[("items.vectors".to_owned(), ones(&[2, 4]))], []).unwrap();
    let message = ItemVectors::read(&path).err().unwrap().to_string();
    assert!(message.ends_with("x.safetensors: has no tensor items.ids"), "{message}");
}

#[test]
fn vectors_and_pictures_of_another_data_set_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    draw(&Plan::new(20, "1".parse().unwrap())).unwrap().write(&path).unwrap();
    let splits = read_splits(&Folder::new(&path), &["val".to_owned()]).unwrap();
    let file = folder.path().join("x.safetensors");
    write_items(&file, &["none of them"], &Tensor::ones([1, 4], (Kind::Float, Device::Cpu)));
    let vectors = ItemVectors::read(&file).unwrap();
    let said = vectors.check(&file, &splits).unwrap_err().to_string();
    let wanted = "has no vector for any of the 20 items of group `dress` of split `val`: it belongs \
                  to another data set";
    assert!(said.ends_with(wanted), "{said}");
    std::fs::write(folder.path().join("another.png"), "").unwrap();
    let said = Album::open(folder.path(), ["x".to_owned()].into_iter()).err().unwrap().to_string();
    assert!(said.contains("has no picture of any item of these splits"), "{said}");
    let nowhere = folder.path().join("nowhere");
    let said = Album::open(&nowhere, std::iter::empty()).err().unwrap().to_string();
    assert!(said.contains("nowhere") && said.contains("the folder of pictures"), "{said}");
}
