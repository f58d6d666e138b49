//! HTML for people: one file a page. Each loads what the domain says and fills the page's struct.

mod assets;
mod board;
mod home;
mod layout;

use poem::http::{StatusCode, header};
use poem::web::Html;
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, get};
use web::Page;

use crate::error::{Error, Result};

/// Everything below `/` that is not the API.
pub fn routes() -> impl Endpoint<Output = Response> {
    Route::new()
        .at("/", get(home::home))
        .at("/c/:challenge", get(board::first_phase))
        .at("/c/:challenge/:phase", get(board::board))
        .at("/assets/:name", get(assets::asset))
        .catch_all_error(into_page)
}

/// A page with the headers every page has.
pub(crate) fn answer(page: &impl Page) -> Result<Response> {
    let html = Html(page.render()?);
    Ok(html
        .with_header(header::CONTENT_SECURITY_POLICY, web::CONTENT_SECURITY_POLICY)
        .into_response())
}

/// Every refusal becomes one page with a way onward.
async fn into_page(error: poem::Error) -> Response {
    let (status, sentence) = match error.downcast_ref::<Error>() {
        Some(own) => (own.status, own.detail.clone()),
        None => (error.status(), plain_sentence(error.status())),
    };
    let page = web::pages::ErrorPage {
        layout: layout::plain(),
        status: status.as_u16(),
        sentence,
        onward: vec![web::pages::Link::new("To the challenges", "/")],
        request_id: None,
    };
    match answer(&page) {
        Ok(page) => page.with_status(status).into_response(),
        Err(error) => poem::Error::from(error).into_response(),
    }
}

fn plain_sentence(status: StatusCode) -> String {
    match status {
        StatusCode::NOT_FOUND => "There is no page at this address.".to_owned(),
        StatusCode::METHOD_NOT_ALLOWED => "This page can't be used in that way.".to_owned(),
        status => status.canonical_reason().unwrap_or("This could not be done.").to_owned(),
    }
}
