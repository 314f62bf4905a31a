//! From values on a domain to those on its odd coset, as in [`crate::engine::transform`], eight
//! elements to a vector.
//!
//! Steps over eight elements and more are between vectors. For those over four, two and one,
//! each block of eight vectors is transposed, so that they are between vectors too; the second
//! transform starts with the same steps, so blocks are transposed once before and once after.

use ark_bn254::Fr;

use super::prime::Lanes;
use super::rows::load;
use super::vector::{Ifma, Kernel, Vector, each, transpose};
use crate::engine::transform as portable;

/// Twiddle factors as vectors.
pub(crate) struct Transform {
    /// Of half h at h / 8, for h from 8 on: as those of the portable transform, eight to a
    /// vector.
    inverse: Vec<Lanes<Fr>>,
    forward: Vec<Lanes<Fr>>,
    /// Of half 1 at 1, of half 2 at 2 and 3, of half 4 from 4 on, in all lanes.
    inverse_small: Vec<Lanes<Fr>>,
    forward_small: Vec<Lanes<Fr>>,
    /// Shift factors in the order of transposed blocks: results are in the lanes' form.
    shift: Vec<Lanes<Fr>>,
    /// Shift factors whose results are less by 2^4: they are in arkworks' form in the end.
    shift_out: Vec<Lanes<Fr>>,
}

impl Transform {
    /// For domains of at least 64 points.
    pub(crate) fn new(token: Ifma, portable: &portable::Transform) -> Option<Self> {
        let scaled = |factors: &[Fr], scale: u64| -> Vec<Lanes<Fr>> {
            let scale = Fr::from(scale);
            let vectors = factors.as_chunks::<8>().0.iter();
            vectors.map(|eight| load(token, &eight.map(|factor| factor * scale))).collect()
        };
        let small = |factors: &[Fr]| -> Vec<Lanes<Fr>> {
            let factors = factors[..8].iter();
            factors.map(|factor| load(token, &[*factor * Fr::from(SCALE); 8])).collect()
        };
        if portable.shift.len() < 64 {
            return None;
        }
        let mut shift = portable.shift.clone();
        for block in shift.as_chunks_mut::<64>().0 {
            let rows = *block;
            for (i, factor) in block.iter_mut().enumerate() {
                *factor = rows[8 * (i % 8) + i / 8];
            }
        }
        Some(Self {
            inverse: scaled(&portable.inverse, SCALE),
            forward: scaled(&portable.forward, SCALE),
            inverse_small: small(&portable.inverse),
            forward_small: small(&portable.forward),
            shift: scaled(&shift, SCALE),
            shift_out: scaled(&shift, 1),
        })
    }
}

/// 2^260 / 2^256.
const SCALE: u64 = 16;

/// Transforms values below 2; results are below 2. `out` brings them to arkworks' form.
pub(crate) struct ToOddCoset<'a> {
    pub(crate) transform: &'a Transform,
    pub(crate) values: &'a mut [Lanes<Fr>],
    pub(crate) out: bool,
}

impl Kernel for ToOddCoset<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, token: Ifma) {
        let Self { transform, values, out } = self;
        let mut half = values.len() / 2;
        while half > 0 {
            inverse_step(token, values, half, &transform.inverse[half..]);
            half /= 2;
        }
        let shift = if out { &transform.shift_out } else { &transform.shift };
        for (block, shift) in values.chunks_exact_mut(8).zip(shift.chunks_exact(8)) {
            transpose_block(token, block);
            for half in [4, 2, 1] {
                inverse_step(token, block, half, &transform.inverse_small[half..]);
            }
            for (value, shift) in block.iter_mut().zip(shift) {
                *value = value.mul(token, *shift);
            }
            for half in [1, 2, 4] {
                forward_step(token, block, half, &transform.forward_small[half..]);
            }
            transpose_block(token, block);
        }
        half = 1;
        while half < values.len() {
            forward_step(token, values, half, &transform.forward[half..]);
            half *= 2;
        }
    }
}

/// (a, b) becomes (a + b, (a - b)·w).
#[inline(always)]
fn inverse_step(token: Ifma, values: &mut [Lanes<Fr>], half: usize, twiddles: &[Lanes<Fr>]) {
    for block in values.chunks_exact_mut(2 * half) {
        let (low, high) = block.split_at_mut(half);
        for ((low, high), twiddle) in low.iter_mut().zip(high).zip(twiddles) {
            let (a, b) = (*low, *high);
            *low = a.add(token, b).subtract_once(token, 2);
            *high = a.sub(token, b, 2).mul(token, *twiddle);
        }
    }
}

/// (a, b) becomes (a + b·w, a - b·w).
#[inline(always)]
fn forward_step(token: Ifma, values: &mut [Lanes<Fr>], half: usize, twiddles: &[Lanes<Fr>]) {
    for block in values.chunks_exact_mut(2 * half) {
        let (low, high) = block.split_at_mut(half);
        for ((low, high), twiddle) in low.iter_mut().zip(high).zip(twiddles) {
            let (a, b) = (*low, high.mul(token, *twiddle));
            *low = a.add(token, b).subtract_once(token, 2);
            *high = a.sub(token, b, 2).subtract_once(token, 2);
        }
    }
}

/// Exchanges lanes and vectors of eight vectors.
#[inline(always)]
fn transpose_block(token: Ifma, block: &mut [Lanes<Fr>]) {
    let mut limbs = [[Vector::splat(token, 0); 8]; 5];
    for (limb, rows) in limbs.iter_mut().enumerate() {
        *rows = transpose(each!(8, i => block[i].limb(limb)));
    }
    for (i, value) in block.iter_mut().enumerate() {
        *value = Lanes::from_limbs(each!(5, limb => limbs[limb][i]));
    }
}
