//! A benchmark with galleries as large as the real test split's, and runs of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use dataset::{Gallery, Group, ItemId, Query, Split, Targets, write_public};
use rand::seq::index::sample;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scoring::{GroupRun, write_zip};

/// Each category with its items, as in the real test split.
const CATEGORIES: [(&str, usize); 3] = [("dress", 3818), ("shirt", 6346), ("toptee", 5374)];

/// Items ranked for each query.
const RANKED: usize = 50;

const CAPTIONS: [&str; 4] = [
    "is shiny and silver with shorter sleeves",
    "fit and flare",
    "is more formal and has a longer hem",
    "is solid black with no sleeves",
];

/// A drawn split.
pub struct Material {
    split: Split,
    chance: ChaCha8Rng,
}

impl Material {
    /// A split of so many queries, the same each time.
    pub fn draw(queries: usize) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(1);
        let queries = queries / CATEGORIES.len();
        let groups = CATEGORIES.map(|(name, items)| {
            let ids: Vec<ItemId> = (0..items).map(|i| id(i, &mut chance)).collect();
            let caption = |chance: &mut ChaCha8Rng| CAPTIONS[chance.random_range(0..4)].to_owned();
            let queries: Vec<Query> = (0..queries)
                .map(|at| Query {
                    id: Query::id_at(name, "test", at),
                    reference: ids[chance.random_range(0..items)].clone(),
                    captions: vec![caption(&mut chance), caption(&mut chance)],
                })
                .collect();
            let targets = queries.iter().map(|_| [chance.random_range(0..items as u32)]);
            let targets = Some(Targets::new(targets.collect::<Vec<_>>()));
            Group {
                name: name.to_owned(),
                gallery: Gallery::new(ids).unwrap(),
                queries,
                targets,
                sessions: vec![],
            }
        });
        Self { split: Split { name: "test".to_owned(), groups: groups.into() }, chance }
    }

    /// Writes the split and a challenge that asks for it; returns its challenge.toml. Its limits refuse
    /// nothing.
    pub fn write(&self, dir: &Path) -> PathBuf {
        let mut targets = BTreeMap::new();
        for group in &self.split.groups {
            let of = group.targets.as_ref().unwrap();
            for (at, query) in group.queries.iter().enumerate() {
                targets.insert(&query.id, group.gallery.item(of.of(at)[0]));
            }
        }
        fs::write(dir.join("targets.json"), serde_json::to_vec(&targets).unwrap()).unwrap();
        let mut public = self.split.clone();
        public.groups.iter_mut().for_each(|group| group.targets = None);
        write_public(&public, &BTreeMap::new(), &BTreeMap::new(), &dir.join("public")).unwrap();
        let toml = dir.join("challenge.toml");
        fs::write(
            &toml,
            "name = \"fiq\"\ntitle = \"Fashion IQ Challenge\"\n\n\
             [[benchmark]]\nname = \"test\"\nfolder = \"public\"\nsplit = \"test\"\n\
             targets = \"hidden\"\ntargets_file = \"targets.json\"\npublish = \"official\"\n\n\
             [[phase]]\nname = \"test\"\ntitle = \"Test\"\nbenchmark = \"test\"\n\
             opens = 2020-01-01T00:00:00Z\nlimits = { per_day = 60000, total = 60000 }\n",
        )
        .unwrap();
        toml
    }

    /// A random run, zipped; another one each time.
    pub fn run(&mut self) -> Vec<u8> {
        let Self { split, chance } = self;
        let runs = split.groups.iter().map(|group| {
            let mut ranking = |_: &Query| {
                sample(chance, group.gallery.len(), RANKED).into_iter().map(|i| i as u32).collect()
            };
            GroupRun { group, rankings: group.queries.iter().map(&mut ranking).collect() }
        });
        let mut bytes = Vec::new();
        write_zip(&mut bytes, &split.name, &runs.collect::<Vec<_>>()).unwrap();
        bytes
    }

    /// How large it is, in words.
    pub fn size(&self) -> String {
        let groups = &self.split.groups;
        let queries: usize = groups.iter().map(|group| group.queries.len()).sum();
        format!("{queries} queries x {RANKED}")
    }
}

/// Ten characters, as the real ids are; the number makes each another one.
fn id(number: usize, chance: &mut ChaCha8Rng) -> ItemId {
    let letters = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let drawn: String =
        (0..3).map(|_| char::from(letters[chance.random_range(0..letters.len())])).collect();
    ItemId::new(&format!("B00{drawn}{number:04X}")).unwrap()
}
