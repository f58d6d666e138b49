//! What is printed on the front: a picture, or words.

use tiny_skia::PathBuilder;

use super::backdrop::{circle, oval};
use super::canvas::Mark;
use super::curve::{Curve, Point, line, polygon};
use super::cut::Cut;
use super::ink::{Ink, Palette};
use super::prints::AROUND;
use crate::draw::garment::Garment;
use crate::draw::seed::Stream;

/// A picture on the chest.
pub(super) fn graphic(
    garment: &Garment,
    cut: &Cut,
    palette: &Palette,
    chance: &mut Stream,
) -> Vec<Mark> {
    let (ink, cloth) = (palette.accent, palette.cloth);
    let ((x, y), size) = cut.front(garment);
    let (x, y) = (chance.about(x, 1.2 * size), chance.about(y + 1.0, 1.5));
    let size = size * chance.about(1.0, 0.12);
    let at = |right: f32, down: f32| (x + right * size, y + down * size);
    let disc = Mark::Fill(circle((x, y), 11.5 * size), ink);
    match chance.below(6) {
        0 => {
            // a sun over waves
            let mut waves = PathBuilder::new();
            for down in [5.0, 8.5] {
                let wave = Curve::from(at(-12.0, down))
                    .quad(at(-9.0, down - 3.0), at(-6.0, down))
                    .quad(at(-3.0, down + 3.0), at(0.0, down))
                    .quad(at(3.0, down - 3.0), at(6.0, down))
                    .quad(at(9.0, down + 3.0), at(12.0, down));
                if let Some(path) = wave.open() {
                    waves.push_path(&path);
                }
            }
            let sun = Mark::Fill(circle(at(0.0, -3.0), 6.5 * size), ink);
            vec![sun, Mark::Stroke(waves.finish(), ink, 1.8 * size)]
        }
        1 => {
            // two mountains
            let mut pen = PathBuilder::new();
            polygon(&mut pen, &[at(-10.0, 5.5), at(-3.0, -6.0), at(4.0, 5.5)]);
            polygon(&mut pen, &[at(1.0, 5.5), at(5.0, -1.0), at(10.0, 5.5)]);
            vec![disc, Mark::Fill(pen.finish(), cloth)]
        }
        2 => {
            // a star
            let mut pen = PathBuilder::new();
            let corners = [0, 2, 4, 1, 3].map(|i: usize| AROUND[i]);
            polygon(&mut pen, &corners.map(|(r, d)| at(r * 13.0, d * 13.0)));
            vec![Mark::Fill(pen.finish(), ink)]
        }
        3 => {
            // a heart
            let half = Curve::from(at(0.0, -4.0))
                .cubic(at(4.0, -12.0), at(13.0, -10.0), at(12.0, -2.0))
                .cubic(at(11.0, 4.0), at(5.0, 7.0), at(0.0, 12.0));
            let other = Curve::from(at(0.0, 12.0))
                .cubic(at(-5.0, 7.0), at(-11.0, 4.0), at(-12.0, -2.0))
                .cubic(at(-13.0, -10.0), at(-4.0, -12.0), at(0.0, -4.0));
            vec![Mark::Fill(half.then(&other).closed(), ink)]
        }
        4 => {
            // a cat
            let mut pen = PathBuilder::new();
            polygon(&mut pen, &[at(-10.0, 0.0), at(-10.0, -13.0), at(-2.0, -7.0)]);
            polygon(&mut pen, &[at(10.0, 0.0), at(10.0, -13.0), at(2.0, -7.0)]);
            let mut face = PathBuilder::new();
            for side in [-4.2, 4.2] {
                let (x, y) = at(side, -1.0);
                face.push_circle(x, y, 1.5 * size);
            }
            polygon(&mut face, &[at(-1.5, 3.0), at(1.5, 3.0), at(0.0, 4.8)]);
            let (x, y) = at(0.0, 0.5);
            vec![
                Mark::Fill(pen.finish(), ink),
                Mark::Fill(oval(x, y, 11.0 * size, 9.5 * size), ink),
                Mark::Fill(face.finish(), cloth),
            ]
        }
        _ => {
            // a leaf
            let leaf = Curve::from(at(0.0, -12.0))
                .cubic(at(11.0, -6.0), at(10.0, 6.0), at(0.0, 11.0))
                .cubic(at(-10.0, 6.0), at(-11.0, -6.0), at(0.0, -12.0));
            let mut veins = PathBuilder::new();
            line(&mut veins, at(0.0, -8.0), at(0.0, 13.0));
            for down in [-3.0, 2.0, 7.0] {
                line(&mut veins, at(0.0, down), at(5.0, down - 4.0));
                line(&mut veins, at(0.0, down), at(-5.0, down - 4.0));
            }
            vec![Mark::Fill(leaf.closed(), ink), Mark::Stroke(veins.finish(), cloth, 1.1 * size)]
        }
    }
}

/// A letter of strokes, each a line from corner to corner of a grid three wide and four high.
type Letter = &'static [&'static [(u8, u8)]];

type Word = &'static [Letter];

const E: Letter = &[&[(3, 0), (0, 0), (0, 4), (3, 4)], &[(0, 2), (2, 2)]];
const H: Letter = &[&[(0, 0), (0, 4)], &[(3, 0), (3, 4)], &[(0, 2), (3, 2)]];
const I: Letter = &[&[(1, 0), (1, 4)]];
const L: Letter = &[&[(0, 0), (0, 4), (3, 4)]];
const N: Letter = &[&[(0, 4), (0, 0), (3, 4), (3, 0)]];
const O: Letter = &[&[(0, 0), (3, 0), (3, 4), (0, 4), (0, 0)]];
const S: Letter = &[&[(3, 0), (0, 0), (0, 2), (3, 2), (3, 4), (0, 4)]];
const U: Letter = &[&[(0, 0), (0, 4), (3, 4), (3, 0)]];
const V: Letter = &[&[(0, 0), (1, 4), (2, 4), (3, 0)]];
const Y: Letter = &[&[(0, 0), (1, 2), (3, 0)], &[(1, 2), (1, 4)]];

const WORDS: [Word; 7] = [
    &[L, O, V, E],
    &[H, E, L, L, O],
    &[O, U, I],
    &[Y, E, S],
    &[S, O, L, E, I, L],
    &[S, U, N],
    &[N, O, N],
];

/// A word on the chest, and a smaller one below it.
pub(super) fn lettering(garment: &Garment, cut: &Cut, ink: Ink, chance: &mut Stream) -> Vec<Mark> {
    let ((x, y), size) = cut.front(garment);
    let y = chance.about(y - 1.0, 2.0);
    let (large, small) = (size * chance.about(1.75, 0.15), size * chance.about(1.05, 0.1));
    let mut marks = word(chance.pick::<Word>(&WORDS), (x, y - 4.0 * size), large, ink);
    marks.extend(word(chance.pick::<Word>(&WORDS), (x, y + 6.0 * size), small, ink));
    marks
}

fn word(letters: Word, (x, y): Point, size: f32, ink: Ink) -> Vec<Mark> {
    // a long word is set smaller, to stay on the chest
    let size = size * if letters.len() > 4 { 0.72 } else { 1.0 };
    let advance = 4.4 * size;
    let start = x - (letters.len() as f32 * advance - 1.4 * size) * 0.5;
    let mut pen = PathBuilder::new();
    for (i, letter) in letters.iter().enumerate() {
        for stroke in *letter {
            for (j, &(right, down)) in stroke.iter().enumerate() {
                let x = start + i as f32 * advance + f32::from(right) * size;
                let y = y + (f32::from(down) - 2.0) * size * 1.1;
                if j == 0 { pen.move_to(x, y) } else { pen.line_to(x, y) }
            }
        }
    }
    vec![Mark::Stroke(pen.finish(), ink, size * 0.95)]
}
