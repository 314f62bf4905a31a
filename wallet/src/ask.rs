//! From a request to a plan: what would be shown, with which records. Nothing is fetched and
//! nothing is computed that leaves the wallet.

use records::{Date, Encoded, EncodedRecord};
use statements::{Request, Statement, StatementRecord};

use crate::choice::{Candidate, ChoiceError, Mismatch, Selection, Usable, join};
use crate::contents::{Contents, StoredRecord};
use crate::error::{AskError, WalletError};
use crate::record::{EntryId, RecordStatus};
use crate::wallet::Wallet;

/// A request that can be answered, and the records chosen for it. The holder reads its
/// [consent](Wallet::consent) before it is [presented](Wallet::present). A plan is of its moment:
/// where the holder takes longer than the request allows, plan again.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    pub(crate) request: &'a Request,
    pub(crate) statement: &'a Statement,
    pub(crate) now: u64,
    /// One for each record of the statement, in its order.
    pub(crate) parts: Vec<Part<'a>>,
}

/// One record of a plan.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    pub(crate) record: &'a StatementRecord,
    pub(crate) id: EntryId,
    /// Values of the program's expressions.
    pub(crate) expressions: Vec<Encoded>,
}

impl Plan<'_> {
    /// The chosen records by their names in the statement, in its order.
    pub fn records(&self) -> impl Iterator<Item = (&str, EntryId)> {
        self.parts.iter().map(|part| (part.record.name.as_str(), part.id))
    }
}

impl Wallet {
    /// The wallet's records of the schema that `record` of the statement is of, and for those
    /// that cannot be used why not.
    ///
    /// # Errors
    /// [`AskError`] where the request's parameters do not fit the statement.
    pub fn candidates(
        &self,
        statement: &Statement,
        record: &StatementRecord,
        request: &Request,
    ) -> Result<Vec<Candidate>, WalletError> {
        let expressions = evaluate(statement, record, request)?;
        let candidates = self.contents().candidates(record, request, &expressions);
        Ok(candidates.into_iter().map(|(_, candidate)| candidate).collect())
    }

    /// Checks that a request can be answered at `now` (seconds since 1970), and chooses the
    /// records: those of the selection, and for the others the first that fit together.
    ///
    /// # Errors
    /// [`AskError`] for a request that must not be answered, [`ChoiceError`] where the wallet
    /// lacks the records for it.
    pub fn plan<'a>(
        &self,
        request: &'a Request,
        statement: &'a Statement,
        selection: &Selection,
        now: u64,
    ) -> Result<Plan<'a>, WalletError> {
        check(request, statement, now)?;
        let known = |name: &&String| statement.records().iter().any(|r| r.name == **name);
        if let Some(unknown) = selection.names().find(|name| !known(name)) {
            return Err(ChoiceError::UnknownName(unknown.clone()).into());
        }
        let (mut lists, mut all_expressions) = (Vec::new(), Vec::new());
        for record in statement.records() {
            let expressions = evaluate(statement, record, request)?;
            let picked = selection.get(&record.name);
            lists.push(self.contents().usable(record, request, &expressions, picked)?);
            all_expressions.push(expressions);
        }
        let names: Vec<&str> = statement.records().iter().map(|r| r.name.as_str()).collect();
        let chosen = join(lists, &names)?;
        let parts = statement.records().iter().zip(chosen).zip(all_expressions);
        let parts = parts.map(|((record, id), expressions)| Part { record, id, expressions });
        Ok(Plan { request, statement, now, parts: parts.collect() })
    }
}

/// What every verifier checks of a request, before anything is shown to one.
fn check(request: &Request, statement: &Statement, now: u64) -> Result<(), AskError> {
    request.check()?;
    if request.statement != statement.id() {
        return Err(AskError::OtherStatement);
    }
    if now > request.expires_at {
        return Err(AskError::Expired);
    }
    // The dates of all time zones are within one day of the date in UTC.
    if request.today.days().abs_diff(Date::from_unix_seconds(now).days()) > 1 {
        return Err(AskError::OtherDay);
    }
    match (statement.needs_scope(), request.scope.is_some()) {
        (true, false) => Err(AskError::NoScope),
        (false, true) => Err(AskError::NeedlessScope),
        _ => Ok(()),
    }
}

fn evaluate(
    statement: &Statement,
    record: &StatementRecord,
    request: &Request,
) -> Result<Vec<Encoded>, AskError> {
    let values = statement.parse_parameters(&request.parameters)?;
    Ok(statement.evaluate(&record.program, request.today, &values)?)
}

impl Contents {
    fn candidates(
        &self,
        record: &StatementRecord,
        request: &Request,
        expressions: &[Encoded],
    ) -> Vec<(EncodedRecord, Candidate)> {
        let program = &record.program;
        let of_schema = self.records.iter().filter(|r| r.header.schema == program.schema);
        let examine = |stored: &StoredRecord| {
            let encoded = stored.encoded();
            let mismatch = match stored.status {
                _ if !program.ledgers.contains(&stored.ledger) => Some(Mismatch::OtherLedger),
                RecordStatus::Revoked { .. } => Some(Mismatch::Revoked),
                RecordStatus::Amended { .. } => Some(Mismatch::Amended),
                RecordStatus::Unchecked | RecordStatus::Current { .. } => {
                    program.satisfied(&encoded, request.today, expressions).err().map(Into::into)
                }
            };
            (encoded, Candidate { id: stored.id, label: stored.label.clone(), mismatch })
        };
        of_schema.map(examine).collect()
    }

    /// The records that can serve as `record`; only the picked one, where one is.
    fn usable(
        &self,
        record: &StatementRecord,
        request: &Request,
        expressions: &[Encoded],
        picked: Option<EntryId>,
    ) -> Result<Vec<Usable>, ChoiceError> {
        let (name, schema) = (record.name.clone(), record.schema.clone());
        let mut candidates = self.candidates(record, request, expressions);
        if let Some(id) = picked {
            candidates.retain(|(_, candidate)| candidate.id == id);
            match candidates.first().map(|(_, candidate)| candidate.mismatch) {
                None => return Err(ChoiceError::OtherSchema { record: name, schema, id }),
                Some(Some(mismatch)) => {
                    return Err(ChoiceError::Selected { record: name, id, mismatch });
                }
                Some(None) => {}
            }
        }
        let usable: Vec<Usable> = candidates
            .iter()
            .filter(|(_, candidate)| candidate.mismatch.is_none())
            .map(|(encoded, found)| Usable::new(found.id, &record.program, encoded))
            .collect();
        if usable.is_empty() {
            let reasons = candidates.iter();
            let reasons = reasons.filter_map(|(_, found)| Some((found.id, found.mismatch?)));
            return Err(ChoiceError::None { record: name, schema, reasons: reasons.collect() });
        }
        Ok(usable)
    }
}
