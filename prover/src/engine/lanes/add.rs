//! Adds pairs of points, eight at a time, in affine coordinates with one inversion per batch.

use super::coordinate::{Coordinate, LaneGroup};
use super::vector::{Ifma, Kernel, Mask, each, prefetch};
use crate::engine::summand::Summand;

/// Vectors of pairs that share an inversion: it costs as much as 40 vectors of G1.
const BATCH: usize = 512;

/// How many vectors ahead points are fetched from memory: tables are larger than caches.
const AHEAD: usize = 2;

/// Adds pairs; gives the numbers of those with equal x, whose sums it leaves out.
pub(crate) struct AddPairs<'a, G: LaneGroup> {
    pub(crate) table: &'a [G::Words],
    pub(crate) partial: &'a [G::Words],
    pub(crate) pairs: &'a [[Summand; 2]],
    /// As many as pairs.
    pub(crate) sums: &'a mut [G::Words],
}

/// x and y of both summands of eight pairs, below 1 but for negated ones.
type Points<G> = [[<G as LaneGroup>::Lanes; 2]; 2];

impl<G: LaneGroup> Kernel for AddPairs<'_, G> {
    type Output = Vec<usize>;

    #[inline(always)]
    fn run(self, token: Ifma) -> Vec<usize> {
        let Self { table, partial, pairs, sums } = self;
        let mut left_out = Vec::new();
        let mut products = Vec::with_capacity(BATCH);
        let batches = pairs.chunks(8 * BATCH).zip(sums.chunks_mut(8 * BATCH));
        for (number, (pairs, sums)) in batches.enumerate() {
            products.clear();
            let mut product = G::Lanes::one(token);
            for (vector, eight) in pairs.chunks(8).enumerate() {
                fetch::<G>(token, table, partial, pairs, vector + AHEAD);
                let [p, q] = gather::<G>(token, table, partial, eight);
                let (width, vertical) = width::<G>(token, p[0], q[0]);
                products.push(product);
                product = product.mul(token, width);
                let lanes = (0..eight.len()).filter(|lane| vertical >> lane & 1 == 1);
                left_out.extend(lanes.map(|lane| 8 * (number * BATCH + vector) + lane));
            }
            let mut inverse = product.inverse(token);
            let vectors = pairs.chunks(8).zip(sums.chunks_mut(8)).zip(&products).enumerate();
            for (vector, ((eight, sums), before)) in vectors.rev() {
                fetch::<G>(token, table, partial, pairs, vector.wrapping_sub(AHEAD));
                let [p, q] = gather::<G>(token, table, partial, eight);
                let (width, _) = width::<G>(token, p[0], q[0]);
                let own = inverse.mul(token, *before);
                inverse = inverse.mul(token, width);
                let slope = q[1].sub(token, p[1]).mul(token, own);
                G::scatter(chord::<G>(token, p, q[0], slope), sums);
            }
        }
        left_out
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
    let Some(pairs) = pairs.get(vector.wrapping_mul(8)..) else { return };
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
) -> Points<G> {
    each!(2, side => {
        let mut signs = 0;
        let points = std::array::from_fn(|lane| {
            let pair = pairs.get(lane).unwrap_or(&pairs[0]);
            let (point, negated) = pair[side].find(table, partial);
            signs |= u8::from(negated) << lane;
            point
        });
        let [x, y] = G::gather(token, points);
        [x, y.negate(token, signs)]
    })
}
