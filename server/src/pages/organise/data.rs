//! `/c/{challenge}/organise/data`: the data sets that the challenge can use.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use dataset::Folder;
use domain::challenges;
use domain::entities::data_grant;
use domain::error::Error;
use domain::moderation;
use poem::web::Data;
use poem::web::cookie::CookieJar;
use poem::{Response, handler};
use scoring::Task;
use serde::{Deserialize, Serialize};
use web::pages::{Cell, DeskPage, Field, FieldKind, Section};

use super::{Sender, Staff, desk, layout, quiet, reason, shown};
use crate::app::App;
use crate::pages::done::Done;
use crate::pages::filled::Filled;
use crate::refusal::Result;

/// How many names from the server's folder of data sets are suggested.
const SUGGESTED: usize = 50;

/// `GET /c/{challenge}/organise/data`
#[handler]
pub async fn show(app: Data<&Arc<App>>, staff: Staff) -> Result<Response> {
    shown(&page(&app, &staff).await?)
}

/// The fields of the grant form.
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
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Granted>,
) -> Result<Response> {
    let what = (sent.path.as_str(), sent.reason.as_str());
    let granted = moderation::grant_data(&app, &staff.user, &staff.challenge, what).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let (home, action) = (sender.home("data"), sender.home("data/grant"));
    let done = granted.map(|()| Done::Granted);
    sender.finish(done, &home, (&action, &sent), page(&app, &staff)).await
}

/// The fields of the form that revokes a grant.
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
    cookies: &CookieJar,
    staff: Staff,
    Filled(sent): Filled<Revoked>,
) -> Result<Response> {
    let what = (sent.grant, sent.reason.as_str());
    let revoked = moderation::revoke_data(&app, &staff.user, &staff.challenge, what).await;
    let sender = Sender { app: &app, cookies, staff: &staff };
    let (home, action) = (sender.home("data"), sender.home("data/revoke"));
    let done = revoked.map(|()| Done::TakenBack);
    sender.finish(done, &home, (&action, &sent), page(&app, &staff)).await
}

async fn page(app: &App, staff: &Staff) -> Result<DeskPage> {
    let grants = challenges::data_grants_of(&app.db, &staff.challenge).await?;
    let may_grant = moderation::organises_server(app, &staff.user).await?;
    let (home, paths) = (app.settings.datasets_dir.clone(), paths(&grants));
    let looked = tokio::task::spawn_blocking(move || {
        let granted = paths.into_iter().map(|path| Lying::at(&home, path)).collect::<Vec<_>>();
        (granted, if may_grant { Lying::all(&home) } else { vec![] })
    });
    let (granted, all) = looked.await.map_err(|e| Error::internal("look at its data sets", e))?;
    let mut sections = vec![granted_section(&grants, granted), used(app, staff).await?];
    if may_grant {
        sections.push(granting(app, staff, &grants, all));
    }
    let lede = "The challenge’s definition can name these data sets and no others.";
    Ok(desk(app, staff, "Data", lede, sections))
}

fn paths(grants: &[data_grant::Model]) -> Vec<String> {
    grants.iter().map(|row| row.path.clone()).collect()
}

fn granted_section(grants: &[data_grant::Model], lying: Vec<Lying>) -> Section {
    let row = |(row, lying): (&data_grant::Model, Lying)| {
        vec![Cell::Code(row.path.clone()), Cell::text(lying.holds), Cell::At(row.given_at.utc())]
    };
    let rows = grants.iter().zip(lying).map(row).collect();
    let heads = ["Path", "Contents", "Granted"];
    Section::new("granted", "Granted data sets")
        .text("In the definition, use a path as it is written here, or a folder or file in it.")
        .table(&heads, rows, "None. Organisers of this server can grant one.")
}

async fn used(app: &App, staff: &Staff) -> Result<Section> {
    let benchmarks = challenges::benchmarks_of(&app.db, staff.challenge.id).await?;
    let row = |row: domain::entities::benchmark::Model| {
        let scored = row.task()?.scored.many;
        let file = row.targets_file.map_or(Cell::None, Cell::Code);
        let what = format!("{} {scored}, split {}", row.queries, row.split);
        Ok(vec![Cell::text(row.name), Cell::Code(row.folder), Cell::text(what), file])
    };
    let rows = benchmarks.into_iter().map(row).collect::<domain::error::Result<_>>()?;
    let heads = ["Benchmark", "Folder", "Contents", "Targets file"];
    Ok(Section::new("used", "In use").table(&heads, rows, "None."))
}

/// The forms for organisers of the whole server, who may see the contents of its folder.
fn granting(app: &App, staff: &Staff, grants: &[data_grant::Model], all: Vec<Lying>) -> Section {
    let home = format!("{}/data", layout::organise(&staff.challenge));
    let datasets = app.settings.datasets_dir.display();
    let path = Field::text("path", "Folder or file").hint(format!("Below {datasets}."));
    let rows = all.into_iter().map(|it| vec![Cell::Code(it.path), Cell::text(it.holds)]);
    let mut section = Section::new("grant", "Grant a data set")
        .text("Organisers of this challenge can then score submissions against it.")
        .table(&["On this server", "Contents"], rows.collect(), "The folder of data sets is empty.")
        .form(quiet(format!("{home}/grant"), "Grant", "grant").with(path).with(reason()));
    if !grants.is_empty() {
        let options = grants.iter().map(|row| (row.id.to_string(), row.path.clone()));
        let choice = Field::new(FieldKind::Choice(options.collect()), "grant", "Data set");
        let form = quiet(format!("{home}/revoke"), "Revoke a grant", "revoke").asking(
            "The definition can no longer name it. Benchmarks that already use it keep it.",
            "Yes, revoke it",
        );
        section = section.form(form.with(choice).with(reason()));
    }
    section
}

/// A folder or file in the server's folder of data sets.
struct Lying {
    path: String,
    /// Its contents, in a few words.
    holds: String,
}

impl Lying {
    fn at(home: &Path, path: String) -> Self {
        let holds = holds(&home.join(&path));
        Self { path, holds }
    }

    /// The top-level entries of a folder, by name, up to a limit.
    fn all(home: &Path) -> Vec<Self> {
        let entries = std::fs::read_dir(home).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names.truncate(SUGGESTED);
        names.into_iter().map(|name| Self::at(home, name)).collect()
    }
}

/// The contents of a folder or file, from the names of its files alone.
fn holds(path: &Path) -> String {
    if let Ok(file) = path.metadata()
        && file.is_file()
    {
        return format!("a file of {}", web::format_bytes(file.len()));
    }
    let read = |task: &Task| Folder::with_layout(path, task.layout).contents().ok();
    let found = Task::all().find_map(|task| Some((task, read(task).filter(|it| !it.is_empty())?)));
    let Some((task, splits)) = found else {
        return if path.is_dir() { "no data set" } else { "no longer there" }.to_owned();
    };
    let split = |(split, groups): (String, BTreeSet<String>)| {
        format!("{split} ({})", groups.into_iter().collect::<Vec<_>>().join(", "))
    };
    let splits: Vec<String> = splits.into_iter().map(split).collect();
    let further = ["attributes", "images", "image_url"];
    let further: Vec<&str> = further.into_iter().filter(|name| path.join(name).is_dir()).collect();
    let with = if further.is_empty() { String::new() } else { format!("; {}", further.join(", ")) };
    format!("{}: {}{with}", task.title, splits.join(", "))
}
