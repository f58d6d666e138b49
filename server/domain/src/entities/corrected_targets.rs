//! The corrected targets of a rescoring set, as the organisers sent them.

use std::fmt;

use sea_orm::entity::prelude::*;

/// The corrected targets of a rescoring set, as the organisers sent them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "corrected_targets")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub rescoring_id: i32,
    pub bytes: SecretTargets,
}

/// The content of a targets file, which is not printed.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct SecretTargets(pub Vec<u8>);

impl fmt::Debug for SecretTargets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretTargets(hidden)")
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
