//! Bounds on concurrent work, so that the server stays up under any load.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::error::{Error, Result};
use domain::memory::Place;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::config::Bounds;

/// How many long forms can be in memory at once.
const LARGE_FORMS: usize = 32;

/// How many comparisons are computed at once: each takes a core for a moment.
const COMPARISONS: usize = 2;

/// The places for concurrent work.
pub struct Pressure {
    /// For requests in progress.
    pub requests: Places,
    /// For event streams.
    pub event_streams: EventStreams,
    /// For the long forms of organisers.
    pub large_forms: Places,
    /// For comparisons of two submissions.
    pub comparisons: Places,
}

impl Pressure {
    /// Starts with all places free.
    pub fn new(bounds: &Bounds) -> Self {
        Self {
            requests: Places::new(bounds.requests),
            event_streams: EventStreams::new(bounds.event_streams),
            large_forms: Places::new(LARGE_FORMS),
            comparisons: Places::new(COMPARISONS),
        }
    }
}

/// A number of places.
pub struct Places {
    free: Arc<Semaphore>,
    all: usize,
}

impl Places {
    fn new(all: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(all)), all }
    }

    /// A place, unless all are taken.
    pub fn take(&self) -> Result<Place> {
        Arc::clone(&self.free).try_acquire_owned().map_err(|_| Error::busy())
    }

    /// A place, in the order of asking; an error if none becomes free within `patience`.
    pub async fn take_within(&self, patience: Duration) -> Result<Place> {
        match timeout(patience, Arc::clone(&self.free).acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(Error::busy()),
        }
    }

    /// How many places are taken.
    pub fn taken(&self) -> usize {
        self.all.saturating_sub(self.free.available_permits())
    }
}

/// The places for event streams: one address can take at most half of them.
pub struct EventStreams {
    places: Places,
    by_address: Arc<Mutex<HashMap<String, usize>>>,
}

/// The place of an event stream, given back when it is dropped.
pub struct EventStreamPlace {
    by_address: Arc<Mutex<HashMap<String, usize>>>,
    address: String,
    _place: Place,
}

impl EventStreams {
    fn new(all: usize) -> Self {
        Self { places: Places::new(all), by_address: Arc::default() }
    }

    /// A place for a client at an address, unless all are taken or the address has its half.
    pub fn take(&self, address: &str) -> Result<EventStreamPlace> {
        let place = self.places.take()?;
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let own = by_address.get(address).copied().unwrap_or_default();
        if own >= self.places.all.div_ceil(2) {
            return Err(Error::busy());
        }
        by_address.insert(address.to_owned(), own + 1);
        let (by_address, address) = (Arc::clone(&self.by_address), address.to_owned());
        Ok(EventStreamPlace { by_address, address, _place: place })
    }

    /// How many places are taken.
    pub fn taken(&self) -> usize {
        self.places.taken()
    }
}

impl Drop for EventStreamPlace {
    fn drop(&mut self) {
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = by_address.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Code;

    #[test]
    fn one_address_leaves_event_streams_to_others() {
        let streams = EventStreams::new(4);
        let held = [streams.take("192.0.2.1").unwrap(), streams.take("192.0.2.1").unwrap()];
        assert_eq!(streams.take("192.0.2.1").err().map(|error| error.code), Some(Code::Busy));
        assert_eq!(streams.taken(), 2);
        let _other = streams.take("192.0.2.2").unwrap();
        drop(held);
        assert!(streams.take("192.0.2.1").is_ok());
    }
}
