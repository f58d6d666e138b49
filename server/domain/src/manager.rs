//! A trained dialog manager, which visitors talk to: another program, which is asked over HTTP.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::program::Program;

/// How long a request may take; then the agent without learning answers.
const PATIENCE: Duration = Duration::from_secs(2);

/// A dialog from its first item on, by the items' ids.
#[derive(Debug, Serialize)]
pub(crate) struct Begun<'a> {
    pub(crate) group: &'a str,
    /// The first item.
    pub(crate) start: &'a str,
    /// What the user said, turn by turn.
    pub(crate) said: &'a [String],
    /// How many candidates are wanted.
    pub(crate) count: usize,
}

/// What the manager showed, by the items' ids.
#[derive(Debug, Deserialize)]
pub(crate) struct Went {
    /// The version of the manager.
    pub(crate) manager: String,
    /// What was shown at each turn.
    pub(crate) shown: Vec<String>,
    /// What is shown now, and what comes next, best first.
    pub(crate) candidates: Vec<String>,
}

/// The manager that the settings name.
#[derive(Debug, Clone)]
pub struct Manager(Program);

impl Manager {
    /// The manager at an address, `http://manager:SECRET@HOST:PORT`.
    pub fn new(address: &str) -> Self {
        Self(Program::new(address, PATIENCE))
    }

    /// The version that it says it has.
    ///
    /// # Errors
    /// It can't be asked.
    pub async fn version(&self) -> Result<String> {
        Ok(self.talk(&Begun { group: "", start: "", said: &[], count: 0 }).await?.manager)
    }

    /// How a dialog went, with a caption after each item that was shown.
    ///
    /// # Errors
    /// It can't be reached, or doesn't know the group or its first item.
    pub(crate) async fn talk(&self, begun: &Begun<'_>) -> Result<Went> {
        let went: Went = self.0.ask("candidates", begun).await.map_err(Error::manager)?;
        if went.shown.len() != begun.said.len() || (begun.count > 0 && went.candidates.is_empty()) {
            return Err(Error::manager("it returned no candidate for each caption"));
        }
        Ok(went)
    }
}
