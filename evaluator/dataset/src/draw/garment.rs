//! What a garment looks like: eleven aspects, each with a handful of values.
//!
//! To add a value, add a line here and give it a weight in `wardrobe.rs`, words in `words.rs` and
//! phrases in `phrases.rs`; the compiler reports missing ones.

/// An enum of values, each with its plain name.
macro_rules! values {
    ($(#[$doc:meta])* $name:ident { $($value:ident $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $text] $value),+ }

        impl $name {
            /// All values, in order.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// Its plain name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$value => $text),+ }
            }
        }
    };
}

values! {
    /// The categories of the challenge: the groups of a split.
    Category { Dress "dress", Shirt "shirt", Toptee "toptee" }
}

values! {
    /// What can differ between two garments.
    Aspect {
        Kind "kind", Colour "colour", Pattern "pattern", Accent "accent", Fabric "fabric",
        Sleeve "sleeve", Neckline "neckline", Length "length", Fit "fit", Detail "detail",
        Mood "mood",
    }
}

values! {
    /// The kind of garment.
    Kind {
        Dress "dress", Sundress "sundress", ShirtDress "shirt dress", WrapDress "wrap dress",
        Gown "gown", Tee "tee", ButtonDown "button-down", Polo "polo", Henley "henley",
        Top "top", Tank "tank top", Blouse "blouse", Sweater "sweater", Cardigan "cardigan",
    }
}

values! {
    /// The main colour, and the colour of a pattern.
    Colour {
        Black "black", Charcoal "charcoal", Grey "grey", Silver "silver", White "white",
        Cream "cream", Beige "beige", Brown "brown", Gold "gold", Yellow "yellow",
        Orange "orange", Coral "coral", Red "red", Burgundy "burgundy", Pink "pink",
        HotPink "hot pink", Lavender "lavender", Purple "purple", Navy "navy", Blue "blue",
        LightBlue "light blue", Turquoise "turquoise", Teal "teal", Mint "mint", Green "green",
        Olive "olive",
    }
}

values! {
    /// The pattern of the cloth.
    Pattern {
        Solid "solid", Striped "striped", Plaid "plaid", Dotted "polka dot", Floral "floral",
        Animal "animal print", Geometric "geometric", Paisley "paisley", Abstract "abstract",
        Graphic "graphic", Lettering "lettering", ColourBlock "colorblock", TieDye "tie dye",
    }
}

values! {
    /// The fabric.
    Fabric {
        Cotton "cotton", Knit "knit", Denim "denim", Linen "linen", Flannel "flannel",
        Chiffon "chiffon", Lace "lace", Satin "satin", Velvet "velvet", Leather "leather",
        Sequin "sequin", Mesh "mesh",
    }
}

values! {
    /// The sleeves, from none at all to long.
    Sleeve {
        Strapless "strapless", Straps "straps", Sleeveless "sleeveless", Cap "cap sleeves",
        Short "short sleeves", ThreeQuarter "three quarter sleeves", Long "long sleeves",
    }
}

values! {
    /// The neckline, roughly from high to low.
    Neckline {
        Turtleneck "turtleneck", Collar "collar", Crew "crew neck", Boat "boat neck",
        Square "square neck", Scoop "scoop neck", Halter "halter neck", Cowl "cowl neck",
        VNeck "v-neck", Sweetheart "sweetheart neckline", Plunging "plunging neckline",
    }
}

values! {
    /// Where it ends, from high to low; tops use the first four, dresses the last four.
    Length {
        Cropped "cropped", Waist "waist length", Hip "hip length", Tunic "tunic length",
        Mini "mini", Knee "knee length", Midi "midi", Maxi "maxi",
    }
}

values! {
    /// How tight it is, from tight to wide.
    Fit {
        Tight "tight", Fitted "fitted", Regular "regular", Loose "loose", Oversized "oversized",
    }
}

values! {
    /// The most noticeable detail.
    Detail {
        Plain "plain", Buttons "buttons", Zipper "zipper", Pocket "pocket", Belt "belt",
        Bow "bow", Ruffles "ruffles", Pleats "pleats", LaceTrim "lace trim",
        Embroidery "embroidery", Beading "beading", Cutouts "cutouts", Fringe "fringe",
        Hood "hood",
    }
}

values! {
    /// The occasion to wear it, from the gym to the ball.
    Mood {
        Sporty "sporty", Casual "casual", Bohemian "bohemian", Vintage "vintage",
        Party "party", Elegant "elegant", Formal "formal",
    }
}

impl Colour {
    /// Red, green and blue, as a picture shows it.
    pub const fn rgb(self) -> [u8; 3] {
        match self {
            Self::Black => [22, 22, 24],
            Self::Charcoal => [62, 64, 70],
            Self::Grey => [140, 142, 146],
            Self::Silver => [194, 198, 204],
            Self::White => [248, 248, 246],
            Self::Cream => [240, 230, 206],
            Self::Beige => [214, 192, 160],
            Self::Brown => [106, 68, 42],
            Self::Gold => [200, 160, 66],
            Self::Yellow => [244, 212, 52],
            Self::Orange => [238, 128, 36],
            Self::Coral => [244, 124, 104],
            Self::Red => [202, 30, 40],
            Self::Burgundy => [112, 22, 46],
            Self::Pink => [242, 170, 188],
            Self::HotPink => [230, 42, 128],
            Self::Lavender => [190, 170, 222],
            Self::Purple => [106, 48, 138],
            Self::Navy => [28, 36, 82],
            Self::Blue => [36, 84, 182],
            Self::LightBlue => [146, 190, 230],
            Self::Turquoise => [52, 184, 188],
            Self::Teal => [18, 110, 116],
            Self::Mint => [170, 224, 196],
            Self::Green => [42, 136, 66],
            Self::Olive => [110, 110, 50],
        }
    }

    /// How light it is, 0 to 255: the luma of ITU-R BT.601.
    pub fn lightness(self) -> u8 {
        let [r, g, b] = self.rgb().map(u32::from);
        ((299 * r + 587 * g + 114 * b) / 1000) as u8
    }

    /// How far it is from grey, 0 to 255: the chroma, which is the largest less the smallest of
    /// red, green and blue.
    pub fn vividness(self) -> u8 {
        let [r, g, b] = self.rgb();
        r.max(g).max(b) - r.min(g).min(b)
    }
}

impl Neckline {
    /// How low it reaches, from 0 (a turtleneck) to 4.
    pub const fn depth(self) -> u8 {
        match self {
            Self::Turtleneck => 0,
            Self::Collar | Self::Crew | Self::Boat => 1,
            Self::Square | Self::Scoop | Self::Halter | Self::Cowl => 2,
            Self::VNeck | Self::Sweetheart => 3,
            Self::Plunging => 4,
        }
    }
}

/// One garment, by its aspects, which a picture of it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Garment {
    /// The kind of garment.
    pub kind: Kind,
    /// The main colour.
    pub colour: Colour,
    /// The pattern of the cloth.
    pub pattern: Pattern,
    /// The pattern's own colour, other than the main one; none where the cloth is solid.
    pub accent: Option<Colour>,
    /// The fabric.
    pub fabric: Fabric,
    /// The sleeves.
    pub sleeve: Sleeve,
    /// The neckline.
    pub neckline: Neckline,
    /// Where it ends.
    pub length: Length,
    /// How close it sits.
    pub fit: Fit,
    /// The most noticeable detail.
    pub detail: Detail,
    /// What one would wear it for.
    pub mood: Mood,
}

/// A garment as one byte an aspect, in the order of [`Aspect::ALL`], padded to a machine's vector:
/// two garments are compared millions of times.
pub(super) type Code = [u8; 16];

impl Garment {
    pub(super) fn code(&self) -> Code {
        let mut code = [0; 16];
        let values = [
            self.kind as u8,
            self.colour as u8,
            self.pattern as u8,
            self.accent.map_or(u8::MAX, |colour| colour as u8),
            self.fabric as u8,
            self.sleeve as u8,
            self.neckline as u8,
            self.length as u8,
            self.fit as u8,
            self.detail as u8,
            self.mood as u8,
        ];
        code[..values.len()].copy_from_slice(&values);
        code
    }

    /// The aspects in which the two differ.
    pub fn differences(&self, other: &Self) -> Vec<Aspect> {
        let (a, b) = (self.code(), other.code());
        let aspects = Aspect::ALL.iter().enumerate();
        aspects.filter(|(i, _)| a[*i] != b[*i]).map(|(_, aspect)| *aspect).collect()
    }

    /// What a picture of it shows, in a sentence as a captioning program would say it, all of it true.
    pub fn sentence(&self) -> String {
        let mut said = vec!["a".to_owned()];
        let mut say = |word: &str| said.push(word.to_owned());
        if self.fit != Fit::Regular {
            say(self.fit.name());
        }
        say(self.colour.name());
        match self.accent {
            Some(accent) => {
                say("and");
                say(accent.name());
                say(self.pattern.name());
            }
            None if self.pattern != Pattern::Solid => say(self.pattern.name()),
            None => {}
        }
        say(self.fabric.name());
        say(self.kind.name());
        let mut parts = vec![self.sleeve.name(), self.neckline.name(), self.length.name()];
        if self.detail != Detail::Plain {
            parts.push(self.detail.name());
        }
        format!("{} with {}, for a {} look", said.join(" "), parts.join(", "), self.mood.name())
    }

    /// How much skin it shows, on a scale of its own: sleeves, neckline and length taken together.
    pub fn bareness(&self) -> i32 {
        let arms = match self.sleeve {
            Sleeve::Strapless => 4,
            Sleeve::Straps => 3,
            Sleeve::Sleeveless => 2,
            Sleeve::Cap | Sleeve::Short => 1,
            Sleeve::ThreeQuarter | Sleeve::Long => 0,
        };
        let ends = match self.length {
            Length::Cropped | Length::Mini => 2,
            Length::Knee => 1,
            _ => 0,
        };
        arms + ends + i32::from(self.neckline.depth())
    }
}

/// In how many aspects two garments differ.
pub(super) fn distance(a: &Code, b: &Code) -> usize {
    a.iter().zip(b).filter(|(x, y)| x != y).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEE: Garment = Garment {
        kind: Kind::Tee,
        colour: Colour::White,
        pattern: Pattern::Striped,
        accent: Some(Colour::Navy),
        fabric: Fabric::Cotton,
        sleeve: Sleeve::Short,
        neckline: Neckline::Crew,
        length: Length::Hip,
        fit: Fit::Regular,
        detail: Detail::Plain,
        mood: Mood::Casual,
    };

    #[test]
    fn differences_are_named_and_counted_alike() {
        let other = Garment { accent: None, sleeve: Sleeve::Long, ..TEE };
        assert_eq!(TEE.differences(&other), [Aspect::Accent, Aspect::Sleeve]);
        assert_eq!(distance(&TEE.code(), &other.code()), 2);
        assert_eq!(TEE.differences(&TEE), []);
    }

    #[test]
    fn a_sentence_says_what_is_there() {
        let sentence = "a white and navy striped cotton tee with short sleeves, crew neck, hip length, for a \
                        casual look";
        assert_eq!(TEE.sentence(), sentence);
        let (accent, pattern) = (None, Pattern::Solid);
        let tee = Garment { accent, pattern, fit: Fit::Loose, detail: Detail::Bow, ..TEE };
        let sentence = "a loose white cotton tee with short sleeves, crew neck, hip length, bow, for a casual \
                        look";
        assert_eq!(tee.sentence(), sentence);
    }

    #[test]
    fn colours_are_ordered_as_the_eye_orders_them() {
        let light = |c: Colour| c.lightness();
        assert!(light(Colour::Black) < light(Colour::Navy));
        assert!(light(Colour::Navy) < light(Colour::Blue));
        assert!(light(Colour::Blue) < light(Colour::LightBlue));
        assert!(light(Colour::LightBlue) < light(Colour::White));
        assert!(Colour::Grey.vividness() < Colour::Lavender.vividness());
        assert!(Colour::Lavender.vividness() < Colour::Red.vividness());
    }

    #[test]
    fn a_strapless_mini_is_barer_than_a_turtleneck() {
        let mini = Garment { sleeve: Sleeve::Strapless, length: Length::Mini, ..TEE };
        let warm = Garment { sleeve: Sleeve::Long, neckline: Neckline::Turtleneck, ..TEE };
        assert!(mini.bareness() > TEE.bareness() && TEE.bareness() > warm.bareness());
    }
}
