//! What is worn in each category, how often, and how garments are drawn from it.
//!
//! A category has a few *lines*: base garments from which the rest is varied, as a shop's dresses
//! are variations on a few cuts. That is what gives an item neighbours that differ in little.

use super::garment::{
    Category, Colour, Detail, Fabric, Fit, Garment, Kind, Length, Mood, Neckline, Pattern, Sleeve,
};
use super::seed::{Seed, Stream};

/// How many lines a category has, in all splits together.
const LINES: usize = 20;

/// How likely an aspect of a garment is its line's, in thousandths; else it is drawn afresh.
const KEPT: usize = 600;

type Weights<T> = &'static [(T, usize)];

/// How often each value is drawn in a category.
struct Wardrobe {
    kind: Weights<Kind>,
    pattern: Weights<Pattern>,
    fabric: Weights<Fabric>,
    sleeve: Weights<Sleeve>,
    neckline: Weights<Neckline>,
    length: Weights<Length>,
    fit: Weights<Fit>,
    detail: Weights<Detail>,
    mood: Weights<Mood>,
}

const COLOURS: Weights<Colour> = &[
    (Colour::Black, 20),
    (Colour::White, 13),
    (Colour::Blue, 8),
    (Colour::Grey, 7),
    (Colour::Red, 7),
    (Colour::Navy, 6),
    (Colour::Pink, 5),
    (Colour::Green, 4),
    (Colour::Purple, 4),
    (Colour::LightBlue, 4),
    (Colour::Brown, 3),
    (Colour::Beige, 3),
    (Colour::Cream, 3),
    (Colour::Yellow, 3),
    (Colour::Charcoal, 2),
    (Colour::Burgundy, 2),
    (Colour::Orange, 2),
    (Colour::Coral, 2),
    (Colour::HotPink, 2),
    (Colour::Teal, 2),
    (Colour::Turquoise, 2),
    (Colour::Lavender, 2),
    (Colour::Mint, 2),
    (Colour::Olive, 2),
    (Colour::Silver, 1),
    (Colour::Gold, 1),
];

const DRESS: Wardrobe = Wardrobe {
    kind: &[
        (Kind::Dress, 60),
        (Kind::Sundress, 14),
        (Kind::Gown, 10),
        (Kind::WrapDress, 10),
        (Kind::ShirtDress, 6),
    ],
    pattern: &[
        (Pattern::Solid, 50),
        (Pattern::Floral, 14),
        (Pattern::Striped, 8),
        (Pattern::Abstract, 6),
        (Pattern::Animal, 5),
        (Pattern::Dotted, 5),
        (Pattern::Geometric, 4),
        (Pattern::ColourBlock, 4),
        (Pattern::Paisley, 2),
        (Pattern::TieDye, 2),
    ],
    fabric: &[
        (Fabric::Cotton, 30),
        (Fabric::Chiffon, 18),
        (Fabric::Knit, 14),
        (Fabric::Lace, 12),
        (Fabric::Satin, 10),
        (Fabric::Sequin, 6),
        (Fabric::Mesh, 4),
        (Fabric::Linen, 3),
        (Fabric::Velvet, 2),
        (Fabric::Denim, 1),
    ],
    sleeve: &[
        (Sleeve::Sleeveless, 30),
        (Sleeve::Straps, 18),
        (Sleeve::Strapless, 14),
        (Sleeve::Short, 14),
        (Sleeve::Long, 10),
        (Sleeve::Cap, 8),
        (Sleeve::ThreeQuarter, 6),
    ],
    neckline: &[
        (Neckline::Scoop, 28),
        (Neckline::VNeck, 22),
        (Neckline::Crew, 14),
        (Neckline::Sweetheart, 8),
        (Neckline::Boat, 7),
        (Neckline::Halter, 7),
        (Neckline::Square, 5),
        (Neckline::Plunging, 4),
        (Neckline::Cowl, 4),
        (Neckline::Turtleneck, 1),
    ],
    length: &[(Length::Knee, 40), (Length::Mini, 28), (Length::Maxi, 20), (Length::Midi, 12)],
    fit: &[(Fit::Regular, 35), (Fit::Fitted, 30), (Fit::Loose, 20), (Fit::Tight, 15)],
    detail: &[
        (Detail::Plain, 36),
        (Detail::Belt, 14),
        (Detail::Ruffles, 12),
        (Detail::Pleats, 10),
        (Detail::Beading, 6),
        (Detail::LaceTrim, 5),
        (Detail::Zipper, 4),
        (Detail::Bow, 4),
        (Detail::Cutouts, 3),
        (Detail::Buttons, 3),
        (Detail::Embroidery, 2),
        (Detail::Fringe, 1),
    ],
    mood: &[
        (Mood::Casual, 35),
        (Mood::Party, 22),
        (Mood::Elegant, 20),
        (Mood::Formal, 10),
        (Mood::Bohemian, 7),
        (Mood::Vintage, 6),
    ],
};

const SHIRT: Wardrobe = Wardrobe {
    kind: &[
        (Kind::Tee, 58),
        (Kind::ButtonDown, 24),
        (Kind::Polo, 10),
        (Kind::Henley, 4),
        (Kind::Tank, 4),
    ],
    pattern: &[
        (Pattern::Solid, 26),
        (Pattern::Graphic, 28),
        (Pattern::Lettering, 18),
        (Pattern::Striped, 10),
        (Pattern::Plaid, 10),
        (Pattern::Abstract, 3),
        (Pattern::Floral, 2),
        (Pattern::TieDye, 2),
        (Pattern::Geometric, 1),
    ],
    fabric: &[
        (Fabric::Cotton, 66),
        (Fabric::Knit, 10),
        (Fabric::Flannel, 8),
        (Fabric::Denim, 6),
        (Fabric::Linen, 6),
        (Fabric::Mesh, 4),
    ],
    sleeve: &[
        (Sleeve::Short, 60),
        (Sleeve::Long, 28),
        (Sleeve::ThreeQuarter, 6),
        (Sleeve::Sleeveless, 6),
    ],
    neckline: &[
        (Neckline::Crew, 66),
        (Neckline::VNeck, 16),
        (Neckline::Collar, 14),
        (Neckline::Scoop, 3),
        (Neckline::Turtleneck, 1),
    ],
    length: &[(Length::Hip, 60), (Length::Waist, 24), (Length::Tunic, 16)],
    fit: &[
        (Fit::Regular, 46),
        (Fit::Fitted, 24),
        (Fit::Loose, 18),
        (Fit::Oversized, 8),
        (Fit::Tight, 4),
    ],
    detail: &[
        (Detail::Plain, 50),
        (Detail::Pocket, 22),
        (Detail::Buttons, 12),
        (Detail::Zipper, 6),
        (Detail::Embroidery, 5),
        (Detail::Hood, 5),
    ],
    mood: &[
        (Mood::Casual, 50),
        (Mood::Sporty, 24),
        (Mood::Vintage, 12),
        (Mood::Elegant, 8),
        (Mood::Formal, 6),
    ],
};

const TOPTEE: Wardrobe = Wardrobe {
    kind: &[
        (Kind::Top, 34),
        (Kind::Tee, 24),
        (Kind::Blouse, 18),
        (Kind::Tank, 14),
        (Kind::Sweater, 6),
        (Kind::Cardigan, 4),
    ],
    pattern: &[
        (Pattern::Solid, 46),
        (Pattern::Graphic, 14),
        (Pattern::Floral, 10),
        (Pattern::Striped, 10),
        (Pattern::Lettering, 7),
        (Pattern::Animal, 4),
        (Pattern::Abstract, 3),
        (Pattern::Dotted, 3),
        (Pattern::TieDye, 2),
        (Pattern::Plaid, 1),
    ],
    fabric: &[
        (Fabric::Cotton, 44),
        (Fabric::Knit, 16),
        (Fabric::Chiffon, 14),
        (Fabric::Lace, 9),
        (Fabric::Satin, 6),
        (Fabric::Mesh, 4),
        (Fabric::Sequin, 3),
        (Fabric::Denim, 2),
        (Fabric::Leather, 1),
        (Fabric::Velvet, 1),
    ],
    sleeve: &[
        (Sleeve::Short, 28),
        (Sleeve::Long, 22),
        (Sleeve::Sleeveless, 20),
        (Sleeve::Straps, 12),
        (Sleeve::ThreeQuarter, 9),
        (Sleeve::Cap, 6),
        (Sleeve::Strapless, 3),
    ],
    neckline: &[
        (Neckline::Scoop, 32),
        (Neckline::VNeck, 22),
        (Neckline::Crew, 22),
        (Neckline::Boat, 6),
        (Neckline::Cowl, 5),
        (Neckline::Collar, 5),
        (Neckline::Halter, 3),
        (Neckline::Square, 2),
        (Neckline::Turtleneck, 2),
        (Neckline::Plunging, 1),
    ],
    length: &[(Length::Hip, 44), (Length::Waist, 26), (Length::Tunic, 22), (Length::Cropped, 8)],
    fit: &[
        (Fit::Regular, 34),
        (Fit::Fitted, 28),
        (Fit::Loose, 24),
        (Fit::Tight, 8),
        (Fit::Oversized, 6),
    ],
    detail: &[
        (Detail::Plain, 44),
        (Detail::Buttons, 12),
        (Detail::Ruffles, 10),
        (Detail::LaceTrim, 8),
        (Detail::Pocket, 6),
        (Detail::Embroidery, 5),
        (Detail::Bow, 4),
        (Detail::Pleats, 4),
        (Detail::Beading, 3),
        (Detail::Fringe, 2),
        (Detail::Cutouts, 2),
    ],
    mood: &[
        (Mood::Casual, 52),
        (Mood::Elegant, 16),
        (Mood::Bohemian, 12),
        (Mood::Party, 10),
        (Mood::Sporty, 10),
    ],
};

/// The garments of one group of one split.
pub(super) fn garments(seed: &Seed, category: Category, split: &str, items: usize) -> Vec<Garment> {
    let wardrobe = match category {
        Category::Dress => &DRESS,
        Category::Shirt => &SHIRT,
        Category::Toptee => &TOPTEE,
    };
    // The lines are the category's, not the split's: what is learned on train holds on test.
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
            colour: stream.weighted(COLOURS),
            pattern: stream.weighted(self.pattern),
            accent: Some(stream.weighted(COLOURS)),
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
    fn a_third_of_the_cloth_is_black_or_white_and_no_colour_is_missing() {
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
