//! Hashes of the log from its tiles, and proofs made of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use tlog_tiles::{HASH_SIZE, Hash, HashReader, RecordProof, Tile, TreeProof};

use super::{LogTile, TILE_HEIGHT};
use crate::error::{Corruption, LedgerError};
use crate::store::Store;

/// Tiles that are not in the store yet.
pub(super) type Overlay = BTreeMap<LogTile, Vec<u8>>;

/// Reads stored hashes from tiles. `tlog_tiles` has errors of its own alone, so ours wait in
/// `failure` until it has returned.
struct TileHashes<'a> {
    store: &'a dyn Store,
    overlay: &'a Overlay,
    failure: RefCell<Option<LedgerError>>,
}

/// RFC 6962 tree hash of the first `size` entries.
///
/// # Errors
/// [`LedgerError::Corrupt`] where a tile is missing or too short, [`LedgerError::Store`].
pub(crate) fn tree_hash(store: &dyn Store, size: u64) -> Result<Hash, LedgerError> {
    tree_hash_with(store, &Overlay::new(), size)
}

pub(super) fn tree_hash_with(
    store: &dyn Store,
    overlay: &Overlay,
    size: u64,
) -> Result<Hash, LedgerError> {
    with_hashes(store, overlay, |hashes| tlog_tiles::tree_hash(size, hashes))
}

/// Proof that entry `index` is in the tree of `size` entries; `index < size`.
pub(crate) fn inclusion_proof(
    store: &dyn Store,
    index: u64,
    size: u64,
) -> Result<RecordProof, LedgerError> {
    with_hashes(store, &Overlay::new(), |hashes| tlog_tiles::prove_record(size, index, hashes))
}

/// Proof that the tree of `new` entries begins with that of `old` entries; `1 <= old <= new`.
pub(crate) fn consistency_proof(
    store: &dyn Store,
    old: u64,
    new: u64,
) -> Result<TreeProof, LedgerError> {
    with_hashes(store, &Overlay::new(), |hashes| tlog_tiles::prove_tree(new, old, hashes))
}

fn with_hashes<T>(
    store: &dyn Store,
    overlay: &Overlay,
    work: impl FnOnce(&TileHashes<'_>) -> Result<T, tlog_tiles::Error>,
) -> Result<T, LedgerError> {
    let hashes = TileHashes { store, overlay, failure: RefCell::new(None) };
    work(&hashes).map_err(|error| {
        let ours = hashes.failure.take();
        ours.unwrap_or_else(|| Corruption::new("the event log", error).into())
    })
}

impl TileHashes<'_> {
    fn read(&self, index: u64) -> Result<Hash, LedgerError> {
        let tile = Tile::from_index(TILE_HEIGHT, index);
        let id = LogTile::Hashes { level: tile.level(), n: tile.level_index() };
        let stored;
        let bytes = match self.overlay.get(&id) {
            Some(bytes) => bytes,
            None => {
                stored = self.store.log_tile(id)?.unwrap_or_default();
                &stored
            }
        };
        // At most 256 hashes of 32 bytes.
        let needed = bytes.get(..tile.width() as usize * HASH_SIZE);
        let bytes = needed.ok_or_else(|| Corruption::new(id, "hashes are missing"))?;
        Ok(tile.hash_at_index(bytes, index).map_err(|error| Corruption::new(id, error))?)
    }
}

impl HashReader for TileHashes<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        indexes.iter().map(|index| self.read(*index)).collect::<Result<_, _>>().map_err(|error| {
            *self.failure.borrow_mut() = Some(error);
            tlog_tiles::Error::IndexesNotInTree
        })
    }
}
