//! The files that pages load: one style sheet, one picture, and one script that adds the viewer's time.
//! They are part of the server, and their addresses change with their contents, so they can be cached
//! forever.

use std::sync::LazyLock;

/// A file that pages load.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its address, such as `/assets/site.0123456789abcdef.css`.
    pub path: String,
    /// Its media type.
    pub content_type: &'static str,
    /// Its contents.
    pub bytes: &'static [u8],
}

/// The style sheet: rules for every page, for the board, for the other pages, and for charts with the
/// pages that have them.
const STYLES: &str = concat!(
    include_str!("../assets/site.css"),
    include_str!("../assets/board.css"),
    include_str!("../assets/pages.css"),
    include_str!("../assets/charts.css"),
    include_str!("../assets/compare.css"),
    include_str!("../assets/report.css"),
    include_str!("../assets/data.css"),
);

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        Asset::new("site", "css", "text/css; charset=utf-8", STYLES.as_bytes()),
        Asset::new("icon", "svg", "image/svg+xml", include_bytes!("../assets/icon.svg")),
        Asset::new(
            "times",
            "js",
            "text/javascript; charset=utf-8",
            include_bytes!("../assets/times.js"),
        ),
    ]
});

/// Every file that pages load. Serve each at its [`Asset::path`] with
/// `Cache-Control: public, max-age=31536000, immutable`.
pub fn assets() -> &'static [Asset] {
    &*ASSETS
}

/// The address of the style sheet.
pub(crate) fn stylesheet() -> &'static str {
    &ASSETS[0].path
}

/// The address of the icon.
pub(crate) fn icon() -> &'static str {
    &ASSETS[1].path
}

/// The address of the script that adds the viewer's time.
pub(crate) fn times() -> &'static str {
    &ASSETS[2].path
}

impl Asset {
    fn new(name: &str, extension: &str, content_type: &'static str, bytes: &'static [u8]) -> Self {
        let path = format!("/assets/{name}.{:016x}.{extension}", fnv1a(bytes));
        Self { path, content_type, bytes }
    }
}

/// FNV-1a, 64 bits (Fowler, Noll and Vo): distinguishes versions of our own files; it is not a security
/// measure.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
