//! Recorded sessions: `multi_turn/{category}.{split}.json` of the official repositories, and the same file
//! as it is published.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::group::repeated_id;
use crate::item::{check_id, item};
use crate::json::{Faults, read_rows_of};
use crate::output::pretty;
use crate::public::TargetsIn;
use crate::targets::indices_of;
use crate::{Error, Gallery, Group, ItemId, Query, Result, Targets};

/// The folder of the files, in the folder of the data set.
const SESSIONS: &str = "multi_turn";

/// A session in a file.
#[derive(Deserialize)]
struct Row {
    /// The official files have none: there a session is known by its position.
    session: Option<String>,
    /// An address and an item.
    target: Option<Value>,
    /// The turns: for each an address, captions and an item.
    reference: Vec<Value>,
}

/// A turn that was read: the item that was shown, and what was said about it.
type Turn = (ItemId, Vec<String>);

/// A session as it is published. Addresses are not known any more, so they are empty.
#[derive(Serialize)]
struct PublishedRow<'a> {
    session: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<(&'static str, &'a str)>,
    reference: Vec<PublishedTurn<'a>>,
}

/// A turn as it is published.
type PublishedTurn<'a> = (&'static str, &'a [String], &'a str);

/// The groups of each split that have sessions, by split, from the names of the files.
pub(crate) fn contents(folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let dir = folder.join(SESSIONS);
    let mut splits: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    if !dir.is_dir() {
        return Ok(splits);
    }
    for entry in fs::read_dir(&dir).map_err(Error::io(&dir))? {
        let name = entry.map_err(Error::io(&dir))?.file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(".json"));
        if let Some((group, split)) = name.and_then(|name| name.split_once('.')) {
            splits.entry(split.to_owned()).or_default().insert(group.to_owned());
        }
    }
    Ok(splits)
}

/// The groups of a split, whose queries are the turns of its sessions. `gallery` reads the gallery of a
/// group from the split's own file.
pub(crate) fn read_groups(
    folder: &Path,
    split: &str,
    gallery: impl Fn(&str) -> Result<Gallery>,
) -> Result<Vec<Group>> {
    let contents = contents(folder)?;
    let Some(names) = contents.get(split) else {
        return Err(Error::no_sessions(folder, split));
    };
    let (mut groups, mut errors) = (Vec::new(), Vec::new());
    for name in names {
        match gallery(name).and_then(|gallery| read_group(folder, name, split, &gallery)) {
            Ok(group) => groups.push(group),
            Err(error) => errors.push(error),
        }
    }
    if let Some(error) = Error::all(errors) {
        return Err(error);
    }
    if let Some((group, query)) = repeated_id(&groups) {
        let session = session_of(&query.id);
        let what = format!("the id {session} is already used by another session");
        return Err(Error::content(&path(folder, &group.name, split), what));
    }
    Ok(groups)
}

fn path(folder: &Path, group: &str, split: &str) -> PathBuf {
    folder.join(format!("{SESSIONS}/{group}.{split}.json"))
}

fn read_group(folder: &Path, name: &str, split: &str, gallery: &Gallery) -> Result<Group> {
    let path = path(folder, name, split);
    let rows: Vec<Row> = read_rows_of(&path, "session")?;
    let mut faults = Faults::of(&path, "session");
    let (mut queries, mut sessions, mut targets) = (Vec::new(), Vec::new(), Vec::new());
    for (i, row) in rows.into_iter().enumerate() {
        let id = row.session.unwrap_or_else(|| Query::id_at(name, split, i));
        let turns = faults.take_all(i, turns(&row.reference));
        if turns.is_empty() && row.reference.is_empty() {
            faults.add(i, "it has no turns");
        }
        for (turn, (reference, captions)) in (1..).zip(turns) {
            let id = turn_id(&id, turn);
            faults.take(i, check_id("a query", &id).map_err(|e| e.to_string()));
            queries.push(Query { id, reference, captions });
        }
        sessions.push(row.reference.len() as u32);
        targets.extend(row.target.and_then(|target| faults.take(i, target_of(target))));
    }
    faults.check()?;
    if !targets.is_empty() && targets.len() != sessions.len() {
        let (some, all) = (targets.len(), sessions.len());
        let what = format!("{some} of {all} sessions have a target; all or none must");
        return Err(Error::content(&path, what));
    }
    let shown = queries.iter().map(|query| query.reference.as_str());
    let gallery = union(gallery, shown.chain(targets.iter().map(ItemId::as_str)));
    let by_session = targets.iter().map(|item| indices_of(&gallery, [item.as_str()]));
    let by_session: Vec<Vec<u32>> =
        by_session.collect::<Result<_, _>>().map_err(|what: String| Error::content(&path, what))?;
    let targets = (!by_session.is_empty()).then(|| of_turns(&sessions, &by_session));
    Ok(Group { name: name.to_owned(), gallery, queries, targets, sessions })
}

/// The turns of a session, or what is wrong with each.
fn turns(reference: &[Value]) -> Vec<Result<Turn, String>> {
    let turn = |(number, turn): (usize, &Value)| {
        let parsed: Result<(IgnoredAny, Vec<String>, String), _> = Deserialize::deserialize(turn)
            .map_err(|e: serde_json::Error| {
                format!("turn {number}: expected [address, [captions], item]: {e}")
            });
        let (_, captions, id) = parsed?;
        if captions.is_empty() {
            return Err(format!("turn {number}: it has no captions"));
        }
        Ok((item(&id).map_err(|e| format!("turn {number}: {e}"))?, captions))
    };
    (1..).zip(reference).map(turn).collect()
}

/// The target of a session. What is wrong is said without it, because it may be logged.
fn target_of(target: Value) -> Result<ItemId, String> {
    let parsed: Option<(IgnoredAny, String)> = serde_json::from_value(target).ok();
    let found = parsed.and_then(|(_, id)| ItemId::new(&id).ok());
    found.ok_or_else(|| "the target is not [address, item]".to_owned())
}

/// A gallery with all these items. If it lacks some, the order is that of the ids, which says nothing about
/// where an item comes from.
fn union<'a>(gallery: &'a Gallery, items: impl Iterator<Item = &'a str>) -> Gallery {
    let mut all: BTreeSet<&str> = gallery.iter().collect();
    all.extend(items);
    if all.len() == gallery.len() {
        return gallery.clone();
    }
    let items = all.into_iter().filter_map(|id| ItemId::new(id).ok());
    Gallery::new(items).expect("a set has no item twice")
}

/// The targets of sessions as those of their turns.
pub(crate) fn of_turns(sessions: &[u32], by_session: &[Vec<u32>]) -> Targets {
    let turns = sessions.iter().zip(by_session);
    Targets::new(turns.flat_map(|(turns, target)| (0..*turns).map(move |_| target)))
}

/// The id of a turn, from 1, of a session.
pub(crate) fn turn_id(session: &str, turn: u32) -> String {
    format!("{session}:{turn}")
}

/// The session that the id of a turn names.
pub(crate) fn session_of(id: &str) -> &str {
    id.rsplit_once(':').map_or(id, |(session, _)| session)
}

/// The file of a group's sessions as it is published, with its path.
pub(crate) fn file(group: &Group, split: &str, targets: TargetsIn) -> (String, Vec<u8>) {
    let open = group.targets.as_ref().filter(|_| targets == TargetsIn::Queries);
    let sessions = group.sessions();
    let rows = sessions.map(|(first, turns)| {
        let target = open.map(|targets| ("", group.gallery.item(targets.of(first)[0])));
        let session = session_of(&turns[0].id);
        PublishedRow { session, target, reference: turns.iter().map(published_turn).collect() }
    });
    let rows: Vec<PublishedRow<'_>> = rows.collect();
    (format!("{SESSIONS}/{}.{split}.json", group.name), pretty(&rows))
}

fn published_turn(turn: &Query) -> PublishedTurn<'_> {
    ("", &turn.captions, turn.reference.as_str())
}
