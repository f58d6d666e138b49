//! Organisers change what a challenge says, in the browser: phases, limits, texts, data.

use std::path::{Component, Path};

use serde_json::json;
use sha2::{Digest, Sha256};

use super::audit::{self, Action, Deed, note};
use crate::accounts;
use crate::app::App;
use crate::challenges::{self, Application, Definition, Plan};
use crate::database;
use crate::entities::role::Role;
use crate::entities::{benchmark, challenge, user};
use crate::error::{Error, Result};

/// A definition that was read and whose effects are known, ready to be applied.
pub struct Proposal {
    application: Application,
    name: String,
    text: String,
    /// What would change, and what that would do.
    pub plan: Plan,
}

impl Proposal {
    /// Reads a `challenge.toml` that was sent by a browser. Its folders are names of folders in the
    /// server's folder of data sets; what a benchmark names already may stay.
    pub async fn read(app: &App, of: Option<&challenge::Model>, text: &str) -> Result<Self> {
        let unusable = |e: Error| Error { field: Some("definition".to_owned()), ..e };
        let table: toml::Table = text.parse().map_err(|e| unusable(Error::unusable(e)))?;
        let known = match of {
            Some(challenge) => challenges::benchmarks_of(&app.db, challenge.id).await?,
            None => vec![],
        };
        must_stay_within(&table, &app.settings.datasets_dir, &known).map_err(unusable)?;
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
        Ok(Self { application, name, text: text.to_owned(), plan })
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

/// Refuses files and folders outside the folder of data sets: whoever writes a definition in a
/// browser must not read other files of the machine by it.
fn must_stay_within(table: &toml::Table, home: &Path, known: &[benchmark::Model]) -> Result<()> {
    for file in ["text_file", "rules_file"] {
        if table.contains_key(file) {
            let sentence = format!("`{file}` can’t be used here; write the text itself");
            return Err(Error::unusable(sentence));
        }
    }
    let benchmarks = table.get("benchmark").and_then(toml::Value::as_array);
    for benchmark in benchmarks.into_iter().flatten() {
        for key in ["folder", "targets_file"] {
            let Some(named) = benchmark.get(key).and_then(toml::Value::as_str) else { continue };
            let is_known = known
                .iter()
                .any(|row| row.folder == named || row.targets_file.as_deref() == Some(named));
            if !is_known {
                must_lie_in(home, key, Path::new(named))?;
            }
        }
    }
    Ok(())
}

fn must_lie_in(home: &Path, key: &str, named: &Path) -> Result<()> {
    let inside = named.components().all(|part| matches!(part, Component::Normal(_)));
    // A link within may lead out.
    let found = home.join(named).canonicalize();
    let stays = match (found, home.canonicalize()) {
        (Ok(found), Ok(home)) => found.starts_with(home),
        _ => false,
    };
    if inside && stays {
        return Ok(());
    }
    Err(Error::unusable(format!(
        "{key} = \"{}\" names nothing in this server’s folder of data sets (setting `datasets_dir`)",
        named.display()
    )))
}

/// Refuses whoever may not make challenges.
pub async fn must_found(app: &App, by: &user::Model) -> Result<()> {
    if accounts::role_everywhere(&app.db, by.id).await? < Some(Role::Organiser) {
        return Err(Error::forbidden("only whoever organises this server makes challenges"));
    }
    Ok(())
}

/// Makes a challenge that was proposed. Only an owner of the server may.
pub async fn found(
    app: &App,
    by: &user::Model,
    proposal: Proposal,
    (seal, reason): (&str, &str),
) -> Result<challenge::Model> {
    must_found(app, by).await?;
    proposal.apply(app, by, seal, reason).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_of_a_browser_reads_nothing_outside_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("datasets");
        std::fs::create_dir_all(home.join("fiq")).unwrap();
        std::fs::create_dir_all(dir.path().join("secret")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(dir.path().join("secret"), home.join("out")).unwrap();
        let refusal = |line: &str| {
            let table = format!("[[benchmark]]\n{line}\n").parse().unwrap();
            must_stay_within(&table, &home, &[]).is_err()
        };
        assert!(!refusal("folder = \"fiq\""));
        for out in ["/etc", "..", "fiq/../../secret", "out", "nowhere", "./fiq"] {
            assert!(refusal(&format!("folder = {out:?}")), "{out}");
            assert!(refusal(&format!("folder = \"fiq\"\ntargets_file = {out:?}")), "{out}");
        }
        let table = "rules_file = \"/etc/passwd\"".parse().unwrap();
        assert!(must_stay_within(&table, &home, &[]).is_err());
    }
}
