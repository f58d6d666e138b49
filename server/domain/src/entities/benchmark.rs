//! Groups of queries and galleries in a folder, with the place of their targets.

use std::fmt;

use sea_orm::entity::prelude::*;

/// Groups of queries and galleries in a folder, with the place of their targets.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "benchmark")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: i32,
    pub name: String,
    pub task: String,
    pub folder: String,
    pub split: String,
    pub protocol: String,
    pub targets: TargetsAre,
    pub targets_file: Option<String>,
    pub version: String,
    pub gallery_digest: String,
    pub queries: i32,
    pub publication: Publication,
    pub secret_key: Option<SecretKey>,
    pub shared_limits: bool,
    pub licence: Option<String>,
    pub rescoring_id: Option<i32>,
    pub targets_id: Option<i32>,
    pub share_key: Option<SecretKey>,
    pub pictures: PicturesAre,
    /// From which the dialogs of each submission are drawn; as secret as targets.
    pub draw_key: Option<SecretKey>,
    /// What plays the user of its dialogs, with its version; without, the program without a model.
    pub simulator: Option<String>,
}

/// Who can see a benchmark's targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum TargetsAre {
    /// Organisers only.
    Hidden,
    /// Everyone: anyone can score 100 %.
    Public,
    /// Nobody: uploads are validated, never scored.
    None,
    /// Each submission has its own, drawn from the galleries: a phase of dialogs.
    Drawn,
}

impl TargetsAre {
    /// The name in `challenge.toml`, the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Public => "public",
            Self::None => "none",
            Self::Drawn => "drawn",
        }
    }
}

/// Whether the server's pages show the pictures of a benchmark's items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum PicturesAre {
    /// They show none; a download may still have them.
    #[default]
    None,
    /// Everyone sees them, from the opening of a phase on.
    Public,
}

impl PicturesAre {
    /// The name in `challenge.toml` and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Public => "public",
        }
    }
}

/// Under which names and in which order a benchmark's queries and items are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum Publication {
    /// As in the data set's files.
    Official,
    /// Under aliases and in an order that only the key reveals.
    Keyed,
}

impl Publication {
    /// The name in `challenge.toml`, the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Keyed => "keyed",
        }
    }
}

/// The key of a keyed publication, of the feedback share or of drawn dialogs, in hex: as secret as the targets, so it is not
/// printed.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct SecretKey(pub String);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
