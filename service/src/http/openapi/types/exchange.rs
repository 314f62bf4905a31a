//! Requests, presentations, and the answers to them.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::{Date, Digest, FieldElement, Nonce, Origin, Proof, SignedCheckpoint, Titles};

/// What a relying party asks for. Its hash is the challenge that the proofs are bound to.
#[derive(ToSchema)]
#[schema(example = json!({
    "version": 1,
    "statement": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
    "parameters": {},
    "audience": "counter.vouch.example",
    "nonce": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "today": "2026-01-31",
    "expires_at": 1769817900,
    "max_checkpoint_age": 86400
}))]
pub struct Request {
    /// Version of the form: 1.
    pub version: u32,
    /// Id of the statement to prove.
    pub statement: Digest,
    /// Values of the statement's parameters.
    #[schema(value_type = Object)]
    pub parameters: BTreeMap<String, String>,
    /// Name of the relying party.
    #[schema(min_length = 1, max_length = 200)]
    pub audience: String,
    /// Makes this request unlike any other.
    pub nonce: Nonce,
    /// Scope in which the nullifier is unique; where the statement shows one.
    #[schema(min_length = 1, max_length = 200)]
    pub scope: Option<String>,
    /// The day that the statement is about.
    pub today: Date,
    /// When it ends, in seconds since 1970-01-01T00:00:00Z.
    pub expires_at: u64,
    /// How old a checkpoint may be, in seconds.
    pub max_checkpoint_age: u64,
}

/// A holder's answer to a request.
#[derive(ToSchema)]
pub struct Presentation {
    /// Version of the form: 1.
    pub version: u32,
    /// Hash of the request.
    pub request: FieldElement,
    /// The checkpoints that the proofs were made against, one for each ledger.
    pub checkpoints: Vec<SignedCheckpoint>,
    /// One for each record of the statement, in its order.
    pub proofs: Vec<RecordProof>,
    /// One tag for each link class of the statement.
    pub links: Vec<FieldElement>,
}

/// The compact form of a presentation: CBOR.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct CompactPresentation(pub String);

/// The proof of one record.
#[derive(ToSchema)]
pub struct RecordProof {
    /// The proof.
    pub proof: Proof,
    /// The nullifier, where the statement shows one.
    pub nullifier: Option<FieldElement>,
    /// Revealed attributes by name; absent where there are none.
    #[schema(value_type = Option<Object>)]
    pub revealed: BTreeMap<String, String>,
}

/// The answer to a presentation.
#[derive(ToSchema)]
#[schema(example = json!({
    "valid": false,
    "refusal": {"rule": 16, "code": "replayed", "message": "the request has been answered before"}
}))]
pub struct Answer {
    /// Whether it is accepted.
    pub valid: bool,
    /// What the relying party learns; where it is accepted.
    pub verdict: Option<Verdict>,
    /// The nullifiers that it shows; where it is accepted and shows any.
    pub nullifiers: Option<Vec<NullifierAnswer>>,
    /// The first rule that it breaks; where it is refused.
    pub refusal: Option<Refusal>,
}

/// What a relying party learns.
#[derive(ToSchema)]
pub struct Verdict {
    /// Id of the statement.
    pub statement: Digest,
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Titles,
    /// The relying party that asked.
    pub audience: String,
    /// The day that the statement is about.
    pub today: Date,
    /// The records, in the statement's order.
    pub records: Vec<RecordVerdict>,
    /// How fresh the ledgers' states are.
    pub checkpoints: Vec<CheckpointVerdict>,
    /// Whether the key comes from a development set-up, whose maker could forge this.
    pub development_key: bool,
    /// Digest of the circuit's verification key.
    pub key: Digest,
}

/// What is learned of one record.
#[derive(ToSchema)]
pub struct RecordVerdict {
    /// Its name in the statement.
    pub name: String,
    /// Name of its schema.
    pub schema: String,
    /// Revealed attributes by name.
    #[schema(value_type = Object)]
    pub revealed: BTreeMap<String, String>,
    /// The nullifier, where the statement shows one.
    pub nullifier: Option<FieldElement>,
}

/// A checkpoint that proofs were made against.
#[derive(ToSchema)]
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

/// A nullifier, and whether it is new.
#[derive(ToSchema)]
pub struct NullifierAnswer {
    /// Name of the record in the statement.
    pub record: String,
    /// The nullifier.
    pub nullifier: FieldElement,
    /// Whether an earlier presentation of this statement in this scope was of the same record.
    pub seen_before: bool,
}

/// A refusal: the first rule that a presentation breaks. `/v1/keys` lists the rules.
#[derive(ToSchema)]
pub struct Refusal {
    /// Number of the rule.
    pub rule: u8,
    /// Its stable code.
    #[schema(example = "request-expired")]
    pub code: String,
    /// What is wrong.
    pub message: String,
}

/// How a request stands.
#[derive(ToSchema)]
#[schema(example = json!({"status": "open"}))]
pub struct RequestResult {
    /// How it stands.
    pub status: RequestStatus,
    /// What the relying party learned; where it is valid.
    pub verdict: Option<Verdict>,
    /// The nullifiers that were shown; where there are any.
    pub nullifiers: Option<Vec<NullifierAnswer>>,
    /// Why the latest presentation was refused; where it was.
    pub refusal: Option<Refusal>,
}

/// How a request stands.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum RequestStatus {
    /// No presentation has arrived.
    Open,
    /// A presentation was accepted: the request is closed.
    Valid,
    /// The latest presentation was refused; others may follow.
    Refused,
    /// It ended without an accepted presentation.
    Expired,
}
