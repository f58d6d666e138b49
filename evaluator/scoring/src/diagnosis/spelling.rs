//! Looks an unknown id up in other spellings and other galleries.

use crate::Benchmark;

/// The longest file extension that is removed from an id.
const MOST_ENDING_BYTES: usize = 8;

/// Where an id belongs that is not in its own gallery.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    /// In its own gallery, under another spelling.
    Spelling(Spelling),
    /// It is a position in its own gallery.
    Position,
    /// In the gallery of another group of this split, by its index.
    Group(usize),
    /// In a gallery of another split.
    Split(String),
}

/// How an id differs from the gallery's.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::struct_excessive_bools, reason = "each is a way to write an id, and all combine")]
pub(super) struct Spelling {
    pub(super) space: bool,
    pub(super) folder: bool,
    /// Such as `.png`.
    pub(super) ending: Option<String>,
    pub(super) case: bool,
    /// Zeros before a number.
    pub(super) zeros: bool,
}

impl Spelling {
    fn is_other(&self) -> bool {
        *self != Self::default()
    }

    /// `without .png and without folders`
    pub(super) fn advice(&self) -> String {
        let mut without: Vec<String> = Vec::new();
        if let Some(ending) = &self.ending {
            without.push(format!("`{ending}`"));
        }
        if self.folder {
            without.push("folders".to_owned());
        }
        if self.space {
            without.push("spaces around them".to_owned());
        }
        if self.zeros {
            without.push("zeros in front".to_owned());
        }
        let mut advice = Vec::new();
        if !without.is_empty() {
            advice.push(format!("without {}", without.join(" and ")));
        }
        if self.case {
            advice.push("in the gallery's upper and lower case".to_owned());
        }
        advice.join(", ")
    }
}

impl Home {
    /// Where an id of a group's file belongs; none if nowhere.
    pub(super) fn of(id: &[u8], benchmark: &Benchmark, group: usize) -> Option<Self> {
        let spellings = spellings(id);
        let gallery = &benchmark.groups()[group].gallery;
        let own = spellings
            .iter()
            .find(|(id, spelling)| spelling.is_other() && gallery.index_of(id).is_some());
        if let Some((_, spelling)) = own {
            return Some(Self::Spelling(spelling.clone()));
        }
        for (id, _) in &spellings {
            let other = benchmark.groups().iter().position(|g| g.gallery.index_of(id).is_some());
            if let Some(other) = other {
                return (other != group).then_some(Self::Group(other));
            }
            if let Some(split) = benchmark.split_with(&benchmark.groups()[group], id) {
                return Some(Self::Split(split));
            }
        }
        let position = std::str::from_utf8(id).ok().and_then(|id| id.trim().parse::<usize>().ok());
        position.filter(|position| *position <= gallery.len()).map(|_| Self::Position)
    }
}

/// An id as it is, then without space, folder, extension and zeros, each also in the other case.
fn spellings(id: &[u8]) -> Vec<(Vec<u8>, Spelling)> {
    let mut spelling = Spelling::default();
    let mut stages = vec![(id.to_vec(), spelling.clone())];
    let mut stem = id;
    let mut stage =
        |stem: &[u8], spelling: &Spelling| stages.push((stem.to_vec(), spelling.clone()));
    if stem.trim_ascii() != stem {
        stem = stem.trim_ascii();
        spelling.space = true;
        stage(stem, &spelling);
    }
    if let Some(slash) = stem.iter().rposition(|b| matches!(b, b'/' | b'\\')) {
        stem = &stem[slash + 1..];
        spelling.folder = true;
        stage(stem, &spelling);
    }
    if let Some(dot) = stem.iter().rposition(|b| *b == b'.')
        && dot > 0
        && stem.len() - dot <= MOST_ENDING_BYTES
    {
        spelling.ending = Some(String::from_utf8_lossy(&stem[dot..]).into_owned());
        stem = &stem[..dot];
        stage(stem, &spelling);
    }
    if stem.len() > 1 && stem.iter().all(u8::is_ascii_digit) && stem[0] == b'0' {
        let zeros = stem.iter().take_while(|b| **b == b'0').count().min(stem.len() - 1);
        stem = &stem[zeros..];
        spelling.zeros = true;
        stages.push((stem.to_vec(), spelling.clone()));
    }
    let mut all = stages.clone();
    for (stem, spelling) in stages {
        for other in [stem.to_ascii_uppercase(), stem.to_ascii_lowercase()] {
            if other != stem {
                all.push((other, Spelling { case: true, ..spelling.clone() }));
            }
        }
    }
    all
}
