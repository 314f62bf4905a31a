//! Scalars as signed digits.

use ark_bn254::Fr;
use ark_ff::PrimeField;
use zeroize::Zeroize;

/// Scalars written in base 2^width with digits from -2^(width-1) + 1 to 2^(width-1). Zeroized on
/// drop.
pub(crate) struct Digits {
    windows: usize,
    digits: Vec<i16>,
}

/// Number of digits of a scalar: one bit more than its 254 for the sign, so that no carry is
/// left over.
pub(crate) const fn windows(width: u32) -> usize {
    (Fr::MODULUS_BIT_SIZE as usize + 1).div_ceil(width as usize)
}

impl Digits {
    /// Writes scalars of several slices, one after another. The width is at most 15.
    pub(crate) fn recode(scalars: &[&[Fr]], width: u32) -> Self {
        let windows = windows(width);
        let count = scalars.iter().map(|part| part.len()).sum::<usize>();
        let mut digits = Vec::with_capacity(count * windows);
        for scalar in scalars.iter().copied().flatten() {
            let mut limbs = scalar.into_bigint().0;
            push_digits(&limbs, width, windows, &mut digits);
            limbs.zeroize();
        }
        Self { windows, digits }
    }

    /// The digits of the scalar at a position, least significant first.
    pub(crate) fn at(&self, position: usize) -> &[i16] {
        &self.digits[position * self.windows..][..self.windows]
    }
}

fn push_digits(limbs: &[u64; 4], width: u32, windows: usize, digits: &mut Vec<i16>) {
    let [a, b, c, d] = *limbs;
    let wide = [a, b, c, d, 0];
    let mut carry = 0;
    for window in 0..windows {
        let bit = window * width as usize;
        let (limb, shift) = (bit / 64, bit % 64);
        let pair = u128::from(wide[limb]) | u128::from(wide[limb + 1]) << 64;
        let digit = ((pair >> shift) as i32 & ((1 << width) - 1)) + carry;
        carry = i32::from(digit > 1 << (width - 1));
        digits.push((digit - (carry << width)) as i16);
    }
}

impl Drop for Digits {
    fn drop(&mut self) {
        self.digits.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use ark_ff::{AdditiveGroup, Field, UniformRand};
    use ark_std::test_rng;

    use super::*;

    #[test]
    fn digits_are_small_and_make_up_the_scalar() {
        let mut rng = test_rng();
        let mut scalars = vec![Fr::ZERO, Fr::ONE, -Fr::ONE, -Fr::ONE.double()];
        scalars.extend((0..254).map(|bit| Fr::from(2_u64).pow([bit])));
        scalars.extend((0..254).map(|bit| Fr::from(2_u64).pow([bit]) - Fr::ONE));
        scalars.extend((0..100).map(|_| Fr::rand(&mut rng)));
        for width in 2..=15 {
            let (first, second) = scalars.split_at(3);
            let digits = Digits::recode(&[first, second], width);
            let base = Fr::from(1_u64 << width);
            for (position, scalar) in scalars.iter().enumerate() {
                let written = digits.at(position);
                assert!(written.iter().all(|d| d.unsigned_abs() <= 1 << (width - 1)));
                let sum = written.iter().rev().fold(Fr::ZERO, |sum, d| sum * base + Fr::from(*d));
                assert_eq!(sum, *scalar);
            }
        }
    }
}
