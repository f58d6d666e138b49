//! The program with the right, a wrong or no libtorch.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const LAUNCHER: &str = env!("CARGO_BIN_EXE_fashion-iq-baseline");
const PROGRAM: &str = env!("CARGO_BIN_EXE_fashion-iq-baseline-torch");
const FOLDER: &str = env!("LIBTORCH_FOLDER");
const WANTED: &str = env!("LIBTORCH_WANTED");

/// Runs the program with libraries searched for in a folder first.
fn run(program: &Path, libraries: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).env("LD_LIBRARY_PATH", libraries);
    for variable in ["FASHION_IQ_DATA", "FASHION_IQ_SERVER", "FASHION_IQ_TOKEN"] {
        command.env_remove(variable);
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The words of a help text, because clap breaks lines differently if it shows variables' values.
fn words(help: &[u8]) -> Vec<String> {
    text(help).replace("=]", "]").split_whitespace().map(str::to_owned).collect()
}

/// A folder `lib` of libraries with the names of libtorch's and none of its functions.
fn other_libtorch(root: &Path) -> PathBuf {
    let lib = root.join("lib");
    fs::create_dir(&lib).unwrap();
    fs::write(root.join("x.c"), "int x;").unwrap();
    for name in ["libtorch_cpu.so", "libc10.so"] {
        let mut cc = Command::new("cc");
        cc.arg("-shared").arg("-o").arg(lib.join(name)).arg(root.join("x.c"));
        assert!(cc.status().unwrap().success());
    }
    lib
}

/// Asserts that commands that need libtorch are refused with one sentence, and the rest works. Returns
/// the sentence.
fn refused(program: &Path, libraries: &Path) -> String {
    let version = run(program, libraries, &["--version"]);
    assert_eq!(version.status.code(), Some(0), "{version:?}");
    assert_eq!(
        text(&version.stdout),
        format!("fashion-iq-baseline {}\n", env!("CARGO_PKG_VERSION"))
    );
    for arguments in [&["--help"][..], &["train", "--help"], &["help", "rank"]] {
        let good = run(Path::new(LAUNCHER), Path::new(""), arguments);
        let bad = run(program, libraries, arguments);
        assert_eq!((good.status.code(), bad.status.code()), (Some(0), Some(0)), "{arguments:?}");
        assert_eq!(words(&bad.stdout), words(&good.stdout), "{arguments:?}");
    }
    let nothing = run(program, libraries, &[]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing.stderr).contains("Usage: fashion-iq-baseline <COMMAND>"), "{nothing:?}");
    let sentences = [&["device"][..], &["list"], &["train", "--out", "x"]].map(|arguments| {
        let refused = run(program, libraries, arguments);
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert_eq!(text(&refused.stdout), "");
        text(&refused.stderr)
    });
    assert!(sentences.iter().all(|sentence| *sentence == sentences[0]), "{sentences:?}");
    assert_eq!(sentences[0].lines().count(), 1, "{}", sentences[0]);
    sentences[0].trim_end().to_owned()
}

#[test]
fn with_the_right_libtorch_the_launcher_becomes_the_program() {
    let nowhere = Path::new("");
    let device = run(Path::new(LAUNCHER), nowhere, &["device", "--device", "cpu"]);
    assert_eq!(device.status.code(), Some(0), "{device:?}");
    assert!(text(&device.stdout).starts_with("cpu, "), "{device:?}");
    let version = run(Path::new(LAUNCHER), nowhere, &["--version"]);
    assert_eq!(
        text(&version.stdout),
        format!("fashion-iq-baseline {}\n", env!("CARGO_PKG_VERSION"))
    );
    // exit codes and what is typed reach the program, which calls itself as it was called
    let unknown = run(Path::new(LAUNCHER), nowhere, &["rank", "--nonsense"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("Usage: fashion-iq-baseline rank"), "{unknown:?}");
    let missing = run(Path::new(LAUNCHER), nowhere, &["evaluate", "no.zip", "--data", "nowhere"]);
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn the_launcher_does_not_link_libtorch() {
    let bytes = fs::read(LAUNCHER).unwrap();
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|window| window == name);
    assert!(!holds(b"libtorch_cpu.so") && !holds(b"libc10.so"), "{LAUNCHER} links libtorch");
}

#[test]
fn a_libtorch_of_another_version_is_named_with_both_versions() {
    let root = tempfile::tempdir().unwrap();
    let lib = other_libtorch(root.path());
    fs::write(root.path().join("build-version"), "2.4.1+cpu\n").unwrap();
    let said = refused(Path::new(LAUNCHER), &lib);
    let file = lib.join("libtorch_cpu.so");
    let expected = format!(
        "fashion-iq-baseline: libtorch {WANTED} is required, but {} is version 2.4.1; check \
         LD_LIBRARY_PATH",
        file.display()
    );
    assert_eq!(said, expected);

    fs::remove_file(root.path().join("build-version")).unwrap();
    fs::write(
        root.path().join("version.py"),
        "from typing import Any\n__version__ = '2.5.0+cu124'\n",
    )
    .unwrap();
    assert_eq!(refused(Path::new(LAUNCHER), &lib), expected.replace("2.4.1", "2.5.0"));
}

#[test]
fn a_libtorch_of_unknown_version_is_refused_for_what_it_lacks() {
    let root = tempfile::tempdir().unwrap();
    let lib = other_libtorch(root.path());
    let said = refused(Path::new(LAUNCHER), &lib);
    let before = format!(
        "fashion-iq-baseline: libtorch {WANTED} is required, but {} is another version (no file \
         states which, and ",
        lib.join("libtorch_cpu.so").display()
    );
    assert!(said.starts_with(&before), "{said}");
    assert!(said.ends_with(" required symbols are missing); check LD_LIBRARY_PATH"), "{said}");
}

#[test]
fn a_file_that_is_no_library_is_one_sentence_too() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("libtorch_cpu.so"), "not a library").unwrap();
    let said = refused(Path::new(LAUNCHER), root.path());
    assert!(
        said.contains(&format!("libtorch {WANTED} is required, but can't be loaded: ")),
        "{said}"
    );
    assert!(said.contains("libtorch_cpu.so"), "{said}");
}

/// Copies a program with another program: a file that this process writes may still be open in a child
/// that another test has just started, and a file that is open for writing can't be run.
fn copy(program: &Path, to: &Path) {
    let mut cp = Command::new("cp");
    assert!(cp.arg("--").arg(program).arg(to).status().unwrap().success());
}

/// Copies both programs, with another folder of the same length in place of libtorch's.
fn moved(root: &Path) -> PathBuf {
    let mut bytes = fs::read(PROGRAM).unwrap();
    let elsewhere = format!("/{}", "x".repeat(FOLDER.len() - 1));
    while let Some(at) = bytes.windows(FOLDER.len()).position(|window| window == FOLDER.as_bytes())
    {
        bytes[at..at + FOLDER.len()].copy_from_slice(elsewhere.as_bytes());
    }
    let name = |path: &str| root.join(Path::new(path).file_name().unwrap());
    let changed = root.join("changed");
    // a copy has the permission to run, which the bytes don't bring
    fs::copy(PROGRAM, &changed).unwrap();
    fs::write(&changed, bytes).unwrap();
    copy(&changed, &name(PROGRAM));
    copy(Path::new(LAUNCHER), &name(LAUNCHER));
    name(LAUNCHER)
}

#[test]
fn a_libtorch_that_is_gone_is_missed_by_name() {
    let root = tempfile::tempdir().unwrap();
    let launcher = moved(root.path());
    let said = refused(&launcher, Path::new(""));
    assert!(said.starts_with(&format!("fashion-iq-baseline: libtorch {WANTED} is required, but ")));
    assert!(said.contains("libtorch_cpu.so") && said.contains("not found"), "{said}");
    assert!(said.contains("evaluator/baseline/libtorch.sh"), "{said}");
    // it is found where LD_LIBRARY_PATH says
    let device = run(&launcher, Path::new(FOLDER), &["device", "--device", "cpu"]);
    assert_eq!(device.status.code(), Some(0), "{device:?}");
}

#[test]
fn a_launcher_without_its_program_says_so() {
    let root = tempfile::tempdir().unwrap();
    let launcher = root.path().join("fashion-iq-baseline");
    copy(Path::new(LAUNCHER), &launcher);
    let said = refused(&launcher, Path::new(""));
    assert!(
        said.ends_with("fashion-iq-baseline-torch is missing; keep both programs in one folder")
    );
}
