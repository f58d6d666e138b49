//! The words of an item in the attributes file: a shop's description of the garment, with some words
//! missing and some irrelevant.

use super::garment::{
    Colour, Detail, Fabric, Fit, Garment, Kind, Length, Mood, Neckline, Pattern, Sleeve,
};
use super::seed::Stream;

/// How likely an item has attributes at all, in thousandths: the share of the real files.
const DESCRIBED: usize = 640;

/// How likely the first word for a value is there, and each further one, in thousandths.
const FIRST: usize = 700;
const FURTHER: usize = 120;

/// Words that say little, by kind, and how likely one is there, in thousandths.
const BESIDE: [(&[&str], usize); 6] = [
    (&["jersey", "top", "skirt", "jeans", "jacket"], 80),
    (&["print", "pattern", "mixed", "sophisticated", "tonal"], 80),
    (&["wash", "clean", "stretch", "panel", "seam", "french"], 450),
    (&["cut", "medium", "square", "round", "box", "big"], 150),
    (&["flat", "hem", "shoulder", "trim", "contrast"], 250),
    (
        &[
            "please", "love", "york", "soft", "summer", "classic", "basic", "run", "girl", "star",
            "light", "chic", "life", "cute", "art",
        ],
        550,
    ),
];

/// The six lists of an item, in the order of [`crate::KINDS`], each sorted; empty for items without
/// a description, which are chosen at random.
pub(super) fn words(garment: &Garment, stream: &mut Stream) -> Option<[Vec<String>; 6]> {
    if !stream.chance(DESCRIBED) {
        return None;
    }
    let said = [
        vec![kind(garment.kind)],
        vec![pattern(garment.pattern)],
        vec![fabric(garment.fabric), worked(garment.detail)],
        vec![length(garment.length), fit(garment.fit)],
        vec![sleeve(garment.sleeve), neckline(garment.neckline), part(garment.detail)],
        vec![mood(garment.mood), colour(garment.colour)],
    ];
    let mut beside = BESIDE.into_iter();
    Some(said.map(|values| {
        let mut list = Vec::new();
        for words in values {
            for (i, word) in words.iter().enumerate() {
                if stream.chance(if i == 0 { FIRST } else { FURTHER }) {
                    list.push((*word).to_owned());
                }
            }
        }
        if let Some((words, likely)) = beside.next()
            && stream.chance(likely)
        {
            list.push((*stream.pick_early(words)).to_owned());
        }
        list.sort_unstable();
        list.dedup();
        list
    }))
}

type Words = &'static [&'static str];

fn kind(kind: Kind) -> Words {
    match kind {
        Kind::Dress | Kind::WrapDress => &["dress"],
        Kind::Sundress => &["sundress", "dress"],
        Kind::ShirtDress => &["shirtdress", "dress"],
        Kind::Gown => &["gown", "dress"],
        Kind::Tee => &["tee"],
        Kind::ButtonDown => &["button-down"],
        Kind::Polo => &["polo"],
        Kind::Henley => &["henley"],
        Kind::Top => &["top"],
        Kind::Tank => &["tank", "top"],
        Kind::Blouse => &["blouse", "top"],
        Kind::Sweater => &["sweater"],
        Kind::Cardigan => &["cardigan", "sweater"],
    }
}

fn pattern(pattern: Pattern) -> Words {
    match pattern {
        Pattern::Solid => &[],
        Pattern::Striped => &["stripe", "striped", "stripes"],
        Pattern::Plaid => &["plaid", "checkered"],
        Pattern::Dotted => &["polka dot", "dot", "dots", "print"],
        Pattern::Floral => &["floral", "floral print", "flower", "print", "printed"],
        Pattern::Animal => &["animal print", "animal", "leopard", "print"],
        Pattern::Geometric => &["geo", "chevron", "print"],
        Pattern::Paisley => &["paisley", "paisley print", "print"],
        Pattern::Abstract => &["abstract", "abstract print", "printed"],
        Pattern::Graphic => &["graphic", "print", "printed"],
        Pattern::Lettering => &["printed", "logo print"],
        Pattern::ColourBlock => &["colorblock", "colorblocked", "two-tone"],
        Pattern::TieDye => &["tie-dye", "dye", "ombre"],
    }
}

fn fabric(fabric: Fabric) -> Words {
    match fabric {
        Fabric::Cotton => &["cotton", "woven"],
        Fabric::Knit => &["knit", "ribbed"],
        Fabric::Denim => &["denim", "chambray"],
        Fabric::Linen => &["linen"],
        Fabric::Flannel => &["flannel"],
        Fabric::Chiffon => &["chiffon", "sheer"],
        Fabric::Lace => &["lace", "sheer"],
        Fabric::Satin => &["satin", "silky"],
        Fabric::Velvet => &["velvet"],
        Fabric::Leather => &["leather", "faux"],
        Fabric::Sequin => &["sequin", "metallic"],
        Fabric::Mesh => &["mesh", "sheer"],
    }
}

/// The details that are sewn into the cloth.
fn worked(detail: Detail) -> Words {
    match detail {
        Detail::Ruffles => &["ruffle", "ruffled"],
        Detail::Pleats => &["pleated", "pleat"],
        Detail::Embroidery => &["embroidered", "embroidery"],
        Detail::Beading => &["beaded", "embellished"],
        _ => &[],
    }
}

/// The details that are separate parts.
fn part(detail: Detail) -> Words {
    match detail {
        Detail::Buttons => &["button", "buttoned"],
        Detail::Zipper => &["zipper", "zip"],
        Detail::Pocket => &["pocket"],
        Detail::Belt => &["belted"],
        Detail::Bow => &["bow"],
        Detail::LaceTrim => &["lace trim", "trim"],
        Detail::Cutouts => &["cutout"],
        Detail::Fringe => &["fringe"],
        Detail::Hood => &["hood", "hooded"],
        Detail::Plain | Detail::Ruffles | Detail::Pleats | Detail::Embroidery | Detail::Beading => {
            &[]
        }
    }
}

fn length(length: Length) -> Words {
    match length {
        Length::Cropped => &["cropped", "crop"],
        Length::Waist | Length::Hip => &[],
        Length::Tunic => &["tunic"],
        Length::Mini => &["mini"],
        Length::Knee => &["knee-length"],
        Length::Midi => &["midi"],
        Length::Maxi => &["maxi"],
    }
}

fn fit(fit: Fit) -> Words {
    match fit {
        Fit::Tight => &["bodycon", "skinny"],
        Fit::Fitted => &["fitted", "fit", "slim"],
        Fit::Regular => &["classic fit", "fit"],
        Fit::Loose => &["flowy", "swing"],
        Fit::Oversized => &["oversized", "boxy"],
    }
}

fn sleeve(sleeve: Sleeve) -> Words {
    match sleeve {
        Sleeve::Strapless => &["strapless"],
        Sleeve::Straps => &["strap"],
        Sleeve::Sleeveless => &["sleeveless"],
        Sleeve::Cap => &["cap sleeve", "sleeve"],
        Sleeve::Short => &["sleeve", "short sleeve"],
        Sleeve::ThreeQuarter => &["three-quarter sleeve", "sleeve"],
        Sleeve::Long => &["long sleeve", "sleeve"],
    }
}

fn neckline(neckline: Neckline) -> Words {
    match neckline {
        Neckline::Turtleneck => &["mock neck", "mock"],
        Neckline::Collar => &["collar", "collared"],
        Neckline::Crew => &["crew neck", "crew"],
        Neckline::Boat => &["boat neck"],
        Neckline::Square => &["square neck", "neckline"],
        Neckline::Scoop => &["scoop", "neckline"],
        Neckline::Halter => &["halter"],
        Neckline::Cowl => &["cowl neck", "cowl", "draped"],
        Neckline::VNeck => &["v-neck"],
        Neckline::Sweetheart => &["sweetheart", "neckline"],
        Neckline::Plunging => &["deep v-neck", "v-neck"],
    }
}

fn mood(mood: Mood) -> Words {
    match mood {
        Mood::Sporty => &["athletic", "performance"],
        Mood::Casual => &["relaxed", "everyday"],
        Mood::Bohemian => &["boho"],
        Mood::Vintage => &["retro"],
        Mood::Party => &["party", "night"],
        Mood::Elegant => &["elegant", "lady"],
        Mood::Formal => &["formal"],
    }
}

/// Shops seldom name the colour, because the picture shows it; only some have a word here.
fn colour(colour: Colour) -> Words {
    match colour {
        Colour::Black | Colour::Charcoal => &["dark"],
        Colour::White | Colour::Cream => &["white"],
        Colour::Red | Colour::Burgundy => &["red"],
        Colour::Pink | Colour::HotPink => &["pink"],
        Colour::Coral => &["coral"],
        Colour::Gold => &["gold"],
        Colour::Lavender => &["lavender"],
        Colour::Navy => &["navy"],
        Colour::Mint => &["mint"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::super::garment::Category;
    use super::super::lines;
    use super::super::seed::Seed;
    use super::*;

    #[test]
    fn about_two_thirds_of_the_items_are_described_in_about_seven_words() {
        let seed = Seed::from_bytes([4; 16]);
        let garments = lines::garments(&seed, Category::Dress, "val", 4000);
        let mut stream = seed.stream("attributes", "dress", "val");
        let lists: Vec<_> = garments.iter().filter_map(|g| words(g, &mut stream)).collect();
        // binomial(4000, 0.64): mean 2560, standard deviation 30
        assert!(lists.len().abs_diff(2560) < 150, "{}", lists.len());
        let total: usize = lists.iter().flatten().map(Vec::len).sum();
        let mean = total as f64 / lists.len() as f64;
        assert!((6.0..9.0).contains(&mean), "{mean}");
        for list in lists.iter().flatten() {
            assert!(list.is_sorted() && list.iter().all(|word| !word.is_empty()));
        }
    }
}
