//! HTML pages for people, one file per page. Each loads data from the domain and fills in the page's
//! struct.

mod account;
mod address;
mod assets;
mod board;
mod browser_name;
mod compare;
mod data_set;
mod done;
mod filled;
mod forgot;
mod forms;
mod head;
mod home;
mod identities;
mod invite;
mod kept;
mod layout;
mod limits;
mod markdown;
mod news;
mod next;
mod notices;
mod organise;
mod own_data;
mod own_run;
mod privacy;
mod problems;
mod receipt;
mod refusal;
mod report;
mod results;
mod same_site;
mod scores;
mod sign_in;
mod sign_in_with;
mod sign_up;
mod submission;
mod submissions;
mod submit;
mod take_part;
mod team;
mod text;
mod transcript;
mod visitor;

use std::sync::Arc;

use poem::http::{StatusCode, header};
use poem::middleware::{AddData, CookieJarManager};
use poem::web::Html;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, RouteMethod};
use web::Page;

pub(crate) use refusal::{Asked, failed, unanswered};

use crate::api::retry_after;
use crate::app::App;
use crate::refusal::{Refusal, Result};

/// The addresses of pages with their methods and handlers. They are listed once, so that the tests of
/// who may see what cover every page.
macro_rules! addresses {
    ($($path:literal => $($method:ident $handler:expr),+;)*) => {
        /// The address of each page, and the methods it accepts.
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
    "/account/email" => post address::send;
    "/account/identities/:id/unlink" => post identities::unlink;
    "/account/link/:provider" => post identities::link;
    "/account/name" => post account::rename;
    "/account/password" => post account::change_password;
    "/account/sessions/:id/end" => post account::end_session;
    "/account/tokens" => post account::new_token;
    "/account/tokens/:id/revoke" => post account::revoke_token;
    "/assets/:name" => get assets::asset;
    "/c/:challenge" => get board::first_phase;
    "/c/:challenge/agent.py" => get text::agent;
    "/c/:challenge/data" => get data_set::overview::show;
    "/c/:challenge/dialogs" => get text::dialogs;
    "/c/:challenge/join" => post team::join;
    "/c/:challenge/limits" => get limits::show;
    "/c/:challenge/news" => get news::show;
    "/c/:challenge/organise" => get organise::overview::show;
    "/c/:challenge/organise/challenge" => post organise::keep::send;
    "/c/:challenge/organise/data" => get organise::data::show;
    "/c/:challenge/organise/data/grant" => post organise::data::grant;
    "/c/:challenge/organise/data/revoke" => post organise::data::revoke;
    "/c/:challenge/organise/definition" => get organise::definition::show, post organise::definition::send;
    "/c/:challenge/organise/export.csv" => get organise::export::csv;
    "/c/:challenge/organise/export.json" => get organise::export::json;
    "/c/:challenge/organise/grants" => post organise::teams::grant;
    "/c/:challenge/organise/grants/revoke" => post organise::teams::revoke;
    "/c/:challenge/organise/log" => get organise::log::show;
    "/c/:challenge/organise/log/:id/undo" => get organise::log::show_undo, post organise::log::undo;
    "/c/:challenge/organise/news" => get organise::news::show, post organise::news::announce;
    "/c/:challenge/organise/news/:id/remove" => post organise::news::remove;
    "/c/:challenge/organise/people" => get organise::people::show;
    "/c/:challenge/organise/people/decide" => post organise::people::decide;
    "/c/:challenge/organise/people/role" => post organise::people::role;
    "/c/:challenge/organise/phases" => get organise::phases::list;
    "/c/:challenge/organise/phases/:phase" => get organise::phases::show, post organise::phases::send;
    "/c/:challenge/organise/phases/:phase/confirm" => post organise::phases::confirm;
    "/c/:challenge/organise/phases/:phase/freeze" => post organise::phases::freeze;
    "/c/:challenge/organise/phases/:phase/reveal" => post organise::phases::reveal;
    "/c/:challenge/organise/questions/:id/answer" => post organise::submissions::answer;
    "/c/:challenge/organise/rescoring" => get organise::rescoring::list, post organise::rescoring::create;
    "/c/:challenge/organise/rescoring/:id" => get organise::rescoring::show;
    "/c/:challenge/organise/rescoring/:id/apply" => post organise::rescoring::apply;
    "/c/:challenge/organise/rescoring/:id/cancel" => post organise::rescoring::cancel;
    "/c/:challenge/organise/rescoring/scorer" => post organise::rescoring::create_for_scorer;
    "/c/:challenge/organise/submissions" => get organise::submissions::list;
    "/c/:challenge/organise/submissions/:id" => get organise::submissions::show;
    "/c/:challenge/organise/submissions/:id/:decision" => post organise::submissions::decide;
    "/c/:challenge/organise/teams" => get organise::teams::show;
    "/c/:challenge/organise/teams/kind" => post organise::teams::change;
    "/c/:challenge/organise/tools" => get organise::tools::show, post organise::tools::send;
    "/c/:challenge/organise/tools/adversarial" => get organise::tools::adversarial;
    "/c/:challenge/organise/tools/audit" => get organise::audit::show, post organise::audit::run;
    "/c/:challenge/organise/tools/misses" => get organise::audit::misses;
    "/c/:challenge/organise/tools/alike" => get organise::tools::alike;
    "/c/:challenge/organise/tools/trials/:id" => get organise::tools::trial;
    "/c/:challenge/published" => get text::published;
    "/c/:challenge/rules" => get text::rules;
    "/c/:challenge/scoring" => get text::scoring;
    "/c/:challenge/significance" => get text::significance;
    "/c/:challenge/feedback-share" => get text::feedback_share;
    "/c/:challenge/submissions" => get submissions::show;
    "/c/:challenge/submissions/:id" => get submission::show;
    "/c/:challenge/submissions/:id/edit" => post own_run::edit;
    "/c/:challenge/submissions/:id/final" => post own_run::choose;
    "/c/:challenge/submissions/:id/not-final" => post own_run::give_up;
    "/c/:challenge/submissions/:id/question" => post own_run::ask;
    "/c/:challenge/submissions/:id/receipt" => get receipt::download;
    "/c/:challenge/submissions/:id/restore" => post own_run::restore;
    "/c/:challenge/submissions/:id/transcript" => get transcript::download;
    "/c/:challenge/submissions/:id/upload" => get own_run::upload;
    "/c/:challenge/submissions/:id/withdraw" => post own_run::withdraw;
    "/c/:challenge/take-part" => get take_part::first_phase;
    "/c/:challenge/team" => get team::show, post team::found;
    "/c/:challenge/write_run.py" => get text::write_run;
    "/c/:challenge/team/back" => post team::back;
    "/c/:challenge/team/invites" => post team::invite;
    "/c/:challenge/team/invites/:id/revoke" => post team::revoke;
    "/c/:challenge/team/leave" => post team::leave;
    "/c/:challenge/team/name" => post team::rename;
    "/c/:challenge/:phase" => get board::show;
    "/c/:challenge/:phase/compare" => get compare::show;
    "/c/:challenge/:phase/explore" => get data_set::explore::show;
    "/c/:challenge/:phase/pictures/:group/:item" => get data_set::picture::show;
    "/c/:challenge/:phase/queries/:query" => get data_set::query::show;
    "/c/:challenge/:phase/report" => get report::show;
    "/c/:challenge/:phase/report.zip" => get report::zip;
    "/c/:challenge/:phase/results/:name" => get results::show;
    "/c/:challenge/:phase/results/:name/:file" => get results::file;
    "/c/:challenge/:phase/statistics" => get data_set::statistics::show;
    "/c/:challenge/:phase/submit" => get submit::show, post submit::send;
    "/c/:challenge/:phase/talk" => get data_set::talk::show;
    "/c/:challenge/:phase/take-part" => get take_part::show;
    "/confirm/:secret" => get sign_up::show_confirm, post sign_up::send_confirm;
    "/email/:secret" => get address::show, post address::confirm;
    "/forgot" => get forgot::show, post forgot::send;
    "/invites/:secret" => get invite::show, post invite::follow;
    "/organise" => get organise::definition::home, post organise::definition::found;
    "/privacy" => get privacy::show;
    "/reset/:secret" => get forgot::show_reset, post forgot::send_reset;
    "/set-up/:secret" => get sign_up::show_set_up, post sign_up::send_set_up;
    "/sign-in" => get sign_in::show, post sign_in::send;
    "/sign-in/back/:provider" => get sign_in_with::back;
    "/sign-in/with/:provider" => get sign_in_with::start;
    "/sign-out" => post sign_in::sign_out;
    "/sign-up" => get sign_up::show, post sign_up::send;
}

/// Everything below `/` that is not the API.
pub fn routes(app: &Arc<App>) -> impl Endpoint<Output = Response> + use<> {
    let app = Arc::clone(app);
    addresses()
        .with(AddData::new(kept::KeptPages::default()))
        .around(move |routes, request| {
            let app = Arc::clone(&app);
            async move { Ok(answered(&app, &routes, request).await) }
        })
        .with(CookieJarManager::new())
}

/// Handles one request: returns the page, or its error page, with the header for its visitor.
async fn answered(
    app: &App,
    routes: &impl Endpoint<Output = Response>,
    mut request: Request,
) -> Response {
    let (asked, cookies) = (refusal::Asked::of(&request), request.cookie().clone());
    let page = async {
        same_site::must_be_same_site(&request, &app.base_address())?;
        let visitor = visitor::Visitor::of(app, &request).await?;
        request.extensions_mut().insert(visitor.clone());
        let answer = match routes.call(request).await {
            Ok(answer) => answer,
            Err(error) => refusal::page(app, &asked, &error).await,
        };
        Ok(head::write(app, &cookies, (asked.here(), &visitor), answer).await?)
    };
    match page.await {
        Ok(answer) => answer,
        Err(error) => refusal::page(app, &asked, &error).await,
    }
}

/// Redirects to another page on this server.
fn see_other(there: &str) -> Response {
    StatusCode::SEE_OTHER.with_header(header::LOCATION, there).into_response()
}

/// A page that shows an error, with the error's status and `Retry-After` if that is known.
pub(crate) fn saying(error: &Refusal, page: impl IntoResponse) -> Response {
    let mut response = page.with_status(error.status).into_response();
    if let Some(value) = error.retry.and_then(|retry| retry_after(retry).parse().ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// A page with the headers that every page has.
pub(crate) fn answer(page: &impl Page) -> Result<Response> {
    let html = Html(page.render()?);
    Ok(html
        .with_header(header::CONTENT_SECURITY_POLICY, web::CONTENT_SECURITY_POLICY)
        .into_response())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ADDRESSES;
    use domain::challenges::RESERVED_NAMES;

    #[test]
    fn no_phase_can_have_the_name_of_a_page() {
        let words = ADDRESSES.iter().filter_map(|(address, _)| {
            let word = address.strip_prefix("/c/:challenge/")?.split('/').next()?;
            // a name contains neither
            (!word.contains([':', '.'])).then_some(word)
        });
        assert_eq!(words.collect::<BTreeSet<_>>(), BTreeSet::from(RESERVED_NAMES));
    }
}
