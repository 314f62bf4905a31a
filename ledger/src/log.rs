//! The event log: an RFC 6962 tree over the bytes of the events, in tiles of 256 hashes and
//! bundles of 256 entries, with the bytes of C2SP tlog-tiles.
//!
//! Tiles are never changed, only made longer: a tile of today begins with what it was at any
//! size before, so readers of older sizes need no versions.

mod entries;
mod growth;
mod hashes;

use std::fmt;

pub(crate) use entries::read_events;
pub(crate) use growth::grow;
pub(crate) use hashes::{consistency_proof, inclusion_proof, tree_hash};

/// Height of a tile of hashes (C2SP tlog-tiles).
const TILE_HEIGHT: u8 = 8;

/// Hashes of a full tile, entries of a full bundle.
const TILE_WIDTH: u64 = 1 << TILE_HEIGHT;

/// Which tile of the event log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogTile {
    /// The entries 256·n and the 255 after it.
    Entries {
        /// Which bundle.
        n: u64,
    },
    /// The hashes 256·n and the 255 after it of tree level 8·level.
    Hashes {
        /// Level of tiles: 0 has the hashes of the entries.
        level: u8,
        /// Which tile of its level.
        n: u64,
    },
}

/// Tiles with their bytes.
type LogTiles = Vec<(LogTile, Vec<u8>)>;

impl fmt::Display for LogTile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entries { n } => write!(f, "entry bundle {n} of the event log"),
            Self::Hashes { level, n } => write!(f, "hash tile {level}/{n} of the event log"),
        }
    }
}
