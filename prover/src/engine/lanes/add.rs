//! Adds pairs of points, eight at a time, in affine coordinates with one inversion per batch.

use super::coordinate::{Coordinate, LaneGroup};
use super::vector::{Ifma, Kernel, Mask, each, prefetch};
use crate::engine::summand::Summand;

/// Bytes of the vectors of pairs that share an inversion: they fit into a core's cache. The
/// inversion costs as much as 40 vectors of G1.
const BATCH_BYTES: usize = 700_000;

/// How many vectors ahead points are fetched from memory: tables are larger than caches.
const AHEAD: usize = 6;

/// Adds pairs; gives the numbers of those with equal x, whose sums it leaves out.
pub(crate) struct AddPairs<'a, G: LaneGroup> {
    pub(crate) table: &'a [G::Words],
    pub(crate) partial: &'a [G::Words],
    pub(crate) pairs: &'a [[Summand; 2]],
    /// As many as pairs.
    pub(crate) sums: &'a mut [G::Words],
}

/// Eight pairs, and what comes before them in the batch.
struct Step<G: LaneGroup> {
    /// x and y of the summands, below 1 but for negated ones.
    points: [[G::Lanes; 2]; 2],
    /// Difference of x.
    width: G::Lanes,
    /// Product of the widths before.
    before: G::Lanes,
}

impl<G: LaneGroup> Kernel for AddPairs<'_, G> {
    type Output = Vec<usize>;

    #[inline(always)]
    fn run(self, token: Ifma) -> Vec<usize> {
        let Self { table, partial, pairs, sums } = self;
        let mut left_out = Vec::new();
        let batch = BATCH_BYTES / size_of::<Step<G>>();
        let vectors = batch.min(pairs.len().div_ceil(8));
        let one = G::Lanes::one(token);
        let mut steps: Vec<_> = (0..vectors).map(|_| Step::<G>::blank(one)).collect();
        let batches = pairs.chunks(8 * batch).zip(sums.chunks_mut(8 * batch));
        for (number, (pairs, sums)) in batches.enumerate() {
            let mut product = one;
            for ((vector, eight), step) in pairs.chunks(8).enumerate().zip(&mut steps) {
                fetch::<G>(token, table, partial, pairs, vector + AHEAD);
                let points = gather::<G>(token, table, partial, eight);
                let (width, vertical) = width::<G>(token, points[0][0], points[1][0]);
                *step = Step { points, width, before: product };
                product = product.mul(token, width);
                if vertical != 0 {
                    let first = 8 * (number * batch + vector);
                    let lanes = (0..eight.len()).filter(|lane| vertical >> lane & 1 == 1);
                    left_out.extend(lanes.map(|lane| first + lane));
                }
            }
            let mut inverse = product.inverse(token);
            for (sums, step) in sums.chunks_mut(8).zip(&steps).rev() {
                let [p, q] = step.points;
                let own = inverse.mul(token, step.before);
                inverse = inverse.mul(token, step.width);
                let slope = q[1].sub(token, p[1]).mul(token, own);
                G::scatter(chord::<G>(token, p, q[0], slope), sums);
            }
        }
        // Partial sums tell of the witness. Memory that is read by a black box is really written.
        steps.iter_mut().for_each(|step| *step = Step::blank(one));
        std::hint::black_box(&steps);
        left_out
    }
}

impl<G: LaneGroup> Step<G> {
    #[inline(always)]
    fn blank(one: G::Lanes) -> Self {
        Self { points: [[one; 2]; 2], width: one, before: one }
    }
}

/// The difference of x, or one where it is zero, and where that is.
#[inline(always)]
fn width<G: LaneGroup>(token: Ifma, p: G::Lanes, q: G::Lanes) -> (G::Lanes, Mask) {
    let width = q.sub(token, p);
    let vertical = width.is_p(token);
    (if vertical == 0 { width } else { width.select(vertical, G::Lanes::one(token)) }, vertical)
}

/// The third point of the line, mirrored.
#[inline(always)]
fn chord<G: LaneGroup>(
    token: Ifma,
    [px, py]: [G::Lanes; 2],
    qx: G::Lanes,
    slope: G::Lanes,
) -> [G::Lanes; 2] {
    let x = slope.square(token).sub(token, px).sub(token, qx).canonical(token);
    let y = px.sub(token, x).mul(token, slope).sub(token, py).canonical(token);
    [x, y]
}

/// Asks for the points of a vector of pairs, if there is one.
#[inline(always)]
fn fetch<G: LaneGroup>(
    token: Ifma,
    table: &[G::Words],
    partial: &[G::Words],
    pairs: &[[Summand; 2]],
    vector: usize,
) {
    let Some(pairs) = pairs.get(8 * vector..) else { return };
    for summand in pairs.iter().take(8).flatten() {
        prefetch(token, summand.find(table, partial).0);
    }
}

/// Eight pairs; where fewer are left, the first stands in for the missing ones.
#[inline(always)]
fn gather<G: LaneGroup>(
    token: Ifma,
    table: &[G::Words],
    partial: &[G::Words],
    pairs: &[[Summand; 2]],
) -> [[G::Lanes; 2]; 2] {
    each!(2, side => {
        let mut signs = 0;
        let points = each!(8, lane => {
            let pair = pairs.get(lane).unwrap_or(&pairs[0]);
            let (point, negated) = pair[side].find(table, partial);
            signs |= u8::from(negated) << lane;
            point
        });
        let [x, y] = G::gather(token, points);
        [x, y.negate(token, signs)]
    })
}
