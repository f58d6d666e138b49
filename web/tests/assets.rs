//! The assets: style sheet, icon and script, and that the colours have enough contrast.

#[path = "../examples/preview/sample.rs"]
mod sample;

fn css() -> &'static str {
    let sheet = web::assets().iter().find(|a| a.content_type.starts_with("text/css")).unwrap();
    std::str::from_utf8(sheet.bytes).unwrap()
}

#[test]
fn pages_ask_for_every_asset_and_for_no_other() {
    let pages = sample::pages();
    let pages: Vec<String> = pages.iter().map(|(_, page)| page.render().unwrap()).collect();
    for asset in web::assets() {
        let links = ["href", "src"].map(|name| format!("{name}=\"{}\"", asset.path));
        let asks = |html: &String| links.iter().any(|link| html.contains(link));
        assert!(pages.iter().any(asks), "{}", asset.path);
    }
    let asked = pages.iter().flat_map(|html| html.split('"'));
    for path in asked.filter(|part| part.starts_with("/assets/")) {
        assert!(web::assets().iter().any(|asset| asset.path == path), "{path}");
    }
}

#[test]
fn the_style_sheet_fetches_nothing() {
    for word in ["@import", "url(", "@font-face"] {
        assert!(!css().contains(word), "{word}");
    }
}

#[test]
fn the_script_fetches_and_keeps_nothing_and_writes_text_only() {
    let script = web::assets().iter().find(|a| a.content_type.starts_with("text/javascript"));
    let script = std::str::from_utf8(script.unwrap().bytes).unwrap();
    for word in ["fetch", "XMLHttp", "import", "eval", "innerHTML", "Storage", "cookie", "://"] {
        assert!(!script.contains(word), "{word}");
    }
}

/// Relative luminance of `#rrggbb` (WCAG 2.2, "relative luminance").
fn luminance(hex: &str) -> f64 {
    let channel = |i: usize| {
        let value = f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// Contrast ratio of two colours (WCAG 2.2, "contrast ratio").
fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

/// A token's colours in light and in dark.
fn token(name: &str) -> [&'static str; 2] {
    let (_, rest) = css().split_once(&format!("--{name}: light-dark(")).unwrap();
    let (light, rest) = rest.split_once(", ").unwrap();
    [light, rest.split_once(')').unwrap().0]
}

#[test]
fn text_has_the_contrast_of_level_aa_in_light_and_in_dark() {
    for ground in ["paper", "raised", "hover"] {
        for text in ["ink", "quiet", "accent", "cool"] {
            for (text_is, ground_is) in token(text).iter().zip(token(ground)) {
                let ratio = contrast(text_is, ground_is);
                assert!(ratio >= 4.5, "{text} {text_is} on {ground} {ground_is}: {ratio:.2}");
            }
        }
    }
}

#[test]
fn borders_of_fields_and_bars_stand_out_enough_to_be_found() {
    for mark in ["edge", "bar", "bar-cool"] {
        for (mark_is, paper) in token(mark).iter().zip(token("paper")) {
            let ratio = contrast(mark_is, paper);
            assert!(ratio >= 3.0, "{mark} {mark_is} on {paper}: {ratio:.2}");
        }
    }
}

#[test]
fn black_on_white_has_the_greatest_contrast_there_is() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
}
