//! The reduction from constraints to polynomials that snarkjs and rapidsnark use.
//!
//! A·B - C vanishes on the domain of n points, so it is determined by its values on the odd
//! points of the domain of 2n. They go straight into the sum with the key's H elements, which
//! are the Lagrange polynomials of those points at τ over δ: no division by the vanishing
//! polynomial, and one transform fewer than in libsnark's reduction.

use ark_ff::PrimeField;
use ark_groth16::r1cs_to_qap::{LibsnarkReduction, R1CSToQAP, evaluate_constraint};
use ark_poly::EvaluationDomain;
use ark_relations::gr1cs::{ConstraintSystemRef, Matrix, Result, SynthesisError};
use rayon::prelude::*;

/// The odd-coset ("Circom") reduction.
#[derive(Debug, Clone, Copy)]
pub struct OddCoset;

/// A, B and C of each variable at τ, Z(τ), the number of variables and the domain's size.
type Evaluations<F> = (Vec<F>, Vec<F>, Vec<F>, F, usize, usize);

impl R1CSToQAP for OddCoset {
    /// The polynomials are those of libsnark's reduction: public inputs get rows of their own
    /// after the constraints.
    fn instance_map_with_evaluation<F: PrimeField, D: EvaluationDomain<F>>(
        cs: ConstraintSystemRef<F>,
        t: &F,
    ) -> Result<Evaluations<F>> {
        LibsnarkReduction::instance_map_with_evaluation::<F, D>(cs, t)
    }

    fn witness_map_from_matrices<F: PrimeField, D: EvaluationDomain<F>>(
        matrices: &[Matrix<F>],
        num_inputs: usize,
        num_constraints: usize,
        full_assignment: &[F],
    ) -> Result<Vec<F>> {
        let [rows_a, rows_b, _] = matrices else { return Err(SynthesisError::Unsatisfiable) };
        let too_large = SynthesisError::PolynomialDegreeTooLarge;
        let domain = D::new(num_constraints + num_inputs).ok_or(too_large)?;
        let coset = odd_coset(&domain)?;
        let evaluate = |rows: &Matrix<F>| {
            let mut values: Vec<F> =
                rows.par_iter().map(|row| evaluate_constraint(row, full_assignment)).collect();
            values.resize(domain.size(), F::zero());
            values
        };
        let (mut a, mut b) = rayon::join(|| evaluate(rows_a), || evaluate(rows_b));
        let inputs = full_assignment.get(..num_inputs).ok_or(SynthesisError::AssignmentMissing)?;
        a.iter_mut().skip(num_constraints).zip(inputs).for_each(|(value, input)| *value = *input);
        let mut c: Vec<F> = a.par_iter().zip(&b).map(|(a, b)| *a * b).collect();
        let to_odd_points = |values: &mut Vec<F>| {
            domain.ifft_in_place(values);
            coset.fft_in_place(values);
        };
        rayon::join(
            || rayon::join(|| to_odd_points(&mut a), || to_odd_points(&mut b)),
            || to_odd_points(&mut c),
        );
        a.par_iter_mut().zip(b).zip(c).for_each(|((a, b), c)| *a = *a * b - c);
        Ok(a)
    }

    fn h_query_scalars<F: PrimeField, D: EvaluationDomain<F>>(
        max_power: usize,
        t: F,
        _: F,
        delta_inverse: F,
    ) -> Result<Vec<F>> {
        let double = D::new(2 * (max_power + 1)).ok_or(SynthesisError::PolynomialDegreeTooLarge)?;
        let lagrange = double.evaluate_all_lagrange_coefficients(t);
        Ok(lagrange.into_iter().skip(1).step_by(2).map(|l| l * delta_inverse).collect())
    }
}

/// The odd points of the domain of twice the size.
fn odd_coset<F: PrimeField, D: EvaluationDomain<F>>(domain: &D) -> Result<D> {
    let double = D::new(2 * domain.size()).ok_or(SynthesisError::PolynomialDegreeTooLarge)?;
    domain.get_coset(double.element(1)).ok_or(SynthesisError::PolynomialDegreeTooLarge)
}
