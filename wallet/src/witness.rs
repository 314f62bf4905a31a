//! What a presentation is proven with: public and private inputs of each record, checked against
//! the relation before any prover sees them.

use circuits::{Inputs, PrivateInputs, check};
use records::commitment::{link_tag, nullifier};
use records::{Checkpoint, Encoded, EncodedRecord, Fr, LinkBlind, LinkTag, Origin};
use serde_json::{Map, Value as Json};
use statements::layout::LINKS;
use statements::{Instance, InstanceError, LinkSource, Program, StatementRecord};

use crate::ask::{Part, Plan};
use crate::contents::{Contents, StoredRecord};
use crate::error::{RecordTrouble, WalletError};
use crate::refresh::Verified;

/// The checkpoints that a presentation is made against, in the order in which the statement
/// names their ledgers.
pub(crate) struct Evidence {
    pub(crate) checkpoints: Vec<(Origin, Verified)>,
}

/// Inputs of all proofs of a presentation, in the statement's order.
pub(crate) struct Witness {
    pub(crate) instances: Vec<Instance>,
    pub(crate) inputs: Vec<Inputs>,
    /// One tag for each link class.
    pub(crate) tags: Vec<LinkTag>,
}

impl Evidence {
    pub(crate) fn checkpoint(&self, ledger: &Origin) -> Option<&Checkpoint> {
        let found = self.checkpoints.iter().find(|(origin, _)| origin == ledger);
        found.map(|(_, (_, checkpoint))| checkpoint)
    }
}

impl StoredRecord {
    /// The attributes that a statement reveals, by name.
    pub(crate) fn revealed(&self, record: &StatementRecord) -> Map<String, Json> {
        let slots = record.program.reveal.iter();
        let attributes = slots.filter_map(|slot| self.attributes.get(*slot));
        attributes.map(|shown| (shown.name.clone(), shown.value.clone())).collect()
    }
}

impl Contents {
    /// Fills the inputs of each record of the plan, and checks them against the relation.
    ///
    /// # Errors
    /// [`WalletError::Clause`] for the first clause that does not hold.
    pub(crate) fn witness(
        &self,
        plan: &Plan<'_>,
        evidence: &Evidence,
        blinds: &[LinkBlind],
    ) -> Result<Witness, WalletError> {
        let mut tags: Vec<Option<LinkTag>> = vec![None; blinds.len()];
        let (mut instances, mut all_inputs) = (Vec::new(), Vec::new());
        for part in &plan.parts {
            let stored = self.record(part.id).ok_or(WalletError::NoSuchRecord(part.id))?;
            let encoded = stored.encoded();
            let instance = self.instance(plan, part, &encoded, evidence, blinds)?;
            for (link, tag) in part.record.program.links.iter().zip(&instance.tags) {
                let of_class = tags.get_mut(link.class).ok_or(InstanceError)?;
                // The records were chosen so that they agree.
                if *of_class.get_or_insert(*tag) != *tag {
                    return Err(InstanceError.into());
                }
            }
            let inputs = Inputs {
                public: part.record.program.public_inputs(&instance)?,
                private: self.private_inputs(part, stored, encoded, evidence, blinds)?,
            };
            check(&inputs.public, &inputs.private)
                .map_err(|error| WalletError::Clause { record: part.record.name.clone(), error })?;
            instances.push(instance);
            all_inputs.push(inputs);
        }
        let tags = tags.into_iter().collect::<Option<_>>().ok_or(InstanceError)?;
        Ok(Witness { instances, inputs: all_inputs, tags })
    }

    fn instance(
        &self,
        plan: &Plan<'_>,
        part: &Part<'_>,
        record: &EncodedRecord,
        evidence: &Evidence,
        blinds: &[LinkBlind],
    ) -> Result<Instance, WalletError> {
        let program = &part.record.program;
        let root = |ledger| Some(evidence.checkpoint(ledger)?.state_root);
        let roots = program.ledgers.iter().map(root).collect::<Option<_>>();
        let scope = plan.request.scope_field().filter(|_| program.nullify);
        let attribute = |slot: &usize| record.attributes.get(*slot).copied();
        let revealed: Option<Vec<Fr>> = program.reveal.iter().map(attribute).collect();
        let tags = program.links.iter().map(|link| {
            let value = match link.source {
                LinkSource::Attribute(slot) => attribute(&slot)?,
                LinkSource::Holder => self.secret.field(),
            };
            Some(link_tag(value, blinds.get(link.class)?))
        });
        Ok(Instance {
            challenge: plan.request.challenge(),
            roots: roots.ok_or(InstanceError)?,
            today: plan.request.today,
            scope,
            nullifier: scope.map(|scope| nullifier(&self.secret, record.record_id, scope)),
            expressions: part.expressions.clone(),
            revealed: revealed.ok_or(InstanceError)?.into_iter().map(Encoded::from_field).collect(),
            tags: tags.collect::<Option<_>>().ok_or(InstanceError)?,
        })
    }

    fn private_inputs(
        &self,
        part: &Part<'_>,
        stored: &StoredRecord,
        record: EncodedRecord,
        evidence: &Evidence,
        blinds: &[LinkBlind],
    ) -> Result<PrivateInputs, WalletError> {
        let tag = record.holder_tag;
        let blind = self.blind(tag).ok_or(WalletError::NoSuchTag)?;
        let root = evidence.checkpoint(&stored.ledger).map(|checkpoint| checkpoint.state_root);
        let path = root.and_then(|root| stored.path.as_ref()?.to(root));
        let missing = || WalletError::Record { id: part.id, trouble: RecordTrouble::NotYet };
        Ok(PrivateInputs {
            secret: self.secret.clone(),
            blind: blind.clone(),
            record,
            path: path.ok_or_else(missing)?.clone(),
            link_blinds: link_blinds(&part.record.program, blinds),
        })
    }
}

/// The blinds of a program's links, in its order; 0 for links that it does not use.
fn link_blinds(program: &Program, blinds: &[LinkBlind]) -> [LinkBlind; LINKS] {
    let unused = LinkBlind::from_field(Fr::from(0_u64));
    std::array::from_fn(|i| {
        let link = program.links.get(i);
        link.and_then(|link| blinds.get(link.class)).unwrap_or(&unused).clone()
    })
}
