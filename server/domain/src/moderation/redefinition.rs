//! Changes of a challenge's definition in the browser: phases, limits, texts, data.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};

use super::audit;
use super::change::Change;
use super::definition_change::changes_between;
use crate::accounts;
use crate::challenges::{self, DataAccess, Definition};
use crate::database::UnitOfWork;
use crate::entities::role::Role;
use crate::entities::{challenge, user};
use crate::error::{Error, Result};
use crate::plans::{Application, Plan};
use crate::submissions::SubmissionsSite;

/// A definition with its effects, ready to be applied.
pub struct Proposal {
    application: Application,
    text: String,
    /// Data that is named for the first time, by a person who may grant it.
    new_data: BTreeSet<String>,
    /// The changes and their effects.
    pub plan: Plan,
}

impl Proposal {
    /// Reads a `challenge.toml` that was sent by a browser. Its folders must be in the server's
    /// folder of data sets, and the challenge must be allowed to use them.
    pub async fn read(
        site: &SubmissionsSite,
        by: &user::Model,
        of: Option<&challenge::Model>,
        text: &str,
    ) -> Result<Self> {
        let unusable = |e: Error| Error { field: Some("definition".to_owned()), ..e };
        let table: toml::Table = text.parse().map_err(|e| unusable(Error::unusable(e)))?;
        let (benchmarks, grants) = match of {
            Some(challenge) => (
                challenges::benchmarks_of(&site.db, challenge.id).await?,
                challenges::data_grants_of(&site.db, challenge).await?,
            ),
            None => (vec![], vec![]),
        };
        let access = DataAccess {
            home: &site.datasets_dir,
            benchmarks: &benchmarks,
            grants: &grants,
            everything: organises_server(site, by).await?,
        };
        let new_data = access.check(&table).map_err(unusable)?;
        let home = std::path::absolute(&site.datasets_dir)
            .map_err(|e| Error::internal("find its folder of data sets", e))?;
        let definition = Definition::parse(text, &home).map_err(unusable)?;
        match of {
            Some(challenge) if challenge.name != definition.name => {
                let sentence = format!("the name is `{}` and can’t change", challenge.name);
                return Err(unusable(Error::unusable(sentence)));
            }
            None if challenges::named(&site.db, &definition.name).await?.is_some() => {
                return Err(unusable(Error::exists("challenge", &definition.name)));
            }
            _ => {}
        }
        let application = Application::prepare(&site.db, &site.ambient, definition).await;
        let application = application.map_err(unusable)?;
        let plan = application.preview(site).await.map_err(unusable)?;
        Ok(Self { application, text: text.to_owned(), new_data, plan })
    }

    /// A seal of the plan for a form: sending it back shows that exactly this plan was seen.
    pub fn seal(&self) -> String {
        hex::encode(Sha256::digest(self.plan.to_string()))
    }

    /// Applies and records it, if the plan is the one that was seen.
    pub async fn apply(
        self,
        site: &SubmissionsSite,
        by: &user::Model,
        seal: &str,
        reason: &str,
    ) -> Result<challenge::Model> {
        let reason = audit::reason(reason)?;
        self.ensure_seen(seal)?;
        let mut unit = UnitOfWork::begin(site).await?;
        let is_new = find(unit.db(), self.application.name()).await?.is_none();
        let (challenge, change) = self.write(&mut unit, by, reason).await?;
        if is_new && accounts::role_everywhere(unit.db(), by.id).await? != Some(Role::Owner) {
            let (role, now) = (Role::Owner, unit.now());
            accounts::give_role(unit.db(), by, Some(&challenge), role, None, now).await?;
        }
        audit::record(&unit, challenge.id, Some(by), &change, reason).await?;
        unit.commit().await?;
        Ok(challenge)
    }

    /// Refuses a plan that changes nothing, or that differs from the one that was seen.
    pub(super) fn ensure_seen(&self, seal: &str) -> Result<()> {
        if self.plan.is_empty() {
            return Err(Error::no_change());
        }
        if seal == self.seal() { Ok(()) } else { Err(Error::changed_meanwhile()) }
    }

    /// Writes the proposed definition; returns the challenge with the changes.
    pub(super) async fn write(
        &self,
        unit: &mut UnitOfWork<'_>,
        by: &user::Model,
        reason: &str,
    ) -> Result<(challenge::Model, Change)> {
        let (_, change) = redefine(unit, &self.application, Some(&self.plan), reason).await?;
        let challenge = challenges::find(unit.db(), self.application.name()).await?;
        for path in &self.new_data {
            challenges::grant_data(unit.db(), challenge.id, path, by.id, unit.now()).await?;
        }
        Ok((challenge, change))
    }

    /// The definition as sent.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Applies a definition for the operator of the server, and records the changes.
pub async fn apply_definition(
    site: &SubmissionsSite,
    application: &Application,
    seen: Option<&Plan>,
    reason: &str,
) -> Result<Plan> {
    let reason = audit::reason(reason)?;
    let mut unit = UnitOfWork::begin(site).await?;
    let (plan, change) = redefine(&mut unit, application, seen, reason).await?;
    if !plan.is_empty() {
        let challenge = challenges::find(unit.db(), application.name()).await?;
        audit::record(&unit, challenge.id, None, &change, reason).await?;
    }
    unit.commit().await?;
    Ok(plan)
}

/// Applies a definition; returns the plan and the fields that changed.
async fn redefine(
    unit: &mut UnitOfWork<'_>,
    application: &Application,
    seen: Option<&Plan>,
    reason: &str,
) -> Result<(Plan, Change)> {
    let before = table_of(unit.db(), application.name()).await?;
    let plan = application.apply(unit, seen, reason).await?;
    let after = table_of(unit.db(), application.name()).await?;
    Ok((plan, Change::Definition { fields: changes_between(&before, &after) }))
}

/// The definition of a challenge; empty if it does not exist.
async fn table_of(db: &impl ConnectionTrait, name: &str) -> Result<toml::Table> {
    match find(db, name).await? {
        Some(challenge) => challenges::shown_as_toml(db, &challenge).await,
        None => Ok(toml::Table::new()),
    }
}

async fn find(db: &impl ConnectionTrait, name: &str) -> Result<Option<challenge::Model>> {
    let named = challenge::Entity::find().filter(challenge::Column::Name.eq(name));
    Ok(named.one(db).await?)
}

/// Whether a person organises the whole server, not only some challenges.
pub async fn organises_server(site: &SubmissionsSite, by: &user::Model) -> Result<bool> {
    Ok(accounts::role_everywhere(&site.db, by.id).await? >= Some(Role::Organiser))
}

/// Refuses people who don't organise the whole server, which is needed to create challenges and to
/// grant data.
pub async fn ensure_organises_server(site: &SubmissionsSite, by: &user::Model) -> Result<()> {
    if organises_server(site, by).await? {
        return Ok(());
    }
    Err(Error::forbidden("only organisers of the whole server can do this"))
}

/// Creates a proposed challenge.
pub async fn found(
    site: &SubmissionsSite,
    by: &user::Model,
    proposal: Proposal,
    (seal, reason): (&str, &str),
) -> Result<challenge::Model> {
    ensure_organises_server(site, by).await?;
    proposal.apply(site, by, seal, reason).await
}
