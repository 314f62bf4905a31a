//! Appending to the log: the tiles that change, and the new tree hash.

use rayon::prelude::*;
use tlog_tiles::{HASH_SIZE, Hash, Tile, record_hash};

use super::entries::{push_entry, read_bundle};
use super::hashes::{Overlay, tree_hash_with};
use super::{LogTile, LogTiles, TILE_HEIGHT, TILE_WIDTH};
use crate::error::{Corruption, LedgerError};
use crate::store::Store;

/// Entries that one core hashes at a time.
const HASH_CHUNK: usize = 512;

/// Appends `entries` to the log of `size` entries. Returns the new tree hash, and the tiles
/// that are new or longer.
///
/// What is built on is checked first: the tree hash of the stored log must be `root`, and the
/// entries of the last bundle must be those that were hashed.
///
/// # Errors
/// [`LedgerError::Corrupt`], [`LedgerError::Store`].
pub(crate) fn grow(
    store: &dyn Store,
    size: u64,
    root: [u8; HASH_SIZE],
    entries: &[Vec<u8>],
) -> Result<(Hash, LogTiles), LedgerError> {
    let mut growth = Growth::load(store, size, root)?;
    let hashes: Vec<Hash> =
        entries.par_iter().with_min_len(HASH_CHUNK).map(|entry| record_hash(entry)).collect();
    for (entry, hash) in entries.iter().zip(hashes) {
        growth.push(entry, hash);
    }
    let tiles = growth.finish();
    let root = tree_hash_with(store, &tiles, size + entries.len() as u64)?;
    Ok((root, tiles.into_iter().collect()))
}

/// The unfinished tiles at the right edge of the log, and those finished since.
struct Growth {
    size: u64,
    bundle: Vec<u8>,
    /// The unfinished tile of each level.
    edge: Vec<EdgeTile>,
    changed: Overlay,
}

#[derive(Default)]
struct EdgeTile {
    n: u64,
    hashes: Vec<u8>,
    changed: bool,
}

impl Growth {
    fn load(store: &dyn Store, size: u64, root: [u8; HASH_SIZE]) -> Result<Self, LedgerError> {
        let mut edge = Vec::new();
        let mut hashes = size;
        for level in 0.. {
            // The remainder is below 256.
            let (n, width) = (hashes / TILE_WIDTH, (hashes % TILE_WIDTH) as usize);
            let mut tile = EdgeTile { n, ..EdgeTile::default() };
            if width > 0 {
                let id = LogTile::Hashes { level, n };
                tile.hashes = store.log_tile(id)?.unwrap_or_default();
                if tile.hashes.len() < width * HASH_SIZE {
                    return Err(Corruption::new(id, "hashes are missing").into());
                }
                tile.hashes.truncate(width * HASH_SIZE);
            }
            edge.push(tile);
            hashes = n;
            if hashes == 0 {
                break;
            }
        }
        if tree_hash_with(store, &Overlay::new(), size)?.0 != root {
            let reason = format!("its tree hash at size {size} is not the one that was signed");
            return Err(Corruption::new("the event log", reason).into());
        }
        // Below 256.
        let width = (size % TILE_WIDTH) as usize;
        let bundle =
            if width > 0 { read_bundle(store, size / TILE_WIDTH, width)?.0 } else { Vec::new() };
        Ok(Self { size, bundle, edge, changed: Overlay::new() })
    }

    fn push(&mut self, entry: &[u8], hash: Hash) {
        let n = self.size / TILE_WIDTH;
        push_entry(&mut self.bundle, entry);
        self.push_hash(0, hash);
        self.size += 1;
        if self.size.is_multiple_of(TILE_WIDTH) {
            self.changed.insert(LogTile::Entries { n }, std::mem::take(&mut self.bundle));
        }
    }

    /// Adds a hash to a level of tiles. A full tile's own hash goes to the level above.
    fn push_hash(&mut self, level: u8, hash: Hash) {
        let place = usize::from(level);
        if self.edge.len() == place {
            self.edge.push(EdgeTile::default());
        }
        let Some(tile) = self.edge.get_mut(place) else {
            return;
        };
        tile.hashes.extend(hash.0);
        tile.changed = true;
        if tile.hashes.len() == HASH_SIZE << TILE_HEIGHT {
            let root = Tile::subtree_hash(&tile.hashes);
            let id = LogTile::Hashes { level, n: tile.n };
            self.changed.insert(id, std::mem::take(&mut tile.hashes));
            *tile = EdgeTile { n: tile.n + 1, ..EdgeTile::default() };
            self.push_hash(level + 1, root);
        }
    }

    /// All tiles that are new or longer.
    fn finish(self) -> Overlay {
        let mut changed = self.changed;
        if !self.bundle.is_empty() {
            changed.insert(LogTile::Entries { n: self.size / TILE_WIDTH }, self.bundle);
        }
        for (level, tile) in (0..).zip(self.edge) {
            if tile.changed {
                changed.insert(LogTile::Hashes { level, n: tile.n }, tile.hashes);
            }
        }
        changed
    }
}
