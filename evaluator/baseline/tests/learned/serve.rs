//! A captioner over HTTP, as a challenge server asks it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baseline::learned::captioner::settings::CaptionerSettings;
use baseline::learned::captioner::source::Source;
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

/// A POST to it with a secret; the status and the JSON.
fn ask(port: u16, secret: &str, body: &Value) -> (u16, Value) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
    let credentials = STANDARD.encode(format!("captioner:{secret}"));
    let sent = ureq::Agent::new_with_config(agent)
        .post(format!("http://127.0.0.1:{port}/captions"))
        .header("authorization", format!("Basic {credentials}"))
        .send_json(body);
    let mut answer = sent.unwrap();
    (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or_default())
}

#[test]
fn a_captioner_answers_whoever_knows_its_secret() {
    let world = World::new(40, "6");
    let (train, captions) = (world.split("train"), world.sentences("train"));
    let source = Source { data: &world.data, vectors: None, captions };
    let settings = CaptionerSettings { width: 16, inner: 16, ..CaptionerSettings::default() };
    let captioner = source.start(settings, &train, Device::Cpu).unwrap();
    let model = world.file("captioner.safetensors");
    captioner.save(&model).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut child = Command::new(env!("CARGO_BIN_EXE_fashion-iq-baseline-torch"))
        .args(["serve", "--split", "val", "--secret", "hush"])
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .arg("--data")
        .arg(world.data.path())
        .arg("--item-captions")
        .arg(world.file("item-captions"))
        .arg("--model")
        .arg(&model)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let log = BufReader::new(child.stderr.take().unwrap());
    let serving = Serving(child);
    let setting = format!("setting:   captioner = \"http://captioner:hush@127.0.0.1:{port}\"");
    assert_eq!(lines.next().unwrap(), setting);
    let version = lines.next().unwrap();
    let version = version.split('"').nth(1).unwrap();
    assert!(lines.next().unwrap().starts_with("ready"));

    let val = world.split("val");
    let item = |n| val.groups[0].gallery.item(n);
    let pair =
        |target, shown| json!({"target": item(target), "shown": item(shown), "turn": 1, "seed": 4});
    let body = json!({"group": "dress", "pairs": [pair(1, 2), pair(3, 3), pair(1, 2)]});
    let (status, said) = ask(port, "hush", &body);
    assert_eq!((status, said["simulator"].as_str()), (200, Some(version)), "{said}");
    assert_eq!(said["captions"][1], "is exactly this dress");
    assert_eq!(said["captions"][0], said["captions"][2]);
    assert_eq!(ask(port, "hush", &json!({"group": "", "pairs": []})).1["simulator"], version);

    assert_eq!(ask(port, "hash", &body).0, 401);
    let other = json!({"group": "dress", "pairs": [{"target": "B0NOTHERE1", "shown": item(1), "turn": 1, "seed": 4}]});
    let (status, said) = ask(port, "hush", &other);
    assert_eq!(status, 422, "{said}");
    assert_eq!(said["detail"], "unknown item `B0NOTHERE1`: this program has other data");
    assert_eq!(ask(port, "hush", &json!({"pairs": "all"})).0, 400);
    let many: Vec<Value> = (0..501).map(|_| pair(1, 2)).collect();
    assert_eq!(ask(port, "hush", &json!({"group": "dress", "pairs": many})).0, 413);

    drop(serving);
    let log: String = log.lines().map_while(Result::ok).collect::<Vec<_>>().join("\n");
    assert!(log.contains("3 captions in "), "{log}");
    for n in 1..4 {
        assert!(!log.contains(item(n)), "no item is logged: {log}");
    }
    assert!(!log.contains("is exactly this"), "no caption is logged: {log}");
}
