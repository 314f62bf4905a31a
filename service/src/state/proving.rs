//! Making proofs for others, inside a holder's own trust domain. Witnesses are in memory only,
//! for as long as the job takes, and wiped after it.

use circuits::{Inputs, PrivateInputs};
use prover::Prover;
use records::{Encoded, Fr};
use serde::Deserialize;
use statements::layout::COUNT;
use statements::{ProofBytes, PublicInputs};

use crate::config::ProveConfig;
use crate::gate::Gate;

/// The prover, and the queue before it.
pub struct Proving {
    prover: Prover,
    gate: Gate,
    max_proofs: usize,
}

/// One proof to make. The prover need not know the statement: it is in the public inputs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProveItem {
    /// The public inputs, all of them, in the circuit's order.
    pub public: Vec<Encoded>,
    /// The witness.
    pub private: PrivateInputs,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProvingError {
    /// Too many or too few public inputs.
    #[error("item {0} has another number of public inputs than the circuit")]
    Public(usize),
    /// The relation does not hold.
    #[error("the inputs of item {position} break the clause {clause}")]
    Unprovable {
        /// Position of the item.
        position: usize,
        /// Which clause.
        clause: circuits::Clause,
    },
    /// The prover failed; the cause holds no witness.
    #[error(transparent)]
    Prover(#[from] prover::ProveError),
}

impl Proving {
    pub(super) fn new(prover: Prover, config: &ProveConfig) -> Self {
        let gate = Gate::new(config.at_once, config.queue);
        Self { prover, gate, max_proofs: config.max_proofs }
    }

    /// Most proofs of one job.
    pub fn max_proofs(&self) -> usize {
        self.max_proofs
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Makes the proofs of a job, all or none. Blocks.
    ///
    /// # Errors
    /// [`ProvingError`] for the first item without proof. It names the clause that fails: the
    /// caller has the witness, so it learns nothing.
    pub fn prove(&self, items: Vec<ProveItem>) -> Result<Vec<ProofBytes>, ProvingError> {
        let mut inputs = Vec::with_capacity(items.len());
        for (position, item) in items.into_iter().enumerate() {
            let public: Vec<Fr> = item.public.iter().map(Encoded::field).collect();
            let flat: [Fr; COUNT] =
                public.try_into().map_err(|_| ProvingError::Public(position))?;
            let public = PublicInputs::from_flat(&flat);
            inputs.push(Inputs { public, private: item.private });
        }
        for (position, Inputs { public, private }) in inputs.iter().enumerate() {
            circuits::check(public, private)
                .map_err(|error| ProvingError::Unprovable { position, clause: error.clause() })?;
        }
        Ok(self.prover.prove_all(&inputs)?)
    }
}
