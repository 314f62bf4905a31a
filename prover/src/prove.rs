//! Making proofs.

use std::path::PathBuf;
use std::sync::OnceLock;

use ark_bn254::{Bn254, Fr};
use ark_ff::UniformRand;
use ark_groth16::ProvingKey;
use circuits::{ClauseError, Inputs, check, witness};
use rand::rngs::OsRng;
use rayon::prelude::*;
use statements::ProofBytes;
use verifier::{PinnedKey, Proof, VerificationKey};
use zeroize::Zeroize;

use crate::Provenance;
use crate::engine::{Arithmetic, Cores, Engine};

/// Makes proofs with one proving key. Share it between threads.
pub struct Prover {
    proving_key: ProvingKey<Bn254>,
    verification_key: VerificationKey,
    provenance: Provenance,
    arithmetic: Arithmetic,
    /// Where the engine's tables are kept.
    tables: PathBuf,
    /// Loaded for the first proof; nothing where the key is not of this circuit.
    engine: OnceLock<Option<Engine>>,
}

/// Why there is no proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProveError {
    /// The inputs break the relation.
    #[error("the record does not prove this statement: {0}")]
    Relation(#[from] ClauseError),
    /// The proving key is not of this circuit, or memory is lacking.
    #[error("the prover failed: {0}")]
    Engine(String),
}

impl Prover {
    pub(crate) fn new(
        proving_key: ProvingKey<Bn254>,
        verification_key: VerificationKey,
        provenance: Provenance,
        tables: PathBuf,
    ) -> Self {
        let (arithmetic, engine) = (Arithmetic::detect(), OnceLock::new());
        Self { proving_key, verification_key, provenance, arithmetic, tables, engine }
    }

    /// The same with the arithmetic that runs anywhere, for comparison.
    pub fn portable(self) -> Self {
        Self { arithmetic: Arithmetic::Portable, engine: OnceLock::new(), ..self }
    }

    /// The name of its arithmetic: `portable` or `avx512ifma`.
    pub fn arithmetic(&self) -> &'static str {
        self.arithmetic.name()
    }

    /// Loads what the first proof would otherwise wait for: tables of 46 MB, from their file
    /// beside the key or, where that is missing, in a second of computation.
    ///
    /// # Errors
    /// [`ProveError::Engine`] where the key is not of this circuit.
    pub fn prepare(&self) -> Result<(), ProveError> {
        self.engine().map(|_| ())
    }

    /// The verification key.
    pub fn key(&self) -> &VerificationKey {
        &self.verification_key
    }

    /// Where the key comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The verification key as a verifier pins it.
    pub fn pinned(&self) -> PinnedKey {
        PinnedKey { key: self.verification_key.clone(), development: self.provenance.development }
    }

    /// Makes one proof, on all cores.
    ///
    /// # Errors
    /// [`ProveError::Relation`] with the first clause that the inputs break.
    pub fn prove(&self, inputs: &Inputs) -> Result<ProofBytes, ProveError> {
        check(&inputs.public, &inputs.private)?;
        prove_unchecked(self.engine()?, inputs, Cores::All).map(|proof| proof.to_bytes())
    }

    /// Makes several proofs side by side, in the order of the inputs: with as many as cores, each
    /// on a core of its own.
    ///
    /// # Errors
    /// [`ProveError`] of one input for which there is no proof; then there is none at all.
    pub fn prove_all(&self, inputs: &[Inputs]) -> Result<Vec<ProofBytes>, ProveError> {
        inputs.iter().try_for_each(|one| check(&one.public, &one.private))?;
        let engine = self.engine()?;
        let few = inputs.len() < rayon::current_num_threads();
        let cores = if few { Cores::All } else { Cores::One };
        inputs
            .par_iter()
            .map(|one| prove_unchecked(engine, one, cores).map(|proof| proof.to_bytes()))
            .collect()
    }

    fn engine(&self) -> Result<&Engine, ProveError> {
        let digest = &self.provenance.proving_key_sha256;
        let load = || Engine::cached(&self.proving_key, self.arithmetic, &self.tables, digest);
        self.engine.get_or_init(load).as_ref().ok_or_else(ProveError::wrong_key)
    }
}

impl ProveError {
    pub(crate) fn wrong_key() -> Self {
        Self::Engine("the proving key is not of this circuit".to_owned())
    }
}

/// From inputs to a proof, with fresh randomness.
pub(crate) fn prove_unchecked(
    engine: &Engine,
    inputs: &Inputs,
    cores: Cores,
) -> Result<Proof, ProveError> {
    let assignment = witness::assign(inputs);
    let (mut r, mut s) = (Fr::rand(&mut OsRng), Fr::rand(&mut OsRng));
    let ark_groth16::Proof { a, b, c } = engine.prove(&assignment, r, s, cores);
    [&mut r, &mut s].into_iter().for_each(Zeroize::zeroize);
    Proof::new(a, b, c).map_err(|error| ProveError::Engine(error.to_string()))
}

impl std::fmt::Debug for Prover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prover").field("provenance", &self.provenance).finish_non_exhaustive()
    }
}
