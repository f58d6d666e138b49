//! Announcements of the organisers.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Set,
};

use super::audit;
use super::change::Change;
use crate::accounts::shown_name;
use crate::database::UnitOfWork;
use crate::entities::participation::Joining;
use crate::entities::{announcement, challenge, participation, user};
use crate::error::{Error, Result};
use crate::mail::Letter;
use crate::submissions::SubmissionsSite;

/// The maximum length of a text, in characters.
const TEXT_LENGTH: usize = 10_000;

/// The published announcements of a challenge, the latest first.
pub async fn announcements_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<Vec<announcement::Model>> {
    let of = announcement::Entity::find()
        .filter(announcement::Column::ChallengeId.eq(challenge.id))
        .filter(announcement::Column::RemovedAt.is_null());
    Ok(of.order_by_desc(announcement::Column::Id).all(db).await?)
}

/// Publishes an announcement on the news page, and optionally mails it to everyone who takes part
/// and wants mails.
pub async fn announce(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    (title, text): (&str, &str),
    mailed: bool,
) -> Result<()> {
    let text = text.trim();
    let title = &*shown_name("title", title)?;
    if text.is_empty() {
        return Err(Error::field("text", "is empty"));
    }
    if text.chars().count() > TEXT_LENGTH {
        return Err(Error::field("text", format!("is longer than {TEXT_LENGTH} characters")));
    }
    let mut unit = UnitOfWork::begin(site).await?;
    let row = announcement::ActiveModel {
        id: NotSet,
        challenge_id: Set(challenge.id),
        user_id: Set(by.id),
        at: Set(unit.now()),
        title: Set(title.to_owned()),
        text: Set(text.to_owned()),
        mailed: Set(mailed),
        removed_at: Set(None),
    };
    let row = row.insert(unit.db()).await?;
    if mailed {
        let base = site.base_address();
        for address in addresses(unit.db(), challenge).await? {
            let text = format!(
                "{text}\n\n{base}/c/{}/news\n\nTurn these mails off: {base}/account\n",
                challenge.name
            );
            let subject = format!("{}: {title}", challenge.title);
            unit.mail(Letter::new(&address, &subject, text));
            unit.write_some_mails().await?;
        }
    }
    let change = change_of(&row, (false, true));
    audit::record(&unit, challenge.id, Some(by), &change, "").await?;
    unit.commit().await
}

/// The addresses of people who take part and want mails.
async fn addresses(db: &impl ConnectionTrait, challenge: &challenge::Model) -> Result<Vec<String>> {
    let approved = participation::Entity::find()
        .select_only()
        .column(participation::Column::UserId)
        .filter(participation::Column::ChallengeId.eq(challenge.id))
        .filter(participation::Column::State.eq(Joining::Approved))
        .into_query();
    let wanted = user::Entity::find()
        .select_only()
        .column(user::Column::Email)
        .filter(user::Column::Id.in_subquery(approved))
        .filter(user::Column::Notices.eq(true))
        .filter(user::Column::Email.is_not_null())
        .order_by_asc(user::Column::Id);
    Ok(wanted.into_tuple().all(db).await?)
}

/// Removes an announcement from the news page.
pub async fn remove_announcement(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    reason: &str,
) -> Result<()> {
    let reason = audit::reason(reason)?;
    let mut unit = UnitOfWork::begin(site).await?;
    let row = with(unit.db(), challenge, id).await?;
    if row.removed_at.is_some() {
        return Err(Error::not_found("announcement", id));
    }
    audit::perform(&mut unit, challenge, by, &change_of(&row, (true, false)), reason).await?;
    unit.commit().await
}

/// The challenge's announcement with this id, published or removed.
pub(super) async fn with(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<announcement::Model> {
    let found = announcement::Entity::find_by_id(id).one(db).await?;
    let own = found.filter(|row| row.challenge_id == challenge.id);
    own.ok_or_else(|| Error::not_found("announcement", id))
}

/// The change that publishes an announcement, or removes it.
fn change_of(row: &announcement::Model, (before, after): (bool, bool)) -> Change {
    let (announcement, title, mailed) = (row.id, row.title.clone(), row.mailed);
    Change::Announcement { announcement, title, mailed, before, after }
}
