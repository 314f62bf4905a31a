//! Values of A·B - C on the odd coset, as [`crate::engine::quotient`] gives them.

use ark_bn254::Fr;
use ark_ff::Field;
use circuits::Relation;
use zeroize::{Zeroize, Zeroizing};

use super::prime::{Lanes, Prime};
use super::rows::{Multiply, Rows, load_words};
use super::transform::{ToOddCoset, Transform};
use super::vector::{Ifma, Kernel, each};
use crate::engine::Cores;
use crate::engine::transform as portable;

/// The matrices A and B, and the transform of their domain.
pub(crate) struct Quotient {
    token: Ifma,
    a: Rows,
    b: Rows,
    domain: usize,
    transform: Transform,
}

impl Quotient {
    /// Nothing where rows are too long or the domain is too small for the kernels.
    pub(crate) fn of(
        token: Ifma,
        relation: &Relation,
        transform: &portable::Transform,
    ) -> Option<Self> {
        let [a, b, _] = relation.matrices();
        // Public inputs have rows of their own after the constraints.
        let inputs = (0..relation.public_inputs()).map(|column| vec![(Fr::ONE, column)]);
        let a = a.iter().cloned().chain(inputs).collect();
        Some(Self {
            token,
            a: Rows::of(token, &a)?,
            b: Rows::of(token, b)?,
            domain: relation.domain(),
            transform: Transform::new(token, transform)?,
        })
    }

    /// The values for an assignment.
    pub(crate) fn evaluate(&self, assignment: &[Fr], cores: Cores) -> Zeroizing<Vec<Fr>> {
        let (mut a, mut b) = cores
            .join(|| self.multiply(&self.a, assignment), || self.multiply(&self.b, assignment));
        let mut c = self.token.run(Product { a: &a, b: &b });
        let transform = |values: &mut [Lanes<Fr>], out| {
            self.token.run(ToOddCoset { transform: &self.transform, values, out });
        };
        cores.join(
            || transform(&mut a, true),
            || cores.join(|| transform(&mut b, false), || transform(&mut c, true)),
        );
        let values = self.token.run(Difference { a: &a, b: &b, c: &c });
        [a, b, c].iter_mut().for_each(|values| self.wipe(values));
        values
    }

    fn multiply(&self, rows: &Rows, assignment: &[Fr]) -> Vec<Lanes<Fr>> {
        let mut products = Zeroizing::new(vec![[0; 4]; self.domain]);
        self.token.run(Multiply { rows, assignment, products: &mut products });
        let vectors = products.as_chunks::<8>().0.iter();
        vectors.map(|words| load_words(self.token, words)).collect()
    }

    fn wipe(&self, values: &mut [Lanes<Fr>]) {
        values.fill(Lanes::splat(self.token, [0; 5]));
        // What is written last before memory is freed must not be optimised away.
        std::hint::black_box(values);
    }
}

/// C is A·B on the domain, because the assignment satisfies the constraints.
struct Product<'a> {
    a: &'a [Lanes<Fr>],
    b: &'a [Lanes<Fr>],
}

impl Kernel for Product<'_> {
    type Output = Vec<Lanes<Fr>>;

    #[inline(always)]
    fn run(self, token: Ifma) -> Vec<Lanes<Fr>> {
        let mut c = Vec::with_capacity(self.a.len());
        for (a, b) in self.a.iter().zip(self.b) {
            c.push(a.mul(token, *b));
        }
        c
    }
}

/// A·B - C, where A and C are less by 2^4, in arkworks' form.
struct Difference<'a> {
    a: &'a [Lanes<Fr>],
    b: &'a [Lanes<Fr>],
    c: &'a [Lanes<Fr>],
}

impl Kernel for Difference<'_> {
    type Output = Zeroizing<Vec<Fr>>;

    #[inline(always)]
    fn run(self, token: Ifma) -> Zeroizing<Vec<Fr>> {
        let mut values = Zeroizing::new(Vec::with_capacity(8 * self.a.len()));
        for ((a, b), c) in self.a.iter().zip(self.b).zip(self.c) {
            let value = a.mul(token, *b).sub(token, *c, 2).canonical(token);
            let mut words = [[0; 8]; 4];
            for (vector, words) in value.to_words().into_iter().zip(&mut words) {
                vector.store(words);
            }
            values.extend(each!(8, lane => Fr::from_words(each!(4, i => words[i][lane]))));
            words.zeroize();
        }
        values
    }
}
