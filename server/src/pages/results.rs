//! `/c/{challenge}/{phase}/results/{name}`: final results of a phase, which don't change any more.

use std::sync::Arc;

use domain::challenges;
use domain::entities::{challenge, final_results, phase};
use domain::error::Error;
use domain::{receipts, standings};
use poem::http::header;
use poem::web::{Data, Path};
use poem::{Response, handler};
use web::pages::Link;
use web::report::ReportPage;

use super::report::{self, Edition};
use super::visitor::{self, Visitor};
use super::{answer, layout};
use crate::app::App;
use crate::refusal::Result;

/// The files of final results, by their names in the address.
const DOCUMENT: &str = "document.json";
const RECEIPT: &str = "receipt.json";
const MARKDOWN: &str = "report.zip";

/// Final results and where they are.
struct Found {
    challenge: challenge::Model,
    phase: phase::Model,
    results: final_results::Model,
}

/// `GET /c/{challenge}/{phase}/results/{name}`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    _visitor: Visitor,
    Path((challenge, phase, name)): Path<(String, String, String)>,
) -> Result<Response> {
    let found = Found::find(&app, &challenge, &phase, &name).await?;
    Ok(visitor::private(answer(&found.page(&app)?)?))
}

/// `GET /c/{challenge}/{phase}/results/{name}/{file}`: the document whose digest was signed, its receipt,
/// or the report as Markdown with figures.
#[handler]
pub async fn file(
    app: Data<&Arc<App>>,
    _visitor: Visitor,
    Path((challenge, phase, name, wanted)): Path<(String, String, String, String)>,
) -> Result<Response> {
    let found = Found::find(&app, &challenge, &phase, &name).await?;
    let saved_as = format!("{challenge}.{phase}.{name}.{wanted}");
    let json = |text: String| {
        Response::builder()
            .content_type("application/json")
            .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{saved_as}\""))
            .body(text)
    };
    Ok(match wanted.as_str() {
        DOCUMENT => json(found.results.document),
        RECEIPT => {
            let of = (&found.challenge, &found.phase);
            json(receipts::results_receipt(&app, of, &found.results).await?.to_json()?)
        }
        MARKDOWN => report::saved(&found.page(&app)?, &saved_as)?,
        _ => return Err(Error::not_found("file", wanted).into()),
    })
}

impl Found {
    async fn find(app: &App, challenge: &str, phase: &str, name: &str) -> Result<Self> {
        let challenge = challenges::find(&app.db, challenge).await?;
        let phase = challenges::find_phase(&app.db, &challenge, phase).await?;
        let results = standings::results(&app.db, &phase, name).await?;
        Ok(Self { challenge, phase, results })
    }

    fn page(&self, app: &App) -> Result<ReportPage> {
        let Self { challenge, phase, results } = self;
        let here = layout::results(challenge, phase, &results.name);
        let link = |label: &str, name: &str| Link::new(label, format!("{here}/{name}"));
        let edition = Edition {
            address: format!("{}{here}", app.base_address()),
            sha256: results.sha256.clone(),
            exports: vec![
                link("Document (JSON)", DOCUMENT),
                link("Receipt (signed)", RECEIPT),
                link("Markdown with figures", MARKDOWN),
            ],
        };
        let parts = (
            layout::of(challenge, "Final results"),
            Link::new(phase.title.clone(), layout::phase(challenge, phase)),
        );
        Ok(report::of(&results.report()?, challenge.task()?, parts, edition))
    }
}
