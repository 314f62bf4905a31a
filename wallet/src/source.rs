//! Where checkpoints and witness bundles come from.

use records::tree::WitnessBundle;
use records::{Origin, SignedCheckpoint};

/// A way to the public data of ledgers: over HTTP, from a folder, from a neighbour.
///
/// The wallet trusts nothing that comes from it: signatures, roots and leaves are checked. What
/// it *asks* is what others can observe, so it asks for whole buckets of 512 leaves, never for
/// one index.
pub trait LedgerSource {
    /// The newest checkpoint of a ledger.
    ///
    /// # Errors
    /// [`SourceError`] where there is none to be had.
    fn checkpoint(&self, ledger: &Origin) -> Result<SignedCheckpoint, SourceError>;

    /// The bundle of a bucket (leaf index / 512), of the tree that the checkpoint of `size`
    /// events signs.
    ///
    /// # Errors
    /// [`SourceError`] where there is none to be had.
    fn witness(
        &self,
        ledger: &Origin,
        size: u64,
        bucket: u64,
    ) -> Result<WitnessBundle, SourceError>;
}

/// Why a source gave nothing. The wallet adds which ledger it asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The source has no such ledger, checkpoint or bucket.
    #[error("there is no such ledger, checkpoint or bucket")]
    NotFound,
    /// No answer. The text says what happened, without the address that was asked for.
    #[error("it cannot be reached: {0}")]
    Unavailable(String),
    /// An answer that is not what was asked for.
    #[error("its answer is malformed: {0}")]
    Malformed(String),
}

/// A source without any ledger, for presentations from what the wallet has already.
#[derive(Debug, Clone, Copy, Default)]
pub struct Offline;

impl LedgerSource for Offline {
    fn checkpoint(&self, _: &Origin) -> Result<SignedCheckpoint, SourceError> {
        Err(SourceError::Unavailable("offline".to_owned()))
    }

    fn witness(&self, _: &Origin, _: u64, _: u64) -> Result<WitnessBundle, SourceError> {
        Err(SourceError::Unavailable("offline".to_owned()))
    }
}
