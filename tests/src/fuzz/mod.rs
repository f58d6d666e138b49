//! Fuzz targets: check the promises of readers of untrusted bytes on arbitrary bytes.
//!
//! Each target panics if a promise is broken. Its tests run it on the files of
//! `tests/fuzz/corpus/<name>` and on two thousand mutations of them, the same ones every time.
//! The package `tests/fuzz` gives the same functions to cargo-fuzz, which looks for new inputs.

mod definition;
#[cfg(test)]
mod mutation;
mod ranks;
mod upload;

/// A reader of foreign bytes.
pub struct Target {
    /// Its name, and that of its corpus.
    pub name: &'static str,
    /// Reads the bytes, checks what comes of it, and returns whether they were accepted.
    pub check: fn(&[u8]) -> bool,
}

/// The JSON walker, in a run of one JSON file.
pub const JSON: Target = Target { name: "json", check: upload::check_json };
/// The intake of zips, and of what is in them.
pub const ZIP: Target = Target { name: "zip", check: upload::check_zip };
/// The decoder of stored ranks.
pub const RANKS: Target = Target { name: "ranks", check: ranks::check };
/// The reader of `challenge.toml`.
pub const DEFINITION: Target = Target { name: "definition", check: definition::check };

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::mutation::Mutator;
    use super::{DEFINITION, JSON, RANKS, Target, ZIP};

    /// Mutations that each target is given.
    const MUTATIONS: usize = 2000;

    fn corpus(target: &Target) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target.name);
        let mut files: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| fs::read(file).unwrap()).collect()
    }

    fn run(target: &Target) {
        let corpus = corpus(target);
        let accepted = corpus.iter().filter(|bytes| (target.check)(bytes)).count();
        assert!(
            (1..corpus.len()).contains(&accepted),
            "a corpus has good and bad files: {accepted}"
        );
        let mut mutator = Mutator::new(&corpus);
        let mut accepted = 0;
        for _ in 0..MUTATIONS {
            accepted += usize::from((target.check)(&mutator.next()));
        }
        println!("{}: {accepted} of {MUTATIONS} mutations were accepted", target.name);
        assert!((1..MUTATIONS).contains(&accepted), "mutations of one side only: {accepted}");
    }

    #[test]
    fn json_is_read_as_promised() {
        run(&JSON);
    }

    #[test]
    fn zips_are_read_as_promised() {
        run(&ZIP);
    }

    #[test]
    fn stored_ranks_are_read_as_promised() {
        run(&RANKS);
    }

    #[test]
    fn definitions_are_read_as_promised() {
        run(&DEFINITION);
    }
}
