//! Statements, the requests that ask for them, and the presentations that answer.
//!
//! A [`Statement`] is data, not a circuit: for each record that it speaks of it has a
//! [`Program`], the constants of the one presentation circuit. A program is an [affine
//! map](AffineMap) from a few parameters to the circuit's [public inputs](layout).
//!
//! The crate is pure: no clock, no randomness, no I/O. The [compiler] from conditions in CEL is
//! a feature of its own; verifiers do without it.

mod affine;
#[cfg(feature = "compiler")]
pub mod catalogue;
mod compact;
#[cfg(feature = "compiler")]
pub mod compiler;
mod encoding;
pub mod explain;
mod expression;
pub mod layout;
mod presentation;
mod program;
mod request;
mod satisfied;
mod statement;
mod term;

pub use affine::{AffineMap, Instance, InstanceError, Parameter, Row};
pub use compact::CompactError;
pub use explain::{ExplainError, Explanation, RecordExplanation, explain};
pub use expression::{Anchor, Environment, Expression, ExpressionError, Unit};
pub use layout::PublicInputs;
pub use presentation::{
    MAX_PRESENTATION_BYTES, PROOF_BYTES, Presentation, ProofBytes, RecordProof,
};
pub use program::{Clause, Link, LinkSource, Literal, Operand, Predicate, Program, ProgramError};
pub use request::{MAX_NAME_BYTES, MAX_REQUEST_BYTES, Nonce, Request, RequestError};
pub use satisfied::Unsatisfied;
pub use statement::{
    MAX_RECORDS, ParameterDeclaration, ParameterError, Statement, StatementError, StatementId,
    StatementParts, StatementRecord,
};
pub use term::Term;
