//! Making proofs.

use ark_bn254::{Bn254, Fr};
use ark_ff::UniformRand;
use ark_groth16::{Groth16, ProvingKey};
use ark_relations::gr1cs::SynthesisError;
use circuits::{ClauseError, Inputs, Relation, check, witness};
use rand::rngs::OsRng;
use rayon::prelude::*;
use statements::ProofBytes;
use verifier::{PinnedKey, Proof, VerificationKey};
use zeroize::Zeroize;

use crate::{OddCoset, Provenance};

/// Makes proofs with one proving key. Share it between threads.
pub struct Prover {
    proving_key: ProvingKey<Bn254>,
    verification_key: VerificationKey,
    provenance: Provenance,
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
    ) -> Self {
        Self { proving_key, verification_key, provenance }
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
        prove_unchecked(&self.proving_key, inputs).map(|proof| proof.to_bytes())
    }

    /// Makes several proofs side by side, in the order of the inputs.
    ///
    /// # Errors
    /// [`ProveError`] of one input for which there is no proof; then there is none at all.
    pub fn prove_all(&self, inputs: &[Inputs]) -> Result<Vec<ProofBytes>, ProveError> {
        inputs.iter().try_for_each(|one| check(&one.public, &one.private))?;
        inputs
            .par_iter()
            .map(|one| prove_unchecked(&self.proving_key, one).map(|proof| proof.to_bytes()))
            .collect()
    }
}

/// Runs the engine. This is where a faster one goes: from assignment and key to a proof.
pub(crate) fn prove_unchecked(
    key: &ProvingKey<Bn254>,
    inputs: &Inputs,
) -> Result<Proof, ProveError> {
    let relation = Relation::get();
    let assignment = witness::assign(inputs);
    let (mut r, mut s) = (Fr::rand(&mut OsRng), Fr::rand(&mut OsRng));
    let proof = Groth16::<Bn254, OddCoset>::create_proof_with_reduction_and_matrices(
        key,
        r,
        s,
        relation.matrices(),
        relation.public_inputs(),
        relation.constraints(),
        assignment.values(),
    );
    [&mut r, &mut s].into_iter().for_each(Zeroize::zeroize);
    let ark_groth16::Proof { a, b, c } =
        proof.map_err(|error: SynthesisError| ProveError::Engine(error.to_string()))?;
    Proof::new(a, b, c).map_err(|error| ProveError::Engine(error.to_string()))
}

impl std::fmt::Debug for Prover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prover").field("provenance", &self.provenance).finish_non_exhaustive()
    }
}
