//! A user without a model: says in fixed phrases what the target's texts have and the shown item's lack.

use crate::chance::Chance;
use crate::facts::{Fact, Facts};
use crate::phrases::Verb;
use crate::simulator::{Seen, Simulator};
use crate::texts::ItemTexts;

/// The longest caption, in words.
const WORDS: usize = 12;

/// The most facts of a caption.
const FACTS: usize = 3;

/// How often a caption also says what the target is not, if that is known.
const DENIES: f64 = 0.3;

/// The power of a fact's rarity in how readily it is said.
const RARITY: f64 = 0.5;

/// How a caption begins if the target itself is shown.
const FOUND: &str = "is exactly this";

/// Whether a caption says that the shown item is the wanted one.
pub fn is_found(caption: &str) -> bool {
    caption.starts_with(FOUND)
}

/// What a user says to the wanted item.
pub fn found(noun: &str) -> String {
    format!("{FOUND} {noun}")
}

/// Says what the target's texts have and the shown item's texts lack, such as `is black and has long
/// sleeves`. What it says follows from these texts, and it says nothing that only one or two items have.
#[derive(Debug)]
pub struct Template {
    facts: Facts,
    /// What the items are called: `dress`.
    noun: String,
}

impl Template {
    /// A user who knows these items of a group.
    pub fn new(group: &str, texts: &ItemTexts) -> Self {
        let (noun, motif) = match group {
            "dress" => ("dress", "print"),
            "shirt" => ("shirt", "graphic"),
            "toptee" => ("top", "graphic"),
            other => (other, "motif"),
        };
        Self { facts: Facts::new(texts, motif), noun: noun.to_owned() }
    }

    /// The facts that can be said, each with how readily: those that the shown item lacks, or all.
    fn sayable(&self, seen: &Seen<'_>, lacking: bool) -> Vec<(u32, f64)> {
        let shown = self.facts.of_item(seen.shown);
        let own = self.facts.of_item(seen.target).iter().copied();
        let sayable = own.filter(|fact| {
            if lacking {
                !shown.contains(fact)
            } else {
                !self.facts.fact(*fact).aspect.is_relative()
            }
        });
        let sayable = sayable.filter(|fact| !is_said(self.facts.fact(*fact), seen.earlier));
        let weight = |fact| {
            let salience = self.facts.fact(fact).aspect.salience();
            salience * self.facts.rarity(fact).max(0.1).powf(RARITY)
        };
        sayable.map(|fact| (fact, weight(fact))).collect()
    }

    /// Something that the shown item is and the target, by its texts, is not.
    fn denied(&self, seen: &Seen<'_>, chance: &mut Chance) -> Option<&Fact> {
        let target = self.facts.of_item(seen.target);
        let has_other = |aspect| target.iter().any(|own| self.facts.fact(*own).aspect == aspect);
        let deniable = |fact: &u32| {
            let it = self.facts.fact(*fact);
            let is_so = it.aspect.is_exclusive() && !target.contains(fact) && has_other(it.aspect);
            is_so && !is_said(it, seen.earlier)
        };
        let all: Vec<u32> =
            self.facts.of_item(seen.shown).iter().copied().filter(deniable).collect();
        if all.is_empty() || chance.share() >= DENIES {
            return None;
        }
        Some(self.facts.fact(all[chance.below(all.len() as u64) as usize]))
    }
}

impl Simulator for Template {
    fn caption(&self, seen: &Seen<'_>) -> String {
        if seen.shown == seen.target {
            return found(&self.noun);
        }
        let parts =
            [&seen.target.to_le_bytes()[..], &seen.shown.to_le_bytes(), &seen.turn.to_le_bytes()];
        let mut chance = Chance::new(&seen.seed.to_le_bytes(), &parts);
        let most = match chance.below(5) {
            0 => 1,
            4 => FACTS,
            _ => 2,
        };
        let lacking = self.sayable(seen, true);
        let also = lacking.is_empty();
        let sayable = if also { self.sayable(seen, false) } else { lacking };
        let mut chosen: Vec<&Fact> = choose(sayable, most, &mut chance)
            .into_iter()
            .map(|fact| self.facts.fact(fact))
            .collect();
        let denied = self.denied(seen, &mut chance);
        loop {
            let caption = phrase(&chosen, denied, also, chance.below(2) == 0);
            match caption {
                Some(caption) if caption.split(' ').count() <= WORDS => return caption,
                _ if chosen.pop().is_some() => {}
                _ => return format!("is a different {}", self.noun),
            }
        }
    }
}

impl Template {
    /// Its name and version. Another version can say something else, so scores of two versions can't be
    /// compared: a change of any caption needs another number.
    pub const VERSION: &str = "template 1";
}

/// Some of these, drawn by their weights.
fn choose(mut from: Vec<(u32, f64)>, most: usize, chance: &mut Chance) -> Vec<u32> {
    let mut chosen = Vec::new();
    while chosen.len() < most && !from.is_empty() {
        let mut left = chance.share() * from.iter().map(|(_, weight)| weight).sum::<f64>();
        let at = from.iter().position(|(_, weight)| {
            left -= weight;
            left < 0.0
        });
        chosen.push(from.remove(at.unwrap_or(from.len() - 1)).0);
    }
    chosen
}

/// Whether an earlier caption says a fact, or denies it.
fn is_said(fact: &Fact, earlier: &[&str]) -> bool {
    let says = format!(" {} ", fact.says);
    earlier.iter().any(|caption| format!(" {} ", caption.replace(',', " ,")).contains(&says))
}

/// A caption of these facts, `is black with long sleeves, not red`; none if there is nothing to say.
fn phrase(facts: &[&Fact], denied: Option<&Fact>, also: bool, with: bool) -> Option<String> {
    let of = |verb| {
        let says: Vec<&str> =
            facts.iter().filter(|it| it.verb == verb).map(|it| it.says.as_str()).collect();
        (!says.is_empty()).then(|| says.join(" and "))
    };
    let also = if also { "also " } else { "" };
    let said = match (of(Verb::Is), of(Verb::Has)) {
        (Some(is), Some(has)) if with => Some(format!("is {also}{is} with {has}")),
        (Some(is), Some(has)) => Some(format!("is {also}{is} and has {has}")),
        (Some(is), None) => Some(format!("is {also}{is}")),
        (None, Some(has)) if also.is_empty() => Some(format!("has {has}")),
        (None, Some(has)) => Some(format!("{also}has {has}")),
        (None, None) => None,
    };
    let denial = denied.map(|it| match it.verb {
        Verb::Is => format!("is not {}", it.says),
        Verb::Has => format!("has no {}", it.says.trim_start_matches("a ")),
    });
    match (said, denial) {
        (Some(said), Some(denial)) => {
            let same = facts.iter().all(|it| it.verb == Verb::Is) && denial.starts_with("is ");
            let denial = if same { denial.trim_start_matches("is ") } else { &denial };
            Some(format!("{said} and {denial}"))
        }
        (said, denial) => said.or(denial),
    }
}

#[cfg(test)]
mod tests {
    use dataset::{Attributes, Gallery, ItemCaptions, ItemId};
    use proptest::prelude::*;

    use super::*;

    /// Items with these sentences; an empty one has none.
    fn texts(sentences: &[&str]) -> ItemTexts {
        let ids: Vec<String> = (0..sentences.len()).map(|n| format!("item{n}")).collect();
        let gallery = Gallery::new(ids.iter().map(|id| ItemId::new(id).unwrap())).unwrap();
        let own = ids.iter().zip(sentences).filter(|(_, sentence)| !sentence.is_empty());
        let own = own.map(|(id, sentence)| (id.clone(), (*sentence).to_owned())).collect();
        ItemTexts::new(&gallery, &Attributes::default(), &ItemCaptions::new(own))
    }

    fn seen<'a>(target: u32, shown: u32, earlier: &'a [&'a str], seed: u64) -> Seen<'a> {
        Seen { target, shown, turn: earlier.len() as u32 + 1, earlier, seed }
    }

    #[test]
    fn captions_say_what_the_target_has_and_the_shown_item_lacks() {
        let all =
            texts(&["a red short sleeve dress", "a black striped dress with long sleeves", ""]);
        let user = Template::new("dress", &all);
        let said: std::collections::BTreeSet<String> =
            (0..40).map(|seed| user.caption(&seen(1, 0, &[], seed))).collect();
        let allowed = ["black", "striped", "long sleeves"];
        assert!(said.iter().all(|it| allowed.iter().any(|fact| it.contains(fact))), "{said:?}");
        assert!(said.contains("is black and has long sleeves"), "{said:?}");
        assert!(said.iter().any(|it| it.ends_with("not red")), "{said:?}");
        assert!(said.iter().any(|it| it.ends_with("no short sleeves")), "{said:?}");
        assert!(said.len() > 8, "{said:?}");
        assert_eq!(user.caption(&seen(2, 0, &[], 1)), "is a different dress");
    }

    #[test]
    fn a_user_who_sees_the_target_says_so() {
        let user = Template::new("toptee", &texts(&["a red top", "a black top"]));
        assert_eq!(user.caption(&seen(1, 1, &[], 3)), "is exactly this top");
    }

    #[test]
    fn it_says_something_new_as_long_as_there_is_something() {
        let all = texts(&["a dress", "a black striped lace dress with long sleeves and a belt"]);
        let user = Template::new("dress", &all);
        let mut said: Vec<String> = Vec::new();
        for _ in 0..6 {
            let earlier: Vec<&str> = said.iter().map(String::as_str).collect();
            said.push(user.caption(&seen(1, 0, &earlier, 3)));
        }
        let text = said.join("; ");
        for fact in ["black", "striped", "lace", "long sleeves", "a belt"] {
            assert_eq!(text.matches(fact).count(), 1, "{text}");
        }
        assert_eq!(said.last().unwrap(), "is a different dress");
    }

    #[test]
    fn what_both_items_have_is_said_once_nothing_else_is_left() {
        let all = texts(&["a black dress", "a black dress"]);
        let user = Template::new("dress", &all);
        assert_eq!(user.caption(&seen(1, 0, &[], 3)), "is also black");
    }

    const SENTENCES: [&str; 6] = [
        "a red short sleeve dress with a cat",
        "a black striped dress with long sleeves and a dog",
        "",
        "a woman in a blue polka dot gown with a v - neck, a belt and a bow",
        "a white and green floral sheer layered mini dress with beaded straps and ruffles",
        "the only dress with zyzzyva and a cat",
    ];

    proptest! {
        #[test]
        fn captions_are_true_short_and_name_no_item(
            target in 0_usize..6, shown in 0_usize..6, turn in 0_usize..4, seed in any::<u64>()
        ) {
            let all = texts(&SENTENCES);
            let user = Template::new("dress", &all);
            let earlier = vec!["is black"; turn];
            let caption = user.caption(&seen(target as u32, shown as u32, &earlier, seed));
            prop_assert_eq!(&caption, &user.caption(&seen(target as u32, shown as u32, &earlier, seed)));
            prop_assert!((2..=WORDS).contains(&caption.split(' ').count()), "{}", caption);
            prop_assert_eq!(caption.starts_with(FOUND), target == shown);
            for word in ["zyzzyva", "item", "woman"] {
                prop_assert!(!caption.contains(word), "{}", caption);
            }
            let own = user.facts.of_item(target as u32);
            for fact in (0..).map_while(|n| (n < user.facts.len() as u32).then_some(n)) {
                let it = user.facts.fact(fact);
                let denied = caption.contains(&format!("not {}", it.says))
                    || caption.contains(&format!("no {}", it.says.trim_start_matches("a ")));
                if denied {
                    prop_assert!(!own.contains(&fact), "{}", caption);
                } else if is_said(it, &[&caption]) {
                    prop_assert!(own.contains(&fact), "{}: {}", caption, it.says);
                }
            }
        }
    }
}
