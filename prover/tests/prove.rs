//! Keys and proofs, against arkworks' verifier and another implementation of the reduction.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

#[path = "../../circuits/tests/common/mod.rs"]
mod common;

use std::fs;
use std::sync::LazyLock;

use ark_bn254::{Bn254, Fr};
use ark_ff::{AdditiveGroup, Field};
use ark_groth16::r1cs_to_qap::R1CSToQAP;
use ark_groth16::{Groth16, prepare_verifying_key};
use ark_poly::GeneralEvaluationDomain;
use ark_serialize::CanonicalDeserialize;
use circuits::{Clause, Inputs, Relation, witness};
use common::scene;
use prover::{KeyError, KeyStore, OddCoset, ProveError, Prover};
use statements::Parameter;
use statements::layout::COUNT;
use statements::{AffineMap, ProofBytes, Row};
use taceo_groth16::{CircomReduction, ConstraintMatrices, R1CSToQAP as _};
use verifier::{BatchItem, FoldedKey, Proof, ProofError, VerificationKey, verify_batch};

/// Test binaries share one development key: making it takes seconds.
static PROVER: LazyLock<Prover> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/test-keys");
    KeyStore::open(folder.as_ref()).unwrap().development(&mut |_| ()).unwrap()
});

/// A map with the challenge and the nullifier as parameters, all else constant.
fn fold(inputs: &Inputs) -> (FoldedKey, Vec<Fr>) {
    use statements::layout::{CHALLENGE, NULLIFIER};
    let mut constants = inputs.public.flatten();
    constants[CHALLENGE] = Fr::ZERO;
    constants[NULLIFIER] = Fr::ZERO;
    let rows = vec![
        Row { parameter: Parameter::Challenge, positions: vec![CHALLENGE] },
        Row { parameter: Parameter::Nullifier, positions: vec![NULLIFIER] },
    ];
    let key = PROVER.key().fold(&AffineMap { constants, rows }).unwrap();
    (key, vec![inputs.public.challenge, inputs.public.nullifier])
}

#[test]
fn a_proof_holds_for_its_inputs_alone() {
    let inputs = scene(21);
    let proof = PROVER.prove(&inputs).unwrap();
    assert_eq!(proof.as_bytes().len(), 128);
    let (key, values) = fold(&inputs);
    assert_eq!(key.verify(&proof, &values), Ok(()));
    for i in 0..values.len() {
        let mut other = values.clone();
        other[i] += Fr::ONE;
        assert_eq!(key.verify(&proof, &other), Err(ProofError::Invalid), "{i}");
    }
    assert_eq!(key.verify(&proof, &values[..1]), Err(ProofError::Inputs));
    let (other_key, _) = fold(&scene(22));
    assert_eq!(other_key.verify(&proof, &values), Err(ProofError::Invalid));
}

#[test]
fn arkworks_agrees_with_all_public_inputs() {
    let inputs = scene(23);
    let proof = PROVER.prove(&inputs).unwrap();
    let ark = ark_groth16::Proof::<Bn254>::deserialize_compressed(&proof.as_bytes()[..]).unwrap();
    let bytes = PROVER.key().to_bytes();
    let vk = ark_groth16::VerifyingKey::<Bn254> {
        alpha_g1: CanonicalDeserialize::deserialize_compressed(&bytes[..32]).unwrap(),
        beta_g2: CanonicalDeserialize::deserialize_compressed(&bytes[32..96]).unwrap(),
        gamma_g2: CanonicalDeserialize::deserialize_compressed(&bytes[96..160]).unwrap(),
        delta_g2: CanonicalDeserialize::deserialize_compressed(&bytes[160..224]).unwrap(),
        gamma_abc_g1: bytes[224..]
            .chunks(32)
            .map(|point| CanonicalDeserialize::deserialize_compressed(point).unwrap())
            .collect(),
    };
    let prepared = prepare_verifying_key(&vk);
    let public = inputs.public.flatten();
    assert!(Groth16::<Bn254, OddCoset>::verify_proof(&prepared, &ark, &public).unwrap());
    for position in 0..COUNT {
        let mut other = public.clone();
        other[position] += Fr::ONE;
        let verdict = Groth16::<Bn254, OddCoset>::verify_proof(&prepared, &ark, &other);
        assert!(!verdict.unwrap(), "public input {position} can be exchanged");
    }
}

#[test]
fn the_reduction_is_the_ecosystem_s() {
    let relation = Relation::get();
    let assignment = witness::assign(&scene(24));
    let ours = OddCoset::witness_map_from_matrices::<Fr, GeneralEvaluationDomain<Fr>>(
        relation.matrices(),
        relation.public_inputs(),
        relation.constraints(),
        assignment.values(),
    )
    .unwrap();
    let [a, b, c] = relation.matrices().clone();
    let count = |matrix: &Vec<Vec<_>>| matrix.iter().map(Vec::len).sum();
    let matrices = ConstraintMatrices {
        num_instance_variables: relation.public_inputs(),
        num_witness_variables: relation.wires(),
        num_constraints: relation.constraints(),
        a_num_non_zero: count(&a),
        b_num_non_zero: count(&b),
        c_num_non_zero: count(&c),
        a,
        b,
        c,
    };
    let theirs =
        CircomReduction::witness_map_from_matrices::<Bn254>(&matrices, assignment.values());
    assert_eq!(ours, theirs.unwrap());
}

#[test]
fn false_statements_have_no_proof() {
    let mut inputs = scene(25);
    inputs.public.today = Fr::ZERO;
    match PROVER.prove(&inputs) {
        Err(ProveError::Relation(error)) => assert_eq!(error.clause(), Clause::Currency),
        other => panic!("{other:?}"),
    }
    assert!(PROVER.prove_all(&[scene(25), inputs]).is_err());
}

#[test]
fn proofs_of_one_record_do_not_repeat() {
    let inputs = scene(26);
    let proofs = PROVER.prove_all(&[inputs.clone(), inputs]).unwrap();
    assert_ne!(proofs[0], proofs[1]);
}

#[test]
fn bytes_that_are_no_proof_are_refused() {
    let inputs = scene(27);
    let proof = PROVER.prove(&inputs).unwrap();
    let (key, values) = fold(&inputs);
    for at in 0..128 {
        let mut bytes = *proof.as_bytes();
        bytes[at] ^= 1 << (at % 8);
        assert!(key.verify(&ProofBytes::new(bytes), &values).is_err(), "byte {at}");
    }
    for bytes in [[0; 128], [0xff; 128]] {
        let refused = key.verify(&ProofBytes::new(bytes), &values);
        assert_eq!(refused, Err(ProofError::Malformed));
    }
    // Zero points, as compressed: the infinity flag alone.
    let mut bytes = *proof.as_bytes();
    bytes[..32].fill(0);
    bytes[31] = 0x40;
    assert_eq!(key.verify(&ProofBytes::new(bytes), &values), Err(ProofError::Malformed));
}

#[test]
fn a_batch_finds_the_bad_ones() {
    let scenes: Vec<Inputs> = (30..37).map(scene).collect();
    let proofs = PROVER.prove_all(&scenes).unwrap();
    let folded: Vec<_> = scenes.iter().map(fold).collect();
    let mut items: Vec<BatchItem<'_>> = folded
        .iter()
        .zip(&proofs)
        .map(|((key, values), proof)| BatchItem {
            key,
            proof: Proof::from_bytes(proof).unwrap(),
            values,
        })
        .collect();
    assert!(verify_batch(&items).iter().all(Result::is_ok));
    assert!(verify_batch(&[]).is_empty());
    // Two proofs exchanged: both are bad, and their errors must not cancel.
    let first = items[1].proof;
    items[1].proof = items[5].proof;
    items[5].proof = first;
    let short = [Fr::ONE];
    items[3].values = &short;
    let bad: Vec<_> = verify_batch(&items)
        .iter()
        .enumerate()
        .filter_map(|(index, outcome)| outcome.as_ref().err().map(|error| (index, *error)))
        .collect();
    assert_eq!(bad, [(1, ProofError::Invalid), (3, ProofError::Inputs), (5, ProofError::Invalid)]);
}

#[test]
fn keys_are_kept_by_content_and_damage_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = KeyStore::open(folder.path()).unwrap();
    let mut stages = Vec::new();
    let made = store.development(&mut |stage| stages.push(stage.number)).unwrap();
    assert_eq!(stages, [1, 2, 3, 4]);
    let loaded = store.development(&mut |stage| panic!("made again: {stage:?}")).unwrap();
    assert_eq!(loaded.provenance(), made.provenance());
    assert_eq!(store.list().unwrap(), [made.provenance().clone()]);
    assert!(loaded.pinned().development);

    let provenance = loaded.provenance();
    let key_folder =
        folder.path().join(provenance.circuit.to_string()).join(provenance.key.to_string());
    for name in ["proving.key", "verification.key"] {
        let path = key_folder.join(name);
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad[100] ^= 1;
        fs::write(&path, &bad).unwrap();
        let error = store.load(provenance.key).unwrap_err();
        assert!(matches!(error, KeyError::Damaged { .. }), "{error}");
        fs::write(&path, &good).unwrap();
    }
    assert!(store.load(provenance.key).is_ok());
}

#[test]
fn unsound_verification_keys_are_refused() {
    let good = PROVER.key().to_bytes();
    assert_eq!(&VerificationKey::from_bytes(&good).unwrap(), PROVER.key());
    let refused = |bytes: &[u8]| VerificationKey::from_bytes(bytes).unwrap_err();
    assert_eq!(refused(&good[..good.len() - 1]), verifier::KeyError::Length(good.len() - 1));
    let mut gamma_is_delta = good.clone();
    gamma_is_delta.copy_within(160..224, 96);
    assert_eq!(refused(&gamma_is_delta), verifier::KeyError::GammaIsDelta);
    let mut zero = good.clone();
    zero[..32].fill(0);
    zero[31] = 0x40;
    assert_eq!(refused(&zero), verifier::KeyError::Zero("alpha"));
    let mut zero = good.clone();
    zero[224 + 64..224 + 96].fill(0);
    zero[224 + 95] = 0x40;
    assert_eq!(refused(&zero), verifier::KeyError::Zero("IC"));
    // A coordinate that is not below the order of its field.
    let mut alias = good;
    alias[..31].fill(0xff);
    alias[31] = 0x3f;
    assert_eq!(refused(&alias), verifier::KeyError::Point("alpha"));
}
