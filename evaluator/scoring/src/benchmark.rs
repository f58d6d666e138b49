//! What uploads are read and scored against.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use dataset::{Elsewhere, Gallery, Group, Protocol, Query, Split, Targets};
use sha2::{Digest, Sha256};

use crate::{Dialogs, Ranks, Task, json};

/// Groups of queries and galleries, with or without targets, and the indexes to read an upload against
/// them. Built once, shared, never changed.
///
/// Its `Debug` prints counts; targets never appear in text or messages.
#[derive(Clone)]
pub struct Benchmark {
    task: &'static Task,
    split: String,
    protocol: Protocol,
    groups: Vec<Group>,
    lists: Vec<List>,
    elsewhere: Elsewhere,
    /// What the queries are drawn or said by, if they aren't those of the split's files.
    simulator: Option<String>,
    dialogs: Option<Dialogs>,
}

/// How the queries of one group are found.
#[derive(Clone)]
pub(crate) struct List {
    /// Each query's reference and captions in the form of [`push_caption`], end to end. A file in the
    /// list's order is compared with them from front to back, without cache misses.
    contents: Vec<u8>,
    /// Where in `contents` each query's reference and captions start; one more than there are.
    starts: Vec<(usize, usize)>,
    /// The gallery index of each query's reference, if it is in the gallery.
    references: Vec<Option<u32>>,
    by_id: BTreeMap<String, u32>,
    /// Positions in the list by reference and captions, in order: some pairs occur more than once.
    by_content: BTreeMap<Vec<u8>, Vec<u32>>,
    /// Whether every id of the gallery is written in JSON without escapes.
    pub(crate) ids_stand_as_they_are: bool,
    /// The most bytes of JSON that a valid run has for this group.
    most_bytes: u64,
}

/// A group with how its queries are found.
#[derive(Clone, Copy)]
pub(crate) struct GroupList<'b> {
    pub(crate) group: &'b Group,
    pub(crate) list: &'b List,
}

impl Benchmark {
    /// Creates a benchmark from one split of a task under one protocol. `elsewhere` says where items of
    /// other splits come from.
    ///
    /// Groups without queries are left out, because nothing can be measured on them. Targets that don't
    /// fit their group (another number of queries, a query without a target, an index outside the
    /// gallery) are dropped, so the benchmark [has none](Self::has_targets) and nothing is ever scored
    /// against them; [`dataset::Folder`] reads no such targets.
    pub fn new(
        task: &'static Task,
        split: Split,
        protocol: Protocol,
        elsewhere: Elsewhere,
    ) -> Self {
        let mut groups: Vec<Group> =
            split.groups.into_iter().filter(|group| !group.queries.is_empty()).collect();
        for group in &mut groups {
            let fits = |targets: &Targets| fits(targets, group.queries.len(), &group.gallery);
            if !group.targets.as_ref().is_some_and(fits) {
                group.targets = None;
            }
        }
        let lists = groups.iter().map(List::of).collect();
        let task = task.under(protocol);
        let dialogs = Dialogs::of(&groups).filter(|_| protocol == Protocol::MultiTurn);
        let (split, simulator) = (split.name, None);
        Self { task, split, protocol, groups, lists, elsewhere, simulator, dialogs }
    }

    /// Creates the benchmark of a split whose galleries are searched in dialogs: it has no queries and no
    /// targets, which are drawn for each submission. `simulator` names what says the captions, with its
    /// version: with another one, scores can't be compared.
    pub fn drawn(task: &'static Task, split: Split, simulator: &str) -> Self {
        let mut groups = split.groups;
        for group in &mut groups {
            (group.queries, group.targets) = (Vec::new(), None);
        }
        Self {
            task,
            split: split.name,
            protocol: Protocol::Original,
            lists: groups.iter().map(List::of).collect(),
            groups,
            elsewhere: Elsewhere::default(),
            simulator: Some(simulator.to_owned()),
            dialogs: None,
        }
    }

    /// Which queries are the turns of one dialog, if they are: then [ranks](Ranks) are by dialog.
    pub fn dialogs(&self) -> Option<&Dialogs> {
        self.dialogs.as_ref()
    }

    /// How many scores of its own a group has: one for each query, or for each dialog if queries are turns.
    pub fn scored_in(&self, group: &Group) -> usize {
        let dialogs = self.dialogs.as_ref();
        dialogs.map_or(group.queries.len(), |dialogs| dialogs.turns_of(&group.name).len())
    }

    /// Ranks that line up with the queries, of ranks that [fit](Ranks::fit): the same, or those of dialogs by
    /// turn. Of a turn whose ranking lacks the target it is the rank that counts.
    pub fn by_query<'r>(&self, ranks: &'r Ranks) -> Cow<'r, Ranks> {
        match &self.dialogs {
            Some(dialogs) => Cow::Owned(dialogs.by_turn(ranks)),
            None => Cow::Borrowed(ranks),
        }
    }

    /// What says the captions of its dialogs, with its version, if its queries are drawn.
    pub fn simulator(&self) -> Option<&str> {
        self.simulator.as_deref()
    }

    /// The same benchmark, which also knows the queries and items of these others, so that it can
    /// recognise a file that was made for one of them. Others of the same split are ignored.
    #[must_use]
    pub fn beside<'a>(&self, others: impl IntoIterator<Item = &'a Self>) -> Self {
        let others = others.into_iter().filter(|other| other.split != self.split);
        let elsewhere = others.fold(self.elsewhere.clone(), |elsewhere, other| {
            elsewhere.and(&other.split, other.groups.iter().cloned())
        });
        Self { elsewhere, ..self.clone() }
    }

    /// What kind of benchmark it is, with the measures of its protocol.
    pub fn task(&self) -> &'static Task {
        self.task
    }

    /// `train`, `val` or `test`.
    pub fn split(&self) -> &str {
        &self.split
    }

    /// Which gallery counts.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// The groups, in the order of their names.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Whether all groups have targets, so that uploads are scored, not only validated.
    pub fn has_targets(&self) -> bool {
        !self.groups.is_empty() && self.groups.iter().all(|group| group.targets.is_some())
    }

    /// Identifies exactly these galleries: SHA-256 over each group's name and
    /// [gallery digest](dataset::Gallery::digest), in hex. Public.
    pub fn gallery_digest(&self) -> String {
        let mut sha = Sha256::new();
        for group in &self.groups {
            part(&mut sha, group.name.as_bytes());
            part(&mut sha, group.gallery.digest().as_bytes());
        }
        hex::encode(sha.finalize())
    }

    /// Identifies exactly this benchmark: SHA-256 over everything that can change a score (names,
    /// galleries, query ids, references, captions, targets and the primary measure), in hex.
    ///
    /// For a hidden benchmark it is for organisers only: it would confirm a guess of all targets.
    pub fn version(&self) -> String {
        let mut sha = Sha256::new();
        for text in [&self.split, self.protocol.name(), self.task().in_version] {
            part(&mut sha, text.as_bytes());
        }
        if let Some(simulator) = &self.simulator {
            part(&mut sha, simulator.as_bytes());
        }
        if let Some(dialogs) = &self.dialogs {
            let turns: Vec<u8> = dialogs.in_version().flat_map(u32::to_le_bytes).collect();
            part(&mut sha, &turns);
        }
        for (group, list) in self.groups.iter().zip(&self.lists) {
            part(&mut sha, group.name.as_bytes());
            part(&mut sha, group.gallery.digest().as_bytes());
            part(&mut sha, &group.queries.len().to_le_bytes());
            for (i, query) in group.queries.iter().enumerate() {
                part(&mut sha, query.id.as_bytes());
                part(&mut sha, query.reference.as_str().as_bytes());
                part(&mut sha, list.captions(i));
                let targets = group.targets.as_ref().map_or(&[][..], |targets| targets.of(i));
                let targets: Vec<u8> = targets.iter().flat_map(|t| t.to_le_bytes()).collect();
                part(&mut sha, &targets);
            }
        }
        hex::encode(sha.finalize())
    }

    /// The most bytes that an upload may expand to, from the size of the benchmark. In whole MiB,
    /// because sentences show it.
    pub(crate) fn most_bytes(&self) -> u64 {
        let groups = self.lists.iter().map(|list| list.most_bytes);
        let bytes = groups.fold(ANY_BYTES, u64::saturating_add);
        bytes.checked_next_multiple_of(1 << 20).unwrap_or(bytes)
    }

    /// How many values that are not part of the format are skipped in an upload.
    pub(crate) fn most_skipped(&self) -> u64 {
        let groups = (0..self.groups.len()).map(|group| self.group(group).most_skipped());
        groups.fold(0, u64::saturating_add)
    }

    /// How many items each ranking of a group must have.
    pub fn need(&self, group: &Group) -> usize {
        self.task.list_length.min(group.gallery.len())
    }

    /// A group by its index, with how its queries are found.
    pub(crate) fn group(&self, index: usize) -> GroupList<'_> {
        GroupList { group: &self.groups[index], list: &self.lists[index] }
    }

    /// The group of exactly that name, or the only one whose name differs in case alone.
    pub(crate) fn group_named(&self, name: &[u8]) -> Option<usize> {
        let exact = self.groups.iter().position(|group| group.name.as_bytes() == name);
        let alike = |group: &Group| group.name.as_bytes().eq_ignore_ascii_case(name);
        exact.or_else(|| {
            let first = self.groups.iter().position(alike)?;
            (!self.groups[first + 1..].iter().any(alike)).then_some(first)
        })
    }

    /// `toptee test`, `dress val (val-union)`: which gallery an item should be in.
    pub(crate) fn gallery_name(&self, group: &Group) -> String {
        let name = format!("{} {}", group.name, self.split);
        match self.protocol {
            Protocol::Original => name,
            Protocol::ValUnion | Protocol::Mbeir | Protocol::MultiTurn => {
                format!("{name} ({})", self.protocol.name())
            }
        }
    }

    /// The other split whose galleries hold an item.
    pub(crate) fn split_with(&self, group: &Group, id: &[u8]) -> Option<String> {
        self.elsewhere.find(&group.name, id).map(|(split, _)| split.to_owned())
    }

    /// The other split whose queries have these ids, all of them and no others.
    pub(crate) fn split_of_queries(&self, ids: &[&str]) -> Option<String> {
        self.elsewhere.split_of_queries(ids).map(str::to_owned)
    }

    /// Where else an item occurs, as the end of a sentence; empty if nowhere.
    pub(crate) fn whereabouts(&self, group: &Group, id: &[u8]) -> String {
        let other = self.elsewhere.find(&group.name, id);
        if let Some((split, home)) = other
            && home == group.name
        {
            return format!(" (it is in {split}'s: was this file made for {split}?)");
        }
        let here = self.groups.iter().find(|other| other.gallery.index_of(id).is_some());
        match (here, other) {
            (Some(home), _) => {
                format!(" (it is in the {}'s: was this file made for {0}?)", home.name)
            }
            (None, Some((split, home))) => format!(" (it is in the {home} {split} gallery)"),
            (None, None) => String::new(),
        }
    }
}

impl fmt::Debug for Benchmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queries: usize = self.groups.iter().map(|group| group.queries.len()).sum();
        let groups = self.groups.len();
        write!(
            f,
            "Benchmark({} {}: {groups} groups, {queries} queries)",
            self.split,
            self.protocol.name()
        )
    }
}

impl List {
    fn captions(&self, position: usize) -> &[u8] {
        &self.contents[self.starts[position].1..self.starts[position + 1].0]
    }

    fn of(group: &Group) -> Self {
        let mut list = Self {
            contents: Vec::new(),
            starts: Vec::with_capacity(group.queries.len() + 1),
            references: Vec::with_capacity(group.queries.len()),
            by_id: BTreeMap::new(),
            by_content: BTreeMap::new(),
            ids_stand_as_they_are: group.gallery.iter().all(json::stands_as_it_is),
            most_bytes: most_bytes(group),
        };
        for (i, query) in group.queries.iter().enumerate() {
            let reference = query.reference.as_str().as_bytes();
            let start = list.contents.len();
            push_caption(&mut list.contents, reference);
            list.starts.push((start, list.contents.len()));
            for caption in &query.captions {
                push_caption(&mut list.contents, caption.as_bytes());
            }
            list.references.push(group.gallery.index_of(reference));
            list.by_id.entry(query.id.clone()).or_insert(i as u32);
            let content = list.contents[start..].to_vec();
            list.by_content.entry(content).or_default().push(i as u32);
        }
        list.starts.push((list.contents.len(), list.contents.len()));
        list
    }
}

impl<'b> GroupList<'b> {
    /// How many values that are not part of the format are skipped in the group's array: for each query,
    /// two per item, such as its score.
    pub(crate) fn most_skipped(self) -> u64 {
        let (queries, items) = (self.group.queries.len() as u64, self.group.gallery.len() as u64);
        ANY_SKIPPED.saturating_add(queries.saturating_mul(2 * items))
    }

    /// The query at a position.
    pub(crate) fn query(self, position: usize) -> &'b Query {
        &self.group.queries[position]
    }

    /// Its reference.
    pub(crate) fn reference(self, position: usize) -> &'b [u8] {
        let (start, end) = self.list.starts[position];
        &self.list.contents[start + LENGTH_BYTES..end]
    }

    /// The gallery index of its reference, if it is there.
    pub(crate) fn reference_index(self, position: usize) -> Option<u32> {
        self.list.references[position]
    }

    /// Its captions in the form of [`push_caption`].
    pub(crate) fn captions(self, position: usize) -> &'b [u8] {
        self.list.captions(position)
    }

    /// The position of the query with that id.
    pub(crate) fn by_id(self, id: &[u8]) -> Option<usize> {
        let id = std::str::from_utf8(id).ok()?;
        self.list.by_id.get(id).map(|&position| position as usize)
    }

    /// Whether some query has that reference.
    pub(crate) fn has_reference(self, reference: &[u8]) -> bool {
        let prefix = content(reference, &[]);
        let next = self.list.by_content.range(prefix.clone()..).next();
        next.is_some_and(|(content, _)| content.starts_with(&prefix))
    }

    /// The positions of the queries with that reference and those captions, in order.
    pub(crate) fn by_content(self, reference: &[u8], captions: &[u8]) -> &'b [u32] {
        self.list.by_content.get(&content(reference, captions)).map_or(&[], Vec::as_slice)
    }
}

/// What an upload may contain for any benchmark.
const ANY_BYTES: u64 = 16 << 20;
const ANY_SKIPPED: u64 = 100_000;

/// The most bytes of a valid run: one object per query with room for white space and a few extra keys,
/// with strings possibly in escapes of six bytes, and a ranking of the whole gallery with each item on
/// an indented line, possibly with its score.
fn most_bytes(group: &Group) -> u64 {
    const OBJECT: usize = 4 << 10;
    const ITEM: usize = 64;
    let text = |query: &Query| {
        let captions: usize = query.captions.iter().map(String::len).sum();
        OBJECT + 6 * (query.reference.as_str().len() + captions)
    };
    let objects: usize = group.queries.iter().map(text).sum();
    let ranking: usize = group.gallery.iter().map(|id| 2 * id.len() + ITEM).sum();
    (objects as u64).saturating_add((group.queries.len() as u64).saturating_mul(ranking as u64))
}

/// How many bytes [`push_caption`] puts before a caption.
const LENGTH_BYTES: usize = 4;

/// Appends a caption so that lists of captions are equal exactly if their bytes are.
pub(crate) fn push_caption(captions: &mut Vec<u8>, caption: &[u8]) {
    captions.extend_from_slice(&(caption.len() as u32).to_le_bytes());
    captions.extend_from_slice(caption);
}

fn content(reference: &[u8], captions: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(LENGTH_BYTES + reference.len() + captions.len());
    push_caption(&mut content, reference);
    content.extend_from_slice(captions);
    content
}

/// Hashes a part after its length, so that different sequences of parts have different hashes.
fn part(sha: &mut Sha256, bytes: &[u8]) {
    sha.update((bytes.len() as u64).to_le_bytes());
    sha.update(bytes);
}

fn fits(targets: &Targets, queries: usize, gallery: &Gallery) -> bool {
    let fits = |query| {
        let targets = targets.of(query);
        !targets.is_empty() && targets.iter().all(|&index| (index as usize) < gallery.len())
    };
    targets.queries() == queries && (0..queries).all(fits)
}

#[cfg(test)]
mod tests {
    use crate::tests::kit::large;

    #[test]
    fn the_version_of_a_benchmark_stays_what_stored_scorecards_say() {
        // computed apart from this program
        let version = "d2525c14b9c72b0e9892d9dec80b7684842a73bb2d5fcb2b260ca940e0d34d11";
        assert_eq!(large(2, 3).version(), version);
    }
}
