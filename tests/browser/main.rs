//! Pages in a real browser: what a person sees, on a desk and on a phone, by day and by night.
//!
//! Screenshots are kept in the folder `screenshots` beside the build; each path is printed.

mod board;
mod challenge;
mod chromium;
mod jobs;
mod people;
mod person;
mod submit;
