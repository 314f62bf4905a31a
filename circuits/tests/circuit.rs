//! The circuit's size and identity, and the agreement of its three forms.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

mod common;

use ark_ff::{AdditiveGroup, Field, UniformRand};
use ark_relations::gr1cs::{ConstraintSynthesizer, ConstraintSystem, OptimizationGoal};
use circuits::{Inputs, PresentationCircuit, Relation, check, inspect, witness};
use common::{scene, two_64};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;
use records::Fr;
use statements::PublicInputs;
use statements::layout::COUNT;

/// Changing the circuit changes every key: it takes a deliberate `INSTA_UPDATE=always`.
#[test]
fn sizes_and_digest_are_pinned() {
    insta::assert_json_snapshot!(inspect());
}

#[test]
fn fits_the_domain() {
    let inspection = inspect();
    assert_eq!(inspection.public_inputs, COUNT + 1);
    assert!(inspection.constraints + inspection.public_inputs <= 8_192);
    assert_eq!(inspection.domain, 8_192);
    assert_eq!(inspection.clauses.values().sum::<usize>(), inspection.constraints);
}

fn synthesised(inputs: &Inputs) -> (Vec<Fr>, bool) {
    let cs = ConstraintSystem::new_ref();
    cs.set_optimization_goal(OptimizationGoal::Constraints);
    PresentationCircuit::new(inputs).generate_constraints(cs.clone()).unwrap();
    cs.finalize();
    let mut values = cs.instance_assignment().unwrap().to_vec();
    values.extend(cs.witness_assignment().unwrap());
    (values, cs.is_satisfied().unwrap())
}

#[test]
fn native_witness_is_the_synthesised_one() {
    for seed in 0..3 {
        let mut inputs = scene(seed);
        let (values, satisfied) = synthesised(&inputs);
        assert!(satisfied);
        assert_eq!(witness::assign(&inputs).values(), values);
        // Also where the relation is broken.
        inputs.private.record.attributes[4] += Fr::ONE;
        inputs.public.clauses[0].positive = [Fr::ZERO; 8];
        let (values, satisfied) = synthesised(&inputs);
        assert!(!satisfied);
        assert_eq!(witness::assign(&inputs).values(), values);
    }
}

#[test]
fn scenes_are_accepted() {
    for seed in 0..3 {
        let inputs = scene(seed);
        assert_eq!(check(&inputs.public, &inputs.private), Ok(()));
        assert_eq!(Relation::get().satisfied(&witness::assign(&inputs)), Ok(()));
    }
}

/// Every public input stands in some constraint: one that does not could be exchanged.
#[test]
fn every_public_input_is_used() {
    let mut used = vec![false; COUNT + 1];
    for row in Relation::get().matrices().iter().flatten() {
        for (_, column) in row.iter().filter(|(_, column)| *column <= COUNT) {
            used[*column] = true;
        }
    }
    let unused: Vec<_> = (0..=COUNT).filter(|column| !used[*column]).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn odd_value(kind: u8, seed: u64) -> Fr {
    match kind {
        0 => Fr::ZERO,
        1 => Fr::ONE,
        2 => -Fr::ONE,
        3 => Fr::from(u64::MAX),
        4 => two_64(),
        5 => Fr::from(700_000_u64),
        6 => Fr::from(seed % 16),
        _ => Fr::rand(&mut StdRng::seed_from_u64(seed)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Native check and circuit decide alike, whatever stands in the inputs.
    #[test]
    fn check_and_circuit_agree(
        seed in 0u64..2,
        publics in prop::collection::vec((0usize..COUNT, 0u8..8, any::<u64>()), 0..4),
        attributes in prop::collection::vec((0usize..16, 0u8..8, any::<u64>()), 0..2),
        reissue: bool,
    ) {
        let mut inputs = scene(seed);
        let mut flat: [Fr; COUNT] = inputs.public.flatten().try_into().unwrap();
        for (position, kind, seed) in publics {
            flat[position] = odd_value(kind, seed);
        }
        inputs.public = PublicInputs::from_flat(&flat);
        for (slot, kind, seed) in attributes {
            inputs.private.record.attributes[slot] = odd_value(kind, seed);
        }
        if reissue {
            common::reissue(&mut inputs);
        }
        let native = check(&inputs.public, &inputs.private);
        let circuit = Relation::get().satisfied(&witness::assign(&inputs));
        prop_assert_eq!(native.is_ok(), circuit.is_ok(), "{:?} {:?}", native, circuit);
    }
}
