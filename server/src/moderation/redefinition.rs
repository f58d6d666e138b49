//! Organisers change what a challenge says, in the browser: phases, limits, texts, data.

use std::collections::BTreeSet;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::audit::{self, Action, Deed, note};
use crate::accounts;
use crate::app::App;
use crate::challenges::{self, Application, DataAccess, Definition, Plan};
use crate::database;
use crate::entities::role::Role;
use crate::entities::{challenge, user};
use crate::error::{Error, Result};

/// A definition that was read and whose effects are known, ready to be applied.
pub struct Proposal {
    application: Application,
    name: String,
    text: String,
    /// Data that is named for the first time, by somebody who may grant it.
    new_data: BTreeSet<String>,
    /// What would change, and what that would do.
    pub plan: Plan,
}

impl Proposal {
    /// Reads a `challenge.toml` that was sent by a browser. Its folders are names of folders in the
    /// server's folder of data sets, and only those that the challenge may use.
    pub async fn read(
        app: &App,
        by: &user::Model,
        of: Option<&challenge::Model>,
        text: &str,
    ) -> Result<Self> {
        let unusable = |e: Error| Error { field: Some("definition".to_owned()), ..e };
        let table: toml::Table = text.parse().map_err(|e| unusable(Error::unusable(e)))?;
        let (benchmarks, grants) = match of {
            Some(challenge) => (
                challenges::benchmarks_of(&app.db, challenge.id).await?,
                challenges::data_grants_of(&app.db, challenge).await?,
            ),
            None => (vec![], vec![]),
        };
        let access = DataAccess {
            home: &app.settings.datasets_dir,
            benchmarks: &benchmarks,
            grants: &grants,
            everything: organises_server(app, by).await?,
        };
        let new_data = access.check(&table).map_err(unusable)?;
        let home = std::path::absolute(&app.settings.datasets_dir)
            .map_err(|e| Error::internal("find its folder of data sets", e))?;
        let definition = Definition::parse(text, &home).map_err(unusable)?;
        match of {
            Some(challenge) if challenge.name != definition.name => {
                let sentence = format!("the name is `{}` and can’t change", challenge.name);
                return Err(unusable(Error::unusable(sentence)));
            }
            None if challenges::find(&app.db, &definition.name).await.is_ok() => {
                return Err(unusable(Error::exists("challenge", &definition.name)));
            }
            _ => {}
        }
        let name = definition.name.clone();
        let application = Application::prepare(&app.db, &app.ambient, definition).await;
        let application = application.map_err(unusable)?;
        let plan = application.preview(&app.db).await.map_err(unusable)?;
        Ok(Self { application, name, text: text.to_owned(), new_data, plan })
    }

    /// What stands for the plan in a form: whoever sends it back has seen just that plan.
    pub fn seal(&self) -> String {
        hex::encode(Sha256::digest(self.plan.to_string()))
    }

    /// Applies it, if the plan is the one that was seen, and notes the deed.
    pub async fn apply(
        self,
        app: &App,
        by: &user::Model,
        seal: &str,
        reason: &str,
    ) -> Result<challenge::Model> {
        let reason = audit::reason(reason)?;
        if self.plan.is_empty() {
            return Err(Error::conflict("this changes nothing"));
        }
        if seal != self.seal() {
            return Err(Error::conflict("something has changed meanwhile; look at it again"));
        }
        let now = app.ambient.now();
        let transaction = database::begin(&app.db).await?;
        let old = challenges::find(&transaction, &self.name).await.ok();
        let before = match &old {
            Some(old) => challenges::shown_as_toml(&transaction, old).await?.to_string(),
            None => String::new(),
        };
        self.application.apply_within(&transaction, &self.plan).await?;
        let challenge = challenges::find(&transaction, &self.name).await?;
        let after = challenges::shown_as_toml(&transaction, &challenge).await?.to_string();
        if old.is_none() {
            let everywhere = accounts::role_everywhere(&transaction, by.id).await?;
            if everywhere != Some(Role::Owner) {
                let role = Role::Owner;
                accounts::give_role(&transaction, by, Some(&challenge), role, None, now).await?;
            }
        }
        for path in &self.new_data {
            challenges::grant_data(&transaction, challenge.id, path, by.id, now).await?;
        }
        let deed = Deed {
            challenge_id: challenge.id,
            by: by.id,
            action: Action::Define,
            subject: format!("challenge {}", challenge.name),
            reason,
            before: json!({ "definition": before }),
            after: json!({ "definition": after, "plan": self.plan.to_string() }),
        };
        note(&transaction, now, deed).await?;
        transaction.commit().await?;
        app.revisions.forget();
        Ok(challenge)
    }

    /// The definition as it was sent.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Whether a person organises the whole server, and not only some of its challenges.
async fn organises_server(app: &App, by: &user::Model) -> Result<bool> {
    Ok(accounts::role_everywhere(&app.db, by.id).await? >= Some(Role::Organiser))
}

/// Refuses anybody who doesn't organise the whole server: to make challenges and to grant data.
pub async fn ensure_organises_server(app: &App, by: &user::Model) -> Result<()> {
    if organises_server(app, by).await? {
        return Ok(());
    }
    Err(Error::forbidden("only those who organise the whole server can do this"))
}

/// Makes a challenge that was proposed.
pub async fn found(
    app: &App,
    by: &user::Model,
    proposal: Proposal,
    (seal, reason): (&str, &str),
) -> Result<challenge::Model> {
    ensure_organises_server(app, by).await?;
    proposal.apply(app, by, seal, reason).await
}
