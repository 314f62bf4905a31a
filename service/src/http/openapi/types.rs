//! Forms of what other crates define, for the OpenAPI document alone: those crates know nothing
//! of HTTP. A test compares each form with what its crate writes.

mod exchange;
mod ledger;
mod proving;
mod statement;
mod text;

pub use exchange::{
    Answer, CheckpointVerdict, CompactPresentation, NullifierAnswer, Presentation, RecordProof,
    RecordVerdict, Refusal, Request, RequestResult, RequestStatus, Verdict,
};
pub use ledger::{
    AppendRequest, AppendResponse, Event, EventsResponse, LedgerEntry, WitnessBundle,
};
pub use proving::{PrivateInputs, ProveItem, Provenance, Rule};
pub use statement::{
    Attribute, Explanation, ParameterDeclaration, RecordExplanation, Schema, Statement,
    StatementRecord, Titles,
};
pub use text::{
    Date, Digest, FieldElement, Language, LedgerKey, Nonce, Origin, Proof, SignedCheckpoint, Token,
};
