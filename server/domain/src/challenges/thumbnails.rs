//! Small pictures of items for pages, each made once and kept in the data folder.
//!
//! They are a cache: what is removed is made again.

use std::fs;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use dataset::Pictures;
use image::{DynamicImage, ImageReader, Limits, Rgb, RgbImage};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::Explored;
use crate::error::{Error, Result};
use crate::private;

/// The folder of thumbnails in the data folder.
pub const THUMBNAILS: &str = "thumbnails";

/// A thumbnail fits into this many pixels.
const WIDTH: u32 = 240;
const HEIGHT: u32 = 336;

/// The quality of WebP, of 100.
const QUALITY: f32 = 78.0;

/// The largest file and the largest side of a picture that is decoded, and the memory that decoding may take.
const MOST_BYTES: u64 = 32 << 20;
const MOST_PIXELS: u32 = 10_000;
const MOST_MEMORY: u64 = 160 << 20;

/// How many thumbnails are made at once.
const AT_ONCE: usize = 2;

/// The thumbnails of a server.
pub struct Thumbnails {
    home: PathBuf,
    places: Arc<Semaphore>,
}

impl Thumbnails {
    /// The thumbnails of a data folder.
    pub fn new(data_dir: &Path) -> Self {
        Self { home: data_dir.join(THUMBNAILS), places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The thumbnail of an item of a group, as WebP. Nothing is found unless the pictures are public.
    pub async fn get(
        &self,
        benchmark: i32,
        explored: &Arc<Explored>,
        group: &str,
        item: &str,
    ) -> Result<Bytes> {
        if !explored.has_picture(group, item) {
            return Err(Error::not_found("picture", item));
        }
        let broken = |e| Error::internal("make a thumbnail", e);
        let name = hex::encode(&Sha256::digest(format!("{group}\0{item}"))[..16]);
        let path = self.home.join(benchmark.to_string()).join(format!("{name}.webp"));
        let (explored, group, item) = (Arc::clone(explored), group.to_owned(), item.to_owned());
        let place = Arc::clone(&self.places);
        let kept = {
            let (path, explored) = (path.clone(), Arc::clone(&explored));
            let (group, item) = (group.clone(), item.clone());
            tokio::task::spawn_blocking(move || {
                kept(&path, pictures(&explored, &group, &item)?, &item)
            })
        };
        if let Some(bytes) = kept.await.map_err(broken)?? {
            return Ok(bytes);
        }
        let place =
            place.acquire_owned().await.map_err(|e| Error::internal("make a thumbnail", e))?;
        let making = tokio::task::spawn_blocking(move || {
            let _place = place;
            make(&path, pictures(&explored, &group, &item)?, &item)
        });
        making.await.map_err(broken)?
    }
}

/// The pictures that have the one of an item.
fn pictures<'a>(explored: &'a Explored, group: &str, item: &str) -> Result<&'a Pictures> {
    let of = explored.splits.iter().filter_map(|split| split.pictures(group));
    of.into_iter()
        .find(|pictures| pictures.has(item))
        .ok_or_else(|| Error::not_found("picture", item))
}

/// The thumbnail that was made before, if the picture hasn't changed since.
fn kept(path: &Path, pictures: &Pictures, item: &str) -> Result<Option<Bytes>> {
    let made = fs::metadata(path).and_then(|about| about.modified());
    let Ok(made) = made else { return Ok(None) };
    let (_, changed) = stamp(pictures, item)?;
    if changed.is_some_and(|changed| changed > made) {
        return Ok(None);
    }
    Ok(fs::read(path).ok().map(Bytes::from))
}

fn stamp(pictures: &Pictures, item: &str) -> Result<(u64, Option<SystemTime>)> {
    pictures.stamp(item).map_err(|error| unshowable(item, &error))
}

fn make(path: &Path, pictures: &Pictures, item: &str) -> Result<Bytes> {
    let (bytes, _) = stamp(pictures, item)?;
    if bytes > MOST_BYTES {
        return Err(unshowable(item, &format!("{bytes} bytes")));
    }
    let picture = pictures.bytes(item).map_err(|error| unshowable(item, &error))?;
    let small = thumbnail(&picture).map_err(|error| unshowable(item, &error))?;
    write(path, &small).map_err(|e| Error::io("keep a thumbnail", e))?;
    Ok(small.into())
}

/// A picture on white, as WebP, that fits into [`WIDTH`] and [`HEIGHT`].
fn thumbnail(picture: &[u8]) -> std::result::Result<Vec<u8>, image::ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::new(Cursor::new(picture)).with_guessed_format()?;
    reader.limits(limits);
    let decoded = reader.decode()?;
    let small = if decoded.width() > WIDTH || decoded.height() > HEIGHT {
        decoded.thumbnail(WIDTH, HEIGHT)
    } else {
        decoded
    };
    let small = on_white(&small);
    let encoder = webp::Encoder::from_rgb(small.as_raw(), small.width(), small.height());
    Ok(encoder.encode(QUALITY).to_vec())
}

fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let mixed = |colour: u8| {
            let (colour, alpha) = (u16::from(colour), u16::from(alpha));
            ((colour * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        Rgb([mixed(red), mixed(green), mixed(blue)])
    })
}

/// Written beside its place first, so that nobody reads a part of it.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    private::create_folder(path.parent().unwrap_or(path))?;
    let part = path.with_extension("part");
    fs::write(&part, bytes)?;
    fs::rename(&part, path)
}

/// The reason is for the organisers' log, since it may name a path.
fn unshowable(item: &str, why: &dyn std::fmt::Display) -> Error {
    tracing::warn!(%item, %why, "a picture can't be shown");
    Error::no_picture(item)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = RgbImage::from_pixel(width, height, Rgb([200, 30, 60]));
        picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_thumbnail_is_small_keeps_its_shape_and_is_webp() {
        let small = thumbnail(&png(900, 600)).unwrap();
        assert_eq!((&small[..4], &small[8..12]), (&b"RIFF"[..], &b"WEBP"[..]));
        let features = webp::BitstreamFeatures::new(&small).unwrap();
        assert_eq!((features.width(), features.height()), (240, 160));
        let same = thumbnail(&png(40, 60)).unwrap();
        assert_eq!(webp::BitstreamFeatures::new(&same).unwrap().width(), 40);
    }

    #[test]
    fn what_is_damaged_or_enormous_is_not_decoded() {
        let mut cut = png(300, 300);
        cut.truncate(60);
        assert!(thumbnail(&cut).is_err());
        assert!(thumbnail(b"GIF89a").is_err());
        // a header alone says how large it would be
        let mut large = png(1, 1);
        large[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        assert!(thumbnail(&large).is_err());
    }
}
