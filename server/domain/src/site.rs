//! What every layer needs of a site: its database, the time, its address.
//!
//! Each layer has its own site, which contains the site of the layer before it and can be used as
//! that: a function takes the lowest one that it needs.

use std::sync::OnceLock;

use sea_orm::DatabaseConnection;
use tokio::sync::watch;

use crate::ambient::Ambient;
use crate::database::Revisions;

/// A site: a process that works on a database.
pub struct Site {
    /// The database.
    pub db: DatabaseConnection,
    /// Time and chance.
    pub ambient: Ambient,
    /// Tells whether a cached page is still up to date.
    pub revisions: Revisions,
    address: Address,
    stopping: watch::Sender<bool>,
}

/// The address of a site.
#[derive(Debug)]
pub enum Address {
    /// An address that its operator has set, without a slash at its end.
    Set(String),
    /// The address it listens on, once known; before that, a fallback.
    Bound(OnceLock<String>, String),
}

impl Site {
    /// A site on a database.
    pub fn new(db: DatabaseConnection, ambient: Ambient, address: Address) -> Self {
        let stopping = watch::Sender::new(false);
        Self { db, ambient, revisions: Revisions::default(), address, stopping }
    }

    /// Notes the address it listens on, which differs from the setting if any free port was
    /// requested.
    pub fn listens_on(&self, address: &str) {
        if let Address::Bound(bound, _) = &self.address {
            // If it is bound twice, the first address counts.
            let _ = bound.set(address.to_owned());
        }
    }

    /// The address people use, without a slash at its end.
    pub fn base_address(&self) -> String {
        match &self.address {
            Address::Set(address) => address.clone(),
            Address::Bound(bound, before) => bound.get().unwrap_or(before).clone(),
        }
    }

    /// The address that its operator has set, if any: the same for all servers of a database.
    pub fn public_address(&self) -> Option<&str> {
        match &self.address {
            Address::Set(address) => Some(address),
            Address::Bound(..) => None,
        }
    }

    /// Stops all background work.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether it is stopping.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Completes when it is stopping.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stopping = self.stopping.subscribe();
        async move {
            // An error means that the sender is gone, which also means stop.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }
}

/// Makes a layer's site usable as the site of the layer before it.
macro_rules! built_on {
    ($site:ty, $before:ident: $target:ty) => {
        impl std::ops::Deref for $site {
            type Target = $target;

            fn deref(&self) -> &$target {
                &self.$before
            }
        }
    };
}
pub(crate) use built_on;
