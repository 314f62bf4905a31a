//! Kernels against arkworks. Without AVX-512 IFMA there is nothing to test.

use ark_bn254::{Fq, Fq2, Fr, g1, g2};
use ark_ec::CurveGroup;
use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ff::{AdditiveGroup, BigInteger, Field, UniformRand};
use ark_std::rand::Rng;
use ark_std::test_rng;

use super::coordinate::Coordinate;
use super::prime::{Lanes, Prime};
use super::vector::{Kernel, Vector, transpose};
use super::*;
use crate::engine::group::Group;

struct Run<F>(F);

impl<T, F: FnOnce(Ifma) -> T> Kernel for Run<F> {
    type Output = T;

    fn run(self, token: Ifma) -> T {
        self.0(token)
    }
}

fn with_lanes(test: impl FnOnce(Ifma)) {
    if let Some(token) = Ifma::detect() {
        token.run(Run(test));
    }
}

/// Words of numbers below 2^256 as lanes, unreduced.
fn lanes<F: Prime>(token: Ifma, numbers: &[[u64; 4]; 8]) -> Lanes<F> {
    let word = |i: usize| Vector::load(token, &numbers.map(|number| number[i]));
    Lanes::from_words(token, [word(0), word(1), word(2), word(3)])
}

fn words<F: Prime>(lanes: Lanes<F>) -> [[u64; 4]; 8] {
    let mut words = [[0; 8]; 4];
    lanes.to_words().into_iter().zip(&mut words).for_each(|(vector, words)| vector.store(words));
    std::array::from_fn(|i| words.map(|word| word[i]))
}

/// The number modulo p, by its words.
fn value<F: Prime>(words: [u64; 4]) -> F {
    F::from_le_bytes_mod_order(&ark_ff::BigInt::<4>(words).to_bytes_le())
}

/// Numbers around multiples of p, and random ones below 2p.
fn numbers<F: Prime>() -> Vec<[u64; 4]> {
    let mut rng = test_rng();
    let p = F::MODULUS;
    let (mut twice, mut before_twice) = (p, p);
    twice.add_with_carry(&p);
    before_twice.add_with_carry(&p);
    before_twice.sub_with_borrow(&1_u64.into());
    let mut before = p;
    before.sub_with_borrow(&1_u64.into());
    let mut all: Vec<[u64; 4]> = [0_u64.into(), 1_u64.into(), before, p, before_twice, twice]
        .map(|n: ark_ff::BigInt<4>| n.0)
        .to_vec();
    all.extend([[!0, 0, 0, 0], [0, !0, 0, 0], [!0, !0, !0, 0], [!0, !0, !0, !0 >> 3]]);
    for _ in 0..118 {
        let mut number = F::rand(&mut rng).into_bigint();
        if rng.r#gen() {
            number.add_with_carry(&p);
        }
        all.push(number.0);
    }
    all
}

fn field_arithmetic<F: Prime>() {
    with_lanes(|token| {
        let numbers = numbers::<F>();
        let scale = F::from(2_u64).pow([260]).inverse().unwrap();
        let close = |words: [u64; 4], expected: F, operation: &str| {
            assert_eq!(value::<F>(words), expected, "{operation}");
        };
        for shift in 0..numbers.len() {
            let pick = |i: usize| numbers[i % numbers.len()];
            let a: [_; 8] = std::array::from_fn(|i| pick(7 * shift + i));
            let b: [_; 8] = std::array::from_fn(|i| pick(11 * shift + 3 * i));
            let (x, y) = (lanes::<F>(token, &a), lanes::<F>(token, &b));
            assert_eq!(words(x), a, "words");
            let results = [
                words(x.mul(token, y)),
                words(x.square(token)),
                words(x.add(token, y)),
                words(x.sub(token, y, 2)),
            ];
            let canonical = words(x.canonical(token));
            let one = words(Lanes::<F>::one(token).mul(token, x));
            for i in 0..8 {
                let (a, b) = (value::<F>(a[i]), value::<F>(b[i]));
                close(results[0][i], a * b * scale, "mul");
                close(results[1][i], a.square() * scale, "square");
                close(results[2][i], a + b, "add");
                close(results[3][i], a - b, "sub");
                assert_eq!(canonical[i], a.into_bigint().0, "canonical");
                close(one[i], a, "one");
                assert_eq!(x.is_p(token) >> i & 1 == 1, words(x)[i] == F::MODULUS.0, "is_p");
            }
        }
    });
}

#[test]
fn prime_fields_are_those_of_arkworks() {
    field_arithmetic::<Fq>();
    field_arithmetic::<Fr>();
}

#[test]
fn transposing_turns_rows_into_columns() {
    with_lanes(|token| {
        let rows: [[u64; 8]; 8] =
            std::array::from_fn(|i| std::array::from_fn(|j| (8 * i + j) as u64));
        let columns = transpose(rows.map(|row| Vector::load(token, &row)));
        for (i, column) in columns.into_iter().enumerate() {
            let mut numbers = [0; 8];
            column.store(&mut numbers);
            assert_eq!(numbers, rows.map(|row| row[i]));
        }
    });
}

#[test]
fn the_extension_field_is_that_of_arkworks() {
    with_lanes(|token| {
        let mut rng = test_rng();
        let special = [
            Fq2::ZERO,
            Fq2::ONE,
            -Fq2::ONE,
            Fq2::new(Fq::ZERO, Fq::ONE),
            Fq2::new(-Fq::ONE, -Fq::ONE),
        ];
        for round in 0..50 {
            let mut pick = |i: usize| {
                if rng.r#gen() { special[(round + i) % 5] } else { Fq2::rand(&mut rng) }
            };
            let x: [Fq2; 8] = std::array::from_fn(&mut pick);
            let y: [Fq2; 8] = std::array::from_fn(|i| pick(3 * i));
            let z: [Fq2; 8] =
                std::array::from_fn(|i| if x[i] == Fq2::ZERO { Fq2::ONE } else { x[i] });
            let gather = |x: [Fq2; 8], y: [Fq2; 8]| {
                let points: Vec<_> = x
                    .into_iter()
                    .zip(y)
                    .map(|(x, y)| enter::<g2::Config>(&g2::Config::pack(x, y)))
                    .collect();
                g2::Config::gather(token, std::array::from_fn(|i| &points[i]))
            };
            let [[a, b], [c, _]] = [gather(x, y), gather(z, y)];
            let mut points = [[0; 16]; 8];
            let mut check = |lanes: [_; 2], expected: &dyn Fn(usize) -> (Fq2, Fq2)| {
                g2::Config::scatter(
                    lanes.map(|l: super::coordinate::Pair| l.canonical(token)),
                    &mut points,
                );
                for (i, words) in points.iter().enumerate() {
                    assert_eq!(g2::Config::unpack(&leave::<g2::Config>(words)), expected(i));
                }
            };
            check([a.mul(token, b), a.square(token)], &|i| (x[i] * y[i], x[i].square()));
            check([a.sub(token, b), c.inverse(token)], &|i| (x[i] - y[i], z[i].inverse().unwrap()));
            check([a.negate(token, 0x55), a.select(0x0f, b)], &|i| {
                (if i % 2 == 0 { -x[i] } else { x[i] }, if i < 4 { y[i] } else { x[i] })
            });
        }
    });
}

fn sums_are_those_of_the_portable_path<G: LaneGroup>() {
    let Some(token) = Ifma::detect() else { return };
    let mut rng = test_rng();
    let points: Vec<Projective<G>> = (0..40).map(|_| Projective::rand(&mut rng)).collect();
    let affine: Vec<Affine<G>> = Projective::normalize_batch(&points);
    let plain: Vec<G::Words> = affine.iter().map(G::from_affine).collect();
    let table: Vec<G::Words> = plain.iter().map(enter::<G>).collect();
    for count in [1, 7, 8, 9, 64, 5000] {
        // Among so few points many pairs are equal or opposite.
        let summand = |rng: &mut dyn ark_std::rand::RngCore| {
            Summand::of_table(rng.next_u32() % 40, rng.next_u32().is_multiple_of(2))
        };
        let pairs: Vec<_> = (0..count).map(|_| [summand(&mut rng), summand(&mut rng)]).collect();
        let (mut ours, mut expected) = (vec![table[0]], vec![plain[0]]);
        let infinity = add_pairs::<G>(token, &table, &mut ours, &pairs);
        assert_eq!(infinity, portable::add_pairs::<G>(&plain, &mut expected, &pairs));
        assert!(ours.iter().map(leave::<G>).eq(expected), "{count}");
    }
}

#[test]
fn pairs_are_added_as_on_the_portable_path() {
    sums_are_those_of_the_portable_path::<g1::Config>();
    sums_are_those_of_the_portable_path::<g2::Config>();
}
