//! The picture encoder with its real weights.

use std::path::{Path, PathBuf};

use baseline::learned::album::Album;
use baseline::learned::lite0::{Lite0, PICTURE_DIM};
use baseline::learned::picture;
use baseline::learned::tensors::write;
use image::{Rgb, RgbImage};
use tch::{Device, Kind, Tensor};

fn encoder() -> Lite0 {
    let folder = std::env::var("FASHION_IQ_WEIGHTS").expect("FASHION_IQ_WEIGHTS names the weights");
    Lite0::open(&PathBuf::from(folder).join("lite0"), Device::Cpu).unwrap()
}

/// Three ramps, as bytes, prepared: [1, 3, 224, 224].
fn ramps() -> Tensor {
    let along = Tensor::arange(224, (Kind::Float, Device::Cpu));
    let across = along.view([1, 224]).expand([224, 224], false);
    let down = along.view([224, 1]).expand([224, 224], false);
    let both = ((&across + &down) / 2.0).floor();
    (Tensor::stack(&[across, down, both], 0).unsqueeze(0) - 127.0) / 128.0
}

/// The values are those of the Python package `efficientnet-lite-pytorch` 0.1.0 with the same weights.
#[test]
fn ramps_have_the_classes_that_the_weights_own_package_finds() {
    let encoder = encoder();
    let vector = encoder.encode(&ramps()).unwrap();
    assert_eq!(vector.size(), [1, PICTURE_DIM]);
    let sum = vector.sum(Kind::Float).double_value(&[]);
    assert!((sum - 89.2027).abs() < 1e-2, "{sum}");
    let (scores, classes) = encoder.classes(&vector).topk(3, 1, true, true);
    for (place, (class, score)) in [(818, 3.9414), (782, 3.8399), (499, 3.5061)].iter().enumerate()
    {
        let at = [0, place as i64];
        assert_eq!(classes.int64_value(&at), *class);
        let got = scores.double_value(&at);
        assert!((got - score).abs() < 1e-3, "class {class} has {got}, and {score} is wanted");
    }
}

#[test]
fn a_picture_alone_has_the_vector_that_it_has_among_others_and_again() {
    let encoder = encoder();
    let ramps = ramps();
    let three = Tensor::cat(&[&ramps.flip([3]), &ramps, &-&ramps], 0);
    let together = encoder.encode(&three).unwrap();
    assert_eq!(together, encoder.encode(&three).unwrap(), "not a bit differs");
    for at in 0..3 {
        let alone = encoder.encode(&three.narrow(0, at, 1)).unwrap();
        let far = (together.narrow(0, at, 1) - alone).abs().max().double_value(&[]);
        assert!(far < 1e-4, "picture {at}: {far}");
    }
}

#[test]
fn pictures_of_another_shape_are_refused() {
    let small = Tensor::zeros([2, 3, 112, 112], (Kind::Float, Device::Cpu));
    let said = encoder().encode(&small).unwrap_err().to_string();
    assert_eq!(said, "pictures have shape [2, 3, 112, 112]; expected [2, 3, 224, 224]");
}

/// Where `FASHION_IQ_PHOTOS` names a folder with scikit-image's sample photos.
#[test]
fn photos_are_recognised() {
    let Ok(folder) = std::env::var("FASHION_IQ_PHOTOS") else {
        println!("skipped: FASHION_IQ_PHOTOS names no folder of photos");
        return;
    };
    let encoder = encoder();
    let espresso = [967];
    let cats = [281, 282, 285];
    for (name, classes) in [("coffee.png", &espresso[..]), ("chelsea.png", &cats[..])] {
        let values = picture::read(&Path::new(&folder).join(name)).unwrap();
        let photo = Tensor::from_slice(&values).view([1, 3, 224, 224]);
        let scores = encoder.classes(&encoder.encode(&photo).unwrap()).softmax(-1, Kind::Float);
        let best = scores.argmax(1, false).int64_value(&[0]);
        println!("{name}: class {best}, {:.2}", scores.max().double_value(&[]));
        assert!(classes.contains(&best), "{name} is taken for class {best}");
    }
}

#[test]
fn a_file_without_a_tensor_or_with_another_shape_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    let said = || Lite0::open(folder.path(), Device::Cpu).err().unwrap().to_string();
    assert!(said().contains("evaluator/baseline/weights.sh downloads them"), "{}", said());
    let stem = |shape: &[i64]| {
        let stem = Tensor::zeros(shape, (Kind::Float, Device::Cpu));
        write(&file, &[("_conv_stem.weight".to_owned(), stem)], []).unwrap();
    };
    stem(&[32, 3, 3, 3]);
    assert!(said().ends_with("model.safetensors: has no tensor _bn0.weight"), "{}", said());
    stem(&[32, 1, 3, 3]);
    let wanted = "tensor _conv_stem.weight has shape [32, 1, 3, 3]; expected [32, 3, 3, 3]";
    assert!(said().ends_with(wanted), "{}", said());
}

#[test]
fn a_picture_that_cannot_be_read_is_a_sentence_and_the_others_keep_their_places() {
    let folder = tempfile::tempdir().unwrap();
    for item in 0..40_u8 {
        let path = folder.path().join(format!("item{item:02}.png"));
        RgbImage::from_pixel(16, 16, Rgb([item * 6, 255 - item * 6, 90])).save(path).unwrap();
    }
    let broken = folder.path().join("item33.png");
    std::fs::write(&broken, "no picture").unwrap();
    let items = || (0..45).map(|item| format!("item{item:02}"));
    let encoder = encoder();
    let album = Album::open(folder.path(), items()).unwrap();
    assert_eq!((album.len(), album.missing), (40, 5));
    let mut told = 0;
    let made = album.encode(&encoder, |done| told += done).unwrap();
    assert_eq!((told, made.vectors.len()), (40, 39));
    assert_eq!(made.unreadable.len(), 1);
    let start = format!("{}: can't be decoded: ", broken.display());
    assert!(made.unreadable[0].starts_with(&start), "{}", made.unreadable[0]);
    for item in ["item02", "item34", "item39"] {
        let values = picture::read(&folder.path().join(format!("{item}.png"))).unwrap();
        let alone = encoder.encode(&Tensor::from_slice(&values).view([1, 3, 224, 224])).unwrap();
        let far = (made.vectors.of_item(item).unwrap() - alone).abs().max().double_value(&[]);
        assert!(far < 0.01, "{item}: {far}, more than 16-bit floats explain");
    }
    assert!(made.vectors.of_item("item33").is_none());
}
