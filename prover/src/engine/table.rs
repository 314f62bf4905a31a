//! Tables of fixed bases, and sums over them.

use ark_ec::short_weierstrass::{Affine, Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::AdditiveGroup;
use rayon::prelude::*;

use super::Cores;
use super::arithmetic::{Arithmetic, EngineGroup};
use super::buckets::sum_lists;
use super::digits::{Digits, windows};
use super::summand::{Lists, Summand};

/// Bases that one task multiplies and brings to affine form together.
const CHUNK: usize = 64;
/// So many points are added up one after another; more are split into rows and columns.
const FEW: usize = 32;

/// Bases of a sum with their multiples 2^(width·j), all j of a base next to each other.
pub(crate) struct Table<G: EngineGroup> {
    arithmetic: Arithmetic,
    width: u32,
    /// Kept until the multiples are there.
    bases: Vec<Affine<G>>,
    /// Positions of the bases' scalars.
    positions: Vec<u32>,
    points: Vec<G::Words>,
}

impl<G: EngineGroup> Table<G> {
    /// A table of the bases that are not infinity, each with the position of its scalar. The
    /// multiples are still missing.
    pub(crate) fn new<'a>(
        arithmetic: Arithmetic,
        width: u32,
        bases: impl Iterator<Item = (&'a Affine<G>, usize)>,
    ) -> Self {
        let finite = bases.filter(|(base, _)| !base.is_zero());
        let (bases, positions) = finite.map(|(base, at)| (*base, at as u32)).unzip();
        Self { arithmetic, width, bases, positions, points: Vec::new() }
    }

    /// The multiples.
    pub(crate) fn points(&self) -> &[G::Words] {
        &self.points
    }

    /// Number of points when the table is full.
    pub(crate) fn size(&self) -> usize {
        self.positions.len() * windows(self.width)
    }

    /// Computes the multiples, on all cores.
    pub(crate) fn fill(&mut self) {
        let arithmetic = self.arithmetic;
        let chunks = self.bases.par_chunks(CHUNK);
        self.points =
            chunks.flat_map_iter(|bases| multiples(bases, self.width, arithmetic)).collect();
        self.bases = Vec::new();
    }

    /// Takes the multiples from a cache.
    pub(crate) fn set_points(&mut self, points: Vec<G::Words>) {
        self.points = points;
        self.bases = Vec::new();
    }

    /// Σ scalar · base.
    pub(crate) fn sum(&self, digits: &Digits, cores: Cores) -> Projective<G> {
        let lists = self.buckets(digits);
        let buckets = sum_lists::<G>(&self.points, &lists, self.arithmetic, cores);
        weighted_sum::<G>(&buckets, self.arithmetic, cores)
    }

    /// The multiples that have a digit of ±1, ±2 and so on, by a counting sort.
    fn buckets(&self, digits: &Digits) -> Lists {
        let mut lengths = vec![0_u32; 1 << (self.width - 1)];
        let digits = || self.positions.iter().flat_map(|at| digits.at(*at as usize));
        let bucket = |digit: i16| (digit.unsigned_abs() as usize).wrapping_sub(1);
        for digit in digits() {
            if let Some(length) = lengths.get_mut(bucket(*digit)) {
                *length += 1;
            }
        }
        // Where the next summand of each bucket goes.
        let mut ends = lengths.clone();
        let total = ends.iter_mut().fold(0, |total, end| total + std::mem::replace(end, total));
        let mut summands = vec![Summand::default(); total as usize];
        for (digit, index) in digits().zip(0..) {
            if let Some(end) = ends.get_mut(bucket(*digit)) {
                summands[*end as usize] = Summand::of_table(index, *digit < 0);
                *end += 1;
            }
        }
        Lists { lengths, summands }
    }
}

fn multiples<G: EngineGroup>(
    bases: &[Affine<G>],
    width: u32,
    arithmetic: Arithmetic,
) -> Vec<G::Words> {
    let mut points = Vec::with_capacity(bases.len() * windows(width));
    for base in bases {
        let mut point = Projective::from(*base);
        for _ in 0..windows(width) {
            points.push(point);
            (0..width).for_each(|_| {
                point.double_in_place();
            });
        }
    }
    Projective::normalize_batch(&points).iter().map(|point| arithmetic.enter::<G>(point)).collect()
}

/// Σ (i + 1) · `points[i]`. As `i = columns · row + column`, that is `columns` times the same sum
/// over the sums of all rows but the first, and that over the sums of the columns.
fn weighted_sum<G: EngineGroup>(
    points: &[G::Words],
    arithmetic: Arithmetic,
    cores: Cores,
) -> Projective<G> {
    if points.len() <= FEW {
        let (mut running, mut sum) = (Projective::<G>::ZERO, Projective::<G>::ZERO);
        for point in points.iter().rev() {
            running += arithmetic.leave::<G>(point);
            sum += running;
        }
        return sum;
    }
    let bits = points.len().ilog2().div_ceil(2);
    let columns = 1 << bits;
    let finite = |index: &usize| points[*index] != G::Words::default();
    let name = |index: usize| Summand::of_table(index as u32, false);
    let mut lists = Lists::default();
    for row in (columns..points.len()).step_by(columns) {
        lists.push((row..points.len().min(row + columns)).filter(finite).map(name));
    }
    let rows = lists.lengths.len();
    for column in 0..columns {
        lists.push((column..points.len()).step_by(columns).filter(finite).map(name));
    }
    let sums = sum_lists::<G>(points, &lists, arithmetic, cores);
    let (rows, columns) = sums.split_at(rows);
    let mut sum = weighted_sum::<G>(rows, arithmetic, cores);
    (0..bits).for_each(|_| {
        sum.double_in_place();
    });
    sum + weighted_sum::<G>(columns, arithmetic, cores)
}
