//! What the cloth is made of: how much shines through, how it catches light, how it is woven.

use tiny_skia::{GradientStop, LinearGradient, PathBuilder, Point as At, SpreadMode, Transform};

use super::canvas::Mark;
use super::curve::line;
use super::cut::Cut;
use super::ink::{BLACK, BRASS, Ink, Palette, WHITE};
use crate::draw::garment::{Fabric, Fit, Garment};
use crate::draw::seed::Stream;

/// The opacity of the cloth.
pub(super) const fn cover(fabric: Fabric) -> f32 {
    match fabric {
        Fabric::Chiffon => 0.74,
        Fabric::Lace => 0.84,
        Fabric::Mesh => 0.62,
        _ => 1.0,
    }
}

/// The marks of a garment's fabric.
pub(super) fn weave(
    garment: &Garment,
    cut: &Cut,
    palette: &Palette,
    chance: &mut Stream,
) -> Vec<Mark> {
    let bottom = cut.end + cut.sag;
    let fine = palette.cloth.against(0.5);
    let mut marks = match garment.fabric {
        Fabric::Cotton => Vec::new(),
        Fabric::Knit => vec![lines(fine.sheer(0.34), 2.6, 0.0, 0.9)],
        Fabric::Denim => vec![
            lines(palette.cloth.lighter(0.45).sheer(0.4), 2.2, 0.9, 0.5),
            dashes(cut, BRASS.mix(WHITE, 0.2)),
        ],
        Fabric::Linen => vec![
            lines(fine.sheer(0.22), 1.7, 0.0, 0.45),
            specks(palette.cloth.against(0.3).sheer(0.6), 260, 0.5, bottom, chance),
            across(fine.sheer(0.24), 1.9, bottom),
        ],
        Fabric::Flannel => vec![
            specks(palette.cloth.lighter(0.5).sheer(0.4), 420, 0.6, bottom, chance),
            specks(palette.cloth.darker(0.4).sheer(0.36), 420, 0.6, bottom, chance),
        ],
        Fabric::Chiffon => folds(palette.cloth.lighter(0.6).sheer(0.24), 3.6, cut, 5, chance),
        Fabric::Lace => lace(palette, bottom, chance),
        Fabric::Satin => satin(chance),
        Fabric::Velvet => velvet(palette, bottom, chance),
        Fabric::Leather => leather(cut, palette),
        Fabric::Sequin => sequins(palette, bottom, chance),
        Fabric::Mesh => {
            vec![lines(fine.sheer(0.85), 3.1, 0.9, 0.5), lines(fine.sheer(0.85), 3.1, -0.9, 0.5)]
        }
    };
    if matches!(garment.fit, Fit::Loose | Fit::Oversized) {
        marks.extend(folds(BLACK.sheer(0.12), 1.7, cut, 3, chance));
    }
    marks.push(rounding());
    marks
}

/// Darker towards the sides, as a body is round.
fn rounding() -> Mark {
    let stops = [(0.0, 0.15), (0.36, 0.02), (0.55, 0.0), (1.0, 0.2)];
    let stops = stops.map(|(at, cover)| GradientStop::new(at, BLACK.sheer(cover).color()));
    wash((-30.0, 0.0), (30.0, 6.0), stops.to_vec())
}

fn wash(from: (f32, f32), to: (f32, f32), stops: Vec<GradientStop>) -> Mark {
    let [from, to] = [from, to].map(|(x, y)| At::from_xy(x, y));
    let here = Transform::identity();
    Mark::Wash(LinearGradient::new(from, to, stops, SpreadMode::Pad, here))
}

/// Lines from top to bottom, a gap apart, leaning to the right by so much.
fn lines(ink: Ink, gap: f32, lean: f32, width: f32) -> Mark {
    let mut pen = PathBuilder::new();
    let reach = 66.0 + 200.0 * lean.abs();
    let mut x = -reach;
    while x < reach {
        line(&mut pen, (x, -30.0), (x + lean * 230.0, 200.0));
        x += gap;
    }
    Mark::Stroke(pen.finish(), ink, width)
}

fn across(ink: Ink, gap: f32, bottom: f32) -> Mark {
    let mut pen = PathBuilder::new();
    let mut y = -20.0;
    while y < bottom {
        line(&mut pen, (-66.0, y), (66.0, y));
        y += gap;
    }
    Mark::Stroke(pen.finish(), ink, 0.45)
}

fn specks(ink: Ink, count: usize, size: f32, bottom: f32, chance: &mut Stream) -> Mark {
    let mut pen = PathBuilder::new();
    for _ in 0..count {
        let x = chance.about(0.0, 48.0);
        let y = chance.about(bottom * 0.5, bottom * 0.5 + 8.0);
        pen.push_circle(x, y, size);
    }
    Mark::Fill(pen.finish(), ink)
}

/// Soft folds that open towards the hem.
fn folds(ink: Ink, width: f32, cut: &Cut, count: u8, chance: &mut Stream) -> Vec<Mark> {
    let mut pen = PathBuilder::new();
    let top = cut.chest() + 6.0;
    for i in 0..count {
        let share = (f32::from(i) + 0.5) / f32::from(count) * 2.0 - 1.0 + chance.about(0.0, 0.08);
        let (from, to) = (share * cut.waist * 0.8, share * cut.hem * 0.95);
        pen.move_to(from, top + chance.about(4.0, 6.0));
        pen.quad_to(from, (top + cut.end) * 0.5, to, cut.end + cut.sag);
    }
    vec![Mark::Stroke(pen.finish(), ink, width)]
}

/// Rosettes of thread with holes between them.
fn lace(palette: &Palette, bottom: f32, chance: &mut Stream) -> Vec<Mark> {
    let (mut holes, mut rings) = (PathBuilder::new(), PathBuilder::new());
    let (mut y, mut odd) = (-18.0 + chance.about(0.0, 2.0), false);
    while y < bottom + 6.0 {
        let mut x = -60.0 + if odd { 3.5 } else { 0.0 };
        while x < 60.0 {
            rings.push_circle(x, y, 2.3);
            holes.push_circle(x + 3.5, y, 0.95);
            holes.push_circle(x, y, 0.7);
            x += 7.0;
        }
        y += 5.0;
        odd = !odd;
    }
    vec![
        Mark::Stroke(rings.finish(), palette.cloth.against(0.3).sheer(0.6), 0.6),
        Mark::Fill(holes.finish(), palette.form.lighter(0.25).sheer(0.8)),
    ]
}

/// Broad soft lights, as on silk.
fn satin(chance: &mut Stream) -> Vec<Mark> {
    let shift = chance.about(0.0, 0.04);
    let stops =
        [(0.0, 0.0), (0.16, 0.42), (0.3, 0.0), (0.5, 0.05), (0.62, 0.58), (0.74, 0.0), (1.0, 0.2)];
    let stops = stops.map(|(at, cover): (f32, f32)| {
        GradientStop::new((at + shift).clamp(0.0, 1.0), WHITE.sheer(cover).color())
    });
    vec![wash((-34.0, 0.0), (30.0, 34.0), stops.to_vec())]
}

/// Light on the pile at the edges, deep between.
fn velvet(palette: &Palette, bottom: f32, chance: &mut Stream) -> Vec<Mark> {
    let (light, deep) = (palette.cloth.lighter(0.5), palette.cloth.darker(0.6));
    let stops = vec![
        GradientStop::new(0.0, light.sheer(0.6).color()),
        GradientStop::new(0.3, deep.sheer(0.5).color()),
        GradientStop::new(0.5, light.sheer(0.28).color()),
        GradientStop::new(0.72, deep.sheer(0.55).color()),
        GradientStop::new(1.0, light.sheer(0.6).color()),
    ];
    vec![wash((-22.0, 0.0), (22.0, 0.0), stops), specks(deep.sheer(0.3), 500, 0.45, bottom, chance)]
}

/// Hard lights and topstitched seams.
fn leather(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let mut lights = PathBuilder::new();
    for (x, y) in [(-11.0, 18.0), (9.0, 24.0), (-8.0, 46.0), (12.0, 54.0)] {
        line(&mut lights, (x, y), (x * 1.1, y + 15.0));
    }
    let mut seams = PathBuilder::new();
    for side in [-1.0, 1.0] {
        seams.move_to(side * 12.0, 6.0);
        seams.quad_to(side * 7.0, 40.0, side * 9.0, cut.end + cut.sag);
    }
    vec![
        Mark::Stroke(lights.finish(), WHITE.sheer(0.5), 2.4),
        Mark::Stroke(seams.finish(), palette.line, 0.9),
    ]
}

/// Small discs, some of which catch the light.
fn sequins(palette: &Palette, bottom: f32, chance: &mut Stream) -> Vec<Mark> {
    let mut pens = [PathBuilder::new(), PathBuilder::new(), PathBuilder::new()];
    let (mut y, mut odd) = (-18.0, false);
    while y < bottom + 4.0 {
        let mut x = -50.0 + if odd { 1.7 } else { 0.0 };
        while x < 50.0 {
            let pen = match chance.below(12) {
                0 => 0,
                1..5 => 1,
                _ => 2,
            };
            pens[pen].push_circle(x, y, 1.25);
            x += 3.4;
        }
        y += 2.9;
        odd = !odd;
    }
    let inks = [
        WHITE.sheer(0.9),
        palette.cloth.lighter(0.5).sheer(0.75),
        palette.cloth.darker(0.45).sheer(0.55),
    ];
    pens.into_iter().zip(inks).map(|(pen, ink)| Mark::Fill(pen.finish(), ink)).collect()
}

/// A seam of thread in another colour, above the hem and below the neckline.
fn dashes(cut: &Cut, ink: Ink) -> Mark {
    let mut pen = PathBuilder::new();
    let hem = cut.hemline();
    let edges = [(hem.evenly(1.8), -3.0), (cut.neckline.evenly(1.8), 3.0)];
    for (points, off) in edges {
        for pair in points.chunks_exact(2) {
            line(&mut pen, (pair[0].0, pair[0].1 + off), (pair[1].0, pair[1].1 + off));
        }
    }
    Mark::Stroke(pen.finish(), ink, 0.9)
}
