//! The presentation circuit of Vouch.
//!
//! One circuit serves all schemas and statements (docs/protocol/circuit.md). It stands here
//! three times, in mirrored form, and the tests hold the three together:
//!
//! - [`check`]: the relation in plain Rust, one error per clause;
//! - [`PresentationCircuit`]: the same clauses as constraints, built from [`gadgets`];
//! - [`witness`]: the wires of the circuit, filled natively without synthesis.
//!
//! [`Relation`] is the circuit compiled to matrices, with the clause of each constraint.

mod check;
mod clause;
pub mod gadgets;
mod inputs;
mod inspection;
mod presentation;
mod relation;
pub mod witness;

pub use check::{ClauseError, check};
pub use clause::Clause;
pub use inputs::{Inputs, PrivateInputs};
pub use inspection::{ClauseCount, Inspection, inspect};
pub use presentation::PresentationCircuit;
pub use relation::{Assignment, CircuitDigest, Relation, SparseMatrix};
