//! Writes a run as the official zip, with one `{group}.predict.json` per group.

use std::io::{self, Write};

use dataset::Query;
use flate2::Compression;
use rawzip::ZipArchiveWriter;
use serde::Serialize;

use crate::GroupRun;
use crate::formats::zip::write_entry;

/// One object of a file, its keys in the official order.
#[derive(Serialize)]
struct Object<'a> {
    candidate: &'a str,
    captions: &'a [String],
    ranking: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
}

/// Writes a run of a split as the official zip. The same run gives the same bytes.
///
/// An object names its query by id only if that is not [the official one](Query::id_at), so a run of the
/// official data has the challenge's original format. This only checks that the group has as many
/// rankings as queries; [`read`](crate::read) finds the problems of a run.
///
/// # Panics
/// If a ranking contains an index outside its gallery.
pub fn write_zip(out: impl Write, split: &str, runs: &[GroupRun<'_>]) -> io::Result<()> {
    let mut archive = ZipArchiveWriter::new(out);
    for run in runs {
        let name = format!("{}.predict.json", run.group.name);
        write_entry(&mut archive, &name, Compression::fast(), |out| write_json(run, out, split))?;
    }
    archive.finish().map_err(io::Error::other)?.flush()
}

fn write_json(run: &GroupRun<'_>, out: &mut dyn Write, split: &str) -> io::Result<()> {
    run.check()?;
    let GroupRun { group, rankings } = run;
    out.write_all(b"[")?;
    for (i, (query, ranking)) in group.queries.iter().zip(rankings).enumerate() {
        out.write_all(if i > 0 { b",\n" } else { b"\n" })?;
        let official = query.id == Query::id_at(&group.name, split, i);
        let object = Object {
            candidate: query.reference.as_str(),
            captions: &query.captions,
            ranking: ranking.iter().map(|&item| group.gallery.item(item)).collect(),
            query: (!official).then_some(query.id.as_str()),
        };
        serde_json::to_writer(&mut *out, &object)?;
    }
    out.write_all(b"\n]\n")
}
