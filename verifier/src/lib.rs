//! The verifier of Vouch: light enough for a browser.
//!
//! A [`Verifier`] knows statements, ledger keys and one pinned circuit key. It decides by the
//! numbered [rules](RULES) of docs/protocol/verifier.md, so that two verifiers accept the same
//! presentations. Each statement record has a [`FoldedKey`]: the circuit's key composed with the
//! statement's affine map.
//!
//! No constraint system, no async runtime, no threads, no clock, no randomness.

mod batch;
mod fold;
mod key;
mod proof;
mod rules;
mod snarkjs;
mod verdict;
mod verifier;

pub use batch::{BatchItem, verify_batch};
pub use fold::FoldedKey;
pub use key::{KeyDigest, KeyError, PinnedKey, VerificationKey};
pub use proof::{Proof, ProofError};
pub use rules::{RULES, Refusal, Rule, RuleCode};
pub use snarkjs::{SnarkjsProof, proof_to_snarkjs, public_signals_to_snarkjs};
pub use verdict::{CheckpointVerdict, RecordVerdict, Verdict, Verified};
pub use verifier::{Context, StatementRefused, Verifier};
