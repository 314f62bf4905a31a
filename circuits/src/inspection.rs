//! What the circuit consists of, for auditors.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::{CircuitDigest, Clause, Relation};

/// Sizes of the circuit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// SHA-256 over the matrices.
    pub digest: CircuitDigest,
    /// Constraints after finalisation.
    pub constraints: usize,
    /// Public inputs, with the constant one.
    pub public_inputs: usize,
    /// Wires: private inputs and intermediate values.
    pub wires: usize,
    /// Non-zero entries of the matrices A, B and C.
    pub non_zero: [usize; 3],
    /// Size of the evaluation domain.
    pub domain: usize,
    /// Constraints of each clause by name.
    pub clauses: BTreeMap<&'static str, usize>,
    /// The same, in the circuit's order.
    #[serde(skip)]
    pub ordered: Vec<ClauseCount>,
}

/// Constraints of one clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClauseCount {
    /// The clause.
    pub clause: Clause,
    /// Its constraints.
    pub constraints: usize,
}

/// Inspects the compiled circuit.
pub fn inspect() -> Inspection {
    let relation = Relation::get();
    let counts = relation.clause_counts();
    Inspection {
        digest: relation.digest(),
        constraints: relation.constraints(),
        public_inputs: relation.public_inputs(),
        wires: relation.wires(),
        non_zero: relation.matrices().each_ref().map(|matrix| matrix.iter().map(Vec::len).sum()),
        domain: relation.domain(),
        clauses: counts.iter().map(|(clause, count)| (clause.name(), *count)).collect(),
        ordered: counts
            .into_iter()
            .map(|(clause, constraints)| ClauseCount { clause, constraints })
            .collect(),
    }
}
