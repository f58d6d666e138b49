//! Benchmarks in memory, ready to score against and to be published.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use dataset::{Attributes, Elsewhere, Folder, Group, ItemCaptions, Key, Pictures, Protocol, Split};
use dialog::{Agent, ItemTexts, Template};
use scoring::{Benchmark, Task};
use sea_orm::{DatabaseConnection, EntityTrait};

use super::documents::Documents;
use super::tasks;
use crate::entities::benchmark::{self, SecretKey, TargetsAre};
use crate::entities::corrected_targets::{self, SecretTargets};
use crate::entities::rescoring;
use crate::error::{Error, Result};

/// The name of corrected targets in sentences.
const CORRECTED: &str = "the corrected targets";

/// The source of a benchmark's data.
pub struct Source {
    /// Its task.
    pub task: &'static Task,
    /// The data set's folder.
    pub folder: PathBuf,
    /// The split, such as `val` or `test`.
    pub split: String,
    /// The gallery protocol.
    pub protocol: Protocol,
    /// Who can see its targets.
    pub targets: TargetsAre,
    /// The organisers' file of hidden targets.
    pub targets_file: Option<PathBuf>,
    /// Corrected targets, which replace those of the file.
    pub corrected: Option<SecretTargets>,
    /// The key of a keyed publication.
    pub key: Option<SecretKey>,
    /// What plays the user of its dialogs, if it is not the program without a model.
    pub simulator: Option<String>,
}

/// A benchmark in memory: shared, never changed.
pub struct Ready {
    /// The benchmark that uploads are scored against.
    pub benchmark: Benchmark,
    /// The attributes of its items by group, under the published names.
    pub attributes: BTreeMap<String, Attributes>,
    /// The simulated user without a model, for each group of the benchmark; none if it has no dialogs.
    pub(crate) simulators: Vec<Template>,
    /// The agent without learning that visitors talk to, likewise.
    pub(crate) agents: Vec<Agent>,
    pub(super) documents: Documents,
}

impl Source {
    /// The source of a row.
    pub fn of(row: &benchmark::Model) -> Result<Self> {
        let protocol = Protocol::from_name(&row.protocol)
            .ok_or_else(|| Error::internal("read a benchmark", row.protocol.as_str()))?;
        Ok(Self {
            task: row.task()?,
            folder: PathBuf::from(&row.folder),
            split: row.split.clone(),
            protocol,
            targets: row.targets,
            targets_file: row.targets_file.as_ref().map(PathBuf::from),
            corrected: None,
            key: row.secret_key.clone(),
            simulator: row.simulator.clone(),
        })
    }

    /// The data set, in the layout of its task.
    pub fn data(&self) -> Folder {
        Folder::with_layout(&self.folder, self.task.layout)
    }

    /// The split with its targets, under the names and in the order of the data set's files.
    pub fn official(&self) -> Result<Split> {
        let mut split = self.data().split(&self.split, self.protocol).map_err(Error::unusable)?;
        match (self.targets, &self.targets_file) {
            (TargetsAre::Hidden, Some(file)) => {
                if split.groups.iter().any(|group| group.targets.is_some()) {
                    return Err(Error::unusable(format!(
                        "targets of split `{}` are declared hidden, but its files contain them",
                        self.split
                    )));
                }
                let read = match &self.corrected {
                    Some(targets) => split.read_targets_of(Path::new(CORRECTED), &targets.0),
                    None => split.read_targets(file),
                };
                read.map_err(Error::unusable)?;
            }
            (TargetsAre::None, _) if self.gallery_has_targets(&split) => {
                return Err(Error::unusable(format!(
                    "the sessions of split `{}` have targets, which would be in the published gallery: \
                     remove them from the file, or set targets = \"public\"",
                    self.split
                )));
            }
            (TargetsAre::None, _) => split.groups.iter_mut().for_each(|group| group.targets = None),
            _ => {}
        }
        Ok(split)
    }

    /// Whether the files have targets that the protocol adds to the gallery.
    fn gallery_has_targets(&self, split: &Split) -> bool {
        self.protocol == Protocol::MultiTurn
            && split.groups.iter().any(|group| group.targets.is_some())
    }

    /// The items with pictures, by group, under the published names.
    pub fn pictures(&self) -> Result<BTreeMap<String, Pictures>> {
        let folder = self.data();
        let mut all = BTreeMap::new();
        for group in self.official()?.groups {
            let mut pictures = folder.pictures(&group).map_err(Error::unusable)?;
            if let Some(key) = &self.key {
                let keyed = pictures.keyed(&self.split, &group.name, &key.key()?);
                pictures = keyed.map_err(Error::unusable)?;
            }
            all.insert(group.name, pictures);
        }
        Ok(all)
    }

    /// The captions of items, by group, under the published names.
    pub fn item_captions(&self) -> Result<BTreeMap<String, ItemCaptions>> {
        let folder = self.data();
        let mut all = BTreeMap::new();
        for group in self.official()?.groups {
            let mut captions =
                folder.item_captions(&group, &self.split).map_err(Error::unusable)?;
            if let Some(key) = &self.key {
                let keyed = captions.keyed(&self.split, &group.name, &key.key()?);
                captions = keyed.map_err(Error::unusable)?;
            }
            all.insert(group.name, captions);
        }
        Ok(all)
    }

    /// Reads the benchmark with its targets, as it is published. It reads files, so don't call it
    /// on an async thread.
    pub fn read(&self) -> Result<Ready> {
        let folder = self.data();
        let mut split = self.official()?;
        let mut attributes = BTreeMap::new();
        for group in &split.groups {
            let words = folder.attributes(&group.name, &self.split).map_err(Error::unusable)?;
            attributes.insert(group.name.clone(), words);
        }
        if self.targets == TargetsAre::Drawn {
            return self.drawn(split, attributes);
        }
        let elsewhere = if let Some(key) = &self.key {
            let key = key.key()?;
            split = split.keyed(&key).map_err(Error::unusable)?;
            for (group, words) in &mut attributes {
                *words = words.keyed(&self.split, group, &key).map_err(Error::unusable)?;
            }
            // Saying where an original id belongs would reveal the aliases.
            Elsewhere::default()
        } else {
            folder.elsewhere(&self.split).map_err(Error::unusable)?
        };
        let benchmark = Benchmark::new(self.task, split, self.protocol, elsewhere);
        if self.targets != TargetsAre::None && !benchmark.has_targets() {
            return Err(Error::unusable(format!(
                "split `{}` has no targets; set targets = \"none\" to validate without scoring",
                self.split
            )));
        }
        let (simulators, agents, documents) = Default::default();
        Ok(Ready { benchmark, attributes, simulators, agents, documents })
    }

    /// The galleries of dialogs, with a simulated user who knows the texts of their items.
    fn drawn(
        &self,
        mut split: Split,
        mut attributes: BTreeMap<String, Attributes>,
    ) -> Result<Ready> {
        let captions = self.item_captions()?;
        if let Some(key) = &self.key {
            let key = key.key()?;
            split = split.keyed(&key).map_err(Error::unusable)?;
            for (group, words) in &mut attributes {
                *words = words.keyed(&self.split, group, &key).map_err(Error::unusable)?;
            }
        }
        let sides = |group: &Group| {
            let texts =
                ItemTexts::new(&group.gallery, &attributes[&group.name], &captions[&group.name]);
            (Template::new(&group.name, &texts), Agent::new(&texts))
        };
        let (simulators, agents) = split.groups.iter().map(sides).unzip();
        let task = tasks::with(self.task, self.protocol, self.targets);
        let simulator = self.simulator.as_deref().unwrap_or(Template::VERSION);
        let benchmark = Benchmark::drawn(task, split, simulator);
        let documents = Documents::default();
        Ok(Ready { benchmark, attributes, simulators, agents, documents })
    }
}

impl SecretKey {
    /// The key itself.
    pub fn key(&self) -> Result<Key> {
        Ok(Key::from_bytes(self.bytes()?))
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> Result<[u8; 32]> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(&self.0, &mut bytes)
            .map_err(|_| Error::internal("read a benchmark's key", "it is damaged"))?;
        Ok(bytes)
    }
}

/// The version of a definition, and the rescoring set with the targets, if they were corrected.
type Version = (String, Option<i32>);

/// The benchmarks of a server, each read once and then shared.
pub struct Benchmarks {
    db: DatabaseConnection,
    known: RwLock<HashMap<Version, Arc<Ready>>>,
}

impl Benchmarks {
    /// The benchmarks of a database.
    pub fn new(db: DatabaseConnection) -> Self {
        Self { db, known: RwLock::default() }
    }

    /// The benchmark of a row, with the corrected targets that are in force. Its files must not
    /// have changed since it was applied: scores of different files are not comparable. The first
    /// call reads files, on its own thread.
    pub async fn get(&self, row: &benchmark::Model) -> Result<Arc<Ready>> {
        let key = (row.version.clone(), row.targets_id);
        if let Some(known) = self.known.read().expect("no thread panics here").get(&key) {
            return Ok(Arc::clone(known));
        }
        // The reason is only for the organisers' log, since it names paths.
        let hidden = |e: Error| Error::internal("read a benchmark", e);
        let mut source = Source::of(row)?;
        let mut expected = row.version.clone();
        if let Some(id) = row.targets_id {
            let (version, targets) = self.corrected(id).await?;
            (expected, source.corrected) = (version, Some(targets));
        }
        let read =
            tokio::task::spawn_blocking(move || source.read().map(|r| (r.benchmark.version(), r)));
        let (version, ready) =
            read.await.map_err(|e| Error::internal("read a benchmark", e))?.map_err(hidden)?;
        if version != expected {
            return Err(Error::internal(
                "read a benchmark",
                format!("the files of `{}` have changed; apply the challenge again", row.name),
            ));
        }
        let mut known = self.known.write().expect("no thread panics here");
        Ok(Arc::clone(known.entry(key).or_insert(Arc::new(ready))))
    }

    /// The corrected targets of a rescoring set, and the version of the benchmark with them.
    async fn corrected(&self, id: i32) -> Result<(String, SecretTargets)> {
        let missing = || Error::internal("read corrected targets", format!("set {id} has none"));
        let set = rescoring::Entity::find_by_id(id).one(&self.db).await?.ok_or_else(missing)?;
        let targets = corrected_targets::Entity::find_by_id(id).one(&self.db).await?;
        Ok((set.version, targets.ok_or_else(missing)?.bytes))
    }
}
