//! Paths in the state tree, kept so that the next presentation needs no connection.

use records::domain::{ARITY, BUCKET, DEPTH};
use records::tree::{StatePath, WitnessBundle};
use records::{Leaf, Node, StateRoot};
use serde::{Deserialize, Serialize};

use crate::error::RecordTrouble;

/// A path that was checked against a signed state root.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub(crate) struct CachedPath {
    root: StateRoot,
    path: StatePath,
}

impl CachedPath {
    /// The path, where it leads to that root.
    pub(crate) fn to(&self, root: StateRoot) -> Option<&StatePath> {
        (self.root == root).then_some(&self.path)
    }

    /// Looks for `leaf` at `index` in a bundle, after checking that the bundle is of the tree
    /// with `root`.
    ///
    /// A bundle leaves out what is beyond the last leaf issued. The root does not cover where
    /// that is, so a dishonest ledger can call a revoked record "not issued yet": the record
    /// cannot be presented either way.
    ///
    /// # Errors
    /// [`RecordTrouble`] where the leaf is not there.
    pub(crate) fn find(
        bundle: &WitnessBundle,
        root: StateRoot,
        index: u64,
        leaf: Leaf,
    ) -> Result<Self, RecordTrouble> {
        let path = bundle.path(index, root)?;
        let found = bundle.leaf(index);
        if found == leaf {
            return Ok(Self { root, path });
        }
        let beyond = index % BUCKET as u64 >= bundle.leaves.len() as u64;
        Err(match (found.is_empty(), beyond) {
            (true, true) => RecordTrouble::NotYet,
            (true, false) => RecordTrouble::Revoked,
            (false, _) => RecordTrouble::Amended,
        })
    }
}

/// The form in the file: `levels` from the leaf up.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    root: StateRoot,
    levels: Vec<[Node; ARITY]>,
}

impl From<CachedPath> for Stored {
    fn from(cached: CachedPath) -> Self {
        let levels = cached.path.levels.map(|children| children.map(Node::from_field));
        Self { root: cached.root, levels: levels.to_vec() }
    }
}

impl TryFrom<Stored> for CachedPath {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let levels: [[Node; ARITY]; DEPTH] =
            stored.levels.try_into().map_err(|_| "a path has 11 levels")?;
        let levels = levels.map(|children| children.map(|node| node.field()));
        Ok(Self { root: stored.root, path: StatePath { levels } })
    }
}
