//! The form that wears the garments: without a face, in the wall's own tone.
//!
//! What shows of it says how low a neckline is, how long a sleeve and where a hem ends.

use tiny_skia::{Path, PathBuilder, Transform};

use super::canvas::Mark;
use super::curve::{Curve, Point};
use super::ink::Palette;
use super::{HEIGHT, WIDTH};
use crate::draw::garment::{Garment, Length};
use crate::draw::seed::Stream;

/// Heights of the figure.
pub(super) const ARMPIT: f32 = 27.0;
pub(super) const WAIST: f32 = 58.0;
pub(super) const HIP: f32 = 82.0;

/// The right arm: where it hangs from, elbow and wrist.
pub(super) const ARM: [Point; 3] = [(18.5, 12.0), (30.0, 45.0), (38.5, 80.0)];

/// From the units of the figure to pixels: all of it for a dress, head to thigh for a top; a little
/// nearer or farther, and a little off the middle.
pub(super) fn view(garment: &Garment, chance: &mut Stream) -> Transform {
    let (scale, top) = if garment.length >= Length::Mini { (1.02, 0.105) } else { (1.6, 0.16) };
    let scale = scale * chance.about(1.0, 0.035);
    let x = WIDTH as f32 * 0.5 + chance.about(0.0, 4.0);
    let y = HEIGHT as f32 * top + chance.about(0.0, 3.0);
    Transform::from_row(scale, 0.0, 0.0, scale, x, y)
}

/// The form upright.
pub(super) fn form(palette: &Palette) -> Vec<Mark> {
    let ink = palette.form;
    let mut neck = PathBuilder::new();
    if let Some(rect) = tiny_skia::Rect::from_xywh(-5.6, -16.4, 11.2, 4.0) {
        neck.push_oval(rect);
    }
    vec![
        Mark::Stroke(arm(false), ink.darker(0.04), 7.4),
        Mark::Stroke(arm(true), ink.darker(0.04), 7.4),
        Mark::Fill(body(), ink),
        Mark::Fill(neck.finish(), ink.lighter(0.3)),
    ]
}

fn body() -> Option<Path> {
    Curve::from((0.0, -14.4))
        .line((5.6, -14.4))
        .cubic((5.2, -6.0), (6.5, -2.0), (11.0, 0.5))
        .cubic((16.0, 3.0), (20.0, 4.0), (21.0, 9.0))
        .drop((16.6, ARMPIT))
        .drop((12.6, WAIST))
        .drop((18.8, HIP))
        .drop((13.0, 128.0))
        .drop((11.6, 142.0))
        .drop((7.4, 178.0))
        .line((8.6, 186.0))
        .line((3.4, 187.0))
        .line((3.2, 178.0))
        .drop((4.0, 132.0))
        .drop((1.2, 92.0))
        .line((0.0, 91.0))
        .both_sides()
        .closed()
}

fn arm(left: bool) -> Option<Path> {
    let [shoulder, elbow, wrist] = ARM;
    let arm = Curve::from(shoulder)
        .quad((elbow.0 - 3.0, elbow.1 - 12.0), elbow)
        .line(wrist)
        .line((wrist.0 + 1.0, wrist.1 + 8.0));
    if left { arm.mirrored().open() } else { arm.open() }
}
