//! Coordinates of eight points side by side: elements of Fq for G1, of its quadratic extension
//! for G2. "Below n" is as in [`super::prime`], for both parts of an extension element.

use ark_bn254::{Fq, Fq2, g1, g2};
use ark_ff::batch_inversion;

use super::prime::{Lanes, Prime};
use super::vector::{Ifma, Mask, Vector, each, transpose};
use crate::engine::group::Group;

/// Groups whose points kernels add.
pub(crate) trait LaneGroup: Group {
    /// Eight coordinates.
    type Lanes: Coordinate;

    /// x and y of eight points, below 1.
    fn gather(token: Ifma, points: [&Self::Words; 8]) -> [Self::Lanes; 2];

    /// Writes x and y, both below 1.
    fn scatter(coordinates: [Self::Lanes; 2], points: &mut [Self::Words]);
}

/// The arithmetic that adding points takes.
pub(crate) trait Coordinate: Copy {
    /// One.
    fn one(token: Ifma) -> Self;
    /// The product of elements below 2.2, below 2.2.
    fn mul(self, token: Ifma, other: Self) -> Self;
    /// The square of an element below 2.2, below 1.4.
    fn square(self, token: Ifma) -> Self;
    /// The difference plus p, for what is subtracted at most p.
    fn sub(self, token: Ifma, other: Self) -> Self;
    /// Itself or its negative, for elements below 1.
    fn negate(self, token: Ifma, mask: Mask) -> Self;
    /// The same element below 1, from below 4.
    fn canonical(self, token: Ifma) -> Self;
    /// The other elements where the mask has a bit.
    fn select(self, mask: Mask, other: Self) -> Self;
    /// Where the number is exactly p: zero, as a difference gives it.
    fn is_p(self, token: Ifma) -> Mask;
    /// The inverses, below 1. No element may be zero.
    fn inverse(self, token: Ifma) -> Self;
}

/// Eight elements of the quadratic extension: i² = -1.
#[derive(Clone, Copy)]
pub(crate) struct Pair(Lanes<Fq>, Lanes<Fq>);

impl Coordinate for Lanes<Fq> {
    #[inline(always)]
    fn one(token: Ifma) -> Self {
        Self::one(token)
    }

    #[inline(always)]
    fn mul(self, token: Ifma, other: Self) -> Self {
        self.mul(token, other)
    }

    #[inline(always)]
    fn square(self, token: Ifma) -> Self {
        self.square(token)
    }

    #[inline(always)]
    fn sub(self, token: Ifma, other: Self) -> Self {
        self.sub(token, other, 1)
    }

    #[inline(always)]
    fn negate(self, token: Ifma, mask: Mask) -> Self {
        self.negate(token, mask)
    }

    #[inline(always)]
    fn canonical(self, token: Ifma) -> Self {
        self.canonical(token)
    }

    #[inline(always)]
    fn select(self, mask: Mask, other: Self) -> Self {
        self.select(mask, other)
    }

    #[inline(always)]
    fn is_p(self, token: Ifma) -> Mask {
        self.is_p(token)
    }

    fn inverse(self, token: Ifma) -> Self {
        let mut elements = read(self.canonical(token));
        batch_inversion(&mut elements);
        write(token, elements.map(|element| element * Fq::from(INVERSE_SCALE)))
    }
}

impl Coordinate for Pair {
    #[inline(always)]
    fn one(token: Ifma) -> Self {
        Self(Lanes::one(token), Lanes::splat(token, [0; 5]))
    }

    /// (a + bi)(c + di) = ac - bd + ((a + b)(c + d) - ac - bd)i, with two reductions.
    #[inline(always)]
    fn mul(self, token: Ifma, other: Self) -> Self {
        let ac = self.0.wide_mul(token, other.0);
        let bd = self.1.wide_mul(token, other.1);
        let sums = self.0.add(token, self.1).wide_mul(token, other.0.add(token, other.1));
        // bd is below 5·p², less than R·p: with p added the difference is positive.
        Self(Lanes::reduce(token, ac.sub(bd), 1), Lanes::reduce(token, sums.sub(ac).sub(bd), 0))
    }

    /// (a + bi)² = (a + b)(a - b) + 2abi.
    #[inline(always)]
    fn square(self, token: Ifma) -> Self {
        let sum = self.0.add(token, self.1);
        let difference = self.0.sub(token, self.1, 3);
        let product = self.0.wide_mul(token, self.1).double();
        Self(sum.mul(token, difference), Lanes::reduce(token, product, 0))
    }

    #[inline(always)]
    fn sub(self, token: Ifma, other: Self) -> Self {
        Self(self.0.sub(token, other.0, 1), self.1.sub(token, other.1, 1))
    }

    #[inline(always)]
    fn negate(self, token: Ifma, mask: Mask) -> Self {
        Self(self.0.negate(token, mask), self.1.negate(token, mask))
    }

    #[inline(always)]
    fn canonical(self, token: Ifma) -> Self {
        Self(self.0.canonical(token), self.1.canonical(token))
    }

    #[inline(always)]
    fn select(self, mask: Mask, other: Self) -> Self {
        Self(self.0.select(mask, other.0), self.1.select(mask, other.1))
    }

    #[inline(always)]
    fn is_p(self, token: Ifma) -> Mask {
        let first = self.0.is_p(token);
        if first == 0 { 0 } else { first & self.1.is_p(token) }
    }

    fn inverse(self, token: Ifma) -> Self {
        let (a, b) = (read(self.0.canonical(token)), read(self.1.canonical(token)));
        let mut elements: [Fq2; 8] = std::array::from_fn(|i| Fq2::new(a[i], b[i]));
        batch_inversion(&mut elements);
        let scale = Fq::from(INVERSE_SCALE);
        let part = |part: fn(&Fq2) -> Fq| std::array::from_fn(|i| part(&elements[i]) * scale);
        Self(write(token, part(|e| e.c0)), write(token, part(|e| e.c1)))
    }
}

/// The words of v in our form are those of 2^4·v in arkworks', whose inverse is 2^-4/v; ours has
/// the words of 2^4/v.
const INVERSE_SCALE: u64 = 1 << 8;

/// Elements whose form in arkworks has the same words.
#[inline(always)]
fn read(lanes: Lanes<Fq>) -> [Fq; 8] {
    let mut words = [[0; 8]; 4];
    lanes.to_words().into_iter().zip(&mut words).for_each(|(vector, words)| vector.store(words));
    std::array::from_fn(|i| Fq::from_words(words.map(|word| word[i])))
}

#[inline(always)]
fn write(token: Ifma, elements: [Fq; 8]) -> Lanes<Fq> {
    let word = |j: usize| Vector::load(token, &elements.map(|element| element.words()[j]));
    Lanes::from_words(token, [word(0), word(1), word(2), word(3)])
}

impl LaneGroup for g1::Config {
    type Lanes = Lanes<Fq>;

    #[inline(always)]
    fn gather(token: Ifma, points: [&[u64; 8]; 8]) -> [Lanes<Fq>; 2] {
        let [a, b, c, d, e, f, g, h] = transpose(each!(8, i => Vector::load(token, points[i])));
        [Lanes::from_words(token, [a, b, c, d]), Lanes::from_words(token, [e, f, g, h])]
    }

    #[inline(always)]
    fn scatter([x, y]: [Lanes<Fq>; 2], points: &mut [[u64; 8]]) {
        let ([a, b, c, d], [e, f, g, h]) = (x.to_words(), y.to_words());
        let rows = transpose([a, b, c, d, e, f, g, h]);
        for (row, point) in rows.into_iter().zip(points) {
            row.store(point);
        }
    }
}

impl LaneGroup for g2::Config {
    type Lanes = Pair;

    #[inline(always)]
    fn gather(token: Ifma, points: [&[u64; 16]; 8]) -> [Pair; 2] {
        each!(2, half => {
            let rows = each!(8, i => Vector::load(token, &points[i].as_chunks().0[half]));
            let [a, b, c, d, e, f, g, h] = transpose(rows);
            Pair(
                Lanes::from_words(token, [a, b, c, d]),
                Lanes::from_words(token, [e, f, g, h]),
            )
        })
    }

    #[inline(always)]
    fn scatter(coordinates: [Pair; 2], points: &mut [[u64; 16]]) {
        for (half, Pair(real, imaginary)) in coordinates.into_iter().enumerate() {
            let ([a, b, c, d], [e, f, g, h]) = (real.to_words(), imaginary.to_words());
            let rows = transpose([a, b, c, d, e, f, g, h]);
            for (row, point) in rows.into_iter().zip(points.iter_mut()) {
                row.store(&mut point.as_chunks_mut().0[half]);
            }
        }
    }
}
