//! What a submitted presentation is answered with.

use std::sync::Arc;

use records::Nullifier;
use serde::Serialize;
use verifier::{Refusal, Verdict};

/// The answer to one presentation.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// Whether the presentation is accepted.
    pub valid: bool,
    /// What the relying party learns; where it is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The nullifiers that it shows; where it is accepted and shows any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nullifiers: Vec<NullifierAnswer>,
    /// The first rule that it breaks; where it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// A nullifier, and whether it is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NullifierAnswer {
    /// Name of the record in the statement.
    pub record: String,
    /// The nullifier.
    pub nullifier: Nullifier,
    /// Whether an earlier presentation of this statement in this scope was of the same record.
    pub seen_before: bool,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RequestStatus {
    /// No presentation has arrived.
    Open,
    /// A presentation was accepted: the request is closed.
    Valid,
    /// The latest presentation was refused; others may follow until the request expires.
    Refused,
    /// It ended without an accepted presentation.
    Expired,
}

/// How a request stands, with its latest answer.
#[derive(Debug, Clone)]
pub struct RequestResult {
    /// How it stands.
    pub status: RequestStatus,
    /// The latest answer, as it was given; absent after a restart of the service, since answers
    /// are never written to disk.
    pub answer: Option<Arc<Answer>>,
}

impl Answer {
    /// An accepted presentation. `seen` says of each nullifier whether it was seen before.
    pub(super) fn valid(verdict: Verdict, seen: &[bool]) -> Self {
        let shown = verdict.records.iter().filter_map(|record| {
            record.nullifier.map(|nullifier| (record.name.clone(), nullifier))
        });
        let nullifiers = shown.zip(seen).map(|((record, nullifier), seen_before)| {
            NullifierAnswer { record, nullifier, seen_before: *seen_before }
        });
        Self {
            valid: true,
            nullifiers: nullifiers.collect(),
            verdict: Some(verdict),
            refusal: None,
        }
    }

    /// A refused presentation.
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self { valid: false, verdict: None, nullifiers: Vec::new(), refusal: Some(refusal) }
    }

    /// Code of the rule that it was refused by.
    pub fn refusal_code(&self) -> Option<&'static str> {
        self.refusal.as_ref().map(|refusal| refusal.code.as_str())
    }
}
