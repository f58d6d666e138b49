//! Counts the objects of a file, for the diagnosis.

use crate::benchmark::GroupList;
use crate::diagnosis::Evidence;
use crate::text::shown;

use super::matching::Identity;
use super::object::Row;

/// How many unknown keys are kept.
const KEYS: usize = 5;

impl Evidence {
    /// Counts an object with this many captions.
    pub(super) fn object(&mut self, list: GroupList<'_>, says: &Identity<'_>, captions: usize) {
        let row = self.objects;
        self.objects += 1;
        let Some(reference) = says.reference else { return };
        // Most files are in the list's order, where a comparison is enough.
        let is_in_order = row < self.queries && reference == list.reference(row);
        if !is_in_order && !list.has_reference(reference) {
            self.strangers += 1;
            self.candidate_samples.offer(reference);
        }
        let said = says.captions.unwrap_or_default();
        if row > 0 && self.before.reference == reference {
            let same = self.before.captions == said;
            self.repeated += usize::from(same);
            self.caption_apart += usize::from(captions == 1 && !same);
        }
        if row >= self.queries && reference == list.reference(row % self.queries) {
            self.restarted += 1;
        }
        self.before.reference.clear();
        self.before.reference.extend_from_slice(reference);
        self.before.captions.clear();
        self.before.captions.extend_from_slice(said);
    }

    /// Counts what an object lacks.
    pub(super) fn fields(&mut self, row: &Row) {
        self.without_ranking += usize::from(!row.has_ranking);
        self.nameless += usize::from(row.is_nameless());
        if self.other_keys.is_empty() && (!row.has_ranking || row.is_nameless()) {
            self.other_keys = row.unknown_keys().take(KEYS).map(shown).collect();
        }
    }
}
