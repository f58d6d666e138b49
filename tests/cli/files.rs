//! Which files the commands read: regular ones, of a size that makes sense.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use system_tests::{Program, Tester, World, files_of_uploads, unzip};
use tempfile::TempDir;

/// Runs a command; one that waits forever is ended after half a minute, which shows in its code.
fn run(dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new("timeout");
    command.arg("30").arg(Program::path()).args(arguments);
    let done = command.env("FASHION_IQ_DATA_DIR", dir.join("data")).output().unwrap();
    (done.status.code(), String::from_utf8(done.stderr).unwrap())
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A file of ten gigabytes that takes no room.
fn sparse(path: &Path) {
    File::create(path).unwrap().set_len(10_000_000_000).unwrap();
}

#[test]
fn pipes_devices_and_huge_files_are_refused_with_their_path_by_every_command() {
    let dir = TempDir::new().unwrap();
    let at = |name: &str| dir.path().join(name);
    pipe(&at("pipe"));
    sparse(&at("huge"));
    let data = World::dev_folder().display().to_string();
    let (pipe, huge) = (at("pipe").display().to_string(), at("huge").display().to_string());
    for (file, rule) in [
        (pipe.as_str(), "is a pipe or a device; name a regular file"),
        ("/dev/zero", "is a pipe or a device; name a regular file"),
        (huge.as_str(), "the most that is read"),
    ] {
        let server = ["--server", "http://127.0.0.1:1", "--token", "fiq_x", "--phase", "test"];
        for command in [
            &["validate", file, "--data", &data, "--split", "val"][..],
            &["score", file, "--data", &data, "--split", "val"],
            &["score", &data, "--data", &data, "--split", "val", "--targets", file],
            &[&["submit", file][..], &server].concat(),
            &["challenge", "lint", file],
            &["challenge", "apply", file],
            &["config", "check", "--config", file],
            &["serve", "--config", file],
        ] {
            let (code, errors) = run(dir.path(), command);
            assert_eq!(code, Some(2), "{command:?}: {errors}");
            assert!(errors.contains(file) && errors.contains(rule), "{command:?}: {errors}");
        }
    }
}

#[test]
fn a_data_set_with_a_pipe_in_it_is_refused() {
    let dir = TempDir::new().unwrap();
    for folder in ["captions", "image_splits"] {
        fs::create_dir(dir.path().join(folder)).unwrap();
    }
    pipe(&dir.path().join("image_splits/split.dress.val.json"));
    fs::write(dir.path().join("captions/cap.dress.val.json"), "[]").unwrap();
    let (code, errors) = run(dir.path(), &["dataset", "check", dir.path().to_str().unwrap()]);
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("split.dress.val.json: is a pipe or a device"), "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_folder_only_the_files_of_the_format_are_read_and_sent() {
    let tester = Tester::start().await;
    let token = tester.token("Atelier").await;
    let folder = tester.world.path().join("run");
    fs::create_dir(&folder).unwrap();
    let files = unzip(&tester.test.zipped(|_| Some(10)));
    for (name, contents) in &files {
        fs::write(folder.join(name), contents).unwrap();
    }
    fs::write(folder.join(".env"), "SECRET=1").unwrap();
    sparse(&folder.join("weights.bin"));
    pipe(&folder.join("pipe"));
    let (folder, data) = (folder.display().to_string(), World::test_folder().display().to_string());
    let validate = ["validate", &folder, "--data", &data, "--split", "test"];
    let (code, errors) = run(tester.world.path(), &validate);
    assert_eq!(code, Some(0), "{errors}");
    assert!(errors.contains("weights.bin is not a group's file and was not read"), "{errors}");
    let to = ["--server", &tester.address, "--token", &token, "--phase", "test"];
    let (code, errors) = run(tester.world.path(), &[&["submit", &folder][..], &to].concat());
    assert_eq!(code, Some(0), "{errors}");
    let uploads = tester.app.settings.upload_dir();
    let [kept] = files_of_uploads(&uploads).try_into().unwrap();
    assert_eq!(unzip(&fs::read(uploads.join(kept)).unwrap()), files);
}

#[test]
fn the_only_file_of_a_folder_is_the_run() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("run.json"), World::dev().run(|_| Some(5))).unwrap();
    let data = World::dev_folder().display().to_string();
    let validate = ["validate", dir.path().to_str().unwrap(), "--data", &data, "--split", "val"];
    let (code, errors) = run(dir.path(), &validate);
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn a_folder_without_files_of_a_run_is_refused_and_nothing_in_it_is_read() {
    let dir = TempDir::new().unwrap();
    let folder = dir.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let data = World::dev_folder().display().to_string();
    let name = folder.display().to_string();
    let validate = ["validate", &name, "--data", &data, "--split", "val"];
    for only in ["notes.txt", "model.pt"] {
        let path = folder.join(only);
        sparse(&path);
        let (code, told) = run(dir.path(), &validate);
        let expected =
            format!("has no submission files such as dress.predict.json (found: {only})");
        assert!(code == Some(2) && told.contains(&expected), "{code:?} {told}");
        fs::remove_file(path).unwrap();
    }
    fs::write(folder.join("run.zip"), World::dev().zipped(|_| Some(1))).unwrap();
    assert_eq!(run(dir.path(), &validate).0, Some(0));
}

#[test]
fn a_run_can_come_from_standard_input() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("run.zip");
    fs::write(&path, World::dev().zipped(|_| Some(1))).unwrap();
    for command in ["validate", "score"] {
        let mut program = Command::new(Program::path());
        program.args([command, "-", "--split", "val", "--data"]).arg(World::dev_folder());
        let done = program.stdin(File::open(&path).unwrap()).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    }
}
