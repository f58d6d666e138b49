//! What a picture is drawn on.

use tiny_skia::{
    FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, Rect, Shader, Stroke,
    Transform,
};

use super::ink::Ink;
use super::{HEIGHT, WIDTH};

/// One thing that is drawn, in the units of the figure.
pub(super) enum Mark {
    /// What a path goes around.
    Fill(Option<Path>, Ink),
    /// The path itself, so wide.
    Stroke(Option<Path>, Ink, f32),
    /// All over.
    Wash(Option<Shader<'static>>),
}

/// A picture being drawn.
pub(super) struct Canvas {
    pixels: Pixmap,
    /// From the units of the figure to pixels.
    view: Transform,
}

impl Canvas {
    pub(super) fn new(wall: Ink, view: Transform) -> Self {
        let mut pixels = Pixmap::new(WIDTH, HEIGHT).expect("a picture has a size");
        pixels.fill(wall.color());
        Self { pixels, view }
    }

    /// What is drawn from now on is seen so.
    pub(super) fn look(&mut self, view: Transform) {
        self.view = view;
    }

    /// Within these paths; nothing else is touched by what is drawn with it.
    pub(super) fn within(&self, paths: &[Option<Path>]) -> Mask {
        let mut mask = Mask::new(WIDTH, HEIGHT).expect("a picture has a size");
        for path in paths.iter().flatten() {
            mask.fill_path(path, FillRule::Winding, true, self.view);
        }
        mask
    }

    pub(super) fn draw(&mut self, marks: &[Mark], within: Option<&Mask>) {
        for mark in marks {
            match mark {
                Mark::Fill(path, ink) => self.fill(path.as_ref(), &ink.paint(), within),
                Mark::Stroke(path, ink, width) => {
                    let Some(path) = path else { continue };
                    let stroke = Stroke {
                        width: *width,
                        line_cap: LineCap::Round,
                        line_join: LineJoin::Round,
                        ..Stroke::default()
                    };
                    self.pixels.stroke_path(path, &ink.paint(), &stroke, self.view, within);
                }
                Mark::Wash(shader) => {
                    let Some(shader) = shader.clone() else { continue };
                    let paint = Paint { shader, ..Paint::default() };
                    let all = Rect::from_xywh(-90.0, -60.0, 180.0, 300.0);
                    self.fill(all.map(PathBuilder::from_rect).as_ref(), &paint, within);
                }
            }
        }
    }

    fn fill(&mut self, path: Option<&Path>, paint: &Paint<'_>, within: Option<&Mask>) {
        if let Some(path) = path {
            self.pixels.fill_path(path, paint, FillRule::Winding, self.view, within);
        }
    }

    /// Red, green and blue of each pixel, row by row: the wall covers everything, so nothing shines
    /// through.
    pub(super) fn rgb(&self) -> Vec<u8> {
        let pixels = self.pixels.pixels().iter();
        pixels.flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect()
    }
}
