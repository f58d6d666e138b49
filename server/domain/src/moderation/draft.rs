//! Definitions that are previewed but not applied yet. A form has the id of a draft, never its
//! text, which a browser could send back changed.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::ambient::Ambient;
use crate::entities::{draft, user};
use crate::error::{Error, Result};

/// How long a draft is stored, in seconds.
const SECONDS: i64 = 86_400;

/// The maximum number of drafts per person; the newest are kept.
const MOST: u64 = 20;

/// Stores a previewed definition; returns its id.
pub async fn keep_draft(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    by: &user::Model,
    definition: &str,
) -> Result<Uuid> {
    let now = ambient.now();
    let own = || draft::Entity::find().filter(draft::Column::UserId.eq(by.id));
    draft::Entity::delete_many()
        .filter(draft::Column::CreatedAt.lte(now.plus_seconds(-SECONDS)))
        .exec(db)
        .await?;
    let older = own().order_by_desc(draft::Column::CreatedAt).order_by_desc(draft::Column::Id);
    let older: Vec<Uuid> = older
        .select_only()
        .column(draft::Column::Id)
        .offset(MOST - 1)
        .limit(MOST)
        .into_tuple()
        .all(db)
        .await?;
    draft::Entity::delete_many().filter(draft::Column::Id.is_in(older)).exec(db).await?;
    let (id, definition) = (ambient.id(), definition.to_owned());
    let row = draft::Model { id, user_id: by.id, definition, created_at: now };
    row.into_active_model().reset_all().insert(db).await?;
    Ok(id)
}

/// The definition of a draft; other people's drafts are not found.
pub async fn draft_of(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    by: &user::Model,
    id: &str,
) -> Result<String> {
    let since = ambient.now().plus_seconds(-SECONDS);
    let id = Uuid::parse_str(id).map_err(|_| Error::no_draft())?;
    let found = draft::Entity::find_by_id(id)
        .filter(draft::Column::UserId.eq(by.id))
        .filter(draft::Column::CreatedAt.gt(since));
    found.one(db).await?.map(|row| row.definition).ok_or_else(Error::no_draft)
}
