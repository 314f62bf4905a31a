//! A ledger done the plain way, to compare with; and small things that all tests need.

use ledger::{Event, Ledger, LedgerSigner, MemoryStore, Store};
use records::commitment::hash_node;
use records::domain::{ARITY, BUCKET, DEPTH};
use records::tree::empty_node;
use records::{Checkpoint, Fr, Leaf, Origin, SignedCheckpoint, StateRoot};
use sha2::{Digest, Sha256};
use std::sync::Arc;

pub(crate) const NOW: u64 = 1_767_225_600;

pub(crate) fn origin() -> Origin {
    Origin::new("traffic.vouch.example").unwrap()
}

pub(crate) fn leaf(value: u64) -> Leaf {
    Leaf::from_field(Fr::from(value))
}

pub(crate) fn issue(value: u64) -> Event {
    Event::Issue { leaf: leaf(value) }
}

pub(crate) fn new_ledger(store: Arc<dyn Store>) -> Ledger {
    Ledger::create(store, LedgerSigner::generate(&origin()).unwrap(), NOW).unwrap()
}

pub(crate) fn memory_ledger() -> Ledger {
    new_ledger(Arc::new(MemoryStore::default()))
}

pub(crate) fn opened(ledger: &Ledger, checkpoint: &SignedCheckpoint) -> Checkpoint {
    checkpoint.verify(ledger.key()).unwrap()
}

/// All leaves in a vector, all events in another, everything recomputed from nothing.
#[derive(Default, Clone)]
pub(crate) struct Model {
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) log: Vec<Vec<u8>>,
}

impl Model {
    pub(crate) fn apply(&mut self, event: &Event) -> bool {
        match *event {
            Event::Issue { leaf } if !leaf.is_empty() => self.leaves.push(leaf),
            Event::Amend { index, leaf } if self.is_active(index) && !leaf.is_empty() => {
                self.leaves[usize::try_from(index).unwrap()] = leaf;
            }
            Event::Revoke { index } if self.is_active(index) => {
                self.leaves[usize::try_from(index).unwrap()] = Leaf::EMPTY;
            }
            _ => return false,
        }
        self.log.push(event.to_bytes());
        true
    }

    fn is_active(&self, index: u64) -> bool {
        let leaf = usize::try_from(index).ok().and_then(|index| self.leaves.get(index));
        leaf.is_some_and(|leaf| !leaf.is_empty())
    }

    pub(crate) fn state_root(&self) -> StateRoot {
        let mut row: Vec<Fr> = self.leaves.iter().map(Leaf::field).collect();
        for height in 0..DEPTH {
            row.resize(row.len().next_multiple_of(ARITY).max(ARITY), empty_node(height));
            row = row.as_chunks().0.iter().map(hash_node).collect();
        }
        StateRoot::from_field(row[0])
    }

    /// RFC 6962, section 2.1, as it is written there.
    pub(crate) fn log_root(&self) -> [u8; 32] {
        merkle_tree_hash(&self.log)
    }

    /// Compares a ledger with the model, as of now.
    pub(crate) fn check(&self, ledger: &Ledger) {
        let signed = opened(ledger, &ledger.latest().unwrap());
        assert_eq!(signed.size, self.log.len() as u64);
        assert_eq!(signed.log_root, self.log_root());
        assert_eq!(signed.state_root, self.state_root());
        let statistics = ledger.statistics().unwrap();
        assert_eq!(statistics.size, signed.size);
        assert_eq!(statistics.issued, self.leaves.len() as u64);
        let active = self.leaves.iter().filter(|leaf| !leaf.is_empty()).count();
        assert_eq!(statistics.active, active as u64);
        let events: Vec<Vec<u8>> =
            ledger.events(0, usize::MAX).unwrap().iter().map(Event::to_bytes).collect();
        assert_eq!(events, self.log);
        self.check_witnesses(ledger, signed.size);
    }

    /// Compares the witness bundles of a size with the model as it was then.
    pub(crate) fn check_witnesses(&self, ledger: &Ledger, size: u64) {
        let checkpoint = ledger.checkpoint(size).unwrap().unwrap();
        let root = opened(ledger, &checkpoint).state_root;
        assert_eq!(root, self.state_root());
        for bucket in 0..=self.leaves.len().div_ceil(BUCKET) {
            let bundle = ledger.witness(size, bucket as u64).unwrap();
            assert_eq!(bundle.size, size);
            let first = bucket * BUCKET;
            let last = (first + BUCKET).min(self.leaves.len()).saturating_sub(1);
            for index in [first, first + 1, last.max(first)] {
                let leaf = self.leaves.get(index).copied().unwrap_or(Leaf::EMPTY);
                let path = bundle.path(index as u64, root).unwrap();
                assert_eq!(bundle.leaf(index as u64), leaf);
                assert!(path.contains(leaf));
                assert_eq!(path.root(), root);
            }
        }
    }
}

fn merkle_tree_hash(entries: &[Vec<u8>]) -> [u8; 32] {
    match entries {
        [] => Sha256::digest(b"").into(),
        [entry] => Sha256::new().chain_update([0]).chain_update(entry).finalize().into(),
        _ => {
            let k = entries.len().next_power_of_two() / 2;
            let (left, right) = entries.split_at(k);
            let hash = Sha256::new().chain_update([1]).chain_update(merkle_tree_hash(left));
            hash.chain_update(merkle_tree_hash(right)).finalize().into()
        }
    }
}
