//! The tiles between some buckets and the root: read and checked from above, changed from
//! below.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use records::domain::{ARITY, BUCKET_LEVELS};
use records::tree::{UPPER_LEVELS, WitnessBundle, empty_node};
use records::{Fr, Leaf, Node, StateRoot};

use super::tile::Tile;
use super::{LAYERS, SLOTS, TILE_LEVELS, TileId, base};
use crate::error::{Corruption, LedgerError};
use crate::store::Store;

/// A part of the state tree in memory: for each of its buckets all tiles up to the root.
pub(crate) struct Draft {
    tiles: BTreeMap<TileId, Tile>,
}

impl Draft {
    /// Reads the tiles of `buckets` as of `size`. Each tile's root must be what the tile above
    /// says, and the top one's must be `root`, so neither a lost tile nor a version of another
    /// time can pass.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`] where a tile is damaged or another one, [`LedgerError::Store`].
    pub(crate) fn load(
        store: &dyn Store,
        size: u64,
        root: StateRoot,
        buckets: &BTreeSet<u64>,
    ) -> Result<Self, LedgerError> {
        let mut draft = Self { tiles: BTreeMap::new() };
        for layer in (0..LAYERS).rev() {
            let ids: BTreeSet<_> = buckets.iter().map(|b| TileId::above(*b, layer)).collect();
            let tiles: Vec<(TileId, Tile)> = ids
                .into_par_iter()
                .map(|id| Ok((id, draft.load_tile(store, size, root, id)?)))
                .collect::<Result<_, LedgerError>>()?;
            draft.tiles.extend(tiles);
        }
        Ok(draft)
    }

    fn load_tile(
        &self,
        store: &dyn Store,
        size: u64,
        root: StateRoot,
        id: TileId,
    ) -> Result<Tile, LedgerError> {
        let layer = usize::from(id.layer());
        let tile = match store.state_tile(id, size)? {
            Some((written, bytes)) => Tile::from_bytes(layer, &place(id, written), &bytes)?,
            None => Tile::empty(layer),
        };
        let expected = if layer == LAYERS - 1 {
            root.field()
        } else {
            let (parent, slot) = id.parent();
            // Loaded before: the layers come from above.
            self.tiles.get(&parent).map_or(empty_node(base(layer + 1)), |tile| tile.get(slot))
        };
        if tile.root() == expected {
            Ok(tile)
        } else {
            let reason = format!("it is not the one that the state root of size {size} commits to");
            Err(Corruption::new(id, reason).into())
        }
    }

    fn slot(index: u64) -> (TileId, usize) {
        let slots = SLOTS as u64;
        // Below SLOTS.
        (TileId::above(index / slots, 0), (index % slots) as usize)
    }

    /// The leaf at `index`; nothing where its bucket is not in the draft.
    pub(crate) fn leaf(&self, index: u64) -> Option<Leaf> {
        let (id, slot) = Self::slot(index);
        self.tiles.get(&id).map(|tile| Leaf::from_field(tile.get(slot)))
    }

    /// Sets the leaf at `index`; the nodes above follow in [`Draft::finish`].
    pub(crate) fn set(&mut self, index: u64, leaf: Leaf) {
        let (id, slot) = Self::slot(index);
        debug_assert!(self.tiles.contains_key(&id));
        if let Some(tile) = self.tiles.get_mut(&id) {
            tile.set(slot, leaf.field());
        }
    }

    /// Recomputes what is above the leaves that were set, each tile once and on all cores;
    /// returns the new root, and the changed tiles as of the new size.
    pub(crate) fn finish(mut self, size: u64) -> (StateRoot, Vec<(TileId, Vec<u8>)>) {
        let mut changed = Vec::new();
        let mut root = None;
        for layer in 0..LAYERS {
            let from = TileId { layer: layer as u8, index: 0 };
            let to = TileId { layer: layer as u8, index: u64::MAX };
            let done: Vec<(TileId, Fr, Vec<u8>)> = self
                .tiles
                .range_mut(from..=to)
                .filter(|(_, tile)| layer == LAYERS - 1 || tile.is_touched())
                .collect::<Vec<_>>()
                .into_par_iter()
                .map(|(id, tile)| {
                    tile.rehash();
                    (*id, tile.root(), tile.to_bytes(&place(*id, size)))
                })
                .collect();
            for (id, node, bytes) in done {
                changed.push((id, bytes));
                let (parent, slot) = id.parent();
                match self.tiles.get_mut(&parent) {
                    Some(parent) => parent.set(slot, node),
                    None => root = Some(node),
                }
            }
        }
        // A draft has the top tile, unless it was loaded for no buckets at all.
        let root = StateRoot::from_field(root.unwrap_or_else(|| Tile::empty(LAYERS - 1).root()));
        (root, changed)
    }

    /// The witness bundle of one bucket of the draft.
    pub(crate) fn bundle(&self, size: u64, bucket: u64) -> WitnessBundle {
        let tile = |layer| self.tiles.get(&TileId::above(bucket, layer));
        let slots = tile(0).map_or(&[][..], Tile::slots);
        let upper: [[Node; ARITY]; UPPER_LEVELS] = std::array::from_fn(|i| {
            let height = BUCKET_LEVELS + i;
            let layer = height / TILE_LEVELS;
            let row = height - base(layer);
            // Number of the parent in its level, then among the parents of this row of the
            // tile, of which there are at most 64.
            let parent = bucket >> (3 * (i + 1));
            let group = (parent % (SLOTS >> (3 * (row + 1))) as u64) as usize;
            let children = tile(layer).map(|tile| tile.group(row, group));
            children.unwrap_or_else(|| Tile::empty(layer).group(row, group)).map(Node::from_field)
        });
        let leaves = slots.iter().map(|leaf| Leaf::from_field(*leaf)).collect();
        WitnessBundle { size, bucket, leaves, upper }
    }
}

/// Where a version of a tile is, for its checksum and for messages.
fn place(id: TileId, size: u64) -> String {
    format!("{id}, as of size {size},")
}
