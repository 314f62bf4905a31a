//! Integers of bounded size.

use ark_ff::{BigInteger, PrimeField};
use ark_r1cs_std::GR1CSVar;
use ark_r1cs_std::alloc::AllocVar;
use ark_r1cs_std::eq::EqGadget;
use ark_r1cs_std::fields::FieldVar;
use ark_relations::gr1cs::{ConstraintSystemRef, SynthesisError};
use records::Fr;

use super::Var;

/// Bits of the numbers that predicates compare.
pub const NUMBER_BITS: usize = 64;

/// Bits of a difference of days.
pub const DAY_BITS: usize = 32;

/// Enforces 0 ≤ `number` < 2^`bits`, and gives its bits, least first. `bits` constraints for
/// the bits being 0 or 1, and one for their sum; far below the field's size, so the bits are
/// unique.
pub fn enforce_bits(
    cs: &ConstraintSystemRef<Fr>,
    number: &Var,
    bits: usize,
) -> Result<Vec<Var>, SynthesisError> {
    let mut sum = Var::zero();
    let mut wires = Vec::with_capacity(bits);
    for i in 0..bits {
        let bit = Var::new_witness(cs.clone(), || {
            Ok(Fr::from(number.value()?.into_bigint().get_bit(i)))
        })?;
        bit.mul_equals(&(Var::one() - &bit), &Var::zero())?;
        sum += &bit * power_of_two(i);
        wires.push(bit);
    }
    sum.enforce_equal(number)?;
    Ok(wires)
}

/// Whether `difference` ≥ 0, for one between -2^64 and 2^64 - 1: the top bit of
/// `difference + 2^64`, which is enforced to have 65 bits.
pub fn is_non_negative(
    cs: &ConstraintSystemRef<Fr>,
    difference: &Var,
) -> Result<Var, SynthesisError> {
    let shifted = difference + power_of_two(NUMBER_BITS);
    let bits = enforce_bits(cs, &shifted, NUMBER_BITS + 1)?;
    Ok(bits[NUMBER_BITS].clone())
}

/// 2^exponent, for an exponent below 128.
pub fn power_of_two(exponent: usize) -> Fr {
    Fr::from(1_u128 << exponent)
}
