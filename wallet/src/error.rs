//! What can go wrong with a wallet. Texts tell the holder what to do; they name records by their
//! number in the wallet and hold no attribute, secret or label.

use circuits::ClauseError;
use records::tree::PathError;
use records::{CheckpointError, Origin, RecordError};
use statements::{ExplainError, InstanceError, ParameterError, RequestError};

use crate::choice::ChoiceError;
use crate::contents::ContentsError;
use crate::file::FileError;
use crate::record::EntryId;
use crate::seal::SealError;
use crate::source::SourceError;

/// Why a wallet did not do what was asked. Nothing was changed, in memory or on disk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WalletError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file does not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The file opens, but holds no wallet of this version.
    #[error(transparent)]
    Contents(#[from] ContentsError),
    /// A record bundle that is not accepted.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Some of many bundles are not accepted, so none was added. Positions count from 0.
    #[error("{} of the record bundles cannot be added, so none was; the first is number {}: {}",
        .0.len(), .0.first().map_or(0, |(position, _)| position + 1),
        .0.first().map_or_else(String::new, |(_, error)| error.to_string()))]
    Bundles(Vec<(usize, BundleError)>),
    /// No record of that number.
    #[error("the wallet has no record {0}")]
    NoSuchRecord(EntryId),
    /// A tag that is not waiting for a record.
    #[error("the wallet has no such unused holder tag")]
    NoSuchTag,
    /// Another key for a ledger that is trusted with one already.
    #[error("ledger {0} is trusted with another key; remove that one first if it was replaced")]
    OtherKey(Origin),
    /// What a ledger says cannot be used.
    #[error("ledger {ledger}: {error}")]
    Ledger {
        /// The ledger.
        ledger: Origin,
        /// Why.
        error: LedgerTrouble,
    },
    /// A record that cannot be presented as the ledger stands.
    #[error("record {id} {trouble}")]
    Record {
        /// The record.
        id: EntryId,
        /// Why.
        trouble: RecordTrouble,
    },
    /// A request that must not be answered.
    #[error(transparent)]
    Request(#[from] AskError),
    /// No records that satisfy the statement.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// The relation does not hold, so there is nothing to prove.
    #[error("record {record} of the statement: clause {}: {error}", error.clause())]
    Clause {
        /// Name of the record in the statement.
        record: String,
        /// The clause that fails.
        error: ClauseError,
    },
    /// The prover failed.
    #[error("proving failed: {0}")]
    Prove(String),
    /// What the prover returned does not verify; nothing was given out.
    #[error("the proof of record {record} does not verify: {reason}")]
    BadProof {
        /// Name of the record in the statement.
        record: String,
        /// What the verifier says.
        reason: String,
    },
    /// The statement cannot be put into words with the schemas that are known here.
    #[error(transparent)]
    Explain(#[from] ExplainError),
    /// A defect: the statement's parts do not fit together.
    #[error(transparent)]
    Instance(#[from] InstanceError),
}

/// Why a record bundle is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Issued to a tag that this wallet did not draw: another holder's, or another wallet's.
    #[error("the record is issued to a holder tag that is not of this wallet")]
    ForeignTag,
    /// The tag has another record. Two records of one tag could be matched by departments.
    #[error(
        "the record's holder tag has another record already; ask for one with a tag of its own"
    )]
    UsedTag,
    /// The wallet has the very same record.
    #[error("the wallet has the record already, as record {0}")]
    Duplicate(EntryId),
    /// Of a schema that is not known here.
    #[error("the record is of a schema that is not known here")]
    UnknownSchema,
    /// Not a record of its schema.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// Why what a ledger says cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerTrouble {
    /// The wallet has no key for it.
    #[error("it is not trusted: add its key, from a source that you trust, first")]
    Untrusted,
    /// It gave nothing.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Its checkpoint is not good.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Its newest checkpoint is older than the request allows.
    #[error(
        "its newest checkpoint is {age} seconds old and the request allows {allowed}; \
         try again when the ledger has published another"
    )]
    Stale {
        /// Age of the checkpoint, in seconds.
        age: u64,
        /// Age that the request allows.
        allowed: u64,
    },
    /// Its checkpoint is from the future: one of the two clocks is wrong.
    #[error("its checkpoint is from the future; check the clock of this device")]
    Future,
    /// It signed two histories.
    #[error(
        "it signed two checkpoints that contradict each other; it may be showing you a history \
         of your own, so do not present anything from it and report it to its auditor"
    )]
    Contradiction,
}

/// Why a record cannot be presented as the ledger stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordTrouble {
    /// The department revoked it.
    #[error("was revoked by the department; ask the department why, or for a new record")]
    Revoked,
    /// The department amended it.
    #[error(
        "was amended by the department, or is not yet the newest version in the ledger's \
         checkpoint; ask the department for the amended record and add it"
    )]
    Amended,
    /// The checkpoint is from before the record was issued.
    #[error("is not in the ledger's newest checkpoint yet; try again when there is another")]
    NotYet,
    /// The witness bundle does not fit the checkpoint.
    #[error("has no path in the ledger: {0}")]
    Path(#[from] PathError),
}

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// Out of its bounds.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// It asks for another statement.
    #[error("the request asks for another statement")]
    OtherStatement,
    /// Over.
    #[error("the request has expired; ask the relying party for a new one")]
    Expired,
    /// About a day that no time zone has now.
    #[error("the request is not about today, so nobody would accept an answer")]
    OtherDay,
    /// The statement shows a nullifier, and the request names no scope for it.
    #[error("the request names no scope, which the statement needs")]
    NoScope,
    /// The request names a scope, and the statement shows no nullifier.
    #[error("the request names a scope, which the statement has no use for")]
    NeedlessScope,
    /// Parameters that the statement does not take.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
}
