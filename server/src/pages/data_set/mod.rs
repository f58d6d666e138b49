//! The data set of a challenge: about it, its statistics, its queries, and what submissions answer.

pub(super) mod explore;
mod items;
pub(super) mod overview;
pub(super) mod picture;
pub(super) mod query;
mod sections;
pub(super) mod statistics;
pub(super) mod talk;

use std::sync::Arc;

use domain::challenges::{self, Explored, Located};
use web::pages::Link;

use crate::app::App;
use crate::refusal::Result;

/// The public data of a phase that has opened.
struct PhaseData {
    located: Located,
    explored: Arc<Explored>,
}

impl PhaseData {
    /// Before the phase opens nobody sees its queries.
    async fn of(app: &App, challenge: &str, phase: &str) -> Result<Self> {
        let located = challenges::locate(&app.db, challenge, phase).await?;
        located.phase.must_have_opened(app.ambient.now())?;
        let explored = app.explorer.get(app, &located.benchmark).await?;
        Ok(Self { located, explored })
    }

    /// What is said about pictures, if they are shown.
    fn picture_licence(&self) -> Option<String> {
        let licence = self.located.benchmark.licence.clone();
        licence.filter(|_| self.explored.shows_pictures())
    }

    /// The same page of each phase that has opened.
    async fn phases(
        &self,
        app: &App,
        href: fn(&domain::entities::challenge::Model, &domain::entities::phase::Model) -> String,
    ) -> Result<Vec<Link>> {
        let challenge = &self.located.challenge;
        let now = app.ambient.now();
        let phases = challenges::phases_of(&app.db, challenge.id).await?.into_iter();
        let opened = phases.filter(|phase| phase.must_have_opened(now).is_ok());
        let link = |phase: domain::entities::phase::Model| {
            let (label, address) = (phase.title.clone(), href(challenge, &phase));
            if phase.id == self.located.phase.id {
                Link::current(label, address)
            } else {
                Link::new(label, address)
            }
        };
        Ok(opened.map(link).collect())
    }
}
