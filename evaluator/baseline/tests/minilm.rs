//! The text encoder with its real weights.

use std::path::PathBuf;

use baseline::learned::features::Encoder;
use baseline::learned::minilm::MiniLm;
use tch::{Device, Kind};

fn encoder() -> MiniLm {
    let folder = std::env::var("FASHION_IQ_WEIGHTS").expect("FASHION_IQ_WEIGHTS names the weights");
    MiniLm::open(&PathBuf::from(folder), Device::Cpu).unwrap()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

/// The values are those that sentence-transformers publishes for this sentence.
#[test]
fn the_published_example_sentence_has_its_published_vector() {
    let vector = encoder().encode(&texts(&["This is an example sentence"]), &mut |_| ()).unwrap();
    for (at, want) in [0.06766, 0.06350, 0.04871, 0.07930].into_iter().enumerate() {
        let got = vector.double_value(&[0, at as i64]);
        assert!((got - want).abs() < 1e-4, "value {at} is {got}, and {want} is wanted");
    }
}

#[test]
fn a_texts_vector_does_not_depend_on_what_is_encoded_beside_it() {
    let encoder = encoder();
    let long = "is a long flowing gown with many words in its description ".repeat(4);
    let all = texts(&["red dress", &long, "", "blue"]);
    let mut told = 0;
    let together = encoder.encode(&all, &mut |done| told += done).unwrap();
    assert_eq!(told, 4);
    for (row, text) in (0_i64..).zip(&all) {
        let alone = encoder.encode(std::slice::from_ref(text), &mut |_| ()).unwrap();
        let far = (together.get(row) - alone.get(0)).abs().max().double_value(&[]);
        assert!(far < 1e-5, "{text:?}: {far}");
        let length = alone.square().sum(Kind::Float).double_value(&[]);
        assert!((length - 1.0).abs() < 1e-5);
    }
}

#[test]
fn like_texts_are_near() {
    let all = texts(&["red summer dress", "crimson evening gown", "car engine"]);
    let vectors = encoder().encode(&all, &mut |_| ()).unwrap();
    let cosine = |a: i64, b: i64| vectors.get(a).dot(&vectors.get(b)).double_value(&[]);
    assert!(cosine(0, 1) > 0.5 && cosine(0, 2) < 0.3, "{} {}", cosine(0, 1), cosine(0, 2));
}
