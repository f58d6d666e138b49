//! The task of a challenge.

use dataset::Protocol;
use scoring::{FASHION_IQ, Task};

use crate::entities::benchmark::TargetsAre;
use crate::entities::{benchmark, challenge};
use crate::error::{Error, Result};

impl challenge::Model {
    /// The task of its benchmarks.
    pub fn task(&self) -> Result<&'static Task> {
        stored(&self.task)
    }
}

impl benchmark::Model {
    /// The task of its challenge, with the measures of its protocol.
    pub fn task(&self) -> Result<&'static Task> {
        let protocol = Protocol::from_name(&self.protocol).unwrap_or_default();
        Ok(with(stored(&self.task)?, protocol, self.targets))
    }
}

/// A task with the measures of a protocol, or the one of its dialogs if targets are drawn.
pub(super) fn with(task: &'static Task, protocol: Protocol, targets: TargetsAre) -> &'static Task {
    match (targets, task.dialog) {
        (TargetsAre::Drawn, Some(dialog)) => dialog,
        _ => task.under(protocol),
    }
}

/// The task with a name from the database, which a newer server may have written.
fn stored(name: &str) -> Result<&'static Task> {
    Task::named(name).map_err(|e| Error::internal("find a task", e))
}

/// The options for `fashion-iq score` and `validate` that say where the data is: `--data . --split
/// val`.
pub fn data_options(task: &Task, protocol: Protocol, folder: &str, split: &str) -> String {
    let named = if *task == FASHION_IQ { String::new() } else { format!(" --task {}", task.name) };
    // The published files are those of the protocol; these also have their own measures.
    let measured = match protocol {
        Protocol::Original | Protocol::ValUnion => String::new(),
        Protocol::Mbeir | Protocol::MultiTurn => format!(" --protocol {}", protocol.name()),
    };
    format!("--data {folder} --split {split}{named}{measured}")
}
