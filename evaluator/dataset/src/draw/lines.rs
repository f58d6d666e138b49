//! How garments are drawn from a wardrobe.
//!
//! A category has a few *lines*: base garments from which the rest is varied, as a shop's dresses
//! are variations on a few cuts. That is what gives an item neighbours that differ in little.

use super::garment::{
    Category, Colour, Detail, Fabric, Garment, Kind, Length, Mood, Neckline, Pattern, Sleeve,
};
use super::seed::{Seed, Stream};
use super::wardrobe::{self, Wardrobe};

/// How many lines a category has, in all splits together.
const LINES: usize = 12;

/// How likely an aspect of a garment is its line's, in thousandths; otherwise it is drawn separately.
const KEPT: usize = 660;

/// The garments of one group of one split.
pub(super) fn garments(seed: &Seed, category: Category, split: &str, items: usize) -> Vec<Garment> {
    let wardrobe = wardrobe::of(category);
    // The lines are the category's, not the split's, so what is learned on train applies to test.
    let mut stream = seed.stream("lines", category.name(), "");
    let lines: Vec<Garment> = (0..LINES).map(|_| wardrobe.draw(&mut stream)).collect();
    let mut stream = seed.stream("garments", category.name(), split);
    (0..items)
        .map(|_| {
            let line = stream.pick_early(&lines);
            wardrobe.vary(line, &mut stream)
        })
        .collect()
}

impl Wardrobe {
    /// A garment without a line.
    fn draw(&self, stream: &mut Stream) -> Garment {
        settle(self.afresh(stream))
    }

    /// A garment of a line.
    fn vary(&self, line: &Garment, stream: &mut Stream) -> Garment {
        fn either<T: Copy>(line: T, fresh: T, stream: &mut Stream) -> T {
            if stream.chance(KEPT) { line } else { fresh }
        }
        let fresh = self.afresh(stream);
        settle(Garment {
            kind: either(line.kind, fresh.kind, stream),
            colour: either(line.colour, fresh.colour, stream),
            pattern: either(line.pattern, fresh.pattern, stream),
            accent: either(line.accent.or(fresh.accent), fresh.accent, stream),
            fabric: either(line.fabric, fresh.fabric, stream),
            sleeve: either(line.sleeve, fresh.sleeve, stream),
            neckline: either(line.neckline, fresh.neckline, stream),
            length: either(line.length, fresh.length, stream),
            fit: either(line.fit, fresh.fit, stream),
            detail: either(line.detail, fresh.detail, stream),
            mood: either(line.mood, fresh.mood, stream),
        })
    }

    /// Each aspect by itself, whether or not they go together; always with an accent.
    fn afresh(&self, stream: &mut Stream) -> Garment {
        Garment {
            kind: stream.weighted(self.kind),
            colour: stream.weighted(self.colour),
            pattern: stream.weighted(self.pattern),
            accent: Some(stream.weighted(self.colour)),
            fabric: stream.weighted(self.fabric),
            sleeve: stream.weighted(self.sleeve),
            neckline: stream.weighted(self.neckline),
            length: stream.weighted(self.length),
            fit: stream.weighted(self.fit),
            detail: stream.weighted(self.detail),
            mood: stream.weighted(self.mood),
        }
    }
}

/// Makes the aspects go together: what it is sold as decides, then the sleeves.
fn settle(mut garment: Garment) -> Garment {
    match garment.kind {
        Kind::Gown => {
            garment.length = Length::Maxi;
            garment.mood = garment.mood.max(Mood::Elegant);
        }
        Kind::ShirtDress | Kind::ButtonDown => {
            garment.neckline = Neckline::Collar;
            garment.detail = Detail::Buttons;
        }
        Kind::Polo => garment.neckline = Neckline::Collar,
        Kind::WrapDress => garment.neckline = garment.neckline.max(Neckline::VNeck),
        Kind::Tee => garment.sleeve = garment.sleeve.max(Sleeve::Cap),
        Kind::Henley => {
            garment.neckline = Neckline::Crew;
            garment.detail = Detail::Buttons;
        }
        Kind::Tank => garment.sleeve = garment.sleeve.clamp(Sleeve::Straps, Sleeve::Sleeveless),
        Kind::Sweater => garment.fabric = Fabric::Knit,
        Kind::Cardigan => {
            garment.fabric = Fabric::Knit;
            garment.neckline = Neckline::VNeck;
            garment.detail = Detail::Buttons;
            garment.sleeve = garment.sleeve.max(Sleeve::Short);
        }
        Kind::Dress | Kind::Sundress | Kind::Top | Kind::Blouse => {}
    }
    if garment.neckline == Neckline::Collar {
        garment.sleeve = garment.sleeve.max(Sleeve::Sleeveless);
    }
    match garment.sleeve {
        // nothing holds a neckline up but the bodice
        Sleeve::Strapless => garment.neckline = Neckline::Sweetheart,
        Sleeve::Straps if garment.neckline < Neckline::Square => garment.neckline = Neckline::Scoop,
        _ => {}
    }
    garment.accent = match garment.accent {
        _ if garment.pattern == Pattern::Solid => None,
        Some(accent) if accent != garment.colour => Some(accent),
        _ if garment.colour == Colour::White => Some(Colour::Black),
        _ => Some(Colour::White),
    };
    garment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many() -> Vec<(Category, Garment)> {
        let seed = Seed::from_bytes([3; 16]);
        let of = |&c: &Category| garments(&seed, c, "val", 3000).into_iter().map(move |g| (c, g));
        Category::ALL.iter().flat_map(of).collect()
    }

    #[test]
    fn no_garment_contradicts_itself() {
        for (_, g) in many() {
            assert_eq!(g.accent.is_none(), g.pattern == Pattern::Solid, "{g:?}");
            assert_ne!(g.accent, Some(g.colour), "{g:?}");
            assert_eq!(settle(g), g, "settling twice changes nothing: {g:?}");
            let strapless = g.sleeve == Sleeve::Strapless;
            assert!(!strapless || g.neckline == Neckline::Sweetheart, "{g:?}");
            assert!(g.kind != Kind::Tee || g.sleeve >= Sleeve::Cap, "{g:?}");
        }
    }

    #[test]
    fn dresses_are_as_long_as_dresses_and_tops_as_tops() {
        for (category, g) in many() {
            assert_eq!(category == Category::Dress, g.length >= Length::Mini, "{g:?}");
        }
    }

    #[test]
    fn no_colour_is_missing() {
        let colours: Vec<Colour> = many().into_iter().map(|(_, g)| g.colour).collect();
        for colour in Colour::ALL {
            assert!(colours.contains(colour), "{colour:?}");
        }
    }

    #[test]
    fn splits_share_their_lines_but_no_stream() {
        let seed = Seed::from_bytes([3; 16]);
        let [val, test] = ["val", "test"].map(|s| garments(&seed, Category::Dress, s, 50));
        assert_ne!(val, test);
    }
}
