//! Points as tables and buckets keep them: the limbs of x and y in Montgomery form, without a
//! flag. Zero words, which are on neither curve, stand for infinity.

use ark_bn254::{Fq, Fq2, Fr, g1, g2};
use ark_ec::AffineRepr;
use ark_ec::short_weierstrass::{Affine, SWCurveConfig};
use ark_ff::BigInt;
use zeroize::Zeroize;

/// A group whose points fit into words.
pub(crate) trait Group: SWCurveConfig<ScalarField = Fr> {
    /// Limbs of x, then of y, least significant first.
    type Words: AsRef<[u64]> + AsMut<[u64]> + Copy + Default + PartialEq + Send + Sync + Zeroize;

    /// Coordinates as words.
    fn pack(x: Self::BaseField, y: Self::BaseField) -> Self::Words;

    /// Words as coordinates.
    fn unpack(words: &Self::Words) -> (Self::BaseField, Self::BaseField);

    /// A point as words.
    fn from_affine(point: &Affine<Self>) -> Self::Words {
        point.xy().map_or(Self::Words::default(), |(x, y)| Self::pack(x, y))
    }

    /// Words as a point.
    fn to_affine(words: &Self::Words) -> Affine<Self> {
        if *words == Self::Words::default() {
            return Affine::identity();
        }
        let (x, y) = Self::unpack(words);
        Affine::new_unchecked(x, y)
    }
}

impl Group for g1::Config {
    type Words = [u64; 8];

    fn pack(x: Fq, y: Fq) -> [u64; 8] {
        let ([x0, x1, x2, x3], [y0, y1, y2, y3]) = (x.0.0, y.0.0);
        [x0, x1, x2, x3, y0, y1, y2, y3]
    }

    fn unpack(&[x0, x1, x2, x3, y0, y1, y2, y3]: &[u64; 8]) -> (Fq, Fq) {
        (element([x0, x1, x2, x3]), element([y0, y1, y2, y3]))
    }
}

impl Group for g2::Config {
    type Words = [u64; 16];

    fn pack(x: Fq2, y: Fq2) -> [u64; 16] {
        let mut words = [0; 16];
        for (limbs, element) in
            words.as_chunks_mut::<4>().0.iter_mut().zip([x.c0, x.c1, y.c0, y.c1])
        {
            *limbs = element.0.0;
        }
        words
    }

    fn unpack(words: &[u64; 16]) -> (Fq2, Fq2) {
        let &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = words;
        let x = Fq2::new(element([a, b, c, d]), element([e, f, g, h]));
        (x, Fq2::new(element([i, j, k, l]), element([m, n, o, p])))
    }
}

/// The element whose Montgomery form the limbs are.
fn element(limbs: [u64; 4]) -> Fq {
    Fq::new_unchecked(BigInt(limbs))
}
