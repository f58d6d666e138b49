//! What everything that happens on a site needs: its database, the time, its address.
//!
//! Each layer has a site of its own, which holds the one of the layer before it and can be used as that:
//! a function names the lowest one that it needs.

use std::sync::OnceLock;

use sea_orm::DatabaseConnection;
use tokio::sync::watch;

use crate::ambient::Ambient;
use crate::database::Revisions;

/// A site: one process that works on a database.
pub struct Site {
    /// The database.
    pub db: DatabaseConnection,
    /// Time and chance.
    pub ambient: Ambient,
    /// By what it is known whether a page that was made before is still true.
    pub revisions: Revisions,
    address: Address,
    stopping: watch::Sender<bool>,
}

/// Where people find a site.
#[derive(Debug)]
pub enum Address {
    /// At an address that its operator has set, without a slash at its end.
    Set(String),
    /// Where it listens, which is known once it does; until then here.
    Bound(OnceLock<String>, String),
}

impl Site {
    /// A site on a database.
    pub fn new(db: DatabaseConnection, ambient: Ambient, address: Address) -> Self {
        let stopping = watch::Sender::new(false);
        Self { db, ambient, revisions: Revisions::default(), address, stopping }
    }

    /// Notes the address it listens on, which is another than the one set where any port was asked for.
    pub fn listens_on(&self, address: &str) {
        if let Address::Bound(bound, _) = &self.address {
            // Bound twice, it is known by the first.
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

    /// Makes everything that goes on by itself come to an end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether it is to come to an end.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Done once it is to come to an end.
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stopping = self.stopping.subscribe();
        async move {
            // An error means that the sender is gone, and that is a stop too.
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
