//! Making proofs for others, inside a holder's own trust domain. Witnesses are in memory only,
//! for as long as the job takes, and wiped after it.

use circuits::{Inputs, PrivateInputs};
use prover::Prover;
use records::{Encoded, Fr};
use serde::Deserialize;
use statements::{ProofBytes, Statement};

use super::Catalogue;
use crate::config::ProveConfig;
use crate::gate::Gate;

/// The prover, and the queue before it.
pub struct Proving {
    prover: Prover,
    gate: Gate,
    max_proofs: usize,
}

/// One proof to make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProveItem {
    /// Id or name of the statement.
    pub statement: String,
    /// Name of the record in the statement.
    pub record: String,
    /// Values of the parameters of the record's program, in the order of its folded key.
    pub values: Vec<Encoded>,
    /// The witness.
    pub private: PrivateInputs,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProvingError {
    /// No such statement.
    #[error("item {0} names a statement that is not known here")]
    Statement(usize),
    /// No such record in it.
    #[error("item {0} names a record that its statement does not have")]
    Record(usize),
    /// Too many or too few values.
    #[error("item {0} has another number of values than its folded key has parameters")]
    Values(usize),
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
    pub fn prove(
        &self,
        catalogue: &Catalogue,
        items: Vec<ProveItem>,
    ) -> Result<Vec<ProofBytes>, ProvingError> {
        let mut inputs = Vec::with_capacity(items.len());
        for (position, item) in items.into_iter().enumerate() {
            let statement = catalogue
                .statement(&item.statement)
                .ok_or(ProvingError::Statement(position))?;
            inputs.push(complete(statement, item, position)?);
        }
        for (position, Inputs { public, private }) in inputs.iter().enumerate() {
            circuits::check(public, private).map_err(|error| ProvingError::Unprovable {
                position,
                clause: error.clause(),
            })?;
        }
        Ok(self.prover.prove_all(&inputs)?)
    }
}

fn complete(
    statement: &Statement,
    item: ProveItem,
    position: usize,
) -> Result<Inputs, ProvingError> {
    let record = statement.records().iter().find(|record| record.name == item.record);
    let program = &record.ok_or(ProvingError::Record(position))?.program;
    let values: Vec<Fr> = item.values.iter().map(Encoded::field).collect();
    let public = program
        .affine_map()
        .apply(&values)
        .map_err(|_| ProvingError::Values(position))?;
    Ok(Inputs { public, private: item.private })
}
