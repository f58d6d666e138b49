//! What the organisers tell everybody.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use serde_json::json;

use super::audit::{self, Action, Deed, note};
use super::people::participations;
use crate::accounts::check_shown_name;
use crate::app::App;
use crate::entities::participation::Joining;
use crate::entities::{announcement, challenge, user};
use crate::error::{Error, Result};
use crate::mail::Letter;
use crate::{database, mail};

/// The longest text, in characters.
const TEXT_LENGTH: usize = 10_000;

/// The announcements of a challenge that stand, the latest first.
pub async fn announcements_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<Vec<announcement::Model>> {
    let of = announcement::Entity::find()
        .filter(announcement::Column::ChallengeId.eq(challenge.id))
        .filter(announcement::Column::RemovedAt.is_null());
    Ok(of.order_by_desc(announcement::Column::Id).all(db).await?)
}

/// Tells everybody something on the page of news, and by mail to all who take part and want mails.
pub async fn announce(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    (title, text): (&str, &str),
    mailed: bool,
) -> Result<()> {
    let (now, title, text) = (app.ambient.now(), title.trim(), text.trim());
    check_shown_name("title", title)?;
    if text.is_empty() {
        return Err(Error::field("text", "is empty"));
    }
    if text.chars().count() > TEXT_LENGTH {
        return Err(Error::field("text", format!("is longer than {TEXT_LENGTH} characters")));
    }
    let transaction = database::begin(&app.db).await?;
    let row = announcement::ActiveModel {
        id: NotSet,
        challenge_id: Set(challenge.id),
        user_id: Set(by.id),
        at: Set(now),
        title: Set(title.to_owned()),
        text: Set(text.to_owned()),
        mailed: Set(mailed),
        removed_at: Set(None),
    };
    let row = row.insert(&transaction).await?;
    if mailed {
        let base = app.base_address();
        for (participation, user) in participations(&transaction, challenge).await? {
            let takes_part = participation.state == Joining::Approved && user.notices;
            let Some(address) = user.email.as_ref().filter(|_| takes_part) else { continue };
            let text = format!(
                "{text}\n\n{base}/c/{}/news\n\nWhether you get such mails is up to you: \
                 {base}/account\n",
                challenge.name
            );
            let subject = format!("{}: {title}", challenge.title);
            mail::post(&transaction, now, Letter::new(address, &subject, text)).await?;
        }
    }
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: Action::Announce,
        subject: format!("announcement {}", row.id),
        reason: title,
        before: json!({}),
        after: json!({ "title": title, "mailed": mailed }),
    };
    note(&transaction, now, deed).await?;
    transaction.commit().await?;
    Ok(())
}

/// Takes an announcement off the page of news.
pub async fn remove_announcement(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    reason: &str,
) -> Result<()> {
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    let transaction = database::begin(&app.db).await?;
    let found = announcement::Entity::find_by_id(id).one(&transaction).await?;
    let own = found.filter(|row| row.challenge_id == challenge.id && row.removed_at.is_none());
    let row = own.ok_or_else(|| Error::not_found("announcement", id))?;
    let title = row.title.clone();
    let removed = announcement::Model { removed_at: Some(now), ..row };
    removed.into_active_model().reset_all().update(&transaction).await?;
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: Action::RemoveAnnouncement,
        subject: format!("announcement {id}"),
        reason,
        before: json!({ "title": title }),
        after: json!({}),
    };
    note(&transaction, now, deed).await?;
    transaction.commit().await?;
    Ok(())
}
