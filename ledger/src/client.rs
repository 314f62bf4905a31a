//! What departments, wallets and auditors exchange with a ledger over HTTP, as JSON. Witness
//! bundles ([`records::tree::WitnessBundle`]) and checkpoints
//! ([`records::SignedCheckpoint`]) are exchanged as they are.

use records::{LedgerKey, Origin, SignedCheckpoint};
use serde::{Deserialize, Serialize};

use crate::{Appended, Event, Statistics};

/// A department asks for events to be appended: all of them, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppendRequest {
    /// In the order in which they are applied.
    pub events: Vec<Event>,
}

/// The events are in the log, and durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppendResponse {
    /// For each event: the index of the issued leaf, nothing for an amendment or revocation.
    pub indices: Vec<Option<u64>>,
    /// A checkpoint that covers the events.
    pub checkpoint: SignedCheckpoint,
}

/// What a ledger says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerSummary {
    /// Name of the ledger.
    pub origin: Origin,
    /// Key of its checkpoints. A client that trusts the ledger has it from elsewhere.
    pub key: LedgerKey,
    /// How much is in it.
    pub statistics: Statistics,
}

/// A part of the event log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsResponse {
    /// Position of the first event.
    pub from: u64,
    /// Events in the order of the log; none where `from` is its end.
    pub events: Vec<Event>,
}

impl From<Appended> for AppendResponse {
    fn from(appended: Appended) -> Self {
        Self { indices: appended.indices, checkpoint: appended.checkpoint }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_strictly() {
        let leaf = "00".repeat(31) + "2a";
        let text = format!(
            r#"{{"events":[{{"operation":"issue","leaf":"{leaf}"}},
                {{"operation":"amend","index":0,"leaf":"{leaf}"}},
                {{"operation":"revoke","index":0}}]}}"#
        );
        let request: AppendRequest = serde_json::from_str(&text).unwrap();
        assert_eq!(request.events.len(), 3);
        assert_eq!(request.events[2], Event::Revoke { index: 0 });
        let bad = text.replace("events", "event");
        assert!(serde_json::from_str::<AppendRequest>(&bad).is_err());
    }
}
