//! The rules, applied.

use std::collections::BTreeMap;

use records::schema::Language;
use records::{
    Attribute, Checkpoint, Date, Encoded, Fr, LedgerKey, Origin, Schema, SchemaId, StateRoot, Value,
};
use statements::{
    ExplainError, Instance, ParameterError, Presentation, Program, RecordProof, Request, Statement,
    StatementId, StatementRecord, explain,
};

use crate::batch::{BatchItem, verify_batch};
use crate::verdict::{CheckpointVerdict, RecordVerdict, Verdict, Verified};
use crate::{FoldedKey, KeyDigest, KeyError, PinnedKey, Proof, ProofError, Refusal, RuleCode};

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
    /// A program that does not fit its schema, or a schema that is not known here: what it
    /// proves has no meaning.
    #[error(transparent)]
    Meaning(#[from] ExplainError),
    /// A program for another circuit.
    #[error(transparent)]
    Key(#[from] KeyError),
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
    /// [`StatementRefused`] where a schema is unknown, or a program does not fit its schema.
    pub fn add_statement(&mut self, statement: Statement) -> Result<StatementId, StatementRefused> {
        // What can be explained has known schemas, existing attributes, comparisons within types
        // and links between comparable values.
        let schemas: Vec<Schema> = self.schemas.values().cloned().collect();
        explain(&statement, &schemas, Language::En)?;
        let mut keys = Vec::with_capacity(statement.records().len());
        let mut ledgers: Vec<Origin> = Vec::new();
        for StatementRecord { program, .. } in statement.records() {
            keys.push(self.key.key.fold(&program.affine_map())?);
            for ledger in &program.ledgers {
                if !ledgers.contains(ledger) {
                    ledgers.push(ledger.clone());
                }
            }
        }
        let id = statement.id();
        self.statements.insert(id, Entry { statement, keys, ledgers });
        Ok(id)
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
        let expressions = evaluate(statement, request)?;
        if request.scope.is_some() != statement.needs_scope() {
            return refuse(
                RuleCode::ScopeInvalid,
                "a scope is named if, and only if, the statement shows a nullifier",
            );
        }
        self.check_shape(statement, presentation)?;
        let checkpoints = self.checkpoints(entry, presentation)?;
        let ages = check_ages(&checkpoints, request, context.now)?;
        let pairs = || statement.records().iter().zip(&presentation.proofs);
        let revealed = pairs()
            .map(|(record, shown)| self.revealed(&record.program, shown))
            .collect::<Result<Vec<_>, _>>()?;
        if self.key.development && !context.allow_development {
            return refuse(
                RuleCode::DevelopmentKey,
                "the proving key comes from a development set-up, which is not allowed here",
            );
        }
        let mut proofs = Vec::with_capacity(presentation.proofs.len());
        for (((record, shown), expressions), revealed) in pairs().zip(expressions).zip(revealed) {
            let program = &record.program;
            let instance = Instance {
                challenge: presentation.request,
                roots: roots(program, &checkpoints),
                today: request.today,
                scope: request.scope_field().filter(|_| program.nullify),
                nullifier: shown.nullifier,
                expressions,
                revealed,
                tags: program
                    .links
                    .iter()
                    .filter_map(|link| presentation.links.get(link.class).copied())
                    .collect(),
            };
            let values = program
                .values(&instance)
                .map_err(|error| Refusal::new(RuleCode::ShapeInvalid, error.to_string()))?;
            proofs.push((Proof::from_bytes(&shown.proof).map_err(refuse_proof)?, values));
        }
        let records = pairs().map(|(record, shown)| RecordVerdict {
            name: record.name.clone(),
            schema: record.schema.clone(),
            revealed: shown.revealed.clone(),
            nullifier: shown.nullifier,
        });
        let verdict = Verdict {
            statement: request.statement,
            name: statement.name().to_owned(),
            title: statement.title().clone(),
            audience: request.audience.clone(),
            today: request.today,
            records: records.collect(),
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
                let key = self.ledgers.get(ledger).ok_or_else(|| {
                    untrusted(format!("no key of ledger {ledger} is trusted here"))
                })?;
                signed.verify(key).map_err(|error| untrusted(error.to_string()))
            })
            .collect()
    }

    /// Rule 9.
    fn check_shape(
        &self,
        statement: &Statement,
        presentation: &Presentation,
    ) -> Result<(), Refusal> {
        let wrong = |message: String| refuse(RuleCode::ShapeInvalid, message);
        let (found, expected) = (presentation.proofs.len(), statement.records().len());
        if found != expected {
            return wrong(format!("{found} proofs; the statement speaks of {expected} records"));
        }
        let (found, expected) = (presentation.links.len(), statement.link_classes());
        if found != expected {
            return wrong(format!("{found} link tags; the statement has {expected} link classes"));
        }
        for (StatementRecord { name, program, .. }, shown) in
            statement.records().iter().zip(&presentation.proofs)
        {
            if shown.nullifier.is_some() != program.nullify {
                return wrong(format!("record {name}: a nullifier too many or too few"));
            }
            let revealed = self.revealed_attributes(program);
            let same = |attribute: &Attribute| shown.revealed.contains_key(attribute.name());
            if revealed.len() != shown.revealed.len() || !revealed.into_iter().all(same) {
                return wrong(format!(
                    "record {name}: other attributes than the statement reveals"
                ));
            }
        }
        Ok(())
    }

    /// Rule 12. Rule 9 has made sure that the values are there.
    fn revealed(&self, program: &Program, shown: &RecordProof) -> Result<Vec<Encoded>, Refusal> {
        let encode = |attribute: &Attribute| {
            let json = shown.revealed.get(attribute.name()).unwrap_or(&serde_json::Value::Null);
            let value = Value::from_json(attribute.kind(), json).map_err(|error| {
                let message = format!("{}: {error}", attribute.name());
                Refusal::new(RuleCode::RevealedInvalid, message)
            })?;
            Ok(Encoded::from_field(value.encode(attribute.kind())))
        };
        self.revealed_attributes(program).into_iter().map(encode).collect()
    }

    fn revealed_attributes(&self, program: &Program) -> Vec<&Attribute> {
        let attributes = self.schemas.get(&program.schema).map_or(&[][..], Schema::attributes);
        program.reveal.iter().filter_map(|slot| attributes.get(*slot)).collect()
    }
}

/// Rule 7: the values of each record's expressions.
fn evaluate(statement: &Statement, request: &Request) -> Result<Vec<Vec<Encoded>>, Refusal> {
    let invalid =
        |error: ParameterError| Refusal::new(RuleCode::ParametersInvalid, error.to_string());
    let parameters = statement.parse_parameters(&request.parameters).map_err(invalid)?;
    let evaluate = |record: &StatementRecord| {
        statement.evaluate(&record.program, request.today, &parameters).map_err(invalid)
    };
    statement.records().iter().map(evaluate).collect()
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

fn refuse_proof(error: ProofError) -> Refusal {
    let code = match error {
        ProofError::Malformed => RuleCode::ProofMalformed,
        _ => RuleCode::ProofInvalid,
    };
    Refusal::new(code, error.to_string())
}
