//! The lists for organisers, one page at a time: each needs the same few queries, however long it
//! is.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use serde::{Deserialize, Serialize};

use crate::accounts;
use crate::entities::participation::{self, Joining};
use crate::entities::{challenge, membership, team, user};
use crate::error::Result;

/// How many rows a page of a list has.
pub const ROWS: u64 = 100;

/// Which part of a list is requested.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Listing {
    /// Part of a name or an address; empty: all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// The page, from 1; 0 also means the first.
    pub page: u64,
    /// Only the row with this id.
    #[serde(skip)]
    pub only: Option<i32>,
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// The page, from 1.
    pub page: u64,
    /// The total number of rows.
    pub total: u64,
}

/// A team with its members.
#[derive(Debug, Clone)]
pub struct ListedTeam {
    /// The team.
    pub team: team::Model,
    /// The names of its members, in the order in which they joined.
    pub members: Vec<String>,
}

/// A person who asked to take part.
#[derive(Debug, Clone)]
pub struct Participant {
    /// The participation.
    pub participation: participation::Model,
    /// The person.
    pub user: user::Model,
    /// The name of their team.
    pub team: Option<String>,
}

impl Listing {
    /// A list with a single row.
    pub fn only(id: i32) -> Self {
        Self { only: Some(id), ..Self::default() }
    }

    fn offset(&self) -> u64 {
        self.page.saturating_sub(1).saturating_mul(ROWS)
    }

    fn listed<T>(&self, rows: Vec<T>, total: u64) -> Listed<T> {
        Listed { rows, page: std::cmp::max(self.page, 1), total }
    }

    /// Whether a text contains the words, ignoring case.
    fn matches(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.words.trim().to_lowercase())
    }
}

/// The teams of a challenge, oldest first.
pub async fn teams(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    listing: &Listing,
) -> Result<Listed<ListedTeam>> {
    let mut of = team::Entity::find()
        .filter(team::Column::ChallengeId.eq(challenge.id))
        .filter(accounts::is_no_team_of_trials());
    if let Some(id) = listing.only {
        of = of.filter(team::Column::Id.eq(id));
    } else if !listing.words.trim().is_empty() {
        of = of.filter(team::Column::Id.is_in(named(db, challenge, listing).await?));
    }
    let total = of.clone().count(db).await?;
    let page = of.order_by_asc(team::Column::Id).offset(listing.offset()).limit(ROWS);
    let page = page.all(db).await?;
    let members = membership::Entity::find()
        .filter(membership::Column::TeamId.is_in(page.iter().map(|team| team.id)))
        .filter(membership::Column::LeftAt.is_null())
        .order_by_asc(membership::Column::Id);
    let members = members.all(db).await?;
    let users = accounts::users_by_id(db, members.iter().map(|row| row.user_id)).await?;
    let of = |team: team::Model| {
        let own = members.iter().filter(|row| row.team_id == team.id);
        let name = |row: &membership::Model| users.get(&row.user_id).map(|user| user.name.clone());
        ListedTeam { members: own.filter_map(name).collect(), team }
    };
    Ok(listing.listed(page.into_iter().map(of).collect(), total))
}

/// The ids of the teams whose names contain the words. This is not done in the database, which
/// ignores case only for ASCII.
pub(super) async fn named(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    listing: &Listing,
) -> Result<Vec<i32>> {
    let all: Vec<(i32, String)> = team::Entity::find()
        .select_only()
        .columns([team::Column::Id, team::Column::Name])
        .filter(team::Column::ChallengeId.eq(challenge.id))
        .filter(accounts::is_no_team_of_trials())
        .into_tuple()
        .all(db)
        .await?;
    Ok(all.into_iter().filter(|(_, name)| listing.matches(name)).map(|(id, _)| id).collect())
}

/// Everyone who asked to take part in a challenge, waiting people first.
pub async fn participants(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    listing: &Listing,
) -> Result<Listed<Participant>> {
    let present = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::DeletedAt.is_null())
        .into_query();
    let mut of = participation::Entity::find()
        .filter(participation::Column::ChallengeId.eq(challenge.id))
        .filter(participation::Column::UserId.in_subquery(present));
    if let Some(id) = listing.only {
        of = of.filter(participation::Column::Id.eq(id));
    } else if !listing.words.trim().is_empty() {
        of = of.filter(participation::Column::UserId.is_in(persons(db, challenge, listing).await?));
    }
    let total = of.clone().count(db).await?;
    let page = of
        .order_by(Expr::col(participation::Column::State).eq(Joining::Waiting), Order::Desc)
        .order_by_asc(participation::Column::Id)
        .offset(listing.offset())
        .limit(ROWS);
    let page = page.all(db).await?;
    let mut users = accounts::users_by_id(db, page.iter().map(|row| row.user_id)).await?;
    let mut teams = teams_of(db, challenge, users.keys().copied()).await?;
    let of = |participation: participation::Model| {
        let user = users.remove(&participation.user_id)?;
        Some(Participant { team: teams.remove(&user.id), user, participation })
    };
    Ok(listing.listed(page.into_iter().filter_map(of).collect(), total))
}

/// The ids of the people of a challenge whose name or address contains the words.
async fn persons(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    listing: &Listing,
) -> Result<Vec<i32>> {
    let joined = participation::Entity::find()
        .select_only()
        .column(participation::Column::UserId)
        .filter(participation::Column::ChallengeId.eq(challenge.id))
        .into_query();
    let all: Vec<(i32, String, Option<String>)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name, user::Column::Email])
        .filter(user::Column::Id.in_subquery(joined))
        .into_tuple()
        .all(db)
        .await?;
    let matching = all.into_iter().filter(|(_, name, email)| {
        listing.matches(name) || email.as_deref().is_some_and(|email| listing.matches(email))
    });
    Ok(matching.map(|(id, ..)| id).collect())
}

/// The team names of those among some people who have a team.
async fn teams_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    users: impl IntoIterator<Item = i32>,
) -> Result<BTreeMap<i32, String>> {
    let present = membership::Entity::find().filter(
        Condition::all()
            .add(membership::Column::ChallengeId.eq(challenge.id))
            .add(membership::Column::LeftAt.is_null())
            .add(membership::Column::UserId.is_in(users)),
    );
    let present = present.all(db).await?;
    let teams = accounts::teams_by_id(db, present.iter().map(|row| row.team_id)).await?;
    let of = |row: &membership::Model| Some((row.user_id, teams.get(&row.team_id)?.name.clone()));
    Ok(present.iter().filter_map(of).collect())
}

/// How many people wait for approval.
pub async fn waiting(db: &impl ConnectionTrait, challenge: &challenge::Model) -> Result<u64> {
    let waiting = participation::Entity::find()
        .filter(participation::Column::ChallengeId.eq(challenge.id))
        .filter(participation::Column::State.eq(Joining::Waiting));
    Ok(waiting.count(db).await?)
}
