//! `/c/{challenge}/organise/data`: which data sets the challenge may use.

use std::path::Path;
use std::sync::Arc;

use poem::web::Data;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Section};

use super::{Staff, desk, forms, layout, quiet, reason, refused, shown};
use crate::app::App;
use crate::challenges;
use crate::entities::data_grant;
use crate::error::Result;
use crate::moderation;
use crate::pages::filled::Filled;
use crate::pages::see_other;

/// The most names of the server's folder of data sets that are suggested.
const SUGGESTED: usize = 50;

/// `GET /c/{challenge}/organise/data`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&page(&app, &staff).await?)
}

/// What the form of a grant sends.
#[derive(Deserialize, Serialize)]
struct Granted {
    #[serde(default)]
    path: String,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/data/grant`
#[handler]
pub async fn grant(
    app: Data<&Arc<App>>,
    staff: Staff,
    Filled(sent): Filled<Granted>,
) -> Result<Response> {
    let what = (sent.path.as_str(), sent.reason.as_str());
    let granted = moderation::grant_data(&app, &staff.user, &staff.challenge, what).await;
    done(&app, &staff, ("grant", &sent), granted).await
}

/// What the form that takes a grant back sends.
#[derive(Deserialize, Serialize)]
struct Revoked {
    #[serde(default)]
    grant: i32,
    #[serde(default)]
    reason: String,
}

/// `POST /c/{challenge}/organise/data/revoke`
#[handler]
pub async fn revoke(
    app: Data<&Arc<App>>,
    staff: Staff,
    Filled(sent): Filled<Revoked>,
) -> Result<Response> {
    let what = (sent.grant, sent.reason.as_str());
    let revoked = moderation::revoke_data(&app, &staff.user, &staff.challenge, what).await;
    done(&app, &staff, ("revoke", &sent), revoked).await
}

async fn done(
    app: &App,
    staff: &Staff,
    (form, typed): (&str, &impl Serialize),
    done: Result<()>,
) -> Result<Response> {
    let home = format!("{}/data", layout::organise(&staff.challenge));
    match forms::refused(done)? {
        Ok(()) => Ok(see_other(&home)),
        Err(error) => refused(page(app, staff).await?, &format!("{home}/{form}"), typed, &error),
    }
}

async fn page(app: &App, staff: &Staff) -> Result<DeskPage> {
    let grants = challenges::data_grants_of(&app.db, &staff.challenge).await?;
    let may_grant = moderation::ensure_organises_server(app, &staff.user).await.is_ok();
    let mut sections = vec![granted(&grants), used(app, staff).await?];
    if may_grant {
        sections.push(granting(app, staff, &grants));
    }
    let lede =
        "Data belongs to a challenge: its definition can name these data sets and no others.";
    Ok(desk(app, staff, "Data", lede, sections))
}

fn granted(grants: &[data_grant::Model]) -> Section {
    let row =
        |row: &data_grant::Model| vec![Cell::Code(row.path.clone()), Cell::At(row.given_at.utc())];
    let rows = grants.iter().map(row).collect();
    Section::new("granted", "Granted data sets")
        .text("Name them in the definition as they are written here, or a folder or file within them.")
        .table(&["Path", "Granted"], rows, "None. Whoever organises this server can grant one.")
}

async fn used(app: &App, staff: &Staff) -> Result<Section> {
    let benchmarks = challenges::benchmarks_of(&app.db, staff.challenge.id).await?;
    let row = |row: crate::entities::benchmark::Model| {
        let file = row.targets_file.map_or(Cell::None, Cell::Code);
        vec![Cell::text(row.name), Cell::Code(row.folder), file]
    };
    let rows = benchmarks.into_iter().map(row).collect();
    let heads = ["Benchmark", "Folder", "Targets file"];
    Ok(Section::new("used", "In use").table(&heads, rows, "None."))
}

/// The forms of those who organise the whole server, and so may see what lies in its folder.
fn granting(app: &App, staff: &Staff, grants: &[data_grant::Model]) -> Section {
    let home = format!("{}/data", layout::organise(&staff.challenge));
    let datasets = &app.settings.datasets_dir;
    let path = Field::text("path", "Folder or file").hint(match listed(datasets).as_slice() {
        [] => format!("Below {}, which is empty.", datasets.display()),
        names => format!("Below {}: {}.", datasets.display(), names.join(", ")),
    });
    let mut section = Section::new("grant", "Grant a data set")
        .text("Organisers of this challenge can then score submissions against it.")
        .form(quiet(format!("{home}/grant"), "Grant", "grant").with(path).with(reason()));
    if !grants.is_empty() {
        let options = grants.iter().map(|row| (row.id.to_string(), row.path.clone()));
        let choice = Field::new(FieldKind::Choice(options.collect()), "grant", "Data set")
            .hint("Benchmarks that use it already keep it.");
        let form = quiet(format!("{home}/revoke"), "Revoke", "revoke").with(choice);
        section = section.form(form.with(reason()));
    }
    section
}

/// What lies at the top of a folder, by name, and at most so much.
fn listed(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names.truncate(SUGGESTED);
    names
}
