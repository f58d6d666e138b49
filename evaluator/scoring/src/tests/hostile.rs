//! Malicious and damaged files.

use std::io::{self, Read, Write};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::kit::{Style, benchmark, gzip, keyed, large, named, rows, write, zip, zstd};
use crate::json::{Json, Stop};
use crate::window::{Budget, Metered, Window};
use crate::{Benchmark, Limits, ProblemKind, Problems, Upload, read, read_while};

const PLAIN: Style = Style { shuffled: false, ids: false, pretty: false, escaped: false, seed: 1 };

fn sample(benchmark: &Benchmark) -> Vec<String> {
    write(benchmark, &rows(benchmark, 7), PLAIN).0
}

fn refused(bytes: &[u8], limits: &Limits) -> Problems {
    let upload = Upload::Bytes { name: "run", bytes };
    read(&upload, &benchmark(7), limits).unwrap_err()
}

fn kinds(problems: &Problems) -> Vec<ProblemKind> {
    problems.counts().keys().copied().collect()
}

/// Flips, cuts out, repeats or inserts a few bytes.
fn harm(bytes: &mut Vec<u8>, chance: &mut ChaCha8Rng) {
    for _ in 0..chance.random_range(1..4) {
        if bytes.is_empty() {
            return;
        }
        let at = chance.random_range(0..bytes.len());
        let to = (at + chance.random_range(1..20)).min(bytes.len());
        match chance.random_range(0..5) {
            0 => bytes[at] = chance.random(),
            1 => drop(bytes.drain(at..to)),
            2 => {
                let piece = bytes[at..to].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => bytes.insert(at, b"{}[]\",:\\0 e-"[chance.random_range(0..12)]),
            _ => bytes.truncate(at),
        }
    }
}

#[test]
fn no_harm_done_to_a_file_makes_a_reader_panic_and_every_refusal_has_a_sentence() {
    let benchmark = benchmark(7);
    let files = sample(&benchmark);
    let (one, zipped) = (keyed(&files), zip(&named(&files)));
    let originals = [one.clone(), zipped.clone(), gzip(&one), zstd(&one), gzip(&zipped)];
    let limits = Limits { expanded_bytes: 1 << 20, ..Limits::default() };
    let mut chance = ChaCha8Rng::seed_from_u64(11);
    let mut refusals = 0;
    for original in &originals {
        for _ in 0..800 {
            let mut bytes = original.clone();
            harm(&mut bytes, &mut chance);
            let upload = Upload::Bytes { name: "run", bytes: &bytes };
            if let Err(problems) = read(&upload, &benchmark, &limits) {
                refusals += 1;
                assert!(problems.total() >= problems.shown().len() && problems.total() > 0);
                assert!(problems.shown().len() <= limits.problems_shown);
                assert!(problems.shown().iter().all(|p| p.message.len() > 10), "{problems}");
            }
        }
    }
    assert!(refusals > 2000, "harm was hardly ever noticed: {refusals}");
}

#[test]
fn the_walker_takes_exactly_the_json_that_serde_json_takes() {
    let texts = [
        r#"{"a":[1,-0.5e+3,true,false,null,"x\u00e9\n\"",{}],"b":{"c":[[],[[]]]},"":""}"#,
        r#"[0,10,-1,1.5,1E5,"\ud83d\ude00","\\\/\b\f\n\r\t"]"#,
        r#" [ "a" , "b" , { "k" : "v" } ] "#,
        r#"[{"candidate":"B005X4PL1G","captions":["is red",""],"ranking":["B00","B01"]}]"#,
    ];
    let alphabet = b"{}[]\",:\\ 0159-+.eEtrufalsn/b\n";
    let mut chance = ChaCha8Rng::seed_from_u64(3);
    let mut taken = 0;
    for round in 0..40_000 {
        let mut bytes = texts[round % texts.len()].as_bytes().to_vec();
        for _ in 0..chance.random_range(0..3) {
            let at = chance.random_range(0..bytes.len());
            let byte = alphabet[chance.random_range(0..alphabet.len())];
            match chance.random_range(0..3) {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        let theirs = serde_json::from_slice::<serde_json::Value>(&bytes);
        let ours = walks(&bytes, 1 + round % 70);
        match theirs {
            Ok(_) => assert!(ours, "refused: {}", String::from_utf8_lossy(&bytes)),
            // a number out of a double's range is still JSON
            Err(e) if e.to_string().starts_with("number out of range") => {}
            Err(e) => assert!(!ours, "taken: {} ({e})", String::from_utf8_lossy(&bytes)),
        }
        taken += usize::from(ours);
    }
    assert!((1000..39_000).contains(&taken), "a test of one side only: {taken}");
}

fn walks(bytes: &[u8], window: usize) -> bool {
    let mut json = Json::new(Window::new(bytes, window), &Limits::default(), u64::MAX);
    json.skip().is_ok() && json.end().is_ok()
}

#[test]
fn a_bomb_is_stopped_by_what_comes_out_and_not_by_what_it_claims() {
    let limits = Limits { expanded_bytes: 1 << 20, ..Limits::default() };
    let spaces = vec![b' '; 8 << 20];
    let file = vec![("dress.predict.json".to_owned(), spaces.clone())];
    for bomb in [zip(&file), gzip(&spaces), zstd(&spaces), gzip(&gzip(&spaces))] {
        let problems = refused(&bomb, &limits);
        let kinds = kinds(&problems);
        let told = [ProblemKind::TooLarge, ProblemKind::Nested];
        assert!(told.iter().any(|kind| kinds.contains(kind)), "{problems}");
    }
}

#[test]
fn a_zip_of_too_many_files_and_one_cut_short_are_refused() {
    let many: Vec<_> = (0..5000).map(|i| (format!("{i}.json"), b"[]".to_vec())).collect();
    let problems = refused(&zip(&many), &Limits::default());
    assert!(kinds(&problems).contains(&ProblemKind::TooManyEntries), "{problems}");
    let whole = zip(&named(&sample(&benchmark(7))));
    for length in [10, 30, whole.len() / 2, whole.len() - 1] {
        let problems = refused(&whole[..length], &Limits::default());
        assert_eq!(kinds(&problems), [ProblemKind::Damaged], "{length}: {problems}");
    }
}

#[test]
fn a_zstd_file_that_wants_a_huge_window_is_refused() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.set_parameter(zstd::zstd_safe::CParameter::WindowLog(27)).unwrap();
    for file in [keyed(&sample(&benchmark(7))), vec![b' '; 1 << 20]] {
        encoder.write_all(&file).unwrap();
    }
    let problems = refused(&encoder.finish().unwrap(), &Limits::default());
    assert!(problems.total() > 0 && problems.to_string().contains("window"), "{problems}");
}

/// Repeats the same bytes, up to a total number.
struct Endless(&'static [u8], u64);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = into.len().min(self.0.len()).min(self.1 as usize);
        into[..n].copy_from_slice(&self.0[..n]);
        self.1 -= n as u64;
        Ok(n)
    }
}

#[test]
fn a_string_a_number_and_brackets_without_end_stop_the_walker_at_its_caps() {
    for (start, endless) in [("\"", &b"aaaaaaaaaaaaaaaa"[..]), ("1", b"0000"), ("", b"[[[[")] {
        let length = 100 << 20;
        // a budget of 1 MiB is never spent: the walker stops before
        let budget = Budget::new(1 << 20, &|| true);
        let source = start.as_bytes().chain(Endless(endless, length));
        let window = Window::new(Metered::new(source, &budget), 64 << 10);
        let mut json = Json::new(window, &Limits::default(), u64::MAX);
        let stop = json.skip().unwrap_err();
        assert!(matches!(stop, Stop::TooLong { .. } | Stop::TooDeep { .. }), "{start}: {stop:?}");
        assert!(!budget.is_spent(), "it read on after the cap");
    }
}

/// How often reading asks whether to continue, which is at least once every 128 KiB, and the upload's
/// problems in one line.
fn asked(bytes: &[u8], limits: &Limits) -> (usize, String) {
    let times = std::cell::Cell::new(0);
    let go_on = || times.replace(times.get() + 1) < usize::MAX;
    let upload = Upload::Bytes { name: "run", bytes };
    let problems = read_while(&upload, &benchmark(7), limits, &go_on).unwrap_err();
    (times.get(), problems.to_string().replace('\n', " | "))
}

#[test]
fn reading_stops_soon_after_an_upload_holds_more_than_an_honest_one_could() {
    let many = |what: &str| what.repeat((12 << 20) / what.len());
    let row = |inside: String| format!("{{\"dress\":[{{{inside}}}]}}");
    let endless = [
        (format!("{{\"dress\":[0{}]}}", many(",0")), "objects, but the list has"),
        (row(format!("\"ranking\":[\"\"{}]", many(",\"\""))), "items, but the gallery has"),
        (row(format!("\"ranking\":[1{}]", many(",1"))), "items, but the gallery has"),
        (row(format!("\"captions\":[\"\"{}]", many(",\"\""))), "captions of more than 64 KiB"),
        (row(format!("\"captions\":[0{}]", many(",0"))), "captions of more than 64 KiB"),
        (row(format!("\"a\":0{}", many(",\"a\":0"))), "too many values"),
        (row(format!("\"target\":[0{}]", many(",0"))), "too many values"),
        (row(format!("\"note\":[[]{}]", many(",[]"))), "too many values"),
        (row(format!("\"note\":{{\"\":0{}}}", many(",\"\":0"))), "too many values"),
        (format!("{{\"a\":[]{}}}", many(",\"a\":[]")), "and none is a category"),
        (format!("{{\"dress\":0{}}}", many(",\"dress\":0")), "more than 64 duplicate keys"),
    ];
    for (text, sentence) in endless {
        for bytes in [text.clone().into_bytes(), gzip(text.as_bytes())] {
            let (times, told) = asked(&bytes, &Limits::default());
            assert!(told.contains(sentence), "{told}");
            let is_a_run = !sentence.contains("none is a category");
            assert_eq!(told.contains("reading stopped here"), is_a_run, "{told}");
            // there are 96 of them, and twice as many where they come out of a gzip
            assert!(times < 32, "{sentence}: it read on {times} times");
        }
    }
}

#[test]
fn one_endless_file_of_a_zip_leaves_the_others_to_be_read() {
    let mut files = named(&sample(&benchmark(7)));
    files[0].1 = format!("[0{}]", ",0".repeat(1 << 20)).into_bytes();
    files[2].1 = b"[".to_vec();
    let problems = refused(&zip(&files), &Limits::default()).to_string();
    for sentence in ["dress.predict.json: line 1, column 2", "toptee.predict.json: line 1, column "]
    {
        assert!(problems.contains(sentence), "{problems}");
    }
    assert!(problems.contains("objects, but the list has"), "{problems}");
    assert!(!problems.contains("shirt"), "the whole one has no problem: {problems}");
}

#[test]
fn what_an_upload_may_expand_to_follows_the_benchmark_and_is_told() {
    let (spaces, limits) = (vec![b' '; 64 << 20], Limits::default());
    let file = vec![("dress.predict.json".to_owned(), spaces.clone())];
    for bomb in [spaces.clone(), zip(&file), gzip(&spaces), zstd(&spaces)] {
        let problems = refused(&bomb, &limits).to_string();
        assert!(problems.contains("expands to more than 17 MiB, the limit for"), "{problems}");
    }
    // the setting is never exceeded, whatever the benchmark
    let small = Limits { expanded_bytes: 1 << 20, ..limits };
    let problems = refused(&gzip(&spaces), &small).to_string();
    assert!(problems.contains("expands to more than 1 MiB"), "{problems}");
}

#[test]
fn a_full_gallery_with_scores_and_generous_white_space_is_within_what_may_be_read() {
    let benchmark = large(120, 4000);
    let group = &benchmark.groups()[0];
    let ids: Vec<&str> = group.gallery.iter().collect();
    let scores: Vec<f64> = (0..ids.len()).map(|i| 1.0 / (i as f64 + 3.0)).collect();
    let rows = group.queries.iter().map(|query| {
        serde_json::json!({
            "candidate": query.reference.as_str(), "captions": query.captions,
            "ranking": ids, "scores": scores,
        })
    });
    let text = serde_json::to_string_pretty(&rows.collect::<Vec<_>>()).unwrap();
    assert!(text.len() > 16 << 20, "{} bytes pass for any benchmark", text.len());
    let upload = Upload::Bytes { name: "dress.predict.json", bytes: text.as_bytes() };
    let reading = read(&upload, &benchmark, &Limits::default());
    assert!(reading.is_ok(), "{}", reading.unwrap_err());
}

#[test]
fn a_caller_that_has_seen_enough_ends_the_reading_wherever_it_is() {
    let empty_members = gzip(b"").repeat(20_000);
    let files = named(&sample(&benchmark(7)));
    let plain = vec![b' '; 1 << 20];
    for bytes in [zip(&files), gzip(&zip(&files)), keyed(&sample(&benchmark(7))), plain] {
        let upload = Upload::Bytes { name: "run", bytes: &bytes };
        let problems = read_while(&upload, &benchmark(7), &Limits::default(), &|| false);
        let problems = problems.unwrap_err();
        assert!(kinds(&problems).contains(&ProblemKind::Stopped), "{problems}");
    }
    // nothing comes out of these, and it is asked all the same
    let (times, _) = asked(&empty_members, &Limits::default());
    assert!(times > 40, "{times}");
}
