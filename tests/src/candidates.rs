//! A dialog manager that a test controls, which speaks the protocol of `fashion-iq-baseline serve`.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::asked::{self, Reply};

/// A dialog manager in this process: it shows the items of a gallery in their order, each a turn later than
/// the one before.
pub struct Candidates {
    /// The setting `manager` of a server that asks it.
    pub setting: String,
    state: Arc<Mutex<State>>,
}

struct State {
    gallery: Vec<String>,
    away: bool,
    asked: Vec<Value>,
}

impl Candidates {
    /// The version that it says it has.
    pub const VERSION: &str = "manager 1a2b3c4d";

    /// One that knows these items.
    pub fn start(gallery: Vec<String>) -> Self {
        let state = Arc::new(Mutex::new(State { gallery, away: false, asked: vec![] }));
        let own = Arc::clone(&state);
        // manager:hush
        let setting = asked::start("manager", "bWFuYWdlcjpodXNo", move |request| {
            own.lock().unwrap().reply(request)
        });
        Self { setting, state }
    }

    /// From now on it ends each connection.
    pub fn go_away(&self) {
        self.state.lock().unwrap().away = true;
    }

    /// What it was asked.
    pub fn asked(&self) -> Vec<Value> {
        self.state.lock().unwrap().asked.clone()
    }
}

impl State {
    fn reply(&mut self, request: Value) -> Reply {
        if self.away {
            return None;
        }
        let begin = self.gallery.iter().position(|item| request["start"] == **item).unwrap_or(0);
        let after = |turn: usize| self.gallery[(begin + turn) % self.gallery.len()].clone();
        let turns = request["said"].as_array().unwrap().len();
        let count = request["count"].as_u64().unwrap() as usize;
        let shown: Vec<String> = (0..turns).map(after).collect();
        let candidates: Vec<String> =
            (turns..turns + count.min(self.gallery.len())).map(after).collect();
        self.asked.push(request);
        Some((
            "200 OK",
            json!({"manager": Candidates::VERSION, "shown": shown, "candidates": candidates}),
        ))
    }
}
