//! The commitments of `records::commitment`, in the circuit.

use ark_r1cs_std::fields::FieldVar;
use ark_relations::gr1cs::SynthesisError;
use records::domain::{
    ARITY, ATTRIBUTES, DOMAIN_HOLDER, DOMAIN_LINK, DOMAIN_NULLIFIER, DOMAIN_RECORD,
};

use super::Var;
use super::poseidon2::compress;

/// A record in the circuit.
pub struct RecordVar {
    /// Schema id: the public input itself.
    pub schema: Var,
    /// Commitment to the holder's secret.
    pub holder_tag: Var,
    /// Stable name.
    pub record_id: Var,
    /// Hides the attributes.
    pub salt: Var,
    /// First day of validity.
    pub valid_from: Var,
    /// Last day of validity.
    pub valid_until: Var,
    /// Encoded attributes.
    pub attributes: [Var; ATTRIBUTES],
}

/// `compress_3(secret, blind, DOMAIN_HOLDER)`.
pub fn holder_tag(secret: &Var, blind: &Var) -> Result<Var, SynthesisError> {
    compress(&[secret.clone(), blind.clone(), Var::constant(DOMAIN_HOLDER)])
}

/// `compress_16(attributes)`.
pub fn hash_attributes(attributes: &[Var; ATTRIBUTES]) -> Result<Var, SynthesisError> {
    compress(attributes)
}

/// `compress_8(schema, holder_tag, record_id, salt, valid_from, valid_until, attributes,
/// DOMAIN_RECORD)`.
pub fn commit_record(record: &RecordVar) -> Result<Var, SynthesisError> {
    let attributes = hash_attributes(&record.attributes)?;
    compress(&[
        record.schema.clone(),
        record.holder_tag.clone(),
        record.record_id.clone(),
        record.salt.clone(),
        record.valid_from.clone(),
        record.valid_until.clone(),
        attributes,
        Var::constant(DOMAIN_RECORD),
    ])
}

/// `compress_8(children)`.
pub fn hash_node(children: &[Var; ARITY]) -> Result<Var, SynthesisError> {
    compress(children)
}

/// `compress_4(secret, record_id, scope, DOMAIN_NULLIFIER)`.
pub fn nullifier(secret: &Var, record_id: &Var, scope: &Var) -> Result<Var, SynthesisError> {
    compress(&[secret.clone(), record_id.clone(), scope.clone(), Var::constant(DOMAIN_NULLIFIER)])
}

/// `compress_3(value, blind, DOMAIN_LINK)`.
pub fn link_tag(value: &Var, blind: &Var) -> Result<Var, SynthesisError> {
    compress(&[value.clone(), blind.clone(), Var::constant(DOMAIN_LINK)])
}
