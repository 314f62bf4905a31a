//! One tile: its slots, and the nodes above them up to, but without, its root.

use rayon::prelude::*;
use records::domain::ARITY;
use records::tree::{empty_node, hash_group};
use records::{Fr, field_from_bytes, field_to_bytes};

use super::{SLOTS, TILE_LEVELS, base, levels};
use crate::error::Corruption;
use crate::seal::{seal, unseal};

const FIELD_BYTES: usize = 32;

/// Groups of touched slots from which on they are hashed on all cores.
const PARALLEL_GROUPS: usize = 8;

/// A subtree. Invariant: `rows[0]` has the slots up to the last one ever set, `rows[r + 1]` one
/// node for each group of eight of `rows[r]`, begun or full; what is not there is empty. Between
/// [`Tile::set`] and [`Tile::rehash`] the nodes above a set slot are stale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tile {
    layer: usize,
    rows: [Vec<Fr>; TILE_LEVELS],
    /// One bit for each group of eight slots that has a slot set since the last rehash.
    touched: u64,
}

impl Tile {
    /// A tile of which no slot was ever set.
    pub(super) fn empty(layer: usize) -> Self {
        Self { layer, rows: Default::default(), touched: 0 }
    }

    /// Slots up to the last one ever set.
    pub(super) fn slots(&self) -> &[Fr] {
        &self.rows[0]
    }

    /// What is in a slot.
    pub(super) fn get(&self, slot: usize) -> Fr {
        self.rows[0].get(slot).copied().unwrap_or_else(|| empty_node(base(self.layer)))
    }

    /// Sets a slot. A slot beyond the tile is ignored: callers derive slots from indices below
    /// the capacity of the tree.
    pub(super) fn set(&mut self, slot: usize, value: Fr) {
        debug_assert!(slot < ARITY.pow(levels(self.layer) as u32));
        if slot >= self.rows[0].len() {
            self.resize(slot + 1);
        }
        if let Some(place) = self.rows[0].get_mut(slot) {
            *place = value;
            self.touched |= 1 << (slot / ARITY);
        }
    }

    fn resize(&mut self, slots: usize) {
        let mut length = slots.min(ARITY.pow(levels(self.layer) as u32));
        for (row, nodes) in self.rows.iter_mut().enumerate().take(levels(self.layer)) {
            nodes.resize(length, empty_node(base(self.layer) + row));
            length = length.div_ceil(ARITY);
        }
    }

    /// Whether a slot was set since the last rehash.
    pub(super) fn is_touched(&self) -> bool {
        self.touched != 0
    }

    /// The eight children of one node: the group `group` of a row.
    pub(super) fn group(&self, row: usize, group: usize) -> [Fr; ARITY] {
        let nodes = self.rows.get(row).map_or(&[][..], Vec::as_slice);
        let empty = empty_node(base(self.layer) + row);
        std::array::from_fn(|i| nodes.get(ARITY * group + i).copied().unwrap_or(empty))
    }

    /// Recomputes the nodes above the slots that were set, and no others.
    pub(super) fn rehash(&mut self) {
        let mut touched = std::mem::take(&mut self.touched);
        for row in 0..levels(self.layer) - 1 {
            let groups: Vec<usize> = (0..SLOTS / ARITY).filter(|g| touched >> g & 1 == 1).collect();
            let level = base(self.layer) + row;
            let hash = |group: &usize| (*group, hash_group(&self.group(row, *group), level));
            let nodes: Vec<(usize, Fr)> = if groups.len() >= PARALLEL_GROUPS {
                groups.par_iter().map(hash).collect()
            } else {
                groups.iter().map(hash).collect()
            };
            touched = 0;
            for (group, node) in nodes {
                if let Some(place) = self.rows[row + 1].get_mut(group) {
                    *place = node;
                }
                touched |= 1 << (group / ARITY);
            }
        }
    }

    /// The root: one hash.
    pub(super) fn root(&self) -> Fr {
        let top = levels(self.layer) - 1;
        hash_group(&self.group(top, 0), base(self.layer) + top)
    }

    /// Number of slots (2, big-endian) ‖ the rows (32 bytes a node) ‖ checksum.
    pub(super) fn to_bytes(&self, place: &str) -> Vec<u8> {
        let nodes: usize = self.rows.iter().map(Vec::len).sum();
        let mut bytes = Vec::with_capacity(nodes * FIELD_BYTES + 16);
        // At most 512.
        bytes.extend((self.rows[0].len() as u16).to_be_bytes());
        bytes.extend(self.rows.iter().flatten().flat_map(|node| field_to_bytes(*node)));
        seal(place, bytes)
    }

    /// Reads what [`Tile::to_bytes`] writes for a tile of that layer in that place.
    ///
    /// # Errors
    /// [`Corruption`] for other bytes. That the nodes are the hashes of the slots is not
    /// checked: the checksum stands for it.
    pub(super) fn from_bytes(layer: usize, place: &str, bytes: &[u8]) -> Result<Self, Corruption> {
        let damaged = |reason| Corruption::new(place, reason);
        let (length, rest) =
            unseal(place, bytes)?.split_first_chunk().ok_or_else(|| damaged("it has no length"))?;
        let length = usize::from(u16::from_be_bytes(*length));
        let mut tile = Self::empty(layer);
        tile.resize(length);
        let (nodes, left_over) = rest.as_chunks::<FIELD_BYTES>();
        let expected: usize = tile.rows.iter().map(Vec::len).sum();
        if tile.rows[0].len() != length || nodes.len() != expected || !left_over.is_empty() {
            return Err(damaged("its length is wrong"));
        }
        for (place, bytes) in tile.rows.iter_mut().flatten().zip(nodes) {
            *place = field_from_bytes(bytes).map_err(|_| damaged("a node is no field element"))?;
        }
        Ok(tile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::commitment::hash_node;
    use records::domain::DEPTH;

    fn plain_root(tile: &Tile, slots: &[Fr]) -> Fr {
        let mut row = slots.to_vec();
        row.resize(ARITY.pow(levels(tile.layer) as u32), empty_node(base(tile.layer)));
        while row.len() > 1 {
            row = row.as_chunks().0.iter().map(hash_node).collect();
        }
        row[0]
    }

    #[test]
    fn roots_are_those_of_the_plain_tree() {
        for layer in 0..4 {
            let mut tile = Tile::empty(layer);
            assert_eq!(tile.root(), empty_node((base(layer) + 3).min(DEPTH)));
            let mut slots = vec![empty_node(base(layer)); 64];
            for slot in [0, 1, 9, 63, 40, 9] {
                let value = Fr::from(slot as u64 + 1_000);
                slots[slot] = value;
                tile.set(slot, value);
                assert!(tile.is_touched());
                tile.rehash();
                assert_eq!(tile.root(), plain_root(&tile, &slots), "layer {layer}, slot {slot}");
            }
            slots[1] = empty_node(base(layer));
            tile.set(1, slots[1]);
            tile.rehash();
            assert_eq!(tile.root(), plain_root(&tile, &slots));
        }
    }

    #[test]
    fn many_slots_at_once() {
        let mut tile = Tile::empty(0);
        let slots: Vec<Fr> = (1..=512_u64).map(Fr::from).collect();
        slots.iter().enumerate().for_each(|(slot, value)| tile.set(slot, *value));
        tile.rehash();
        assert_eq!(tile.root(), plain_root(&tile, &slots));
    }

    #[test]
    fn bytes_come_back_and_damage_is_seen() {
        let mut tile = Tile::empty(0);
        tile.set(10, Fr::from(3_u64));
        tile.rehash();
        let bytes = tile.to_bytes("here");
        assert_eq!(bytes.len(), 2 + 32 * (11 + 2 + 1) + 8);
        assert_eq!(Tile::from_bytes(0, "here", &bytes).unwrap(), tile);
        assert!(Tile::from_bytes(0, "there", &bytes).is_err());
        for position in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[position] ^= 0x80;
            assert!(Tile::from_bytes(0, "here", &bad).is_err());
        }
    }

    #[test]
    fn other_shapes_are_refused_whatever_the_checksum() {
        let shape = |length: u16, nodes: usize, left_over: usize| {
            let payload = [&length.to_be_bytes()[..], &vec![0; 32 * nodes + left_over]].concat();
            Tile::from_bytes(3, "here", &seal("here", payload)).is_ok()
        };
        assert!(shape(64, 72, 0));
        assert!(!shape(64, 72, 1));
        assert!(!shape(64, 71, 0));
        assert!(!shape(65, 74, 0));
        assert!(Tile::from_bytes(0, "here", &seal("here", vec![0])).is_err());
        let alias = [&[0, 1][..], &[0xff; 96]].concat();
        assert!(Tile::from_bytes(0, "here", &seal("here", alias)).is_err());
    }
}
