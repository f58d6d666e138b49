//! The pages that people see: one view struct and one template per page, SVG where a picture helps, one
//! style sheet, one small script, no database.
//!
//! The server fills a page's struct and calls [`Page::render`]; the server decides *what* is shown, this
//! crate decides *how*. All pages work under the [`CONTENT_SECURITY_POLICY`], which allows only style
//! sheets, scripts and pictures of this host; text that teams type is escaped and isolated (`<bdi>`), so
//! that it can't change the direction of the text around it.
//!
//! Fractions are fractions (`0.0938`) in the structs and percent (`9.38`) on the page.

pub mod assets;
mod charts;
mod error;
mod numbers;
pub mod pages;
pub mod report;
mod times;
mod words;

pub use assets::{Asset, assets};
pub use error::{Error, Result};
pub use numbers::{format_bytes, format_number, format_span};
pub use pages::{Page, encoded};

/// An instant as pages show it: `24 Nov 2026, 08:00:00 UTC`.
pub fn format_instant(at: &time::OffsetDateTime) -> String {
    times::utc_seconds(at)
}

/// The policy that every page complies with; the server sends it with each page.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; \
     script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
