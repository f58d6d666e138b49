//! Copies a whole database to another place, table by table, and checks that nothing differs.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    AccessMode, ActiveModelTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, EntityName, EntityTrait, IdenStatic as _, IntoActiveModel, IsolationLevel,
    Iterable, ModelTrait, PaginatorTrait, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect,
    Statement, TransactionTrait,
};
use sha2::{Digest, Sha256};

use super::{Place, begin, postgres, schema};
use crate::entities;
use crate::error::{Error, Result};

/// How many values are sent in one statement at most: databases limit its parameters.
const VALUES: usize = 10_000;

/// How many rows are in memory at most; a row of ranks has some 25 KB.
const ROWS: usize = 200;

/// A table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
}

/// A count and a digest of rows, in whatever order they come.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Seal {
    rows: u64,
    sum: u128,
}

impl Seal {
    /// Adds a row: the sum of digests is the same in every order.
    fn add<M: ModelTrait>(&mut self, row: &M) {
        let mut sha = Sha256::new();
        for column in <M::Entity as EntityTrait>::Column::iter() {
            sha.update(format!("{}={:?};", column.as_str(), row.get(column)));
        }
        let mut first = [0; 16];
        first.copy_from_slice(&sha.finalize()[..16]);
        self.sum = self.sum.wrapping_add(u128::from_le_bytes(first));
        self.rows += 1;
    }
}

/// Every table, each after those that its rows refer to.
macro_rules! tables {
    ($($entity:ident),* $(,)?) => {
        /// The names of all tables that are copied.
        pub fn tables() -> Vec<&'static str> {
            vec![$(entities::$entity::Entity.table_name()),*]
        }

        async fn copy_all(
            (from, to): (&DatabaseTransaction, &DatabaseTransaction),
            copied: &mut impl FnMut(&CopiedTable),
        ) -> Result<Vec<CopiedTable>> {
            let mut all = Vec::new();
            $(
                let rows = copy_table::<entities::$entity::Entity>(from, to).await?;
                let table = entities::$entity::Entity.table_name().to_owned();
                let table = CopiedTable { table, rows };
                copied(&table);
                all.push(table);
            )*
            Ok(all)
        }

        async fn first_with_rows(db: &impl ConnectionTrait) -> Result<Option<&'static str>> {
            $(
                if entities::$entity::Entity::find().limit(1).count(db).await? > 0 {
                    return Ok(Some(entities::$entity::Entity.table_name()));
                }
            )*
            Ok(None)
        }
    };
}

tables!(
    server_secret,
    signing_key,
    upload_store,
    challenge,
    benchmark,
    benchmark_audit,
    benchmark_statistics,
    commitment,
    rescoring,
    corrected_targets,
    phase,
    frozen,
    final_results,
    user,
    identity,
    session,
    device,
    mailbox,
    attempt,
    mail,
    link,
    draft,
    role,
    role_history,
    event,
    participation,
    team,
    membership,
    invite,
    token,
    announcement,
    notice,
    quota_grant,
    submission,
    submission_edit,
    question,
    scorecard,
    ranks,
    rescored_ranks,
    played,
    dialog_turn,
    data_grant,
);

/// Copies everything from one database to another, which must be empty and is all or nothing. The
/// source is read as it is at one instant, and nobody writes to it in the meantime; `copied` is told
/// each table. Both have the present schema: [`open`](super::open) sees to the target, and a source
/// with another one is refused.
pub async fn copy(
    (from, source): (&DatabaseConnection, &Place),
    (to, target): (&DatabaseConnection, &Place),
    mut copied: impl FnMut(&CopiedTable),
) -> Result<Vec<CopiedTable>> {
    schema::ensure_present(from, source).await?;
    let lock = begin(from).await?;
    let reading = if from.get_database_backend() == DbBackend::Sqlite {
        // Its snapshot is taken at the first statement.
        from.begin().await?
    } else {
        let (level, mode) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
        from.begin_with_config(Some(level), Some(mode)).await?
    };
    let writing = begin(to).await?;
    for transaction in [&lock, &reading, &writing] {
        if transaction.get_database_backend() == DbBackend::Postgres {
            postgres::be_patient(transaction).await?;
        }
    }
    if let Some(table) = first_with_rows(&writing).await? {
        return Err(Error::unusable(format!(
            "the database {target} is not empty: its table `{table}` has rows; name an empty one \
             (nothing was changed)"
        )));
    }
    let all = copy_all((&reading, &writing), &mut copied).await?;
    reading.rollback().await?;
    lock.rollback().await?;
    writing.commit().await?;
    Ok(all)
}

/// Copies the rows of a table, and reads them again to compare. Returns how many there are.
async fn copy_table<E>(from: &DatabaseTransaction, to: &DatabaseTransaction) -> Result<u64>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    E::ActiveModel: Send,
{
    let mut sent = Seal::default();
    let mut last = None;
    loop {
        let rows = batch::<E>(from, last.as_ref()).await?;
        let Some(end) = rows.last() else { break };
        last = Some(end.clone());
        for row in &rows {
            sent.add(row);
        }
        let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
        E::insert_many(rows).exec_without_returning(to).await?;
    }
    let mut arrived = Seal::default();
    let mut last = None;
    loop {
        let rows = batch::<E>(to, last.as_ref()).await?;
        let Some(end) = rows.last() else { break };
        last = Some(end.clone());
        for row in &rows {
            arrived.add(row);
        }
    }
    if arrived != sent {
        let table = E::default().table_name().to_owned();
        return Err(Error::unusable(format!(
            "table `{table}` differs after it was copied: {} rows were sent and {} arrived, or their \
             content changed (the target was left empty)",
            sent.rows, arrived.rows
        )));
    }
    go_on_counting::<E>(from, to).await?;
    Ok(sent.rows)
}

/// The rows after one, in the order of the primary key.
async fn batch<E: EntityTrait>(
    db: &DatabaseTransaction,
    after: Option<&E::Model>,
) -> Result<Vec<E::Model>> {
    let keys = || E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    let columns = E::Column::iter().count();
    let mut rows = E::find().limit((VALUES / columns).min(ROWS) as u64);
    for key in keys() {
        rows = rows.order_by_asc(key);
    }
    if let Some(after) = after {
        let place = Expr::tuple(keys().map(|key| Expr::col((E::default(), key))));
        let last = Expr::tuple(keys().map(|key| Expr::value(after.get(key))));
        rows = rows.filter(place.gt(last));
    }
    Ok(rows.all(db).await?)
}

/// Lets a table go on with the number that would have been next: those of deleted rows don't come
/// again.
async fn go_on_counting<E: EntityTrait>(
    from: &DatabaseTransaction,
    to: &DatabaseTransaction,
) -> Result<(), DbErr> {
    let entity = E::default();
    let table = entity.table_name();
    if !<E::PrimaryKey as sea_orm::PrimaryKeyTrait>::auto_increment() {
        return Ok(());
    }
    let ask = match from.get_database_backend() {
        DbBackend::Sqlite => format!("select seq from sqlite_sequence where name = '{table}'"),
        _ => format!(
            "select case when is_called then last_value else 0 end from {}",
            sequence_of(from, table).await?
        ),
    };
    let ask = Statement::from_string(from.get_database_backend(), ask);
    let last: Option<i64> =
        from.query_one_raw(ask).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    let Some(last) = last.filter(|last| *last > 0) else { return Ok(()) };
    let set = match to.get_database_backend() {
        // The row is there if a row was inserted; otherwise it is not.
        DbBackend::Sqlite => format!(
            "delete from sqlite_sequence where name = '{table}'; \
             insert into sqlite_sequence (name, seq) values ('{table}', {last})"
        ),
        _ => format!("select setval('{}', {last})", sequence_of(to, table).await?),
    };
    to.execute_unprepared(&set).await.map(drop)
}

/// The sequence behind the ids of a table.
async fn sequence_of(db: &DatabaseTransaction, table: &str) -> Result<String, DbErr> {
    let ask = format!("select pg_get_serial_sequence('\"{table}\"', 'id')");
    let ask = Statement::from_string(db.get_database_backend(), ask);
    let row = db.query_one_raw(ask).await?;
    row.map_or(Ok(String::new()), |row| row.try_get_by_index(0))
}
