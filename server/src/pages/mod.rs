//! HTML for people: one file a page. Each loads what the domain says and fills the page's struct.

mod assets;
mod board;
mod home;
mod kept;
mod layout;
mod limits;
mod markdown;
mod problems;
mod refusal;
mod sign_in;
mod submission;
mod submissions;
mod submit;
mod take_part;
mod text;
mod visitor;

use std::sync::Arc;

use poem::http::{StatusCode, header};
use poem::middleware::{AddData, CookieJarManager, Csrf};
use poem::web::Html;
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, get, post};
use web::Page;

pub(crate) use refusal::busy;

use crate::app::App;
use crate::error::Result;

/// Everything below `/` that is not the API.
pub fn routes(app: &Arc<App>) -> impl Endpoint<Output = Response> + use<> {
    let (key, secure) = (app.csrf_key, app.settings.secure_cookies());
    let csrf = || Csrf::new().cookie_name("fiq_csrf").key(key).secure(secure);
    let app = Arc::clone(app);
    Route::new()
        .at("/", get(home::home))
        .at("/c/:challenge", get(board::first_phase))
        .at("/c/:challenge/limits", get(limits::show))
        .at("/c/:challenge/rules", get(text::rules))
        .at("/c/:challenge/scoring", get(text::scoring))
        .at("/c/:challenge/submissions", get(submissions::show).with(csrf()))
        .at("/c/:challenge/submissions/:id", get(submission::show))
        .at("/c/:challenge/take-part", get(take_part::first_phase))
        .at("/c/:challenge/:phase", get(board::show))
        .at("/c/:challenge/:phase/submit", get(submit::show).post(submit::send).with(csrf()))
        .at("/c/:challenge/:phase/take-part", get(take_part::show))
        .at("/sign-in", get(sign_in::show).post(sign_in::send).with(csrf()))
        .at("/sign-out", post(sign_in::sign_out).with(csrf()))
        .at("/assets/:name", get(assets::asset))
        .with(CookieJarManager::new())
        .with(AddData::new(kept::KeptPages::default()))
        .around(move |routes, request| {
            let app = Arc::clone(&app);
            async move {
                let asked = refusal::Asked::of(&request);
                match routes.call(request).await {
                    Ok(answer) => Ok(answer.into_response()),
                    Err(error) => Ok(refusal::page(&app, &asked, &error).await),
                }
            }
        })
}

/// Sends the visitor elsewhere on this server.
fn see_other(there: &str) -> Response {
    StatusCode::SEE_OTHER.with_header(header::LOCATION, there).into_response()
}

/// A page with the headers every page has.
pub(crate) fn answer(page: &impl Page) -> Result<Response> {
    let html = Html(page.render()?);
    Ok(html
        .with_header(header::CONTENT_SECURITY_POLICY, web::CONTENT_SECURITY_POLICY)
        .into_response())
}
