//! How people say things of clothes: the phrases a caption is put together from.
//!
//! `{colour}` and `{accent}` stand for words for the target's colours, `{noun}` for what it is. The
//! first phrases of a list are said more often than the last.

use super::garment::{
    Colour, Detail, Fabric, Fit, Garment, Kind, Length, Mood, Neckline, Pattern, Sleeve,
};

/// What follows "is" or "has".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phrase {
    Is(&'static str),
    Has(&'static str),
}

use Phrase::{Has, Is};

/// Ways to say one thing.
pub(super) type Phrases = &'static [Phrase];

pub(super) const COLOUR: Phrases = &[
    Is("{colour}"),
    Is("{colour}"),
    Is("{colour} in color"),
    Is("a {colour} {noun}"),
    Is("{colour} colored"),
    Is("more {colour}"),
];
pub(super) const COLOUR_AND_ACCENT: Phrases = &[
    Is("{colour} and {accent}"),
    Is("{colour} with {accent}"),
    Is("{colour} with some {accent}"),
    Has("{colour} and {accent} colors"),
];
pub(super) const SOLID_COLOUR: Phrases =
    &[Is("solid {colour}"), Is("a solid {colour} color"), Is("all {colour}"), Is("plain {colour}")];
pub(super) const DARKER: Phrases = &[
    Is("darker"),
    Is("darker in color"),
    Is("a darker color"),
    Has("a darker color"),
    Is("darker colored"),
];
pub(super) const LIGHTER: Phrases = &[
    Is("lighter"),
    Is("lighter in color"),
    Is("a lighter color"),
    Has("a lighter color"),
    Is("lighter colored"),
];
pub(super) const BRIGHTER: Phrases =
    &[Is("brighter"), Is("more colorful"), Is("brighter in color"), Has("a brighter color")];
pub(super) const DULLER: Phrases =
    &[Is("less colorful"), Has("a more muted color"), Is("less bright")];
pub(super) const PATTERNED: Phrases =
    &[Is("more colorful"), Has("more pattern"), Is("patterned"), Is("less plain"), Has("a print")];
pub(super) const PLAINER: Phrases =
    &[Has("no pattern"), Is("plain"), Is("a solid color"), Is("less busy"), Has("no print")];
pub(super) const OTHER_PATTERN: Phrases =
    &[Has("a different print"), Has("a different pattern"), Has("a different design")];
pub(super) const OTHER_COLOURED_PATTERN: Phrases =
    &[Has("{accent} in the print"), Has("a {accent} pattern"), Has("some {accent} in it")];
pub(super) const SHEERER: Phrases =
    &[Is("more sheer"), Is("see through"), Is("sheer"), Has("a thinner fabric")];
pub(super) const SHINIER: Phrases = &[Is("shinier"), Is("more shiny"), Is("shiny")];
pub(super) const LESS_SHINY: Phrases = &[Is("less shiny"), Is("not shiny")];
pub(super) const LONGER_SLEEVES: Phrases =
    &[Has("longer sleeves"), Has("longer sleeves"), Is("longer sleeved"), Has("more sleeve")];
pub(super) const SHORTER_SLEEVES: Phrases =
    &[Has("shorter sleeves"), Has("shorter sleeves"), Is("shorter sleeved"), Has("less sleeve")];
pub(super) const SOME_SLEEVES: Phrases = &[Has("sleeves"), Is("sleeved")];
pub(super) const LOWER_NECK: Phrases = &[
    Has("a lower neckline"),
    Is("lower cut"),
    Has("a deeper neckline"),
    Is("more open at the neck"),
];
pub(super) const HIGHER_NECK: Phrases =
    &[Has("a higher neckline"), Is("less open at the neck"), Has("a more closed neckline")];
pub(super) const OTHER_NECK: Phrases = &[Has("a different neckline"), Has("a different neck")];
pub(super) const LONGER: Phrases = &[
    Is("longer"),
    Is("longer"),
    Is("longer in length"),
    Has("a longer hem"),
    Is("a longer {noun}"),
];
pub(super) const MUCH_LONGER: Phrases = &[Is("much longer"), Is("a lot longer"), Is("way longer")];
pub(super) const SHORTER: Phrases = &[
    Is("shorter"),
    Is("shorter"),
    Is("shorter in length"),
    Has("a shorter hem"),
    Is("a shorter {noun}"),
];
pub(super) const MUCH_SHORTER: Phrases = &[Is("much shorter"), Is("a lot shorter")];
pub(super) const TIGHTER: Phrases = &[
    Is("more fitted"),
    Is("tighter"),
    Has("a tighter fit"),
    Is("less loose"),
    Is("more form fitting"),
];
pub(super) const LOOSER: Phrases =
    &[Is("looser"), Is("less fitted"), Has("a looser fit"), Is("more flowing"), Is("less tight")];
pub(super) const MORE_FORMAL: Phrases =
    &[Is("more formal"), Is("less casual"), Is("dressier"), Is("more dressy")];
pub(super) const LESS_FORMAL: Phrases = &[Is("more casual"), Is("less formal"), Is("less dressy")];
pub(super) const BARER: Phrases =
    &[Is("more revealing"), Is("sexier"), Is("more revealing"), Has("less coverage")];
pub(super) const LESS_BARE: Phrases =
    &[Is("less revealing"), Is("more conservative"), Is("more modest"), Has("more coverage")];
pub(super) const ALIKE: &[&str] =
    &["is similar but ", "same cut but ", "is the same style but ", "almost the same but "];

/// Words for a colour.
pub(super) fn colour(colour: Colour) -> &'static [&'static str] {
    match colour {
        Colour::Black => &["black"],
        Colour::Charcoal => &["charcoal", "dark grey", "dark gray"],
        Colour::Grey => &["grey", "gray"],
        Colour::Silver => &["silver", "light gray"],
        Colour::White => &["white"],
        Colour::Cream => &["cream", "off white", "ivory"],
        Colour::Beige => &["beige", "tan"],
        Colour::Brown => &["brown"],
        Colour::Gold => &["gold", "mustard"],
        Colour::Yellow => &["yellow", "bright yellow"],
        Colour::Orange => &["orange"],
        Colour::Coral => &["coral", "peach"],
        Colour::Red => &["red", "bright red"],
        Colour::Burgundy => &["burgundy", "maroon", "dark red"],
        Colour::Pink => &["pink", "light pink"],
        Colour::HotPink => &["hot pink", "bright pink", "fuchsia"],
        Colour::Lavender => &["lavender", "light purple", "lilac"],
        Colour::Purple => &["purple"],
        Colour::Navy => &["navy", "navy blue", "dark blue"],
        Colour::Blue => &["blue", "royal blue"],
        Colour::LightBlue => &["light blue", "baby blue"],
        Colour::Turquoise => &["turquoise", "aqua"],
        Colour::Teal => &["teal"],
        Colour::Mint => &["mint", "mint green", "light green"],
        Colour::Green => &["green"],
        Colour::Olive => &["olive", "olive green", "khaki"],
    }
}

/// Names the kind.
pub(super) fn kind(kind: Kind) -> Phrases {
    match kind {
        Kind::Dress => &[Is("a plain cut dress"), Is("a dress")],
        Kind::Sundress => &[Is("a sundress"), Is("a summer dress"), Is("more of a sundress")],
        Kind::ShirtDress => &[Is("a shirt dress"), Is("more like a shirt")],
        Kind::WrapDress => &[Is("a wrap dress"), Has("a wrap front")],
        Kind::Gown => &[Is("a gown"), Is("an evening gown"), Is("more of a gown")],
        Kind::Tee => &[Is("a t-shirt"), Is("a tee"), Is("a tee shirt")],
        Kind::ButtonDown => {
            &[Is("a button down"), Is("a button up shirt"), Has("a button down front")]
        }
        Kind::Polo => &[Is("a polo"), Is("a polo shirt"), Is("more of a polo")],
        Kind::Henley => &[Is("a henley"), Has("a henley neck")],
        Kind::Top => &[Is("a top"), Is("more of a top")],
        Kind::Tank => &[Is("a tank top"), Is("a tank")],
        Kind::Blouse => &[Is("a blouse"), Is("more of a blouse")],
        Kind::Sweater => &[Is("a sweater"), Is("more of a sweater")],
        Kind::Cardigan => &[Is("a cardigan"), Is("open in front like a cardigan")],
    }
}

/// Says what is on the cloth.
pub(super) fn pattern(pattern: Pattern) -> Phrases {
    match pattern {
        Pattern::Solid => {
            &[Is("a solid color"), Is("plain"), Is("solid colored"), Has("a solid color")]
        }
        Pattern::Striped => {
            &[Is("striped"), Has("stripes"), Has("{accent} stripes"), Has("a striped pattern")]
        }
        Pattern::Plaid => {
            &[Is("plaid"), Has("a plaid pattern"), Is("checkered"), Has("{accent} checks")]
        }
        Pattern::Dotted => {
            &[Has("polka dots"), Has("{accent} polka dots"), Is("dotted"), Has("a polka dot print")]
        }
        Pattern::Floral => {
            &[Has("a floral print"), Is("floral"), Has("{accent} flowers"), Has("a flower pattern")]
        }
        Pattern::Animal => &[Has("animal print"), Has("a leopard print"), Has("an animal print")],
        Pattern::Geometric => {
            &[Has("a geometric print"), Has("geometric shapes"), Has("a zig zag pattern")]
        }
        Pattern::Paisley => &[Has("a paisley print"), Is("paisley")],
        Pattern::Abstract => {
            &[Has("an abstract print"), Has("a {accent} abstract design"), Is("printed")]
        }
        Pattern::Graphic => &[
            Has("a graphic"),
            Has("a {accent} graphic on the front"),
            Has("a picture on it"),
            Has("a large graphic"),
        ],
        Pattern::Lettering => &[
            Has("words on it"),
            Has("{accent} lettering"),
            Has("{accent} text"),
            Has("a logo with words"),
        ],
        Pattern::ColourBlock => &[Is("color blocked"), Is("two toned"), Has("a {accent} panel")],
        Pattern::TieDye => &[Is("tie dye"), Has("a tie dye pattern"), Is("tie dyed with {accent}")],
    }
}

/// Says that the reference's pattern is not there.
pub(super) fn without_pattern(pattern: Pattern) -> Phrases {
    match pattern {
        Pattern::Solid => PATTERNED,
        Pattern::Striped => &[Has("no stripes"), Is("not striped"), Is("less striped")],
        Pattern::Plaid => &[Is("not plaid"), Has("no plaid")],
        Pattern::Dotted => &[Has("no polka dots"), Has("no dots")],
        Pattern::Floral => &[Has("no flowers"), Is("less floral"), Is("not floral")],
        Pattern::Animal => &[Has("no animal print"), Is("not animal print")],
        Pattern::Graphic => &[Has("no graphic"), Has("less graphics"), Has("no picture")],
        Pattern::Lettering => &[Has("no words"), Has("no text"), Is("less wordy")],
        Pattern::Geometric
        | Pattern::Paisley
        | Pattern::Abstract
        | Pattern::ColourBlock
        | Pattern::TieDye => OTHER_PATTERN,
    }
}

/// Says what it is made of.
pub(super) fn fabric(fabric: Fabric) -> Phrases {
    match fabric {
        Fabric::Cotton => &[Is("cotton"), Is("made of cotton"), Has("a softer cotton fabric")],
        Fabric::Knit => &[Is("knit"), Is("a knitted fabric"), Has("a knit look")],
        Fabric::Denim => &[Is("denim"), Is("made of denim"), Is("jean material")],
        Fabric::Linen => &[Is("linen"), Is("a linen material")],
        Fabric::Flannel => &[Is("flannel"), Is("a flannel material")],
        Fabric::Chiffon => &[Is("chiffon"), Is("flowy chiffon"), Has("a chiffon fabric")],
        Fabric::Lace => &[Has("lace"), Is("lacy"), Is("more lacy"), Has("lace all over")],
        Fabric::Satin => &[Is("satin"), Is("silky"), Has("a silky fabric")],
        Fabric::Velvet => &[Is("velvet"), Has("a velvet material")],
        Fabric::Leather => &[Is("leather"), Has("a leather look")],
        Fabric::Sequin => &[Has("sequins"), Is("sparkly"), Is("covered in sequins")],
        Fabric::Mesh => &[Is("mesh"), Has("a mesh fabric"), Is("netted")],
    }
}

/// Says what the sleeves are.
pub(super) fn sleeve(sleeve: Sleeve) -> Phrases {
    match sleeve {
        Sleeve::Strapless => &[Is("strapless"), Has("no straps"), Is("strapless")],
        Sleeve::Straps => &[Has("straps"), Has("thin straps"), Has("spaghetti straps")],
        Sleeve::Sleeveless => &[Is("sleeveless"), Has("no sleeves"), Has("no sleeves")],
        Sleeve::Cap => &[Has("cap sleeves"), Has("very short sleeves")],
        Sleeve::Short => &[Has("short sleeves"), Is("short sleeved"), Has("short sleeves")],
        Sleeve::ThreeQuarter => {
            &[Has("three quarter sleeves"), Has("3/4 sleeves"), Has("elbow length sleeves")]
        }
        Sleeve::Long => &[Has("long sleeves"), Is("long sleeved"), Has("long sleeves")],
    }
}

/// Says what the neckline is.
pub(super) fn neckline(neckline: Neckline) -> Phrases {
    match neckline {
        Neckline::Turtleneck => &[Has("a turtleneck"), Has("a high neck")],
        Neckline::Collar => &[Has("a collar"), Is("collared"), Has("a collared neck")],
        Neckline::Crew => &[Has("a crew neck"), Has("a round neck"), Has("a round neckline")],
        Neckline::Boat => &[Has("a boat neck"), Has("a wide neckline")],
        Neckline::Square => &[Has("a square neck"), Has("a square neckline")],
        Neckline::Scoop => &[Has("a scoop neck"), Has("a scooped neckline"), Has("a u neck")],
        Neckline::Halter => &[Has("a halter neck"), Is("a halter"), Has("a halter top")],
        Neckline::Cowl => &[Has("a cowl neck"), Has("a draped neck")],
        Neckline::VNeck => {
            &[Has("a v-neck"), Has("a v neck"), Is("v-necked"), Has("a v shaped neck")]
        }
        Neckline::Sweetheart => &[Has("a sweetheart neckline"), Has("a sweetheart top")],
        Neckline::Plunging => &[Has("a plunging neckline"), Has("a deep v-neck"), Is("low cut")],
    }
}

/// Says where it ends.
pub(super) fn length(length: Length) -> Phrases {
    match length {
        Length::Cropped => &[Is("cropped"), Is("a crop top"), Has("a cropped length")],
        Length::Waist => &[Is("short at the waist"), Is("waist length")],
        Length::Hip => &[Is("hip length"), Is("regular length")],
        Length::Tunic => &[Is("tunic length"), Is("long like a tunic"), Is("a long {noun}")],
        Length::Mini => &[Is("a mini {noun}"), Is("very short"), Is("above the knee"), Is("short")],
        Length::Knee => &[Is("knee length"), Is("to the knee")],
        Length::Midi => &[Is("below the knee"), Is("mid length"), Is("midi length")],
        Length::Maxi => &[Is("floor length"), Is("a maxi {noun}"), Is("long"), Is("full length")],
    }
}

/// Says how close it sits.
pub(super) fn fit(fit: Fit) -> Phrases {
    match fit {
        Fit::Tight => &[Is("tight"), Is("skin tight"), Is("bodycon")],
        Fit::Fitted => &[Is("fitted"), Has("a slim fit"), Is("fitted at the waist")],
        Fit::Regular => &[Has("a regular fit"), Has("a classic fit")],
        Fit::Loose => &[Is("loose"), Is("flowy"), Is("loose fitting")],
        Fit::Oversized => &[Is("oversized"), Is("baggy"), Is("very loose")],
    }
}

/// Says what catches the eye.
pub(super) fn detail(detail: Detail) -> Phrases {
    match detail {
        Detail::Plain => &[Is("simpler"), Has("less detail"), Is("more simple"), Has("no details")],
        Detail::Buttons => &[Has("buttons"), Has("buttons down the front"), Is("buttoned")],
        Detail::Zipper => &[Has("a zipper"), Has("a zip")],
        Detail::Pocket => &[Has("a pocket"), Has("a chest pocket"), Has("pockets")],
        Detail::Belt => &[Has("a belt"), Is("belted"), Has("a belt at the waist")],
        Detail::Bow => &[Has("a bow"), Has("a bow in front")],
        Detail::Ruffles => &[Has("ruffles"), Is("ruffled"), Has("more ruffles")],
        Detail::Pleats => &[Is("pleated"), Has("pleats")],
        Detail::LaceTrim => &[Has("lace trim"), Has("lace at the edges")],
        Detail::Embroidery => &[Has("embroidery"), Is("embroidered")],
        Detail::Beading => &[Has("beading"), Is("beaded"), Has("beads on it")],
        Detail::Cutouts => &[Has("cutouts"), Has("cut outs at the side")],
        Detail::Fringe => &[Has("fringe"), Has("a fringed hem")],
        Detail::Hood => &[Has("a hood"), Is("hooded")],
    }
}

/// Says that the reference's detail is not there.
pub(super) fn without_detail(detail: Detail) -> Phrases {
    match detail {
        Detail::Plain => &[Has("more detail"), Is("less plain"), Has("more going on")],
        Detail::Buttons => &[Has("no buttons")],
        Detail::Zipper => &[Has("no zipper")],
        Detail::Pocket => &[Has("no pocket"), Has("no pockets")],
        Detail::Belt => &[Has("no belt"), Is("not belted")],
        Detail::Bow => &[Has("no bow")],
        Detail::Ruffles => &[Has("no ruffles"), Is("less frilly")],
        Detail::Pleats => &[Has("no pleats")],
        Detail::LaceTrim => &[Has("no lace trim"), Has("no trim")],
        Detail::Embroidery => &[Has("no embroidery")],
        Detail::Beading => &[Has("no beads")],
        Detail::Cutouts => &[Has("no cutouts")],
        Detail::Fringe => &[Has("no fringe")],
        Detail::Hood => &[Has("no hood")],
    }
}

/// Says what one would wear it for.
pub(super) fn mood(mood: Mood) -> Phrases {
    match mood {
        Mood::Sporty => &[Is("sporty"), Is("more athletic"), Is("more sporty")],
        Mood::Casual => &[Is("casual"), Is("more casual"), Is("for everyday")],
        Mood::Bohemian => &[Is("bohemian"), Is("more boho"), Has("a hippie look")],
        Mood::Vintage => &[Is("vintage looking"), Is("more vintage"), Has("a retro style")],
        Mood::Party => &[Is("a party {noun}"), Is("more fun"), Is("made for a night out")],
        Mood::Elegant => &[Is("elegant"), Is("more elegant"), Is("classy")],
        Mood::Formal => &[Is("formal"), Is("more business like"), Is("very formal")],
    }
}

/// Words for what it is, when something else is said of it.
pub(super) fn noun(garment: &Garment) -> &'static [&'static str] {
    match garment.kind {
        Kind::Dress | Kind::Sundress | Kind::ShirtDress | Kind::WrapDress => &["dress"],
        Kind::Gown => &["dress", "gown"],
        Kind::Tee => &["shirt", "t-shirt", "tee"],
        Kind::ButtonDown | Kind::Polo | Kind::Henley => &["shirt"],
        Kind::Top | Kind::Blouse => &["top", "blouse", "shirt"],
        Kind::Tank => &["tank top", "top"],
        Kind::Sweater => &["sweater", "top"],
        Kind::Cardigan => &["cardigan", "sweater"],
    }
}
