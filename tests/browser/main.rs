//! Pages in a real browser: what a person sees, on a desk and on a phone, by day and by night.
//!
//! Screenshots are kept in `target/screenshots`.

mod board;
mod chromium;
