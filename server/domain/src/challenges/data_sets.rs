//! Which data a definition from a browser may name.
//!
//! Data belongs to a challenge: its organisers may name what its benchmarks use already, and what
//! was granted to it. Anything else is not found, whether it exists or not, so that nobody can see
//! or score against the data of other challenges. Organisers of the whole server may name
//! everything in its folder of data sets; naming it grants it.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, Set,
};

use crate::ambient::Instant;
use crate::entities::{benchmark, challenge, data_grant};
use crate::error::{Error, Result};

/// The maximum length of a granted path, in characters.
const PATH_LENGTH: usize = 200;

/// The data that the author of a definition may name.
pub struct DataAccess<'a> {
    /// The server's folder of data sets.
    pub home: &'a Path,
    /// The benchmarks that the challenge has.
    pub benchmarks: &'a [benchmark::Model],
    /// The data granted to the challenge.
    pub grants: &'a [data_grant::Model],
    /// Whether the writer organises the whole server.
    pub everything: bool,
}

impl DataAccess<'_> {
    /// Refuses a definition that names data without permission; returns the named paths that are
    /// neither in use nor granted yet.
    pub fn check(&self, definition: &toml::Table) -> Result<BTreeSet<String>> {
        for file in ["text_file", "rules_file"] {
            if definition.contains_key(file) {
                let sentence = format!("`{file}` can’t be used here; write the text itself");
                return Err(Error::unusable(sentence));
            }
        }
        let mut named = BTreeSet::new();
        let benchmarks = definition.get("benchmark").and_then(toml::Value::as_array);
        for benchmark in benchmarks.into_iter().flatten() {
            for key in ["folder", "targets_file"] {
                let Some(path) = benchmark.get(key).and_then(toml::Value::as_str) else { continue };
                if !self.uses(path) && !self.check_path(key, path)? {
                    named.insert(path.to_owned());
                }
            }
        }
        Ok(named)
    }

    fn uses(&self, path: &str) -> bool {
        let mut own = self.benchmarks.iter();
        own.any(|row| row.folder == path || row.targets_file.as_deref() == Some(path))
    }

    /// Whether a path was granted. Only the text decides: looking at the disk first would reveal
    /// what exists there.
    fn check_path(&self, key: &str, path: &str) -> Result<bool> {
        let granted = self.grants.iter().any(|grant| Path::new(path).starts_with(&grant.path));
        if is_plain(path) && (granted || self.everything) && lies_in(self.home, Path::new(path)) {
            return Ok(granted);
        }
        Err(Error::unusable(if self.everything {
            format!(
                "{key} = \"{path}\" does not exist in this server’s folder of data sets (setting \
                 `datasets_dir`)"
            )
        } else {
            format!(
                "{key} = \"{path}\": this challenge has no such data set; organisers of the whole \
                 server can grant one"
            )
        }))
    }
}

/// Whether a path only goes down.
fn is_plain(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Whether a path leads to something within a folder, links followed.
fn lies_in(home: &Path, path: &Path) -> bool {
    match (home.join(path).canonicalize(), home.canonicalize()) {
        (Ok(found), Ok(home)) => found.starts_with(home),
        _ => false,
    }
}

/// The grants of a challenge, by path.
pub async fn data_grants_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<Vec<data_grant::Model>> {
    let of = data_grant::Entity::find()
        .filter(data_grant::Column::ChallengeId.eq(challenge.id))
        .order_by_asc(data_grant::Column::Path);
    Ok(of.all(db).await?)
}

/// A path in the server's folder of data sets as typed, if it exists.
pub fn read_data_path(home: &Path, typed: &str) -> Result<String> {
    let path = typed.trim().trim_end_matches('/');
    let short = path.chars().take(PATH_LENGTH + 1).count() <= PATH_LENGTH;
    if !short || !is_plain(path) || !lies_in(home, Path::new(path)) {
        let rule = "must name a folder or file in this server’s folder of data sets";
        return Err(Error::field("path", rule));
    }
    // One spelling per path: `a//b` is `a/b`.
    let parts: PathBuf = Path::new(path).components().collect();
    Ok(parts.display().to_string())
}

/// Grants a data set to a challenge.
pub async fn grant_data(
    db: &impl ConnectionTrait,
    challenge_id: i32,
    path: &str,
    by: i32,
    now: Instant,
) -> Result<()> {
    let row = data_grant::ActiveModel {
        id: NotSet,
        challenge_id: Set(challenge_id),
        path: Set(path.to_owned()),
        given_at: Set(now),
        given_by: Set(Some(by)),
    };
    row.insert(db).await?;
    Ok(())
}

/// Revokes a grant; benchmarks keep the data they already use. Returns the path.
pub async fn revoke_data(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<String> {
    let found = data_grant::Entity::find_by_id(id).one(db).await?;
    let own = found.filter(|row| row.challenge_id == challenge.id);
    let row = own.ok_or_else(|| Error::not_found("data grant", id))?;
    data_grant::Entity::delete_by_id(row.id).exec(db).await?;
    Ok(row.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(path: &str) -> data_grant::Model {
        let path = path.to_owned();
        data_grant::Model { id: 1, challenge_id: 1, path, given_at: Instant(0), given_by: None }
    }

    #[test]
    fn a_definition_from_a_browser_names_nothing_but_its_own_data() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("datasets");
        for folder in ["datasets/fiq/public", "datasets/other", "datasets/fiq2", "secret"] {
            std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(dir.path().join("secret"), home.join("fiq/out")).unwrap();
        let grants = [grant("fiq")];
        let check = |everything: bool, line: &str| {
            let table = format!("[[benchmark]]\n{line}\n").parse().unwrap();
            let access = DataAccess { home: &home, benchmarks: &[], grants: &grants, everything };
            access.check(&table)
        };
        assert!(check(false, "folder = \"fiq\"").unwrap().is_empty());
        assert!(check(false, "folder = \"fiq/public\"").unwrap().is_empty());
        assert_eq!(check(true, "folder = \"other\"").unwrap().len(), 1, "to be granted");
        // the error is the same for the data of another challenge and for data that doesn't exist
        let refusal = |name: &str| {
            let error = check(false, &format!("folder = {name:?}")).unwrap_err();
            error.detail.replace(name, "…")
        };
        assert_eq!(refusal("other"), refusal("nowhere"));
        assert!(refusal("nowhere").contains("no such data set"));
        for out in ["/etc", "..", "fiq/../../secret", "fiq/out", "fiq2", "./fiq", ""] {
            let sentence = check(false, &format!("folder = {out:?}")).unwrap_err().detail;
            assert!(sentence.starts_with(&format!("folder = {out:?}")), "{sentence}");
            let targets = check(false, &format!("folder = \"fiq\"\ntargets_file = {out:?}"));
            let sentence = targets.unwrap_err().detail;
            assert!(sentence.starts_with(&format!("targets_file = {out:?}")), "{sentence}");
        }
        for out in ["/etc", "..", "fiq/../../secret", "fiq/out", "./fiq", ""] {
            let sentence = check(true, &format!("folder = {out:?}")).unwrap_err().detail;
            assert!(sentence.starts_with(&format!("folder = {out:?}")), "{sentence}");
        }
        let table = "rules_file = \"/etc/passwd\"".parse().unwrap();
        let access = DataAccess { home: &home, benchmarks: &[], grants: &[], everything: true };
        let sentence = access.check(&table).unwrap_err().detail;
        assert!(sentence.starts_with("`rules_file`"), "{sentence}");
    }
}
