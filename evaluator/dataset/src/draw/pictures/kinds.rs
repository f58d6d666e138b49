//! What a garment is sold as, where that is more than its outline: collars, plackets, ribs, wraps.

use tiny_skia::{Path, PathBuilder};

use super::backdrop::rect;
use super::canvas::Mark;
use super::curve::{Curve, Point, between, line};
use super::cut::Cut;
use super::figure::{HIP, WAIST};
use super::ink::{Palette, WHITE};
use crate::draw::garment::{Garment, Kind, Neckline};

/// Details on the cloth of the body, cut off at its edges.
pub(super) fn upon(garment: &Garment, cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let mut marks = sewn(garment, cut, palette);
    if garment.neckline == Neckline::Cowl {
        for (lower, width) in [(0.0, 2.0), (5.5, 1.6), (12.0, 1.3)] {
            let (low, high) = (cut.depth + lower, 2.0 + lower * 1.3);
            let drape = Curve::from((0.0, low + 2.5)).cubic(
                (8.0, low + 2.5),
                (13.0, low - 6.0),
                (17.0, high),
            );
            marks.push(Mark::Stroke(drape.both_sides().open(), palette.line.sheer(0.85), width));
        }
    }
    marks
}

fn sewn(garment: &Garment, cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let line_ink = palette.line;
    let rib = palette.cloth.against(0.2);
    match garment.kind {
        Kind::Dress | Kind::Top | Kind::Tank => Vec::new(),
        Kind::Sundress => tiers(cut, palette),
        Kind::ShirtDress | Kind::ButtonDown => placket(cut.depth, cut.end + cut.sag, palette),
        Kind::Polo => placket(cut.depth, 27.0, palette),
        Kind::Henley => placket(cut.depth, 32.0, palette),
        Kind::WrapDress => {
            let over = Curve::from((9.0, -1.0))
                .cubic((4.0, 20.0), (-8.0, 44.0), (-cut.waist, WAIST))
                .line((-cut.waist, WAIST));
            let fall = Curve::from((-cut.waist + 2.0, WAIST + 1.0))
                .quad((-cut.waist * 0.1, HIP), (cut.hem * 0.2, cut.end + cut.sag));
            vec![Mark::Stroke(over.open(), line_ink, 1.5), Mark::Stroke(fall.open(), line_ink, 1.3)]
        }
        Kind::Gown => {
            let mut pen = PathBuilder::new();
            for share in [-0.7, -0.35, 0.0, 0.35, 0.7] {
                pen.move_to(share * cut.waist, WAIST + 4.0);
                pen.quad_to(share * cut.waist, HIP + 20.0, share * cut.hem, cut.end + cut.sag);
            }
            let seam = Curve::from((-40.0, WAIST)).quad((0.0, WAIST + 5.0), (40.0, WAIST));
            vec![
                Mark::Stroke(pen.finish(), line_ink.sheer(0.55), 1.2),
                Mark::Stroke(seam.open(), line_ink, 1.1),
            ]
        }
        Kind::Tee => vec![
            Mark::Stroke(cut.neckline.open(), rib, 4.6),
            Mark::Stroke(shifted(&cut.hemline(), -3.2), line_ink.sheer(0.5), 0.7),
        ],
        Kind::Blouse => gathers(cut, palette),
        Kind::Sweater => {
            vec![
                Mark::Stroke(cut.neckline.open(), rib, 6.0),
                Mark::Stroke(shifted(&cut.hemline(), -3.0), rib, 7.0),
                ribs(cut, palette),
            ]
        }
        Kind::Cardigan => cardigan(cut, palette),
    }
}

/// Details over the edges: collars, cuffs and ties.
pub(super) fn over(garment: &Garment, cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let mut marks = Vec::new();
    match garment.neckline {
        Neckline::Turtleneck => {
            let band = Curve::from((0.0, -12.5))
                .line((7.0, -12.5))
                .drop((9.0, 1.0))
                .quad((5.0, 4.6), (0.0, 4.6))
                .both_sides();
            both(&mut marks, &band, palette);
            let fold = Curve::from((-7.4, -4.0)).quad((0.0, -1.0), (7.4, -4.0));
            marks.push(Mark::Stroke(fold.open(), palette.line, 0.8));
        }
        Neckline::Collar => {
            for side in [-1.0, 1.0] {
                let at = |x: f32, y: f32| (side * x, y);
                let leaf = Curve::from(at(0.6, 7.0))
                    .line(at(5.2, -5.0))
                    .quad(at(8.4, -4.6), at(10.4, -1.2))
                    .line(at(12.2, 8.0))
                    .line(at(5.6, 12.4))
                    .line(at(0.6, 7.0));
                both(&mut marks, &leaf, palette);
            }
        }
        Neckline::Halter => {
            let band = Curve::from((0.0, -4.0)).quad((4.4, -4.2), (7.4, -6.8)).both_sides();
            marks.push(Mark::Stroke(band.open(), palette.line, 4.2));
            marks.push(Mark::Stroke(band.open(), palette.cloth, 2.8));
        }
        _ => {}
    }
    match garment.kind {
        Kind::ButtonDown | Kind::ShirtDress | Kind::Blouse => cuffs(&mut marks, cut, palette, 2.6),
        Kind::Sweater | Kind::Cardigan => cuffs(&mut marks, cut, palette, 4.4),
        Kind::Tee | Kind::Polo => cuffs(&mut marks, cut, palette, 1.3),
        Kind::WrapDress => tie(&mut marks, cut, palette),
        _ => {}
    }
    marks
}

/// A shape in the cloth's own colour, with its edge.
fn both(marks: &mut Vec<Mark>, shape: &Curve, palette: &Palette) {
    marks.push(Mark::Fill(shape.closed(), palette.cloth.lighter(0.08)));
    marks.push(Mark::Stroke(shape.closed(), palette.line, 1.0));
}

/// The strip that buttons close, and its buttons.
fn placket(from: f32, to: f32, palette: &Palette) -> Vec<Mark> {
    let mut marks = vec![
        Mark::Fill(rect(-2.6, from - 2.0, 5.2, to - from + 4.0), palette.cloth.against(0.1)),
        Mark::Stroke(rect(-2.6, from - 2.0, 5.2, to - from + 4.0), palette.line, 0.7),
    ];
    marks.extend(buttons(0.0, from + 4.0, to - 2.0, if to < 40.0 { 6.5 } else { 10.0 }, palette));
    marks
}

/// A row of buttons.
pub(super) fn buttons(x: f32, from: f32, to: f32, gap: f32, palette: &Palette) -> Vec<Mark> {
    let mut pen = PathBuilder::new();
    let mut y = from;
    while y <= to {
        pen.push_circle(x, y, 1.45);
        y += gap;
    }
    let path = pen.finish();
    vec![
        Mark::Fill(path.clone(), palette.cloth.mix(WHITE, 0.62)),
        Mark::Stroke(path, palette.cloth.darker(0.55), 0.55),
    ]
}

/// Two seams around the skirt, gathered below.
fn tiers(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let mut gathers = PathBuilder::new();
    let mut seams = PathBuilder::new();
    let skirt = cut.end - WAIST;
    for share in [0.0, 0.38, 0.72] {
        let y = WAIST + skirt * share;
        seams.move_to(-60.0, y);
        seams.quad_to(0.0, y + 3.4, 60.0, y);
        let mut x = -44.0;
        while x < 44.0 {
            line(&mut gathers, (x, y + 2.4), (x * 1.03, y + 7.0));
            x += 3.6;
        }
    }
    vec![
        Mark::Stroke(seams.finish(), palette.line, 1.1),
        Mark::Stroke(gathers.finish(), palette.line.sheer(0.6), 0.7),
    ]
}

/// The fullness of a blouse below its neckline and above its hem.
fn gathers(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let mut pen = PathBuilder::new();
    for (x, y) in cut.neckline.evenly(2.4) {
        line(&mut pen, (x, y + 1.2), (x * 1.12, y + 8.5));
    }
    for (x, y) in cut.hemline().evenly(3.2) {
        line(&mut pen, (x, y - 0.5), (x * 0.97, y - 6.0));
    }
    vec![Mark::Stroke(pen.finish(), palette.line.sheer(0.75), 0.8)]
}

fn ribs(cut: &Cut, palette: &Palette) -> Mark {
    let mut pen = PathBuilder::new();
    for (x, y) in cut.hemline().evenly(2.0) {
        line(&mut pen, (x, y), (x, y - 6.0));
    }
    Mark::Stroke(pen.finish(), palette.line.sheer(0.8), 0.7)
}

/// Open in front, over something plain.
fn cardigan(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let end = cut.end + cut.sag + 1.0;
    let mut marks = Vec::new();
    let edge = |side: f32| {
        Curve::from((0.0, cut.depth))
            .quad((side * 3.0, f32::midpoint(cut.depth, end)), (side * 6.5, end))
    };
    let gap = edge(1.0).line((-6.5, end)).then(&edge(-1.0).reversed());
    marks.push(Mark::Fill(gap.closed(), palette.wall.lighter(0.5)));
    let rib = palette.cloth.against(0.2);
    for side in [-1.0, 1.0] {
        let band = Curve::from((side * 11.0, -1.0)).line((side * 1.4, cut.depth + 2.0));
        marks.push(Mark::Stroke(band.open(), rib, 3.0));
        marks.push(Mark::Stroke(edge(side).open(), palette.line, 4.6));
        marks.push(Mark::Stroke(edge(side).open(), rib, 3.4));
    }
    marks.push(Mark::Stroke(shifted(&cut.hemline(), -2.4), rib.sheer(0.8), 4.0));
    marks
}

/// Bands at the ends of the sleeves.
fn cuffs(marks: &mut Vec<Mark>, cut: &Cut, palette: &Palette, width: f32) {
    let Some((outer, inner)) = cut.cuff else { return };
    for side in [1.0, -1.0] {
        let at = |(x, y): Point| (side * x, y);
        let ends = (between(outer, inner, 0.05), between(outer, inner, 0.95));
        let band = Curve::from(at(ends.0)).line(at(ends.1)).open();
        marks.push(Mark::Stroke(band.clone(), palette.line, width + 1.1));
        marks.push(Mark::Stroke(band, palette.cloth.against(0.14), width));
    }
}

/// The ends of a wrap's belt, at its side.
fn tie(marks: &mut Vec<Mark>, cut: &Cut, palette: &Palette) {
    let x = -cut.waist + 1.0;
    let mut pen = PathBuilder::new();
    pen.move_to(x, WAIST);
    pen.quad_to(x - 6.0, WAIST + 8.0, x - 4.0, WAIST + 20.0);
    pen.move_to(x, WAIST);
    pen.quad_to(x + 2.0, WAIST + 9.0, x + 4.0, WAIST + 18.0);
    pen.move_to(x, WAIST);
    pen.line_to(cut.waist - 1.0, WAIST - 2.0);
    marks.push(Mark::Stroke(pen.finish(), palette.line, 1.9));
    let mut knot = PathBuilder::new();
    knot.push_circle(x, WAIST, 2.2);
    marks.push(Mark::Fill(knot.finish(), palette.line));
}

/// A curve so much lower, to be stroked.
pub(super) fn shifted(curve: &Curve, down: f32) -> Option<Path> {
    curve.open()?.transform(tiny_skia::Transform::from_translate(0.0, down))
}
