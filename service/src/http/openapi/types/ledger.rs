//! What departments, wallets and auditors exchange with ledgers.

use utoipa::ToSchema;

use super::{FieldElement, LedgerKey, Origin, SignedCheckpoint};

/// What a ledger says of itself.
#[derive(ToSchema)]
pub struct LedgerEntry {
    /// Name of the ledger.
    pub origin: Origin,
    /// Key of its checkpoints. A client that trusts the ledger has it from elsewhere.
    pub key: LedgerKey,
    /// Events in the log.
    pub size: u64,
    /// Records ever issued.
    pub issued: u64,
    /// Records issued and not revoked.
    pub active: u64,
}

/// One change of a ledger's state.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[serde(tag = "operation", rename_all = "lowercase")]
pub enum Event {
    /// A new record: its leaf takes the next free index.
    Issue {
        /// Commitment to the record.
        leaf: FieldElement,
    },
    /// Another content of a record.
    Amend {
        /// Where the record was issued.
        index: u64,
        /// Commitment to the new content.
        leaf: FieldElement,
    },
    /// The end of a record.
    Revoke {
        /// Where the record was issued.
        index: u64,
    },
}

/// Events to append: all of them, or none.
#[derive(ToSchema)]
#[schema(example = json!({"events": [{"operation": "revoke", "index": 7}]}))]
pub struct AppendRequest {
    /// In the order in which they are applied.
    pub events: Vec<Event>,
}

/// The events are in the log, and durable.
#[derive(ToSchema)]
pub struct AppendResponse {
    /// For each event the index of the issued leaf; null for an amendment or revocation.
    pub indices: Vec<Option<u64>>,
    /// A checkpoint that covers the events.
    pub checkpoint: SignedCheckpoint,
}

/// A part of the event log.
#[derive(ToSchema)]
pub struct EventsResponse {
    /// Position of the first event.
    pub from: u64,
    /// In the order of the log.
    pub events: Vec<Event>,
}

/// The leaves of one bucket of the state tree and the siblings above it.
#[derive(ToSchema)]
pub struct WitnessBundle {
    /// Size of the event log.
    pub size: u64,
    /// Which bucket: leaf index / 512.
    pub bucket: u64,
    /// The bucket's leaves; those beyond the last one issued are left out.
    #[schema(max_items = 512)]
    pub leaves: Vec<FieldElement>,
    /// The 8 children at each of the 8 levels above the bucket, from below.
    #[schema(min_items = 8, max_items = 8)]
    pub upper: Vec<Vec<FieldElement>>,
}
