//! Keys, rules and proving.

use utoipa::ToSchema;

use super::{Date, Digest, FieldElement};

/// Where a key comes from.
#[derive(ToSchema)]
pub struct Provenance {
    /// Version of the form: 1.
    pub format: u32,
    /// Digest of the circuit.
    pub circuit: Digest,
    /// Digest of the verification key.
    pub key: Digest,
    /// SHA-256 of the proving key's file.
    pub proving_key_sha256: Digest,
    /// Whether it comes from a development set-up, whose maker could forge proofs.
    pub development: bool,
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    pub created_at: u64,
    /// How it was made.
    pub note: String,
}

/// A rule of verification.
#[derive(ToSchema)]
pub struct Rule {
    /// Its number, from 1.
    pub number: u8,
    /// Its stable code.
    #[schema(example = "wrong-audience")]
    pub code: String,
    /// What it demands.
    pub text: String,
}

/// One proof to make.
#[derive(ToSchema)]
pub struct ProveItem {
    /// The public inputs, all of them, in the circuit's order.
    #[schema(min_items = 459, max_items = 459)]
    pub public: Vec<FieldElement>,
    /// The witness.
    pub private: PrivateInputs,
}

/// The witness of a proof. Secret.
#[derive(ToSchema)]
pub struct PrivateInputs {
    /// The holder's secret.
    pub secret: FieldElement,
    /// Opens the record's holder tag.
    pub blind: FieldElement,
    /// The record's schema.
    pub schema: FieldElement,
    /// The record's holder tag.
    pub holder_tag: FieldElement,
    /// The record's id.
    pub record_id: FieldElement,
    /// The record's salt.
    pub salt: FieldElement,
    /// First day of its validity.
    pub valid_from: Date,
    /// Last day of its validity.
    pub valid_until: Date,
    /// The encoded attributes.
    #[schema(min_items = 16, max_items = 16)]
    pub attributes: Vec<FieldElement>,
    /// The 8 children at each of the 11 levels from the leaf's up.
    #[schema(min_items = 11, max_items = 11)]
    pub path: Vec<Vec<FieldElement>>,
    /// Blinds of the link tags.
    #[schema(min_items = 2, max_items = 2)]
    pub link_blinds: Vec<FieldElement>,
}
