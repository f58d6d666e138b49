//! Which task a challenge has.

use scoring::{FASHION_IQ, Task};

use crate::entities::{benchmark, challenge};
use crate::error::{Error, Result};

impl challenge::Model {
    /// What kind of benchmarks it has.
    pub fn task(&self) -> Result<&'static Task> {
        stored(&self.task)
    }
}

impl benchmark::Model {
    /// What kind of benchmark it is: the task of its challenge.
    pub fn task(&self) -> Result<&'static Task> {
        stored(&self.task)
    }
}

/// The task of a name that is in the database, which a newer server may have written there.
fn stored(name: &str) -> Result<&'static Task> {
    Task::named(name).map_err(|e| Error::internal("find a task", e))
}

/// What says to `fashion-iq score` and `validate` where the data is: `--data . --split val`.
pub fn data_options(task: &Task, folder: &str, split: &str) -> String {
    let named = if *task == FASHION_IQ { String::new() } else { format!(" --task {}", task.name) };
    format!("--data {folder} --split {split}{named}")
}
