//! `fashion-iq submit`, typed against a server.

use std::fs;
use std::process::{Command, Output};
use std::time::Duration;

use domain::ambient::Instant;
use serde_json::Value;
use system_tests::{Client, Harm, Line, Program, Tester, World, zip};
use time::macros::datetime;

/// A team before its terminal.
#[derive(Clone)]
struct Shell {
    server: String,
    token: String,
    dir: std::path::PathBuf,
}

/// What a command came to.
#[derive(Debug)]
struct Told {
    code: Option<i32>,
    out: String,
    errors: String,
}

impl Shell {
    async fn of(tester: &Tester) -> Self {
        let (server, dir) = (tester.address.clone(), tester.world.path().to_owned());
        Self { server, token: tester.token("Atelier").await, dir }
    }

    /// The same, by way of another address.
    fn through(&self, address: &str) -> Self {
        Self { server: address.to_owned(), ..self.clone() }
    }

    /// Writes a file and gives its path.
    fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        let path = self.dir.join(name);
        fs::write(&path, contents).unwrap();
        path.display().to_string()
    }

    fn submit(&self, file: &str, options: &[&str]) -> Told {
        let who = ["--server", &self.server, "--token", &self.token];
        let arguments = [&["submit", file][..], &who, options].concat();
        let Output { status, stdout, stderr } = Program::run(&self.dir, &arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let told = Told { code: status.code(), out: text(stdout), errors: text(stderr) };
        let says_it = told.out.contains(&self.token) || told.errors.contains(&self.token);
        assert!(!says_it, "the token is not printed: {told:?}");
        told
    }

    /// What the server returns to the team about a phase: its submissions and limits.
    fn own(&self, phase: &str) -> Value {
        Client::new(&self.server).with_token(&self.token).get(&Client::intake(phase)).json
    }

    fn submissions(&self, phase: &str) -> Vec<Value> {
        self.own(phase)["submissions"].as_array().unwrap().clone()
    }
}

#[test]
fn a_team_submits_from_the_shell_and_reads_its_score() {
    let world = World::new("");
    let data = world.data_dir();
    let definition = world.definition().display().to_string();
    Program::run(&data, &["challenge", "apply", &definition]);
    let made = Program::run(&data, &["team", "create", "Atelier"]);
    let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    let program = Program::serve(&data);
    let server = program.address.clone();
    let shell = Shell { server, token, dir: world.path().to_owned() };

    let file = shell.write("run.zip", World::dev().zipped(|_| Some(20)));
    let told = shell.submit(&file, &["--phase", "dev", "--method", "two towers"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    // a reference in its own ranking is a warning, not a problem; apart from the score nothing else is
    // printed
    assert!(told.errors.lines().all(|line| line.starts_with("warning: ")), "{}", told.errors);
    let head = "category    queries     R@10     R@50   MRR@50  nDCG@10   median\ndress ";
    assert!(told.out.starts_with(head), "{}", told.out);
    assert!(
        told.out.contains("\noverall    50.000 % (95 %: ") && told.out.contains("\npage: http://"),
        "{}",
        told.out
    );
    let submission = &shell.submissions("dev")[0];
    assert_eq!(submission["method"], "two towers");
    let page = format!("{}/c/fiq/submissions/{}", shell.server, submission["id"].as_str().unwrap());
    assert!(told.out.contains(&page), "{}", told.out);

    // the same file is the same submission, and its JSON the server's own
    let told = shell.submit(&file, &["--phase", "dev", "--json"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.errors.contains("no new submission was made"), "{}", told.errors);
    let link = submission["link"].as_str().unwrap();
    let answer = Client::new(&shell.server).with_token(&shell.token).get(link);
    let mut repeated: Value = serde_json::from_str(&told.out).unwrap();
    assert!(repeated["repeat"]["detail"].as_str().unwrap().contains("already uploaded"));
    repeated.as_object_mut().unwrap().remove("repeat");
    assert_eq!(repeated, answer.json);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_phase_prints_what_it_shows_and_what_is_left_of_the_limits() {
    let tester = Tester::with_limits("per_day = 3, total = 9").await;
    let shell = Shell::of(&tester).await;
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(20)));
    let told = shell.submit(&file, &["--phase", "test"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    let head = "category    queries     R@10     R@50\n";
    assert!(told.out.starts_with(head), "only what is shown has a column: {}", told.out);
    let left = "today: 2 of 3 submissions left, resets at 2026-11-25T00:00:00Z\nin this phase: 8 \
                of 9 submissions left\n";
    assert!(told.out.ends_with(left), "{}", told.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_submitted_as_a_zip_and_twice_as_the_same_one() {
    let tester = Tester::start().await;
    let shell = Shell::of(&tester).await;
    let folder = shell.dir.join("run");
    fs::create_dir(&folder).unwrap();
    let run: serde_json::Map<_, _> =
        serde_json::from_slice(&tester.test.run(|_| Some(10))).unwrap();
    for (group, rankings) in &run {
        fs::write(folder.join(format!("{group}.predict.json")), rankings.to_string()).unwrap();
    }
    let folder = folder.display().to_string();
    for _ in 0..2 {
        let told = shell.submit(&folder, &["--phase", "test"]);
        assert_eq!(told.code, Some(0), "{told:?}");
        assert!(told.out.contains("\noverall    100.000 % (95 %: "), "{}", told.out);
    }
    assert_eq!(shell.submissions("test").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_with_problems_is_not_uploaded_unless_the_check_is_left_out() {
    let tester = Tester::with_limits("invalid_per_day = 2").await;
    let shell = Shell::of(&tester).await;
    let file = shell.write("run.zip", zip([("dress.predict.json", &b"[]"[..])]));
    let data = World::test_folder().display().to_string();
    let validate = ["validate", &file, "--data", &data, "--split", "test"];
    let problems = String::from_utf8(Program::run(&shell.dir, &validate).stderr).unwrap();
    assert!(problems.contains("the zip has no shirt.predict.json"), "{problems}");

    let told = shell.submit(&file, &["--phase", "test"]);
    assert_eq!((told.code, told.out.as_str()), (Some(1), ""), "{told:?}");
    let rest = told.errors.strip_prefix(&problems);
    assert_eq!(rest, Some("fashion-iq: nothing was uploaded, and no limit was used\n"), "{told:?}");
    let told = shell.submit(&file, &["--phase", "test", "--json"]);
    let json: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!((told.code, &json["total"]), (Some(1), &Value::from(problems.lines().count())));
    assert_eq!(shell.submissions("test"), [Value::Null; 0]);
    assert_eq!(shell.own("test")["limits"][0]["left"], 2);

    let told = shell.submit(&file, &["--phase", "test", "--no-check"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.errors.contains("has no shirt.predict.json"), "{}", told.errors);
    assert!(told.out.contains("today: 1 of 2 invalid uploads left"), "{}", told.out);
    assert_eq!(shell.submissions("test")[0]["state"], "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_is_reached_is_told_with_the_instant_at_which_it_resets() {
    let tester = Tester::with_limits("per_day = 1").await;
    let shell = Shell::of(&tester).await;
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(10)));
    assert_eq!(shell.submit(&file, &["--phase", "test"]).code, Some(0));
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(11)));
    let told = shell.submit(&file, &["--phase", "test"]);
    assert_eq!((told.code, told.out.as_str()), (Some(1), ""), "{told:?}");
    assert!(told.errors.contains("can be made at 2026-11-25T00:00:00Z"), "{}", told.errors);

    // a body that is refused anyway is not sent at all
    let file = shell.write("run.json", vec![b' '; 8 << 20]);
    let line = Line::to(&shell.server, Harm::LostAnswer, 0);
    let options = ["--phase", "test", "--no-check"];
    let told = shell.through(&line.address).submit(&file, &options);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.errors.contains("can be made at 2026-11-25T00:00:00Z"), "{}", told.errors);
    assert!(line.bytes() < 8192, "{} bytes were sent", line.bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phase_that_is_not_open_refuses_with_its_instant() {
    let tester = Tester::start().await;
    let shell = Shell::of(&tester).await;
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(10)));
    for (now, sentence) in [
        (datetime!(2027-01-01 0:00 UTC), "phase `test` closed at 2027-01-01T00:00:00Z"),
        (datetime!(2026-10-31 0:00 UTC), "phase `test` opens at 2026-11-01T00:00:00Z"),
    ] {
        tester.clock.set(Instant::of(now));
        let told = shell.submit(&file, &["--phase", "test"]);
        assert_eq!((told.code, told.out.as_str()), (Some(1), ""), "{told:?}");
        assert!(told.errors.contains(sentence), "{}", told.errors);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_finest_log_does_not_hold_the_token() {
    let tester = Tester::start().await;
    let shell = Shell::of(&tester).await;
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(10)));
    let mut command = Command::new(Program::path());
    command.args(["submit", &file, "--server", &shell.server, "--phase", "test"]);
    command.env("FASHION_IQ_TOKEN", &shell.token).env("FASHION_IQ_LOG", "trace");
    let output = command.output().unwrap();
    assert!(output.status.success());
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(log.contains("TRACE"), "it is the finest log: {log}");
    // what a line of it ends with is put together, since bytes are shown in rows of sixteen
    let ends: String = log.lines().filter_map(|line| line.rsplit(' ').next()).collect();
    assert!(!log.contains(&shell.token) && !ends.contains(&shell.token));
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_is_told_with_what_to_do_instead() {
    let tester = Tester::start().await;
    let shell = Shell::of(&tester).await;
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(10)));
    let stranger =
        Shell { token: "fiq_00000000000000000000000000000000".to_owned(), ..shell.clone() };
    let broken = Shell { token: "fiq_ 1".to_owned(), ..shell.clone() };
    let elsewhere = shell.through("ftp://127.0.0.1");
    let page = shell.through(&format!("{}/c/fiq", shell.server));
    let test = &["--phase", "test"][..];
    for (shell, file, options, sentence) in [
        (&stranger, file.as_str(), test, "FASHION_IQ_TOKEN"),
        (&broken, &file, test, "is not a token"),
        (&elsewhere, &file, test, "--server ftp://127.0.0.1: must be an address such as https://"),
        (&page, &file, test, "not like a challenge server"),
        (&shell, &file, &["--phase", "tset"], "challenge `fiq` has: `dev`, `test`"),
        (&shell, &file, &["--phase", "test", "--challenge", "shoes"], "the server has: `fiq`"),
        (&shell, "nowhere.zip", test, "nowhere.zip"),
    ] {
        let told = shell.submit(file, options);
        assert_eq!((told.code, told.out.as_str()), (Some(2), ""), "{told:?}");
        assert!(told.errors.contains(sentence), "{}", told.errors);
    }
    assert!(shell.submissions("test").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_answer_was_lost_is_tried_again_and_stays_one_submission() {
    let tester = Tester::start().await;
    let shell = Shell::of(&tester).await;
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(10)));
    let line = Line::to(&shell.server, Harm::LostAnswer, 2);
    let told = shell.through(&line.address).submit(&file, &["--phase", "test", "--json"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert_eq!(told.errors.matches("no answer from").count(), 2, "{}", told.errors);
    assert!(told.errors.contains("(2 of 5)"), "{}", told.errors);

    let keys = line.keys();
    assert_eq!(keys.len(), 3);
    assert!(!keys[0].is_empty() && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    let json: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(shell.submissions("test"), [json]);
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);

    // the next command is another upload
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(11)));
    assert_eq!(shell.through(&line.address).submit(&file, &["--phase", "test"]).code, Some(0));
    assert_ne!(line.keys()[3], keys[0]);
    let key = ["--phase", "test", "--idempotency-key", "mine"];
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(12)));
    assert_eq!(shell.through(&line.address).submit(&file, &key).code, Some(0));
    assert_eq!(line.keys()[4], "mine");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_asked_again_when_it_says_and_not_for_ever() {
    let tester = Tester::start().await;
    let shell = Shell::of(&tester).await;
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(10)));
    let line = Line::to(&shell.server, Harm::Busy(1), 1);
    let told = shell.through(&line.address).submit(&file, &["--phase", "test"]);
    assert_eq!((told.code, line.keys().len()), (Some(0), 2), "{told:?}");
    assert!(told.errors.contains("503 Service Unavailable; trying again in 1.0 s"), "{told:?}");

    let file = shell.write("run.zip", tester.test.zipped(|_| Some(11)));
    let line = Line::to(&shell.server, Harm::Busy(0), usize::MAX);
    let options = ["--phase", "test", "--retries", "2"];
    let told = shell.through(&line.address).submit(&file, &options);
    assert_eq!((told.code, line.keys().len()), (Some(3), 3), "{told:?}");
    assert!(told.errors.contains("gave up after 3 tries"), "{}", told.errors);
    assert_eq!(shell.submissions("test").len(), 1);

    // nobody listens there
    let nobody = shell.through("http://127.0.0.1:9");
    let told = nobody.submit(&file, &["--phase", "test", "--retries", "0"]);
    assert_eq!(told.code, Some(3), "{told:?}");
    assert!(told.errors.contains("no answer from http://127.0.0.1:9"), "{}", told.errors);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_that_takes_its_time_is_waited_for_as_long_as_one_likes() {
    let tester = Tester::with("", |settings| {
        settings.patience = Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await;
    let shell = Shell::of(&tester).await;
    let file = shell.write("run.zip", tester.test.zipped(|_| Some(10)));
    let told = shell.submit(&file, &["--phase", "test", "--no-wait"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.out.starts_with("received: "), "{}", told.out);
    let told = shell.submit(&file, &["--phase", "test", "--wait", "0", "--json"]);
    let json: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!((told.code, &json["state"]), (Some(3), &Value::from("received")), "{told:?}");

    let waiting = shell.clone();
    let command = tokio::task::spawn_blocking(move || waiting.submit(&file, &["--phase", "test"]));
    assert!(tester.app.worker.step(&tester.app).await.unwrap());
    let told = command.await.unwrap();
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.out.contains("\noverall    100.000 % (95 %: "), "{}", told.out);
}
