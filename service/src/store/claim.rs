//! Using a nonce.

use records::{Date, Nullifier, Scope};
use statements::{Nonce, StatementId};

/// What a verified presentation uses up.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Nonce of its request.
    pub nonce: Nonce,
    /// End of its request.
    pub expires_at: u64,
    /// The nullifiers it shows.
    pub nullifiers: Vec<NullifierKey>,
    /// The day, kept with nullifiers that are new: no finer time, which would help to match
    /// them with something else.
    pub day: Date,
}

/// A nullifier where it counts: in one scope of one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NullifierKey([u8; 96]);

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The nonce was used before.
    Used,
    /// The nonce is used now.
    Now {
        /// For each nullifier of the claim, whether an earlier presentation showed it.
        seen: Vec<bool>,
    },
}

impl NullifierKey {
    /// The key of a nullifier.
    pub fn new(statement: &StatementId, scope: Scope, nullifier: Nullifier) -> Self {
        let mut bytes = [0; 96];
        let parts = [*statement.as_bytes(), scope.to_bytes(), nullifier.to_bytes()];
        for (place, part) in bytes.chunks_exact_mut(32).zip(parts) {
            place.copy_from_slice(&part);
        }
        Self(bytes)
    }

    pub(super) fn as_bytes(&self) -> &[u8; 96] {
        &self.0
    }
}
