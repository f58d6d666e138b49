//! `fashion-iq backup` and `fashion-iq restore`: a server moves to another folder.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use system_tests::{Client, Program, World};

const BOARD: &str = "/api/v1/challenges/fiq/phases/test/leaderboard";

fn program(data_dir: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = Program::run(data_dir, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

/// A running server with three scored submissions, and its backup.
fn backed_up() -> (World, Program, PathBuf) {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier 🧵");
    let server = Program::serve(&world.data_dir());
    let client = Client::new(&server.address).with_token(&token);
    for rank in [5, 20, 90] {
        let sent = client.post(&Client::intake("test"), &World::test().zipped(|_| Some(rank)), &[]);
        assert_eq!(sent.unwrap().status, 201);
    }
    let file = world.path().join("night.tar");
    let (code, told, errors) = program(&world.data_dir(), &["backup", &file.display().to_string()]);
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    assert!(told.contains("3 submissions, 3 uploads, 2 data sets, 1 files of targets"), "{told}");
    assert!(told.contains("It is secret"), "{told}");
    (world, server, file)
}

fn board(server: &Program) -> (Vec<u8>, Vec<u8>) {
    let client = Client::new(&server.address);
    (client.get(BOARD).bytes, client.get(&format!("{BOARD}.csv")).bytes)
}

#[test]
fn an_archive_holds_the_board_and_says_what_it_wrote() {
    let (world, server, _) = backed_up();
    let folder = world.path().join("archive");
    let at = folder.display().to_string();
    let (code, told, errors) = program(&world.data_dir(), &["archive", &at]);
    assert_eq!(code, Some(0), "{told}{errors}");
    assert!(told.starts_with(&format!("{at}: ")) && told.contains("open index.html"), "{told}");
    let table = folder.join("api/v1/challenges/fiq/phases/test/leaderboard.csv");
    assert_eq!(fs::read(table).unwrap(), board(&server).1);
    let (code, _, errors) = program(&world.data_dir(), &["archive", &at]);
    assert!(code == Some(2) && errors.contains("isn’t empty"), "{errors}");
    let arguments = ["archive", "elsewhere", "--challenge", "nowhere"];
    let (code, _, errors) = program(&world.data_dir(), &arguments);
    assert!(code == Some(2) && errors.contains("`nowhere` not found"), "{errors}");
}

#[test]
fn a_backup_of_a_running_server_restores_to_the_same_board_without_its_old_files() {
    let (world, server, file) = backed_up();
    let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "only its owner reads it");
    let before = board(&server);
    let left: Vec<_> =
        fs::read_dir(world.data_dir()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("backup-")), "{left:?}");
    server.kill();

    let new = world.path().join("elsewhere");
    let at = |path: &Path| path.display().to_string();
    let (code, told, errors) = program(&new, &["restore", &at(&file), "--data-dir", &at(&new)]);
    assert_eq!((code, errors.as_str()), (Some(0), ""), "{told}");
    assert!(told.contains("fashion-iq serve --data-dir"), "{told}");
    fs::rename(world.data_dir(), world.path().join("gone")).unwrap();
    let restored = Program::serve(&new);
    assert_eq!(board(&restored), before);
    // It scores: the data and the hidden targets came along.
    let (_, token, _) = program(&new, &["team", "create", "Newcomer"]);
    let client = Client::new(&restored.address).with_token(token.trim());
    let sent = client.post(&Client::intake("test"), &World::test().zipped(|_| Some(1)), &[]);
    assert_eq!(sent.unwrap().status, 201);
    let database = fs::read(new.join("fashion-iq.sqlite")).unwrap();
    let old = world.path().join("nowhere");
    assert!(!old.exists() && database.len() > 1000);
    let (code, told, _) = program(&new, &["doctor"]);
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn a_backup_that_was_cut_or_changed_is_refused_and_leaves_nothing() {
    let (world, server, file) = backed_up();
    server.kill();
    let whole = fs::read(&file).unwrap();
    let new = world.path().join("elsewhere");
    let at = |path: &Path| path.display().to_string();
    let middle = whole.len() / 2;
    let mut changed = whole.clone();
    changed[middle] ^= 1;
    let cut: Vec<Vec<u8>> = vec![
        whole[..middle].to_vec(),
        whole[..whole.len() - 2048].to_vec(),
        whole[..0].to_vec(),
        b"this is no backup".to_vec(),
        changed,
    ];
    for bytes in cut {
        let broken = world.path().join("broken.tar");
        fs::write(&broken, &bytes).unwrap();
        let (broken, new_folder) = (at(&broken), at(&new));
        for how in [vec!["--check"], vec!["--data-dir", &new_folder]] {
            let arguments = [vec!["restore", &broken], how].concat();
            let (code, _, errors) = program(&new, &arguments);
            assert_eq!(code, Some(2), "{} bytes: {errors}", bytes.len());
            assert!(errors.contains("cut or damaged"), "{errors}");
        }
        let names = fs::read_dir(world.path()).unwrap().map(|it| it.unwrap().file_name());
        let names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        assert!(!names.iter().any(|name| name.starts_with("elsewhere")), "{names:?}");
    }
    assert_eq!(program(&new, &["restore", &at(&file), "--check"]).0, Some(0));
}

#[test]
fn a_backup_replaces_no_file_and_a_restore_no_folder() {
    let (world, server, file) = backed_up();
    let at = |path: &Path| path.display().to_string();
    let (code, _, errors) = program(&world.data_dir(), &["backup", &at(&file)]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("exists; choose another name"), "{errors}");
    let data_dir = world.data_dir();
    let (code, _, errors) =
        program(&data_dir, &["restore", &at(&file), "--data-dir", &at(&data_dir)]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("isn’t empty"), "{errors}");
    assert_eq!(Client::new(&server.address).get(BOARD).status, 200);
}

#[test]
fn a_missing_upload_is_named_and_the_rest_is_saved() {
    let (world, server, _) = backed_up();
    server.kill();
    let uploads = world.data_dir().join("uploads");
    let mut ids: Vec<_> = fs::read_dir(&uploads).unwrap().map(|it| it.unwrap().path()).collect();
    ids.retain(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'));
    fs::remove_file(&ids[0]).unwrap();
    let file = world.path().join("later.tar").display().to_string();
    let (code, told, errors) = program(&world.data_dir(), &["backup", &file]);
    assert_eq!(code, Some(1));
    assert!(told.contains("3 submissions, 2 uploads"), "{told}");
    let id = ids[0].file_name().unwrap().to_string_lossy().into_owned();
    assert!(errors.contains(&format!("the upload of submission {id} is missing")), "{errors}");
}

#[test]
fn a_health_check_says_by_its_exit_code_how_a_server_is() {
    let (world, server, _) = backed_up();
    let address = server.address.clone();
    assert_eq!(program(&world.data_dir(), &["healthcheck", &address]).0, Some(0));
    server.kill();
    let (code, _, errors) = program(&world.data_dir(), &["healthcheck", &address]);
    assert_eq!(code, Some(3));
    assert!(errors.contains("can’t be reached"), "{errors}");
}

#[test]
fn shells_get_completions_and_each_command_a_man_page() {
    let world = World::new("");
    let (code, script, _) = program(world.path(), &["completions", "bash"]);
    assert_eq!(code, Some(0));
    assert!(script.contains("fashion-iq") && script.contains("healthcheck"));
    let man = world.path().join("man").display().to_string();
    assert_eq!(program(world.path(), &["completions", "--man", &man]).0, Some(0));
    let page = fs::read_to_string(format!("{man}/fashion-iq-backup.1")).unwrap();
    assert!(page.contains("secret"), "{page}");
}
