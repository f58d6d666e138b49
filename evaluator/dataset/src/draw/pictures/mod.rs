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
    /// A picture of it: a PNG of [`WIDTH`] by [`HEIGHT`] pixels without metadata.
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

#[cfg(test)]
mod tests {
    use super::super::garment::{
        Colour, Detail, Fabric, Fit, Kind, Length, Mood, Neckline, Pattern, Sleeve,
    };
    use super::*;

    const TOP: Garment = Garment {
        kind: Kind::Top,
        colour: Colour::Teal,
        pattern: Pattern::Striped,
        accent: Some(Colour::Cream),
        fabric: Fabric::Cotton,
        sleeve: Sleeve::Sleeveless,
        neckline: Neckline::Scoop,
        length: Length::Hip,
        fit: Fit::Regular,
        detail: Detail::Plain,
        mood: Mood::Casual,
    };
    const DRESS: Garment = Garment { kind: Kind::Dress, length: Length::Knee, ..TOP };

    fn rgb(garment: &Garment, number: u64) -> Vec<u8> {
        paint(garment, &mut Stream::from_number(number)).rgb()
    }

    /// Paints each with the same luck, and finds each pair unlike in more pixels than one could
    /// overlook.
    fn all_differ<T: Copy>(values: &[T], with: impl Fn(T) -> Garment) {
        let pictures: Vec<_> = values.iter().map(|&v| (with(v), rgb(&with(v), 7))).collect();
        for (i, (a, first)) in pictures.iter().enumerate() {
            for (b, second) in &pictures[..i] {
                let pixels = first.chunks(3).zip(second.chunks(3));
                let seen =
                    |(p, q): &(&[u8], &[u8])| p.iter().zip(*q).any(|(x, y)| x.abs_diff(*y) > 8);
                let differ = pixels.filter(seen).count();
                assert!(differ > 60, "only {differ} pixels tell {a:?} from {b:?}");
            }
        }
    }

    #[test]
    fn each_aspect_shows() {
        let (dresses, tops) = Kind::ALL.split_at(Kind::Tee as usize);
        let (short, long) = Length::ALL.split_at(Length::Mini as usize);
        all_differ(dresses, |kind| Garment { kind, ..DRESS });
        all_differ(tops, |kind| Garment { kind, ..TOP });
        all_differ(long, |length| Garment { length, ..DRESS });
        all_differ(short, |length| Garment { length, ..TOP });
        all_differ(&Fit::ALL[..4], |fit| Garment { fit, ..DRESS });
        all_differ(Fit::ALL, |fit| Garment { fit, ..TOP });
        for base in [TOP, DRESS] {
            all_differ(Colour::ALL, |colour| Garment { colour, ..base });
            all_differ(Colour::ALL, |accent| Garment { accent: Some(accent), ..base });
            all_differ(Pattern::ALL, |pattern| Garment { pattern, ..base });
            all_differ(Fabric::ALL, |fabric| Garment { fabric, ..base });
            all_differ(Sleeve::ALL, |sleeve| Garment { sleeve, ..base });
            all_differ(Neckline::ALL, |neckline| Garment { neckline, ..base });
            all_differ(Detail::ALL, |detail| Garment { detail, ..base });
            all_differ(Mood::ALL, |mood| Garment { mood, ..base });
        }
    }

    #[test]
    fn chance_makes_two_pictures_of_one_garment_and_one_of_one_number() {
        assert_eq!(rgb(&DRESS, 1), rgb(&DRESS, 1));
        assert_ne!(rgb(&DRESS, 1), rgb(&DRESS, 2));
    }

    #[test]
    fn nothing_is_drawn_over_the_edge_of_the_picture_but_the_wall() {
        let widest = Garment {
            kind: Kind::Gown,
            length: Length::Maxi,
            fit: Fit::Loose,
            colour: Colour::Black,
            ..DRESS
        };
        let row = WIDTH as usize * 3;
        for number in 0..20 {
            let rgb = rgb(&widest, number);
            let lightest = rgb.chunks(row).all(|row| row[0] > 128 && row[row.len() - 1] > 128);
            assert!(lightest, "cloth at the edge of {number}");
        }
    }
}
