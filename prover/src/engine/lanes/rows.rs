//! Sparse matrices by vectors, eight rows at a time.

use ark_bn254::Fr;
use ark_ff::AdditiveGroup;
use circuits::SparseMatrix;

use super::prime::{Lanes, Prime, Wide};
use super::vector::{Ifma, Kernel, Vector, each};

/// A sparse matrix. Each group is eight rows of about the same length, one to a lane; shorter
/// ones are filled up with zeros.
pub(crate) struct Rows {
    groups: Vec<Group>,
    /// For each step of each group: a column and a coefficient in each lane.
    columns: Vec<[u32; 8]>,
    coefficients: Vec<Lanes<Fr>>,
}

struct Group {
    /// Where the results go.
    rows: Vec<u32>,
    steps: usize,
}

/// From 2^256·a and 2^264·b, Montgomery's product with R = 2^260 is 2^260·ab.
const COEFFICIENT_SCALE: u64 = 1 << 8;

/// Products of elements below 1 that are added up before one reduction; the limit is 85.
pub(crate) const LONGEST_ROW: usize = 80;

impl Rows {
    /// Nothing where a row is longer than [`LONGEST_ROW`].
    pub(crate) fn of(token: Ifma, matrix: &SparseMatrix) -> Option<Self> {
        let mut order: Vec<usize> = (0..matrix.len()).collect();
        order.sort_by_key(|row| matrix[*row].len());
        if matrix.iter().any(|row| row.len() > LONGEST_ROW) {
            return None;
        }
        let mut rows = Self { groups: vec![], columns: vec![], coefficients: vec![] };
        for group in order.chunks(8) {
            let steps = group.iter().map(|row| matrix[*row].len()).max().unwrap_or_default();
            for step in 0..steps {
                let entry = |lane: usize| {
                    let row = group.get(lane).map(|row| &matrix[*row]);
                    row.and_then(|row| row.get(step)).copied().unwrap_or((Fr::ZERO, 0))
                };
                let entries: [(Fr, usize); 8] = std::array::from_fn(entry);
                rows.columns.push(entries.map(|(_, column)| column as u32));
                let scale = Fr::from(COEFFICIENT_SCALE);
                let scaled = entries.map(|(coefficient, _)| coefficient * scale);
                rows.coefficients.push(load(token, &scaled));
            }
            rows.groups.push(Group { rows: group.iter().map(|row| *row as u32).collect(), steps });
        }
        Some(rows)
    }
}

/// Multiplies with an assignment in arkworks' form; the products, in the lanes' form and below
/// 2, go where their rows are.
pub(crate) struct Multiply<'a> {
    pub(crate) rows: &'a Rows,
    pub(crate) assignment: &'a [Fr],
    pub(crate) products: &'a mut [[u64; 4]],
}

impl Kernel for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, token: Ifma) {
        let (mut columns, mut coefficients) = (&self.rows.columns[..], &self.rows.coefficients[..]);
        for group in &self.rows.groups {
            let mut sum = Wide::zero(token);
            let (own_columns, rest) = columns.split_at(group.steps);
            columns = rest;
            let (own, rest) = coefficients.split_at(group.steps);
            coefficients = rest;
            for (columns, coefficient) in own_columns.iter().zip(own) {
                let values = each!(8, i => self.assignment[columns[i] as usize]);
                sum = sum.add(load(token, &values).wide_mul(token, *coefficient));
            }
            let words = Lanes::<Fr>::reduce(token, sum, 0).to_words();
            let mut numbers = [[0; 8]; 4];
            for (vector, numbers) in words.into_iter().zip(&mut numbers) {
                vector.store(numbers);
            }
            for (lane, row) in group.rows.iter().enumerate() {
                self.products[*row as usize] = each!(4, i => numbers[i][lane]);
            }
        }
    }
}

/// Eight elements, by their words.
#[inline(always)]
pub(crate) fn load(token: Ifma, elements: &[Fr; 8]) -> Lanes<Fr> {
    let words = each!(8, i => elements[i].words());
    load_words(token, &words)
}

/// Eight numbers below 2^256.
#[inline(always)]
pub(crate) fn load_words(token: Ifma, words: &[[u64; 4]; 8]) -> Lanes<Fr> {
    let vectors = each!(4, j => Vector::load(token, &each!(8, i => words[i][j])));
    Lanes::from_words(token, vectors)
}
