//! The rules, applied.

use std::collections::BTreeMap;

use records::{
    Checkpoint, Date, Encoded, Fr, LedgerKey, Origin, Schema, SchemaId, StateRoot, Value,
};
use statements::{
    Instance, LinkSource, Presentation, Program, RecordProof, Request, Statement, StatementId,
    StatementRecord,
};

use crate::batch::{BatchItem, verify_batch};
use crate::verdict::{CheckpointVerdict, RecordVerdict, Verdict, Verified};
use crate::{FoldedKey, KeyDigest, PinnedKey, Proof, ProofError, Refusal, RuleCode};

/// How far a ledger's clock may be ahead of ours, in seconds.
const CLOCK_SKEW_SECONDS: u64 = 60;

/// Verifies presentations for one relying party. Immutable while verifying: share it freely.
#[derive(Debug)]
pub struct Verifier {
    key: PinnedKey,
    digest: KeyDigest,
    schemas: BTreeMap<SchemaId, Schema>,
    ledgers: BTreeMap<Origin, LedgerKey>,
    statements: BTreeMap<StatementId, Entry>,
}

/// A statement with the folded keys of its records.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) statement: Statement,
    pub(crate) keys: Vec<FoldedKey>,
    ledgers: Vec<Origin>,
}

/// What a verification depends on besides the presentation.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Name of the relying party.
    pub audience: &'a str,
    /// The time, in seconds since 1970-01-01T00:00:00Z.
    pub now: u64,
    /// Whether proofs under a development key are accepted.
    pub allow_development: bool,
}

/// A statement that this verifier cannot take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementRefused {
    /// A record of a schema that the verifier does not know.
    #[error("record {record} is of schema {schema}, which is not known here")]
    Schema {
        /// The record.
        record: String,
        /// Name of the schema as the statement has it.
        schema: String,
    },
    /// The statement names a schema by another name than its own.
    #[error("record {record} calls its schema {called}; its name is {name}")]
    SchemaName {
        /// The record.
        record: String,
        /// The name in the statement.
        called: String,
        /// The schema's own name.
        name: String,
    },
    /// A slot that the schema has no attribute for.
    #[error("record {record} uses attribute slot {slot}, which its schema does not have")]
    Slot {
        /// The record.
        record: String,
        /// The slot.
        slot: usize,
    },
}

/// A presentation for which all rules but those on proofs hold.
pub(crate) struct Prepared<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) proofs: Vec<(Proof, Vec<Fr>)>,
    verified: Verified,
}

impl Verifier {
    /// A verifier that trusts one circuit key and knows some schemas, and nothing else yet.
    pub fn new(key: PinnedKey, schemas: Vec<Schema>) -> Self {
        let digest = key.key.digest();
        let schemas = schemas.into_iter().map(|schema| (schema.id(), schema)).collect();
        Self { key, digest, schemas, ledgers: BTreeMap::new(), statements: BTreeMap::new() }
    }

    /// Trusts a ledger by its key; a second key of one name replaces the first.
    pub fn trust_ledger(&mut self, key: LedgerKey) {
        self.ledgers.insert(key.origin().clone(), key);
    }

    /// The trusted ledger keys.
    pub fn ledger_keys(&self) -> impl Iterator<Item = &LedgerKey> {
        self.ledgers.values()
    }

    /// The schemas.
    pub fn schemas(&self) -> impl Iterator<Item = &Schema> {
        self.schemas.values()
    }

    /// The pinned key.
    pub fn key(&self) -> &PinnedKey {
        &self.key
    }

    /// Learns a statement: folds the key for each of its records.
    ///
    /// # Errors
    /// [`StatementRefused`] where a schema is unknown or lacks an attribute that is used.
    pub fn add_statement(&mut self, statement: Statement) -> Result<StatementId, StatementRefused> {
        let mut keys = Vec::with_capacity(statement.records().len());
        let mut ledgers: Vec<Origin> = Vec::new();
        for record in statement.records() {
            self.check_record(record)?;
            let key = self.key.key.fold(&record.program.affine_map()).map_err(|_| {
                StatementRefused::Slot { record: record.name.clone(), slot: usize::MAX }
            })?;
            keys.push(key);
            for ledger in &record.program.ledgers {
                if !ledgers.contains(ledger) {
                    ledgers.push(ledger.clone());
                }
            }
        }
        let id = statement.id();
        self.statements.insert(id, Entry { statement, keys, ledgers });
        Ok(id)
    }

    fn check_record(&self, record: &StatementRecord) -> Result<(), StatementRefused> {
        let StatementRecord { name, schema: called, program } = record;
        let schema = self.schemas.get(&program.schema).ok_or_else(|| StatementRefused::Schema {
            record: name.clone(),
            schema: called.clone(),
        })?;
        if schema.name() != called {
            return Err(StatementRefused::SchemaName {
                record: name.clone(),
                called: called.clone(),
                name: schema.name().to_owned(),
            });
        }
        let links = program.links.iter().filter_map(|link| match link.source {
            LinkSource::Attribute(slot) => Some(slot),
            LinkSource::Holder => None,
        });
        let beyond = |slot: &usize| *slot >= schema.attributes().len();
        match program.reveal.iter().copied().chain(links).find(beyond) {
            Some(slot) => Err(StatementRefused::Slot { record: name.clone(), slot }),
            None => Ok(()),
        }
    }

    /// The statement with an id.
    pub fn statement(&self, id: &StatementId) -> Option<&Statement> {
        self.statements.get(id).map(|entry| &entry.statement)
    }

    /// All statements.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.statements.values().map(|entry| &entry.statement)
    }

    /// The folded key of a record of a statement.
    pub fn folded_key(&self, id: &StatementId, record: &str) -> Option<&FoldedKey> {
        let entry = self.statements.get(id)?;
        let index = entry.statement.records().iter().position(|r| r.name == record)?;
        entry.keys.get(index)
    }

    /// Applies rules 1 to 15 to one presentation.
    ///
    /// # Errors
    /// The [`Refusal`] of the first rule that it breaks.
    pub fn verify(
        &self,
        request: &Request,
        presentation: &Presentation,
        context: &Context<'_>,
    ) -> Result<Verified, Refusal> {
        let prepared = self.prepare(request, presentation, context)?;
        for ((proof, values), key) in prepared.proofs.iter().zip(&prepared.entry.keys) {
            key.verify_proof(proof, values).map_err(refuse_proof)?;
        }
        Ok(prepared.verified)
    }

    /// Applies rules 1 to 15 to many presentations; their proofs share one final
    /// exponentiation. The answers are those of [`Verifier::verify`], in order.
    pub fn verify_batch(
        &self,
        items: &[(Request, Presentation)],
        context: &Context<'_>,
    ) -> Vec<Result<Verified, Refusal>> {
        let prepared: Vec<_> = items
            .iter()
            .map(|(request, presentation)| self.prepare(request, presentation, context))
            .collect();
        let mut batch = Vec::new();
        for item in prepared.iter().flatten() {
            for ((proof, values), key) in item.proofs.iter().zip(&item.entry.keys) {
                batch.push(BatchItem { key, proof: *proof, values });
            }
        }
        let mut outcomes = verify_batch(&batch).into_iter();
        let counts: Vec<_> =
            prepared.iter().map(|item| item.as_ref().map_or(0, |item| item.proofs.len())).collect();
        prepared
            .into_iter()
            .zip(counts)
            .map(|(item, count)| {
                // Take this presentation's outcomes, all of them, before looking at any.
                let own: Vec<_> = outcomes.by_ref().take(count).collect();
                let item = item?;
                own.into_iter().try_for_each(|outcome| outcome.map_err(refuse_proof))?;
                Ok(item.verified)
            })
            .collect()
    }

    /// Rules 1 to 14.
    pub(crate) fn prepare<'a>(
        &'a self,
        request: &Request,
        presentation: &Presentation,
        context: &Context<'_>,
    ) -> Result<Prepared<'a>, Refusal> {
        if presentation.version != 1 {
            return refuse(RuleCode::Malformed, "the presentation is not of version 1");
        }
        request.check().map_err(|error| Refusal::new(RuleCode::Malformed, error.to_string()))?;
        let Some(entry) = self.statements.get(&request.statement) else {
            return refuse(RuleCode::StatementUnknown, "the statement is not known here");
        };
        check_request(request, presentation, context)?;
        let statement = &entry.statement;
        let parameters = statement.parse_parameters(&request.parameters).map_err(invalid)?;
        if request.scope.is_some() != statement.needs_scope() {
            return refuse(
                RuleCode::ScopeInvalid,
                "a scope is named if, and only if, the statement shows a nullifier",
            );
        }
        check_shape(statement, presentation)?;
        let checkpoints = self.checkpoints(entry, presentation)?;
        let ages = check_ages(&checkpoints, request, context.now)?;

        let mut proofs = Vec::with_capacity(presentation.proofs.len());
        let mut records = Vec::with_capacity(presentation.proofs.len());
        for (record, shown) in statement.records().iter().zip(&presentation.proofs) {
            let program = &record.program;
            let instance = Instance {
                challenge: presentation.request,
                roots: roots(program, &checkpoints),
                today: request.today,
                scope: request.scope_field().filter(|_| program.nullify),
                nullifier: shown.nullifier,
                expressions: statement
                    .evaluate(program, request.today, &parameters)
                    .map_err(invalid)?,
                revealed: self.revealed(program, shown)?,
                tags: program
                    .links
                    .iter()
                    .filter_map(|link| presentation.links.get(link.class).copied())
                    .collect(),
            };
            let values = program
                .values(&instance)
                .map_err(|error| Refusal::new(RuleCode::ShapeInvalid, error.to_string()))?;
            proofs.push((shown.proof, values));
            records.push(RecordVerdict {
                name: record.name.clone(),
                schema: record.schema.clone(),
                revealed: shown.revealed.clone(),
                nullifier: shown.nullifier,
            });
        }
        if self.key.development && !context.allow_development {
            return refuse(
                RuleCode::DevelopmentKey,
                "the proving key comes from a development set-up, which is not allowed here",
            );
        }
        let proofs = proofs
            .into_iter()
            .map(|(bytes, values)| Ok((Proof::from_bytes(&bytes).map_err(refuse_proof)?, values)))
            .collect::<Result<_, Refusal>>()?;
        let verdict = Verdict {
            statement: request.statement,
            name: statement.name().to_owned(),
            title: statement.title().clone(),
            audience: request.audience.clone(),
            today: request.today,
            records,
            checkpoints: ages,
            development_key: self.key.development,
            key: self.digest,
        };
        Ok(Prepared { entry, proofs, verified: Verified { nonce: request.nonce, verdict } })
    }

    /// Rule 10.
    fn checkpoints(
        &self,
        entry: &Entry,
        presentation: &Presentation,
    ) -> Result<Vec<Checkpoint>, Refusal> {
        let untrusted = |message: String| Refusal::new(RuleCode::CheckpointUntrusted, message);
        if presentation.checkpoints.len() != entry.ledgers.len() {
            return Err(untrusted(format!(
                "{} checkpoints; the statement accepts records of {} ledgers",
                presentation.checkpoints.len(),
                entry.ledgers.len()
            )));
        }
        entry
            .ledgers
            .iter()
            .zip(&presentation.checkpoints)
            .map(|(ledger, signed)| {
                let key = self
                    .ledgers
                    .get(ledger)
                    .ok_or_else(|| untrusted(format!("no key of ledger {ledger} is trusted here")))?;
                signed.verify(key).map_err(|error| untrusted(error.to_string()))
            })
            .collect()
    }

    /// Rule 12. The names have been compared by rule 9.
    fn revealed(&self, program: &Program, shown: &RecordProof) -> Result<Vec<Encoded>, Refusal> {
        let invalid = |message: String| Refusal::new(RuleCode::RevealedInvalid, message);
        let names = self.revealed_names(program);
        let attributes = self.schemas.get(&program.schema).map_or(&[][..], Schema::attributes);
        if names.len() != shown.revealed.len()
            || !names.iter().all(|name| shown.revealed.contains_key(*name))
        {
            return refuse(
                RuleCode::ShapeInvalid,
                "the revealed attributes are not those of the statement",
            );
        }
        program
            .reveal
            .iter()
            .filter_map(|slot| attributes.get(*slot))
            .map(|attribute| {
                let json = shown.revealed.get(attribute.name()).unwrap_or(&serde_json::Value::Null);
                let value = Value::from_json(attribute.kind(), json)
                    .map_err(|error| invalid(format!("{}: {error}", attribute.name())))?;
                Ok(Encoded::from_field(value.encode(attribute.kind())))
            })
            .collect()
    }

    fn revealed_names(&self, program: &Program) -> Vec<&str> {
        let attributes = self.schemas.get(&program.schema).map_or(&[][..], Schema::attributes);
        program.reveal.iter().filter_map(|slot| Some(attributes.get(*slot)?.name())).collect()
    }
}

/// Rules 3 to 6.
fn check_request(
    request: &Request,
    presentation: &Presentation,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if presentation.request != request.challenge() {
        return refuse(RuleCode::RequestMismatch, "the presentation answers another request");
    }
    if request.audience != context.audience {
        return refuse(RuleCode::WrongAudience, "the request is for another relying party");
    }
    if context.now > request.expires_at {
        return refuse(RuleCode::RequestExpired, "the request has expired");
    }
    let today = Date::from_unix_seconds(context.now);
    if today.days().abs_diff(request.today.days()) > 1 {
        return refuse(RuleCode::WrongDay, "the request is about another day than today");
    }
    Ok(())
}

/// Rule 9, but for the names of revealed attributes.
fn check_shape(statement: &Statement, presentation: &Presentation) -> Result<(), Refusal> {
    let (found, expected) = (presentation.proofs.len(), statement.records().len());
    if found != expected {
        return refuse(
            RuleCode::ShapeInvalid,
            format!("{found} proofs; the statement speaks of {expected} records"),
        );
    }
    let (found, expected) = (presentation.links.len(), statement.link_classes());
    if found != expected {
        return refuse(
            RuleCode::ShapeInvalid,
            format!("{found} link tags; the statement has {expected} link classes"),
        );
    }
    for (record, shown) in statement.records().iter().zip(&presentation.proofs) {
        if shown.nullifier.is_some() != record.program.nullify {
            return refuse(
                RuleCode::ShapeInvalid,
                format!("record {}: a nullifier too many or too few", record.name),
            );
        }
    }
    Ok(())
}

/// Rule 11.
fn check_ages(
    checkpoints: &[Checkpoint],
    request: &Request,
    now: u64,
) -> Result<Vec<CheckpointVerdict>, Refusal> {
    let check = |checkpoint: &Checkpoint| {
        let Checkpoint { origin, size, time, .. } = checkpoint;
        if *time > now.saturating_add(CLOCK_SKEW_SECONDS) {
            return refuse(
                RuleCode::CheckpointStale,
                format!("the checkpoint of {origin} is from the future"),
            );
        }
        let age_seconds = now.saturating_sub(*time);
        if age_seconds > request.max_checkpoint_age {
            return refuse(
                RuleCode::CheckpointStale,
                format!(
                    "the checkpoint of {origin} is {age_seconds} s old; the request allows {} s",
                    request.max_checkpoint_age
                ),
            );
        }
        Ok(CheckpointVerdict { ledger: origin.clone(), size: *size, time: *time, age_seconds })
    };
    checkpoints.iter().map(check).collect()
}

fn roots(program: &Program, checkpoints: &[Checkpoint]) -> Vec<StateRoot> {
    let root = |ledger: &Origin| {
        checkpoints.iter().find(|checkpoint| checkpoint.origin == *ledger).map(|c| c.state_root)
    };
    program.ledgers.iter().filter_map(root).collect()
}

fn refuse<T>(code: RuleCode, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(code, message))
}

fn invalid(error: impl ToString) -> Refusal {
    Refusal::new(RuleCode::ParametersInvalid, error.to_string())
}

fn refuse_proof(error: ProofError) -> Refusal {
    let code = match error {
        ProofError::Malformed => RuleCode::ProofMalformed,
        _ => RuleCode::ProofInvalid,
    };
    Refusal::new(code, error.to_string())
}
