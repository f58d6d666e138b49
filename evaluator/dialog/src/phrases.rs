//! What can be said about a garment, and in which words.

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Aspect {
    Colour,
    Pattern,
    Sleeves,
    Neck,
    Length,
    Shape,
    Fabric,
    Part,
    Look,
    Sort,
    Motif,
}

/// The verb of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Verb {
    Is,
    Has,
}

/// A fact that some words of a text stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// The words, as [`dataset::words::tokens`] gives them, in a row.
    pub(crate) words: &'static str,
    pub(crate) aspect: Aspect,
    pub(crate) verb: Verb,
    /// What follows the verb.
    pub(crate) says: &'static str,
}

impl Aspect {
    /// How readily people mention it; weights by hand, from how often the captions of train do.
    pub(crate) fn salience(self) -> f64 {
        match self {
            Self::Colour | Self::Sleeves => 3.0,
            Self::Pattern => 2.5,
            Self::Length | Self::Motif => 2.0,
            Self::Neck | Self::Part => 1.5,
            Self::Fabric | Self::Sort | Self::Shape => 1.0,
            Self::Look => 0.5,
        }
    }

    /// Whether it compares an item with another one.
    pub(crate) fn is_relative(self) -> bool {
        matches!(self, Self::Length | Self::Look)
    }

    /// Whether a text that names one of its values, and not another, says that the other is not so.
    pub(crate) fn is_exclusive(self) -> bool {
        matches!(self, Self::Colour | Self::Sleeves | Self::Pattern)
    }
}

const fn is(words: &'static str, aspect: Aspect, says: &'static str) -> Known {
    Known { words, aspect, verb: Verb::Is, says }
}

const fn has(words: &'static str, aspect: Aspect, says: &'static str) -> Known {
    Known { words, aspect, verb: Verb::Has, says }
}

/// The facts that have words of their own. Longer rows of words come before those that they contain.
pub(crate) const KNOWN: &[Known] = &[
    has("long sleeve", Aspect::Sleeves, "long sleeves"),
    has("longsleeve", Aspect::Sleeves, "long sleeves"),
    has("short sleeve", Aspect::Sleeves, "short sleeves"),
    has("quarter sleeve", Aspect::Sleeves, "three quarter sleeves"),
    has("cap sleeve", Aspect::Sleeves, "cap sleeves"),
    is("sleeveless", Aspect::Sleeves, "sleeveless"),
    is("strapless", Aspect::Sleeves, "strapless"),
    has("one shoulder", Aspect::Neck, "one shoulder"),
    has("off the shoulder", Aspect::Neck, "bare shoulders"),
    has("v neck", Aspect::Neck, "a v-neck"),
    has("vneck", Aspect::Neck, "a v-neck"),
    has("turtle neck", Aspect::Neck, "a turtleneck"),
    has("turtleneck", Aspect::Neck, "a turtleneck"),
    has("scoop", Aspect::Neck, "a scoop neck"),
    has("crew neck", Aspect::Neck, "a crew neck"),
    has("crew", Aspect::Neck, "a crew neck"),
    has("halter", Aspect::Neck, "a halter neck"),
    has("sweetheart", Aspect::Neck, "a sweetheart neckline"),
    has("collar", Aspect::Neck, "a collar"),
    has("cowl", Aspect::Neck, "a cowl neck"),
    has("hood", Aspect::Neck, "a hood"),
    is("short dress", Aspect::Length, "shorter"),
    is("mini", Aspect::Length, "shorter"),
    is("long dress", Aspect::Length, "longer"),
    is("maxi", Aspect::Length, "longer"),
    is("gown", Aspect::Length, "longer"),
    has("polka dot", Aspect::Pattern, "polka dots"),
    is("tie dye", Aspect::Pattern, "tie-dyed"),
    is("tie dyed", Aspect::Pattern, "tie-dyed"),
    is("striped", Aspect::Pattern, "striped"),
    is("stripe", Aspect::Pattern, "striped"),
    is("floral", Aspect::Pattern, "floral"),
    is("flower", Aspect::Pattern, "floral"),
    is("plaid", Aspect::Pattern, "plaid"),
    is("checkered", Aspect::Pattern, "checkered"),
    is("checked", Aspect::Pattern, "checkered"),
    is("paisley", Aspect::Pattern, "paisley"),
    has("leopard", Aspect::Pattern, "a leopard print"),
    has("zebra", Aspect::Pattern, "a zebra print"),
    has("snake", Aspect::Pattern, "a snake print"),
    has("camo", Aspect::Pattern, "a camouflage print"),
    has("camouflage", Aspect::Pattern, "a camouflage print"),
    has("chevron", Aspect::Pattern, "a chevron pattern"),
    has("geometric", Aspect::Pattern, "a geometric pattern"),
    has("tropical", Aspect::Pattern, "a tropical print"),
    has("hawaiian", Aspect::Pattern, "a tropical print"),
    is("colorful", Aspect::Pattern, "colorful"),
    is("solid", Aspect::Pattern, "a solid color"),
    has("lace", Aspect::Fabric, "lace"),
    has("sequin", Aspect::Fabric, "sequins"),
    has("sequined", Aspect::Fabric, "sequins"),
    has("fringe", Aspect::Fabric, "fringes"),
    is("sheer", Aspect::Fabric, "sheer"),
    is("denim", Aspect::Fabric, "made of denim"),
    is("leather", Aspect::Fabric, "made of leather"),
    is("silk", Aspect::Fabric, "made of silk"),
    is("satin", Aspect::Fabric, "made of satin"),
    is("chiffon", Aspect::Fabric, "made of chiffon"),
    is("velvet", Aspect::Fabric, "made of velvet"),
    is("mesh", Aspect::Fabric, "made of mesh"),
    is("knit", Aspect::Fabric, "knitted"),
    is("knitted", Aspect::Fabric, "knitted"),
    is("crochet", Aspect::Fabric, "crocheted"),
    is("wool", Aspect::Fabric, "made of wool"),
    is("linen", Aspect::Fabric, "made of linen"),
    is("cotton", Aspect::Fabric, "made of cotton"),
    is("nylon", Aspect::Fabric, "made of nylon"),
    is("fitted", Aspect::Shape, "fitted"),
    is("sheath", Aspect::Shape, "fitted"),
    is("bodycon", Aspect::Shape, "fitted"),
    is("loose", Aspect::Shape, "loose"),
    is("flowing", Aspect::Shape, "flowing"),
    is("pleated", Aspect::Shape, "pleated"),
    is("flared", Aspect::Shape, "flared"),
    is("layered", Aspect::Shape, "layered"),
    is("asymmetrical", Aspect::Shape, "asymmetrical"),
    is("wrap", Aspect::Shape, "wrapped"),
    is("peplum", Aspect::Shape, "a peplum"),
    has("belt", Aspect::Part, "a belt"),
    is("belted", Aspect::Part, "belted"),
    has("bow", Aspect::Part, "a bow"),
    has("button", Aspect::Part, "buttons"),
    has("pocket", Aspect::Part, "a pocket"),
    has("zipper", Aspect::Part, "a zipper"),
    has("ruffle", Aspect::Part, "ruffles"),
    is("ruffled", Aspect::Part, "ruffled"),
    has("racerback", Aspect::Part, "a racerback"),
    has("embroidery", Aspect::Part, "embroidery"),
    has("embroidered", Aspect::Part, "embroidery"),
    has("beaded", Aspect::Part, "beads"),
    has("rhinestone", Aspect::Part, "rhinestones"),
    has("slit", Aspect::Part, "a slit"),
    has("strap", Aspect::Part, "straps"),
    is("casual", Aspect::Look, "more casual"),
    is("relaxed", Aspect::Look, "more casual"),
    is("formal", Aspect::Look, "more formal"),
    is("elegant", Aspect::Look, "more elegant"),
    is("evening", Aspect::Look, "more elegant"),
    is("party", Aspect::Look, "more festive"),
    is("beach", Aspect::Look, "more summery"),
    is("athletic", Aspect::Look, "more athletic"),
    is("vintage", Aspect::Look, "more vintage"),
    is("tank top", Aspect::Sort, "a tank top"),
    is("tank", Aspect::Sort, "a tank top"),
    is("t shirt", Aspect::Sort, "a t-shirt"),
    is("tee", Aspect::Sort, "a t-shirt"),
    is("polo", Aspect::Sort, "a polo shirt"),
    is("blouse", Aspect::Sort, "a blouse"),
    is("sweater", Aspect::Sort, "a sweater"),
    is("sweatshirt", Aspect::Sort, "a sweatshirt"),
    is("hoodie", Aspect::Sort, "a hoodie"),
    is("jacket", Aspect::Sort, "a jacket"),
    is("vest", Aspect::Sort, "a vest"),
    is("tunic", Aspect::Sort, "a tunic"),
    has("logo", Aspect::Motif, "a logo"),
    has("graphic", Aspect::Motif, "a graphic"),
    has("word", Aspect::Motif, "words on it"),
    has("lettering", Aspect::Motif, "words on it"),
];

/// Other garments than those of a gallery: what is said about them is not about the item.
pub(crate) const BESIDE: [&str; 16] = [
    "bag", "boot", "cardigan", "hair", "hat", "heel", "jean", "legging", "pant", "purse", "sandal", "scarf",
    "shoe", "short", "skirt", "wall",
];

/// Words that are no motif.
pub(crate) const NO_MOTIF: &[&str] = &[
    "adult", "all", "am", "around", "authority", "back", "background", "bag", "beautiful", "big", "blonde",
    "body", "boot", "bottom", "boy", "brand", "camera", "casual", "chest", "child", "close", "closeup", "clothing",
    "color", "colored", "colour", "cover", "cut", "dark", "design", "designed", "designer", "detail",
    "detailing", "don", "down", "dress", "dressed", "edition", "fabric", "face", "fashion", "female", "fit",
    "fitting", "for", "from", "front", "full", "garment", "gear", "girl", "got", "hair", "half", "hand",
    "hanger", "hat", "have", "head", "heel", "her", "high", "his", "hold", "holding", "image", "item", "jean",
    "jersey", "just", "kid", "lady", "large", "legging", "light", "line", "little", "long", "look", "looking",
    "low", "made", "male", "man", "mannequin", "material", "me", "men", "midi", "model", "my", "neck",
    "neckline", "neon", "new", "off", "old", "one", "onto", "other", "out", "over", "own", "pant", "patterned", "pattern",
    "people", "performance", "person", "photo", "piece", "picture", "plus", "pose", "posing", "print",
    "printed", "product", "right", "sandal", "say", "saying", "set", "she", "shirt", "shoe", "short",
    "shown", "side", "simple", "sitting", "size", "skirt", "sleeve", "slim", "small", "so", "someone",
    "sporting", "stand", "standing", "style", "stylish", "suit", "symbol", "team", "that", "their", "there", "these",
    "they", "this", "three", "tie", "top", "trim", "trimming", "two", "under", "up", "us", "used", "view", "wall", "walking",
    "waist", "was", "wash", "we", "wearing", "what", "when", "where", "white", "who", "will", "woman",
    "women", "work", "worn", "you", "young", "your", "youth",
];
