//! A service as the source of a wallet's checkpoints and witness bundles.

use records::tree::WitnessBundle;
use records::{Origin, SignedCheckpoint};
use wallet::{LedgerSource, SourceError};

use super::{Client, ClientError};

impl LedgerSource for Client {
    fn checkpoint(&self, ledger: &Origin) -> Result<SignedCheckpoint, SourceError> {
        Client::checkpoint(self, ledger).map_err(|error| source_error(ledger, &error))
    }

    fn witness(
        &self,
        ledger: &Origin,
        size: u64,
        bucket: u64,
    ) -> Result<WitnessBundle, SourceError> {
        Client::witness(self, ledger, size, bucket).map_err(|error| source_error(ledger, &error))
    }
}

fn source_error(ledger: &Origin, error: &ClientError) -> SourceError {
    match error {
        ClientError::Problem { status: 404, .. } => SourceError::NotFound(ledger.clone()),
        ClientError::Answer(_) => SourceError::Malformed("not of the agreed form"),
        other => {
            SourceError::Unavailable { ledger: ledger.clone(), reason: other.to_string() }
        }
    }
}
