//! A challenge with phases of recorded sessions, made from the drawn garments.

use std::fs;
use std::path::{Path, PathBuf};

use dataset::{Folder, Gallery, Protocol};
use serde_json::{Value, json};

use crate::{Questions, World};

/// How many sessions each category has. They have 1, 2, 3, 4, 1, 2, … turns.
pub const SESSIONS: usize = 12;

/// What phase `replay` shows by category.
const ALL: &str = "\"hits@10\", \"turn_recall@10:1\", \"turn_recall@10\", \"percentile\", \"bri\", \
                   \"mean_rank\", \"turns_to_success@10\"";

/// How many items of a gallery occur in sessions alone.
const OUTSIDE: usize = 10;

impl World {
    /// A challenge `fiq` which also has phase `replay` (public targets) and phase `blind` (hidden), on recorded
    /// sessions of dresses and shirts. `lines` are more settings of phase `blind`.
    pub fn replay(lines: &str) -> Self {
        let world = Self::new("");
        let home = world.path().join("sessions");
        write(&home);
        let data = home.display();
        let phases = format!(
            r#"
[[benchmark]]
name = "sessions"
folder = "{data}"
split = "val"
protocol = "multi-turn"
targets = "public"

[[benchmark]]
name = "blind-sessions"
folder = "{data}"
split = "test"
protocol = "multi-turn"
targets = "hidden"
targets_file = "{data}.json"

[[phase]]
name = "replay"
title = "Replay"
benchmark = "sessions"
opens = 2020-01-01T00:00:00Z
shown = {{ public = ["overall", {ALL}] }}

[[phase]]
name = "blind"
title = "Blind"
benchmark = "blind-sessions"
opens = 2026-11-01T00:00:00Z
{lines}
"#
        );
        let mut text = fs::read_to_string(world.definition()).unwrap();
        text.push_str(&phases);
        fs::write(world.definition(), text).unwrap();
        world
    }

    /// What the definition says about the scores that phase `replay` shows.
    pub fn shown(&self) -> String {
        format!("shown = {{ public = [\"overall\", {ALL}] }}\n")
    }

    /// The folder of the sessions.
    pub fn sessions(&self) -> PathBuf {
        self.path().join("sessions")
    }

    /// The turns of the public sessions, with their targets.
    pub fn public_turns(&self) -> Questions {
        let split = Folder::new(self.sessions()).split("val", Protocol::MultiTurn).unwrap();
        Questions::of(split.groups)
    }

    /// The turns of the hidden sessions under the names of the files, with their targets.
    pub fn hidden_turns(&self) -> Questions {
        let mut split = Folder::new(self.sessions()).split("test", Protocol::MultiTurn).unwrap();
        split.read_targets(&self.sessions().with_extension("json")).unwrap();
        Questions::of(split.groups)
    }
}

/// Writes the sessions of two splits, and the targets of the second one beside the folder.
fn write(home: &Path) {
    let drawn = Folder::new(World::dev_folder()).split("val", Protocol::Original).unwrap();
    let mut targets = serde_json::Map::new();
    for folder in ["multi_turn", "image_splits"] {
        fs::create_dir_all(home.join(folder)).unwrap();
    }
    for group in drawn.groups.iter().filter(|group| group.name != "toptee") {
        let items = group.gallery.len() - OUTSIDE;
        let listed: Vec<&str> = group.gallery.iter().take(items).collect();
        for split in ["val", "test"] {
            let name = format!("{}.{split}.json", group.name);
            fs::write(home.join(format!("image_splits/split.{name}")), json!(listed).to_string())
                .unwrap();
            let all = (0..SESSIONS).map(|at| session(&group.gallery, at, split == "val"));
            let all: Vec<Value> = all.collect();
            fs::write(home.join(format!("multi_turn/{name}")), json!(all).to_string()).unwrap();
        }
        for at in 0..SESSIONS {
            let id = format!("{}.test.{at}", group.name);
            targets.insert(id, listed[(at * 37 + 5) % items].into());
        }
    }
    fs::write(home.with_extension("json"), Value::Object(targets).to_string()).unwrap();
}

/// A session as the official files write it; the first of the public ones asks for an item of no other file.
fn session(gallery: &Gallery, at: usize, is_open: bool) -> Value {
    let last = gallery.len() - 1;
    let turn = |turn: usize| {
        let shown = gallery.item(((at * 11 + turn * 3) % (last - OUTSIDE)) as u32);
        json!(["", [format!("session {at}, turn {turn}"), "is nicer"], shown])
    };
    let turns: Vec<Value> = (0..=at % 4).map(turn).collect();
    let target = if at == 0 { last } else { (at * 29 + 7) % (last - OUTSIDE) };
    if is_open {
        json!({"target": ["", gallery.item(target as u32)], "reference": turns})
    } else {
        json!({"reference": turns})
    }
}
