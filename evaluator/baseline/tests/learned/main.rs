//! The trained models, on drawn garments and encoders that need no weights.

mod captions;
mod pixels;
mod words;
mod world;
