//! What a relying party learns from a presentation that holds.

use std::fmt;

use records::{Date, Nullifier, Origin, Titles};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use statements::{Nonce, StatementId};

use crate::{KeyDigest, Refusal, RuleCode};

/// The statement is true, and what else the presentation says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Id of the statement.
    pub statement: StatementId,
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Titles,
    /// Relying party that asked.
    pub audience: String,
    /// The day the statement is about.
    pub today: Date,
    /// The records, in the statement's order.
    pub records: Vec<RecordVerdict>,
    /// How fresh the ledgers' states are.
    pub checkpoints: Vec<CheckpointVerdict>,
    /// Whether the key comes from a development set-up: then its maker could forge this.
    pub development_key: bool,
    /// The circuit's verification key.
    pub key: KeyDigest,
}

/// What is learned of one record. What is revealed does not print with `Debug`.
#[derive(Clone, PartialEq, Serialize)]
pub struct RecordVerdict {
    /// Its name in the statement.
    pub name: String,
    /// Name of its schema.
    pub schema: String,
    /// Revealed attributes by name.
    pub revealed: Map<String, Json>,
    /// The nullifier, where the statement shows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nullifier: Option<Nullifier>,
}

impl fmt::Debug for RecordVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordVerdict").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A checkpoint that the proofs were made against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckpointVerdict {
    /// The ledger.
    pub ledger: Origin,
    /// Number of events in its log.
    pub size: u64,
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    pub time: u64,
    /// Its age at verification, in seconds.
    pub age_seconds: u64,
}

/// All rules but the last hold. The verdict is inside, and comes out with [`Verified::claim`]
/// alone, so that nobody forgets the last.
#[derive(Debug, Clone)]
#[must_use = "a presentation is accepted only once its nonce is claimed"]
pub struct Verified {
    pub(crate) nonce: Nonce,
    pub(crate) verdict: Verdict,
}

impl Verified {
    /// The nonce that must not have been answered before. Claim it atomically in the store of
    /// all verifiers of this relying party, then say with [`Verified::claim`] whether it was
    /// unused.
    pub fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// Gives the verdict where the nonce was unused.
    ///
    /// # Errors
    /// The refusal by rule 16 where it was used.
    pub fn claim(self, unused: bool) -> Result<Verdict, Refusal> {
        if unused {
            Ok(self.verdict)
        } else {
            Err(Refusal::new(RuleCode::Replayed, "the request has been answered before"))
        }
    }
}
