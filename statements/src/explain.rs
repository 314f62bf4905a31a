//! Statements in plain words, for the people who ask for them, consent to them and audit them.
//!
//! The words are made from the compiled program, not from the condition in CEL: they say what
//! the circuit proves. The condition and the titles are only what the author says it proves.

mod clause;
mod subject;
mod words;

#[cfg(test)]
#[cfg(feature = "compiler")]
mod tests;

use std::fmt;

use records::Schema;
use records::schema::Language;
use serde::Serialize;

use crate::{Operand, Program, Statement};

use subject::Subject;
use words::Words;

/// What a statement tells, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Title of the statement, as its author wrote it.
    pub title: String,
    /// What it is for, as its author wrote it.
    pub description: String,
    /// What the relying party learns.
    pub learns: Vec<String>,
    /// What it does not learn.
    pub does_not_learn: Vec<String>,
    /// What the relying party chooses when it asks.
    pub parameters: Vec<String>,
    /// The records involved, in the order of the proofs.
    pub records: Vec<RecordExplanation>,
    #[serde(skip)]
    headings: [&'static str; 5],
}

/// What a statement tells of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordExplanation {
    /// Its name in the condition.
    pub name: String,
    /// Title of its document type.
    pub title: String,
    /// Ledgers that may hold it.
    pub ledgers: Vec<String>,
    /// Whether it must be valid on the day of the request.
    pub current: bool,
    /// The conditions that it meets, one for each clause.
    pub conditions: Vec<String>,
    /// Titles of the attributes that are shown.
    pub revealed: Vec<String>,
    /// Titles of the attributes that conditions are about and that are not shown.
    pub compared: Vec<String>,
    /// Titles of the attributes that nothing is said of.
    pub hidden: Vec<String>,
    /// Whether a nullifier is shown.
    pub nullifier: bool,
}

/// Why a statement cannot be explained. A statement that cannot be explained must not be
/// consented to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// No schema has the id that the program names.
    #[error("record {0} is of a document type that is not known")]
    UnknownSchema(String),
    /// The schema has another name than the statement says.
    #[error("record {record} is said to be a {claimed}, and is a {actual}")]
    SchemaName {
        /// The record.
        record: String,
        /// Name in the statement.
        claimed: String,
        /// Name of the schema with the id.
        actual: String,
    },
    /// A slot that the schema does not have.
    #[error("record {record} has no attribute in slot {slot}")]
    Slot {
        /// The record.
        record: String,
        /// The slot.
        slot: usize,
    },
    /// A predicate that compares a value with something of another type.
    #[error("predicate {predicate} of record {record} does not fit the type of its attribute")]
    Predicate {
        /// The record.
        record: String,
        /// Index of the predicate.
        predicate: usize,
    },
    /// A link class that joins values of different types.
    #[error("link class {0} joins values of different types")]
    Link(usize),
}

/// Explains a statement in `language`. Programs name their schemas by id; all of them must be
/// among `schemas`.
///
/// # Errors
/// [`ExplainError`] where a program does not fit its schema, so that what it proves has no
/// meaning.
pub fn explain(
    statement: &Statement,
    schemas: &[Schema],
    language: Language,
) -> Result<Explanation, ExplainError> {
    let words = Words(language);
    let subjects = subject::all(statement, schemas, words)?;
    let records =
        subjects.iter().map(|subject| record(subject, statement)).collect::<Result<Vec<_>, _>>()?;
    let mut learns = vec![words.records(records.len())];
    for (subject, record) in subjects.iter().zip(&records) {
        learns.extend(learned_of(subject, record));
    }
    learns.extend(subject::links(statement, &subjects)?);
    let parameters = statement.parameters().iter().map(|p| p.title.get(language).to_owned());
    Ok(Explanation {
        title: statement.title().get(language).to_owned(),
        description: statement.description().get(language).to_owned(),
        learns,
        does_not_learn: not_learned(words, &subjects, &records),
        parameters: parameters.collect(),
        records,
        headings: words.headings(),
    })
}

fn record(subject: &Subject<'_>, statement: &Statement) -> Result<RecordExplanation, ExplainError> {
    let program = subject.program;
    let compared: Vec<usize> = program
        .predicates
        .iter()
        .filter_map(|predicate| match predicate.operand() {
            Operand::Attribute(slot) => Some(slot),
            Operand::ValidFrom | Operand::ValidUntil => None,
        })
        .collect();
    for slot in &program.reveal {
        subject.attribute(*slot)?;
    }
    let titles = |accepts: &dyn Fn(usize) -> bool| -> Vec<String> {
        let attributes = subject.schema.attributes().iter().enumerate();
        attributes
            .filter(|(slot, _)| accepts(*slot))
            .map(|(_, attribute)| attribute.title().get(subject.words.0).to_owned())
            .collect()
    };
    let shown = |slot: usize| program.reveal.contains(&slot);
    Ok(RecordExplanation {
        name: subject.name.to_owned(),
        title: subject.title.clone(),
        ledgers: program.ledgers.iter().map(|origin| origin.as_str().to_owned()).collect(),
        current: program.current,
        conditions: clause::conditions(subject, statement)?,
        revealed: titles(&shown),
        compared: titles(&|slot| compared.contains(&slot) && !shown(slot)),
        hidden: titles(&|slot| !compared.contains(&slot) && !shown(slot)),
        nullifier: program.nullify,
    })
}

fn learned_of(subject: &Subject<'_>, record: &RecordExplanation) -> Vec<String> {
    let words = subject.words;
    let mut learns = vec![words.on_ledgers(&record.title, &record.ledgers)];
    learns.push(words.validity(&record.title, record.current));
    let conditions = record.conditions.iter();
    learns.extend(conditions.map(|condition| words.of(&record.title, condition)));
    if !record.revealed.is_empty() {
        learns.push(words.revealed(&record.title, &record.revealed));
    }
    if record.nullifier {
        learns.push(words.nullifier(&record.title));
    }
    learns
}

fn not_learned(
    words: Words,
    subjects: &[Subject<'_>],
    records: &[RecordExplanation],
) -> Vec<String> {
    let mut hidden = Vec::new();
    for record in records {
        if !record.compared.is_empty() {
            hidden.push(words.exact_values(&record.title, &record.compared));
        }
        if !record.hidden.is_empty() {
            hidden.push(words.hidden(&record.title, &record.hidden));
        }
        if record.ledgers.len() > 1 {
            hidden.push(words.which_ledger(&record.title));
        }
    }
    let any = |test: fn(&Program) -> bool| subjects.iter().any(|subject| test(subject.program));
    hidden.push(words.linkability(any(|program| program.nullify)));
    if any(|program| !program.reveal.is_empty()) {
        hidden.push(words.revealed_may_identify());
    }
    hidden.push(words.departments());
    hidden
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [title, learns, not, parameters, colon] = self.headings;
        writeln!(f, "{title}{colon}{}", self.title)?;
        writeln!(f, "{}", self.description)?;
        let lists =
            [(learns, &self.learns), (not, &self.does_not_learn), (parameters, &self.parameters)];
        for (heading, items) in lists.into_iter().filter(|(_, items)| !items.is_empty()) {
            write!(f, "\n{heading}{}\n", colon.trim_end())?;
            for item in items {
                writeln!(f, "  - {item}")?;
            }
        }
        Ok(())
    }
}
