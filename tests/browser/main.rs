//! Pages in a real browser: what a person sees, on a desktop and on a phone, in light and dark mode.
//!
//! Screenshots are saved in the folder `screenshots` next to the build; each path is printed.

mod board;
mod challenge;
mod chromium;
mod compare;
mod data_set;
mod dialogs;
mod jobs;
mod people;
mod person;
mod submit;
