//! Poseidon2 over the scalar field of BN254 ([eprint 2023/323]), and the compression function
//! that every commitment uses.
//!
//! α = 5, R_F = 8, R_P = 56 for t ≤ 4 and 57 for t = 8 and 16. The constants are not a table:
//! they are drawn from the Grain LFSR as the reference generator script draws them, once, at
//! first use; the tests compare the permutations with two other implementations.
//!
//! [eprint 2023/323]: https://eprint.iacr.org/2023/323

mod grain;

use std::sync::LazyLock;

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};

use grain::Grain;

/// Full rounds, half of them before and half after the partial ones.
pub const FULL_ROUNDS: usize = 8;

/// Round constants and internal matrix for one width.
#[derive(Debug)]
pub struct Parameters<const T: usize> {
    /// Round constants of the full rounds.
    pub full: [[Fr; T]; FULL_ROUNDS],
    /// Round constants of the partial rounds: they go to the first element.
    pub partial: Vec<Fr>,
    /// Diagonal of the internal matrix, minus one: the matrix is all ones plus this diagonal.
    pub diagonal_minus_one: [Fr; T],
}

/// Number of partial rounds at width `t`.
pub const fn partial_rounds(t: usize) -> usize {
    if t <= 4 { 56 } else { 57 }
}

/// How many diagonals the generator script draws and rejects, because a power of the matrix
/// would have an invariant subspace, before the one it takes (paper, section 5.3).
const fn rejected_diagonals(t: usize) -> usize {
    match t {
        4 => 4,
        8 => 30,
        16 => 6,
        _ => 0,
    }
}

impl<const T: usize> Parameters<T> {
    fn generate() -> Self {
        let mut grain = Grain::new(T, FULL_ROUNDS, partial_rounds(T));
        let half = FULL_ROUNDS / 2;
        let mut full = [[Fr::ZERO; T]; FULL_ROUNDS];
        full[..half].as_flattened_mut().fill_with(|| grain.below_order());
        let partial = (0..partial_rounds(T)).map(|_| grain.below_order()).collect();
        full[half..].as_flattened_mut().fill_with(|| grain.below_order());
        let diagonal_minus_one = match T {
            3 => std::array::from_fn(|i| Fr::from(if i == 2 { 2_u64 } else { 1 })),
            _ => {
                for _ in 0..rejected_diagonals(T) * T {
                    grain.reduced();
                }
                std::array::from_fn(|_| grain.reduced() - Fr::ONE)
            }
        };
        Self { full, partial, diagonal_minus_one }
    }
}

/// A width for which there are parameters.
pub trait Width: Sized {
    /// The parameters of this width.
    fn parameters() -> &'static Self;
}

macro_rules! widths {
    ($($t:literal),*) => {$(
        impl Width for Parameters<$t> {
            fn parameters() -> &'static Self {
                static PARAMETERS: LazyLock<Parameters<$t>> = LazyLock::new(Parameters::generate);
                &PARAMETERS
            }
        }
    )*};
}

widths!(3, 4, 8, 16);

/// The Poseidon2 permutation.
pub fn permute<const T: usize>(state: &mut [Fr; T])
where
    Parameters<T>: Width,
{
    let parameters = Parameters::<T>::parameters();
    let half = FULL_ROUNDS / 2;
    external_matrix(state);
    for constants in &parameters.full[..half] {
        full_round(state, constants);
    }
    for constant in &parameters.partial {
        state[0] = sbox(state[0] + constant);
        internal_matrix(state, &parameters.diagonal_minus_one);
    }
    for constants in &parameters.full[half..] {
        full_round(state, constants);
    }
}

/// `compress_t(x) = permute(x)[0] + x[0]`: the permutation with feed-forward, truncated.
pub fn compress<const T: usize>(inputs: &[Fr; T]) -> Fr
where
    Parameters<T>: Width,
{
    let mut state = *inputs;
    permute(&mut state);
    state[0] + inputs[0]
}

fn full_round<const T: usize>(state: &mut [Fr; T], constants: &[Fr; T]) {
    for (element, constant) in state.iter_mut().zip(constants) {
        *element = sbox(*element + constant);
    }
    external_matrix(state);
}

fn sbox(x: Fr) -> Fr {
    let x2 = x.square();
    x2.square() * x
}

/// The external matrix: circ(2, 1, 1) at t = 3, M4 at t = 4, circ(2·M4, M4, …, M4) above.
pub fn external_matrix<const T: usize>(state: &mut [Fr; T]) {
    if T == 3 {
        let sum: Fr = state.iter().sum();
        state.iter_mut().for_each(|element| *element += sum);
        return;
    }
    for block in state.as_chunks_mut::<4>().0 {
        *block = m4(*block);
    }
    if T > 4 {
        let mut sums = [Fr::ZERO; 4];
        for (i, element) in state.iter().enumerate() {
            sums[i % 4] += element;
        }
        for (i, element) in state.iter_mut().enumerate() {
            *element += sums[i % 4];
        }
    }
}

/// The matrix [5 7 1 3; 4 6 1 1; 1 3 5 7; 1 1 4 6] in eight additions (paper, section 5.1).
fn m4([a, b, c, d]: [Fr; 4]) -> [Fr; 4] {
    let t0 = a + b;
    let t1 = c + d;
    let t2 = b.double() + t1;
    let t3 = d.double() + t0;
    let t4 = t1.double().double() + t3;
    let t5 = t0.double().double() + t2;
    [t3 + t5, t5, t2 + t4, t4]
}

/// The internal matrix: all ones, plus a diagonal.
pub fn internal_matrix<const T: usize>(state: &mut [Fr; T], diagonal_minus_one: &[Fr; T]) {
    let sum: Fr = state.iter().sum();
    for (element, diagonal) in state.iter_mut().zip(diagonal_minus_one) {
        *element = *element * diagonal + sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::{PrimeField, UniformRand};

    fn random<const T: usize>() -> [Fr; T] {
        let mut rng = ark_std::test_rng();
        std::array::from_fn(|_| Fr::rand(&mut rng))
    }

    macro_rules! agrees_with_taceo {
        ($name:ident, $t:literal, $module:ident) => {
            #[test]
            fn $name() {
                for input in [[Fr::ZERO; $t], [-Fr::ONE; $t], random::<$t>()] {
                    let mut state = input;
                    permute(&mut state);
                    assert_eq!(state, taceo_poseidon2::bn254::$module::permutation(&input));
                }
            }
        };
    }

    agrees_with_taceo!(agrees_with_taceo_at_3, 3, t3);
    agrees_with_taceo!(agrees_with_taceo_at_4, 4, t4);
    agrees_with_taceo!(agrees_with_taceo_at_8, 8, t8);
    agrees_with_taceo!(agrees_with_taceo_at_16, 16, t16);

    /// The reference implementation of the authors has width 3 alone over this field, on an
    /// older arkworks: values cross as decimal text.
    #[test]
    fn agrees_with_the_reference_at_3() {
        use std::str::FromStr;
        use zkhash::ark_ff::PrimeField as _;
        use zkhash::poseidon2::poseidon2::Poseidon2;
        use zkhash::poseidon2::poseidon2_instance_bn256::POSEIDON2_BN256_PARAMS;
        type Reference = zkhash::fields::bn256::FpBN256;

        let input = random::<3>();
        let reference = Poseidon2::new(&POSEIDON2_BN256_PARAMS)
            .permutation(&input.map(|x| Reference::from_str(&x.to_string()).unwrap()));
        let mut state = input;
        permute(&mut state);
        for (ours, theirs) in state.iter().zip(reference) {
            assert_eq!(ours.into_bigint().to_string(), theirs.into_bigint().to_string());
        }
    }

    #[test]
    fn compression_feeds_forward() {
        let input = random::<4>();
        let mut state = input;
        permute(&mut state);
        assert_eq!(compress(&input), state[0] + input[0]);
    }
}
