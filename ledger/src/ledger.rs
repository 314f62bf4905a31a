//! A ledger: append, publish, read.

mod apply;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use records::tree::{WitnessBundle, empty_root};
use records::{Checkpoint, LedgerKey, SignedCheckpoint, StateRoot};
use serde::{Deserialize, Serialize};
use tlog_tiles::{EMPTY_HASH, RecordProof, TreeProof};

use self::apply::{Counts, apply, touched_buckets};
use crate::error::{Corruption, LedgerError};
use crate::event::Event;
use crate::head::Head;
use crate::log::{consistency_proof, grow, inclusion_proof, read_events, tree_hash};
use crate::signer::LedgerSigner;
use crate::state::{BUCKETS, Draft};
use crate::store::{Commit, Store};

/// Most events of one append. It bounds memory: each event may touch a bucket of its own, of
/// some 20 kB, twice.
pub const MAX_EVENTS: usize = 16_384;

/// One department's ledger.
///
/// It keeps nothing in memory but its key: what it says is what the store says. Appends wait
/// for each other; reading waits for nothing.
pub struct Ledger {
    store: Arc<dyn Store>,
    signer: LedgerSigner,
    writer: Mutex<()>,
}

/// What became of an append. It is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// For each event: the index of the issued leaf, nothing for an amendment or revocation.
    pub indices: Vec<Option<u64>>,
    /// The checkpoint over the log that ends with these events.
    pub checkpoint: SignedCheckpoint,
}

/// How much is in a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// Events in the log.
    pub size: u64,
    /// Records ever issued.
    pub issued: u64,
    /// Records issued and not revoked.
    pub active: u64,
}

impl Ledger {
    /// Founds a ledger in an empty store, with a checkpoint of size 0.
    ///
    /// # Errors
    /// [`LedgerError::Exists`] where the store has one, [`LedgerError::Store`].
    pub fn create(
        store: Arc<dyn Store>,
        signer: LedgerSigner,
        now: u64,
    ) -> Result<Self, LedgerError> {
        if store.head()?.is_some() {
            return Err(LedgerError::Exists(signer.origin().clone()));
        }
        let checkpoint = signer.sign(&Checkpoint {
            origin: signer.origin().clone(),
            size: 0,
            log_root: EMPTY_HASH.0,
            state_root: empty_root(),
            time: now,
        })?;
        let head = Head { sequence: 0, size: 0, issued: 0, active: 0, checkpoint };
        store.commit(&Commit { head, log_tiles: Vec::new(), state_tiles: Vec::new() })?;
        Ok(Self { store, signer, writer: Mutex::new(()) })
    }

    /// Opens the ledger of a store, and checks that the roots of what is stored are those that
    /// it last signed.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] for an empty store, [`LedgerError::Checkpoint`] for a key that
    /// is not the ledger's, [`LedgerError::Corrupt`], [`LedgerError::Store`].
    pub fn open(store: Arc<dyn Store>, signer: LedgerSigner) -> Result<Self, LedgerError> {
        let ledger = Self { store, signer, writer: Mutex::new(()) };
        let (head, signed) = ledger.verified_head()?;
        if tree_hash(&*ledger.store, head.size)?.0 != signed.log_root {
            let reason = "its tree hash is not the one that was signed last";
            return Err(Corruption::new("the event log", reason).into());
        }
        ledger.draft(head.size, signed.state_root, BTreeSet::from([0]))?;
        Ok(ledger)
    }

    /// The public key of the ledger's checkpoints.
    pub fn key(&self) -> &LedgerKey {
        self.signer.key()
    }

    /// Appends events, all or none, and publishes a checkpoint over them, whose time is `now`
    /// (seconds since 1970) or, where a clock went backwards, that of the one before.
    ///
    /// *Durability*: when it returns, the events and the checkpoint are durable. *Concurrency*:
    /// appends wait for each other. *Atomicity*: after an error nothing was applied, but for
    /// [`crate::StoreError::Unknown`], where all or nothing was.
    ///
    /// # Errors
    /// [`LedgerError::Refused`] for the first event that does not fit, [`LedgerError::NoEvents`],
    /// [`LedgerError::TooManyEvents`]; [`LedgerError::Corrupt`] where what is stored is not what
    /// was signed last, since nothing is built on that; [`LedgerError::Store`].
    pub fn append(&self, events: &[Event], now: u64) -> Result<Appended, LedgerError> {
        match events.len() {
            0 => return Err(LedgerError::NoEvents),
            count if count > MAX_EVENTS => return Err(LedgerError::TooManyEvents { count }),
            _ => {}
        }
        let _writer = self.writer();
        let (head, signed) = self.verified_head()?;
        let buckets = touched_buckets(events, head.issued);
        let mut draft = self.draft(head.size, signed.state_root, buckets)?;
        let mut counts = Counts { issued: head.issued, active: head.active };
        let indices = apply(events, &mut draft, &mut counts)?;

        let entries: Vec<Vec<u8>> = events.iter().map(Event::to_bytes).collect();
        let size = head.size + entries.len() as u64;
        let (log, (state_root, state_tiles)) = rayon::join(
            || grow(&*self.store, head.size, signed.log_root, &entries),
            || draft.finish(size),
        );
        let (log_root, log_tiles) = log?;
        let time = now.max(signed.time);
        let checkpoint = self.signer.sign(&Checkpoint {
            size,
            log_root: log_root.0,
            state_root,
            time,
            ..signed
        })?;
        let head = Head {
            sequence: head.sequence + 1,
            size,
            issued: counts.issued,
            active: counts.active,
            checkpoint: checkpoint.clone(),
        };
        self.store.commit(&Commit { head, log_tiles, state_tiles })?;
        Ok(Appended { indices, checkpoint })
    }

    /// Publishes a checkpoint over the same log with a new time, so that a quiet ledger stays
    /// fresh. Where `now` is not after the latest checkpoint, that one stands.
    ///
    /// *Durability*, *concurrency*, *atomicity*: as for [`Ledger::append`].
    ///
    /// # Errors
    /// [`LedgerError::Store`], [`LedgerError::Checkpoint`].
    pub fn publish(&self, now: u64) -> Result<SignedCheckpoint, LedgerError> {
        let _writer = self.writer();
        let (head, signed) = self.verified_head()?;
        if now <= signed.time {
            return Ok(head.checkpoint);
        }
        let checkpoint = self.signer.sign(&Checkpoint { time: now, ..signed })?;
        let head = Head { sequence: head.sequence + 1, checkpoint: checkpoint.clone(), ..head };
        self.store.commit(&Commit { head, log_tiles: Vec::new(), state_tiles: Vec::new() })?;
        Ok(checkpoint)
    }

    /// The newest checkpoint.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub fn latest(&self) -> Result<SignedCheckpoint, LedgerError> {
        Ok(self.head()?.checkpoint)
    }

    /// The newest checkpoint of that size, if there is one.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub fn checkpoint(&self, size: u64) -> Result<Option<SignedCheckpoint>, LedgerError> {
        Ok(self.store.checkpoint(size)?)
    }

    /// The witness bundle of a bucket, consistent with the checkpoints of that size: what it
    /// gives was compared with their state root.
    ///
    /// # Errors
    /// [`LedgerError::NotPublished`] for a size without checkpoint, [`LedgerError::NoSuchBucket`],
    /// [`LedgerError::Corrupt`], [`LedgerError::Store`].
    pub fn witness(&self, size: u64, bucket: u64) -> Result<WitnessBundle, LedgerError> {
        if bucket >= BUCKETS {
            return Err(LedgerError::NoSuchBucket { bucket });
        }
        let checkpoint = self.checkpoint(size)?.ok_or(LedgerError::NotPublished { size })?;
        let root = checkpoint.verify(self.key())?.state_root;
        let draft = self.draft(size, root, BTreeSet::from([bucket]))?;
        Ok(draft.bundle(size, bucket))
    }

    /// Events from position `from` on, at most `limit`; none from the end of the log on. Each
    /// was compared with its hash in the log.
    ///
    /// # Errors
    /// [`LedgerError::Corrupt`], [`LedgerError::Store`].
    pub fn events(&self, from: u64, limit: usize) -> Result<Vec<Event>, LedgerError> {
        read_events(&*self.store, self.head()?.size, from, limit)
    }

    /// Proof that the event at `index` is in the log of `size` events (RFC 6962, 2.1.1).
    ///
    /// # Errors
    /// [`LedgerError::NoSuchProof`], [`LedgerError::Corrupt`], [`LedgerError::Store`].
    pub fn prove_inclusion(&self, index: u64, size: u64) -> Result<RecordProof, LedgerError> {
        if index >= size {
            return Err(LedgerError::NoSuchProof("the event is not among those of that size"));
        }
        self.require_size(size)?;
        inclusion_proof(&*self.store, index, size)
    }

    /// Proof that the log of `new` events begins with that of `old` events (RFC 6962, 2.1.2).
    /// Of an empty log there is none: every log begins with it.
    ///
    /// # Errors
    /// [`LedgerError::NoSuchProof`], [`LedgerError::Corrupt`], [`LedgerError::Store`].
    pub fn prove_consistency(&self, old: u64, new: u64) -> Result<TreeProof, LedgerError> {
        if old == 0 || old > new {
            return Err(LedgerError::NoSuchProof("the older size is 0 or above the newer one"));
        }
        self.require_size(new)?;
        consistency_proof(&*self.store, old, new)
    }

    /// How much is in the ledger.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub fn statistics(&self) -> Result<Statistics, LedgerError> {
        let Head { size, issued, active, .. } = self.head()?;
        Ok(Statistics { size, issued, active })
    }

    fn writer(&self) -> MutexGuard<'_, ()> {
        // It guards no data: an append that panicked has left nothing behind.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn head(&self) -> Result<Head, LedgerError> {
        self.store.head()?.ok_or(LedgerError::Missing)
    }

    /// The head, and its checkpoint after checking that it is ours.
    fn verified_head(&self) -> Result<(Head, Checkpoint), LedgerError> {
        let head = self.head()?;
        let signed = head.checkpoint.verify(self.key())?;
        if signed.size == head.size {
            Ok((head, signed))
        } else {
            Err(Corruption::new("the head of the ledger", "its checkpoint has another size").into())
        }
    }

    fn require_size(&self, size: u64) -> Result<(), LedgerError> {
        if size <= self.head()?.size {
            Ok(())
        } else {
            Err(LedgerError::NoSuchProof("the log has fewer events"))
        }
    }

    fn draft(
        &self,
        size: u64,
        root: StateRoot,
        buckets: BTreeSet<u64>,
    ) -> Result<Draft, LedgerError> {
        Draft::load(&*self.store, size, root, &buckets)
    }
}
