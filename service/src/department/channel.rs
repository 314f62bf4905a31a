//! The way from a department to its ledger: on the same disk, or over HTTP.

use std::sync::Arc;

use ledger::client::AppendResponse;
use ledger::{Event, Ledger, LedgerError, MAX_EVENTS};
use records::{LedgerKey, Origin, SignedCheckpoint};

use crate::client::{Client, ClientError, LedgerEntry};
use crate::clock;

/// Most events of one HTTP request: their JSON, some 110 bytes each, stays below the service's
/// limit of 1 MiB.
const MAX_HTTP_EVENTS: usize = 8_000;

/// The way from a department to its ledger.
pub enum Channel {
    /// A ledger in a folder of this machine.
    Local(Arc<Ledger>),
    /// A ledger behind a service.
    Http {
        /// The service, with the department's token.
        client: Box<Client>,
        /// The ledger.
        origin: Origin,
    },
}

/// Why a ledger did not do what its department asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChannelError {
    /// The ledger on this machine.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The service.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl Channel {
    /// Most events that one append takes.
    pub fn most_events(&self) -> usize {
        match self {
            Self::Local(_) => MAX_EVENTS,
            Self::Http { .. } => MAX_HTTP_EVENTS,
        }
    }

    /// Appends events, all or none.
    ///
    /// # Errors
    /// [`ChannelError`]; see [`ChannelError::is_certain`].
    pub fn append(&self, events: &[Event]) -> Result<AppendResponse, ChannelError> {
        match self {
            Self::Local(ledger) => Ok(ledger.append(events, clock::now())?.into()),
            Self::Http { client, origin } => Ok(client.append(origin, events.to_vec())?),
        }
    }

    /// Publishes a fresh checkpoint.
    ///
    /// # Errors
    /// [`ChannelError`].
    pub fn publish(&self) -> Result<SignedCheckpoint, ChannelError> {
        match self {
            Self::Local(ledger) => Ok(ledger.publish(clock::now())?),
            Self::Http { client, origin } => Ok(client.publish_checkpoint(origin)?),
        }
    }

    /// The newest checkpoint.
    ///
    /// # Errors
    /// [`ChannelError`].
    pub fn checkpoint(&self) -> Result<SignedCheckpoint, ChannelError> {
        match self {
            Self::Local(ledger) => Ok(ledger.latest()?),
            Self::Http { client, origin } => Ok(client.checkpoint(origin)?),
        }
    }

    /// What the ledger says of itself.
    ///
    /// # Errors
    /// [`ChannelError`].
    pub fn entry(&self) -> Result<LedgerEntry, ChannelError> {
        match self {
            Self::Local(ledger) => {
                let key: LedgerKey = ledger.key().clone();
                let statistics = ledger.statistics()?;
                Ok(LedgerEntry {
                    origin: key.origin().clone(),
                    key,
                    size: statistics.size,
                    issued: statistics.issued,
                    active: statistics.active,
                })
            }
            Self::Http { client, origin } => Ok(client.ledger(origin)?),
        }
    }
}

impl ChannelError {
    /// Whether nothing was appended for certain. After a broken connection, or a failure of the
    /// store, the events may be in the log.
    pub fn is_certain(&self) -> bool {
        match self {
            Self::Ledger(error) => !matches!(error, LedgerError::Store(_)),
            Self::Client(ClientError::Problem { status, .. }) => *status < 500 && *status != 408,
            Self::Client(ClientError::TokenInClear | ClientError::Url(_)) => true,
            Self::Client(_) => false,
        }
    }
}
