//! Inputs that satisfy the circuit, for trying a new key before it is kept: one record of no
//! schema in a tree of its own, under an empty statement. Nothing in them is secret.

use ark_ff::{AdditiveGroup, Field};
use circuits::{Inputs, PrivateInputs};
use records::commitment::{commit_record, hash_node, holder_tag};
use records::tree::{StatePath, empty_node};
use records::{Blind, Date, EncodedRecord, Fr, HolderSecret, LinkBlind, RecordId, Salt, SchemaId};
use statements::PublicInputs;
use statements::layout::COUNT;

pub(crate) fn inputs() -> Inputs {
    let secret = HolderSecret::from_field(Fr::ONE);
    let blind = Blind::from_field(Fr::ONE);
    let record = EncodedRecord {
        schema: SchemaId::from_field(Fr::ZERO),
        holder_tag: holder_tag(&secret, &blind),
        record_id: RecordId::from_field(Fr::ONE),
        salt: Salt::from_field(Fr::ONE),
        valid_from: Date::MIN,
        valid_until: Date::MAX,
        attributes: [Fr::ONE; 16],
    };
    let mut current = commit_record(&record).field();
    let levels = std::array::from_fn(|height| {
        let mut children = [empty_node(height); 8];
        children[0] = current;
        current = hash_node(&children);
        children
    });
    let mut public = PublicInputs::from_flat(&[Fr::ZERO; COUNT]);
    public.roots = [current; 16];
    public.current = Fr::ONE;
    for clause in &mut public.clauses {
        clause.always = Fr::ONE;
    }
    let link_blinds = [LinkBlind::from_field(Fr::ONE), LinkBlind::from_field(Fr::ONE)];
    let private = PrivateInputs { secret, blind, record, path: StatePath { levels }, link_blinds };
    Inputs { public, private }
}
