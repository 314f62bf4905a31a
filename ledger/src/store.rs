//! What a ledger asks of a store.
//!
//! One writer appends; any number of readers read what it has acknowledged. Everything that is
//! written is either append-only (checkpoints, tiles of the log) or versioned by the size of
//! the log (tiles of the state tree), so readers never see half of a commit even where they
//! read in several steps, as long as they start from a checkpoint.

#[cfg(test)]
mod contract;
mod memory;
mod sled;

use records::SignedCheckpoint;

pub use self::memory::MemoryStore;
pub use self::sled::{Database, DurableDb, DurableError, SledStore};
use crate::error::Corruption;
use crate::head::Head;
use crate::log::LogTile;
use crate::state::TileId;

/// One group of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The new head. Its checkpoint is also stored under (size, sequence).
    pub head: Head,
    /// Tiles of the log that are new or longer than before.
    pub log_tiles: Vec<(LogTile, Vec<u8>)>,
    /// Tiles of the state tree, as of the size of the new head.
    pub state_tiles: Vec<(TileId, Vec<u8>)>,
}

/// Why a store did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has the store open.
    #[error("{path} is in use by another process")]
    Locked {
        /// Folder of the store.
        path: String,
    },
    /// Another writer has committed since: nothing was written. Read the head and try again.
    #[error("another writer has committed to the ledger meanwhile")]
    Conflict,
    /// The commit may or may not be durable. The store takes no further commits until it is
    /// opened again; then the head tells.
    #[error("it is not known whether the commit is durable: {0}")]
    Unknown(String),
    /// An earlier commit ended with [`StoreError::Unknown`].
    #[error("the store takes no commits since one failed; open it again")]
    Stopped,
    /// The store failed; for a commit: nothing was written.
    #[error("the store failed: {0}")]
    Failed(String),
    /// The head in the store is damaged.
    #[error(transparent)]
    Corrupt(#[from] Corruption),
}

/// Keeps one ledger.
///
/// Values are opaque to the store: what it is given it returns, byte for byte. Damage that it
/// does not notice itself is found by the ledger, which checks what it reads.
pub trait Store: Send + Sync {
    /// The newest acknowledged head, or none before the first commit.
    ///
    /// *Durability*: only what is durable is returned; a head that could still be lost must
    /// not be seen, since a checkpoint that was served and then lost is a forked history.
    /// *Concurrency*: any number of readers, during commits too. *Errors*:
    /// [`StoreError::Failed`], [`StoreError::Corrupt`].
    ///
    /// # Errors
    /// As above.
    fn head(&self) -> Result<Option<Head>, StoreError>;

    /// The newest acknowledged checkpoint of exactly that size, or none.
    ///
    /// *Durability*, *concurrency*: as for [`Store::head`]. *Errors*: [`StoreError::Failed`].
    ///
    /// # Errors
    /// As above.
    fn checkpoint(&self, size: u64) -> Result<Option<SignedCheckpoint>, StoreError>;

    /// A tile of the log, or none.
    ///
    /// *Durability*: may be longer than the acknowledged head accounts for; callers use the
    /// part that belongs to a checkpoint. *Concurrency*: any number of readers, during commits
    /// too. *Errors*: [`StoreError::Failed`].
    ///
    /// # Errors
    /// As above.
    fn log_tile(&self, tile: LogTile) -> Result<Option<Vec<u8>>, StoreError>;

    /// The newest version of a tile of the state tree that was written at `size` or before,
    /// with the size at which it was written; or none.
    ///
    /// *Durability*: that of the checkpoint of `size`; for a size without checkpoint nothing is
    /// promised. *Concurrency*: any number of readers, during commits too. *Errors*:
    /// [`StoreError::Failed`].
    ///
    /// # Errors
    /// As above.
    fn state_tile(&self, tile: TileId, size: u64) -> Result<Option<(u64, Vec<u8>)>, StoreError>;

    /// Writes one group.
    ///
    /// *Durability*: when it returns, the group survives the death of the process and loss of
    /// power. *Atomicity*: all of the group or nothing, after a crash too. *Concurrency*:
    /// applied only where the stored head has the sequence number before the group's (no head,
    /// for number 0), so of two writers one fails with [`StoreError::Conflict`]. *Errors*: after
    /// [`StoreError::Conflict`], [`StoreError::Failed`] and [`StoreError::Stopped`] nothing was
    /// written; after [`StoreError::Unknown`] all or nothing was, and readers see nothing of it
    /// until the store is opened again.
    ///
    /// # Errors
    /// As above.
    fn commit(&self, commit: &Commit) -> Result<(), StoreError>;
}

/// Whether a commit follows a head.
fn follows(commit: &Commit, head: Option<&Head>) -> Result<(), StoreError> {
    let next = head.map_or(Some(0), |head| head.sequence.checked_add(1));
    if next == Some(commit.head.sequence) { Ok(()) } else { Err(StoreError::Conflict) }
}
