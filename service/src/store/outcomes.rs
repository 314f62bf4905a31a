//! Results of requests, in memory: they hold what holders revealed, which is never written to
//! disk. After a restart a used request is still known as such, without its verdict.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use statements::Nonce;
use tokio::sync::broadcast;

/// Arrivals that a slow listener may lag behind; then it looks the result up.
const CHANNEL: usize = 256;

/// The latest result of each request, and who listens for them. `T` is what an answer is.
#[derive(Debug)]
pub struct Outcomes<T> {
    latest: RwLock<HashMap<Nonce, Arc<T>>>,
    arrivals: broadcast::Sender<Arrival>,
}

/// A request has a new result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Which request.
    pub nonce: Nonce,
}

impl<T> Default for Outcomes<T> {
    fn default() -> Self {
        Self { latest: RwLock::default(), arrivals: broadcast::Sender::new(CHANNEL) }
    }
}

impl<T> Outcomes<T> {
    /// Keeps a result and tells those who listen. It replaces an earlier one if `replaces` says
    /// so of that.
    pub fn record(&self, nonce: Nonce, result: Arc<T>, replaces: impl Fn(&T) -> bool) {
        {
            let mut latest = self.latest.write().unwrap_or_else(PoisonError::into_inner);
            if latest.get(&nonce).is_some_and(|earlier| !replaces(earlier)) {
                return;
            }
            latest.insert(nonce, result);
        }
        // Without listeners there is nobody to tell.
        let _ = self.arrivals.send(Arrival { nonce });
    }

    /// The latest result of a request.
    pub fn latest(&self, nonce: Nonce) -> Option<Arc<T>> {
        self.latest.read().unwrap_or_else(PoisonError::into_inner).get(&nonce).cloned()
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Arrival> {
        self.arrivals.subscribe()
    }

    /// Forgets results.
    pub fn forget(&self, nonces: &[Nonce]) {
        let mut latest = self.latest.write().unwrap_or_else(PoisonError::into_inner);
        for nonce in nonces {
            latest.remove(nonce);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_result_stays() {
        let outcomes = Outcomes::default();
        let nonce = Nonce::from_bytes([1; 16]);
        let mut arrivals = outcomes.listen();
        let is_open = |earlier: &&str| *earlier != "valid";
        for result in ["refused", "valid", "refused"] {
            outcomes.record(nonce, Arc::new(result), is_open);
        }
        assert_eq!(*outcomes.latest(nonce).unwrap(), "valid");
        assert_eq!(arrivals.try_recv(), Ok(Arrival { nonce }));
        assert_eq!(arrivals.try_recv(), Ok(Arrival { nonce }));
        assert!(arrivals.try_recv().is_err());
        outcomes.forget(&[nonce]);
        assert!(outcomes.latest(nonce).is_none());
    }
}
