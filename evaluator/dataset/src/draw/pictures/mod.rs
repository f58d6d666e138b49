//! Pictures of the drawn garments.
//!
//! A picture shows all that is known of a garment. Colours, pattern and fabric are the cloth's;
//! sleeves, neckline, length and fit are the outline's, against a form that is always the same; kind
//! and detail are what is sewn on; and what one would wear it for is the wall behind it. Nothing else
//! is in it but chance: the exact tones, the scale and place of the print, how near the garment
//! hangs and the tint of the wall differ from item to item, so that two items of the very same
//! garment have two pictures.
//!
//! The numbers are plain floating point without a vector unit and without sines, so the same seed
//! gives the same bytes on any machine.

mod backdrop;
mod canvas;
mod curve;
mod cut;
mod details;
mod fabrics;
mod figure;
mod ink;
mod kinds;
mod motifs;
mod png;
mod prints;

use tiny_skia::{Mask, Path, Transform};

use super::DrawnItem;
use super::garment::{Garment, Pattern};
use super::seed::Stream;
use canvas::{Canvas, Mark};
use cut::Cut;
use ink::Palette;

/// The width of a picture in pixels.
pub const WIDTH: u32 = 160;

/// The height of a picture in pixels.
pub const HEIGHT: u32 = 224;

impl DrawnItem {
    /// A picture of it: a PNG of [`WIDTH`] by [`HEIGHT`] pixels that holds nothing else.
    pub fn picture(&self) -> Vec<u8> {
        png::encode(&paint(&self.garment, &mut Stream::from_number(self.variation)).rgb())
    }
}

fn paint(garment: &Garment, chance: &mut Stream) -> Canvas {
    let palette = Palette::new(garment.colour, garment.accent, chance);
    let view = figure::view(garment, chance);
    let cut = Cut::of(garment);

    let middle = Transform::from_translate(WIDTH as f32 * 0.5, HEIGHT as f32 * 0.5);
    let mut canvas = Canvas::new(palette.wall, middle);
    canvas.draw(&backdrop::behind(garment.mood, &palette, chance), None);
    canvas.look(view);
    canvas.draw(&details::behind(garment, &palette), None);
    canvas.draw(&figure::form(&palette), None);

    let print = prints::print(garment, &cut, &palette, chance);
    let weave = fabrics::weave(garment, &cut, &palette, chance);
    // dye is in the cloth, a print upon it
    let layers = match garment.pattern {
        Pattern::Graphic | Pattern::Lettering => [&weave[..], &print],
        _ => [&print[..], &weave],
    };
    let sleeves = cut.sleeves();
    if cut.sleeve.is_some() {
        let within = canvas.within(&sleeves);
        cloth(&mut canvas, garment, &palette, &sleeves, layers, &within);
    }
    let straps = straps(&cut, &palette);
    canvas.draw(&straps, None);
    let body = [cut.body.closed()];
    let within = canvas.within(&body);
    cloth(&mut canvas, garment, &palette, &body, layers, &within);
    canvas.draw(&kinds::upon(garment, &cut, &palette), Some(&within));
    canvas.draw(&details::upon(garment, &cut, &palette), Some(&within));
    canvas.draw(&kinds::over(garment, &cut, &palette), None);
    canvas.draw(&details::over(garment, &cut, &palette), None);
    canvas
}

/// Pieces of cloth with what is on it, and their edges.
fn cloth(
    canvas: &mut Canvas,
    garment: &Garment,
    palette: &Palette,
    pieces: &[Option<Path>],
    layers: [&[Mark]; 2],
    within: &Mask,
) {
    let ink = palette.cloth.sheer(fabrics::cover(garment.fabric));
    for piece in pieces {
        canvas.draw(&[Mark::Fill(piece.clone(), ink)], None);
    }
    for layer in layers {
        canvas.draw(layer, Some(within));
    }
    for piece in pieces {
        canvas.draw(&[Mark::Stroke(piece.clone(), palette.line, 1.0)], None);
    }
}

fn straps(cut: &Cut, palette: &Palette) -> Vec<Mark> {
    let Some(strap) = &cut.strap else { return Vec::new() };
    let sides = [strap.open(), strap.mirrored().open()];
    let edge = sides.clone().map(|path| Mark::Stroke(path, palette.line, 2.8));
    let inner = sides.map(|path| Mark::Stroke(path, palette.cloth, 1.6));
    edge.into_iter().chain(inner).collect()
}
