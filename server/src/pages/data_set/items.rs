//! Queries and items as pages show them.

use domain::challenges::{ExploredSplit, QueryPlace};
use web::pages::{ListedQuery, ShownItem};

use super::super::layout;
use super::PhaseData;

/// How many attributes of an item are shown; of one without any, its caption.
const WORDS: usize = 6;

impl PhaseData {
    /// An item of a group.
    pub(super) fn item(&self, split: &ExploredSplit, group: &str, id: &str) -> ShownItem {
        let (challenge, phase) = (&self.located.challenge, &self.located.phase);
        let has_picture = self.explored.has_picture(group, id);
        let mut words = split.attributes(group, id);
        if words.is_empty() {
            words.extend(split.item_caption(group, id));
        }
        let words = words.into_iter().take(WORDS).map(str::to_owned);
        ShownItem {
            id: id.to_owned(),
            picture: has_picture.then(|| layout::picture(challenge, phase, group, id)),
            words: words.collect(),
        }
    }

    /// A query, with its targets where they are public.
    pub(super) fn listed(
        &self,
        split: &ExploredSplit,
        place: QueryPlace,
        kept: &str,
    ) -> ListedQuery {
        let (group, query) = split.query(place);
        let (challenge, phase) = (&self.located.challenge, &self.located.phase);
        let targets = split.targets(place).into_iter();
        ListedQuery {
            id: query.id.clone(),
            href: format!("{}{kept}", layout::query(challenge, phase, &query.id)),
            group: group.name.clone(),
            reference: self.item(split, &group.name, query.reference.as_str()),
            captions: query.captions.clone(),
            targets: targets.map(|id| self.item(split, &group.name, id)).collect(),
        }
    }
}
