//! Chooses a reference for each target.
//!
//! Targets are a uniformly random part of the items, each asked for once. The reference is then
//! looked for among all items alike, or among those already in use: so neither being a target nor
//! being a reference depends on id, place or attributes other than by what the garments look like.

use super::garment::{Code, Garment, distance};
use super::seed::Stream;

/// In how many aspects reference and target are meant to differ, and how often.
const DIFFERENCES: &[(usize, usize)] = &[(1, 10), (2, 28), (3, 34), (4, 28)];

/// The most aspects in which they differ, if the gallery has two such items.
const MOST: usize = 4;

/// How likely a reference that is already in use is chosen, in thousandths. This gives about 1.5 queries
/// per reference, as in the real files.
const REUSED: usize = 340;

/// How many items are examined for a reference before the best so far is taken.
const LOOKS: usize = 1024;

/// One query in this many repeats the reference and captions of an earlier one, for another target.
const ECHOED: usize = 500;

/// A query's items, by index.
pub(super) struct Pair {
    pub(super) reference: usize,
    pub(super) target: usize,
    /// The pair with the same reference whose captions are used again. The real files have a few such
    /// rows; they test the matching of answers to queries.
    pub(super) echo: Option<usize>,
}

/// Draws `count` pairs from the garments; no target appears twice or is its own reference. There must be
/// more garments than pairs.
pub(super) fn pair(garments: &[Garment], count: usize, stream: &mut Stream) -> Vec<Pair> {
    let codes: Vec<Code> = garments.iter().map(Garment::code).collect();
    let echoes = count.div_ceil(ECHOED);
    let mut unasked = stream.order(garments.len());
    let mut references = References { items: (0..garments.len()).collect(), used: 0 };
    let mut pairs = Vec::with_capacity(count);
    while pairs.len() < count - echoes {
        let Some(target) = unasked.pop() else { break };
        let reference = references.choose(&codes, target, stream);
        pairs.push(Pair { reference, target, echo: None });
    }
    let originals = pairs.len();
    for of in stream.order(originals) {
        if pairs.len() == count {
            break;
        }
        if let Some(at) = echo(&codes, &pairs[of], &unasked) {
            let target = unasked.swap_remove(at);
            pairs.push(Pair { reference: pairs[of].reference, target, echo: Some(of) });
        }
    }
    while pairs.len() < count {
        let Some(target) = unasked.pop() else { break };
        let reference = references.choose(&codes, target, stream);
        pairs.push(Pair { reference, target, echo: None });
    }
    pairs
}

/// All items: first the references in use, then the rest.
struct References {
    items: Vec<usize>,
    used: usize,
}

impl References {
    fn choose(&mut self, codes: &[Code], target: usize, stream: &mut Stream) -> usize {
        let wanted = stream.weighted(DIFFERENCES);
        let again = stream.chance(REUSED);
        let (used, unused) = self.items.split_at(self.used);
        let found = if again { look(codes, target, wanted, used, stream) } else { None };
        let place = found
            .or_else(|| Some(used.len() + look(codes, target, wanted, unused, stream)?))
            .unwrap_or_else(|| nearest(codes, target, &self.items));
        if place < self.used {
            return self.items[place];
        }
        self.items.swap(place, self.used);
        self.used += 1;
        self.items[self.used - 1]
    }
}

/// Looks at random items of a pool for one that differs from the target in as many aspects as
/// wanted, or nearly, and returns its position; none if all that were seen differ in more than
/// [`MOST`] or in none.
fn look(
    codes: &[Code],
    target: usize,
    wanted: usize,
    pool: &[usize],
    stream: &mut Stream,
) -> Option<usize> {
    let mut best = None;
    for _ in 0..LOOKS.min(4 * pool.len()) {
        let place = stream.below(pool.len());
        let differences = distance(&codes[pool[place]], &codes[target]);
        if differences == wanted {
            return Some(place);
        }
        let off = differences.abs_diff(wanted);
        let usable = (1..=MOST).contains(&differences);
        if usable && best.is_none_or(|(least, _)| off < least) {
            best = Some((off, place));
        }
    }
    best.map(|(_, place)| place)
}

/// The position of the item that differs least from the target, but does differ if any does.
fn nearest(codes: &[Code], target: usize, items: &[usize]) -> usize {
    let others = (0..items.len()).filter(|&place| items[place] != target);
    let key = |&place: &usize| match distance(&codes[items[place]], &codes[target]) {
        0 => usize::MAX,
        differences => differences,
    };
    others.min_by_key(key).expect("a gallery holds more items than queries")
}

/// The position in `unasked` of the item most like the pair's target, among those for which everything
/// is true that can be said of that target in comparison with its reference.
fn echo(codes: &[Code], pair: &Pair, unasked: &[usize]) -> Option<usize> {
    let (reference, target) = (&codes[pair.reference], &codes[pair.target]);
    let fits = |code: &Code| {
        let mut aspects = reference.iter().zip(target).zip(code);
        (1..=MOST).contains(&distance(code, reference))
            && aspects.all(|((r, t), c)| r == t || t == c)
    };
    let candidates = unasked.iter().enumerate().filter(|(_, item)| fits(&codes[**item]));
    candidates.min_by_key(|(_, item)| distance(&codes[**item], target)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::garment::Category;
    use super::super::lines;
    use super::super::seed::Seed;
    use super::*;

    fn drawn(items: usize, count: usize) -> (Vec<Garment>, Vec<Pair>) {
        let seed = Seed::from_bytes([5; 16]);
        let garments = lines::garments(&seed, Category::Toptee, "val", items);
        let pairs = pair(&garments, count, &mut seed.stream("pairing", "toptee", "val"));
        (garments, pairs)
    }

    #[test]
    fn each_target_is_asked_for_once_and_never_from_itself() {
        for (items, count) in [(20, 11), (300, 299), (2000, 1060)] {
            let (_, pairs) = drawn(items, count);
            assert_eq!(pairs.len(), count);
            let targets: BTreeSet<usize> = pairs.iter().map(|p| p.target).collect();
            assert_eq!(targets.len(), count);
            assert!(pairs.iter().all(|p| p.target != p.reference));
        }
    }

    #[test]
    fn reference_and_target_differ_in_one_to_four_aspects() {
        let (garments, pairs) = drawn(2000, 1060);
        let far = |p: &&Pair| {
            let n = garments[p.reference].differences(&garments[p.target]).len();
            !(1..=MOST).contains(&n)
        };
        let far = pairs.iter().filter(far).count();
        // a few garments are unlike all others
        assert!(far * 50 <= pairs.len(), "{far} of {} pairs differ in more", pairs.len());
    }

    #[test]
    fn a_reference_has_about_one_and_a_half_queries() {
        let (_, pairs) = drawn(4000, 2120);
        let references: BTreeSet<usize> = pairs.iter().map(|p| p.reference).collect();
        let mean = pairs.len() as f64 / references.len() as f64;
        assert!((1.4..1.6).contains(&mean), "{mean}");
    }

    #[test]
    fn an_echo_differs_from_the_reference_in_all_that_the_first_does() {
        let (garments, pairs) = drawn(4000, 2120);
        let echoes: Vec<&Pair> = pairs.iter().filter(|p| p.echo.is_some()).collect();
        assert_eq!(echoes.len(), 5);
        for second in echoes {
            let first = &pairs[second.echo.unwrap()];
            assert_eq!(first.reference, second.reference);
            let [r, a, b] = [first.reference, first.target, second.target].map(|i| garments[i]);
            let said = r.differences(&a);
            assert!(a.differences(&b).iter().all(|aspect| !said.contains(aspect)));
        }
    }
}
