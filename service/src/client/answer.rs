//! What the service is asked, and what it answers.

use std::fmt;

use records::{Date, LedgerKey, Origin};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use statements::{Nonce, Request};

/// What a relying party asks the service to make a request of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RequestDraft {
    /// Id or name of the statement.
    pub statement: String,
    /// Values of its parameters.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub parameters: Map<String, Json>,
    /// Name of the relying party; the service's own where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Scope of the nullifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// How old a checkpoint may be, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_checkpoint_age: Option<u64>,
    /// Seconds until the request ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// The day that the statement is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today: Option<Date>,
}

/// A request that the service made.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Created {
    /// Its nonce: what its address ends with.
    pub id: Nonce,
    /// The request.
    pub request: Request,
    /// With it, and only with it, the relying party gets the whole result.
    pub result_token: String,
}

/// The token does not print.
impl fmt::Debug for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Created").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A ledger, as the service lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Name of the ledger.
    pub origin: Origin,
    /// Key of its checkpoints.
    pub key: LedgerKey,
    /// Events in its log.
    pub size: u64,
    /// Records ever issued.
    pub issued: u64,
    /// Records issued and not revoked.
    pub active: u64,
}

/// The verifier's answer to a presentation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether it is accepted.
    pub valid: bool,
    /// What is verified, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Json>,
    /// Why it is refused, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalAnswer>,
}

/// The first rule that a presentation broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalAnswer {
    /// Number of the rule.
    pub rule: u8,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub message: String,
}
