//! `/c/{challenge}/rules`, `/scoring`, `/significance`, `/feedback-share` and `/published`: prose; `/dialogs`: how dialogs are scored; `/write_run.py`, `/agent.py`: programs to start from.

use std::sync::Arc;

use ::scoring::Task;
use domain::challenges;
use domain::entities::challenge;
use domain::error::Error;
use poem::web::{Data, Path};
use poem::{IntoResponse, Response, handler};
use web::pages::TextPage;

use super::{answer, layout, markdown};
use crate::app::App;
use crate::refusal::Result;

/// What scores give away, and what a feedback share does.
const FEEDBACK_SHARE: &str = include_str!("../../../docs/feedback-share.md");

/// What intervals and tests say.
const SIGNIFICANCE: &str = include_str!("../../../docs/significance.md");

/// `GET /c/{challenge}/rules`
#[handler]
pub async fn rules(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let none = "The organisers of this challenge have published no rules.";
    let rules = Some(challenge.rules.trim()).filter(|rules| !rules.is_empty()).unwrap_or(none);
    let about = challenge.text.trim();
    let text = match about {
        "" => rules.to_owned(),
        about => format!("{about}\n\n## What is allowed\n\n{rules}"),
    };
    answer(&page(&challenge, "Rules", &text))
}

/// `GET /c/{challenge}/scoring`
#[handler]
pub async fn scoring(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    answer(&page(&challenge, "How scoring works", without_title(challenge.task()?.texts.scoring)))
}

/// `GET /c/{challenge}/significance`
#[handler]
pub async fn significance(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    answer(&page(&challenge, "How sure a score is", without_title(SIGNIFICANCE)))
}

/// `GET /c/{challenge}/feedback-share`
#[handler]
pub async fn feedback_share(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    answer(&page(&challenge, "The feedback share", without_title(FEEDBACK_SHARE)))
}

/// `GET /c/{challenge}/published`
#[handler]
pub async fn published(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let published = challenge.task()?.texts.published;
    let text = published.ok_or_else(|| Error::not_found("page", "published"))?;
    answer(&page(&challenge, "Published results", without_title(text)))
}

/// `GET /c/{challenge}/write_run.py`: a program in Python that writes a submission file.
#[handler]
pub async fn write_run(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let challenge = challenges::find(&app.db, &name).await?;
    let program = challenge.task()?.texts.write_run;
    Ok(program.with_content_type("text/x-python; charset=utf-8").into_response())
}

/// `GET /c/{challenge}/agent.py`: a program in Python that plays dialogs.
#[handler]
pub async fn agent(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let program = dialog(&app, &name).await?.1.texts.write_run;
    Ok(program.with_content_type("text/x-python; charset=utf-8").into_response())
}

/// `GET /c/{challenge}/dialogs`: how dialogs are scored.
#[handler]
pub async fn dialogs(app: Data<&Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let (challenge, task) = dialog(&app, &name).await?;
    let text = without_results(without_title(task.texts.scoring));
    answer(&page(&challenge, "How dialogs are scored", text))
}

/// A challenge, and the task of its dialogs.
async fn dialog(app: &App, name: &str) -> Result<(challenge::Model, &'static Task)> {
    let challenge = challenges::find(&app.db, name).await?;
    let task = challenge.task()?.dialog.ok_or_else(|| Error::not_found("page", "dialogs"))?;
    Ok((challenge, task))
}

/// The document without what our own agents reach, which is for readers of the repository.
fn without_results(document: &str) -> &str {
    document.split_once("\n## Results\n").map_or(document, |(before, _)| before)
}

/// The document without its title, which the page already has.
fn without_title(document: &str) -> &str {
    document.split_once('\n').map_or(document, |(_, rest)| rest)
}

fn page(challenge: &challenge::Model, title: &str, text: &str) -> TextPage {
    TextPage {
        layout: layout::of(challenge, title),
        challenge: challenge.title.clone(),
        title: title.to_owned(),
        body: markdown::render(text),
    }
}
