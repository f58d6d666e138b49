//! A captioner that a test controls, which speaks the protocol of `fashion-iq-baseline serve`.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::asked::{self, Reply};

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
        let state = State { version: version.to_owned(), mood: Mood::Well, asked: vec![] };
        let state = Arc::new(Mutex::new(state));
        let own = Arc::clone(&state);
        // captioner:hush
        let setting = asked::start("captioner", "Y2FwdGlvbmVyOmh1c2g=", move |request| {
            own.lock().unwrap().reply(&request)
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

impl State {
    fn reply(&mut self, request: &Value) -> Reply {
        let mut captions = Vec::new();
        for pair in request["pairs"].as_array().unwrap() {
            let mut asked = pair.clone();
            asked["group"] = request["group"].clone();
            captions.push(format!("looks better at turn {} 👗", pair["turn"]));
            self.asked.push(asked);
        }
        let status = match self.mood {
            Mood::Away => return None,
            Mood::Busy => "503 Service Unavailable",
            Mood::Short => {
                captions.pop();
                "200 OK"
            }
            Mood::Well => "200 OK",
        };
        Some((status, json!({"simulator": self.version, "captions": captions})))
    }
}
