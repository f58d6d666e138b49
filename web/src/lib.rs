//! What a person sees: one view struct and one template a page, drawn as SVG where a picture helps,
//! one style sheet, no script, no database.
//!
//! The server fills a page's struct and calls [`Page::render`]; every decision about *what* is shown
//! is the server's, every decision about *how* it reads is made here. All pages work under the
//! [`CONTENT_SECURITY_POLICY`], which allows the style sheet, the script and the pictures of this
//! very host and nothing else; what a team may type is escaped and kept from turning the text around it
//! (`<bdi>`).
//!
//! Fractions are fractions (`0.0938`) in the structs and percent (`9.38`) on the page.

pub mod assets;
mod error;
mod numbers;
pub mod pages;
mod times;
mod words;

pub use assets::{Asset, assets};
pub use error::{Error, Result};
pub use numbers::format_bytes;
pub use pages::{Page, encoded};

/// An instant as pages tell it: `24 Nov 2026, 08:00:00 UTC`.
pub fn format_instant(at: &time::OffsetDateTime) -> String {
    times::utc_seconds(at)
}

/// The policy every page is written for; the server sends it with each of them.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; \
     script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
