//! The public data of a phase: what it contains, what it never contains, and how it is sent.

use std::fs;
use std::path::Path;

use dataset::{Folder, Protocol};
use scoring::{Benchmark, FASHION_IQ};
use sha2::{Digest, Sha256};
use system_tests::{Answer, Tester, World, unzip};
use tempfile::TempDir;

/// A picture of one pixel.
const PIXEL: &str = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000\
                     000c49444154789c636064620600000e0007d76fe4780000000049454e44ae426082";

fn at(phase: &str, what: &str) -> String {
    format!("/api/v1/challenges/fiq/phases/{phase}/{what}")
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn unpack(zip: &[u8], dir: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for (name, contents) in unzip(zip) {
        let file = dir.join(&name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, contents).unwrap();
        names.push(name);
    }
    names
}

async fn asked(tester: &Tester, path: &str, headers: &[(&'static str, String)]) -> Answer {
    let (client, path, headers) = (tester.anyone.clone(), path.to_owned(), headers.to_vec());
    let asked = move || {
        let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        client.get_with(&path, &headers)
    };
    tokio::task::spawn_blocking(asked).await.unwrap()
}

fn copy(from: &Path, to: &Path) {
    for folder in ["captions", "image_splits", "attributes"] {
        fs::create_dir_all(to.join(folder)).unwrap();
        for file in fs::read_dir(from.join(folder)).unwrap().map(Result::unwrap) {
            fs::copy(file.path(), to.join(folder).join(file.file_name())).unwrap();
        }
    }
}

/// A world in which a benchmark's folder is a copy that the test can change.
fn with_copy(world: World, of: &Path) -> (World, std::path::PathBuf) {
    let copied = world.path().join("copied");
    copy(of, &copied);
    let named = |folder: &Path| format!("folder = \"{}\"", folder.display());
    world.edit(&named(of), &named(&copied));
    (world, copied)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_of_an_open_phase_scores_offline_and_holds_the_train_split() {
    let tester = Tester::start().await;
    let answer = tester.get(&at("dev", "data")).await;
    assert_eq!((answer.status, answer.media_type.as_str()), (200, "application/zip"));
    let dir = TempDir::new().unwrap();
    let names = unpack(&answer.bytes, dir.path());
    let folder = Folder::new(dir.path());
    let split = folder.split("val", Protocol::Original).unwrap();
    let elsewhere = folder.elsewhere("val").unwrap();
    let benchmark = Benchmark::new(&FASHION_IQ, split, Protocol::Original, elsewhere);
    let dev = Folder::new(World::dev_folder());
    let original = dev.split("val", Protocol::Original).unwrap();
    let original =
        Benchmark::new(&FASHION_IQ, original, Protocol::Original, dev.elsewhere("val").unwrap());
    assert!(benchmark.has_targets());
    assert_eq!(benchmark.version(), original.version(), "the same upload gets the same score");
    let train = folder.split("train", Protocol::Original).unwrap();
    assert!(train.groups.iter().all(|group| group.targets.is_some()));
    let sums = fs::read_to_string(dir.path().join("SHA256SUMS")).unwrap();
    for name in names.iter().filter(|name| *name != "SHA256SUMS") {
        let sum = sha256(&fs::read(dir.path().join(name)).unwrap());
        assert!(sums.contains(&format!("{sum}  {name}\n")), "{name}");
    }
    assert_eq!(sums.lines().count(), names.len() - 1);
    let readme = fs::read_to_string(dir.path().join("README.txt")).unwrap();
    assert!(readme.contains("fashion-iq score run.zip --data . --split val"), "{readme}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_targets_are_in_no_download_whatever_lies_in_the_folder() {
    for world in [World::new(""), World::keyed()] {
        let (world, folder) = with_copy(world, &World::test_folder());
        // a train split, and what an organiser may have left there
        for file in ["captions/cap.dress.train.json", "image_splits/split.dress.train.json"] {
            fs::copy(World::dev_folder().join(file), folder.join(file)).unwrap();
        }
        let secrets = fs::read_to_string(world.datasets().join("targets.json")).unwrap();
        fs::write(folder.join("targets.test.json"), &secrets).unwrap();
        fs::write(folder.join("captions/targets.json"), &secrets).unwrap();
        let tester = Tester::of(world, |_| {}).await;
        let zip = tester.get(&at("test", "data")).await;
        assert_eq!(zip.status, 200, "{}", zip.text);
        let list = tester.get(&at("test", "files")).await.json;
        assert_eq!(list["targets"], "hidden");
        let mut told: Vec<(String, String)> = unzip(&zip.bytes)
            .into_iter()
            .map(|(name, contents)| (name, String::from_utf8(contents).unwrap()))
            .collect();
        for file in list["files"].as_array().unwrap() {
            let link = file["link"].as_str().unwrap();
            told.push((link.to_owned(), tester.get(link).await.text));
        }
        assert!(told.len() > 18, "nine files, twice, and the README");
        for (name, text) in told {
            assert!(!name.contains("targets") && !name.contains("train"), "{name}");
            assert!(!text.contains("\"target\""), "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_that_are_said_to_be_none_are_not_published_though_the_files_hold_them() {
    let world = World::new("");
    world.edit("targets = \"public\"", "targets = \"none\"");
    let tester = Tester::of(world, |_| {}).await;
    for (name, contents) in unzip(&tester.get(&at("dev", "data")).await.bytes) {
        let text = String::from_utf8(contents).unwrap();
        assert!(!text.contains("\"target\"") && !name.contains("train"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_file_is_listed_with_its_checksum_and_its_licence() {
    let world = World::new("");
    world.edit("targets = \"public\"\n", "targets = \"public\"\nlicence = \"CC BY 4.0\"\n");
    let tester = Tester::of(world, |_| {}).await;
    let list = tester.get(&at("dev", "files")).await.json;
    assert_eq!(list["licence"], "CC BY 4.0");
    let files = list["files"].as_array().unwrap();
    assert_eq!(files.len(), 18, "three kinds, three categories, two splits");
    for file in files.iter().chain([&list["archive"]]) {
        let answer = tester.get(file["link"].as_str().unwrap()).await;
        assert_eq!(answer.status, 200, "{file}");
        assert_eq!(file["bytes"], answer.bytes.len());
        assert_eq!(file["sha256"], sha256(&answer.bytes));
        assert_eq!(answer.tag, Some(format!("\"{}\"", sha256(&answer.bytes))));
    }
    let page = tester.get("/c/fiq/dev/take-part").await.text;
    assert!(page.contains(list["archive"]["sha256"].as_str().unwrap()), "{page}");
    assert!(page.contains("CC BY 4.0"), "{page}");
    for name in ["nowhere.json", "..%2f..%2ffashion-iq.sqlite", "list.json", "%2e%2e"] {
        for folder in ["captions", "..", "%2e%2e"] {
            let answer = tester.get(&at("dev", &format!("files/{folder}/{name}"))).await;
            assert_eq!(answer.status, 404, "{folder}/{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_was_broken_off_goes_on_where_it_stopped() {
    let tester = Tester::start().await;
    let path = at("dev", "data");
    let whole = tester.get(&path).await;
    assert_eq!(whole.accept_ranges.as_deref(), Some("bytes"));
    let (tag, length) = (whole.tag.clone().unwrap(), whole.bytes.len());
    for cut in [0, 1, length / 3, length - 1] {
        let range = [("Range", format!("bytes={cut}-")), ("If-Range", tag.clone())];
        let rest = asked(&tester, &path, &range).await;
        assert_eq!((rest.status, rest.tag.as_ref()), (206, Some(&tag)));
        assert_eq!(rest.content_range, Some(format!("bytes {cut}-{}/{length}", length - 1)));
        assert_eq!([&whole.bytes[..cut], &rest.bytes].concat(), whole.bytes);
    }
    let last = asked(&tester, &path, &[("Range", "bytes=-5".to_owned())]).await;
    assert_eq!((last.status, &last.bytes[..]), (206, &whole.bytes[length - 5..]));
    // another file than the one that was begun is sent whole
    for other in ["\"0000\"", "W/\"0000\"", "Thu, 26 Nov 2026 12:00:00 GMT"] {
        let range = [("Range", "bytes=5-".to_owned()), ("If-Range", other.to_owned())];
        let answer = asked(&tester, &path, &range).await;
        assert_eq!((answer.status, answer.bytes.len()), (200, length), "{other}");
    }
    let outside = asked(&tester, &path, &[("Range", format!("bytes={length}-"))]).await;
    assert_eq!((outside.status, outside.media_type.as_str()), (416, "application/problem+json"));
    assert_eq!(outside.content_range, Some(format!("bytes */{length}")));
    let known = asked(&tester, &path, &[("If-None-Match", format!("W/{tag}, \"other\""))]).await;
    assert_eq!((known.status, known.bytes.len()), (304, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_in_the_zip_and_in_the_checksums() {
    let (world, folder) = with_copy(World::new(""), &World::dev_folder());
    let split = Folder::new(&folder).split("val", Protocol::Original).unwrap();
    let item = split.groups[0].gallery.item(0).to_owned();
    fs::create_dir(folder.join("images")).unwrap();
    let pixel = hex::decode(PIXEL.replace(char::is_whitespace, "")).unwrap();
    fs::write(folder.join(format!("images/{item}.png")), &pixel).unwrap();
    fs::write(folder.join("images/of-nobody.png"), &pixel).unwrap();
    let tester = Tester::of(world, |_| {}).await;
    let files = unzip(&tester.get(&at("dev", "data")).await.bytes);
    let shown: Vec<_> = files.iter().filter(|(name, _)| name.starts_with("images/")).collect();
    assert_eq!(shown.len(), 1);
    assert_eq!((&shown[0].0, &shown[0].1), (&format!("images/{item}.png"), &pixel));
    let (_, sums) = files.iter().find(|(name, _)| name == "SHA256SUMS").unwrap();
    let sums = String::from_utf8_lossy(sums);
    assert!(sums.contains(&format!("{}  images/{item}.png\n", sha256(&pixel))), "{sums}");
    let list = tester.get(&at("dev", "files")).await.json;
    assert_eq!((&list["pictures"], &list["picture_bytes"]), (&1.into(), &pixel.len().into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_made_once_and_made_again_where_it_was_removed() {
    let tester = Tester::start().await;
    let downloads = tester.app.settings.data_dir.join("downloads");
    let packages = || -> Vec<String> {
        let names = fs::read_dir(&downloads).unwrap().map(|entry| entry.unwrap().file_name());
        let names = names.map(|name| name.into_string().unwrap());
        names.filter(|name| name != ".lock").collect()
    };
    let first = tester.get(&at("dev", "data")).await.bytes;
    let [package] = &packages()[..] else { panic!("{:?}", packages()) };
    let archive = downloads.join(package).join("data.zip");
    let made = fs::metadata(&archive).unwrap().modified().unwrap();
    let other = tester.beside().await;
    let (here, there) = (tester.anyone.clone(), other.anyone.clone());
    let both = tokio::task::spawn_blocking(move || {
        [here, there].map(|client| client.get(&at("dev", "data")).bytes)
    });
    assert!(both.await.unwrap().iter().all(|bytes| *bytes == first));
    assert_eq!(fs::metadata(&archive).unwrap().modified().unwrap(), made, "nothing is made twice");
    other.stop().await;
    // a cache: removed in part or altogether, it is made again
    fs::remove_file(downloads.join(package).join("captions/cap.dress.val.json")).unwrap();
    assert_eq!(tester.get(&at("dev", "files/captions/cap.dress.val.json")).await.status, 200);
    fs::remove_dir_all(&downloads).unwrap();
    assert!(tester.get(&at("dev", "data")).await.bytes == first);
    // what has changed gets a package of its own, and the old one goes
    tester.world.edit("targets = \"public\"\n", "targets = \"public\"\nlicence = \"CC0\"\n");
    tester.apply().await;
    let licensed = tester.get(&at("dev", "data")).await.bytes;
    assert!(licensed != first && packages().len() == 1, "{:?}", packages());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_at_once_get_one_package() {
    let tester = Tester::start().await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let client = tester.anyone.clone();
        asking.spawn_blocking(move || client.get(&at("dev", "data")));
    }
    let answers = asking.join_all().await;
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.bytes == answers[0].bytes));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_would_fill_the_disk_is_refused_with_a_sentence() {
    let tester = Tester::with("", |settings| settings.min_free_bytes = u64::MAX / 4).await;
    let answer = tester.get(&at("dev", "data")).await;
    assert_eq!((answer.status, answer.json["code"].as_str()), (507, Some("storage-full")));
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_photos_are_published_for_the_items_that_are_and_never_beside_aliases() {
    for (world, of, split, phase, wanted) in [
        (World::new(""), World::dev_folder(), "val", "dev", true),
        (World::new(""), World::test_folder(), "test", "test", true),
        (World::keyed(), World::test_folder(), "test", "test", false),
    ] {
        let (world, folder) = with_copy(world, &of);
        let group = &Folder::new(&folder).split(split, Protocol::Original).unwrap().groups[0];
        let (name, item) = (&group.name, group.gallery.item(0).to_owned());
        fs::create_dir(folder.join("image_url")).unwrap();
        let lines =
            format!("{item} \t https://example.org/a.jpg\nOTHER \t https://example.org/b.jpg\n");
        fs::write(folder.join(format!("image_url/asin2url.{name}.txt")), lines).unwrap();
        let tester = Tester::of(world, |_| {}).await;
        let dir = TempDir::new().unwrap();
        let names = unpack(&tester.get(&at(phase, "data")).await.bytes, dir.path());
        let found = names.iter().any(|name| name.starts_with("image_url/"));
        assert_eq!(found, wanted, "{phase}: {names:?}");
        if wanted {
            let photos = Folder::new(dir.path()).photos(name).unwrap();
            let address = (item, "https://example.org/a.jpg".to_owned());
            assert_eq!(photos.into_iter().collect::<Vec<_>>(), [address], "{phase}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn captions_of_items_are_published_under_the_names_that_the_items_have() {
    for (world, of, split, phase) in [
        (World::new(""), World::dev_folder(), "val", "dev"),
        (World::keyed(), World::test_folder(), "test", "test"),
    ] {
        let (world, folder) = with_copy(world, &of);
        let group = &Folder::new(&folder).split(split, Protocol::Original).unwrap().groups[0];
        let item = group.gallery.item(0);
        fs::create_dir(folder.join("item-captions")).unwrap();
        let captions = serde_json::json!({ item: "a red dress with a bow" }).to_string();
        let file = format!("item-captions/{}.{split}.json", group.name);
        fs::write(folder.join(&file), captions).unwrap();
        let tester = Tester::of(world, |_| {}).await;
        let dir = TempDir::new().unwrap();
        let names = unpack(&tester.get(&at(phase, "data")).await.bytes, dir.path());
        assert!(names.contains(&file), "{phase}: {names:?}");
        let published = Folder::new(dir.path());
        let read = published.split(split, Protocol::Original).unwrap();
        let read = read.groups.iter().find(|own| own.name == group.name).unwrap();
        let captions = published.item_captions(read, split).unwrap();
        let [(name, sentence)] = captions.iter().collect::<Vec<_>>()[..] else { panic!() };
        assert_eq!(sentence, "a red dress with a bow");
        assert!(read.gallery.index_of(name.as_bytes()).is_some(), "{phase}");
        assert_eq!(name == item, phase == "dev", "an alias where there are aliases");
        let readme = fs::read_to_string(dir.path().join("README.txt")).unwrap();
        assert!(readme.contains("item-captions/GROUP.SPLIT.json"), "{readme}");
    }
}
