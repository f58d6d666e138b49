//! HTML for people: one file a page. Each loads what the domain says and fills the page's struct.

mod assets;
mod board;
mod home;
mod kept;
mod layout;
mod markdown;
mod problems;
mod submission;
mod submit;
mod text;
mod visitor;

use poem::http::{StatusCode, header};
use poem::middleware::{AddData, CookieJarManager, Csrf};
use poem::web::Html;
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, get, post};
use web::Page;

use crate::app::App;
use crate::error::{Error, Result};

/// Everything below `/` that is not the API.
pub fn routes(app: &App) -> impl Endpoint<Output = Response> + use<> {
    let (key, secure) = (app.csrf_key, app.settings.secure_cookies());
    let csrf = || Csrf::new().cookie_name("fiq_csrf").key(key).secure(secure);
    Route::new()
        .at("/", get(home::home))
        .at("/c/:challenge", get(board::first_phase))
        .at("/c/:challenge/rules", get(text::rules))
        .at("/c/:challenge/scoring", get(text::scoring))
        .at("/c/:challenge/submissions/:id", get(submission::show))
        .at("/c/:challenge/:phase", get(board::show))
        .at("/c/:challenge/:phase/submit", get(submit::show).post(submit::send).with(csrf()))
        .at("/sign-out", post(submit::sign_out).with(csrf()))
        .at("/assets/:name", get(assets::asset))
        .with(CookieJarManager::new())
        .with(AddData::new(kept::KeptPages::default()))
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
    if let Some(own) = error.downcast_ref::<Error>() {
        return refusal(own);
    }
    let status = error.status();
    refusal(&Error::http(status, plain_sentence(status)))
}

/// The page of a refusal.
pub(crate) fn refusal(error: &Error) -> Response {
    let page = web::pages::ErrorPage {
        layout: layout::plain(),
        status: error.status.as_u16(),
        sentence: error.detail.clone(),
        onward: vec![web::pages::Link::new("To the challenges", "/")],
        request_id: None,
    };
    match answer(&page) {
        Ok(page) => page.with_status(error.status).into_response(),
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
