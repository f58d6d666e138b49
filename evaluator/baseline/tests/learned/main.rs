//! The trained models, on drawn garments and encoders that need no weights.

mod pixels;
mod words;
mod world;
