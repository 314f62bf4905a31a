//! For each clause, corruptions of inputs and of wires, each breaking exactly that clause.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

mod common;

use ark_ff::{AdditiveGroup, Field, UniformRand};
use circuits::{Assignment, Clause, Inputs, Relation, check, witness};
use common::{range, reissue, scene, two_64};
use rand::SeedableRng;
use rand::rngs::StdRng;
use records::commitment::{hash_node, link_tag};
use records::domain::{ARITY, DEPTH};
use records::{Blind, Date, Fr, HolderSecret, HolderTag, LinkBlind, RecordId, Salt, SchemaId};
use statements::layout::SELECT_VALID_FROM;

type Corruption = (&'static str, fn(&mut Inputs), Clause);

fn random() -> Fr {
    Fr::rand(&mut StdRng::seed_from_u64(99))
}

/// Clause, then what is done to a valid scene. Where the holder could follow up (issue the
/// changed record, say), `reissue` does, so that only the clause in question is left to object.
const CORRUPTIONS: &[Corruption] = &[
    ("another secret", |i| i.private.secret = HolderSecret::from_field(random()), Clause::Holder),
    ("another blind", |i| i.private.blind = Blind::from_field(random()), Clause::Holder),
    (
        "another holder's tag, issued",
        |i| {
            i.private.record.holder_tag = HolderTag::from_field(random());
            reissue(i);
        },
        Clause::Holder,
    ),
    ("an attribute changed", |i| i.private.record.attributes[3] += Fr::ONE, Clause::Membership),
    (
        "the last attribute changed",
        |i| i.private.record.attributes[15] = Fr::ZERO,
        Clause::Membership,
    ),
    (
        "another record id",
        |i| i.private.record.record_id = RecordId::from_field(random()),
        Clause::Membership,
    ),
    ("another salt", |i| i.private.record.salt = Salt::from_field(random()), Clause::Membership),
    ("an earlier start", |i| i.private.record.valid_from = Date::MIN, Clause::Membership),
    ("a later end", |i| i.private.record.valid_until = Date::MAX, Clause::Membership),
    ("attributes swapped", |i| i.private.record.attributes.swap(0, 1), Clause::Membership),
    ("no root matches", |i| i.public.roots = [random(); 16], Clause::Membership),
    ("roots of zero", |i| i.public.roots = [Fr::ZERO; 16], Clause::Membership),
    (
        "a node for a root",
        |i| {
            i.public.roots[15] = hash_node(&i.private.path.levels[DEPTH - 2]);
        },
        Clause::Membership,
    ),
    (
        "a level of another path",
        |i| i.private.path.levels[4] = [random(); ARITY],
        Clause::Membership,
    ),
    ("two levels swapped", |i| i.private.path.levels.swap(5, 6), Clause::Membership),
    (
        "revoked: the leaf is empty",
        |i| {
            let leaf = &mut i.private.path.levels[0][ARITY - 1];
            *leaf = Fr::ZERO;
            let mut current = hash_node(&i.private.path.levels[0]);
            for level in &mut i.private.path.levels[1..] {
                level[ARITY - 1] = current;
                current = hash_node(level);
            }
            i.public.roots[15] = current;
        },
        Clause::Membership,
    ),
    ("not yet valid", |i| i.public.today = common::public_day("2024-04-30"), Clause::Currency),
    ("no longer valid", |i| i.public.today = common::public_day("2030-05-01"), Clause::Currency),
    ("a day beyond all days", |i| i.public.today = two_64(), Clause::Currency),
    ("today of -1", |i| i.public.today = -Fr::ONE, Clause::Currency),
    (
        "a value of 2^65 in a range",
        |i| {
            i.private.record.attributes[0] = two_64().double();
            i.public.revealed[0] = two_64().double();
            reissue(i);
        },
        Clause::Predicates,
    ),
    (
        "a hash in a range",
        |i| {
            let operand = 7;
            range(&mut i.public, 1, operand, Fr::ZERO, Fr::from(u64::MAX));
        },
        Clause::Predicates,
    ),
    (
        "a literal that does not hold",
        |i| {
            range(&mut i.public, 0, 0, Fr::from(700_001_u64), Fr::from(u64::MAX));
        },
        Clause::Policy,
    ),
    ("a negated literal that holds", |i| i.public.clauses[0].swap(), Clause::Policy),
    (
        "an alias of the bound",
        |i| {
            // 700,000 = 700,001 - 1: below the bound by one.
            i.public.predicates[0].low += Fr::ONE;
            i.public.predicates[0].high += Fr::ONE;
        },
        Clause::Policy,
    ),
    ("the set without its member", |i| i.public.predicates[3].set[6] = random(), Clause::Policy),
    (
        "another attribute selected",
        |i| {
            i.public.predicates[3].select[4] = Fr::ZERO;
            i.public.predicates[3].select[5] = Fr::ONE;
        },
        Clause::Policy,
    ),
    (
        "valid_until selected for valid_from",
        |i| {
            i.public.predicates[5].select[SELECT_VALID_FROM] = Fr::ZERO;
            i.public.predicates[5].select[SELECT_VALID_FROM + 1] = Fr::ONE;
        },
        Clause::Policy,
    ),
    ("a clause without literals", |i| i.public.clauses[4].positive = [Fr::ZERO; 8], Clause::Policy),
    ("another value revealed", |i| i.public.revealed[0] += Fr::ONE, Clause::Disclosure),
    (
        "a hidden value revealed",
        |i| i.public.revealed[1] = i.private.record.attributes[1],
        Clause::Disclosure,
    ),
    ("nothing revealed", |i| i.public.revealed[15] = Fr::ZERO, Clause::Disclosure),
    ("another nullifier", |i| i.public.nullifier = random(), Clause::Nullifier),
    ("no nullifier", |i| i.public.nullifier = Fr::ZERO, Clause::Nullifier),
    ("a nullifier nobody asked for", |i| i.public.nullify = Fr::ZERO, Clause::Nullifier),
    ("the nullifier of another scope", |i| i.public.scope = random(), Clause::Nullifier),
    ("another tag", |i| i.public.links[0].tag = random(), Clause::Links),
    (
        "another link blind",
        |i| i.private.link_blinds[1] = LinkBlind::from_field(random()),
        Clause::Links,
    ),
    (
        "the tag of another attribute",
        |i| {
            let value = i.private.record.attributes[3];
            i.public.links[0].tag = link_tag(value, &i.private.link_blinds[0]).field();
        },
        Clause::Links,
    ),
    ("a tag where nothing is linked", |i| i.public.links[0].select = [Fr::ZERO; 17], Clause::Links),
    (
        "the tags swapped",
        |i| {
            let [a, b] = &mut i.public.links;
            std::mem::swap(&mut a.tag, &mut b.tag);
        },
        Clause::Links,
    ),
];

trait Swap {
    fn swap(&mut self);
}

impl Swap for statements::layout::ClauseInputs<Fr> {
    fn swap(&mut self) {
        std::mem::swap(&mut self.positive, &mut self.negative);
    }
}

#[test]
fn each_corruption_of_inputs_breaks_its_clause() {
    for (name, corrupt, clause) in CORRUPTIONS {
        let mut inputs = scene(1);
        corrupt(&mut inputs);
        let native = check(&inputs.public, &inputs.private).map_err(|error| error.clause());
        assert_eq!(native, Err(*clause), "{name}: native check");
        let circuit = Relation::get().satisfied(&witness::assign(&inputs));
        assert_eq!(circuit, Err(*clause), "{name}: circuit");
    }
}

/// The circuit hashes SCHEMA into the leaf, so a wrong schema shows as a leaf that is nowhere.
#[test]
fn a_record_of_another_schema_is_refused() {
    let mut inputs = scene(1);
    inputs.public.schema = random();
    let native = check(&inputs.public, &inputs.private).map_err(|error| error.clause());
    assert_eq!(native, Err(Clause::Record));
    assert_eq!(Relation::get().satisfied(&witness::assign(&inputs)), Err(Clause::Membership));
    let mut inputs = scene(1);
    inputs.private.record.schema = SchemaId::from_field(random());
    let native = check(&inputs.public, &inputs.private).map_err(|error| error.clause());
    assert_eq!(native, Err(Clause::Record));
}

/// Wires of a valid assignment, overwritten one at a time: each stands in some constraint of a
/// clause that then fails, whatever it is overwritten with.
#[test]
fn no_wire_can_be_overwritten() {
    let relation = Relation::get();
    let good = witness::assign(&scene(2));
    let first_wire = relation.public_inputs();
    let mut free = Vec::new();
    let columns = columns_of(relation);
    for (wire, constraints) in columns.iter().enumerate().skip(first_wire) {
        for value in [good.values()[wire] + Fr::ONE, -good.values()[wire] - Fr::ONE, random()] {
            let mut bad = good.clone();
            bad.values_mut()[wire] = value;
            if !constraints.iter().any(|constraint| is_broken(relation, &bad, *constraint)) {
                free.push(wire - first_wire);
            }
        }
    }
    // The inverse that shows a number to be zero or not is free where the number is zero: of
    // the scene's eight predicates two are set members (3 and 7).
    assert_eq!(free.len(), 2 * 3, "{free:?}");
}

/// Every public input, exchanged after the fact, breaks a constraint, unless it multiplies a
/// zero: the unused part of the statement's own constants.
#[test]
fn challenge_root_day_scope_and_flags_cannot_be_exchanged() {
    use statements::layout as at;
    let relation = Relation::get();
    let good = witness::assign(&scene(2));
    for (name, position) in [
        ("challenge", at::CHALLENGE),
        ("schema", at::SCHEMA),
        ("matching root", at::ROOT + 15),
        ("today", at::TODAY),
        ("current", at::CURRENT),
        ("scope", at::SCOPE),
        ("nullify", at::NULLIFY),
        ("nullifier", at::NULLIFIER),
        ("low", at::PREDICATE + at::SELECTABLE + 1),
        ("high", at::PREDICATE + at::SELECTABLE + 2),
        ("revealed", at::REVEALED),
        ("tag", at::LINK + at::LINKABLE),
    ] {
        let mut bad = good.clone();
        bad.values_mut()[1 + position] += Fr::ONE;
        assert!(relation.satisfied(&bad).is_err(), "{name}");
    }
}

fn columns_of(relation: &Relation) -> Vec<Vec<usize>> {
    let mut columns = vec![Vec::new(); relation.public_inputs() + relation.wires()];
    for (index, row) in relation.matrices().iter().flat_map(|m| m.iter().enumerate()) {
        for (_, column) in row {
            columns[*column].push(index);
        }
    }
    columns
}

fn is_broken(relation: &Relation, assignment: &Assignment, constraint: usize) -> bool {
    let [a, b, c] = relation.matrices().each_ref().map(|matrix| {
        matrix[constraint].iter().map(|(k, column)| *k * assignment.values()[*column]).sum::<Fr>()
    });
    a * b != c
}
