//! Membership in small sets.

use ark_ff::{AdditiveGroup, Field};
use ark_r1cs_std::GR1CSVar;
use ark_r1cs_std::alloc::AllocVar;
use ark_r1cs_std::fields::FieldVar;
use ark_relations::gr1cs::{ConstraintSystemRef, SynthesisError};
use records::Fr;

use super::Var;

/// Enforces that `value` is one of `set`: the product of the differences is 0. One constraint
/// less than the set has members; which member it is stays hidden.
pub fn enforce_one_of(value: &Var, set: &[Var]) -> Result<(), SynthesisError> {
    let [first, middle @ .., last] = set else { return Err(SynthesisError::Unsatisfiable) };
    let product = middle.iter().fold(value - first, |product, member| product * (value - member));
    product.mul_equals(&(value - last), &Var::zero())
}

/// Whether `value` is one of `set`, as 0 or 1.
pub fn is_one_of(
    cs: &ConstraintSystemRef<Fr>,
    value: &Var,
    set: &[Var],
) -> Result<Var, SynthesisError> {
    let product = set.iter().fold(Var::one(), |product, member| product * (value - member));
    is_zero(cs, &product)
}

/// Whether `number` is 0, as 0 or 1: number · inverse = 1 - result, number · result = 0.
fn is_zero(cs: &ConstraintSystemRef<Fr>, number: &Var) -> Result<Var, SynthesisError> {
    let inverse =
        Var::new_witness(cs.clone(), || Ok(number.value()?.inverse().unwrap_or(Fr::ZERO)))?;
    let result = Var::new_witness(cs.clone(), || Ok(Fr::from(number.value()? == Fr::ZERO)))?;
    number.mul_equals(&inverse, &(Var::one() - &result))?;
    number.mul_equals(&result, &Var::zero())?;
    Ok(result)
}
