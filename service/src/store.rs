//! What the relying party's side keeps on disk: open requests, used nonces, and the nullifiers
//! it has seen. In sled, in one database of its own.
//!
//! | tree | key | value |
//! |---|---|---|
//! | `requests` | nonce (16) | hash of the result's token (32) ‖ the request's JSON |
//! | `claims` | nonce (16) | nothing: the nonce is used |
//! | `nullifiers` | statement (32) ‖ scope (32) ‖ nullifier (32) | day when it was first seen (8) |
//! | `deadlines` | time (8) ‖ kind (1) ‖ nonce (16) | nothing: what to forget when |
//!
//! Numbers are big-endian. None of it is about a person: results, with what was revealed, are
//! kept [in memory](Outcomes) only.

mod claim;
mod deadline;
mod outcomes;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use ledger::{DurableDb, DurableError};
use sled::Tree;
use sled::transaction::{ConflictableTransactionError, TransactionError, Transactional};
use statements::{Nonce, Request};

pub use claim::{Claim, Claimed, NullifierKey};
use deadline::{Deadline, Kind};
pub use outcomes::{Arrival, Outcomes};

/// How long a used nonce is remembered after its request has expired. An expired request is
/// refused as such; this is for clocks that are set back.
const CLAIM_MARGIN_SECONDS: u64 = 86_400;

/// Memory for pages of the database.
const CACHE_BYTES: u64 = 1 << 25;

/// The database.
#[derive(Debug)]
pub struct Store {
    database: DurableDb,
    requests: Tree,
    claims: Tree,
    nullifiers: Tree,
    deadlines: Tree,
    /// Number of entries of `requests`; sled counts them one by one.
    count: AtomicUsize,
    retention_seconds: u64,
}

/// A request that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The request.
    pub request: Request,
    /// SHA-256 of the token with which the relying party, and nobody else, gets the result.
    pub token_hash: [u8; 32],
}

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database failed.
    #[error("the request store failed: {0}")]
    Failed(#[from] sled::Error),
    /// The database could not be opened, or made durable.
    #[error("the request store failed: {0}")]
    NotDurable(#[from] DurableError),
    /// An entry is not what was written.
    #[error("an entry of the request store is damaged: {0}")]
    Damaged(&'static str),
    /// As many requests as may be.
    #[error("the request store is full")]
    Full,
}

impl From<TransactionError<StoreError>> for StoreError {
    fn from(error: TransactionError<Self>) -> Self {
        match error {
            TransactionError::Abort(error) => error,
            TransactionError::Storage(error) => error.into(),
        }
    }
}

impl Store {
    /// Opens the database in a folder, or makes one. Requests are forgotten `retention_seconds`
    /// after they have expired.
    ///
    /// # Errors
    /// [`StoreError::Failed`], also where another process has it open.
    pub fn open(folder: &Path, retention_seconds: u64) -> Result<Self, StoreError> {
        let database = DurableDb::open(folder, CACHE_BYTES)?;
        let db = database.db();
        let requests = db.open_tree("requests")?;
        Ok(Self {
            count: AtomicUsize::new(requests.len()),
            claims: db.open_tree("claims")?,
            nullifiers: db.open_tree("nullifiers")?,
            deadlines: db.open_tree("deadlines")?,
            requests,
            database,
            retention_seconds,
        })
    }

    /// Keeps a request, if there are less than `max`.
    ///
    /// *Durability*: it is durable when this returns. *Atomicity*: kept whole or not at all.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::Failed`].
    pub fn insert(&self, asked: &Asked, max: usize) -> Result<(), StoreError> {
        if self.count.fetch_add(1, Ordering::AcqRel) >= max {
            self.count.fetch_sub(1, Ordering::AcqRel);
            return Err(StoreError::Full);
        }
        let result = self.write(asked);
        if result.is_err() {
            self.count.fetch_sub(1, Ordering::AcqRel);
        }
        result
    }

    fn write(&self, asked: &Asked) -> Result<(), StoreError> {
        let request = &asked.request;
        let key = request.nonce.as_bytes();
        let value = [&asked.token_hash[..], request.canonical_json().as_bytes()].concat();
        let end = request.expires_at.saturating_add(self.retention_seconds);
        let deadline = Deadline { time: end, kind: Kind::Request, nonce: request.nonce };
        (&self.requests, &self.deadlines).transaction(|(requests, deadlines)| {
            requests.insert(&key[..], value.as_slice())?;
            deadlines.insert(&deadline.to_bytes()[..], &[])?;
            Ok::<_, ConflictableTransactionError<StoreError>>(())
        })?;
        self.database.flush()?;
        Ok(())
    }

    /// The request with a nonce, unless it is unknown or forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn asked(&self, nonce: Nonce) -> Result<Option<Asked>, StoreError> {
        let Some(bytes) = self.requests.get(nonce.as_bytes())? else {
            return Ok(None);
        };
        let asked = bytes.split_first_chunk().and_then(|(token_hash, json)| {
            let request = Request::from_json(std::str::from_utf8(json).ok()?).ok()?;
            Some(Asked { request, token_hash: *token_hash })
        });
        asked.map(Some).ok_or(StoreError::Damaged("a request"))
    }

    /// The same without the token's hash.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn request(&self, nonce: Nonce) -> Result<Option<Request>, StoreError> {
        Ok(self.asked(nonce)?.map(|asked| asked.request))
    }

    /// Whether a nonce is used.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub fn is_claimed(&self, nonce: Nonce) -> Result<bool, StoreError> {
        Ok(self.claims.contains_key(nonce.as_bytes())?)
    }

    /// Uses a nonce. Of any number of callers with one nonce, in this and later processes,
    /// exactly one is told that it was unused; only that one's nullifiers are kept.
    ///
    /// *Durability*: the claim is durable when this returns, so that a crash cannot bring a
    /// used nonce back. *Atomicity*: nonce and nullifiers together or not at all.
    ///
    /// # Errors
    /// [`StoreError::Failed`]: then it is not known whether the nonce is used, and the
    /// presentation must not be accepted.
    pub fn claim(&self, claim: &Claim) -> Result<Claimed, StoreError> {
        let keep = self.retention_seconds.saturating_add(CLAIM_MARGIN_SECONDS);
        let time = claim.expires_at.saturating_add(keep);
        let deadline = Deadline { time, kind: Kind::Claim, nonce: claim.nonce };
        let trees = (&self.claims, &self.nullifiers, &self.deadlines);
        let claimed = trees.transaction(|(claims, nullifiers, deadlines)| {
            if claims.insert(&claim.nonce.as_bytes()[..], &[])?.is_some() {
                return Ok(Claimed::Used);
            }
            let mut seen = Vec::with_capacity(claim.nullifiers.len());
            for key in &claim.nullifiers {
                seen.push(nullifiers.get(key.as_bytes())?.is_some());
            }
            for (key, _) in claim.nullifiers.iter().zip(&seen).filter(|(_, seen)| !**seen) {
                nullifiers.insert(&key.as_bytes()[..], &claim.day.days().to_be_bytes())?;
            }
            deadlines.insert(&deadline.to_bytes()[..], &[])?;
            Ok::<_, ConflictableTransactionError<StoreError>>(Claimed::Now { seen })
        })?;
        self.database.flush()?;
        Ok(claimed)
    }

    /// Forgets what has passed its deadline, and returns the nonces of forgotten requests.
    ///
    /// *Durability*: what is forgotten may come back after a crash, and is forgotten again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn purge(&self, now: u64) -> Result<Vec<Nonce>, StoreError> {
        let mut forgotten = Vec::new();
        for entry in self.deadlines.range(..=Deadline::last_of(now)) {
            let (key, _) = entry?;
            let deadline = Deadline::from_bytes(&key).ok_or(StoreError::Damaged("a deadline"))?;
            let nonce = deadline.nonce;
            match deadline.kind {
                Kind::Request => {
                    if self.requests.remove(nonce.as_bytes())?.is_some() {
                        self.count.fetch_sub(1, Ordering::AcqRel);
                        forgotten.push(nonce);
                    }
                }
                Kind::Claim => {
                    self.claims.remove(nonce.as_bytes())?;
                }
            }
            self.deadlines.remove(&key)?;
        }
        Ok(forgotten)
    }

    /// Number of requests that are kept.
    pub fn len(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Whether there is no request.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes what is in memory.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub fn flush(&self) -> Result<(), StoreError> {
        self.database.flush()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
