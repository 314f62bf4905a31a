//! Presentations: a holder's answer to a request.

use std::fmt;

use records::{Challenge, LinkTag, Nullifier, SignedCheckpoint, decode_hex};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value as Json};

use crate::compact::{self, CompactError};

/// Bytes of a compressed Groth16 proof over BN254: A (32), B (64), C (32).
pub const PROOF_BYTES: usize = 128;

/// Most bytes of a presentation in either form.
pub const MAX_PRESENTATION_BYTES: usize = 64 * 1024;

/// A holder's answer: for each record of the statement one proof, and what belongs to all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presentation {
    /// Version of the presentation format: 1.
    pub version: u32,
    /// Hash of the request that is answered.
    pub request: Challenge,
    /// The checkpoints the proofs were made against, one for each ledger of the statement.
    pub checkpoints: Vec<SignedCheckpoint>,
    /// One for each record of the statement, in its order.
    pub proofs: Vec<RecordProof>,
    /// One tag for each link class of the statement.
    pub links: Vec<LinkTag>,
}

/// The proof of one record. What it reveals does not print with `Debug`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordProof {
    /// The Groth16 proof.
    pub proof: ProofBytes,
    /// The nullifier, where the statement shows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nullifier: Option<Nullifier>,
    /// Revealed attributes by name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub revealed: Map<String, Json>,
}

/// A compressed proof; not yet known to be one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProofBytes([u8; PROOF_BYTES]);

impl Presentation {
    /// Reads the JSON form.
    ///
    /// # Errors
    /// A text that says what is wrong; it does not repeat values.
    pub fn from_json(json: &str) -> Result<Self, CompactError> {
        if json.len() > MAX_PRESENTATION_BYTES {
            return Err(CompactError::TooLong);
        }
        if !is_object(json) {
            return Err(CompactError::Json { line: 1, column: 1 });
        }
        serde_json::from_str(json)
            .map_err(|error| CompactError::Json { line: error.line(), column: error.column() })
    }

    /// The compact CBOR form (docs/protocol/presentation.md, "Compact form"): small enough for
    /// one QR code.
    pub fn to_compact(&self) -> Vec<u8> {
        compact::encode(self)
    }

    /// Reads the compact CBOR form.
    ///
    /// # Errors
    /// [`CompactError`] for any other bytes; left-over bytes too.
    pub fn from_compact(bytes: &[u8]) -> Result<Self, CompactError> {
        compact::decode(bytes)
    }
}

/// Whether a JSON text is an object. Serde also reads a structure from an array of its fields,
/// which is no form of ours.
pub(crate) fn is_object(json: &str) -> bool {
    json.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{')
}

impl ProofBytes {
    /// Wraps 128 bytes.
    pub const fn new(bytes: [u8; PROOF_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; PROOF_BYTES] {
        &self.0
    }
}

impl fmt::Debug for RecordProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordProof")
            .field("proof", &self.proof)
            .field("nullifier", &self.nullifier)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProofBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProofBytes({})", hex::encode(self.0))
    }
}

impl Serialize for ProofBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for ProofBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        decode_hex(&text)
            .map(Self)
            .ok_or_else(|| de::Error::custom("a proof is 256 lower-case hexadecimal digits"))
    }
}
