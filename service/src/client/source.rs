//! A service as the source of a wallet's checkpoints and witness bundles.

use records::tree::WitnessBundle;
use records::{Origin, SignedCheckpoint};
use wallet::{LedgerSource, SourceError};

use super::{Client, ClientError};

impl LedgerSource for Client {
    fn checkpoint(&self, ledger: &Origin) -> Result<SignedCheckpoint, SourceError> {
        Client::checkpoint(self, ledger).map_err(source_error)
    }

    fn witness(
        &self,
        ledger: &Origin,
        size: u64,
        bucket: u64,
    ) -> Result<WitnessBundle, SourceError> {
        Client::witness(self, ledger, size, bucket).map_err(source_error)
    }
}

fn source_error(error: ClientError) -> SourceError {
    match error {
        ClientError::Answer(reason) => SourceError::Malformed(reason),
        ClientError::Transport { reason, .. } => SourceError::Unavailable(reason),
        error if error.is_not_found() => SourceError::NotFound,
        other => SourceError::Unavailable(other.to_string()),
    }
}
