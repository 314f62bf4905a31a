//! Values of A·B - C on the odd coset of the domain: the scalars of the key's H elements. The
//! same map as [`OddCoset`](crate::OddCoset), with everything that does not depend on the
//! assignment made once.

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field};
use circuits::{Relation, SparseMatrix};
use rayon::prelude::*;
use zeroize::{Zeroize, Zeroizing};

use super::Cores;
use super::arithmetic::Arithmetic;
#[cfg(target_arch = "x86_64")]
use super::lanes;
use super::transform::Transform;

/// Makes the values, in the arithmetic that fits.
pub(crate) enum Quotient {
    Portable(Box<Portable>),
    #[cfg(target_arch = "x86_64")]
    Lanes(Box<lanes::Quotient>),
}

/// The matrices A and B, and the transform of their domain.
pub(crate) struct Portable {
    a: Rows,
    b: Rows,
    public_inputs: usize,
    domain: usize,
    transform: Transform,
}

/// A sparse matrix, row after row.
struct Rows {
    ends: Vec<u32>,
    columns: Vec<u32>,
    coefficients: Vec<Fr>,
}

impl Quotient {
    /// Nothing where the field has no roots of unity for the domain.
    pub(crate) fn of(relation: &Relation, arithmetic: Arithmetic) -> Option<Self> {
        let transform = Transform::new(relation.domain())?;
        #[cfg(target_arch = "x86_64")]
        if let Arithmetic::Ifma(token) = arithmetic
            && let Some(lanes) = lanes::Quotient::of(token, relation, &transform)
        {
            return Some(Self::Lanes(Box::new(lanes)));
        }
        let _ = arithmetic;
        Some(Self::Portable(Box::new(Portable::of(relation, transform))))
    }

    /// The values for an assignment.
    pub(crate) fn evaluate(&self, assignment: &[Fr], cores: Cores) -> Zeroizing<Vec<Fr>> {
        match self {
            Self::Portable(portable) => portable.evaluate(assignment, cores),
            #[cfg(target_arch = "x86_64")]
            Self::Lanes(lanes) => lanes.evaluate(assignment, cores),
        }
    }
}

impl Portable {
    fn of(relation: &Relation, transform: Transform) -> Self {
        let [a, b, _] = relation.matrices();
        Self {
            a: Rows::of(a),
            b: Rows::of(b),
            public_inputs: relation.public_inputs(),
            domain: relation.domain(),
            transform,
        }
    }

    fn evaluate(&self, assignment: &[Fr], cores: Cores) -> Zeroizing<Vec<Fr>> {
        let (mut a, mut b) = cores.join(
            || {
                let mut a = self.a.evaluate(assignment, self.domain, cores);
                // Public inputs have rows of their own after the constraints.
                a.extend(&assignment[..self.public_inputs]);
                a.resize(self.domain, Fr::ZERO);
                a
            },
            || {
                let mut b = self.b.evaluate(assignment, self.domain, cores);
                b.resize(self.domain, Fr::ZERO);
                b
            },
        );
        let mut c = Zeroizing::new(a.iter().zip(b.iter()).map(|(a, b)| *a * b).collect::<Vec<_>>());
        cores.join(
            || self.transform.to_odd_coset(&mut a),
            || {
                cores.join(
                    || self.transform.to_odd_coset(&mut b),
                    || self.transform.to_odd_coset(&mut c),
                )
            },
        );
        a.iter_mut().zip(b.iter()).zip(c.iter()).for_each(|((a, b), c)| *a = *a * b - c);
        a
    }
}

impl Rows {
    fn of(matrix: &SparseMatrix) -> Self {
        let mut rows = Self { ends: vec![], columns: vec![], coefficients: vec![] };
        for row in matrix {
            rows.columns.extend(row.iter().map(|(_, column)| *column as u32));
            rows.coefficients.extend(row.iter().map(|(coefficient, _)| *coefficient));
            rows.ends.push(rows.columns.len() as u32);
        }
        rows
    }

    /// Has room for `capacity` values, so that nothing is left behind when it grows.
    fn evaluate(&self, assignment: &[Fr], capacity: usize, cores: Cores) -> Zeroizing<Vec<Fr>> {
        let row = |i: usize| {
            let start = i.checked_sub(1).map_or(0, |before| self.ends[before]);
            let range = start as usize..self.ends[i] as usize;
            let mut sum = Fr::ZERO;
            for (column, coefficient) in
                self.columns[range.clone()].iter().zip(&self.coefficients[range])
            {
                let value = assignment[*column as usize];
                sum += if *coefficient == Fr::ONE { value } else { *coefficient * value };
            }
            sum
        };
        let mut values = Zeroizing::new(Vec::with_capacity(capacity));
        match cores {
            Cores::One => values.extend((0..self.ends.len()).map(row)),
            Cores::All => {
                let mut parallel: Vec<Fr> = (0..self.ends.len()).into_par_iter().map(row).collect();
                values.extend(&parallel);
                parallel.zeroize();
            }
        }
        values
    }
}
