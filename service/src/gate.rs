//! Bounded work: so many at once, so many waiting, and the rest is sent away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Admits work of one kind. Whoever holds a [`Permit`] works; dropping it lets the next one in.
#[derive(Debug)]
pub struct Gate {
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    max_waiting: usize,
}

/// The right to work.
pub type Permit = OwnedSemaphorePermit;

/// Too many are waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// How many wait.
    pub waiting: usize,
}

/// Counts one waiter for as long as it lives, also when its future is dropped.
struct Waiter<'a>(&'a AtomicUsize);

impl Gate {
    /// A gate that lets `at_once` work and `max_waiting` wait.
    pub fn new(at_once: usize, max_waiting: usize) -> Self {
        let running = Arc::new(Semaphore::new(at_once.max(1)));
        Self { running, waiting: AtomicUsize::new(0), max_waiting }
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// [`Full`] at once where too many wait already.
    pub async fn enter(&self) -> Result<Permit, Full> {
        if let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() {
            return Ok(permit);
        }
        let waiting = self.waiting.fetch_add(1, Ordering::AcqRel);
        let _waiter = Waiter(&self.waiting);
        if waiting >= self.max_waiting {
            return Err(Full { waiting });
        }
        // The semaphore is never closed.
        Arc::clone(&self.running).acquire_owned().await.map_err(|_| Full { waiting })
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[tokio::test]
    async fn lets_in_makes_wait_and_sends_away() {
        let gate = Gate::new(1, 1);
        let first = gate.enter().await.unwrap();
        let mut second = Box::pin(gate.enter());
        assert!(second.as_mut().now_or_never().is_none());
        assert_eq!(gate.enter().await.unwrap_err(), Full { waiting: 1 });
        drop(first);
        drop(second.await.unwrap());
        assert_eq!(gate.waiting.load(Ordering::Acquire), 0);
    }

    #[tokio::test]
    async fn who_gives_up_waits_no_longer() {
        let gate = Gate::new(1, 1);
        let _first = gate.enter().await.unwrap();
        let mut second = Box::pin(gate.enter());
        assert!(second.as_mut().now_or_never().is_none());
        drop(second);
        assert!(gate.enter().now_or_never().is_none());
    }
}
