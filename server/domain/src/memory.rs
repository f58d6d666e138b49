//! Memory for uploads: requests that need more wait, or are asked to retry.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Result};

/// A share that is released when it is dropped.
pub type Place = OwnedSemaphorePermit;

/// An amount of memory, counted in KiB.
pub struct Memory {
    free: Arc<Semaphore>,
    all_kib: u32,
}

impl Memory {
    /// Starts with all bytes free.
    pub fn new(bytes: u64) -> Self {
        let all_kib = kib(bytes);
        Self { free: Arc::new(Semaphore::new(all_kib as usize)), all_kib }
    }

    /// Takes this many bytes, if they are free.
    pub fn take(&self, bytes: u64) -> Result<Place> {
        let kib = kib(bytes).min(self.all_kib);
        Arc::clone(&self.free).try_acquire_many_owned(kib).map_err(|_| Error::busy())
    }

    /// Takes this many bytes once they are free; at most all of them.
    pub async fn wait_for(&self, bytes: u64) -> Result<Place> {
        let kib = kib(bytes).min(self.all_kib);
        let free = Arc::clone(&self.free).acquire_many_owned(kib).await;
        free.map_err(|e| Error::internal("wait for memory", e))
    }

    /// The total number of bytes.
    pub fn bytes(&self) -> u64 {
        u64::from(self.all_kib) * 1024
    }

    /// The number of bytes in use.
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
    use crate::error::Code;

    #[tokio::test]
    async fn memory_is_counted_by_bytes_and_given_back() {
        let memory = Memory::new(10 << 20);
        let eight = memory.take(8 << 20).unwrap();
        assert_eq!(memory.taken(), 8 << 20);
        let refused = memory.take(3 << 20).unwrap_err();
        assert_eq!(refused.code, Code::Busy);
        let two = memory.take(2 << 20).unwrap();
        drop((eight, two));
        // asking for more than the total takes all of it, and never waits forever
        let all = memory.wait_for(1 << 40).await.unwrap();
        assert_eq!(memory.taken(), 10 << 20);
        drop(all);
        assert_eq!(memory.taken(), 0);
    }
}
