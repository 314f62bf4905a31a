//! The circuit compiled: matrices, digest, the clause of each constraint, and assignments.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use ark_ff::{AdditiveGroup, Field};
use ark_relations::gr1cs::{
    ConstraintSystem, OptimizationGoal, R1CS_PREDICATE_LABEL, SynthesisError, SynthesisMode,
};
use records::{Fr, decode_hex, field_to_bytes};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use statements::PublicInputs;
use zeroize::Zeroize;

use crate::presentation::ClauseEnds;
use crate::{Clause, PresentationCircuit};

/// A sparse matrix over the field: for each row, coefficients and columns.
pub type SparseMatrix = Vec<Vec<(Fr, usize)>>;

/// The circuit as a rank-one constraint system: `A z ∘ B z = C z`.
#[derive(Debug)]
pub struct Relation {
    matrices: [SparseMatrix; 3],
    public_inputs: usize,
    wires: usize,
    ends: ClauseEnds,
    digest: CircuitDigest,
}

/// SHA-256 over the finalised matrices: what keys and provers agree on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CircuitDigest([u8; 32]);

/// Values of all columns: one, the public inputs, the wires. Zeroized on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct Assignment(Vec<Fr>);

impl Relation {
    /// The presentation circuit, compiled at first use.
    pub fn get() -> &'static Self {
        static RELATION: LazyLock<Relation> = LazyLock::new(|| {
            // Synthesis without inputs depends on nothing that can fail at run time; a test
            // compiles the circuit.
            Relation::compile().unwrap_or_else(|error| unreachable!("the circuit: {error}"))
        });
        &RELATION
    }

    fn compile() -> Result<Self, SynthesisError> {
        let cs = ConstraintSystem::new_ref();
        cs.set_optimization_goal(OptimizationGoal::Constraints);
        cs.set_mode(SynthesisMode::Setup);
        let ends = PresentationCircuit::blank().synthesize(&cs)?;
        cs.finalize();
        let rows = cs
            .to_matrices()?
            .remove(R1CS_PREDICATE_LABEL)
            .ok_or(SynthesisError::PredicateNotFound)?;
        let matrices: [SparseMatrix; 3] =
            rows.try_into().map_err(|_| SynthesisError::Unsatisfiable)?;
        let public_inputs = cs.num_instance_variables();
        let wires = cs.num_witness_variables();
        let digest = CircuitDigest::of(&matrices, public_inputs, wires);
        Ok(Self { matrices, public_inputs, wires, ends, digest })
    }

    /// The matrices A, B and C.
    pub fn matrices(&self) -> &[SparseMatrix; 3] {
        &self.matrices
    }

    /// Number of constraints.
    pub fn constraints(&self) -> usize {
        self.matrices[0].len()
    }

    /// Number of public inputs, with the constant one.
    pub fn public_inputs(&self) -> usize {
        self.public_inputs
    }

    /// Number of wires: private inputs and intermediate values.
    pub fn wires(&self) -> usize {
        self.wires
    }

    /// Size of the evaluation domain: the power of two that holds constraints and public inputs.
    pub fn domain(&self) -> usize {
        (self.constraints() + self.public_inputs).next_power_of_two()
    }

    /// The digest.
    pub fn digest(&self) -> CircuitDigest {
        self.digest
    }

    /// Clause and number of constraints, in the circuit's order.
    pub fn clause_counts(&self) -> Vec<(Clause, usize)> {
        let mut start = 0;
        let count = |&(clause, end): &(Clause, usize)| {
            let count = end - start;
            start = end;
            (clause, count)
        };
        self.ends.iter().map(count).collect()
    }

    /// The clause that a constraint belongs to.
    pub fn clause_of(&self, constraint: usize) -> Option<Clause> {
        self.ends.iter().find(|(_, end)| constraint < *end).map(|(clause, _)| *clause)
    }

    /// The constraints that an assignment breaks, in order.
    pub fn broken<'a>(&'a self, assignment: &'a Assignment) -> impl Iterator<Item = usize> + 'a {
        (0..self.constraints()).filter(move |i| {
            let [a, b, c] = self.matrices.each_ref().map(|m| assignment.evaluate(&m[*i]));
            a * b != c
        })
    }

    /// Whether an assignment satisfies all constraints.
    ///
    /// # Errors
    /// The clause of the first constraint it breaks.
    pub fn satisfied(&self, assignment: &Assignment) -> Result<(), Clause> {
        let first = self.broken(assignment).next();
        first.and_then(|constraint| self.clause_of(constraint)).map_or(Ok(()), Err)
    }
}

impl Assignment {
    /// Puts one and the public inputs before the wires.
    pub fn new(public: &PublicInputs, wires: Vec<Fr>) -> Self {
        let mut values = vec![Fr::ONE];
        values.extend(public.flatten());
        values.extend(&wires);
        let mut wires = wires;
        wires.zeroize();
        Self(values)
    }

    /// The values: one, public inputs, wires.
    pub fn values(&self) -> &[Fr] {
        &self.0
    }

    /// The values, to be changed: for tests that overwrite wires.
    pub fn values_mut(&mut self) -> &mut [Fr] {
        &mut self.0
    }

    fn evaluate(&self, row: &[(Fr, usize)]) -> Fr {
        let value = |column: usize| self.0.get(column).copied().unwrap_or(Fr::ZERO);
        row.iter().map(|(coefficient, column)| *coefficient * value(*column)).sum()
    }
}

impl Drop for Assignment {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assignment(secret)")
    }
}

impl CircuitDigest {
    /// Domain, sizes, then each row of A, B and C: its length and its (column, coefficient)
    /// pairs in column order. Integers are of 8 bytes, big-endian.
    fn of(matrices: &[SparseMatrix; 3], public_inputs: usize, wires: usize) -> Self {
        let mut hash = Sha256::new();
        let number = |hash: &mut Sha256, n: usize| hash.update((n as u64).to_be_bytes());
        hash.update("vouch/v1/circuit\0");
        number(&mut hash, matrices[0].len());
        number(&mut hash, public_inputs);
        number(&mut hash, wires);
        for row in matrices.iter().flatten() {
            let mut row = row.clone();
            row.sort_by_key(|(_, column)| *column);
            number(&mut hash, row.len());
            for (coefficient, column) in row {
                number(&mut hash, column);
                hash.update(field_to_bytes(coefficient));
            }
        }
        Self(hash.finalize().into())
    }

    /// The bytes of the hash.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for CircuitDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for CircuitDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CircuitDigest({self})")
    }
}

/// A text that is no circuit digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a circuit digest is 64 lower-case hexadecimal digits")]
pub struct ParseDigestError;

impl FromStr for CircuitDigest {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Self, ParseDigestError> {
        decode_hex(text).map(Self).ok_or(ParseDigestError)
    }
}

impl Serialize for CircuitDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CircuitDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
