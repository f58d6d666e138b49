//! What processes on one PostgreSQL tell each other, so that none waits until it looks by itself.
//!
//! A signal that is sent in a transaction arrives when that is committed, and never if it is rolled
//! back. With SQLite nothing is sent: its processes look now and then, as everyone does who may have
//! missed a signal.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use sqlx::postgres::PgListener;
use uuid::Uuid;

use super::Change;

/// Where signals are sent to, within a database.
const CHANNEL: &str = "fashion_iq";

/// The pause before listening is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// Something that other processes want to know at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// The pages of a challenge have changed.
    Changed(Change),
    /// A submission waits for a free worker.
    Waiting,
    /// A submission is finished.
    Finished(Uuid),
    /// Signals may have been missed. It is never sent: a listener makes it.
    Missed,
}

impl Display for Signal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(change) => write!(f, "changed {change}"),
            Self::Waiting => f.write_str("waiting"),
            Self::Finished(id) => write!(f, "finished {id}"),
            Self::Missed => f.write_str("missed"),
        }
    }
}

impl FromStr for Signal {
    type Err = ();

    /// A signal of a newer release is unknown, and could mean anything.
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(' ') {
            Some(("finished", id)) => Uuid::try_parse(id).map(Self::Finished).map_err(drop),
            Some(("changed", change)) => change.parse().map(Self::Changed),
            None if text == "waiting" => Ok(Self::Waiting),
            _ => Err(()),
        }
    }
}

/// Sends signals to all processes, this one included, in one statement.
pub(crate) async fn send(db: &impl ConnectionTrait, signals: &[Signal]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    if backend != DbBackend::Postgres || signals.is_empty() {
        return Ok(());
    }
    let notify = (1..=signals.len()).map(|n| format!("pg_notify('{CHANNEL}', ${n})"));
    let notify = format!("select {}", notify.collect::<Vec<_>>().join(", "));
    let values = signals.iter().map(|signal| signal.to_string().into());
    let notify = Statement::from_sql_and_values(backend, notify, values);
    db.execute_raw(notify).await.map(drop)
}

/// Listens to signals until `stop` is done. With SQLite there are none.
pub async fn listen(
    db: &DatabaseConnection,
    stop: impl Future<Output = ()>,
    mut heard: impl FnMut(Signal),
) {
    if db.get_database_backend() != DbBackend::Postgres {
        return;
    }
    let listening = async {
        loop {
            let Err(error) = listen_once(db, &mut heard).await;
            if db.get_postgres_connection_pool().is_closed() {
                return;
            }
            tracing::warn!(%error, "signals of other servers are not heard; trying again");
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = stop => {}
        () = listening => {}
    }
}

async fn listen_once(
    db: &DatabaseConnection,
    heard: &mut impl FnMut(Signal),
) -> Result<std::convert::Infallible, sqlx::Error> {
    let mut listener = PgListener::connect_with(db.get_postgres_connection_pool()).await?;
    listener.listen(CHANNEL).await?;
    loop {
        heard(Signal::Missed);
        // None: the connection was lost, and the next call makes a new one.
        while let Some(told) = listener.try_recv().await? {
            heard(told.payload().parse().unwrap_or(Signal::Missed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Extent;
    use super::*;

    #[test]
    fn a_signal_is_read_as_it_was_written() {
        let change = |extent| Signal::Changed(Change { challenge_id: 3, revision: 17, extent });
        let teams = |teams: &[(i32, i32)]| Extent::SubmissionsOf(teams.iter().copied().collect());
        for signal in [
            change(Extent::Everything),
            change(teams(&[])),
            change(teams(&[(7, 1), (8, 2)])),
            Signal::Waiting,
            Signal::Finished(Uuid::from_u128(7)),
        ] {
            assert_eq!(signal.to_string().parse(), Ok(signal));
        }
        let many: Vec<(i32, i32)> = (0..10_000).map(|team| (1_000_000, team)).collect();
        let sent = change(teams(&many)).to_string();
        assert_eq!(sent.parse(), Ok(change(Extent::Everything)), "a signal is short");
        assert_eq!("changed".parse::<Signal>(), Err(()), "an earlier release says no more");
        assert_eq!("changed 3 17 7".parse::<Signal>(), Err(()));
        assert_eq!("finished yesterday".parse::<Signal>(), Err(()));
        assert_eq!("missed".parse::<Signal>(), Err(()), "it is never sent");
    }
}
