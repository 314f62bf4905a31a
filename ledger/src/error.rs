//! What can go wrong with a ledger.

use records::{CheckpointError, Origin};

use crate::signer::SignerError;
use crate::store::StoreError;

/// Something in the store is not what was written there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place} is damaged: {reason}")]
#[non_exhaustive]
pub struct Corruption {
    /// Which part of the ledger.
    pub place: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Corruption {
    pub(crate) fn new(place: impl ToString, reason: impl ToString) -> Self {
        Self { place: place.to_string(), reason: reason.to_string() }
    }
}

/// Why an event does not fit the state of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventRefusal {
    /// The empty leaf stands for "revoked": it cannot be issued, nor amended to.
    #[error("the leaf is empty")]
    EmptyLeaf,
    /// Amends or revokes what was never issued.
    #[error("no record was ever issued at index {index}")]
    NeverIssued {
        /// Index in the event.
        index: u64,
    },
    /// Amends or revokes what is revoked already.
    #[error("the record at index {index} is revoked")]
    Revoked {
        /// Index in the event.
        index: u64,
    },
    /// All leaves of the state tree are used.
    #[error("the state tree is full")]
    Full,
}

/// Why a ledger did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// One event does not fit; none of its batch was applied.
    #[error("event {position} of the batch is refused: {reason}")]
    Refused {
        /// Position in the batch, from 0.
        position: usize,
        /// What is wrong with it.
        reason: EventRefusal,
    },
    /// An append without events.
    #[error("the batch has no events")]
    NoEvents,
    /// An append with more events than one batch may have.
    #[error("the batch has {count} events, more than {max}", max = crate::MAX_EVENTS)]
    TooManyEvents {
        /// Events in the batch.
        count: usize,
    },
    /// No checkpoint of that size was published.
    #[error("no checkpoint of size {size} is published")]
    NotPublished {
        /// Size asked for.
        size: u64,
    },
    /// The state tree has no such bucket.
    #[error("the state tree has no bucket {bucket}")]
    NoSuchBucket {
        /// Bucket asked for.
        bucket: u64,
    },
    /// A proof was asked for that there cannot be.
    #[error("there is no such proof: {0}")]
    NoSuchProof(&'static str),
    /// A ledger of that name exists already.
    #[error("the ledger {0} exists already")]
    Exists(Origin),
    /// The store has no ledger yet.
    #[error("the store holds no ledger")]
    Missing,
    /// The signing key is another ledger's, or malformed, or cannot sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The file of a ledger's signing key cannot be used.
    #[error("the key file {path}: {reason}")]
    KeyFile {
        /// Where it is.
        path: String,
        /// What is wrong with it; says nothing of its content.
        reason: String,
    },
    /// What the ledger last signed does not verify with its key.
    #[error("the latest checkpoint of the ledger: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The store holds something else than what was written.
    #[error(transparent)]
    Corrupt(#[from] Corruption),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
