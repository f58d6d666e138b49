//! `/c/{challenge}/{phase}/report`: the report of a phase, for the paper of a workshop, as a page and as
//! Markdown with figures.

use std::sync::Arc;

use domain::error::Error;
use domain::standings::{Band, Board, Point, Report, ReportGroup, ReportRow};
use poem::http::header;
use poem::web::{Data, Path};
use poem::{Response, handler};
use scoring::Task;
use scoring::measures::Range;
use time::OffsetDateTime;
use web::pages::{Entrant, Interval, Link, PBand, Value};
use web::report::{
    BoardRecord, Citation, DesignItem, RankStability, ReportPage, SignificanceMap, Subset,
    ValueRow, ValueTable,
};

use super::visitor::{self, Visitor};
use super::{answer, layout, scores};
use crate::app::App;
use crate::refusal::Result;

/// What identifies a report: where it is, and the hash of its document.
pub(super) struct Edition {
    pub(super) address: String,
    pub(super) sha256: String,
    pub(super) exports: Vec<Link>,
}

/// `GET /c/{challenge}/{phase}/report`
#[handler]
pub async fn show(
    app: Data<&Arc<App>>,
    visitor: Visitor,
    Path((challenge, phase)): Path<(String, String)>,
) -> Result<Response> {
    let (board, report) = current(&app, &visitor, &challenge, &phase).await?;
    Ok(visitor::private(answer(&page(&app, &board, &report)?)?))
}

/// `GET /c/{challenge}/{phase}/report.zip`: the report as Markdown, with its figures.
#[handler]
pub async fn zip(
    app: Data<&Arc<App>>,
    visitor: Visitor,
    Path((challenge, phase)): Path<(String, String)>,
) -> Result<Response> {
    let (board, report) = current(&app, &visitor, &challenge, &phase).await?;
    let name = format!("{challenge}.{phase}.report.zip");
    Ok(visitor::private(saved(&page(&app, &board, &report)?, &name)?))
}

/// The report of a phase as it is now, for those who may see it.
async fn current(
    app: &App,
    visitor: &Visitor,
    challenge: &str,
    phase: &str,
) -> Result<(Arc<Board>, Arc<Report>)> {
    let board = app.boards.get(app, challenge, phase).await?;
    if !board.report_is_public(app.ambient.now())
        && !visitor.is_staff(app, &board.challenge).await?
    {
        return Err(Error::no_report_yet().into());
    }
    let _place = app.pressure.comparisons.take_within(app.settings.request_wait).await?;
    let report = app.reports.get(app, &board).await?;
    Ok((board, report))
}

fn page(app: &App, board: &Board, report: &Report) -> Result<ReportPage> {
    let (challenge, phase) = (&board.challenge, &board.phase);
    let here = layout::report(challenge, phase);
    let edition = Edition {
        address: format!("{}{here}", app.base_address()),
        sha256: report.digest()?,
        exports: vec![Link::new("Markdown with figures", format!("{here}.zip"))],
    };
    let layout = layout::of(challenge, "Report");
    let phase = Link::new(phase.title.clone(), layout::phase(challenge, phase));
    Ok(of(report, board.standings.shown.task(), (layout, phase), edition))
}

/// The page of a report.
pub(super) fn of(
    report: &Report,
    task: &'static Task,
    (layout, phase): (web::pages::Layout, Link),
    edition: Edition,
) -> ReportPage {
    let names: Vec<String> = ranked(report).map(|row| row.team.clone()).collect();
    let resamples = report.resamples;
    let stability = (!report.rank_frequencies.is_empty()).then(|| RankStability {
        resamples: resamples.into(),
        teams: names
            .iter()
            .cloned()
            .zip(&report.rank_frequencies)
            .map(|(team, times)| (team, shares(times, resamples)))
            .collect(),
    });
    let significance = (!report.p_bands.is_empty()).then(|| SignificanceMap {
        teams: names.iter().cloned().zip(report.p_bands.iter().map(|row| bands(row))).collect(),
        method:
            "Paired randomisation tests of the overall score, two-sided, adjusted for all pairs \
                 after Benjamini and Hochberg."
                .to_owned(),
    });
    let series = |points: &[Point<u64>]| points.iter().map(|it| (it.at, it.value)).collect();
    let best: Vec<(OffsetDateTime, f64)> = report.best.iter().map(|it| (it.at, it.value)).collect();
    ReportPage {
        layout,
        challenge: report.title.clone(),
        phase,
        summary: report.summary.clone(),
        design: report.design.iter().map(design).collect(),
        primary: scores::measure(task.primary),
        noun: [task.scored.one, task.scored.many],
        queries: report.groups.iter().map(|group| group.queries).sum(),
        standings: report.rows.iter().map(row).collect(),
        stability,
        significance,
        values: values(report),
        scored: series(&report.scored),
        best,
        record: BoardRecord {
            sha256: edition.sha256.clone(),
            address: edition.address.clone(),
            at: report.at,
        },
        citation: Citation {
            key: format!("{}-{}-{}", report.challenge, report.phase, report.at.year()),
            authors: vec![format!("{} organisers", report.title)],
            title: format!("{}: {}", report.title, report.phase_title),
            year: report.at.year(),
            address: edition.address,
            note: format!(
                "Board of {}, SHA-256 {}",
                web::format_instant(&report.at),
                edition.sha256
            ),
        },
        exports: edition.exports,
    }
}

fn ranked(report: &Report) -> impl Iterator<Item = &ReportRow> {
    report.rows.iter().filter(|row| row.rank.is_some())
}

fn shares(times: &[u32], resamples: u32) -> Vec<f64> {
    times.iter().map(|times| f64::from(*times) / f64::from(resamples.max(1))).collect()
}

fn bands(row: &[Band]) -> Vec<Option<PBand>> {
    row.iter().map(|band| Some(scores::band(*band))).collect()
}

fn design(item: &domain::standings::DesignItem) -> DesignItem {
    DesignItem { heading: item.heading.clone(), text: item.text.clone() }
}

fn row(row: &ReportRow) -> web::report::ReportRow {
    use domain::entities::team::TeamKind;
    web::report::ReportRow {
        entrant: match (row.kind, row.rank) {
            (TeamKind::Team, rank) => Entrant::Team { rank: rank.unwrap_or_default().into() },
            (TeamKind::Baseline, _) => Entrant::Baseline,
            (TeamKind::Probe, _) => Entrant::Probe,
            (TeamKind::Guest, _) => Entrant::Guest,
        },
        team: row.team.clone(),
        method: Some(row.method.clone()).filter(|method| !method.is_empty()),
        overall: row.overall,
        interval: row.interval.map(|[low, high]| Interval { low, high }),
        rank_interval: row.rank_interval.map(|[best, worst]| (best.into(), worst.into())),
        submissions: row.tries,
    }
}

/// One table per measure, by group.
fn values(report: &Report) -> Vec<ValueTable> {
    let subset = |group: &ReportGroup| Subset { name: group.name.clone(), queries: group.queries };
    let table = |(at, name): (usize, &String)| {
        let measure: scoring::Measure = name.parse().ok()?;
        let value = |value: &Option<f64>| match (measure.range(), *value) {
            (Range::Rank, Some(rank)) => Value::Rank(rank as u64),
            (Range::Number, Some(number)) => Value::Number(number),
            (Range::Share, Some(share)) => Value::Share(share),
            (_, None) => Value::Missing,
        };
        let row = |row: &ReportRow| ValueRow {
            team: row.team.clone(),
            values: row.values.get(at).into_iter().flatten().map(value).collect(),
        };
        Some(ValueTable {
            measure: scores::measure(measure),
            subsets: report.groups.iter().map(subset).collect(),
            rows: report.rows.iter().map(row).collect(),
        })
    };
    report.measures.iter().enumerate().filter_map(table).collect()
}

/// A zip of the report as Markdown, with its figures.
pub(super) fn saved(page: &ReportPage, name: &str) -> Result<Response> {
    let markdown = page.to_markdown()?;
    let mut files = vec![("report.md".to_owned(), markdown.text.into_bytes())];
    files.extend(markdown.figures.into_iter().map(|it| (it.file, it.svg.into_bytes())));
    let mut packed = Vec::new();
    scoring::zip_files(&mut packed, &files).map_err(|e| Error::internal("pack a report", e))?;
    Ok(Response::builder()
        .content_type("application/zip")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .body(packed))
}
