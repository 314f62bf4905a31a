//! What is hashed into what (specification: docs/protocol/circuit.md, "Commitments"). Each
//! function has its in-circuit form, of the same name, in `circuits::gadgets::commitment`.

use ark_bn254::Fr;

use crate::domain::{
    ARITY, ATTRIBUTES, DOMAIN_HOLDER, DOMAIN_LINK, DOMAIN_NULLIFIER, DOMAIN_RECORD,
};
use crate::poseidon2::compress;
use crate::{
    Blind, EncodedRecord, HolderSecret, HolderTag, Leaf, LinkBlind, LinkTag, Nullifier, RecordId,
    Scope,
};

/// `compress_3(secret, blind, DOMAIN_HOLDER)`.
pub fn holder_tag(secret: &HolderSecret, blind: &Blind) -> HolderTag {
    HolderTag::from_field(compress(&[secret.field(), blind.field(), DOMAIN_HOLDER]))
}

/// `compress_16(attributes)`.
pub fn hash_attributes(attributes: &[Fr; ATTRIBUTES]) -> Fr {
    compress(attributes)
}

/// `compress_8(schema, holder_tag, record_id, salt, valid_from, valid_until, attributes,
/// DOMAIN_RECORD)`.
pub fn commit_record(record: &EncodedRecord) -> Leaf {
    Leaf::from_field(compress(&[
        record.schema.field(),
        record.holder_tag.field(),
        record.record_id.field(),
        record.salt.field(),
        Fr::from(record.valid_from.days()),
        Fr::from(record.valid_until.days()),
        hash_attributes(&record.attributes),
        DOMAIN_RECORD,
    ]))
}

/// `compress_8(children)`.
pub fn hash_node(children: &[Fr; ARITY]) -> Fr {
    compress(children)
}

/// `compress_4(secret, record_id, scope, DOMAIN_NULLIFIER)`.
pub fn nullifier(secret: &HolderSecret, record_id: RecordId, scope: Scope) -> Nullifier {
    Nullifier::from_field(compress(&[
        secret.field(),
        record_id.field(),
        scope.field(),
        DOMAIN_NULLIFIER,
    ]))
}

/// `compress_3(value, blind, DOMAIN_LINK)`.
pub fn link_tag(value: Fr, blind: &LinkBlind) -> LinkTag {
    LinkTag::from_field(compress(&[value, blind.field(), DOMAIN_LINK]))
}
