//! The two captions of a query: how two people describe the difference of target and reference.
//!
//! Each mentions one to three things, independently, and is sometimes careless with capitals, spaces and
//! letters. The captions are true of the target, but rarely only of it.

use super::garment::{Aspect, Detail, Fabric, Garment, Pattern, Sleeve};
use super::phrases::{self, Phrase, Phrases};
use super::seed::Stream;

/// How likely a difference is noticed.
const NOTICED: [usize; Aspect::ALL.len()] = [
    2,  // kind
    10, // colour
    8,  // pattern
    3,  // accent
    3,  // fabric
    8,  // sleeve
    3,  // neckline
    7,  // length
    3,  // fit
    4,  // detail
    2,  // mood
];

/// How many things one caption mentions, and how often.
const MENTIONED: &[(usize, usize)] = &[(1, 50), (2, 42), (3, 8)];

/// The two captions of one query.
pub(super) fn captions(reference: &Garment, target: &Garment, stream: &mut Stream) -> [String; 2] {
    [(); 2].map(|()| caption(reference, target, stream))
}

fn caption(reference: &Garment, target: &Garment, stream: &mut Stream) -> String {
    let mut differing = reference.differences(target);
    let (mut said, mut phrases) = (Vec::new(), Vec::new());
    for _ in 0..stream.weighted(MENTIONED) {
        if differing.is_empty() {
            break;
        }
        let noticed: Vec<(usize, usize)> =
            differing.iter().enumerate().map(|(i, a)| (i, NOTICED[*a as usize])).collect();
        let aspect = differing.swap_remove(stream.weighted(&noticed));
        phrases.push(mention(aspect, reference, target, stream));
        differing.retain(|other| !overlap(aspect, *other));
        said.push(aspect);
    }
    // people also name what both have in common, and their overall impression
    let bareness = target.bareness() - reference.bareness();
    if bareness.abs() >= 2 && stream.chance(80) {
        let bare = if bareness > 0 { phrases::BARER } else { phrases::LESS_BARE };
        phrases.push(*stream.pick_early(bare));
    } else if phrases.is_empty() || stream.chance(90) {
        let shared = *stream.pick(&[Aspect::Colour, Aspect::Sleeve, Aspect::Length]);
        if !said.iter().any(|aspect| *aspect == shared || overlap(*aspect, shared)) {
            phrases.push(*stream.pick_early(plainly(shared, target)));
        }
    }
    let cut = [Aspect::Kind, Aspect::Sleeve, Aspect::Length, Aspect::Fit];
    let alike = !reference.differences(target).iter().any(|aspect| cut.contains(aspect));
    let sentence = sentence(&phrases, alike, target, stream);
    untidy(sentence, stream)
}

/// Whether phrases for one aspect can name the other too: a pattern's colour is shown with the
/// cloth's or with the pattern.
fn overlap(a: Aspect, b: Aspect) -> bool {
    let told_with = |a, b| a == Aspect::Accent && matches!(b, Aspect::Colour | Aspect::Pattern);
    told_with(a, b) || told_with(b, a)
}

/// Says one difference, by what the target has or by how it compares.
fn mention(aspect: Aspect, reference: &Garment, target: &Garment, stream: &mut Stream) -> Phrase {
    let mut ways = vec![(plainly(aspect, target), 4)];
    ways.extend(compared(aspect, reference, target));
    let phrases = stream.weighted(&ways);
    *stream.pick_early(phrases)
}

/// Ways to name the target's value of an aspect.
fn plainly(aspect: Aspect, target: &Garment) -> Phrases {
    match aspect {
        Aspect::Kind => phrases::kind(target.kind),
        Aspect::Colour => phrases::COLOUR,
        Aspect::Pattern => phrases::pattern(target.pattern),
        Aspect::Accent if target.accent.is_none() => phrases::SOLID_COLOUR,
        Aspect::Accent => phrases::OTHER_COLOURED_PATTERN,
        Aspect::Fabric => phrases::fabric(target.fabric),
        Aspect::Sleeve => phrases::sleeve(target.sleeve),
        Aspect::Neckline => phrases::neckline(target.neckline),
        Aspect::Length => phrases::length(target.length),
        Aspect::Fit => phrases::fit(target.fit),
        Aspect::Detail => phrases::detail(target.detail),
        Aspect::Mood => phrases::mood(target.mood),
    }
}

/// Ways to say how the target compares with the reference in an aspect in which they differ, with
/// weights relative to the 4 of a plain phrase.
fn compared(aspect: Aspect, reference: &Garment, target: &Garment) -> Vec<(Phrases, usize)> {
    let more = |is_more: bool, yes: Phrases, no: Phrases| if is_more { yes } else { no };
    let mut ways = Vec::new();
    match aspect {
        Aspect::Colour => {
            let [old, new] = [reference, target].map(|g| g.colour.lightness());
            if old.abs_diff(new) > 40 {
                ways.push((more(new > old, phrases::LIGHTER, phrases::DARKER), 2));
            }
            let [old, new] = [reference, target].map(|g| g.colour.vividness());
            if old.abs_diff(new) > 80 {
                ways.push((more(new > old, phrases::BRIGHTER, phrases::DULLER), 1));
            }
            let by_pattern = if target.accent.is_some() {
                phrases::COLOUR_AND_ACCENT
            } else {
                phrases::SOLID_COLOUR
            };
            ways.push((by_pattern, 2));
        }
        Aspect::Pattern => {
            ways.push((phrases::without_pattern(reference.pattern), 1));
            if target.pattern == Pattern::Solid {
                ways.push((phrases::PLAINER, 2));
            } else if reference.pattern != Pattern::Solid {
                ways.push((phrases::OTHER_PATTERN, 1));
            }
        }
        Aspect::Accent => {
            if target.accent.is_some() {
                ways.push((phrases::COLOUR_AND_ACCENT, 3));
            }
        }
        Aspect::Fabric => {
            let sheer =
                |g: &Garment| matches!(g.fabric, Fabric::Chiffon | Fabric::Mesh | Fabric::Lace);
            let shiny =
                |g: &Garment| matches!(g.fabric, Fabric::Satin | Fabric::Sequin | Fabric::Leather);
            if sheer(target) && !sheer(reference) {
                ways.push((phrases::SHEERER, 2));
            }
            if shiny(target) != shiny(reference) {
                ways.push((more(shiny(target), phrases::SHINIER, phrases::LESS_SHINY), 2));
            }
        }
        Aspect::Sleeve => {
            if target.sleeve >= Sleeve::Cap {
                let longer = target.sleeve > reference.sleeve;
                ways.push((more(longer, phrases::LONGER_SLEEVES, phrases::SHORTER_SLEEVES), 5));
                if reference.sleeve < Sleeve::Cap {
                    ways.push((phrases::SOME_SLEEVES, 2));
                }
            }
        }
        Aspect::Neckline => {
            let [old, new] = [reference, target].map(|g| g.neckline.depth());
            ways.push(match new.cmp(&old) {
                std::cmp::Ordering::Greater => (phrases::LOWER_NECK, 3),
                std::cmp::Ordering::Less => (phrases::HIGHER_NECK, 3),
                std::cmp::Ordering::Equal => (phrases::OTHER_NECK, 1),
            });
        }
        Aspect::Length => {
            let longer = target.length > reference.length;
            ways.push((more(longer, phrases::LONGER, phrases::SHORTER), 8));
            if (target.length as u8).abs_diff(reference.length as u8) > 1 {
                ways.push((more(longer, phrases::MUCH_LONGER, phrases::MUCH_SHORTER), 3));
            }
        }
        Aspect::Fit => {
            let looser = target.fit > reference.fit;
            ways.push((more(looser, phrases::LOOSER, phrases::TIGHTER), 8));
        }
        Aspect::Detail => {
            let missed = if reference.detail == Detail::Plain { 1 } else { 3 };
            ways.push((phrases::without_detail(reference.detail), missed));
        }
        Aspect::Mood => {
            let formal = target.mood > reference.mood;
            ways.push((more(formal, phrases::MORE_FORMAL, phrases::LESS_FORMAL), 4));
        }
        Aspect::Kind => {}
    }
    ways
}

/// Puts phrases together, with the words for colours and nouns filled in.
fn sentence(phrases: &[Phrase], alike: bool, target: &Garment, stream: &mut Stream) -> String {
    let mut said = String::new();
    if alike && stream.chance(40) {
        said.push_str(stream.pick_early::<&str>(phrases::ALIKE));
    } else if stream.chance(30) {
        said.push_str("the {noun} ");
    } else if stream.chance(20) {
        said.push_str("it ");
    }
    let bare = said.ends_with("but ") || (said.is_empty() && stream.chance(50));
    let mut before = None;
    for phrase in phrases {
        let joint = match (before, phrase) {
            (None, Phrase::Is(_)) if bare => "",
            (None, Phrase::Has(_)) if bare => "with ",
            (None, Phrase::Is(_)) => "is ",
            (None, Phrase::Has(_)) => "has ",
            (Some(Phrase::Is(_)), Phrase::Has(_)) if stream.chance(600) => " with ",
            (Some(Phrase::Is(_)), Phrase::Is(_)) if stream.chance(700) => " and ",
            (Some(Phrase::Has(_)), Phrase::Has(_)) if stream.chance(800) => " and ",
            (Some(_), Phrase::Is(_)) => " and is ",
            (Some(_), Phrase::Has(_)) => " and has ",
        };
        let (Phrase::Is(text) | Phrase::Has(text)) = phrase;
        said.push_str(joint);
        said.push_str(text);
        before = Some(*phrase);
    }
    let accent = target.accent.unwrap_or(target.colour);
    fill(&mut said, "{colour}", phrases::colour(target.colour), stream);
    fill(&mut said, "{accent}", phrases::colour(accent), stream);
    fill(&mut said, "{noun}", phrases::noun(target), stream);
    said
}

/// Puts one of the words in each such place, and "an" for "a" before a vowel.
fn fill(said: &mut String, place: &str, words: &[&str], stream: &mut Stream) {
    while let Some(at) = said.find(place) {
        let word = stream.pick_early(words);
        said.replace_range(at..at + place.len(), word);
        if said[..at].ends_with(" a ") && word.starts_with(['a', 'e', 'i', 'o', 'u']) {
            said.insert(at - 1, 'n');
        }
    }
}

/// Sometimes adds a wrong capital, full stop, space or letter.
fn untidy(mut said: String, stream: &mut Stream) -> String {
    if stream.chance(15) {
        said = misspelt(&said, stream);
    }
    if stream.chance(125) {
        said[..1].make_ascii_uppercase();
    }
    if stream.chance(70) {
        said.push('.');
    } else if stream.chance(10) {
        said.push(' ');
    }
    if stream.chance(10) {
        said.insert(0, ' ');
    }
    said
}

/// Swaps two letters within a word of five letters or more, or drops one.
fn misspelt(said: &str, stream: &mut Stream) -> String {
    let mut words: Vec<String> = said.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len()).filter(|&i| words[i].len() >= 5).collect();
    if !long.is_empty() {
        let word = &mut words[*stream.pick(&long)];
        let at = 1 + stream.below(word.len() - 2);
        let letter = word.remove(at);
        if stream.chance(500) {
            word.insert(at + 1, letter);
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::garment::Category;
    use super::super::lines;
    use super::super::seed::Seed;
    use super::*;

    type Compared = fn(&Garment, &Garment) -> bool;
    type Named = fn(&Garment) -> bool;

    /// Captions in lower case, of pairs that differ in one to four aspects.
    fn said() -> Vec<(Garment, Garment, [String; 2])> {
        let seed = Seed::from_bytes([6; 16]);
        let mut stream = seed.stream("wording", "", "");
        let mut said = Vec::new();
        for &category in Category::ALL {
            let garments = lines::garments(&seed, category, "val", 1000);
            for (i, reference) in garments.iter().enumerate() {
                for target in garments.iter().skip(i + 1).take(20) {
                    if (1..=4).contains(&reference.differences(target).len()) {
                        let captions = captions(reference, target, &mut stream);
                        said.push((*reference, *target, captions.map(|c| c.to_lowercase())));
                    }
                }
            }
        }
        said
    }

    #[test]
    fn what_is_compared_is_true() {
        let claims: [(&str, Compared); 12] = [
            ("longer sleeves", |r, t| t.sleeve > r.sleeve),
            ("shorter sleeves", |r, t| t.sleeve < r.sleeve),
            ("much longer", |r, t| t.length > r.length),
            ("is shorter and", |r, t| t.length < r.length),
            ("lower neckline", |r, t| t.neckline.depth() > r.neckline.depth()),
            ("higher neckline", |r, t| t.neckline.depth() < r.neckline.depth()),
            ("tighter", |r, t| t.fit < r.fit),
            ("looser", |r, t| t.fit > r.fit),
            ("darker", |r, t| t.colour.lightness() < r.colour.lightness()),
            ("lighter", |r, t| t.colour.lightness() > r.colour.lightness()),
            ("more formal", |r, t| t.mood > r.mood),
            ("more revealing", |r, t| t.bareness() > r.bareness()),
        ];
        let said = said();
        for (words, holds) in claims {
            let mut times = 0;
            for (reference, target, captions) in &said {
                if captions.iter().any(|c| c.contains(words)) {
                    assert!(holds(reference, target), "{words}: {reference:?} {target:?}");
                    times += 1;
                }
            }
            assert!(times > 0, "nobody said {words}");
        }
    }

    #[test]
    fn what_is_named_is_the_targets() {
        let claims: [(&str, Named); 6] = [
            ("strapless", |t| t.sleeve == Sleeve::Strapless),
            ("long sleeves", |t| t.sleeve == Sleeve::Long),
            ("floral print", |t| t.pattern == Pattern::Floral),
            ("has no pattern", |t| t.pattern == Pattern::Solid),
            ("has a belt", |t| t.detail == Detail::Belt),
            ("denim", |t| t.fabric == Fabric::Denim),
        ];
        let said = said();
        for (words, holds) in claims {
            let mut about = said.iter().filter(|(_, _, c)| c.iter().any(|c| c.contains(words)));
            assert!(about.clone().count() > 0, "nobody said {words}");
            assert!(about.all(|(_, target, _)| holds(target)), "{words}");
        }
    }

    #[test]
    fn captions_are_as_long_as_peoples_and_leave_no_place_unfilled() {
        let said = said();
        let captions = || said.iter().flat_map(|(_, _, captions)| captions);
        assert!(captions().all(|c| !c.trim().is_empty() && !c.contains(['{', '}'])));
        let words: usize = captions().map(|c| c.split_whitespace().count()).sum();
        let mean = words as f64 / captions().count() as f64;
        assert!(
            (4.5..6.5).contains(&mean),
            "{mean} words a caption; the real ones have 5.2 to 5.6"
        );
    }

    #[test]
    fn a_becomes_an_before_a_vowel() {
        let mut stream = Seed::from_bytes([1; 16]).stream("wording", "", "");
        let mut said = "has a {accent} panel, {accent}".to_owned();
        fill(&mut said, "{accent}", &["orange"], &mut stream);
        assert_eq!(said, "has an orange panel, orange");
    }

    #[test]
    fn a_misspelt_word_keeps_its_first_letter() {
        let mut stream = Seed::from_bytes([1; 16]).stream("wording", "", "");
        for _ in 0..50 {
            let word = misspelt("is striped", &mut stream);
            assert!(word.starts_with("is s") && word.len() >= "is stripe".len(), "{word}");
        }
        assert_eq!(misspelt("is red", &mut stream), "is red");
    }
}
