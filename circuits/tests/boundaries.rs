//! Values at the edges of their ranges.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

mod common;

use ark_ff::{AdditiveGroup, Field};
use circuits::{Inputs, Relation, check, witness};
use common::{range, reissue, scene, two_64};
use records::Fr;
use records::commitment::{commit_record, hash_node};
use records::domain::{ARITY, DEPTH};
use records::tree::{StatePath, empty_node};

/// Both forms, which must agree.
fn accepts(inputs: &Inputs) -> bool {
    let native = check(&inputs.public, &inputs.private);
    let circuit = Relation::get().satisfied(&witness::assign(inputs));
    assert_eq!(native.is_ok(), circuit.is_ok(), "{native:?} {circuit:?}");
    if let (Err(native), Err(circuit)) = (native, circuit) {
        assert_eq!(native.clause(), circuit);
    }
    native.is_ok()
}

/// A scene whose one clause is: attribute 0 = `value` lies within `low` and `high`.
fn comparison(value: Fr, low: Fr, high: Fr) -> Inputs {
    let mut inputs = scene(3);
    for clause in &mut inputs.public.clauses {
        clause.positive = [Fr::ZERO; 8];
        clause.negative = [Fr::ZERO; 8];
        clause.always = Fr::ONE;
    }
    for predicate in &mut inputs.public.predicates {
        predicate.ordered = Fr::ZERO;
    }
    range(&mut inputs.public, 0, 0, low, high);
    inputs.public.clauses[0].positive[0] = Fr::ONE;
    inputs.public.clauses[0].always = Fr::ZERO;
    inputs.private.record.attributes[0] = value;
    inputs.public.revealed[0] = value;
    reissue(&mut inputs);
    inputs
}

#[test]
fn comparisons_at_the_edges() {
    let max = Fr::from(u64::MAX);
    let (zero, one) = (Fr::ZERO, Fr::ONE);
    for (value, low, high, expected) in [
        (zero, zero, zero, true),
        (zero, zero, max, true),
        (zero, one, max, false),
        (one, zero, zero, false),
        (max, max, max, true),
        (max, zero, max, true),
        (max, zero, max - one, false),
        (max - one, max, max, false),
        // Empty ranges, as strict comparisons with the ends of the numbers give them.
        (zero, zero, -one, false),
        (max, zero, -one, false),
        (max, two_64(), max, false),
        (zero, two_64(), max, false),
        (Fr::from(5_u64), Fr::from(6_u64), Fr::from(4_u64), false),
    ] {
        assert_eq!(accepts(&comparison(value, low, high)), expected, "{value} in {low}..{high}");
    }
}

/// v + p is v: the field has no aliases. What could pass for a number are values near 0 from
/// below and near 2^64 from above; none is within any range.
#[test]
fn values_that_are_no_numbers_are_in_no_range() {
    let max = Fr::from(u64::MAX);
    for value in [-Fr::ONE, two_64(), two_64() + Fr::ONE, -two_64(), two_64().double(), -max] {
        for (low, high) in [(Fr::ZERO, max), (Fr::ZERO, Fr::ZERO), (max, max)] {
            assert!(!accepts(&comparison(value, low, high)), "{value} in {low}..{high}");
        }
    }
}

#[test]
fn first_and_last_day_of_validity_count() {
    for (today, expected) in
        [("2024-04-30", false), ("2024-05-01", true), ("2030-04-30", true), ("2030-05-01", false)]
    {
        let mut inputs = scene(3);
        inputs.public.today = common::public_day(today);
        assert_eq!(accepts(&inputs), expected, "{today}");
        inputs.public.current = Fr::ZERO;
        assert!(accepts(&inputs), "{today}, not asked");
    }
}

/// The record alone in its tree, at the first or the last leaf of all.
#[test]
fn one_leaf_and_last_leaf() {
    for position in [0, ARITY - 1] {
        let mut inputs = scene(4);
        let mut current = commit_record(&inputs.private.record).field();
        let levels = std::array::from_fn(|height| {
            let mut children = [empty_node(height); ARITY];
            children[position] = current;
            current = hash_node(&children);
            children
        });
        inputs.private.path = StatePath { levels };
        inputs.public.roots[0] = current;
        assert!(accepts(&inputs));
    }
}

#[test]
fn the_empty_tree_holds_nothing() {
    let mut inputs = scene(4);
    let levels = std::array::from_fn(|height| [empty_node(height); ARITY]);
    inputs.private.path = StatePath { levels };
    inputs.public.roots = [empty_node(DEPTH); 16];
    assert!(!accepts(&inputs));
}

#[test]
fn each_of_sixteen_roots_is_accepted() {
    for position in 0..16 {
        let mut inputs = scene(5);
        inputs.public.roots.swap(15, position);
        assert!(accepts(&inputs), "{position}");
    }
}

#[test]
fn each_of_eight_positions_and_set_members_is_accepted() {
    for position in 0..ARITY {
        let mut inputs = scene(6);
        inputs.public.predicates[3].set.swap(6, position);
        let mut current = commit_record(&inputs.private.record).field();
        for level in &mut inputs.private.path.levels {
            level[ARITY - 1] = empty_node(0);
            level[position] = current;
            current = hash_node(level);
        }
        inputs.public.roots[15] = current;
        assert!(accepts(&inputs), "{position}");
    }
}

#[test]
fn all_sixteen_attributes_revealed_and_selected() {
    let mut inputs = scene(7);
    inputs.public.reveal = [Fr::ONE; 16];
    inputs.public.revealed = inputs.private.record.attributes;
    for slot in 0..16 {
        inputs.public.predicates[3].select = [Fr::ZERO; 18];
        inputs.public.predicates[3].select[slot] = Fr::ONE;
        inputs.public.predicates[3].set[0] = inputs.private.record.attributes[slot];
        assert!(accepts(&inputs), "{slot}");
    }
}
