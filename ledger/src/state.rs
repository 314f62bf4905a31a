//! The state tree in tiles.
//!
//! A tile is a subtree of 3 levels: up to 512 slots, and the nodes above them. Layer 0 has
//! the leaves, so its tiles are the buckets of witness bundles; layers 1 and 2 have 3 levels
//! each, and layer 3, one tile, the top 2. A tile is stored whole under (layer, index, size
//! of the log when it was written), so the newest version up to a size is the tile as of that
//! size: checkpoints of the past keep their witness bundles, and readers need no lock.

mod draft;
mod tile;

use std::fmt;

use records::domain::{BUCKET, BUCKET_LEVELS, CAPACITY, DEPTH};

pub(crate) use draft::Draft;

/// Levels of a tile; the top one has fewer.
const TILE_LEVELS: usize = BUCKET_LEVELS;

/// Layers of tiles.
const LAYERS: usize = DEPTH.div_ceil(TILE_LEVELS);

/// Slots of a tile, and bits of an index that choose among them.
const SLOTS: usize = BUCKET;
const SLOT_BITS: usize = 3 * TILE_LEVELS;

/// Buckets of the tree: tiles of layer 0.
pub(crate) const BUCKETS: u64 = CAPACITY / BUCKET as u64;

/// Which tile of the state tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    layer: u8,
    index: u64,
}

impl TileId {
    /// The tile of `layer` above (or with) the leaves of `bucket`. Layers above the top give
    /// the top.
    pub(crate) fn above(bucket: u64, layer: usize) -> Self {
        let layer = layer.min(LAYERS - 1);
        // At most LAYERS - 1 times 9 bits: far below 64; and layers are few.
        Self { layer: layer as u8, index: bucket >> (SLOT_BITS * layer) }
    }

    /// Layer, 0 for the leaves.
    pub fn layer(&self) -> u8 {
        self.layer
    }

    /// Position in its layer.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The tile with the root of this one, and in which slot.
    fn parent(&self) -> (Self, usize) {
        let parent = Self { layer: self.layer + 1, index: self.index >> SLOT_BITS };
        // Below SLOTS.
        (parent, (self.index % SLOTS as u64) as usize)
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile {}/{} of the state tree", self.layer, self.index)
    }
}

/// Height in the tree of the slots of a layer's tiles: 0 for leaves.
fn base(layer: usize) -> usize {
    TILE_LEVELS * layer
}

/// Levels of a layer's tiles.
fn levels(layer: usize) -> usize {
    TILE_LEVELS.min(DEPTH - base(layer))
}
