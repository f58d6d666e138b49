//! Uploads survive a wrong database, and leave nothing behind if they didn't become a submission.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::ambient::{Ambient, Instant};
use domain::database;
use domain::database::UnitOfWork;
use domain::entities::submission::{self, State};
use domain::storage::OnUnknown;
use sea_orm::{ConnectionTrait, EntityTrait};
use server::App;
use server::app::Swept;
use server::config::Settings;
use system_tests::{
    Client, SeededChance, Team, TestClock, Tester, World, columns_of, copy_database, eventually,
    files_of_uploads, open_database, place_of, remove_database, settings_of, until,
};
use time::macros::datetime;

/// A name as uploads have them, of no submission.
const STRAY: &str = "018f0000-0000-7000-8000-000000000000";

/// Long after every file of these tests was written.
const LATER: Instant = Instant(4_102_444_800_000_000);

async fn upload(tester: &Tester, team: &Team, n: usize) {
    let answer = team.upload("test", tester.test.run(move |_| Some(n + 1))).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

/// A stopped server with this many submissions, and copies of its database after each of them, each
/// as the database of a folder.
async fn with_submissions(count: usize) -> (World, Vec<PathBuf>) {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let mut copies = Vec::new();
    for n in 0..count {
        upload(&tester, &team, n).await;
        let folder = &tester.app.settings.data_dir;
        let copy = folder.with_file_name(format!("after-{}", n + 1));
        std::fs::create_dir(&copy).unwrap();
        copy_database(folder, &copy).await;
        copies.push(copy);
    }
    tester.app.db.clone().close().await.unwrap();
    (tester.stop().await, copies)
}

/// Opens a data folder long after its files were written.
async fn open(world: &World, on_unknown: OnUnknown) -> domain::Result<Arc<App>> {
    let clock = TestClock::default();
    clock.set(LATER);
    let ambient = Ambient { clock: Arc::new(clock), chance: Arc::new(SeededChance::default()) };
    App::open_with(settings_of(&world.data_dir()), ambient, on_unknown).await
}

/// What a server does at its start.
async fn start(world: &World, on_unknown: OnUnknown) -> domain::Result<Swept> {
    let app = open(world, on_unknown).await?;
    let swept = app.prepare().await;
    app.db.clone().close().await.unwrap();
    swept
}

fn uploads(world: &World) -> BTreeSet<String> {
    files_of_uploads(&world.data_dir().join("uploads")).into_iter().collect()
}

fn aside(world: &World) -> BTreeSet<String> {
    let folder = world.data_dir().join("unknown-uploads/2100-01-01");
    if folder.exists() { files_of_uploads(&folder).into_iter().collect() } else { BTreeSet::new() }
}

async fn restore(world: &World, copy: &Path) {
    remove_database(&world.data_dir());
    copy_database(copy, &world.data_dir()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_without_the_database_is_refused_and_touches_nothing() {
    let (world, copies) = with_submissions(5).await;
    let before = uploads(&world);
    remove_database(&world.data_dir());
    let refused = start(&world, OnUnknown::Refuse).await.unwrap_err();
    assert!(refused.detail.contains("does not exist"), "{refused}");
    assert!(refused.detail.contains("--move-unknown-uploads"), "{refused}");
    let there = database::exists(&place_of(&world.data_dir())).await.unwrap();
    assert!(!there, "an empty one would be in the way");
    assert_eq!(uploads(&world), before);
    restore(&world, copies.last().unwrap()).await;
    assert_eq!(start(&world, OnUnknown::Refuse).await.unwrap(), Swept::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_with_another_database_is_refused_or_deletes_nothing() {
    let (world, copies) = with_submissions(5).await;
    let (_other, of_another) = with_submissions(1).await;
    let before = uploads(&world);
    restore(&world, &of_another[0]).await;
    // the same chance makes the same identity and ids in every test
    let of_its_own = "update upload_store set identity = 'another'; delete from submission";
    let db = open_database(&world.data_dir()).await;
    db.execute_unprepared(of_its_own).await.unwrap();
    db.close().await.unwrap();

    let refused = start(&world, OnUnknown::Refuse).await.unwrap_err();
    assert!(refused.detail.contains("belong to another database"), "{refused}");
    assert_eq!(uploads(&world), before);

    let swept = start(&world, OnUnknown::MoveAside).await.unwrap();
    assert_eq!((swept.moved_aside, uploads(&world).len()), (5, 0));
    assert_eq!(aside(&world), before);

    restore(&world, copies.last().unwrap()).await;
    let refused = start(&world, OnUnknown::Refuse).await.unwrap_err();
    assert!(refused.detail.contains("belong to another database"), "{refused}");
    let swept = start(&world, OnUnknown::MoveAside).await.unwrap();
    assert_eq!((swept.moved_back, swept.moved_aside), (5, 0));
    assert_eq!((uploads(&world), aside(&world).len()), (before, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_with_an_older_copy_is_refused_where_it_knows_less_than_half() {
    let (world, copies) = with_submissions(7).await;
    let before = uploads(&world);
    restore(&world, &copies[2]).await;
    let refused = start(&world, OnUnknown::Refuse).await.unwrap_err();
    let sentence = "4 of the 7 uploads";
    assert!(
        refused.detail.contains(sentence) && refused.detail.contains("older copy"),
        "{refused}"
    );
    assert_eq!(uploads(&world), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_an_older_copy_does_not_know_come_back_with_the_newer_one() {
    let (world, copies) = with_submissions(7).await;
    let before = uploads(&world);
    restore(&world, &copies[4]).await;
    let swept = start(&world, OnUnknown::Refuse).await.unwrap();
    assert_eq!((swept.moved_aside, uploads(&world).len(), aside(&world).len()), (2, 5, 2));
    restore(&world, &copies[6]).await;
    let swept = start(&world, OnUnknown::Refuse).await.unwrap();
    assert_eq!((swept.moved_back, swept.moved_aside), (2, 0));
    assert_eq!((uploads(&world), aside(&world).len()), (before, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_from_before_identities_gets_one_if_its_uploads_fit() {
    let (world, copies) = with_submissions(5).await;
    let identity = world.data_dir().join("uploads/.identity");
    let was = std::fs::read_to_string(&identity).unwrap();
    std::fs::remove_file(&identity).unwrap();
    start(&world, OnUnknown::Refuse).await.unwrap();
    assert_eq!(std::fs::read_to_string(&identity).unwrap(), was);

    // a database from before them fits its folder, and an empty one doesn't
    restore(&world, copies.last().unwrap()).await;
    let forget = async |sql: &str| {
        let db = open_database(&world.data_dir()).await;
        db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
    };
    forget("delete from upload_store").await;
    start(&world, OnUnknown::Refuse).await.unwrap();
    forget("delete from upload_store; delete from submission").await;
    let refused = start(&world, OnUnknown::Refuse).await.unwrap_err();
    assert!(refused.detail.contains("belong to another database"), "{refused}");
    assert_eq!(uploads(&world).len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_submission_holds_is_moved_aside_and_kept_for_a_month() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    upload(&tester, &team, 10).await;
    let folder = tester.app.settings.upload_dir();
    let put = |name: &str| std::fs::write(folder.join(name), "stray").unwrap();
    put(STRAY);
    put("018f0000-0000-7000-8000-000000000001#1");
    put("notes.txt");
    // files have the machine's time: the test's clock is well before it, then well past it
    tester.clock.set(Instant::of(datetime!(2000-01-01 0:00 UTC)));
    let swept = tester.app.sweep().await.unwrap();
    assert_eq!(swept, Swept::default(), "they may belong to requests under way");
    tester.clock.set(LATER);
    let swept = tester.app.sweep().await.unwrap();
    assert_eq!((swept.moved_aside, swept.unfinished, swept.expired), (1, 1, 0));
    assert_eq!(tester.kept_files(), 2, "one has a submission, and one is not an upload");
    let aside = tester.app.settings.data_dir.join("unknown-uploads");
    assert_eq!(std::fs::read(aside.join("2100-01-01").join(STRAY)).unwrap(), b"stray");
    tester.clock.advance(30 * 86400);
    assert_eq!(tester.app.sweep().await.unwrap(), Swept::default());
    tester.clock.advance(86400);
    assert_eq!(tester.app.sweep().await.unwrap().expired, 1);
    assert!(!aside.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_leaves_alone_what_may_still_arrive() {
    let long = |settings: &mut Settings| settings.timeouts.body = Duration::from_hours(24);
    let tester = Tester::with("", long).await;
    let folder = tester.app.settings.upload_dir();
    std::fs::write(folder.join(STRAY), "whole").unwrap();
    std::fs::write(folder.join(format!("{STRAY}#1")), "unfinished").unwrap();
    let written = std::fs::metadata(folder.join(STRAY)).unwrap().modified().unwrap();
    let written = Instant::of(time::OffsetDateTime::from(written));
    tester.clock.set(written.plus_seconds(47 * 3600));
    assert_eq!(tester.app.sweep().await.unwrap(), Swept::default());
    tester.clock.set(written.plus_seconds(49 * 3600));
    let swept = tester.app.sweep().await.unwrap();
    assert_eq!((swept.moved_aside, swept.unfinished), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_of_another_database_is_refused_while_the_server_runs() {
    let tester = Tester::start().await;
    let folder = tester.app.settings.upload_dir();
    std::fs::write(folder.join(STRAY), "stray").unwrap();
    std::fs::write(folder.join(".identity"), "another\n").unwrap();
    tester.clock.set(LATER);
    tester.app.sweep().await.unwrap_err();
    assert_eq!(tester.kept_files(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_arrived_whole_is_a_submission_even_if_its_client_leaves() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let run = tester.test.run(|_| Some(3));
    let client = team.client.clone();
    let length = run.len();
    let begun = tokio::task::spawn_blocking(move || {
        let mut upload = client.begin(&Client::intake("test"), length);
        assert!(upload.is_asked_for_the_body());
        upload
    });
    let mut upload = begun.await.unwrap();
    // the row can't be inserted during another write
    let writing = UnitOfWork::begin(&tester.app).await.unwrap();
    upload.send_some(&run);
    let whole = || {
        let names = files_of_uploads(&tester.app.settings.upload_dir());
        names.iter().any(|name| !name.contains('#'))
    };
    until("the upload is whole", whole).await;
    drop(upload);
    until("the server has let go of it", || tester.app.pressure.requests.taken() == 0).await;
    writing.cancel().await.unwrap();
    let scored = async || {
        let rows = submission::Entity::find().all(&tester.app.db).await.unwrap();
        rows.iter().any(|row| row.state == State::Scored).then_some(rows)
    };
    let rows = eventually("the upload is scored", scored).await;
    assert_eq!(rows.len(), 1, "it is taken once");
    assert_eq!(files_of_uploads(&tester.app.settings.upload_dir()), [rows[0].upload_key.clone()]);
    // a client that sends it again, since no answer came, gets the same answer
    let again = team.upload("test", run).await;
    assert_eq!((again.status, &again.json["id"]), (200, &rows[0].id.to_string().into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_nobody_claims_is_removed_and_one_with_a_row_is_not() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    upload(&tester, &team, 1).await;
    let uploads = &tester.app.uploads;
    drop(uploads.put(tester.app.ambient.id(), &b"{}"[..], 100).await.unwrap());
    until("it is removed", || tester.kept_files() == 1).await;
    // as where a client leaves while its row is being committed
    let held = submission::Entity::find().one(&tester.app.db).await.unwrap().unwrap();
    let again = uploads.put(held.id, &b"{}"[..], 100).await.unwrap();
    drop(again);
    drop(uploads.put(tester.app.ambient.id(), &b"{}"[..], 100).await.unwrap());
    until("the later one is removed", || tester.kept_files() == 1).await;
    assert_eq!(files_of_uploads(&tester.app.settings.upload_dir()), [held.upload_key]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_a_full_disk_says_so_and_keeps_no_upload() {
    let full = |settings: &mut Settings| settings.min_free_bytes = u64::MAX;
    let tester = Tester::with("", full).await;
    let ready = tester.get("/readyz").await;
    assert_eq!((ready.status, &*ready.text), (503, "the disk is full\n"));
    let team = tester.team("Atelier").await;
    let answer = team.upload("test", tester.test.run(|_| Some(3))).await;
    assert_eq!((answer.status, answer.json["code"].as_str()), (507, Some("storage-full")));
    assert!(answer.text.contains("disk is full; nothing was saved"), "{}", answer.text);
    assert_eq!((tester.kept_files(), tester.app.memory.taken()), (0, 0));
    let other = tester.beside_with(|settings| settings.min_free_bytes = 0).await;
    assert_eq!(team.at(&other).upload("test", tester.test.run(|_| Some(3))).await.status, 201);
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_whose_upload_is_gone_fails_and_is_not_tried_for_ever() {
    let tester = Tester::with("", |settings| {
        settings.patience = Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await;
    let team = tester.team("Atelier").await;
    let answer = team.upload("test", tester.test.run(|_| Some(10))).await;
    let id = answer.json["id"].as_str().unwrap();
    std::fs::remove_file(tester.app.settings.upload_dir().join(id)).unwrap();
    // when its lease has run out, once, and not three times
    tester.clock.advance(60);
    assert!(tester.app.worker.step(&tester.app).await.unwrap());
    let told = team.get(answer.json["link"].as_str().unwrap()).await;
    assert_eq!(told.json["state"], "failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_in_no_sqlite_file() {
    let tester = Tester::start().await;
    let marker = "Ada-Lovelace-who-leaves";
    let longer = marker.repeat(400);
    for name in [marker, &longer] {
        let sql = format!(
            "insert into mail (address, subject, text, created_at, due_at, attempts) \
             values ('{name}@example.org', '{name}', '{name}', 0, 0, 0)"
        );
        tester.app.db.execute_unprepared(&sql).await.unwrap();
    }
    let files = database::files(&tester.app.settings.database_file());
    let found = || {
        let holds = |file: &PathBuf| {
            let bytes = std::fs::read(file).unwrap_or_default();
            bytes.windows(marker.len()).any(|window| window == marker.as_bytes())
        };
        files.iter().filter(|file| holds(file)).count()
    };
    assert!(found() > 0);
    tester.app.db.execute_unprepared("delete from mail").await.unwrap();
    assert!(database::scrub(&tester.app.db).await.unwrap());
    assert_eq!(found(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_database_knows_every_table() {
    let tester = Tester::start().await;
    let there = columns_of(&tester.app.db).await.into_iter().map(|(table, _)| table);
    // A copy is made by the release that copies, and says so.
    let own = ["seaql_migrations", "release"];
    let there: BTreeSet<String> = there.filter(|table| !own.contains(&table.as_str())).collect();
    let copied: BTreeSet<String> = database::tables().into_iter().map(str::to_owned).collect();
    assert_eq!(copied, there);
}
