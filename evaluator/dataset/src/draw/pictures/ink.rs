//! The colours of a picture.

use tiny_skia::{Color, Paint};

use super::super::garment::Colour;
use super::super::seed::Stream;

/// A colour and its opacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ink {
    rgb: [u8; 3],
    cover: f32,
}

/// The site's paper, and the four muted tones that its garments are drawn in.
const PAPER: Ink = Ink::new([251, 248, 243]);
const TINTS: [Ink; 4] = [
    Ink::new([203, 184, 155]),
    Ink::new([143, 160, 131]),
    Ink::new([217, 141, 132]),
    Ink::new([125, 144, 150]),
];

pub(super) const BLACK: Ink = Ink::new([20, 17, 15]);
pub(super) const WHITE: Ink = Ink::new([255, 253, 249]);
pub(super) const BRASS: Ink = Ink::new([196, 164, 92]);
const CLAY: Ink = Ink::new([134, 112, 92]);

impl Ink {
    pub(super) const fn new(rgb: [u8; 3]) -> Self {
        Self { rgb, cover: 1.0 }
    }

    /// The same colour, covering less.
    pub(super) const fn sheer(self, cover: f32) -> Self {
        Self { cover, ..self }
    }

    /// Some of another colour in it: a share of 0 is this one, of 1 the other.
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        let mixed = |i: usize| {
            let (a, b) = (f32::from(self.rgb[i]), f32::from(other.rgb[i]));
            (a + (b - a) * share + 0.5) as u8
        };
        Self { rgb: [mixed(0), mixed(1), mixed(2)], cover: self.cover }
    }

    pub(super) fn darker(self, share: f32) -> Self {
        self.mix(BLACK, share)
    }

    pub(super) fn lighter(self, share: f32) -> Self {
        self.mix(WHITE, share)
    }

    /// What is seen against it: darker than it is, or lighter where it is dark already.
    pub(super) fn against(self, share: f32) -> Self {
        if self.is_dark() { self.lighter(share) } else { self.darker(share) }
    }

    fn is_dark(self) -> bool {
        let [r, g, b] = self.rgb.map(u32::from);
        299 * r + 587 * g + 114 * b < 70_000
    }

    pub(super) fn color(self) -> Color {
        let [r, g, b] = self.rgb;
        let mut color = Color::from_rgba8(r, g, b, 255);
        color.set_alpha(self.cover);
        color
    }

    pub(super) fn paint(self) -> Paint<'static> {
        let mut paint = Paint::default();
        paint.set_color(self.color());
        paint
    }
}

/// The colours of one picture, each a little off its name.
pub(super) struct Palette {
    /// The garment's main colour.
    pub(super) cloth: Ink,
    /// Its pattern's colour; the main one where the cloth is solid.
    pub(super) accent: Ink,
    /// Edges and seams.
    pub(super) line: Ink,
    /// The wall behind it.
    pub(super) wall: Ink,
    /// The form it is worn by.
    pub(super) form: Ink,
}

impl Palette {
    pub(super) fn new(cloth: Colour, accent: Option<Colour>, chance: &mut Stream) -> Self {
        let wall = PAPER.mix(*chance.pick(&TINTS), chance.about(0.2, 0.1));
        let cloth_ink = near(cloth, chance);
        let accent = near(accent.unwrap_or(cloth), chance);
        Self {
            cloth: cloth_ink,
            accent,
            line: cloth_ink.against(0.34),
            wall,
            form: wall.mix(CLAY, 0.24),
        }
    }
}

/// A colour as one photo shows it: lighter or darker by up to 6, and each channel by 3 more.
fn near(colour: Colour, chance: &mut Stream) -> Ink {
    let all = chance.about(0.0, 6.0);
    let rgb = colour.rgb().map(|channel| {
        let moved = f32::from(channel) + all + chance.about(0.0, 3.0);
        moved.clamp(0.0, 255.0) as u8
    });
    Ink::new(rgb)
}
