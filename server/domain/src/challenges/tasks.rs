//! The task of a challenge.

use scoring::{FASHION_IQ, Task};

use crate::entities::{benchmark, challenge};
use crate::error::{Error, Result};

impl challenge::Model {
    /// The task of its benchmarks.
    pub fn task(&self) -> Result<&'static Task> {
        stored(&self.task)
    }
}

impl benchmark::Model {
    /// The task of its challenge.
    pub fn task(&self) -> Result<&'static Task> {
        stored(&self.task)
    }
}

/// The task with a name from the database, which a newer server may have written.
fn stored(name: &str) -> Result<&'static Task> {
    Task::named(name).map_err(|e| Error::internal("find a task", e))
}

/// The options for `fashion-iq score` and `validate` that say where the data is: `--data . --split
/// val`.
pub fn data_options(task: &Task, folder: &str, split: &str) -> String {
    let named = if *task == FASHION_IQ { String::new() } else { format!(" --task {}", task.name) };
    format!("--data {folder} --split {split}{named}")
}
