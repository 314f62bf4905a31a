//! Adds pairs of points in affine coordinates with one inversion per batch, in arkworks'
//! arithmetic.

use ark_ff::AdditiveGroup;
use ark_ff::Field;
use zeroize::Zeroize;

use super::group::Group;
use super::summand::Summand;

/// Pairs that share an inversion: it costs 6 µs, an addition in G1 0.12 µs.
const BATCH: usize = 1024;

type Coordinates<G> =
    (<G as ark_ec::CurveConfig>::BaseField, <G as ark_ec::CurveConfig>::BaseField);

/// Appends the sum of each pair to the partial sums. No summand may be infinity; returns whether
/// a sum is.
pub(crate) fn add_pairs<G: Group>(
    table: &[G::Words],
    partial: &mut Vec<G::Words>,
    pairs: &[[Summand; 2]],
) -> bool {
    let mut products = Vec::with_capacity(BATCH.min(pairs.len()));
    let mut points = Vec::with_capacity(BATCH.min(pairs.len()));
    let mut infinity = false;
    for batch in pairs.chunks(BATCH) {
        let before = partial.len();
        partial.resize(before + batch.len(), G::Words::default());
        let (partial, sums) = partial.split_at_mut(before);
        // Collected first: so the processor waits for many points of the table at once.
        points.clear();
        points.extend(batch.iter().map(|pair| pair.map(|name| load::<G>(name, table, partial))));
        // Products of the denominators before each.
        let mut product = G::BaseField::ONE;
        products.clear();
        for [p, q] in &points {
            products.push(product);
            product *= Slope::<G>::of(p, q).denominator();
        }
        // Denominators are never zero, so there is an inverse.
        let mut inverse = product.inverse().unwrap_or(G::BaseField::ZERO);
        for (([p, q], before), sum) in points.iter().zip(&products).zip(sums).rev() {
            let slope = Slope::<G>::of(p, q);
            let own = inverse * before;
            inverse *= slope.denominator();
            match slope.numerator(p) {
                Some(numerator) => *sum = chord::<G>(p, q, numerator * own),
                None => infinity = true,
            }
        }
    }
    products.zeroize();
    points.as_flattened_mut().iter_mut().for_each(|(x, y)| (x.zeroize(), y.zeroize()).1);
    infinity
}

/// What becomes of a pair.
enum Slope<G: Group> {
    /// x differs: the line through both points, by numerator and denominator.
    Chord(G::BaseField, G::BaseField),
    /// Equal points: the tangent, by its denominator 2y. Neither curve has a point with y = 0.
    Tangent(G::BaseField),
    /// Opposite points.
    Vertical,
}

impl<G: Group> Slope<G> {
    fn of(p: &Coordinates<G>, q: &Coordinates<G>) -> Self {
        if p.0 != q.0 {
            Self::Chord(q.1 - p.1, q.0 - p.0)
        } else if p.1 == q.1 {
            Self::Tangent(p.1.double())
        } else {
            Self::Vertical
        }
    }

    fn denominator(&self) -> G::BaseField {
        match self {
            Self::Chord(_, denominator) | Self::Tangent(denominator) => *denominator,
            Self::Vertical => G::BaseField::ONE,
        }
    }

    /// Nothing for a vertical line. Both curves have a = 0.
    fn numerator(&self, p: &Coordinates<G>) -> Option<G::BaseField> {
        match self {
            Self::Chord(numerator, _) => Some(*numerator),
            Self::Tangent(_) => {
                let square = p.0.square();
                Some(square.double() + square)
            }
            Self::Vertical => None,
        }
    }
}

fn chord<G: Group>(p: &Coordinates<G>, q: &Coordinates<G>, slope: G::BaseField) -> G::Words {
    let x = slope.square() - p.0 - q.0;
    G::pack(x, slope * (p.0 - x) - p.1)
}

fn load<G: Group>(summand: Summand, table: &[G::Words], partial: &[G::Words]) -> Coordinates<G> {
    let (words, negated) = summand.find(table, partial);
    let (x, y) = G::unpack(words);
    (x, if negated { -y } else { y })
}
