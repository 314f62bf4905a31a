//! Poseidon2 in the circuit: `records::poseidon2`, wire by wire. Three constraints for each
//! S-box; the matrices are linear and cost nothing.

use ark_r1cs_std::fields::FieldVar;
use ark_relations::gr1cs::SynthesisError;
use records::Fr;
use records::poseidon2::{FULL_ROUNDS, Parameters, Width};

use super::Var;

/// The permutation.
pub fn permute<const T: usize>(state: &mut [Var; T]) -> Result<(), SynthesisError>
where
    Parameters<T>: Width,
{
    let parameters = Parameters::<T>::parameters();
    let half = FULL_ROUNDS / 2;
    external_matrix(state)?;
    for constants in &parameters.full[..half] {
        full_round(state, constants)?;
    }
    for constant in &parameters.partial {
        state[0] = sbox(&(&state[0] + *constant))?;
        internal_matrix(state, &parameters.diagonal_minus_one);
    }
    for constants in &parameters.full[half..] {
        full_round(state, constants)?;
    }
    Ok(())
}

/// `permute(x)[0] + x[0]`.
pub fn compress<const T: usize>(inputs: &[Var; T]) -> Result<Var, SynthesisError>
where
    Parameters<T>: Width,
{
    let mut state = inputs.clone();
    permute(&mut state)?;
    Ok(&state[0] + &inputs[0])
}

fn full_round<const T: usize>(
    state: &mut [Var; T],
    constants: &[Fr; T],
) -> Result<(), SynthesisError> {
    for (element, constant) in state.iter_mut().zip(constants) {
        *element = sbox(&(&*element + *constant))?;
    }
    external_matrix(state)
}

/// x², x⁴, x⁵.
fn sbox(x: &Var) -> Result<Var, SynthesisError> {
    let x2 = x * x;
    let x4 = &x2 * &x2;
    Ok(&x4 * x)
}

fn external_matrix<const T: usize>(state: &mut [Var; T]) -> Result<(), SynthesisError> {
    if T == 3 {
        let sum: Var = state.iter().sum();
        state.iter_mut().for_each(|element| *element += &sum);
        return Ok(());
    }
    for block in state.as_chunks_mut::<4>().0 {
        *block = m4(block)?;
    }
    if T > 4 {
        let sums: [Var; 4] = std::array::from_fn(|i| state.iter().skip(i).step_by(4).sum());
        for (i, element) in state.iter_mut().enumerate() {
            *element += &sums[i % 4];
        }
    }
    Ok(())
}

fn m4([a, b, c, d]: &[Var; 4]) -> Result<[Var; 4], SynthesisError> {
    let t0 = a + b;
    let t1 = c + d;
    let t2 = b.double()? + &t1;
    let t3 = d.double()? + &t0;
    let t4 = t1.double()?.double()? + &t3;
    let t5 = t0.double()?.double()? + &t2;
    Ok([&t3 + &t5, t5, &t2 + &t4, t4])
}

fn internal_matrix<const T: usize>(state: &mut [Var; T], diagonal_minus_one: &[Fr; T]) {
    let sum: Var = state.iter().sum();
    for (element, diagonal) in state.iter_mut().zip(diagonal_minus_one) {
        *element = &*element * *diagonal + &sum;
    }
}
