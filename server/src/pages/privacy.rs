//! `/privacy`: what data is stored, and for how long.

use std::sync::Arc;

use poem::web::Data;
use poem::{Response, handler};
use web::pages::TextPage;

use super::{answer, layout, markdown};
use crate::app::App;
use crate::refusal::Result;

const TEXT: &str = include_str!("../../../docs/privacy.md");

/// `GET /privacy`
#[handler]
pub fn show(_: Data<&Arc<App>>) -> Result<Response> {
    // The first line is the heading, which the page already has.
    let text = TEXT.split_once('\n').map_or(TEXT, |(_, text)| text);
    answer(&TextPage {
        layout: layout::plain(),
        challenge: "Fashion IQ".to_owned(),
        title: "Privacy".to_owned(),
        body: markdown::render(text),
    })
}
