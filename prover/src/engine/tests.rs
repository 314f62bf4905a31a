//! The engine against ark-groth16 and against plain sums.

use std::sync::LazyLock;

use ark_bn254::{Bn254, Fr, g1, g2};
use ark_ec::CurveGroup;
use ark_ec::scalar_mul::variable_base::VariableBaseMSM;
use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ff::{AdditiveGroup, Field, UniformRand};
use ark_groth16::r1cs_to_qap::R1CSToQAP;
use ark_groth16::{Groth16, ProvingKey};
use ark_poly::GeneralEvaluationDomain;
use ark_std::test_rng;
use circuits::witness;
use rand::rngs::OsRng;

use super::arithmetic::EngineGroup;
use super::digits::Digits;
use super::table::Table;
use super::*;
use crate::{OddCoset, self_test, setup};

static KEY: LazyLock<ProvingKey<Bn254>> = LazyLock::new(|| setup::generate(&mut OsRng).unwrap());

/// ark-groth16's proof.
fn reference(assignment: &Assignment, r: Fr, s: Fr) -> Proof<Bn254> {
    let relation = Relation::get();
    Groth16::<Bn254, OddCoset>::create_proof_with_reduction_and_matrices(
        &KEY,
        r,
        s,
        relation.matrices(),
        relation.public_inputs(),
        relation.constraints(),
        assignment.values(),
    )
    .unwrap()
}

#[test]
fn proofs_equal_those_of_arkworks() {
    both(proofs_equal);
}

/// With the arithmetic of this processor and the portable one.
fn both(test: impl Fn(Arithmetic)) {
    test(Arithmetic::Portable);
    test(Arithmetic::detect());
}

fn proofs_equal(arithmetic: Arithmetic) {
    let engine = Engine::new(&KEY, arithmetic).unwrap();
    let mut rng = test_rng();
    let good = witness::assign(&self_test::inputs());
    // Sums do not depend on the relation: other values are other scalars.
    let mut random = good.clone();
    random.values_mut()[1..].fill_with(|| Fr::rand(&mut rng));
    let mut equal = good.clone();
    equal.values_mut()[1..].fill(-Fr::ONE);
    let mut zero = good.clone();
    zero.values_mut()[1..].fill(Fr::ZERO);
    let (r, s) = (Fr::rand(&mut rng), Fr::rand(&mut rng));
    let cases = [(&good, r, s), (&random, r, s), (&equal, -Fr::ONE, Fr::ONE), (&zero, r, Fr::ZERO)];
    for (case, (assignment, r, s)) in cases.into_iter().enumerate() {
        let expected = reference(assignment, r, s);
        for cores in [Cores::One, Cores::All] {
            assert_eq!(engine.prove(assignment, r, s, cores), expected, "{case}, {cores:?}");
        }
    }
}

#[test]
fn the_quotient_is_that_of_the_reduction() {
    let relation = Relation::get();
    let mut rng = test_rng();
    let mut assignment = witness::assign(&self_test::inputs());
    for round in 0..4 {
        let expected = OddCoset::witness_map_from_matrices::<Fr, GeneralEvaluationDomain<Fr>>(
            relation.matrices(),
            relation.public_inputs(),
            relation.constraints(),
            assignment.values(),
        );
        let expected = expected.unwrap();
        both(|arithmetic| {
            let quotient = Quotient::of(relation, arithmetic).unwrap();
            for cores in [Cores::One, Cores::All] {
                assert!(*quotient.evaluate(assignment.values(), cores) == expected, "{round}");
            }
        });
        match round {
            0 => assignment.values_mut()[1..].fill(-Fr::ONE),
            _ => assignment.values_mut()[1..].fill_with(|| Fr::rand(&mut rng)),
        }
    }
}

#[test]
fn tables_are_kept_for_their_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("engine.portable.tables");
    let digest = "0".repeat(64);
    let made =
        Engine::cached(&KEY, Arithmetic::Portable, &folder.path().join("engine.tables"), &digest)
            .unwrap();
    let good = std::fs::read(&path).unwrap();
    let mut tables = Tables::empty(&KEY, Relation::get().public_inputs(), Arithmetic::Portable);
    assert!(cache::load(&mut tables, &path, &digest));
    assert!(tables.b_g2.points() == made.tables.b_g2.points());
    assert!(tables.c.points() == made.tables.c.points());
    assert!(!cache::load(&mut tables, &path, &"1".repeat(64)), "another key");
    for at in [0, 20, 100, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        std::fs::write(&path, bad).unwrap();
        assert!(!cache::load(&mut tables, &path, &digest), "byte {at}");
    }
    std::fs::write(&path, &good[..good.len() - 64]).unwrap();
    assert!(!cache::load(&mut tables, &path, &digest), "shorter");
    Engine::cached(&KEY, Arithmetic::Portable, &folder.path().join("engine.tables"), &digest)
        .unwrap();
    assert!(std::fs::read(&path).unwrap() == good, "made again");
}

#[test]
fn keys_of_other_circuits_are_refused() {
    let mut key = KEY.clone();
    key.h_query.pop();
    assert!(Engine::new(&key, Arithmetic::Portable).is_none());
}

fn random_points<G: EngineGroup>(count: usize) -> Vec<Affine<G>> {
    let mut rng = test_rng();
    let points: Vec<_> = (0..count).map(|_| Projective::<G>::rand(&mut rng)).collect();
    Projective::normalize_batch(&points)
}

fn sums_equal<G: EngineGroup>(
    arithmetic: Arithmetic,
    bases: &[Affine<G>],
    scalars: &[Fr],
    width: u32,
    case: &str,
) {
    let mut table = Table::new(arithmetic, width, bases.iter().zip(0..));
    table.fill();
    let digits = Digits::recode(&[scalars], width);
    let expected = Projective::<G>::msm(bases, scalars).unwrap();
    assert_eq!(table.sum(&digits, Cores::One), expected, "{case}");
    assert_eq!(table.sum(&digits, Cores::All), expected, "{case}");
}

fn adversarial_sums<G: EngineGroup>(width: u32) {
    let mut rng = test_rng();
    let n = 200;
    let points = random_points::<G>(n);
    let equal = vec![points[0]; n];
    let opposite: Vec<_> = points.iter().flat_map(|p| [*p, -*p]).take(n).collect();
    let mut with_infinity = points.clone();
    with_infinity[..].iter_mut().step_by(3).for_each(|point| *point = Affine::identity());
    let multiples: Vec<_> =
        (0..n).map(|i| (points[0] * Fr::from(2_u64).pow([i as u64])).into_affine()).collect();
    let bases = [
        ("random", points),
        ("equal", equal),
        ("opposite", opposite),
        ("infinity among them", with_infinity),
        ("infinity alone", vec![Affine::identity(); n]),
        ("doubles of each other", multiples),
    ];
    let scalars = [
        ("random", (0..n).map(|_| Fr::rand(&mut rng)).collect::<Vec<_>>()),
        ("zero", vec![Fr::ZERO; n]),
        ("one", vec![Fr::ONE; n]),
        ("minus one", vec![-Fr::ONE; n]),
        ("boolean", (0..n).map(|i| Fr::from(i % 3 == 0)).collect()),
        ("equal", vec![Fr::rand(&mut rng); n]),
        ("half a base", vec![Fr::from(1_u64 << (width - 1)); n]),
        ("powers of two", (0..n).map(|i| Fr::from(2_u64).pow([i as u64])).collect()),
    ];
    for (base_case, bases) in &bases {
        for (scalar_case, scalars) in &scalars {
            let case = format!("{base_case}, {scalar_case}");
            both(|arithmetic| sums_equal::<G>(arithmetic, bases, scalars, width, &case));
        }
    }
}

#[test]
fn sums_in_g1_are_right() {
    adversarial_sums::<g1::Config>(WIDTH_G1);
    adversarial_sums::<g1::Config>(4);
}

#[test]
fn sums_in_g2_are_right() {
    adversarial_sums::<g2::Config>(8);
}
