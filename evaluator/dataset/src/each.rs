//! Runs a function for many values, on all processors.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::Result;

/// Runs it for each value. After an error no further one is started.
pub(crate) fn each(
    items: &[usize],
    does: impl Fn(usize) -> Result<()> + Sync + Send + Copy,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(&item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(error) = does(item) {
                next.store(items.len(), Ordering::Relaxed);
                return Err(error);
            }
        }
        Ok(())
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ends = workers.into_iter().map(|worker| worker.join().expect("no worker panics"));
        ends.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn each_is_done_once() {
        let done: Vec<AtomicUsize> = (0..100).map(|_| AtomicUsize::new(0)).collect();
        let items: Vec<usize> = (0..100).collect();
        each(&items, |item| {
            done[item].fetch_add(1, Ordering::Relaxed);
            Ok(())
        })
        .unwrap();
        assert!(done.iter().all(|times| times.load(Ordering::Relaxed) == 1));
        each(&[], |_| Err(Error::empty_id("an item"))).unwrap();
    }

    #[test]
    fn what_goes_wrong_ends_it() {
        let message = each(&[1, 2, 3], |_| Err(Error::empty_id("an item"))).unwrap_err();
        assert_eq!(message.to_string(), "an item id is empty");
    }
}
