//! HTML for people: one file a page. Each loads what the domain says and fills the page's struct.

mod account;
mod assets;
mod board;
mod filled;
mod forgot;
mod forms;
mod home;
mod invite;
mod kept;
mod layout;
mod limits;
mod markdown;
mod notices;
mod organise;
mod own_data;
mod own_run;
mod privacy;
mod problems;
mod refusal;
mod same_site;
mod sign_in;
mod sign_up;
mod submission;
mod submissions;
mod submit;
mod take_part;
mod team;
mod text;
mod visitor;

use std::sync::Arc;

use poem::http::{StatusCode, header};
use poem::middleware::{AddData, CookieJarManager};
use poem::web::Html;
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, RouteMethod};
use web::Page;

pub(crate) use refusal::busy;

use crate::app::App;
use crate::error::Result;

/// The addresses of pages with the methods they take, and the routes that answer them: written down
/// once, so that no page can be without a line in the tests of who may see it.
macro_rules! addresses {
    ($($path:literal => $($method:ident $handler:expr),+;)*) => {
        /// The address of each page, and the methods it takes.
        pub const ADDRESSES: &[(&str, &[&str])] = &[$(($path, &[$(stringify!($method)),+])),*];

        fn addresses() -> Route {
            Route::new()$(.at($path, RouteMethod::new()$(.$method($handler))+))*
        }
    };
}

addresses! {
    "/" => get home::home;
    "/account" => get account::show;
    "/account/data" => get own_data::download;
    "/account/delete" => get own_data::show_delete, post own_data::delete;
    "/account/name" => post account::rename;
    "/account/password" => post account::change_password;
    "/account/sessions/:id/end" => post account::end_session;
    "/account/tokens" => post account::new_token;
    "/account/tokens/:id/revoke" => post account::revoke_token;
    "/assets/:name" => get assets::asset;
    "/c/:challenge" => get board::first_phase;
    "/c/:challenge/join" => post team::join;
    "/c/:challenge/limits" => get limits::show;
    "/c/:challenge/organise/export.csv" => get organise::export::csv;
    "/c/:challenge/organise/export.json" => get organise::export::json;
    "/c/:challenge/organise/tools" => get organise::tools::show, post organise::tools::send;
    "/c/:challenge/organise/tools/adversarial" => get organise::tools::adversarial;
    "/c/:challenge/organise/tools/alike" => get organise::tools::alike;
    "/c/:challenge/organise/tools/trials/:id" => get organise::tools::trial;
    "/c/:challenge/published" => get text::published;
    "/c/:challenge/rules" => get text::rules;
    "/c/:challenge/scoring" => get text::scoring;
    "/c/:challenge/submissions" => get submissions::show;
    "/c/:challenge/submissions/:id" => get submission::show;
    "/c/:challenge/submissions/:id/final" => post own_run::choose;
    "/c/:challenge/submissions/:id/not-final" => post own_run::give_up;
    "/c/:challenge/submissions/:id/restore" => post own_run::restore;
    "/c/:challenge/submissions/:id/upload" => get own_run::upload;
    "/c/:challenge/submissions/:id/withdraw" => post own_run::withdraw;
    "/c/:challenge/take-part" => get take_part::first_phase;
    "/c/:challenge/team" => get team::show, post team::found;
    "/c/:challenge/team/invites" => post team::invite;
    "/c/:challenge/team/invites/:id/revoke" => post team::revoke;
    "/c/:challenge/team/leave" => post team::leave;
    "/c/:challenge/team/name" => post team::rename;
    "/c/:challenge/:phase" => get board::show;
    "/c/:challenge/:phase/submit" => get submit::show, post submit::send;
    "/c/:challenge/:phase/take-part" => get take_part::show;
    "/confirm/:secret" => get sign_up::show_confirm, post sign_up::send_confirm;
    "/forgot" => get forgot::show, post forgot::send;
    "/invites/:secret" => get invite::show, post invite::follow;
    "/privacy" => get privacy::show;
    "/reset/:secret" => get forgot::show_reset, post forgot::send_reset;
    "/set-up/:secret" => get sign_up::show_set_up, post sign_up::send_set_up;
    "/sign-in" => get sign_in::show, post sign_in::send;
    "/sign-out" => post sign_in::sign_out;
    "/sign-up" => get sign_up::show, post sign_up::send;
}

/// Everything below `/` that is not the API.
pub fn routes(app: &Arc<App>) -> impl Endpoint<Output = Response> + use<> {
    let app = Arc::clone(app);
    addresses().with(CookieJarManager::new()).with(AddData::new(kept::KeptPages::default())).around(
        move |routes, request| {
            let app = Arc::clone(&app);
            async move {
                let asked = refusal::Asked::of(&request);
                let answer = match same_site::must_be_same_site(&request, &app.base_address()) {
                    Ok(()) => routes.call(request).await,
                    Err(error) => Err(error.into()),
                };
                match answer {
                    Ok(answer) => Ok(answer.into_response()),
                    Err(error) => Ok(refusal::page(&app, &asked, &error).await),
                }
            }
        },
    )
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
