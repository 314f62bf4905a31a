//! From a plan to a presentation.

use std::fmt::Display;

use ark_ff::UniformRand;
use circuits::Inputs;
use prover::Prover;
use rand::rngs::OsRng;
use rand::{CryptoRng, RngCore};
use records::{Fr, LinkBlind, Origin};
use statements::{Presentation, ProofBytes, RecordProof};
use verifier::VerificationKey;

use crate::ask::{Part, Plan};
use crate::contents::Contents;
use crate::error::{LedgerTrouble, WalletError};
use crate::history::{Shown, ShownRecord};
use crate::refresh::Bundles;
use crate::source::LedgerSource;
use crate::wallet::Wallet;
use crate::witness::{Evidence, Witness};

impl Wallet {
    /// Answers a request as planned, with a prover on this device. Checkpoints and paths that
    /// the wallet has are used as long as they are fresh enough for the request; only then is
    /// `source` asked.
    ///
    /// # Errors
    /// [`WalletError::Ledger`] and [`WalletError::Record`] where the ledgers do not allow it;
    /// [`WalletError::Clause`] where the relation does not hold; [`WalletError::Prove`];
    /// [`WalletError::BadProof`]; [`WalletError::File`] where it cannot be noted in the history,
    /// and is therefore not given out.
    pub fn present(
        &mut self,
        plan: &Plan<'_>,
        source: &dyn LedgerSource,
        prover: &Prover,
    ) -> Result<Presentation, WalletError> {
        self.present_with(plan, source, prover.key(), &mut OsRng, |inputs| prover.prove_all(inputs))
    }

    /// As [`Wallet::present`], with any way to prove: a prover elsewhere sees all that the
    /// records hold, so it must be in the holder's own trust domain. It is not trusted to prove
    /// what it was asked to: each proof is verified with `key`.
    ///
    /// # Errors
    /// As for [`Wallet::present`].
    pub fn present_with<R, E>(
        &mut self,
        plan: &Plan<'_>,
        source: &dyn LedgerSource,
        key: &VerificationKey,
        rng: &mut R,
        prove: impl FnOnce(&[Inputs]) -> Result<Vec<ProofBytes>, E>,
    ) -> Result<Presentation, WalletError>
    where
        R: RngCore + CryptoRng,
        E: Display,
    {
        let mut next = self.contents().clone();
        let evidence = match next.gather(plan, source) {
            Ok(evidence) => evidence,
            Err(error) => {
                // That a record is revoked or amended is worth knowing the next time.
                if matches!(error, WalletError::Record { .. }) {
                    self.commit(next)?;
                }
                return Err(error);
            }
        };
        let witness = next.witness(plan, &evidence, &draw_blinds(plan, rng))?;
        let proofs =
            prove(&witness.inputs).map_err(|error| WalletError::Prove(error.to_string()))?;
        verify(plan, key, &witness, &proofs)?;
        let proofs = plan.parts.iter().zip(&witness.instances).zip(proofs);
        let proofs = proofs.map(|((part, instance), proof)| {
            let revealed = next.record(part.id).map(|record| record.revealed(part.record));
            RecordProof {
                proof,
                nullifier: instance.nullifier,
                revealed: revealed.unwrap_or_default(),
            }
        });
        let presentation = Presentation {
            version: 1,
            request: plan.request.challenge(),
            proofs: proofs.collect(),
            checkpoints: evidence.checkpoints.into_iter().map(|(_, (signed, _))| signed).collect(),
            links: witness.tags,
        };
        next.note(plan);
        self.commit(next)?;
        Ok(presentation)
    }
}

/// One blind for each link class, drawn anew for each presentation: tags of two presentations
/// cannot be compared.
fn draw_blinds<R: RngCore + CryptoRng>(plan: &Plan<'_>, rng: &mut R) -> Vec<LinkBlind> {
    let classes = 0..plan.statement.link_classes();
    classes.map(|_| LinkBlind::from_field(Fr::rand(rng))).collect()
}

/// Verifies each proof with its statement's folded key.
fn verify(
    plan: &Plan<'_>,
    key: &VerificationKey,
    witness: &Witness,
    proofs: &[ProofBytes],
) -> Result<(), WalletError> {
    if proofs.len() != plan.parts.len() {
        let (found, expected) = (proofs.len(), plan.parts.len());
        return Err(WalletError::Prove(format!("{found} proofs for {expected} records")));
    }
    for ((part, instance), proof) in plan.parts.iter().zip(&witness.instances).zip(proofs) {
        let program = &part.record.program;
        let bad =
            |reason: String| WalletError::BadProof { record: part.record.name.clone(), reason };
        let folded = key.fold(&program.affine_map()).map_err(|error| bad(error.to_string()))?;
        let values = program.values(instance)?;
        folded.verify(proof, &values).map_err(|error| bad(error.to_string()))?;
    }
    Ok(())
}

impl Contents {
    /// The checkpoints of all ledgers that the statement accepts (which of them has the record
    /// stays hidden), and the path of each chosen record.
    fn gather(
        &mut self,
        plan: &Plan<'_>,
        source: &dyn LedgerSource,
    ) -> Result<Evidence, WalletError> {
        let mut ledgers: Vec<Origin> = Vec::new();
        for ledger in plan.parts.iter().flat_map(|part| &part.record.program.ledgers) {
            if !ledgers.contains(ledger) {
                ledgers.push(ledger.clone());
            }
        }
        let allowed = plan.request.max_checkpoint_age;
        let fresh = self.fresh_checkpoints(&ledgers, source, plan.now, allowed)?;
        let checkpoints = ledgers.into_iter().zip(fresh).collect();
        let evidence = Evidence { checkpoints };
        let mut bundles = Bundles::new(source);
        for Part { id, .. } in &plan.parts {
            let record = self.records.iter_mut().find(|record| record.id == *id);
            let record = record.ok_or(WalletError::NoSuchRecord(*id))?;
            let checkpoint = evidence
                .checkpoint(&record.ledger)
                .ok_or_else(|| LedgerTrouble::Untrusted.of(&record.ledger))?;
            record.locate(checkpoint, &mut bundles)?;
        }
        Ok(evidence)
    }

    /// Notes a presentation in the history.
    fn note(&mut self, plan: &Plan<'_>) {
        let (request, statement) = (plan.request, plan.statement);
        let shown = |part: &Part<'_>| {
            let record = self.record(part.id)?;
            Some(ShownRecord {
                name: part.record.name.clone(),
                id: part.id,
                label: record.label.clone(),
                recognisable: part.record.program.nullify,
                revealed: record.revealed(part.record),
            })
        };
        let records = plan.parts.iter().filter_map(shown).collect();
        self.history.push(Shown {
            at: plan.now,
            audience: request.audience.clone(),
            nonce: request.nonce,
            statement: request.statement,
            name: statement.name().to_owned(),
            title: statement.title().clone(),
            scope: request.scope.clone().filter(|_| statement.needs_scope()),
            records,
        });
    }
}
