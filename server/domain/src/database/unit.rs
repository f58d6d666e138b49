//! The unit of work: everything that one action writes, in one transaction.
//!
//! An action opens a unit, changes rows through [`UnitOfWork::db`], and notes on the unit
//! everything else: which pages change, which teams get a notice, which mails are sent.
//! [`UnitOfWork::commit`] writes the notes, commits, and drops this process's cache of the changed
//! pages. A unit that is dropped before that changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    ExprTrait, QueryFilter, QueryOrder, QueryResult, Set,
};
use uuid::Uuid;

use super::begin;
use super::signals::{self, Signal};
use crate::ambient::Instant;
use crate::entities::{challenge, mail, membership, notice, team, user};
use crate::error::Result;
use crate::mail::Letter;
use crate::site::Site;

/// The maximum number of rows per statement; SQLite limits the parameters.
const ROWS: usize = 500;

/// How a unit of work has changed a challenge's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The challenge.
    pub challenge_id: i32,
    /// Its new revision.
    pub revision: i64,
    /// Which of its pages are changed.
    pub extent: Extent,
}

/// Which of a challenge's pages are changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// Possibly all.
    Everything,
    /// Only what depends on the submissions of these teams, each in a phase: (phase, team).
    SubmissionsOf(BTreeSet<(i32, i32)>),
}

/// How many submissions a change names when it is sent to other processes; more are everything.
const MOST_NAMED: usize = 200;

/// As it is sent to other processes: `challenge revision phase:team,phase:team`, or `*` for everything.
impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.challenge_id, self.revision)?;
        match &self.extent {
            Extent::SubmissionsOf(teams) if teams.len() <= MOST_NAMED => {
                let teams: Vec<String> =
                    teams.iter().map(|(phase, team)| format!("{phase}:{team}")).collect();
                f.write_str(&teams.join(","))
            }
            _ => f.write_str("*"),
        }
    }
}

impl FromStr for Change {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        fn number<T: FromStr>(text: &str) -> Result<T, ()> {
            text.parse().map_err(drop)
        }
        let (challenge, rest) = text.split_once(' ').ok_or(())?;
        let (revision, extent) = rest.split_once(' ').ok_or(())?;
        let pair = |pair: &str| {
            let (phase, team) = pair.split_once(':').ok_or(())?;
            Ok((number(phase)?, number(team)?))
        };
        let extent = match extent {
            "*" => Extent::Everything,
            "" => Extent::SubmissionsOf(BTreeSet::new()),
            teams => Extent::SubmissionsOf(teams.split(',').map(pair).collect::<Result<_, ()>>()?),
        };
        Ok(Self { challenge_id: number(challenge)?, revision: number(revision)?, extent })
    }
}

/// Everything that one action writes.
#[must_use = "a unit that is not committed writes nothing"]
pub struct UnitOfWork<'a> {
    site: &'a Site,
    transaction: DatabaseTransaction,
    now: Instant,
    changed: BTreeMap<i32, Extent>,
    notices: Vec<Notice>,
    letters: Vec<Letter>,
    signals: Vec<Signal>,
}

/// A notice to a team: on its page, and by mail to members who want such mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The team.
    pub team_id: i32,
    /// The kind, by which it is found again.
    pub kind: String,
    /// The sentence.
    pub text: String,
    /// The submission it is about.
    pub submission: Option<Uuid>,
}

impl<'a> UnitOfWork<'a> {
    /// Opens a unit. It holds the write lock from here on, so values read within it (limits,
    /// leases, what an undo compares) are still true when it is committed.
    pub async fn begin(site: &'a Site) -> Result<Self> {
        let transaction = begin(&site.db).await?;
        Ok(Self {
            transaction,
            now: site.ambient.now(),
            site,
            changed: BTreeMap::new(),
            notices: Vec::new(),
            letters: Vec::new(),
            signals: Vec::new(),
        })
    }

    /// The connection to read and write through.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// The instant at which all of this happens.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Notes that something on a challenge's pages changes.
    pub fn changes(&mut self, challenge_id: i32) {
        self.changed.insert(challenge_id, Extent::Everything);
    }

    /// Notes that a challenge's pages change only where they depend on a team's submissions to a
    /// phase.
    pub fn changes_submissions_of(&mut self, challenge_id: i32, phase_id: i32, team_id: i32) {
        let none = || Extent::SubmissionsOf(BTreeSet::new());
        match self.changed.entry(challenge_id).or_insert_with(none) {
            Extent::Everything => {}
            Extent::SubmissionsOf(teams) => {
                teams.insert((phase_id, team_id));
            }
        }
    }

    /// Notes that a team gets a notice.
    pub fn notify(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Notes that a mail goes out.
    pub fn mail(&mut self, letter: Letter) {
        self.letters.push(letter);
    }

    /// Notes that other processes are told something.
    pub fn signal(&mut self, signal: Signal) {
        self.signals.push(signal);
    }

    /// Writes the notes, commits everything, and reports which pages changed.
    pub async fn commit(mut self) -> Result<()> {
        self.write_notices().await?;
        self.write_mails().await?;
        let changes = self.write_revisions().await?;
        self.signals.extend(changes.iter().cloned().map(Signal::Changed));
        for some in self.signals.chunks(ROWS) {
            signals::send(&self.transaction, some).await?;
        }
        self.transaction.commit().await?;
        if !changes.is_empty() {
            self.site.revisions.note(changes);
        }
        Ok(())
    }

    /// Increases the revisions of the changed challenges.
    async fn write_revisions(&mut self) -> Result<Vec<Change>> {
        let mut changed = std::mem::take(&mut self.changed);
        if changed.is_empty() {
            return Ok(vec![]);
        }
        let (id, revision) = (challenge::Column::Id, challenge::Column::Revision);
        let increase = Query::update()
            .table(challenge::Entity)
            .value(revision, Expr::col(revision).add(1))
            .and_where(id.is_in(changed.keys().copied()))
            .returning(Query::returning().columns([id, revision]))
            .to_owned();
        let rows = self.transaction.query_all(&increase).await?;
        let new = |row: &QueryResult| row.try_get_many_by_index::<(i32, i64)>();
        let rows: Vec<(i32, i64)> = rows.iter().map(new).collect::<Result<_, DbErr>>()?;
        let change = |(challenge_id, revision)| {
            let extent = changed.remove(&challenge_id)?;
            Some(Change { challenge_id, revision, extent })
        };
        Ok(rows.into_iter().filter_map(change).collect())
    }

    /// Rolls everything back, and waits until that is done.
    pub async fn cancel(self) -> Result<()> {
        Ok(self.transaction.rollback().await?)
    }

    /// Writes the notices, and a mail to each member who wants it.
    async fn write_notices(&mut self) -> Result<()> {
        let notices = std::mem::take(&mut self.notices);
        if notices.is_empty() {
            return Ok(());
        }
        let teams = Addressees::of(&self.transaction, &notices).await?;
        let base = self.site.base_address();
        for notice in &notices {
            self.letters.extend(teams.letters(notice, &base));
        }
        let row = |notice: Notice| notice::ActiveModel {
            id: NotSet,
            team_id: Set(notice.team_id),
            at: Set(self.now),
            kind: Set(notice.kind),
            text: Set(notice.text),
            submission_id: Set(notice.submission),
        };
        let rows: Vec<_> = notices.into_iter().map(row).collect();
        for some in rows.chunks(ROWS) {
            notice::Entity::insert_many(some.to_vec()).exec(&self.transaction).await?;
        }
        Ok(())
    }

    /// Writes the noted mails once there are many, to free their memory.
    pub async fn write_some_mails(&mut self) -> Result<()> {
        if self.letters.len() < ROWS {
            return Ok(());
        }
        self.write_mails().await
    }

    async fn write_mails(&mut self) -> Result<()> {
        let row = |letter: Letter| mail::ActiveModel {
            id: NotSet,
            address: Set(letter.address),
            subject: Set(letter.subject),
            text: Set(letter.text),
            created_at: Set(self.now),
            due_at: Set(self.now),
            attempts: Set(0),
            sent_at: Set(None),
            failure: Set(None),
            names_user_id: Set(letter.names),
        };
        let rows: Vec<_> = std::mem::take(&mut self.letters).into_iter().map(row).collect();
        for some in rows.chunks(ROWS) {
            mail::Entity::insert_many(some.to_vec()).exec(&self.transaction).await?;
        }
        Ok(())
    }
}

/// The recipients of mailed notices.
struct Addressees {
    teams: Vec<team::Model>,
    challenges: Vec<challenge::Model>,
    members: Vec<membership::Model>,
    users: Vec<user::Model>,
}

impl Addressees {
    async fn of(db: &DatabaseTransaction, notices: &[Notice]) -> Result<Self> {
        let ids: BTreeSet<i32> = notices.iter().map(|notice| notice.team_id).collect();
        let teams = team::Entity::find().filter(team::Column::Id.is_in(ids.iter().copied()));
        let teams = teams.all(db).await?;
        let challenges: BTreeSet<i32> = teams.iter().map(|team| team.challenge_id).collect();
        let challenges = challenge::Entity::find().filter(challenge::Column::Id.is_in(challenges));
        let members = membership::Entity::find()
            .filter(membership::Column::TeamId.is_in(ids))
            .filter(membership::Column::LeftAt.is_null())
            .order_by_asc(membership::Column::Id)
            .all(db)
            .await?;
        let users = user::Entity::find()
            .filter(user::Column::Id.is_in(members.iter().map(|row| row.user_id)))
            .filter(user::Column::Notices.eq(true));
        Ok(Self {
            challenges: challenges.all(db).await?,
            users: users.all(db).await?,
            teams,
            members,
        })
    }

    fn letters(&self, notice: &Notice, base: &str) -> Vec<Letter> {
        let team = self.teams.iter().find(|team| team.id == notice.team_id);
        let Some(team) = team else { return vec![] };
        let challenge = self.challenges.iter().find(|row| row.id == team.challenge_id);
        let Some(challenge) = challenge else { return vec![] };
        let home = format!("{base}/c/{}", challenge.name);
        let there = match notice.submission {
            Some(id) => format!("{home}/submissions/{id}"),
            None => format!("{home}/team"),
        };
        let text = format!(
            "{}\n\n{there}\n\nYou get this mail as a member of “{}”. Turn these mails off: \
             {base}/account\n",
            notice.text, team.name
        );
        let members = self.members.iter().filter(|row| row.team_id == team.id);
        let users = members.filter_map(|row| self.users.iter().find(|user| user.id == row.user_id));
        let address = |user: &user::Model| user.email.clone();
        let letter = |address: String| Letter::new(&address, &challenge.title, text.clone());
        users.filter_map(address).map(letter).collect()
    }
}
