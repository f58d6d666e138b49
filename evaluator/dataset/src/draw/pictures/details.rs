//! The one thing that catches the eye.

use tiny_skia::PathBuilder;

use super::backdrop::{oval, rect};
use super::canvas::Mark;
use super::curve::{Curve, Point, between, line, polygon};
use super::cut::Cut;
use super::ink::{BRASS, Ink, Palette, WHITE};
use super::kinds::buttons;
use super::prints::AROUND;
use crate::draw::garment::{Detail, Garment, Kind};

/// Details on the cloth of the body, cut off at its edges.
pub(super) fn upon(garment: &Garment, cut: &Cut, palette: &Palette) -> Vec<Mark> {
    match garment.detail {
        // these kinds show buttons of their own
        Detail::Buttons
            if matches!(garment.kind, Kind::ButtonDown | Kind::ShirtDress | Kind::Henley) =>
        {
            Vec::new()
        }
        Detail::Buttons => {
            let middle = Curve::from((0.0, cut.depth)).line((0.0, cut.end + cut.sag)).open();
            let x = if garment.kind == Kind::Cardigan { 4.0 } else { 0.0 };
            let mut marks = vec![Mark::Stroke(middle, palette.line, 0.9)];
            marks.extend(buttons(x, cut.depth + 5.0, cut.end - 2.0, 9.0, palette));
            marks
        }
        Detail::Zipper => zipper(cut, palette),
        Detail::Pocket => pocket(cut, palette),
        Detail::Belt => belt(cut, palette),
        Detail::Pleats => pleats(cut, palette),
        Detail::Embroidery => embroidery(cut, palette),
        Detail::Cutouts => cutouts(cut, palette),
        _ => Vec::new(),
    }
}

/// What hangs over the edges of the body.
pub(super) fn over(garment: &Garment, cut: &Cut, palette: &Palette) -> Vec<Mark> {
    match garment.detail {
        Detail::Bow => bow((0.0, (cut.depth + 3.0).max(6.0)), palette),
        Detail::Ruffles => {
            let mut marks = frill(&cut.hemline().evenly(4.4), 6.0, palette);
            marks.extend(frill(&cut.neckline.evenly(3.6), 4.4, palette));
            marks
        }
        Detail::LaceTrim => {
            let thread = WHITE.mix(palette.cloth, 0.12);
            let mut marks = scallops(&cut.hemline().evenly(3.4), 2.6, thread, palette);
            marks.extend(scallops(&cut.neckline.evenly(3.4), 2.0, thread, palette));
            marks
        }
        Detail::Beading => {
            let mut pen = PathBuilder::new();
            for (x, y) in cut.neckline.evenly(3.0) {
                pen.push_circle(x, y + 1.6, 1.35);
                pen.push_circle(x * 0.98, y + 4.8, 0.9);
            }
            let beads = pen.finish();
            vec![
                Mark::Fill(beads.clone(), BRASS.mix(WHITE, 0.55)),
                Mark::Stroke(beads, palette.cloth.darker(0.5).sheer(0.8), 0.45),
            ]
        }
        Detail::Fringe => {
            let mut pen = PathBuilder::new();
            for (x, y) in cut.hemline().evenly(1.9) {
                line(&mut pen, (x, y - 1.5), (x * 1.02, y + 9.0));
            }
            vec![
                Mark::Stroke(pen.finish(), palette.cloth.against(0.12), 1.1),
                Mark::Stroke(cut.hemline().open(), palette.line, 1.6),
            ]
        }
        Detail::Hood => {
            let mut pen = PathBuilder::new();
            for x in [-3.4, 3.4] {
                line(&mut pen, (x, cut.depth - 1.0), (x * 1.15, cut.depth + 14.0));
            }
            vec![Mark::Stroke(pen.finish(), WHITE.mix(palette.line, 0.2), 1.2)]
        }
        _ => Vec::new(),
    }
}

/// What is seen behind the neck.
pub(super) fn behind(garment: &Garment, palette: &Palette) -> Vec<Mark> {
    if garment.detail != Detail::Hood {
        return Vec::new();
    }
    let hood = Curve::from((0.0, -18.0))
        .cubic((12.0, -18.0), (17.0, -10.0), (15.0, 3.0))
        .line((0.0, 6.0))
        .both_sides();
    let inside = Curve::from((0.0, -14.0))
        .cubic((8.0, -14.0), (11.0, -8.0), (10.0, 3.0))
        .line((0.0, 5.0))
        .both_sides();
    vec![
        Mark::Fill(hood.closed(), palette.cloth),
        Mark::Stroke(hood.closed(), palette.line, 1.1),
        Mark::Fill(inside.closed(), palette.cloth.darker(0.4)),
    ]
}

fn zipper(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let end = (cut.end + cut.sag).min(96.0);
    let mut teeth = PathBuilder::new();
    let mut y = cut.depth + 1.0;
    while y < end {
        line(&mut teeth, (-1.3, y), (1.3, y));
        y += 1.9;
    }
    let tape = Curve::from((0.0, cut.depth)).line((0.0, end)).open();
    vec![
        Mark::Stroke(tape, palette.cloth.darker(0.5), 3.8),
        Mark::Stroke(teeth.finish(), BRASS.mix(WHITE, 0.5), 0.8),
        Mark::Fill(rect(-1.3, cut.depth + 3.0, 2.6, 6.0), BRASS.mix(WHITE, 0.35)),
    ]
}

fn pocket(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let (x, y) = (9.0, cut.chest().min(38.0) - 5.0);
    let mut pen = PathBuilder::new();
    let (left, right) = (x - 5.0, x + 5.0);
    polygon(&mut pen, &[(left, y), (right, y), (right, y + 9.5), (x, y + 12.0), (left, y + 9.5)]);
    let path = pen.finish();
    vec![
        Mark::Fill(path.clone(), palette.cloth.against(0.12)),
        Mark::Stroke(path, palette.line, 1.0),
        Mark::Stroke(Curve::from((left, y + 2.4)).line((right, y + 2.4)).open(), palette.line, 0.8),
    ]
}

fn belt(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let leather = palette.cloth.mix(Ink::new([74, 46, 30]), 0.72);
    let y = cut.belt();
    vec![
        Mark::Fill(rect(-60.0, y - 2.8, 120.0, 5.6), leather),
        Mark::Stroke(rect(-60.0, y - 2.8, 120.0, 5.6), leather.darker(0.35), 0.7),
        Mark::Stroke(rect(-3.2, y - 2.6, 6.4, 5.2), BRASS.lighter(0.2), 1.3),
    ]
}

fn pleats(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let top = if cut.end > 95.0 { cut.belt() + 1.0 } else { cut.depth + 6.0 };
    let (mut edges, mut shades) = (PathBuilder::new(), PathBuilder::new());
    for i in -4_i8..=4 {
        let share = f32::from(i) / 4.5;
        let (from, to) = ((share * cut.waist, top), (share * cut.hem, cut.hem_at(share * cut.hem)));
        line(&mut edges, from, to);
        line(&mut shades, (from.0 + 0.9, from.1), (to.0 + 1.8, to.1));
    }
    vec![
        Mark::Stroke(shades.finish(), palette.cloth.against(0.3).sheer(0.5), 2.0),
        Mark::Stroke(edges.finish(), palette.line, 0.9),
    ]
}

/// A sprig of flowers on either side below the neckline.
fn embroidery(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let (mut stems, mut petals) = (PathBuilder::new(), PathBuilder::new());
    let y = (cut.depth + 4.0).clamp(10.0, 44.0);
    for side in [-1.0, 1.0] {
        stems.move_to(side * 3.0, y + 7.0);
        stems.quad_to(side * 8.0, y + 4.0, side * 12.0, y - 4.0);
        for (x, down) in [(4.0, 6.5), (8.0, 3.5), (11.5, -2.5)] {
            for (right, below) in AROUND {
                petals.push_circle(side * x + right * 1.5, y + down + below * 1.5, 1.05);
            }
        }
    }
    let thread = Ink::new([188, 64, 72]).mix(palette.cloth.against(0.9), 0.2);
    vec![
        Mark::Stroke(stems.finish(), Ink::new([92, 124, 84]), 1.0),
        Mark::Fill(petals.finish(), thread.lighter(0.15)),
    ]
}

fn cutouts(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let y = cut.belt() - 5.0;
    [-1.0, 1.0]
        .into_iter()
        .flat_map(|side| {
            let hole = oval(side * (cut.waist + 0.5), y, 6.4, 7.6);
            [Mark::Fill(hole.clone(), palette.form), Mark::Stroke(hole, palette.line, 1.1)]
        })
        .collect()
}

fn bow((x, y): Point, palette: &Palette) -> Vec<Mark> {
    let mut marks = Vec::new();
    let ink = palette.cloth.against(0.16);
    for side in [-1.0, 1.0] {
        let at = |right: f32, down: f32| (x + side * right, y + down);
        let tail =
            Curve::from(at(0.0, 0.0)).line(at(6.6, 12.0)).line(at(2.6, 13.0)).line(at(0.0, 0.0));
        let loop_ = Curve::from(at(0.0, 0.0))
            .cubic(at(4.0, -7.0), at(11.0, -6.4), at(10.6, 0.0))
            .cubic(at(10.6, 5.6), at(4.0, 5.0), at(0.0, 0.0));
        for shape in [tail, loop_] {
            marks.push(Mark::Fill(shape.closed(), ink));
            marks.push(Mark::Stroke(shape.closed(), palette.line.against(0.1), 0.9));
        }
    }
    marks.push(Mark::Fill(oval(x, y, 2.2, 2.6), palette.line));
    marks
}

/// A gathered strip that hangs from a line.
fn frill(points: &[Point], drop: f32, palette: &Palette) -> Vec<Mark> {
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return Vec::new() };
    let mut lower = Curve::from((first.0, first.1 + drop));
    let (mut upper, mut folds) = (Curve::from(last), PathBuilder::new());
    for pair in points.windows(2) {
        let (middle, to) = (between(pair[0], pair[1], 0.5), pair[1]);
        lower = lower.quad((middle.0, middle.1 + drop * 1.7), (to.0, to.1 + drop));
        line(&mut folds, (to.0, to.1 + drop), (to.0, to.1 + drop * 0.1));
    }
    for &point in points.iter().rev().skip(1) {
        upper = upper.line(point);
    }
    let strip = lower.then(&upper).closed();
    vec![
        Mark::Fill(strip.clone(), palette.cloth.against(0.1)),
        Mark::Stroke(folds.finish(), palette.line.sheer(0.7), 0.8),
        Mark::Stroke(strip, palette.line, 1.0),
    ]
}

fn scallops(points: &[Point], size: f32, ink: Ink, palette: &Palette) -> Vec<Mark> {
    let (mut pen, mut holes) = (PathBuilder::new(), PathBuilder::new());
    for &(x, y) in points {
        pen.push_circle(x, y + size * 0.5, size);
        holes.push_circle(x, y + size * 0.6, size * 0.3);
    }
    let path = pen.finish();
    vec![
        Mark::Stroke(path.clone(), palette.line.sheer(0.7), 0.7),
        Mark::Fill(path, ink),
        Mark::Fill(holes.finish(), palette.form),
    ]
}
