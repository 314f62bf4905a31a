//! The state tree of a ledger and paths through it: 8-ary, 11 levels, empty leaf 0,
//! `node = compress_8(children)`.
//!
//! A holder never asks for the path of one leaf: it fetches a [`WitnessBundle`], the 512 leaves
//! of its bucket and the siblings above, and computes its path itself.

use std::fmt;
use std::sync::LazyLock;

use ark_bn254::Fr;
use ark_ff::AdditiveGroup;
use serde::{Deserialize, Serialize};

use crate::commitment::hash_node;
use crate::domain::{ARITY, BUCKET, BUCKET_LEVELS, CAPACITY, DEPTH};
use crate::{Leaf, Node, StateRoot};

/// Levels of a path above its bucket.
pub const UPPER_LEVELS: usize = DEPTH - BUCKET_LEVELS;

/// The children at each level of the way from a leaf to the root, from the leaf's own level up.
/// It shows which record is meant, so it does not print with `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct StatePath {
    /// `levels[0]` holds the leaf and its seven neighbours.
    pub levels: [[Fr; ARITY]; DEPTH],
}

/// Why a witness bundle gives no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// More leaves than a bucket has.
    #[error("a witness bundle has more than {BUCKET} leaves")]
    TooManyLeaves,
    /// The leaf lies in another bucket, or beyond the tree.
    #[error("leaf {index} is not in bucket {bucket}")]
    OtherBucket {
        /// Index asked for.
        index: u64,
        /// Bucket of the bundle.
        bucket: u64,
    },
    /// The bundle is not of the tree with that root.
    #[error("the witness bundle does not belong to the checkpoint's state root")]
    OtherRoot,
}

/// Hash of a subtree without leaves, by height: `empty_node(0)` is the empty leaf.
pub fn empty_node(height: usize) -> Fr {
    static EMPTY: LazyLock<[Fr; DEPTH + 1]> = LazyLock::new(|| {
        let mut nodes = [Fr::ZERO; DEPTH + 1];
        for height in 1..=DEPTH {
            nodes[height] = hash_node(&[nodes[height - 1]; ARITY]);
        }
        nodes
    });
    EMPTY[height.min(DEPTH)]
}

/// Root of a tree without leaves.
pub fn empty_root() -> StateRoot {
    StateRoot::from_field(empty_node(DEPTH))
}

/// Position, 0 to 7, among its siblings of the node above leaf `index` at `level` (0: the leaf).
pub fn position(index: u64, level: usize) -> usize {
    // Three bits of index per level; the result is below 8.
    ((index >> (3 * level)) & 7) as usize
}

impl fmt::Debug for StatePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StatePath(private)")
    }
}

impl StatePath {
    /// The root that this path leads to.
    pub fn root(&self) -> StateRoot {
        StateRoot::from_field(hash_node(&self.levels[DEPTH - 1]))
    }

    /// Whether the path leads from `leaf` to its root: each level contains the hash of the one
    /// below.
    pub fn contains(&self, leaf: Leaf) -> bool {
        let mut current = leaf.field();
        self.levels.iter().all(|children| {
            let found = children.contains(&current);
            current = hash_node(children);
            found
        })
    }
}

/// The leaves of one bucket and the siblings above it, of the tree that one checkpoint signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessBundle {
    /// Size of the event log (number of events) of the checkpoint.
    pub size: u64,
    /// Which bucket: leaf index / 512.
    pub bucket: u64,
    /// The bucket's leaves; those beyond the last one issued are left out.
    pub leaves: Vec<Leaf>,
    /// Children at each of the 8 levels above the bucket, from below.
    pub upper: [[Node; ARITY]; UPPER_LEVELS],
}

impl WitnessBundle {
    /// The path of the leaf at `index`, checked against the state root of the checkpoint.
    ///
    /// # Errors
    /// [`PathError`] where the leaf is in another bucket or the bundle is of another tree.
    pub fn path(&self, index: u64, root: StateRoot) -> Result<StatePath, PathError> {
        let bucket = self.bucket;
        if index >= CAPACITY || index / BUCKET as u64 != bucket {
            return Err(PathError::OtherBucket { index, bucket });
        }
        if self.leaves.len() > BUCKET {
            return Err(PathError::TooManyLeaves);
        }
        let mut levels = [[Fr::ZERO; ARITY]; DEPTH];
        let mut row: Vec<Fr> = self.leaves.iter().map(Leaf::field).collect();
        row.resize(BUCKET, Fr::ZERO);
        for (level, children) in levels.iter_mut().enumerate().take(BUCKET_LEVELS) {
            let groups = row.as_chunks::<ARITY>().0;
            // The row has 8^(3 - level) elements, so the group of the index modulo 512 exists.
            *children = groups[(index % BUCKET as u64) as usize >> (3 * (level + 1))];
            row = groups.iter().map(|group| hash_group(group, level)).collect();
        }
        let mut current = row[0];
        for (level, children) in levels.iter_mut().enumerate().skip(BUCKET_LEVELS) {
            *children = self.upper[level - BUCKET_LEVELS].map(|node| node.field());
            if children[position(index, level)] != current {
                return Err(PathError::OtherRoot);
            }
            current = hash_node(children);
        }
        if current != root.field() {
            return Err(PathError::OtherRoot);
        }
        Ok(StatePath { levels })
    }

    /// The leaf at `index`; empty where nothing is issued there or it is in another bucket.
    pub fn leaf(&self, index: u64) -> Leaf {
        let offset = index.checked_sub(self.bucket.saturating_mul(BUCKET as u64));
        offset
            .and_then(|offset| self.leaves.get(usize::try_from(offset).ok()?))
            .copied()
            .unwrap_or(Leaf::EMPTY)
    }
}

/// Hashes a group of children at `level`, without work where all are empty.
pub fn hash_group(children: &[Fr; ARITY], level: usize) -> Fr {
    if *children == [empty_node(level); ARITY] {
        empty_node(level + 1)
    } else {
        hash_node(children)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::UniformRand;

    /// A tree computed the plain way: all nodes, level by level, over a dense prefix of leaves.
    struct PlainTree(Vec<Vec<Fr>>);

    impl PlainTree {
        fn new(leaves: &[Fr]) -> Self {
            let mut levels = vec![leaves.to_vec()];
            for height in 0..DEPTH {
                let mut below = levels[height].clone();
                below.resize(below.len().next_multiple_of(ARITY).max(ARITY), empty_node(height));
                levels.push(below.as_chunks::<ARITY>().0.iter().map(hash_node).collect());
            }
            Self(levels)
        }

        fn node(&self, height: usize, index: u64) -> Fr {
            let found = self.0[height].get(usize::try_from(index).unwrap());
            found.copied().unwrap_or(empty_node(height))
        }

        fn bundle(&self, bucket: u64) -> WitnessBundle {
            let first = bucket * BUCKET as u64;
            let leaves =
                (first..first + BUCKET as u64).map(|i| Leaf::from_field(self.node(0, i))).collect();
            let upper = std::array::from_fn(|i| {
                let height = i + BUCKET_LEVELS;
                let parent = first >> (3 * (height + 1));
                std::array::from_fn(|c| Node::from_field(self.node(height, parent * 8 + c as u64)))
            });
            WitnessBundle { size: 1, bucket, leaves, upper }
        }

        fn root(&self) -> StateRoot {
            StateRoot::from_field(self.0[DEPTH][0])
        }
    }

    #[test]
    fn bundles_give_paths_that_lead_to_the_root() {
        let mut rng = ark_std::test_rng();
        let leaves: Vec<Fr> = (0..1_100).map(|_| Fr::rand(&mut rng)).collect();
        let tree = PlainTree::new(&leaves);
        for index in [0, 7, 8, 511, 512, 1_023, 1_024, 1_099] {
            let bundle = tree.bundle(index / 512);
            let path = bundle.path(index, tree.root()).unwrap();
            let leaf = bundle.leaf(index);
            assert_eq!(leaf.field(), leaves[usize::try_from(index).unwrap()]);
            assert!(path.contains(leaf));
            assert_eq!(path.root(), tree.root());
            assert!(!path.contains(Leaf::from_field(Fr::rand(&mut rng))));
        }
    }

    #[test]
    fn bundles_of_another_tree_are_refused() {
        let mut rng = ark_std::test_rng();
        let leaves: Vec<Fr> = (0..600).map(|_| Fr::rand(&mut rng)).collect();
        let tree = PlainTree::new(&leaves);
        let good = tree.bundle(1);
        assert_eq!(good.path(3, tree.root()), Err(PathError::OtherBucket { index: 3, bucket: 1 }));
        let mut bad = good.clone();
        bad.leaves[0] = Leaf::from_field(Fr::rand(&mut rng));
        assert_eq!(bad.path(512, tree.root()), Err(PathError::OtherRoot));
        let mut bad = good.clone();
        bad.upper[7][7] = Node::from_field(Fr::rand(&mut rng));
        assert_eq!(bad.path(512, tree.root()), Err(PathError::OtherRoot));
        let mut bad = good;
        bad.leaves.push(Leaf::EMPTY);
        assert_eq!(bad.path(512, tree.root()), Err(PathError::TooManyLeaves));
    }

    #[test]
    fn trees_of_none_and_one_leaf() {
        assert_eq!(PlainTree::new(&[]).root(), empty_root());
        let one = PlainTree::new(&[Fr::from(7_u64)]);
        let path = one.bundle(0).path(0, one.root()).unwrap();
        assert!(path.contains(Leaf::from_field(Fr::from(7_u64))));
        assert!(one.bundle(0).path(511, one.root()).unwrap().contains(Leaf::EMPTY));
    }
}
