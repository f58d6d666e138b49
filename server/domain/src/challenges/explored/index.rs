//! Which queries have which words.

use std::collections::BTreeMap;

use dataset::Query;
use dataset::statistics::words_of;

/// How many words of a search count.
const MOST_WORDS: usize = 12;

/// The queries by the words of their captions, and by the ids in them.
///
/// The words are sorted, so that all words with the same beginning are next to each other.
#[derive(Default)]
pub(super) struct QueryIndex {
    words: BTreeMap<String, Vec<u32>>,
    ids: BTreeMap<String, Vec<u32>>,
}

impl QueryIndex {
    /// Adds a query; numbers come in rising order.
    pub(super) fn add(&mut self, number: u32, query: &Query) {
        for word in query.captions.iter().flat_map(|caption| words_of(caption)) {
            note(&mut self.words, word, number);
        }
        for id in [query.id.as_str(), query.reference.as_str()] {
            note(&mut self.ids, id.to_lowercase(), number);
        }
    }

    /// The numbers of the queries that have all words of a text, in rising order; none if the text has no
    /// word, so that all have.
    pub(super) fn find(&self, text: &str) -> Option<Vec<u32>> {
        let mut found: Option<Vec<u32>> = None;
        let typed = text.split_whitespace().map(str::to_lowercase);
        for term in typed.take(MOST_WORDS) {
            if let Some(with_id) = self.ids.get(&term) {
                found = Some(both(found, with_id.clone()));
                continue;
            }
            for word in words_of(&term) {
                found = Some(both(found, self.beginning_with(&word)));
            }
        }
        found
    }

    fn beginning_with(&self, start: &str) -> Vec<u32> {
        let words = self.words.range(start.to_owned()..);
        let own = words.take_while(|(word, _)| word.starts_with(start));
        let mut found: Vec<u32> = own.flat_map(|(_, numbers)| numbers).copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn note(lists: &mut BTreeMap<String, Vec<u32>>, key: String, number: u32) {
    let list = lists.entry(key).or_default();
    if list.last() != Some(&number) {
        list.push(number);
    }
}

/// What is in both lists; the second, if there is no first.
fn both(one: Option<Vec<u32>>, other: Vec<u32>) -> Vec<u32> {
    match one {
        None => other,
        Some(one) => one.into_iter().filter(|number| other.binary_search(number).is_ok()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataset::ItemId;

    #[test]
    fn all_words_count_beginnings_are_enough_and_ids_are_found_whole() {
        let mut index = QueryIndex::default();
        let all = [
            ("dress.val.0", "B00A", "is Red, with longer sleeves"),
            ("dress.val.1", "B00B", "is red and sleeveless; a V-neck"),
            ("dress.val.2", "B00A", "more blue"),
        ];
        for (number, (id, reference, caption)) in (0..).zip(all) {
            let reference = ItemId::new(reference).unwrap();
            let captions = vec![caption.to_owned()];
            index.add(number, &Query { id: id.to_owned(), reference, captions });
        }
        let find = |text: &str| index.find(text);
        assert_eq!(find("  ,"), None);
        assert_eq!(find("sleeve"), Some(vec![0, 1]));
        assert_eq!(find("RED sleeves"), Some(vec![0]));
        assert_eq!(find("v-neck"), Some(vec![1]));
        assert_eq!(find("b00a"), Some(vec![0, 2]));
        assert_eq!(find("dress.val.2"), Some(vec![2]));
        assert_eq!(find("b00a red"), Some(vec![0]));
        assert_eq!(find("purple red"), Some(vec![]));
    }
}
