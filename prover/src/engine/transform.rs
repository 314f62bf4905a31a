//! From the values of a polynomial on a domain to those on its odd coset, without reordering:
//! the inverse transform leaves coefficients in bit-reversed order, the forward one takes them
//! so.

use ark_bn254::Fr;
use ark_ff::{FftField, Field};

/// Twiddle factors for a domain of n points.
pub(crate) struct Transform {
    /// At h + j for j < h and all powers of two h < n: w^j, w the inverse of a root of order 2h.
    pub(crate) inverse: Vec<Fr>,
    /// The same of the roots themselves.
    pub(crate) forward: Vec<Fr>,
    /// g^i / n in bit-reversed order, g of order 2n.
    pub(crate) shift: Vec<Fr>,
}

impl Transform {
    /// For a domain of `size` points, a power of two; nothing where the field has no such roots.
    pub(crate) fn new(size: usize) -> Option<Self> {
        let generator = Fr::get_root_of_unity(2 * size as u64)?;
        let root = generator.square();
        let scale = Fr::from(size as u64).inverse()?;
        let powers = powers(generator, scale, size);
        let shift = (0..size).map(|i| powers[i.reverse_bits() >> (usize::BITS - size.ilog2())]);
        Some(Self {
            inverse: twiddles(root.inverse()?, size),
            forward: twiddles(root, size),
            shift: shift.collect(),
        })
    }

    /// Values on the domain become values on the odd coset, in natural order.
    pub(crate) fn to_odd_coset(&self, values: &mut [Fr]) {
        let mut half = values.len() / 2;
        while half > 0 {
            for block in values.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for ((low, high), twiddle) in low.iter_mut().zip(high).zip(&self.inverse[half..]) {
                    (*low, *high) = (*low + *high, (*low - *high) * twiddle);
                }
            }
            half /= 2;
        }
        values.iter_mut().zip(&self.shift).for_each(|(value, shift)| *value *= shift);
        half = 1;
        while half < values.len() {
            for block in values.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for ((low, high), twiddle) in low.iter_mut().zip(high).zip(&self.forward[half..]) {
                    let product = *high * twiddle;
                    (*low, *high) = (*low + product, *low - product);
                }
            }
            half *= 2;
        }
    }
}

fn twiddles(root: Fr, size: usize) -> Vec<Fr> {
    let mut all = vec![Fr::ONE; size];
    let (mut half, mut root) = (size / 2, root);
    while half > 0 {
        all[half..2 * half].copy_from_slice(&powers(root, Fr::ONE, half));
        (half, root) = (half / 2, root.square());
    }
    all
}

fn powers(base: Fr, first: Fr, count: usize) -> Vec<Fr> {
    std::iter::successors(Some(first), |power| Some(*power * base)).take(count).collect()
}
