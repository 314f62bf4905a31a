//! Eight unsigned 64-bit numbers in one AVX-512 register. All `unsafe` code of the prover is here.
//!
//! Invariant of every block: a [`Vector`] is only made with an [`Ifma`], which only detection
//! makes, so the processor has the instructions. The operations are always inlined, and the
//! kernels that they end up in are compiled for these instructions.

use std::arch::x86_64::*;

/// Proof that the processor has AVX-512 with IFMA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ifma(());

/// Eight unsigned numbers.
#[derive(Clone, Copy)]
pub(crate) struct Vector(__m512i);

/// One bit for each of the eight numbers.
pub(crate) type Mask = u8;

impl Ifma {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Self> {
        let all = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512ifma");
        all.then_some(Self(()))
    }

    /// Runs a kernel, compiled for these instructions with all that is inlined into it.
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
        fn compiled<K: Kernel>(token: Ifma, kernel: K) -> K::Output {
            kernel.run(token)
        }
        // SAFETY: a token proves that the processor has the features.
        unsafe { compiled(self, kernel) }
    }
}

/// Work on vectors. `run` is to be `#[inline(always)]`, and so is what it calls on vectors:
/// otherwise each operation becomes a call.
pub(crate) trait Kernel {
    /// What it gives.
    type Output;

    /// The work.
    fn run(self, token: Ifma) -> Self::Output;
}

/// Methods whose body is one intrinsic.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident($own:ident $(, $argument:ident: $type:ty)*) -> $result:ty = $body:expr;)*) => {
        impl Vector {$(
            $(#[$doc])*
            #[inline(always)]
            pub(crate) fn $name(self $(, $argument: $type)*) -> $result {
                let $own = self.0;
                // SAFETY: this vector exists, so the processor has the instructions; they touch
                // registers only.
                unsafe { $body }
            }
        )*}
    };
}

/// An array, element by element. A closure would be compiled without the
/// instructions, and not always be inlined.
macro_rules! each {
    (2, $i:ident => $e:expr) => { each!(@ $i, $e, 0 1) };
    (4, $i:ident => $e:expr) => { each!(@ $i, $e, 0 1 2 3) };
    (5, $i:ident => $e:expr) => { each!(@ $i, $e, 0 1 2 3 4) };
    (8, $i:ident => $e:expr) => { each!(@ $i, $e, 0 1 2 3 4 5 6 7) };
    (10, $i:ident => $e:expr) => { each!(@ $i, $e, 0 1 2 3 4 5 6 7 8 9) };
    (@ $i:ident, $e:expr, $($n:literal)*) => { [$({ let $i: usize = $n; $e }),*] };
}
pub(crate) use each;

operations! {
    /// The sum modulo 2^64.
    add(own, other: Vector) -> Vector = Vector(_mm512_add_epi64(own, other.0));
    /// The difference modulo 2^64.
    sub(own, other: Vector) -> Vector = Vector(_mm512_sub_epi64(own, other.0));
    /// Bitwise and.
    and(own, other: Vector) -> Vector = Vector(_mm512_and_si512(own, other.0));
    /// Bitwise or.
    or(own, other: Vector) -> Vector = Vector(_mm512_or_si512(own, other.0));
    /// Plus the low 52 bits of the product of the low 52 bits of a and b.
    add_low(own, a: Vector, b: Vector) -> Vector = Vector(_mm512_madd52lo_epu64(own, a.0, b.0));
    /// Plus the high 52 bits of the product of the low 52 bits of a and b.
    add_high(own, a: Vector, b: Vector) -> Vector = Vector(_mm512_madd52hi_epu64(own, a.0, b.0));
    /// Where the numbers are equal.
    equal(own, other: Vector) -> Mask = _mm512_cmpeq_epi64_mask(own, other.0);
    /// Where the number, read as a signed one, is negative.
    negative(own) -> Mask = _mm512_movepi64_mask(own);
    /// The other number where the mask has a bit.
    select(own, mask: Mask, other: Vector) -> Vector = Vector(_mm512_mask_blend_epi64(mask, own, other.0));
    /// Even numbers of both, interleaved.
    even(own, other: Vector) -> Vector = Vector(_mm512_unpacklo_epi64(own, other.0));
    /// Odd numbers of both, interleaved.
    odd(own, other: Vector) -> Vector = Vector(_mm512_unpackhi_epi64(own, other.0));
    /// The numbers 0, 1, 4, 5 of both, in turns of two.
    even_pairs(own, other: Vector) -> Vector = Vector(_mm512_permutex2var_epi64(own, _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), other.0));
    /// The numbers 2, 3, 6, 7 of both, in turns of two.
    odd_pairs(own, other: Vector) -> Vector = Vector(_mm512_permutex2var_epi64(own, _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15), other.0));
    /// The lower halves of both.
    low_halves(own, other: Vector) -> Vector = Vector(_mm512_shuffle_i64x2::<0x44>(own, other.0));
    /// The upper halves of both.
    high_halves(own, other: Vector) -> Vector = Vector(_mm512_shuffle_i64x2::<0xEE>(own, other.0));
}

impl Vector {
    /// The same number eight times.
    #[inline(always)]
    pub(crate) fn splat(_: Ifma, number: u64) -> Self {
        // SAFETY: a token proves that the processor has the instruction.
        Self(unsafe { _mm512_set1_epi64(number as i64) })
    }

    /// Eight numbers.
    #[inline(always)]
    pub(crate) fn load(_: Ifma, numbers: &[u64; 8]) -> Self {
        // SAFETY: a token proves that the processor has the instruction, which reads the 64
        // bytes of the array at any alignment.
        Self(unsafe { _mm512_loadu_si512(numbers.as_ptr().cast()) })
    }

    /// Writes the eight numbers.
    #[inline(always)]
    pub(crate) fn store(self, numbers: &mut [u64; 8]) {
        // SAFETY: this vector exists, so the processor has the instruction, which writes the 64
        // bytes of the array at any alignment.
        unsafe { _mm512_storeu_si512(numbers.as_mut_ptr().cast(), self.0) }
    }

    /// Shifted left, with zeros moving in.
    #[inline(always)]
    pub(crate) fn shift_left<const BITS: u32>(self) -> Self {
        // SAFETY: this vector exists, so the processor has the instruction.
        Self(unsafe { _mm512_slli_epi64::<BITS>(self.0) })
    }

    /// Shifted right, with zeros moving in.
    #[inline(always)]
    pub(crate) fn shift_right<const BITS: u32>(self) -> Self {
        // SAFETY: this vector exists, so the processor has the instruction.
        Self(unsafe { _mm512_srli_epi64::<BITS>(self.0) })
    }

    /// Shifted right as a signed number, with copies of the sign moving in.
    #[inline(always)]
    pub(crate) fn shift_right_signed<const BITS: u32>(self) -> Self {
        // SAFETY: this vector exists, so the processor has the instruction.
        Self(unsafe { _mm512_srai_epi64::<BITS>(self.0) })
    }
}

/// Asks for the cache line at the start of a value and, where it is longer, the next one.
#[inline(always)]
pub(crate) fn prefetch<T>(_: Ifma, value: &T) {
    let address = std::ptr::from_ref(value).cast::<i8>();
    // SAFETY: fetching ahead reads nothing that the program sees, and never faults; a token
    // proves that the processor has the instruction.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(address) };
    if size_of::<T>() > 64 {
        // SAFETY: as above.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address.wrapping_add(64)) };
    }
}

/// Turns rows into columns.
#[inline(always)]
pub(crate) fn transpose(rows: [Vector; 8]) -> [Vector; 8] {
    let [a, b, c, d, e, f, g, h] = rows;
    let ([a, b, c, d], [e, f, g, h]) = (half(a, b, c, d), half(e, f, g, h));
    [
        a.low_halves(e),
        b.low_halves(f),
        c.low_halves(g),
        d.low_halves(h),
        a.high_halves(e),
        b.high_halves(f),
        c.high_halves(g),
        d.high_halves(h),
    ]
}

/// Four rows: columns 0 to 3 in the lower halves, 4 to 7 in the upper ones.
#[inline(always)]
fn half(a: Vector, b: Vector, c: Vector, d: Vector) -> [Vector; 4] {
    let (even_ab, odd_ab, even_cd, odd_cd) = (a.even(b), a.odd(b), c.even(d), c.odd(d));
    [
        even_ab.even_pairs(even_cd),
        odd_ab.even_pairs(odd_cd),
        even_ab.odd_pairs(even_cd),
        odd_ab.odd_pairs(odd_cd),
    ]
}
