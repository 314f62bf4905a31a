//! A ledger for as long as the process lives.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use records::SignedCheckpoint;

use super::{Commit, Store, StoreError, follows};
use crate::head::Head;
use crate::log::LogTile;
use crate::state::TileId;

/// Keeps a ledger in memory: for tests, and for replaying the log of another ledger. Nothing is
/// durable; all else is as [`Store`] says. Its only error is [`StoreError::Conflict`].
#[derive(Debug, Default)]
pub struct MemoryStore(RwLock<Contents>);

#[derive(Debug, Default)]
struct Contents {
    head: Option<Head>,
    checkpoints: BTreeMap<u64, SignedCheckpoint>,
    log: BTreeMap<LogTile, Vec<u8>>,
    state: BTreeMap<(TileId, u64), Vec<u8>>,
}

impl MemoryStore {
    fn contents(&self) -> RwLockReadGuard<'_, Contents> {
        // Nothing panics while it writes, so a poisoned lock guards whole contents.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn head(&self) -> Result<Option<Head>, StoreError> {
        Ok(self.contents().head.clone())
    }

    fn checkpoint(&self, size: u64) -> Result<Option<SignedCheckpoint>, StoreError> {
        Ok(self.contents().checkpoints.get(&size).cloned())
    }

    fn log_tile(&self, tile: LogTile) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.contents().log.get(&tile).cloned())
    }

    fn state_tile(&self, tile: TileId, size: u64) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let contents = self.contents();
        let newest = contents.state.range((tile, 0)..=(tile, size)).next_back();
        Ok(newest.map(|((_, written), bytes)| (*written, bytes.clone())))
    }

    fn commit(&self, commit: &Commit) -> Result<(), StoreError> {
        let mut contents = self.0.write().unwrap_or_else(PoisonError::into_inner);
        follows(commit, contents.head.as_ref())?;
        let head = commit.head.clone();
        contents.checkpoints.insert(head.size, head.checkpoint.clone());
        contents.log.extend(commit.log_tiles.iter().cloned());
        let state = commit.state_tiles.iter().cloned();
        contents.state.extend(state.map(|(tile, bytes)| ((tile, head.size), bytes)));
        contents.head = Some(head);
        Ok(())
    }
}
