//! What is on the cloth, all over.

use tiny_skia::{
    GradientStop, Path, PathBuilder, Point as At, RadialGradient, Rect, SpreadMode, Transform,
};

use super::backdrop::rect;
use super::canvas::Mark;
use super::curve::{Curve, Point, between, line, polygon};
use super::cut::Cut;
use super::ink::{Ink, Palette};
use super::motifs;
use crate::draw::garment::{Garment, Pattern};
use crate::draw::seed::Stream;

/// Five directions, evenly around.
pub(super) const AROUND: [Point; 5] =
    [(0.0, -1.0), (0.951, -0.309), (0.588, 0.809), (-0.588, 0.809), (-0.951, -0.309)];

/// How far cloth can reach to a side, up and down.
const SIDE: f32 = 60.0;
const TOP: f32 = -18.0;

/// The marks of a garment's pattern.
pub(super) fn print(
    garment: &Garment,
    cut: &Cut,
    palette: &Palette,
    chance: &mut Stream,
) -> Vec<Mark> {
    let accent = palette.accent;
    let bottom = cut.end + cut.sag + 4.0;
    match garment.pattern {
        Pattern::Solid => Vec::new(),
        Pattern::Striped => striped(accent, chance),
        Pattern::Plaid => plaid(accent, chance),
        Pattern::Dotted => {
            let size = chance.about(2.3, 0.4);
            vec![Mark::Fill(dots(&grid(chance.about(9.5, 1.0), 0.0, bottom, chance), size), accent)]
        }
        Pattern::Floral => floral(palette, bottom, chance),
        Pattern::Animal => animal(palette, bottom, chance),
        Pattern::Geometric => geometric(accent, bottom, chance),
        Pattern::Paisley => paisley(palette, bottom, chance),
        Pattern::Abstract => strokes(palette, bottom, chance),
        Pattern::Graphic => motifs::graphic(garment, cut, palette, chance),
        Pattern::Lettering => motifs::lettering(garment, cut, accent, chance),
        Pattern::ColourBlock => blocks(cut, accent, chance),
        Pattern::TieDye => tie_dye(cut, accent, chance),
    }
}

/// Points in rows, every other row moved by half; each off its place by chance.
fn grid(gap: f32, off: f32, bottom: f32, chance: &mut Stream) -> Vec<Point> {
    let mut points = Vec::new();
    let (mut y, mut odd) = (TOP + chance.about(0.0, gap * 0.5), false);
    while y < bottom + gap {
        let mut x = -SIDE + if odd { gap * 0.5 } else { 0.0 };
        while x < SIDE {
            points.push((x + chance.about(0.0, off), y + chance.about(0.0, off)));
            x += gap;
        }
        y += gap * 0.86;
        odd = !odd;
    }
    points
}

fn dots(points: &[Point], size: f32) -> Option<Path> {
    let mut pen = PathBuilder::new();
    for &(x, y) in points {
        pen.push_circle(x, y, size);
    }
    pen.finish()
}

/// Bands of a width, a gap apart, across or down.
fn bands(width: f32, gap: f32, shift: f32, down: bool) -> Option<Path> {
    let mut pen = PathBuilder::new();
    let mut at = -SIDE + shift;
    while at < 200.0 {
        let band = if down {
            Rect::from_xywh(at, -60.0, width, 280.0)
        } else {
            Rect::from_xywh(-SIDE, at, 2.0 * SIDE, width)
        };
        if let Some(band) = band {
            pen.push_rect(band);
        }
        at += gap;
    }
    pen.finish()
}

fn striped(accent: Ink, chance: &mut Stream) -> Vec<Mark> {
    let gap = chance.about(9.0, 2.0);
    let width = gap * chance.about(0.42, 0.08);
    let down = chance.chance(200);
    vec![Mark::Fill(bands(width, gap, chance.about(0.0, 4.0), down), accent)]
}

fn plaid(accent: Ink, chance: &mut Stream) -> Vec<Mark> {
    let gap = chance.about(15.0, 2.0);
    let shift = chance.about(0.0, 5.0);
    let sheer = accent.sheer(0.52);
    let thin = accent.sheer(0.9);
    let mut marks = Vec::new();
    for down in [true, false] {
        marks.push(Mark::Fill(bands(gap * 0.42, gap, shift, down), sheer));
        marks.push(Mark::Fill(bands(0.9, gap, shift + gap * 0.7, down), thin));
    }
    marks
}

fn floral(palette: &Palette, bottom: f32, chance: &mut Stream) -> Vec<Mark> {
    let (mut petals, mut hearts, mut leaves) =
        (PathBuilder::new(), PathBuilder::new(), PathBuilder::new());
    for (x, y) in grid(chance.about(14.5, 1.5), 2.4, bottom, chance) {
        let size = chance.about(1.0, 0.25);
        for (right, down) in AROUND {
            petals.push_circle(x + 2.5 * size * right, y + 2.5 * size * down, 1.9 * size);
        }
        hearts.push_circle(x, y, 1.4 * size);
        let away = if chance.chance(500) { 1.0 } else { -1.0 };
        if let Some(leaf) = Rect::from_xywh(x + away * 5.5 * size - 1.6, y + 4.4 * size, 3.2, 1.8) {
            leaves.push_oval(leaf);
        }
    }
    vec![
        Mark::Fill(leaves.finish(), palette.accent.mix(palette.cloth, 0.45)),
        Mark::Fill(petals.finish(), palette.accent),
        Mark::Fill(hearts.finish(), palette.cloth.mix(palette.accent.against(0.5), 0.35)),
    ]
}

/// A leopard's spots: broken rings around a darker middle.
fn animal(palette: &Palette, bottom: f32, chance: &mut Stream) -> Vec<Mark> {
    let (mut middles, mut rings) = (PathBuilder::new(), PathBuilder::new());
    for (x, y) in grid(chance.about(9.2, 0.8), 1.7, bottom, chance) {
        let size = chance.about(2.5, 0.7);
        middles.push_circle(x, y, size);
        let open = chance.below(5);
        for i in (0..5).filter(|i| *i != open) {
            let (from, to) = (AROUND[i], AROUND[(i + 1) % 5]);
            let at = |(right, down): Point| (x + right * size * 1.25, y + down * size);
            line(&mut rings, at(from), at(between(from, to, 0.72)));
        }
    }
    vec![
        Mark::Fill(middles.finish(), palette.accent.mix(palette.cloth, 0.6)),
        Mark::Stroke(rings.finish(), palette.accent, 1.7),
    ]
}

/// Zigzags, with a row of lozenges between.
fn geometric(accent: Ink, bottom: f32, chance: &mut Stream) -> Vec<Mark> {
    let (step, gap) = (chance.about(6.0, 0.8), chance.about(17.0, 1.5));
    let (mut zigzag, mut lozenges) = (PathBuilder::new(), PathBuilder::new());
    let mut y = TOP;
    while y < bottom + gap {
        let mut x = -SIDE;
        zigzag.move_to(x, y);
        let mut up = true;
        while x < SIDE {
            if !up {
                let (a, b) = (step * 0.4, step * 0.5);
                let y = y + gap * 0.55;
                polygon(&mut lozenges, &[(x - a, y), (x, y - b), (x + a, y), (x, y + b)]);
            }
            x += step;
            zigzag.line_to(x, if up { y - step } else { y });
            up = !up;
        }
        y += gap;
    }
    vec![Mark::Stroke(zigzag.finish(), accent, 2.2), Mark::Fill(lozenges.finish(), accent)]
}

/// Curled drops, each with an eye.
fn paisley(palette: &Palette, bottom: f32, chance: &mut Stream) -> Vec<Mark> {
    let mut marks = Vec::new();
    let (mut drops, mut eyes) = (Vec::new(), PathBuilder::new());
    for (i, (x, y)) in grid(chance.about(15.5, 1.0), 1.0, bottom, chance).into_iter().enumerate() {
        let side = if i % 2 == 0 { 1.0 } else { -1.0 };
        let at = |right: f32, down: f32| (x + side * right, y + down);
        let drop = Curve::from(at(4.6, -6.4))
            .cubic(at(6.0, -1.0), at(6.0, 6.0), at(0.0, 6.0))
            .cubic(at(-6.0, 6.0), at(-5.6, -3.0), at(0.0, -3.4))
            .cubic(at(2.6, -3.6), at(4.0, -4.4), at(4.6, -6.4));
        drops.push(drop.closed());
        eyes.push_circle(x + side * 0.3, y + 1.6, 1.5);
    }
    for drop in drops {
        marks.push(Mark::Fill(drop, palette.accent));
    }
    marks.push(Mark::Stroke(eyes.finish(), palette.cloth, 1.2));
    marks
}

/// Broad strokes of a brush and splashes, none like another.
fn strokes(palette: &Palette, bottom: f32, chance: &mut Stream) -> Vec<Mark> {
    let mut marks = Vec::new();
    let inks =
        [palette.accent, palette.accent.mix(palette.cloth, 0.45), palette.accent.lighter(0.3)];
    for i in 0..30 {
        let (x, y) = (chance.about(0.0, 46.0), chance.about(bottom * 0.5, bottom * 0.5 + 6.0));
        let (dx, dy) = (chance.about(0.0, 16.0), chance.about(0.0, 15.0));
        let bow = (x + chance.about(0.0, 14.0), y + chance.about(0.0, 14.0));
        let stroke = Curve::from((x - dx, y - dy)).quad(bow, (x + dx, y + dy));
        marks.push(Mark::Stroke(stroke.open(), inks[i % 3], chance.about(4.4, 2.8)));
    }
    marks
}

/// A panel in the other colour: below, above, or one half.
fn blocks(cut: &Cut, accent: Ink, chance: &mut Stream) -> Vec<Mark> {
    let seam = cut.chest() + chance.about(4.0, 6.0);
    let panel = match chance.below(3) {
        0 => rect(-90.0, seam, 180.0, 220.0),
        1 => rect(-90.0, -40.0, 180.0, 40.0 + seam * 0.8),
        _ => rect(0.0, -60.0, 90.0, 280.0),
    };
    vec![Mark::Fill(panel, accent)]
}

/// Rings of dye around where the cloth was tied.
fn tie_dye(cut: &Cut, accent: Ink, chance: &mut Stream) -> Vec<Mark> {
    let mut rings = |x: f32, y: f32, size: f32, cover: f32| -> Mark {
        let at = At::from_xy(x + chance.about(0.0, 6.0), y + chance.about(0.0, 6.0));
        let (full, none) = (accent.sheer(cover).color(), accent.sheer(0.0).color());
        let stops = [(0.0, full), (0.3, none), (0.55, full), (0.8, none), (1.0, full)];
        let stops = stops.map(|(place, color)| GradientStop::new(place, color)).to_vec();
        let here = Transform::identity();
        Mark::Wash(RadialGradient::new(at, 0.0, at, size, stops, SpreadMode::Repeat, here))
    };
    vec![
        rings(0.0, cut.chest(), 24.0, 0.85),
        rings(16.0, cut.end * 0.8, 34.0, 0.55),
        rings(-24.0, cut.end * 0.6, 30.0, 0.4),
    ]
}
