//! Counts while files are read, from which a cause is found afterwards.

use crate::faults::Faults;
use crate::json::Kind;
use crate::problem::FileName;

/// How many unknown ids are kept as samples.
const SAMPLES: usize = 256;

/// The longest id that is kept as a sample.
const SAMPLE_BYTES: usize = 512;

/// The counts of one group's file. Its size doesn't grow with the file.
#[derive(Debug)]
pub(crate) struct Evidence {
    pub(crate) file: FileName,
    pub(crate) group: usize,
    /// How many objects there are, and how many queries.
    pub(crate) objects: usize,
    pub(crate) queries: usize,
    /// How many items are ranked, of these how many are not in the gallery, and how many are numbers.
    pub(crate) items: u64,
    pub(crate) unknown: u64,
    pub(crate) numbers: u64,
    /// How many objects name a candidate that no query has.
    pub(crate) strangers: usize,
    /// How many objects have the candidate and captions of the object before.
    pub(crate) repeated: usize,
    /// How many objects have one caption, and the candidate of the object before.
    pub(crate) caption_apart: usize,
    /// How many objects after the last query's start the list again.
    pub(crate) restarted: usize,
    /// How many items are arrays or objects.
    pub(crate) pairs: u64,
    /// How many objects have no ranking, don't identify their query, have a ranking that is too short,
    /// or one with a duplicate item.
    pub(crate) without_ranking: usize,
    pub(crate) nameless: usize,
    pub(crate) short: usize,
    pub(crate) with_twins: usize,
    /// The length of the first ranking that is too short.
    pub(crate) short_length: u32,
    /// The unknown keys of the first object that lacks a required key.
    pub(crate) other_keys: Vec<String>,
    pub(crate) item_samples: Samples,
    pub(crate) candidate_samples: Samples,
    /// Whether objects name the reference of their query.
    pub(crate) names_references: bool,
    /// The other split whose queries these answers have, all of them and no others.
    pub(crate) answers_of: Option<String>,
    pub(crate) before: Before,
}

/// What the previous object says about its query.
#[derive(Debug, Default)]
pub(crate) struct Before {
    pub(crate) reference: Vec<u8>,
    pub(crate) captions: Vec<u8>,
}

impl Evidence {
    pub(crate) fn new(file: &FileName, group: usize, queries: usize) -> Self {
        Self {
            file: file.clone(),
            group,
            objects: 0,
            queries,
            items: 0,
            unknown: 0,
            numbers: 0,
            strangers: 0,
            repeated: 0,
            caption_apart: 0,
            restarted: 0,
            pairs: 0,
            without_ranking: 0,
            nameless: 0,
            short: 0,
            with_twins: 0,
            short_length: 0,
            other_keys: Vec::new(),
            item_samples: Samples::default(),
            candidate_samples: Samples::default(),
            names_references: true,
            answers_of: None,
            before: Before::default(),
        }
    }

    /// The counts of a file whose answers don't name references.
    pub(crate) fn of_keys(file: &FileName, group: usize, queries: usize) -> Self {
        Self { names_references: false, ..Self::new(file, group, queries) }
    }

    /// Counts an object's ranking, which needs this many items.
    pub(crate) fn ranking(&mut self, items: u32, need: usize, faults: &Faults) {
        self.items += u64::from(items);
        self.with_twins += usize::from(!faults.duplicates.is_empty());
        if (items as usize) < need {
            if self.short == 0 {
                self.short_length = items;
            }
            self.short += 1;
        }
        self.unknown += (faults.unknown.len() + faults.more_unknown) as u64;
        let numbers = faults.others.iter().filter(|(_, kind)| *kind == Kind::Number).count();
        // The rest of a ranking, beyond the kept faults, is assumed to be like its start.
        let more = if numbers == faults.others.len() { faults.more_others } else { 0 };
        self.numbers += (numbers + more) as u64;
        let is_pair = |kind: &Kind| matches!(kind, Kind::Array | Kind::Object);
        let pairs = faults.others.iter().filter(|(_, kind)| is_pair(kind)).count();
        let more = if pairs == faults.others.len() { faults.more_others } else { 0 };
        self.pairs += (pairs + more) as u64;
        faults.samples.iter().for_each(|id| self.item_samples.offer(id));
    }
}

/// An even sample of many values: whenever there are too many, every other one is dropped.
#[derive(Debug)]
pub(crate) struct Samples {
    kept: Vec<Vec<u8>>,
    offered: usize,
    stride: usize,
}

impl Default for Samples {
    fn default() -> Self {
        Self { kept: Vec::new(), offered: 0, stride: 1 }
    }
}

impl Samples {
    pub(crate) fn offer(&mut self, id: &[u8]) {
        let is_due = self.offered.is_multiple_of(self.stride);
        self.offered += 1;
        if !is_due {
            return;
        }
        if self.kept.len() == SAMPLES {
            let mut index = 0;
            self.kept.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.stride *= 2;
        }
        self.kept.push(id[..id.len().min(SAMPLE_BYTES)].to_vec());
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.kept.iter().map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_from_all_of_a_file_and_stay_few() {
        let mut samples = Samples::default();
        (0..100_000_u32).for_each(|n| samples.offer(n.to_string().as_bytes()));
        let kept: Vec<u32> =
            samples.iter().map(|id| std::str::from_utf8(id).unwrap().parse().unwrap()).collect();
        assert!((SAMPLES / 2..=SAMPLES).contains(&kept.len()), "{}", kept.len());
        assert!(kept.iter().any(|n| *n > 90_000) && kept.contains(&0), "{kept:?}");
    }
}
