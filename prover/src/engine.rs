//! The Groth16 engine for a fixed key: from an assignment to the proof's three points.
//!
//! Every sum over the key is one pass over buckets without doublings, because the multiples
//! 2^(c·j)·P of all its points stand in [tables](table). All scalars of a proof form one vector:
//!
//! ```text
//! one, public inputs, wires | r, s, -r·s | values of A·B - C on the odd coset
//! ```
//!
//! and each sum names the positions it takes, so that α, β and the blinding by δ are bases like
//! any other, and L and H are one sum. With the same r and s, the proof is that of ark-groth16.
//!
//! The time depends on the witness: zeros cost nothing. Callers that serve strangers should not
//! show them how long a proof took.

mod arithmetic;
mod buckets;
mod cache;
mod digits;
mod group;
#[cfg(target_arch = "x86_64")]
mod lanes;
mod portable;
mod quotient;
mod summand;
mod table;
mod transform;

use std::path::Path;

use ark_bn254::{Bn254, Fr, G1Projective, g1, g2};
use ark_ec::CurveGroup;
use ark_groth16::{Proof, ProvingKey};
use circuits::{Assignment, Relation};
use zeroize::Zeroizing;

pub(crate) use arithmetic::Arithmetic;
use digits::Digits;
use quotient::Quotient;
use table::Table;

/// Bits of a digit of scalars for points of G1: at most 15, so that digits fit 16 bits.
const WIDTH_G1: u32 = 15;
/// Bits of a digit of scalars for points of G2, whose buckets cost more to add up.
const WIDTH_G2: u32 = 13;

/// On how many cores one proof runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cores {
    /// On the calling thread, for many proofs side by side.
    One,
    /// On all threads of the pool, for one proof as soon as possible.
    All,
}

/// Tables of one proving key: 46 MB for the presentation circuit.
pub(crate) struct Engine {
    quotient: Quotient,
    tables: Tables,
}

struct Tables {
    arithmetic: Arithmetic,
    a: Table<g1::Config>,
    b_g1: Table<g1::Config>,
    b_g2: Table<g2::Config>,
    c: Table<g1::Config>,
}

impl Engine {
    /// Makes the tables, which takes about 1.5 s of one core. Nothing where the key is not of
    /// this circuit.
    pub(crate) fn new(key: &ProvingKey<Bn254>, arithmetic: Arithmetic) -> Option<Self> {
        let mut engine = Self::without_tables(key, arithmetic)?;
        engine.tables.fill();
        Some(engine)
    }

    /// Takes the tables from a file, or makes them and leaves them there. A file that cannot be
    /// read or written costs time, not the proof. Nothing where the key is not of this circuit.
    ///
    /// `digest` is that of the proving key.
    pub(crate) fn cached(
        key: &ProvingKey<Bn254>,
        arithmetic: Arithmetic,
        path: &Path,
        digest: &str,
    ) -> Option<Self> {
        let mut engine = Self::without_tables(key, arithmetic)?;
        let path = &cache::file(path, arithmetic);
        if !cache::load(&mut engine.tables, path, digest) {
            engine.tables.fill();
            cache::store(&engine.tables, path, digest);
        }
        Some(engine)
    }

    /// Leaves the tables in a file, if it can be written.
    pub(crate) fn store(&self, path: &Path, digest: &str) {
        cache::store(&self.tables, &cache::file(path, self.tables.arithmetic), digest);
    }

    fn without_tables(key: &ProvingKey<Bn254>, arithmetic: Arithmetic) -> Option<Self> {
        let relation = Relation::get();
        let inputs = relation.public_inputs();
        let sizes =
            [&key.a_query, &key.b_g1_query, &key.l_query, &key.h_query].map(|query| query.len());
        let all = inputs + relation.wires();
        if sizes != [all, all, relation.wires(), relation.domain()] || key.b_g2_query.len() != all {
            return None;
        }
        let quotient = Quotient::of(relation, arithmetic)?;
        Some(Self { quotient, tables: Tables::empty(key, inputs, arithmetic) })
    }

    /// The proof of an assignment with blinding r and s. Scalars and what is computed from them
    /// are zeroized.
    pub(crate) fn prove(
        &self,
        assignment: &Assignment,
        r: Fr,
        s: Fr,
        cores: Cores,
    ) -> Proof<Bn254> {
        let quotient = self.quotient.evaluate(assignment.values(), cores);
        let scalars = Zeroizing::new([assignment.values(), &[r, s, -r * s]].concat());
        let (digits_g1, digits_g2) = cores.join(
            || Digits::recode(&[&scalars, &quotient], WIDTH_G1),
            || Digits::recode(&[&scalars], WIDTH_G2),
        );
        let tables = &self.tables;
        let ((a, b_g1), (b, c)) = cores.join(
            || {
                let a = || tables.a.sum(&digits_g1, cores);
                cores.join(a, || tables.b_g1.sum(&digits_g1, cores))
            },
            || {
                let b = || tables.b_g2.sum(&digits_g2, cores);
                cores.join(b, || tables.c.sum(&digits_g1, cores))
            },
        );
        let c: G1Projective = c + a * s + b_g1 * r;
        Proof { a: a.into_affine(), b: b.into_affine(), c: c.into_affine() }
    }
}

impl Tables {
    /// The bases of each sum, by their positions in the vector of scalars.
    fn empty(key: &ProvingKey<Bn254>, public_inputs: usize, arithmetic: Arithmetic) -> Self {
        let all = key.a_query.len();
        let (r, s, minus_rs, quotient) = (all, all + 1, all + 2, all + 3);
        let l = key.l_query.iter().zip(public_inputs..);
        let h = key.h_query.iter().zip(quotient..);
        Self {
            arithmetic,
            a: Table::new(
                arithmetic,
                WIDTH_G1,
                key.a_query.iter().zip(0..).chain([(&key.vk.alpha_g1, 0), (&key.delta_g1, r)]),
            ),
            b_g1: Table::new(
                arithmetic,
                WIDTH_G1,
                key.b_g1_query.iter().zip(0..).chain([(&key.beta_g1, 0), (&key.delta_g1, s)]),
            ),
            b_g2: Table::new(
                arithmetic,
                WIDTH_G2,
                key.b_g2_query.iter().zip(0..).chain([(&key.vk.beta_g2, 0), (&key.vk.delta_g2, s)]),
            ),
            c: Table::new(arithmetic, WIDTH_G1, l.chain(h).chain([(&key.delta_g1, minus_rs)])),
        }
    }

    fn fill(&mut self) {
        self.a.fill();
        self.b_g1.fill();
        self.b_g2.fill();
        self.c.fill();
    }
}

impl Cores {
    /// Runs both, side by side or one after the other.
    fn join<A: Send, B: Send>(
        self,
        a: impl FnOnce() -> A + Send,
        b: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        match self {
            Self::One => (a(), b()),
            Self::All => rayon::join(a, b),
        }
    }
}

#[cfg(test)]
mod tests;
