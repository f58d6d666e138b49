//! The wall behind a garment, which shows its style: the occasion to wear it.

use tiny_skia::{Path, PathBuilder, Rect};

use super::canvas::Mark;
use super::curve::{Curve, Point, line, polygon};
use super::ink::{BRASS, Palette, WHITE};
use crate::draw::garment::Mood;
use crate::draw::seed::Stream;

/// The background, in a middle-sized picture's units: its middle is 0 and 0, x goes to 80 on
/// either side and y to 112.
pub(super) fn behind(mood: Mood, palette: &Palette, chance: &mut Stream) -> Vec<Mark> {
    let deep = palette.form.mix(palette.wall, 0.55);
    let (x, y) = (chance.about(0.0, 5.0), chance.about(0.0, 5.0));
    match mood {
        Mood::Casual => vec![Mark::Fill(rect(-90.0, 88.0 + y, 180.0, 40.0), deep.sheer(0.5))],
        Mood::Sporty => {
            let mut pen = PathBuilder::new();
            for shift in [-34.0, 2.0, 24.0] {
                let wide = if shift < 0.0 { 26.0 } else { 10.0 };
                let corner = |at: f32, y: f32| (x + shift + at - y * 0.6, y);
                polygon(
                    &mut pen,
                    &[
                        corner(0.0, -115.0),
                        corner(wide, -115.0),
                        corner(wide, 115.0),
                        corner(0.0, 115.0),
                    ],
                );
            }
            vec![Mark::Fill(pen.finish(), deep)]
        }
        Mood::Bohemian => {
            let mut marks = vec![Mark::Fill(circle((x, 16.0 + y), 66.0), deep)];
            marks.extend(
                [-1.0, 1.0].map(|side| Mark::Stroke(sprig(side, chance), deep.darker(0.18), 1.3)),
            );
            marks
        }
        Mood::Vintage => {
            let frame = oval(x, y, 62.0, 92.0);
            vec![Mark::Fill(frame.clone(), deep.mix(BRASS, 0.28)), Mark::Stroke(frame, BRASS, 1.6)]
        }
        Mood::Party => {
            let mut pens = [PathBuilder::new(), PathBuilder::new(), PathBuilder::new()];
            for i in 0..66 {
                let (x, y) = (chance.about(0.0, 78.0), chance.about(0.0, 110.0));
                pens[i % 3].push_circle(x, y, chance.about(2.0, 0.9));
            }
            let inks = [BRASS, palette.form.darker(0.1), WHITE];
            let marks = pens.into_iter().zip(inks);
            marks.map(|(pen, ink)| Mark::Fill(pen.finish(), ink)).collect()
        }
        Mood::Elegant => {
            let arch = Curve::from((x, -88.0 + y))
                .cubic((x + 32.0, -88.0 + y), (x + 56.0, -64.0 + y), (x + 56.0, -30.0 + y))
                .line((x + 56.0, 120.0))
                .line((x - 56.0, 120.0))
                .line((x - 56.0, -30.0 + y))
                .cubic((x - 56.0, -64.0 + y), (x - 32.0, -88.0 + y), (x, -88.0 + y));
            vec![Mark::Fill(arch.closed(), deep)]
        }
        Mood::Formal => {
            let mut pen = PathBuilder::new();
            for i in -4_i8..=4 {
                if let Some(rect) =
                    Rect::from_xywh(x + f32::from(i) * 20.0 - 8.0, -116.0, 16.0, 232.0)
                {
                    pen.push_rect(rect);
                }
            }
            let floor = rect(-90.0, 92.0 + y, 180.0, 40.0);
            vec![Mark::Fill(pen.finish(), deep), Mark::Fill(floor, palette.form)]
        }
    }
}

/// A twig with leaves at one side.
fn sprig(side: f32, chance: &mut Stream) -> Option<Path> {
    let mut pen = PathBuilder::new();
    let lean = chance.about(6.0, 3.0);
    let at = |share: f32| (side * (58.0 + lean * share), 104.0 - 92.0 * share);
    line(&mut pen, at(0.0), at(1.0));
    for step in 2_u8..10 {
        let share = f32::from(step) / 10.0;
        let (x, y) = at(share);
        for out in [-7.0, 7.0] {
            line(&mut pen, (x, y), (x + out, y - 8.0));
        }
    }
    pen.finish()
}

pub(super) fn rect(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect)
}

pub(super) fn circle((x, y): Point, radius: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, radius)
}

pub(super) fn oval(x: f32, y: f32, across: f32, down: f32) -> Option<Path> {
    Rect::from_xywh(x - across, y - down, 2.0 * across, 2.0 * down).and_then(PathBuilder::from_oval)
}
