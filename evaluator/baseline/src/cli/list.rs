//! `fashion-iq-baseline list`.

use clap::Args;

use crate::models::MODELS;

/// List the models.
#[derive(Args)]
pub(super) struct List {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) fn run(&self) {
        let untrained = MODELS.map(|model| (model.name, model.about, false));
        let all = untrained.into_iter().chain(trained());
        if self.json {
            let row = |(name, about, trained)| serde_json::json!({ "name": name, "about": about, "trained": trained });
            super::say!("{}", all.map(row).collect::<serde_json::Value>());
            return;
        }
        for (name, about, trained) in all {
            super::say!("{name:15} {about}{}", if trained { " [train]" } else { "" });
        }
    }
}

#[cfg(feature = "torch")]
fn trained() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    crate::learned::networks::TRAINED.into_iter().map(|model| (model.name, model.about, true))
}

#[cfg(not(feature = "torch"))]
fn trained() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    std::iter::empty()
}
