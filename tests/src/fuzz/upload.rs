//! Uploads, read against a small benchmark.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use dataset::{Elsewhere, Gallery, Group, ItemId, Protocol, Query, Split, Targets};
use scoring::{
    Benchmark, FASHION_IQ, Limits, ProblemKind, Problems, Ranks, Reading, Upload, read, read_while,
};

/// How much of an uncompressed file the reader sees at a time.
const WINDOW: usize = 128 << 10;

/// Three groups of few items; each query's target is its reference's neighbour so many items on.
fn benchmark(to_target: u32) -> Benchmark {
    let group = |(name, items): (&str, u32)| {
        let id = |i: u32| ItemId::new(&format!("{}{i}", &name[..1])).unwrap();
        let query = |i: u32| Query {
            id: Query::id_at(name, "val", i as usize),
            reference: id(i),
            captions: vec!["is red".to_owned(), "has \"no\" é".to_owned()],
        };
        Group {
            name: name.to_owned(),
            gallery: Gallery::new((0..items).map(id)).unwrap(),
            queries: (0..items / 2).map(query).collect(),
            targets: Some(Targets::new((0..items / 2).map(|i| vec![(i + to_target) % items]))),
            sessions: vec![],
        }
    };
    let groups = [("dress", 6), ("shirt", 5), ("toptee", 4)].map(group).into();
    let split = Split { name: "val".to_owned(), groups };
    Benchmark::new(&FASHION_IQ, split, Protocol::Original, Elsewhere::default())
}

/// Two benchmarks that differ in their targets only.
fn benchmarks() -> &'static [Benchmark; 2] {
    static BENCHMARKS: OnceLock<[Benchmark; 2]> = OnceLock::new();
    BENCHMARKS.get_or_init(|| [1, 2].map(benchmark))
}

/// A JSON file is accepted or broken exactly if it is for `serde_json`, wherever the reader's window
/// ends.
pub(super) fn check_json(bytes: &[u8]) -> bool {
    let outcome = check_upload("run.json", bytes);
    if matches!(bytes, [b'{' | b'[', ..]) {
        let theirs = serde_json::from_slice::<serde_json::Value>(bytes);
        match theirs {
            Ok(_) => assert!(!has(&outcome, ProblemKind::BrokenJson), "{outcome:?}"),
            // The walker takes what serde_json has no number for.
            Err(error) if error.to_string().starts_with("number out of range") => {}
            Err(error) => assert!(outcome.is_err(), "accepted, but {error}"),
        }
        // White space moves the end of the window to somewhere in the text.
        let before =
            bytes.iter().fold(0, |sum: usize, &byte| (sum * 31 + usize::from(byte)) & 0xffff);
        let spaces = WINDOW.saturating_sub(1 + before % bytes.len());
        let mut moved = vec![bytes[0]];
        moved.resize(1 + spaces, b' ');
        moved.extend_from_slice(&bytes[1..]);
        let same = check_upload("run.json", &moved);
        assert_eq!(summary(&outcome), summary(&same), "with {spaces} spaces");
    }
    outcome.is_ok()
}

/// A zip is read to a result or to sentences. Bytes that are not a zip stand for one: names and
/// contents of its files, each ended by a zero byte.
pub(super) fn check_zip(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"PK") {
        return check_upload("run.zip", bytes).is_ok();
    }
    let parts: Vec<&[u8]> = bytes.split(|&byte| byte == 0).collect();
    let named = parts.chunks_exact(2).map(|file| {
        let name: String = String::from_utf8_lossy(file[0]).chars().take(100).collect();
        (name, file[1])
    });
    let files: Vec<(String, &[u8])> = named.collect();
    let zip = crate::zip(files.iter().map(|(name, contents)| (name.as_str(), *contents)));
    let zipped = check_upload("run.zip", &zip);
    let files = files.into_iter().map(|(name, contents)| (name, contents.to_vec())).collect();
    let folder = read(&Upload::Files(files), &benchmarks()[0], &Limits::default());
    check_outcome(&folder);
    zipped.is_ok()
}

/// What one upload comes to, the promises of every upload having been checked.
fn check_upload(name: &str, bytes: &[u8]) -> Result<Reading, Problems> {
    let upload = Upload::Bytes { name, bytes };
    let limits = Limits { problems_shown: 20, ..Limits::default() };
    let [outcome, other] = benchmarks().each_ref().map(|of| read(&upload, of, &limits));
    check_outcome(&outcome);
    // Problems must not depend on targets.
    match (&outcome, &other) {
        (Ok(one), Ok(other)) => assert_eq!(one.warnings, other.warnings),
        (Err(one), Err(other)) => assert_eq!(one, other),
        _ => panic!("targets decide what is accepted: {outcome:?} {other:?}"),
    }
    // Whoever wants no more is heard.
    check_outcome(&read_while(&upload, &benchmarks()[0], &limits, &|| false));
    outcome
}

fn check_outcome(outcome: &Result<Reading, Problems>) {
    match outcome {
        Ok(reading) => {
            let ranks = reading.ranks.as_ref().expect("the benchmark has targets");
            assert_eq!(Ranks::from_bytes(&ranks.to_bytes()).unwrap(), *ranks);
        }
        Err(problems) => {
            assert!(problems.total() >= problems.shown().len() && problems.total() > 0);
            for problem in problems.shown() {
                let message = &problem.message;
                assert!((10..4000).contains(&message.len()), "{message}");
                assert!(!message.contains(|c: char| c.is_control() && c != '\n'), "{message:?}");
            }
        }
    }
}

fn has(outcome: &Result<Reading, Problems>, kind: ProblemKind) -> bool {
    outcome.as_ref().is_err_and(|problems| problems.counts().contains_key(&kind))
}

/// What must not depend on where things are in a file.
fn summary(outcome: &Result<Reading, Problems>) -> Result<Vec<u8>, BTreeMap<ProblemKind, usize>> {
    match outcome {
        Ok(reading) => Ok(reading.ranks.as_ref().map(Ranks::to_bytes).unwrap_or_default()),
        Err(problems) => Err(problems.counts().clone()),
    }
}
