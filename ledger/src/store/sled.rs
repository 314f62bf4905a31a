//! A ledger in a tree of a sled database.
//!
//! | key | value |
//! |---|---|
//! | `h` | the head |
//! | `c` ‖ size ‖ sequence | a signed checkpoint |
//! | `e` ‖ n | a bundle of entries |
//! | `l` ‖ level ‖ n | a tile of hashes |
//! | `s` ‖ layer ‖ index ‖ size | a tile of the state tree |
//!
//! Numbers are big-endian, 8 bytes; level and layer 1 byte. So the versions of a tile and the
//! checkpoints of a size are neighbours, oldest first.

mod database;
mod durable;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use records::SignedCheckpoint;
use sled::{Batch, Tree};

pub use database::Database;
pub use durable::{DurableDb, DurableError};

use super::{Commit, Store, StoreError, follows};
use crate::error::Corruption;
use crate::head::Head;
use crate::log::LogTile;
use crate::state::TileId;

const HEAD: &[u8] = b"h";

/// Keeps a ledger on disk. There must be only one for each tree at a time: [`Database`] sees
/// to it for other processes, [`crate::Ledgers`] within one.
///
/// Durable means: in the file of the database, and the file flushed with fsync.
pub struct SledStore {
    database: Arc<Database>,
    tree: Tree,
    /// The newest durable head. The tree itself may be ahead of it during a commit.
    acknowledged: RwLock<Option<Head>>,
    /// Held during a commit.
    writer: Mutex<()>,
    /// Set when a commit failed in the middle: then the tree may hold tiles that no later
    /// commit must build on.
    stopped: AtomicBool,
}

impl SledStore {
    /// The ledger in `tree`, which may be empty.
    fn new(database: Arc<Database>, tree: Tree) -> Result<Self, StoreError> {
        // What a process wrote that died before its fsync may be in the system's memory only:
        // it must not be served before it is durable.
        database.flush()?;
        let head = tree.get(HEAD).map_err(failed)?;
        let head = head.map(|bytes| Head::from_bytes(&bytes)).transpose()?;
        Ok(Self {
            database,
            tree,
            acknowledged: RwLock::new(head),
            writer: Mutex::new(()),
            stopped: AtomicBool::new(false),
        })
    }

    fn acknowledged(&self) -> Option<Head> {
        // The lock is held for single assignments, so a poisoned one guards a whole head.
        self.acknowledged.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Store for SledStore {
    fn head(&self) -> Result<Option<Head>, StoreError> {
        Ok(self.acknowledged())
    }

    fn checkpoint(&self, size: u64) -> Result<Option<SignedCheckpoint>, StoreError> {
        let Some(head) = self.acknowledged() else {
            return Ok(None);
        };
        let keys = checkpoint_key(size, 0)..=checkpoint_key(size, head.sequence);
        let newest = self.tree.range(keys).next_back().transpose().map_err(failed)?;
        let parse = |bytes: sled::IVec| {
            SignedCheckpoint::from_bytes(&bytes)
                .map_err(|error| Corruption::new(format!("the checkpoint of size {size}"), error))
        };
        Ok(newest.map(|(_, bytes)| parse(bytes)).transpose()?)
    }

    fn log_tile(&self, tile: LogTile) -> Result<Option<Vec<u8>>, StoreError> {
        let bytes = self.tree.get(log_key(tile)).map_err(failed)?;
        Ok(bytes.map(|bytes| bytes.to_vec()))
    }

    fn state_tile(&self, tile: TileId, size: u64) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let keys = state_key(tile, 0)..=state_key(tile, size);
        let newest = self.tree.range(keys).next_back().transpose().map_err(failed)?;
        let version = newest.and_then(|(key, bytes)| {
            Some((u64::from_be_bytes(*key.last_chunk()?), bytes.to_vec()))
        });
        Ok(version)
    }

    fn commit(&self, commit: &Commit) -> Result<(), StoreError> {
        // Guards no data of its own.
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if self.stopped.load(Ordering::Acquire) {
            return Err(StoreError::Stopped);
        }
        follows(commit, self.acknowledged().as_ref())?;
        let written = self.tree.apply_batch(batch(commit)).map_err(failed);
        if let Err(error) = written.and_then(|()| self.database.flush()) {
            self.stopped.store(true, Ordering::Release);
            return Err(StoreError::Unknown(error.to_string()));
        }
        let mut acknowledged = self.acknowledged.write().unwrap_or_else(PoisonError::into_inner);
        *acknowledged = Some(commit.head.clone());
        Ok(())
    }
}

fn batch(commit: &Commit) -> Batch {
    let Commit { head, log_tiles, state_tiles } = commit;
    let mut batch = Batch::default();
    for (tile, bytes) in log_tiles {
        batch.insert(log_key(*tile), bytes.as_slice());
    }
    for (tile, bytes) in state_tiles {
        batch.insert(state_key(*tile, head.size), bytes.as_slice());
    }
    let checkpoint = head.checkpoint.as_str().as_bytes();
    batch.insert(checkpoint_key(head.size, head.sequence), checkpoint);
    batch.insert(HEAD, head.to_bytes());
    batch
}

fn checkpoint_key(size: u64, sequence: u64) -> Vec<u8> {
    [b"c", &size.to_be_bytes()[..], &sequence.to_be_bytes()].concat()
}

fn log_key(tile: LogTile) -> Vec<u8> {
    match tile {
        LogTile::Entries { n } => [b"e", &n.to_be_bytes()[..]].concat(),
        LogTile::Hashes { level, n } => [&[b'l', level], &n.to_be_bytes()[..]].concat(),
    }
}

fn state_key(tile: TileId, size: u64) -> Vec<u8> {
    [&[b's', tile.layer()], &tile.index().to_be_bytes()[..], &size.to_be_bytes()].concat()
}

fn failed(error: sled::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}
