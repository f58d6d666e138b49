//! The trained models, on drawn garments and encoders that need no weights.

mod captioner;
mod captions;
mod manager;
mod pixels;
mod serve;
mod words;
mod world;
