//! Reads and prepares one picture for the picture encoder.

use std::io::Cursor;
use std::path::Path;

use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};

/// The sides of a prepared picture, in pixels.
pub const SIDE: i64 = 224;

/// The values of a prepared picture: 3 × 224 × 224.
pub const VALUES: usize = 3 * (SIDE * SIDE) as usize;

/// The preparation in words. It is part of an encoder's identity, so vectors of pictures with another
/// preparation are different.
pub(super) const PREPARATION: &str = "whole on a white square, Catmull-Rom to 224, (v - 127) / 128";

/// The largest width and height that are decoded, in pixels. A larger picture is not a photo of a
/// garment, but perhaps a file of a few kilobytes that unpacks to gigabytes.
const MOST: u32 = 16_384;

/// The most memory that decoding one picture may take, in bytes.
const MEMORY: u64 = 256 << 20;

/// Reads a picture, PNG or JPEG, and prepares it: values from −1 to 1, all of red before all of green
/// before all of blue, each row by row. The error is a clause.
pub fn read(path: &Path) -> Result<Vec<f32>, String> {
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    let picture = decode(&bytes).map_err(|e| format!("can't be decoded: {e}"))?;
    if !dataset::is_whole_picture(&bytes) {
        return Err("can't be decoded: it is cut off or damaged".to_owned());
    }
    prepare(&picture)
}

/// The format is detected from the bytes, not from the file's name. Photos are turned upright according
/// to their metadata.
fn decode(bytes: &[u8]) -> image::ImageResult<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST);
    limits.max_image_height = Some(MOST);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// The whole picture, its longer side scaled to 224, centred in a white square. The encoder was trained
/// on squares cropped from the middle of photos. But garments fill tall pictures to the edge, and
/// cropping would remove hems, which show whether a dress is long or short.
fn prepare(picture: &DynamicImage) -> Result<Vec<f32>, String> {
    let (width, height) = (picture.width(), picture.height());
    let longer = width.max(height);
    if width.min(height) == 0 {
        return Err("has no pixels".to_owned());
    }
    let scaled = |length: u32| (length * SIDE as u32).div_ceil(longer);
    let (width, height) = (scaled(width), scaled(height));
    let small = imageops::resize(&on_white(picture), width, height, FilterType::CatmullRom);
    let (left, top) = ((SIDE as u32 - width) / 2, (SIDE as u32 - height) / 2);
    let (mut values, channel) = (vec![1.0; VALUES], (SIDE * SIDE) as usize);
    for (x, y, pixel) in small.enumerate_pixels() {
        let place = ((top + y) * SIDE as u32 + left + x) as usize;
        for (number, &value) in pixel.0.iter().enumerate() {
            values[number * channel + place] = (f32::from(value) - 127.0) / 128.0;
        }
    }
    Ok(values)
}

/// Transparent pixels become white, as on a shop's page.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        let over = |value: u32| ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        image::Rgb([red, green, blue].map(over))
    })
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb, RgbaImage};

    use super::*;

    fn bytes(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn near(a: f32, b: f32) -> bool {
        (a - b).abs() < 1e-6
    }

    fn prepared(bytes: &[u8]) -> Vec<f32> {
        prepare(&decode(bytes).unwrap()).unwrap()
    }

    #[test]
    fn red_green_and_blue_lie_one_after_another_from_minus_one_to_one() {
        let picture = RgbImage::from_pixel(20, 20, Rgb([255, 127, 0]));
        let values = prepared(&bytes(&picture.into(), ImageFormat::Png));
        assert_eq!(values.len(), VALUES);
        let channels: Vec<_> = values.chunks(VALUES / 3).collect();
        assert!(channels[0].iter().all(|&value| near(value, 1.0)));
        assert!(channels[1].iter().all(|&value| near(value, 0.0)));
        assert!(channels[2].iter().all(|&value| near(value, -127.0 / 128.0)));
    }

    #[test]
    fn a_tall_picture_is_whole_with_white_on_both_sides() {
        let paint = |_, y| if y < 28 { Rgb([0; 3]) } else { Rgb([127; 3]) };
        let picture = RgbImage::from_fn(28, 56, paint);
        let values = prepared(&bytes(&picture.into(), ImageFormat::Png));
        let row = |y: usize| values[y * SIDE as usize..(y + 1) * SIDE as usize].to_vec();
        for (y, value) in [(0, -127.0 / 128.0), (223, 0.0)] {
            let row = row(y);
            assert!(row[..56].iter().chain(&row[168..]).all(|&side| near(side, 1.0)));
            assert!(row[56..168].iter().all(|&own| near(own, value)), "row {y}");
        }
    }

    #[test]
    fn what_is_transparent_is_white_and_a_jpeg_is_read_whatever_its_name() {
        let picture = RgbaImage::from_pixel(10, 10, image::Rgba([0, 0, 0, 0]));
        assert!(prepared(&bytes(&picture.into(), ImageFormat::Png)).iter().all(|&v| near(v, 1.0)));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.png");
        let grey = RgbImage::from_pixel(32, 32, Rgb([127; 3]));
        std::fs::write(&path, bytes(&grey.into(), ImageFormat::Jpeg)).unwrap();
        assert!(read(&path).unwrap().iter().all(|&value| value.abs() < 0.05));
    }

    #[test]
    fn what_is_no_picture_is_a_clause() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.png");
        std::fs::write(&path, b"not a picture").unwrap();
        assert!(read(&path).unwrap_err().starts_with("can't be decoded: "));
        let picture = RgbImage::from_pixel(40, 40, Rgb([9, 8, 7]));
        let whole = bytes(&picture.into(), ImageFormat::Png);
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(read(&path).unwrap_err().starts_with("can't be decoded: "));
    }

    #[test]
    fn a_picture_that_was_cut_off_anywhere_is_refused_and_not_shown_half_grey() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.jpg");
        let picture = RgbImage::from_fn(64, 64, |x, y| Rgb([x as u8 * 3, y as u8 * 3, 90]));
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            let whole = bytes(&picture.clone().into(), format);
            std::fs::write(&path, &whole).unwrap();
            assert!(read(&path).is_ok());
            for length in [whole.len() / 4, whole.len() / 2, whole.len() - 20, whole.len() - 1] {
                std::fs::write(&path, &whole[..length]).unwrap();
                let told = read(&path).unwrap_err();
                assert!(told.starts_with("can't be decoded: "), "{format:?}, {length}: {told}");
            }
        }
    }
}
