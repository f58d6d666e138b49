//! `/organise` and `/c/{challenge}/organise/…`: the pages of organisers. Auditors see all of them and
//! change nothing: the extractor [`Staff`](super::visitor::Staff) refuses them.

pub(super) mod audit;
pub(super) mod data;
pub(super) mod definition;
pub(super) mod export;
pub(super) mod keep;
mod listing;
pub(super) mod log;
pub(super) mod news;
pub(super) mod overview;
pub(super) mod people;
pub(super) mod phases;
pub(super) mod rescoring;
pub(super) mod submissions;
pub(super) mod teams;
pub(super) mod tools;

use poem::Response;
use poem::web::cookie::CookieJar;
use serde::{Deserialize, Serialize};
use web::pages::{DeskPage, Field, FieldKind, Form, Link, Section, Weight};

use super::done::{Done, said};
use super::visitor::{self, Staff};
use super::{answer, forms, layout, saying, see_other};
use crate::app::App;
use crate::refusal::{Refusal, Result};

/// The pages of a challenge's organisers, as tabs: label and path.
const TABS: [(&str, &str); 11] = [
    ("Overview", ""),
    ("Phases", "/phases"),
    ("Submissions", "/submissions"),
    ("Teams", "/teams"),
    ("People", "/people"),
    ("News", "/news"),
    ("Rescoring", "/rescoring"),
    ("Tools", "/tools"),
    ("Definition", "/definition"),
    ("Data", "/data"),
    ("Log", "/log"),
];

/// A page of a challenge's organisers; its tab is marked.
fn desk(app: &App, staff: &Staff, tab: &str, lede: &str, sections: Vec<Section>) -> DeskPage {
    let home = layout::organise(&staff.challenge);
    let link = |(label, path): (&str, &str)| {
        let href = format!("{home}{path}");
        if label == tab { Link::current(label, href) } else { Link::new(label, href) }
    };
    DeskPage {
        layout: layout::of(&staff.challenge, ""),
        kicker: Some(Link::new(staff.challenge.title.clone(), layout::board(&staff.challenge))),
        heading: tab.to_owned(),
        lede: lede.to_owned(),
        notice: None,
        tabs: TABS.map(link).into(),
        sections,
        now: app.ambient.now().utc(),
    }
}

/// The page, for this organiser only.
fn shown(page: &DeskPage) -> Result<Response> {
    Ok(visitor::private(answer(page)?))
}

/// The page again, with the typed values and the error in the form with this action, or the error at the
/// top if the page has no such form.
fn refused(
    mut page: DeskPage,
    action: &str,
    typed: &impl Serialize,
    error: &Refusal,
) -> Result<Response> {
    match page.form_of(action) {
        Some(form) => {
            forms::keep(form, typed);
            forms::complain(form, error);
        }
        None => page.notice = Some(error.detail.clone()),
    }
    Ok(saying(error, visitor::private(answer(&page)?)))
}

/// The sender of an organisers' form.
struct Sender<'a> {
    app: &'a App,
    cookies: &'a CookieJar,
    staff: &'a Staff,
}

impl Sender<'_> {
    /// Redirects to a page that shows what was done, or shows the page again with the error in the form
    /// with this action.
    async fn finish(
        &self,
        done: Result<Done, impl Into<Refusal>>,
        there: &str,
        (action, typed): (&str, &impl Serialize),
        page: impl Future<Output = Result<DeskPage>>,
    ) -> Result<Response> {
        match forms::refused(done)? {
            Ok(done) => {
                said(self.app, self.cookies, done);
                Ok(see_other(there))
            }
            Err(error) => refused(page.await?, action, typed, &error),
        }
    }

    /// The address of an organisers' page.
    fn home(&self, page: &str) -> String {
        format!("{}/{page}", layout::organise(&self.staff.challenge))
    }
}

/// The fields of a form that asks only for a [`reason`].
#[derive(Deserialize, Serialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

/// The reason for an action, recorded in the log.
fn reason() -> Field {
    Field::text("reason", "Reason").hint("Recorded in the log.")
}

/// One of several forms of a page. Forms that change something ask for a [`reason`], last.
fn quiet(action: String, button: &str, prefix: &str) -> Form {
    Form::new(action, button).weighing(Weight::Quiet).called(prefix)
}

/// A choice of one of several.
fn choice(name: &str, label: &str, options: &[(&str, &str)]) -> Field {
    let options = options.iter().map(|(value, label)| (value.to_string(), label.to_string()));
    Field::new(FieldKind::Choice(options.collect()), name, label)
}
