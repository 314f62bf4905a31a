//! Proving keys and the Groth16 prover of Vouch.
//!
//! A [`KeyStore`] keeps keys by content; a [`Prover`] makes proofs with one of them. Keys have
//! the form of the snarkjs ecosystem from the first day: the [odd-coset
//! reduction](OddCoset) and γ = 1.

mod engine;
mod keys;
mod prove;
mod reduction;
mod self_test;
mod setup;

pub use keys::{KeyError, KeyStore, Provenance};
pub use prove::{ProveError, Prover};
pub use reduction::OddCoset;
pub use setup::SetupStage;
