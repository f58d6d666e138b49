//! The data set of a challenge, to read about, to browse and to search: what is public of it, and nothing
//! else.

use std::path::Path;

use domain::ambient::Instant;
use system_tests::{Answer, Tester, World};
use time::macros::datetime;

/// Phase `test` opens on 1 November 2026.
const BEFORE: time::OffsetDateTime = datetime!(2026-10-20 12:00 UTC);

fn id(answer: &Answer) -> String {
    answer.json["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

async fn page(tester: &Tester, path: &str) -> String {
    let answer = tester.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    assert!(answer.bytes.len() < 100_000, "{path} has {} bytes", answer.bytes.len());
    answer.text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_learns_what_the_data_set_is_and_sees_an_example() {
    let tester = Tester::start().await;
    let text = page(&tester, "/c/fiq/data").await;
    for there in [
        "Overview",
        "A worked example",
        "dress.val.0",
        "Differences from earlier data sets",
        "Access and sources",
        "Known criticism",
        "fashion-iq dataset download",
        "The challenge",
        "/c/fiq/dev/explore",
        "/c/fiq/test/statistics",
    ] {
        assert!(text.contains(there), "{there}: {text}");
    }
    let circo = Tester::of(World::circo(), |_| {}).await;
    let text = page(&circo, "/c/fiq/data").await;
    assert!(text.contains("A worked example") && !text.contains("Known criticism"), "{text}");
    assert!(page(&circo, "/c/fiq/dev/explore").await.contains("class=\"target\""));
    page(&circo, "/c/fiq/dev/statistics").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn statistics_are_counted_once_and_of_what_a_phase_publishes() {
    let tester = Tester::start().await;
    let statistics = async |phase: &str| {
        let path = format!("/c/fiq/{phase}/statistics");
        for _ in 0..50 {
            let text = page(&tester, &path).await;
            if !text.contains("being computed") {
                return text;
            }
        }
        panic!("{path} is never ready")
    };
    let dev = statistics("dev").await;
    let groups = tester.dev.groups();
    for group in groups {
        let queries = group.queries.len();
        assert!(dev.contains(&format!("<bdi>{}, val</bdi></th><td>{queries}</td>", group.name)));
    }
    assert!(dev.contains("dress, train"), "the train split is published with public targets");
    assert!(dev.contains("What one side answers alone"), "{dev}");
    let test = statistics("test").await;
    assert!(test.contains("<td>hidden</td>") && !test.contains("What one side answers alone"));
    assert!(!test.contains("val</bdi>"), "{test}");
    assert_eq!(dev, statistics("dev").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_are_browsed_by_category_split_and_words() {
    let tester = Tester::start().await;
    let explore = "/c/fiq/dev/explore";
    let all = page(&tester, explore).await;
    let total: usize = tester.dev.groups().iter().map(|group| group.queries.len()).sum();
    assert!(all.contains(&format!("{total} queries, 1 to 24 of {total}")), "{all}");
    assert!(all.contains("page=2") && all.contains("class=\"target\""), "{all}");
    // words: each query found has them, and every one that has them is found
    let has = |word: &str| {
        let queries = tester.dev.groups().iter().flat_map(|group| &group.queries);
        let words = |caption: &String| {
            let lower = caption.to_lowercase();
            lower.split(|c: char| !c.is_alphanumeric()).any(|own| own.starts_with(word))
        };
        queries.filter(|query| query.captions.iter().any(words)).count()
    };
    for word in ["sleeve", "darker", "red"] {
        let found = page(&tester, &format!("{explore}?words={}", word.to_uppercase())).await;
        let (count, noun) = (has(word), if has(word) == 1 { "query" } else { "queries" });
        let said =
            if count == 0 { "No query has all".to_owned() } else { format!("{count} {noun}") };
        assert!(found.contains(&said), "{word}, {count}: {found}");
    }
    let shirts = page(&tester, &format!("{explore}?group=shirt&page=9999")).await;
    assert!(shirts.contains("shirt.val.") && !shirts.contains("dress.val."), "{shirts}");
    let train = page(&tester, &format!("{explore}?split=train&words=dress.train.3")).await;
    assert!(train.contains("1 query") && train.contains("/queries/dress.train.3?"), "{train}");
    let train = page(&tester, "/c/fiq/dev/queries/dress.train.3?split=train").await;
    assert!(train.contains("class=\"target\"") && !train.contains("name=\"a\""), "{train}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_page_that_says_so_and_leads_back() {
    let tester = Tester::start().await;
    let explore = "/c/fiq/dev/explore";
    let nothing = page(&tester, &format!("{explore}?words=zzzz+%3Cscript%3E")).await;
    assert!(nothing.contains("Show all queries") && !nothing.contains("<script>"), "{nothing}");
    for (query, status, sentence) in [
        ("group=trousers", 404, "roup `trousers` not found"),
        ("split=secret", 404, "plit `secret` not found"),
        ("split=test", 404, "plit `test` not found"),
        ("order=sideways", 404, "rder `sideways` not found"),
        ("order=hardest", 404, "rder `hardest` not found"),
        (&format!("words={}", "a".repeat(300)), 400, "at most 200 characters"),
    ] {
        let answer = tester.get(&format!("{explore}?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
        assert!(answer.text.contains(sentence), "{query}: {}", answer.text);
        assert!(answer.text.contains("All queries</a>"), "{query}: {}", answer.text);
    }
    for path in [
        "/c/fiq/dev/queries/dress.val.99999",
        "/c/fiq/dev/pictures/dress/NOWHERE",
        "/c/fiq/nowhere/explore",
        "/c/fiq/nowhere/statistics",
        "/c/nowhere/data",
    ] {
        let answer = tester.get(path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        assert!(answer.text.contains("not found") && answer.text.contains("<a href"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submissions_top_ten_is_shown_with_the_target_framed() {
    let tester = Tester::start().await;
    let first = |rank: usize| World::dev().run(move |query| (query % 2 == 0).then_some(rank));
    let one = id(&tester.team("One").await.upload("dev", first(3)).await);
    let other = id(&tester.team("Other").await.upload("dev", first(20)).await);
    let group = &tester.dev.groups()[0];
    let query = &group.queries[4];
    let target = group.gallery.item(group.targets.as_ref().unwrap().of(4)[0]).to_owned();
    let path = format!("/c/fiq/dev/queries/{}", query.id);
    let bare = page(&tester, &path).await;
    assert!(bare.contains("name=\"a\"") && !bare.contains("strip-items"), "{bare}");
    let both = page(&tester, &format!("{path}?a={one}&b={other}")).await;
    let strips: Vec<&str> = both.split("class=\"strip-items\"").skip(1).collect();
    assert_eq!(strips.len(), 2);
    let items: Vec<&str> = strips[0].split("<li").skip(1).take(10).collect();
    assert!(items[2].contains("is-target") && items[2].contains(&target), "{}", items[2]);
    assert_eq!(strips[0].matches("is-target").count(), 1);
    assert!(both.contains("The target is at rank 3.") && both.contains("at rank 20."), "{both}");
    assert_eq!(strips[1].matches("is-target").count(), 0, "it is not among the first ten");
    assert_eq!(strips[1].split("</ol>").next().unwrap().matches("<li").count(), 10);
    // a second look, from memory
    assert_eq!(both, page(&tester, &format!("{path}?a={one}&b={other}")).await);

    // the hardest are those that nobody finds, and the disagreed ones those that one finds higher
    let hardest = page(&tester, "/c/fiq/dev/explore?order=hardest").await;
    assert!(hardest.contains("dress.val.1?order=hardest"), "{hardest}");
    assert!(!hardest.contains("dress.val.0?"), "{hardest}");
    let disagreed = page(&tester, "/c/fiq/dev/explore?order=disagreed").await;
    assert!(disagreed.contains("dress.val.0?order=disagreed"), "{disagreed}");
    let next =
        page(&tester, &format!("/c/fiq/dev/queries/dress.val.1?order=hardest&a={one}")).await;
    assert!(next.contains("Next query") && next.contains("Most disagreed query"), "{next}");

    for wrong in ["nonsense", "00000000-0000-0000-0000-000000000000"] {
        let answer = tester.get(&format!("{path}?a={wrong}")).await;
        assert_eq!(answer.status, 404, "{}", answer.text);
        assert!(answer.text.contains("role=\"alert\"") && answer.text.contains(&query.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_hidden_targets_is_on_any_page() {
    let tester = Tester::start().await;
    let run = tester.test.run(|_| Some(1));
    let submission = id(&tester.team("Atelier").await.upload("test", run).await);
    let explore = page(&tester, "/c/fiq/test/explore").await;
    assert!(
        !explore.contains("class=\"target\"") && !explore.contains("name=\"order\""),
        "{explore}"
    );
    assert_eq!(tester.get("/c/fiq/test/explore?order=hardest").await.status, 404);
    for group in tester.test.groups() {
        let targets = group.targets.as_ref().unwrap();
        for (at, query) in group.queries.iter().enumerate().step_by(7) {
            let target = group.gallery.item(targets.of(at)[0]);
            for path in [
                format!("/c/fiq/test/queries/{}?a={submission}&b={submission}", query.id),
                format!("/c/fiq/test/explore?words={}", query.id),
            ] {
                let text = page(&tester, &path).await;
                assert!(!text.contains(target), "{path} shows {target}");
                assert!(
                    !text.contains("class=\"target\"") && !text.contains("strip-items"),
                    "{path}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_a_phase_opens_nothing_of_its_queries_is_on_any_page() {
    let tester = Tester::start().await;
    tester.clock.set(Instant::of(BEFORE));
    let query = &tester.test.groups()[0].queries[0];
    let reference = query.reference.as_str();
    let mut texts = vec![tester.get("/c/fiq/data").await];
    assert_eq!(texts[0].status, 200);
    for page in [
        "explore".to_owned(),
        "explore?words=red".to_owned(),
        "statistics".to_owned(),
        format!("queries/{}", query.id),
        "queries/dress.val.0".to_owned(),
        "pictures/dress/B000000000".to_owned(),
    ] {
        let answer = tester.get(&format!("/c/fiq/test/{page}")).await;
        assert_eq!(answer.status, 409, "{page}: {}", answer.text);
        assert!(answer.text.contains("opens"), "{page}: {}", answer.text);
        texts.push(answer);
    }
    for answer in texts {
        assert!(!answer.text.contains(reference), "{}", answer.text);
        for caption in query.captions.iter().filter(|caption| caption.len() > 12) {
            assert!(!answer.text.contains(caption.as_str()), "{caption}: {}", answer.text);
        }
    }
    let other = tester.get("/c/fiq/dev/explore").await;
    assert!(!other.text.contains("/c/fiq/test/explore"), "no link to a phase that hasn't opened");
}

/// A red point, as a PNG.
const PNG: &str = "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de000\
                   0000c49444154789c63382167030002d401237262d8760000000049454e44ae426082";

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(path, to).unwrap();
        }
    }
}

/// A world whose phase `dev` has a picture of some items, and these lines in its benchmark.
fn with_pictures(lines: &str, good: &str, broken: &str) -> World {
    let world = World::new("");
    let folder = world.path().join("with-pictures");
    copy(&World::dev_folder(), &folder);
    std::fs::create_dir(folder.join("images")).unwrap();
    std::fs::write(folder.join(format!("images/{good}.png")), hex::decode(PNG).unwrap()).unwrap();
    std::fs::write(folder.join(format!("images/{broken}.png")), b"\x89PNG\r\n\x1a\nno").unwrap();
    let dev = World::dev_folder();
    world.edit(
        &format!("folder = \"{}\"", dev.display()),
        &format!("folder = \"{}\"\n{lines}", folder.display()),
    );
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_shown_once_the_organisers_say_so_under_a_licence() {
    let dev = World::dev();
    let query = &dev.groups()[0].queries[0];
    let good = query.reference.as_str();
    let broken = dev.groups()[0].gallery.iter().find(|item| *item != good).unwrap();
    let path = format!("/c/fiq/dev/pictures/dress/{good}");

    let silent = Tester::of(with_pictures("", good, broken), |_| {}).await;
    assert_eq!(silent.get(&path).await.status, 404, "not public unless the organisers say so");
    assert!(!page(&silent, "/c/fiq/dev/explore").await.contains("<img"));

    let lines = "pictures = \"public\"\nlicence = \"CC0-1.0, drawn\"";
    let shown = Tester::of(with_pictures(lines, good, broken), |_| {}).await;
    let text = page(&shown, "/c/fiq/dev/explore?words=dress.val.0").await;
    let img = format!("<img src=\"{path}\"");
    assert!(text.contains(&img) && text.contains("Pictures: CC0-1.0, drawn"), "{text}");
    assert!(text.contains("width=\"120\" height=\"168\" loading=\"lazy\""), "{text}");
    for _ in 0..2 {
        let picture = shown.get(&path).await;
        assert_eq!(picture.status, 200, "{}", picture.text);
        assert_eq!(picture.media_type, "image/webp");
        assert_eq!((&picture.bytes[..4], &picture.bytes[8..12]), (&b"RIFF"[..], &b"WEBP"[..]));
    }
    let damaged = shown.get(&format!("/c/fiq/dev/pictures/dress/{broken}")).await;
    assert_eq!(damaged.status, 404);
    assert!(damaged.text.contains("damaged or too large") && damaged.text.contains("<a href"));
    assert!(!damaged.text.contains("with-pictures"), "no path of the server");
    for wrong in ["dress/..%2F..%2Fsecret", "trousers/A", "dress/NOWHERE"] {
        let answer = shown.get(&format!("/c/fiq/dev/pictures/{wrong}")).await;
        assert_eq!(answer.status, 404, "{wrong}: {}", answer.text);
    }
    // phase `test` has said nothing
    let other = shown.test.groups()[0].queries[0].reference.as_str();
    assert_eq!(shown.get(&format!("/c/fiq/test/pictures/dress/{other}")).await.status, 404);
}

/// The official data: 6,016 queries and 15,536 items in `val`, 18,000 queries in `train`.
#[cfg(feature = "official")]
#[tokio::test(flavor = "multi_thread")]
async fn of_the_official_data_each_page_is_small_and_differs_from_the_paper_by_single_rows() {
    let official =
        std::env::var("FASHION_IQ_DATA").expect("FASHION_IQ_DATA names the official data");
    let world = World::new("");
    let dev = World::dev_folder();
    world.edit(&format!("folder = \"{}\"", dev.display()), &format!("folder = \"{official}\""));
    let tester = Tester::of(world, |_| {}).await;
    for path in [
        "data",
        "dev/explore?words=sleeves",
        "dev/explore?split=train&words=s",
        "dev/queries/toptee.val.7",
    ] {
        page(&tester, &format!("/c/fiq/{path}")).await;
    }
    for _ in 0..60 {
        let text = page(&tester, "/c/fiq/dev/statistics").await;
        if text.contains("being computed") {
            continue;
        }
        for there in [
            "<bdi>toptee, val</bdi></th><td>5,374</td><td>5,373 (−1)</td><td>3,303</td><td>3,303</td><td>3,924</td><td>3,922 (−2)</td>",
            "<bdi>dress, val</bdi></th><td>2,017</td><td>4,034</td><td>3,817</td><td>1,331</td>",
            "differ by single rows",
            "shirt.train and toptee.val",
        ] {
            assert!(text.contains(there), "{there}: {text}");
        }
        return;
    }
    panic!("the statistics are never ready");
}
