//! How much of its connections a process uses.

use sea_orm::{DatabaseConnection, DbBackend};

/// The connections of a process to its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// In use now.
    pub used: u32,
    /// Open and waiting to be used.
    pub idle: u32,
    /// As many as can be open.
    pub most: u32,
}

/// Counts the connections of this process.
pub fn pool(db: &DatabaseConnection) -> Pool {
    let (open, idle, most) = if db.get_database_backend() == DbBackend::Postgres {
        let pool = db.get_postgres_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    } else {
        let pool = db.get_sqlite_connection_pool();
        (pool.size(), pool.num_idle(), pool.options().get_max_connections())
    };
    let idle = u32::try_from(idle).unwrap_or(open).min(open);
    Pool { used: open - idle, idle, most }
}
