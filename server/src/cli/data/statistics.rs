//! `fashion-iq dataset statistics`: what a data set contains, as a table or as JSON.

use std::path::PathBuf;

use dataset::Folder;
use dataset::statistics::Statistics;
use scoring::Task;

use super::super::{Outcome, print, print_line, to_json};
use domain::error::{Error, Result};

/// Prints the statistics of all splits of a folder.
pub(super) fn statistics(dir: PathBuf, task: &Task, json: bool) -> Result<Outcome> {
    let folder = Folder::with_layout(dir, task.layout);
    let statistics = Statistics::of_folder(&folder).map_err(Error::unusable)?;
    if json {
        print_line(to_json(&statistics)?);
    } else {
        print(statistics);
    }
    Ok(Outcome::Done)
}
