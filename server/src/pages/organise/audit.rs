//! `/c/{challenge}/organise/tools/audit` and `…/misses`: what a benchmark gives away, and whether
//! submissions used it.

use std::sync::Arc;

use domain::challenges::{self, AuditFinding, Located, Severity};
use domain::entities::role::Role;
use domain::entities::submission;
use domain::moderation::{self, Tested};
use poem::web::cookie::CookieJar;
use poem::web::{Data, Query};
use poem::{Response, handler};
use scoring::audit::{CONSPICUOUS, Misses};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Dots, Form, Section};

use super::{Sender, Staff, desk, layout, shown};
use crate::app::App;
use crate::pages::done::Done;
use crate::pages::filled::Filled;
use crate::refusal::Result;

/// The tab of these pages.
const TAB: &str = "Tools";

/// The query string.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    phase: String,
    page: Option<u64>,
}

/// The form that runs an audit.
#[derive(Deserialize, Serialize)]
struct Sent {
    phase: String,
}

/// `GET /c/{challenge}/organise/tools/audit`: what the last audit of a phase's benchmark found.
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    shown(&page(&app, &staff, &asked.phase).await?)
}

/// `POST /c/{challenge}/organise/tools/audit`: audits it now.
#[handler]
pub async fn run(
    app: Data<&Arc<App>>,
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Sent>,
) -> Result<Response> {
    let located = challenges::locate(&app.db, &staff.challenge.name, &sent.phase).await?;
    let audited = async {
        let _place = app.pressure.comparisons.take_within(app.settings.request_wait).await?;
        challenges::audit_benchmark(&app, &located.challenge, &located.benchmark).await
    };
    let done = audited.await.map(|_| Done::Audited);
    let sender = Sender { app: &app, cookies, staff: &staff };
    let there = sender.home(&format!("tools/audit?phase={}", sent.phase));
    let page = page(&app, &staff, &sent.phase);
    sender.finish(done, &there, (&sender.home("tools/audit"), &sent), page).await
}

async fn page(app: &App, staff: &Staff, phase: &str) -> Result<DeskPage> {
    let located = challenges::locate(&app.db, &staff.challenge.name, phase).await?;
    let home = format!("{}/tools", layout::organise(&staff.challenge));
    let heading = format!("What the benchmark gives away: {}", located.phase.title);
    let mut section = Section::new("audit", &heading).text(
        "Checks whether the order of published lists, ids, or shared items tell which items are \
         targets, without looking at query or picture. Everyone sees when it ran and whether it found \
         no leak; what it found is for organisers.",
    );
    if let Some(last) = challenges::last_audit(&app.db, &located.benchmark).await? {
        let rows = last.findings.iter().map(finding).collect();
        let heads = ["Check", "Category", "Found", "R@10 alone", "R@50 alone", "p", "What to do"];
        section = section.fact("Audited", Cell::At(last.at.utc())).table(
            &heads,
            rows,
            "No check applies to this benchmark.",
        );
    }
    if staff.role >= Role::Organiser {
        section = section
            .form(Form::new(format!("{home}/audit"), "Run the audit").hiding("phase", phase));
    }
    Ok(desk(app, staff, TAB, "", vec![section.link("Back to the tools", home)]))
}

fn finding(it: &AuditFinding) -> Vec<Cell> {
    let alone = |at: usize| it.recall_alone.map_or(Cell::None, |alone| Cell::Percent(alone[at]));
    let mark = match it.severity {
        Severity::Leak => "leak",
        Severity::WorthKnowing => "worth knowing",
        Severity::Nothing => "nothing",
    };
    vec![
        Cell::Many(vec![Cell::text(&it.check), Cell::Mark(mark.to_owned())]),
        Cell::text(&it.group),
        Cell::text(&it.what),
        alone(0),
        alone(1),
        it.p.map_or(Cell::None, |p| Cell::text(format!("{p:.4}"))),
        it.what_to_do.as_ref().map_or(Cell::None, Cell::text),
    ]
}

/// `GET /c/{challenge}/organise/tools/misses`: whether wrong answers follow the order of the files.
#[handler]
pub async fn misses(
    app: Data<&Arc<App>>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let located = challenges::locate(&app.db, &staff.challenge.name, &asked.phase).await?;
    let page = asked.page.unwrap_or(1).max(1);
    let _place = app.pressure.comparisons.take_within(app.settings.request_wait).await?;
    let tested = moderation::tested_misses(&app, &located, page).await?;
    let section = tested_section(&staff, &located, &tested, page);
    shown(&desk(&app, &staff, TAB, "", vec![section]))
}

fn tested_section(staff: &Staff, located: &Located, tested: &Tested, page: u64) -> Section {
    let home = format!("{}/tools", layout::organise(&staff.challenge));
    let heading = format!("Did submissions use the order? {}", located.phase.title);
    let text = format!(
        "Right answers follow the order of the files if the targets do. Wrong ones of an honest \
         submission don’t: z is about 0. It is {CONSPICUOUS} or less once in some thousands of honest \
         submissions, about −10 if every fifth query was answered by the order, and about −55 if all \
         were. It proves nothing: ask the team how the submission was made."
    );
    let rows =
        tested.rows.iter().map(|(row, team, found)| tested_row(staff, row, team, found.as_ref()));
    let heads = ["Submission", "Team", "Misses", "z", "", "In words"];
    let values: Vec<f64> =
        tested.rows.iter().filter_map(|(.., found)| found.as_ref()?.z_by_order).collect();
    let dots = Dots {
        title: "z of each submission".to_owned(),
        description: "One dot per submission. Honest ones are near 0; the table has the numbers."
            .to_owned(),
        values,
        mark: CONSPICUOUS,
    };
    let mut section = Section::new("misses", &heading).text(text).dots(dots).table(
        &heads,
        rows.collect(),
        "No scored submissions yet.",
    );
    let link = |page: u64| format!("{home}/misses?phase={}&page={page}", located.phase.name);
    if page > 1 {
        section = section.link("Later submissions", link(page - 1));
    }
    if page < tested.pages {
        section = section.link("Earlier submissions", link(page + 1));
    }
    section.link("Back to the tools", home)
}

fn tested_row(
    staff: &Staff,
    row: &submission::Model,
    team: &str,
    found: Option<&Misses>,
) -> Vec<Cell> {
    let address = format!("{}/submissions/{}", layout::organise(&staff.challenge), row.id);
    let method = if row.method.is_empty() { "no name" } else { &row.method };
    let Some(found) = found else {
        let gone = Cell::text("the stored upload can’t be read");
        return vec![
            Cell::link(method, address),
            Cell::text(team),
            Cell::None,
            Cell::None,
            Cell::None,
            gone,
        ];
    };
    let count: usize = found.groups.iter().map(|group| group.misses).sum();
    let z = found.z_by_order.map_or(Cell::None, |z| Cell::text(format!("{z:.1}")));
    let mark = found.is_conspicuous().then(|| Cell::Mark("conspicuous".to_owned()));
    vec![
        Cell::link(method, address),
        Cell::text(team),
        Cell::text(count.to_string()),
        z,
        mark.unwrap_or(Cell::None),
        Cell::text(found.verdict()),
    ]
}
