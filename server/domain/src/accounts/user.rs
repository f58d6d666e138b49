//! People with an account.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, Set,
};

use super::{Email, person_with, shown_name};
use crate::ambient::Instant;
use crate::entities::user::{self, PasswordHash};
use crate::error::{Error, Result};

/// The person with this address.
pub async fn user_with(db: &impl ConnectionTrait, email: &Email) -> Result<Option<user::Model>> {
    Ok(user::Entity::find().filter(user::Column::Email.eq(email.as_str())).one(db).await?)
}

/// The person with this id.
pub async fn user_by_id(db: &impl ConnectionTrait, id: i32) -> Result<user::Model> {
    let found = user::Entity::find_by_id(id).one(db).await?;
    found.ok_or_else(|| Error::not_found("person", id))
}

/// The people with these ids, by id.
pub async fn users_by_id(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i32>,
) -> Result<BTreeMap<i32, user::Model>> {
    let rows = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|user| (user.id, user)).collect())
}

/// Creates a person.
pub async fn new_user(
    db: &impl ConnectionTrait,
    email: &Email,
    name: &str,
    password: Option<PasswordHash>,
    confirmed_at: Option<Instant>,
    now: Instant,
) -> Result<user::Model> {
    let row = user::ActiveModel {
        id: NotSet,
        email: Set(Some(email.as_str().to_owned())),
        name: Set(name.to_owned()),
        password: Set(password),
        confirmed_at: Set(confirmed_at),
        notices: Set(true),
        created_at: Set(now),
        deleted_at: Set(None),
        person: Set(Some(person_with(db, email).await?)),
    };
    Ok(row.insert(db).await?)
}

/// Sets a person's name, and whether they get mails about their team's submissions.
pub async fn set_profile(
    db: &impl ConnectionTrait,
    user: user::Model,
    name: &str,
    notices: bool,
) -> Result<()> {
    let user = user::Model { name: person_name(name)?, notices, ..user };
    user.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// A person's name as typed, checked for display next to others.
pub fn person_name(typed: &str) -> Result<String> {
    shown_name("name", typed)
}
