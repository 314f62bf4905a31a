//! Scenes: valid inputs of the circuit, rich in features, for tests that then corrupt them.
#![allow(dead_code, reason = "each test file uses a part")]

use ark_ff::{AdditiveGroup, Field, UniformRand};
use circuits::{Inputs, PrivateInputs};
use rand::SeedableRng;
use rand::rngs::StdRng;
use records::commitment::{commit_record, hash_node, holder_tag, link_tag, nullifier};
use records::domain::ARITY;
use records::tree::StatePath;
use records::{
    Blind, Date, EncodedRecord, Fr, HolderSecret, Leaf, LinkBlind, RecordId, Salt, SchemaId, Scope,
};
use statements::PublicInputs;
use statements::layout::{COUNT, SELECT_SECRET, SELECT_VALID_FROM, SELECT_VALID_UNTIL};

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// 2^64 as a field element.
pub fn two_64() -> Fr {
    Fr::from(1_u128 << 64)
}

/// A path from `leaf`, at `position` among its siblings at every level, with random siblings.
pub fn path(leaf: Leaf, position: usize, rng: &mut StdRng) -> StatePath {
    let mut current = leaf.field();
    let levels = std::array::from_fn(|_| {
        let mut children: [Fr; ARITY] = std::array::from_fn(|_| Fr::rand(rng));
        children[position] = current;
        current = hash_node(&children);
        children
    });
    StatePath { levels }
}

/// Puts the record's leaf back into its path, recomputes the way up, and makes it a root.
pub fn reissue(inputs: &mut Inputs) {
    let old_root = inputs.private.path.root().field();
    let position = ARITY - 1;
    let mut current = commit_record(&inputs.private.record).field();
    for level in &mut inputs.private.path.levels {
        level[position] = current;
        current = hash_node(level);
    }
    for root in inputs.public.roots.iter_mut().filter(|root| **root == old_root) {
        *root = current;
    }
}

/// A scene that uses everything: all eight predicates (ranges that hold, fail below and fail
/// above, sets, validity), clauses with positive and negative literals, two reveals, nullifier,
/// both links, sixteen attributes.
pub fn scene(seed: u64) -> Inputs {
    let mut rng = StdRng::seed_from_u64(seed);
    let secret = HolderSecret::from_field(Fr::rand(&mut rng));
    let blind = Blind::from_field(Fr::rand(&mut rng));
    let mut attributes: [Fr; 16] = std::array::from_fn(|_| Fr::rand(&mut rng));
    attributes[0] = Fr::from(700_000_u64);
    attributes[1] = Fr::from(u64::MAX);
    let record = EncodedRecord {
        schema: SchemaId::from_field(Fr::rand(&mut rng)),
        holder_tag: holder_tag(&secret, &blind),
        record_id: RecordId::from_field(Fr::rand(&mut rng)),
        salt: Salt::from_field(Fr::rand(&mut rng)),
        valid_from: day("2024-05-01"),
        valid_until: day("2030-04-30"),
        attributes,
    };
    let path = path(commit_record(&record), ARITY - 1, &mut rng);
    let link_blinds = [0, 1].map(|_| LinkBlind::from_field(Fr::rand(&mut rng)));
    let private = PrivateInputs { secret, blind, record, path, link_blinds };
    let public = public(&private, &mut rng);
    Inputs { public, private }
}

fn public(private: &PrivateInputs, rng: &mut StdRng) -> PublicInputs {
    let mut public = PublicInputs::from_flat(&[Fr::ZERO; COUNT]);
    let record = &private.record;
    public.challenge = Fr::rand(rng);
    public.schema = record.schema.field();
    public.roots = std::array::from_fn(|_| Fr::rand(rng));
    public.roots[15] = private.path.root().field();
    public.today = Fr::from(day("2026-11-22").days());
    public.current = Fr::ONE;
    public.scope = Fr::rand(rng);
    public.nullify = Fr::ONE;
    let scope = Scope::from_field(public.scope);
    public.nullifier = nullifier(&private.secret, record.record_id, scope).field();

    range(&mut public, 0, 0, Fr::from(700_000_u64), Fr::from(700_000_u64)); // holds
    range(&mut public, 1, 0, Fr::from(700_001_u64), Fr::from(u64::MAX)); // below
    range(&mut public, 2, 0, Fr::ZERO, Fr::from(699_999_u64)); // above
    set(&mut public, 3, 4, record.attributes[4], rng); // member
    set(&mut public, 4, 5, record.attributes[6], rng); // no member
    range(&mut public, 5, SELECT_VALID_FROM, Fr::ZERO, public_day("2024-05-01"));
    range(&mut public, 6, SELECT_VALID_UNTIL, public_day("2030-05-01"), Fr::from(u64::MAX));
    set(&mut public, 7, 15, record.attributes[15], rng);

    for (clause, literals) in [
        (0, vec![(0, true)]),
        (1, vec![(1, false)]),
        (2, vec![(1, true), (3, true)]),
        (3, vec![(2, false), (4, false)]),
        (4, vec![(5, true)]),
        (5, vec![(6, true), (7, true)]),
        (6, (0..8).map(|k| (k, true)).collect()),
        (7, vec![(4, true), (6, false)]),
    ] {
        for (predicate, positive) in literals {
            let inputs = &mut public.clauses[clause];
            let signs = if positive { &mut inputs.positive } else { &mut inputs.negative };
            signs[predicate] = Fr::ONE;
        }
    }
    for slot in [0, 15] {
        public.reveal[slot] = Fr::ONE;
        public.revealed[slot] = record.attributes[slot];
    }
    for (i, source) in [2, SELECT_SECRET].into_iter().enumerate() {
        public.links[i].select[source] = Fr::ONE;
        let value = if source == SELECT_SECRET {
            private.secret.field()
        } else {
            record.attributes[source]
        };
        public.links[i].tag = link_tag(value, &private.link_blinds[i]).field();
    }
    public
}

pub fn public_day(text: &str) -> Fr {
    Fr::from(day(text).days())
}

pub fn range(public: &mut PublicInputs, k: usize, operand: usize, low: Fr, high: Fr) {
    let predicate = &mut public.predicates[k];
    predicate.select = [Fr::ZERO; 18];
    predicate.select[operand] = Fr::ONE;
    predicate.ordered = Fr::ONE;
    predicate.low = low;
    predicate.high = high;
    predicate.set = std::array::from_fn(|i| Fr::from(1_000 + i as u64));
}

pub fn set(public: &mut PublicInputs, k: usize, operand: usize, member: Fr, rng: &mut StdRng) {
    let predicate = &mut public.predicates[k];
    predicate.select = [Fr::ZERO; 18];
    predicate.select[operand] = Fr::ONE;
    predicate.set = std::array::from_fn(|_| Fr::rand(rng));
    predicate.set[6] = member;
}
