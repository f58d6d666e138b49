//! The keys that sign receipts: Ed25519, made by the server and kept in its database.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::ambient::Instant;
use crate::database::UnitOfWork;
use crate::entities::signing_key::{Column, Entity, Model};
use crate::error::{Error, Result, rfc3339};
use crate::site::Site;

/// How many hex digits of the digest of a public key are its id.
const ID_DIGITS: usize = 16;

/// A key that can sign.
pub(super) struct SigningKey {
    pub(super) public: PublicKey,
    pair: Ed25519KeyPair,
}

/// A key that verifies receipts, as the server publishes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// Its id: the first 16 hex digits of the SHA-256 of the key's 32 bytes.
    pub id: String,
    /// The 32 bytes of the key, in Base64.
    pub public_key: String,
    /// From when it was in use; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<String>,
    /// Since when it signs no more; absent while it is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<String>,
}

/// The public keys of a server, as it publishes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyList {
    /// The keys, newest first.
    pub keys: Vec<PublicKey>,
}

/// Makes the first key of a server, if it has none.
pub async fn prepare_key(site: &Site) -> Result<()> {
    let unit = UnitOfWork::begin(site).await?;
    if in_use(unit.db()).await?.is_none() {
        insert(&unit, site).await?;
    }
    unit.commit().await
}

/// Replaces the key in use by a new one, which is returned. Receipts of the old one stay valid.
pub async fn rotate_key(site: &Site) -> Result<PublicKey> {
    let unit = UnitOfWork::begin(site).await?;
    Entity::update_many()
        .col_expr(Column::RetiredAt, Expr::value(unit.now()))
        .filter(Column::RetiredAt.is_null())
        .exec(unit.db())
        .await?;
    let made = insert(&unit, site).await?;
    unit.commit().await?;
    Ok(made)
}

/// All public keys of a server, newest first.
pub async fn public_keys(db: &impl ConnectionTrait) -> Result<KeyList> {
    let rows =
        Entity::find().order_by_desc(Column::MadeAt).order_by_asc(Column::Id).all(db).await?;
    Ok(KeyList { keys: rows.into_iter().map(PublicKey::of).collect() })
}

/// Checks that the key in use can be read and signs what its public key verifies; returns its id.
pub async fn ensure_key_signs(db: &impl ConnectionTrait) -> Result<String> {
    let key = current(db).await?;
    let message = b"fashion-iq doctor";
    if !key.public.verifies(message, &key.sign(message)) {
        return Err(Error::internal("sign", "the public key does not verify the signature"));
    }
    Ok(key.public.id)
}

/// The key that signs now.
pub(super) async fn current(db: &impl ConnectionTrait) -> Result<SigningKey> {
    let row = in_use(db).await?;
    let row = row.ok_or_else(|| Error::internal("find its signing key", "it is missing"))?;
    SigningKey::of(row)
}

async fn in_use(db: &impl ConnectionTrait) -> Result<Option<Model>> {
    let used = Entity::find().filter(Column::RetiredAt.is_null());
    Ok(used.order_by_desc(Column::MadeAt).one(db).await?)
}

async fn insert(unit: &UnitOfWork<'_>, site: &Site) -> Result<PublicKey> {
    let row = new_row(site.ambient.bytes(), unit.now())?;
    let public = PublicKey::of(row.clone());
    let row = row.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(unit.db()).await?;
    Ok(public)
}

/// The row of the key of a seed.
fn new_row(seed: [u8; 32], made_at: Instant) -> Result<Model> {
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
        .map_err(|_| Error::internal("make a signing key", "its seed is rejected"))?;
    let public = pair.public_key().as_ref();
    Ok(Model {
        id: id_of(public),
        public: STANDARD.encode(public),
        secret: hex::encode(seed),
        made_at,
        retired_at: None,
    })
}

/// The id of a public key.
fn id_of(public: &[u8]) -> String {
    let mut id = hex::encode(Sha256::digest(public));
    id.truncate(ID_DIGITS);
    id
}

impl SigningKey {
    fn of(row: Model) -> Result<Self> {
        let damaged = || Error::internal("read its signing key", "it is damaged");
        let seed = hex::decode(&row.secret).map_err(|_| damaged())?;
        let public = STANDARD.decode(&row.public).map_err(|_| damaged())?;
        // This also checks that they belong together.
        let pair = Ed25519KeyPair::from_seed_and_public_key(&seed, &public);
        Ok(Self { pair: pair.map_err(|_| damaged())?, public: PublicKey::of(row) })
    }

    /// The signature of a message, in Base64.
    pub(super) fn sign(&self, message: &[u8]) -> String {
        STANDARD.encode(self.pair.sign(message))
    }

    #[cfg(test)]
    pub(super) fn of_seed(seed: [u8; 32]) -> Self {
        Self::of(new_row(seed, Instant(0)).unwrap()).unwrap()
    }
}

impl PublicKey {
    fn of(row: Model) -> Self {
        Self {
            id: row.id,
            public_key: row.public,
            made_at: Some(rfc3339(row.made_at)),
            retired_at: row.retired_at.map(rfc3339),
        }
    }

    /// Reads a key as it is published, without its dates: Base64 of 32 bytes.
    pub fn read(text: &str) -> Result<Self> {
        let sentence =
            "a public key is 32 bytes in Base64, as `public_key` in /api/v1/receipt-keys";
        let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == 32);
        let bytes = bytes.ok_or_else(|| Error::unusable(sentence))?;
        let public_key = text.to_owned();
        Ok(Self { id: id_of(&bytes), public_key, made_at: None, retired_at: None })
    }

    /// Whether a signature in Base64 is this key's signature of a message.
    pub(super) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let decoded = STANDARD.decode(&self.public_key).ok().zip(STANDARD.decode(signature).ok());
        decoded.is_some_and(|(public, signature)| {
            UnparsedPublicKey::new(&ED25519, public).verify(message, &signature).is_ok()
        })
    }

    /// When it was retired, if it was.
    pub(super) fn retired(&self) -> Option<OffsetDateTime> {
        self.retired_at.as_deref().and_then(|at| OffsetDateTime::parse(at, &Rfc3339).ok())
    }
}

impl KeyList {
    /// Reads a list as the server publishes it. Each id must be that of its key.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let unusable = |why: String| {
            let how = "download it from /api/v1/receipt-keys of the server";
            Error::unusable(format!("this is not a list of public keys ({why}); {how}"))
        };
        let list: Self = serde_json::from_slice(bytes).map_err(|e| unusable(e.to_string()))?;
        for key in &list.keys {
            let read = PublicKey::read(&key.public_key).map_err(|e| unusable(e.detail))?;
            if read.id != key.id {
                return Err(unusable(format!("key `{}` has the id of another key", key.id)));
            }
            let date = |at: &Option<String>| {
                at.as_deref().is_none_or(|at| OffsetDateTime::parse(at, &Rfc3339).is_ok())
            };
            if !date(&key.made_at) || !date(&key.retired_at) {
                return Err(unusable(format!("a date of key `{}` can't be read", key.id)));
            }
        }
        Ok(list)
    }
}
