//! A captioner and a dialog manager over HTTP, as a challenge server asks them.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baseline::learned::captioner::settings::CaptionerSettings;
use baseline::learned::captioner::source::Source;
use baseline::learned::manager;
use baseline::learned::manager::settings::ManagerSettings;
use dialog::Heard;
use serde_json::{Value, json};
use tch::Device;

use crate::world::World;

/// The program; it ends with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program with a trained model, started.
struct Started {
    serving: Serving,
    port: u16,
    lines: Vec<String>,
    log: BufReader<ChildStderr>,
}

/// Serves a model that a flag names, about the items of val; `lines` is how many it prints before it is ready.
fn serve(world: &World, flag: &str, model: &Path, lines: usize) -> Started {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut child = Command::new(env!("CARGO_BIN_EXE_fashion-iq-baseline-torch"))
        .args(["serve", "--split", "val", "--secret", "hush"])
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .arg("--data")
        .arg(world.data.path())
        .arg("--item-captions")
        .arg(world.file("item-captions"))
        .arg(flag)
        .arg(model)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let log = BufReader::new(child.stderr.take().unwrap());
    let serving = Serving(child);
    let lines: Vec<String> = said.by_ref().take(lines).collect();
    assert!(said.next().unwrap().starts_with("ready"));
    Started { serving, port, lines, log }
}

impl Started {
    /// A POST to it with a name and a secret; the status and the JSON.
    fn ask(&self, (path, secret): (&str, &str), body: &Value) -> (u16, Value) {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
        let credentials = STANDARD.encode(secret);
        let sent = ureq::Agent::new_with_config(agent)
            .post(format!("http://127.0.0.1:{}/{path}", self.port))
            .header("authorization", format!("Basic {credentials}"))
            .send_json(body);
        let mut answer = sent.unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or_default())
    }

    /// Ends it; what it logged.
    fn log(self) -> String {
        drop(self.serving);
        self.log.lines().map_while(Result::ok).collect::<Vec<_>>().join("\n")
    }
}

const CAPTIONER: (&str, &str) = ("captions", "captioner:hush");
const MANAGER: (&str, &str) = ("candidates", "manager:hush");

#[test]
fn a_captioner_answers_whoever_knows_its_secret() {
    let world = World::new(40, "6");
    let (train, captions) = (world.split("train"), world.sentences("train"));
    let source = Source { data: &world.data, vectors: None, captions };
    let settings = CaptionerSettings { width: 16, inner: 16, ..CaptionerSettings::default() };
    let captioner = source.start(settings, &train, Device::Cpu).unwrap();
    let model = world.file("captioner.safetensors");
    captioner.save(&model).unwrap();
    let started = serve(&world, "--model", &model, 2);
    let port = started.port;
    let setting = format!("setting:   captioner = \"http://captioner:hush@127.0.0.1:{port}\"");
    assert_eq!(started.lines[0], setting);
    let version = started.lines[1].split('"').nth(1).unwrap();

    let val = world.split("val");
    let item = |n| val.groups[0].gallery.item(n);
    let pair =
        |target, shown| json!({"target": item(target), "shown": item(shown), "turn": 1, "seed": 4});
    let body = json!({"group": "dress", "pairs": [pair(1, 2), pair(3, 3), pair(1, 2)]});
    let (status, said) = started.ask(CAPTIONER, &body);
    assert_eq!((status, said["simulator"].as_str()), (200, Some(version)), "{said}");
    assert_eq!(said["captions"][1], "is exactly this dress");
    assert_eq!(said["captions"][0], said["captions"][2]);
    assert_eq!(started.ask(CAPTIONER, &json!({"group": "", "pairs": []})).1["simulator"], version);

    assert_eq!(started.ask(("captions", "captioner:hash"), &body).0, 401);
    let other = json!({"group": "dress", "pairs": [{"target": "B0NOTHERE1", "shown": item(1), "turn": 1, "seed": 4}]});
    let (status, said) = started.ask(CAPTIONER, &other);
    assert_eq!(status, 422, "{said}");
    assert_eq!(said["detail"], "unknown item `B0NOTHERE1`: this program has other data");
    assert_eq!(started.ask(CAPTIONER, &json!({"pairs": "all"})).0, 400);
    let many: Vec<Value> = (0..501).map(|_| pair(1, 2)).collect();
    assert_eq!(started.ask(CAPTIONER, &json!({"group": "dress", "pairs": many})).0, 413);

    assert_eq!(
        started.ask(MANAGER, &json!({"group": "", "start": "", "said": [], "count": 0})).0,
        404
    );

    let log = started.log();
    assert!(log.contains("3 captions in "), "{log}");
    for n in 1..4 {
        assert!(!log.contains(item(n)), "no item is logged: {log}");
    }
    assert!(!log.contains("is exactly this"), "no caption is logged: {log}");
}

#[test]
fn a_manager_replays_a_dialog_and_shows_what_it_would_show() {
    let world = World::new(40, "6");
    let (train, sentences) = (world.split("train"), world.sentences("train"));
    let source = manager::source::Source { data: &world.data, vectors: None, user: None };
    let settings = ManagerSettings { width: 16, ..ManagerSettings::default() };
    let manager = source.start(settings, &train, &sentences, Device::Cpu).unwrap();
    let model = world.file("manager.safetensors");
    manager.save(&model).unwrap();
    let started = serve(&world, "--manager", &model, 1);
    let setting =
        format!("setting:   manager = \"http://manager:hush@127.0.0.1:{}\"", started.port);
    assert_eq!(started.lines[0], setting);

    let val = world.split("val");
    let gallery = &val.groups[0].gallery;
    let said =
        ["is blue & <b>striped</b> 👗", "has long sleeves\nand a collar", &"very ".repeat(10_000)];
    let body = |start: &str, said: &[&str], count: usize| json!({"group": "dress", "start": start, "said": said, "count": count});
    let (status, went) = started.ask(MANAGER, &body(gallery.item(4), &said, 5));
    assert_eq!(status, 200, "{went}");
    let agents = source.agents(&val, &world.sentences("val"), &manager).unwrap();
    let (mut turns, mut next): (Vec<Heard>, Vec<u32>) = (vec![], vec![4]);
    for caption in said {
        turns.push(Heard { shown: next[0], caption: caption.to_owned() });
        next = agents[0].rank(&turns, 5);
    }
    let names =
        |places: Vec<u32>| places.into_iter().map(|it| gallery.item(it)).collect::<Vec<_>>();
    assert_eq!(went["shown"], json!(names(turns.iter().map(|turn| turn.shown).collect())));
    assert_eq!(went["candidates"], json!(names(next)));
    assert!(went["manager"].as_str().unwrap().starts_with("manager "), "{went}");
    let (_, first) = started.ask(MANAGER, &body(gallery.item(4), &[], 5));
    assert_eq!(first["candidates"], json!([gallery.item(4)]), "nothing was said yet");
    let (_, all) = started.ask(MANAGER, &body(gallery.item(4), &said[..1], 1_000_000));
    assert_eq!(all["candidates"].as_array().unwrap().len(), gallery.len());

    assert_eq!(started.ask(("candidates", "manager:hash"), &body(gallery.item(4), &[], 5)).0, 401);
    let (status, refused) = started.ask(MANAGER, &body("B0NOTHERE1", &[], 5));
    assert_eq!(status, 422);
    assert_eq!(refused["detail"], "unknown item `B0NOTHERE1`: this program has other data");
    assert_eq!(started.ask(MANAGER, &body(gallery.item(4), &["again"; 21], 5)).0, 413);
    assert_eq!(started.ask(CAPTIONER, &json!({"group": "", "pairs": []})).0, 404);

    let log = started.log();
    assert!(log.contains("3 turns in "), "{log}");
    assert!(!log.contains(gallery.item(4)) && !log.contains("sleeves"), "{log}");
}
