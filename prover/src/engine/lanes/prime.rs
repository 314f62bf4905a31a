//! Eight elements of a prime field side by side: radix 2^52, five limbs, Montgomery form with
//! R = 2^260.
//!
//! Both primes p of BN254 are below R / 85. An element stands for a number below 85 p whose limbs
//! are below 2^52; the comments say "below n" for "below n·p". The product of elements below a
//! and b is below a·b/85 + 1, so sums may be multiplied without reducing them first.

use std::marker::PhantomData;

use ark_bn254::{Fq, FqConfig, Fr, FrConfig};
use ark_ff::{BigInt, MontConfig, PrimeField};

use super::vector::{Ifma, Mask, Vector, each};

const BITS: u32 = 52;
const LIMB: u64 = (1 << BITS) - 1;

/// A prime field with elements in arkworks' form.
pub(crate) trait Prime: PrimeField<BigInt = BigInt<4>> + Copy {
    /// The prime, in limbs of 52 bits.
    const P: [u64; 5];
    /// -1/p modulo 2^52.
    const MINUS_INVERSE: u64;
    /// The Montgomery form with R = 2^256.
    fn words(&self) -> [u64; 4];
    /// The element whose Montgomery form with R = 2^256 these words are.
    fn from_words(words: [u64; 4]) -> Self;
}

macro_rules! prime {
    ($field:ty, $config:ty) => {
        impl Prime for $field {
            const P: [u64; 5] = split(<$config as MontConfig<4>>::MODULUS.0);
            const MINUS_INVERSE: u64 = <$config as MontConfig<4>>::INV & LIMB;

            fn words(&self) -> [u64; 4] {
                self.0.0
            }

            fn from_words(words: [u64; 4]) -> Self {
                Self::new_unchecked(BigInt(words))
            }
        }
    };
}

prime!(Fq, FqConfig);
prime!(Fr, FrConfig);

/// Words of 64 bits as limbs of 52.
const fn split([a, b, c, d]: [u64; 4]) -> [u64; 5] {
    [
        a & LIMB,
        (a >> 52 | b << 12) & LIMB,
        (b >> 40 | c << 24) & LIMB,
        (c >> 28 | d << 36) & LIMB,
        d >> 16,
    ]
}

/// Eight elements.
pub(crate) struct Lanes<F>([Vector; 5], PhantomData<F>);

/// Sums and differences of products, before reduction: ten columns of weights 2^(52·k), signed.
#[derive(Clone, Copy)]
pub(crate) struct Wide([Vector; 10]);

impl<F> Clone for Lanes<F> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Lanes<F> {}

impl Wide {
    #[inline(always)]
    pub(crate) fn zero(token: Ifma) -> Self {
        Self([Vector::splat(token, 0); 10])
    }

    #[inline(always)]
    pub(crate) fn add(self, other: Self) -> Self {
        Self(each!(10, i => self.0[i].add(other.0[i])))
    }

    #[inline(always)]
    pub(crate) fn sub(self, other: Self) -> Self {
        Self(each!(10, i => self.0[i].sub(other.0[i])))
    }

    #[inline(always)]
    pub(crate) fn double(self) -> Self {
        Self(each!(10, i => self.0[i].add(self.0[i])))
    }
}

impl<F: Prime> Lanes<F> {
    /// The same limbs in each lane.
    #[inline(always)]
    pub(crate) fn splat(token: Ifma, limbs: [u64; 5]) -> Self {
        Self(each!(5, i => Vector::splat(token, limbs[i])), PhantomData)
    }

    /// A limb of each number.
    #[inline(always)]
    pub(crate) fn limb(&self, index: usize) -> Vector {
        self.0[index]
    }

    /// From limbs below 2^52.
    #[inline(always)]
    pub(crate) fn from_limbs(limbs: [Vector; 5]) -> Self {
        Self(limbs, PhantomData)
    }

    /// One.
    #[inline(always)]
    pub(crate) fn one(token: Ifma) -> Self {
        // In arkworks' form with R = 2^256, 16 has the words of R = 2^260 modulo p.
        Self::splat(token, split(F::from(16_u64).words()))
    }

    /// The prime times a small number.
    #[inline(always)]
    fn p(token: Ifma, times: u64) -> [Vector; 5] {
        let (mut limbs, mut carry) = ([0; 5], 0);
        for (limb, prime) in limbs.iter_mut().zip(F::P) {
            let product = prime * times + carry;
            (*limb, carry) = (product & LIMB, product >> BITS);
        }
        each!(5, i => Vector::splat(token, limbs[i]))
    }

    /// From four vectors of 64-bit words, least significant first.
    #[inline(always)]
    pub(crate) fn from_words(token: Ifma, [a, b, c, d]: [Vector; 4]) -> Self {
        let limb = Vector::splat(token, LIMB);
        let limbs = [
            a.and(limb),
            a.shift_right::<52>().or(b.shift_left::<12>()).and(limb),
            b.shift_right::<40>().or(c.shift_left::<24>()).and(limb),
            c.shift_right::<28>().or(d.shift_left::<36>()).and(limb),
            d.shift_right::<16>(),
        ];
        Self(limbs, PhantomData)
    }

    /// To 64-bit words, for numbers below 2^256.
    #[inline(always)]
    pub(crate) fn to_words(self) -> [Vector; 4] {
        let [a, b, c, d, e] = self.0;
        [
            a.or(b.shift_left::<52>()),
            b.shift_right::<12>().or(c.shift_left::<40>()),
            c.shift_right::<24>().or(d.shift_left::<28>()),
            d.shift_right::<36>().or(e.shift_left::<16>()),
        ]
    }

    /// Puts limbs that left their 52 bits, up or down, right again. The number must not be
    /// negative.
    #[inline(always)]
    fn carry(token: Ifma, limbs: [Vector; 5]) -> Self {
        let limb = Vector::splat(token, LIMB);
        let [a, b, c, d, e] = limbs;
        let b = b.add(a.shift_right_signed::<BITS>());
        let c = c.add(b.shift_right_signed::<BITS>());
        let d = d.add(c.shift_right_signed::<BITS>());
        let e = e.add(d.shift_right_signed::<BITS>());
        Self([a.and(limb), b.and(limb), c.and(limb), d.and(limb), e], PhantomData)
    }

    /// The sum.
    #[inline(always)]
    pub(crate) fn add(self, token: Ifma, other: Self) -> Self {
        Self::carry(token, each!(5, i => self.0[i].add(other.0[i])))
    }

    /// The difference plus p times a small number, at least as large as what is subtracted.
    #[inline(always)]
    pub(crate) fn sub(self, token: Ifma, other: Self, times: u64) -> Self {
        let p = Self::p(token, times);
        Self::carry(token, each!(5, i => self.0[i].sub(other.0[i]).add(p[i])))
    }

    /// The number itself or, where the mask has a bit, p minus it, for numbers below 1.
    #[inline(always)]
    pub(crate) fn negate(self, token: Ifma, mask: Mask) -> Self {
        let zero = Self::splat(token, [0; 5]);
        self.select(mask, zero.sub(token, self, 1))
    }

    /// The other elements where the mask has a bit.
    #[inline(always)]
    pub(crate) fn select(self, mask: Mask, other: Self) -> Self {
        Self(each!(5, i => self.0[i].select(mask, other.0[i])), PhantomData)
    }

    /// Where the number is exactly p.
    #[inline(always)]
    pub(crate) fn is_p(self, token: Ifma) -> Mask {
        let first = self.0[0].equal(Vector::splat(token, F::P[0]));
        if first == 0 {
            return 0;
        }
        let equal = each!(5, i => self.0[i].equal(Vector::splat(token, F::P[i])));
        equal.into_iter().fold(first, |mask, equal| mask & equal)
    }

    /// The same element below 1, from below 4.
    #[inline(always)]
    pub(crate) fn canonical(self, token: Ifma) -> Self {
        self.subtract_once(token, 2).subtract_once(token, 1)
    }

    /// Less p times a number, where it is at least that.
    #[inline(always)]
    pub(crate) fn subtract_once(self, token: Ifma, times: u64) -> Self {
        let p = Self::p(token, times);
        let less = Self::carry(token, each!(5, i => self.0[i].sub(p[i])));
        less.select(less.0[4].negative(), self)
    }

    /// The product before reduction.
    #[inline(always)]
    pub(crate) fn wide_mul(self, token: Ifma, other: Self) -> Wide {
        let zero = Vector::splat(token, 0);
        // Low and high halves are added up apart: shorter chains of dependent instructions.
        let (mut low, mut high) = ([zero; 10], [zero; 10]);
        for i in 0..5 {
            for j in 0..5 {
                low[i + j] = low[i + j].add_low(self.0[i], other.0[j]);
                high[i + j + 1] = high[i + j + 1].add_high(self.0[i], other.0[j]);
            }
        }
        Wide(each!(10, i => low[i].add(high[i])))
    }

    /// The square before reduction: products of different limbs are counted twice.
    #[inline(always)]
    pub(crate) fn wide_square(self, token: Ifma) -> Wide {
        let zero = Vector::splat(token, 0);
        let (mut low, mut high) = ([zero; 10], [zero; 10]);
        for i in 0..5 {
            for j in i + 1..5 {
                low[i + j] = low[i + j].add_low(self.0[i], self.0[j]);
                high[i + j + 1] = high[i + j + 1].add_high(self.0[i], self.0[j]);
            }
        }
        let once = each!(10, i => low[i].add(high[i]));
        let mut columns = each!(10, i => once[i].add(once[i]));
        for i in 0..5 {
            columns[2 * i] = columns[2 * i].add_low(self.0[i], self.0[i]);
            columns[2 * i + 1] = columns[2 * i + 1].add_high(self.0[i], self.0[i]);
        }
        Wide(columns)
    }

    /// Montgomery's reduction of a number t from -R·p on: (t + m·p) / R + `times`·p, where m < R.
    #[inline(always)]
    pub(crate) fn reduce(token: Ifma, Wide(mut t): Wide, times: u64) -> Self {
        let p = each!(5, i => Vector::splat(token, F::P[i]));
        let minus_inverse = Vector::splat(token, F::MINUS_INVERSE);
        let zero = Vector::splat(token, 0);
        for i in 0..5 {
            let m = zero.add_low(t[i], minus_inverse);
            for j in 0..5 {
                t[i + j] = t[i + j].add_low(m, p[j]);
                t[i + j + 1] = t[i + j + 1].add_high(m, p[j]);
            }
            t[i + 1] = t[i + 1].add(t[i].shift_right_signed::<BITS>());
        }
        let offset = Self::p(token, times);
        Self::carry(token, each!(5, i => t[i + 5].add(offset[i])))
    }

    /// The product.
    #[inline(always)]
    pub(crate) fn mul(self, token: Ifma, other: Self) -> Self {
        Self::reduce(token, self.wide_mul(token, other), 0)
    }

    /// The square.
    #[inline(always)]
    pub(crate) fn square(self, token: Ifma) -> Self {
        Self::reduce(token, self.wide_square(token), 0)
    }
}
