//! What the server takes on at once, so that whatever is sent to it, it stays up.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Bounds;
use crate::error::{Error, Result};
use crate::submissions::ArrivingUploads;

/// So many long forms are in memory at once.
const LARGE_FORMS: usize = 32;

/// Places that are taken and given back.
pub struct Pressure {
    /// For requests that are being answered.
    pub requests: Places,
    /// For event streams.
    pub event_streams: Places,
    /// For the long forms of organisers.
    pub large_forms: Places,
    /// For bytes of uploads in memory.
    pub memory: Memory,
    /// Who is sending them.
    pub arriving: ArrivingUploads,
}

impl Pressure {
    /// All places are free.
    pub fn new(bounds: &Bounds) -> Self {
        Self {
            requests: Places::new(bounds.requests),
            event_streams: Places::new(bounds.event_streams),
            large_forms: Places::new(LARGE_FORMS),
            memory: Memory::new(bounds.memory_bytes),
            arriving: ArrivingUploads::default(),
        }
    }
}

/// A number of places.
pub struct Places {
    free: Arc<Semaphore>,
    all: usize,
}

/// A place that is given back when it is dropped.
pub type Place = OwnedSemaphorePermit;

impl Places {
    fn new(all: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(all)), all }
    }

    /// A place, unless all are taken.
    pub fn take(&self) -> Result<Place> {
        Arc::clone(&self.free).try_acquire_owned().map_err(|_| Error::busy())
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.all.saturating_sub(self.free.available_permits())
    }
}

/// An amount of memory, counted in KiB.
pub struct Memory {
    free: Arc<Semaphore>,
    all_kib: u32,
}

impl Memory {
    fn new(bytes: u64) -> Self {
        let all_kib = kib(bytes);
        Self { free: Arc::new(Semaphore::new(all_kib as usize)), all_kib }
    }

    /// So many bytes, unless they aren't free.
    pub fn take(&self, bytes: u64) -> Result<Place> {
        let kib = kib(bytes).min(self.all_kib);
        Arc::clone(&self.free).try_acquire_many_owned(kib).map_err(|_| Error::busy())
    }

    /// So many bytes, once they are free; at most all there are.
    pub async fn wait_for(&self, bytes: u64) -> Result<Place> {
        let kib = kib(bytes).min(self.all_kib);
        let free = Arc::clone(&self.free).acquire_many_owned(kib).await;
        free.map_err(|e| Error::internal("wait for memory", e))
    }

    /// How many bytes are taken.
    pub fn taken(&self) -> u64 {
        u64::from(self.all_kib).saturating_sub(self.free.available_permits() as u64) * 1024
    }
}

fn kib(bytes: u64) -> u32 {
    bytes.div_ceil(1024).min(u64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn memory_is_counted_by_bytes_and_given_back() {
        let memory = Memory::new(10 << 20);
        let eight = memory.take(8 << 20).unwrap();
        assert_eq!(memory.taken(), 8 << 20);
        let refused = memory.take(3 << 20).unwrap_err();
        assert_eq!((refused.status.as_u16(), refused.code), (503, "busy"));
        let two = memory.take(2 << 20).unwrap();
        drop((eight, two));
        // more than there is takes all there is, and never waits for ever
        let all = memory.wait_for(1 << 40).await.unwrap();
        assert_eq!(memory.taken(), 10 << 20);
        drop(all);
        assert_eq!(memory.taken(), 0);
    }
}
