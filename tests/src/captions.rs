//! A captioner that a test controls, which speaks the protocol of `fashion-iq-baseline serve`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// What the captioner does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It answers.
    Well,
    /// It says that too many requests wait.
    Busy,
    /// It answers with one caption less than was asked for.
    Short,
    /// It ends the connection.
    Away,
}

/// A captioner in this process.
pub struct Captions {
    /// The setting `captioner` of a server that asks it.
    pub setting: String,
    state: Arc<Mutex<State>>,
}

struct State {
    version: String,
    mood: Mood,
    asked: Vec<Value>,
}

impl Captions {
    /// One with this version.
    pub fn start(version: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let setting = format!("http://captioner:hush@{}", listener.local_addr().unwrap());
        let state = State { version: version.to_owned(), mood: Mood::Well, asked: vec![] };
        let state = Arc::new(Mutex::new(state));
        let own = Arc::clone(&state);
        // The thread ends with the test program.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&own);
                thread::spawn(move || answer(&stream, &state));
            }
        });
        Self { setting, state }
    }

    /// Changes what it does.
    pub fn be(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    /// Changes its version.
    pub fn become_version(&self, version: &str) {
        version.clone_into(&mut self.state.lock().unwrap().version);
    }

    /// The pairs that it was asked about, each with its group.
    pub fn asked(&self) -> Vec<Value> {
        self.state.lock().unwrap().asked.clone()
    }
}

/// Answers one request of a connection.
fn answer(stream: &TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let (mut length, mut secret) = (0, false);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim().to_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        // captioner:hush
        secret |= line == "authorization: basic y2fwdglvbmvyomh1c2g=";
    }
    assert!(secret, "the secret is sent");
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let request: Value = serde_json::from_slice(&body).unwrap();
    let mut state = state.lock().unwrap();
    let mut captions = Vec::new();
    for pair in request["pairs"].as_array().unwrap() {
        let mut asked = pair.clone();
        asked["group"] = request["group"].clone();
        captions.push(format!("looks better at turn {} 👗", pair["turn"]));
        state.asked.push(asked);
    }
    let status = match state.mood {
        Mood::Away => return,
        Mood::Busy => "503 Service Unavailable",
        Mood::Short => {
            captions.pop();
            "200 OK"
        }
        Mood::Well => "200 OK",
    };
    let body = json!({"simulator": state.version, "captions": captions}).to_string();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let mut stream = stream;
    stream.write_all((head + &body).as_bytes()).unwrap();
}
