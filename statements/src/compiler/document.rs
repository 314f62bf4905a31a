//! Statement documents: the TOML around a condition.

use std::collections::BTreeSet;

use records::schema::is_name;
use records::{AttributeType, Origin, Schema, Titles, Value};
use serde::Deserialize;

use crate::layout::ROOTS;
use crate::statement::MAX_RECORDS;
use crate::{ParameterDeclaration, Program};

use super::error::CompileErrorKind::{Document as Kind, Reveals, UnknownAttribute, UnknownName};
use super::error::{CompileError, CompileErrorKind};
use super::suggest::suggest;

/// Names that conditions use for something else, or that CEL reserves.
const RESERVED: [&str; 24] = [
    "today",
    "date",
    "same_holder",
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// The document as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) name: String,
    pub(super) version: u32,
    pub(super) title: Titles,
    pub(super) description: Titles,
    pub(super) condition: String,
    #[serde(default)]
    pub(super) parameters: Vec<ParameterDeclaration>,
    pub(super) records: Vec<RecordDocument>,
}

/// A record of the document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordDocument {
    name: String,
    schema: String,
    ledgers: Vec<String>,
    #[serde(default = "yes")]
    current: bool,
    #[serde(default)]
    reveal: Vec<String>,
    /// Attributes that are revealed although they identify the holder or the record.
    #[serde(default)]
    reveal_identifying: Vec<String>,
    #[serde(default)]
    nullifier: bool,
}

/// A record with its schema; the program has all but what the condition says.
pub(super) struct RecordScope<'a> {
    pub(super) name: String,
    pub(super) schema: &'a Schema,
    pub(super) program: Program,
}

fn yes() -> bool {
    true
}

/// Reads the TOML.
pub(super) fn parse(document: &str) -> Result<Document, CompileError> {
    toml::from_str(document).map_err(|error| {
        CompileError::document(Kind, format!("the document cannot be read: {error}"))
    })
}

/// Checks all but the condition, and finds the schemas.
pub(super) fn check<'a>(
    document: &Document,
    schemas: &'a [Schema],
) -> (Vec<RecordScope<'a>>, Vec<CompileError>) {
    let mut errors = Vec::new();
    let titles = [&document.title, &document.description];
    let parameters = document.parameters.iter().map(|parameter| &parameter.title);
    if titles.into_iter().chain(parameters).any(|t| t.en.is_empty() || t.zh.is_empty()) {
        errors.push(CompileError::document(Kind, "a title or description is empty"));
    }
    check_names(document, &mut errors);
    for parameter in &document.parameters {
        if let Err(problem) = check_parameter(&parameter.kind) {
            let message = format!("parameter {}: {problem}", parameter.name);
            errors.push(CompileError::document(Kind, message));
        }
    }
    if document.records.is_empty() || document.records.len() > MAX_RECORDS {
        let count = document.records.len();
        let message = format!("the document has {count} records; 1 to {MAX_RECORDS} are possible");
        errors.push(CompileError::document(Kind, message));
    }
    let mut scopes = Vec::new();
    for record in &document.records {
        match scope(record, schemas, &mut errors) {
            Ok(scope) => scopes.push(scope),
            Err(error) => errors.push(error),
        }
    }
    (scopes, errors)
}

fn check_names(document: &Document, errors: &mut Vec<CompileError>) {
    let mut seen = BTreeSet::new();
    let records = document.records.iter().map(|record| &record.name);
    let parameters = document.parameters.iter().map(|parameter| &parameter.name);
    if !is_name(&document.name) {
        errors.push(bad_name(&document.name));
    }
    for name in records.chain(parameters) {
        if !is_name(name) {
            errors.push(bad_name(name));
        } else if RESERVED.contains(&name.as_str()) {
            let message = format!("{name} has a meaning of its own in conditions");
            errors.push(CompileError::document(Kind, message));
        } else if !seen.insert(name) {
            let message = format!("the name {name} is used twice");
            errors.push(CompileError::document(Kind, message));
        }
    }
}

fn bad_name(name: &str) -> CompileError {
    CompileError::document(Kind, format!("{name:?} is no name"))
        .help("names have 1 to 64 characters of a-z, 0-9 and _, a letter first")
}

fn check_parameter(kind: &AttributeType) -> Result<(), &'static str> {
    let bound = |text: &Option<String>| match text {
        Some(text) => Value::parse(kind, text).map(drop).map_err(|_| "a bound is no value of it"),
        None => Ok(()),
    };
    match kind {
        AttributeType::Code { .. } => Err("parameters of type code are not possible"),
        AttributeType::Digits { length, .. } if !(1..=18).contains(length) => {
            Err("a digit code has 1 to 18 digits")
        }
        AttributeType::Decimal { scale, .. } if *scale > 9 => Err("the scale is at most 9"),
        AttributeType::Decimal { min, max, .. } => bound(min).and_then(|()| bound(max)),
        AttributeType::Integer { min: Some(min), max: Some(max) } if min > max => {
            Err("the least value is above the greatest")
        }
        _ => Ok(()),
    }
}

fn scope<'a>(
    record: &RecordDocument,
    schemas: &'a [Schema],
    errors: &mut Vec<CompileError>,
) -> Result<RecordScope<'a>, CompileError> {
    let fail = |kind: CompileErrorKind, message: String| {
        CompileError::document(kind, format!("record {}: {message}", record.name))
    };
    // The newest of the versions there are.
    let named = schemas.iter().filter(|schema| schema.name() == record.schema);
    let schema = named.max_by_key(|schema| schema.version()).ok_or_else(|| {
        let mut error = fail(UnknownName, format!("there is no schema {}", record.schema));
        error.help = suggest(&record.schema, schemas.iter().map(Schema::name));
        error
    })?;
    let ledgers = record.ledgers.iter().map(Origin::new).collect::<Result<Vec<_>, _>>();
    let ledgers = ledgers.map_err(|error| fail(Kind, error.to_string()))?;
    let distinct: BTreeSet<_> = record.ledgers.iter().collect();
    if !(1..=ROOTS).contains(&ledgers.len()) || distinct.len() != ledgers.len() {
        let message = format!("1 to {ROOTS} ledgers are possible, each named once");
        errors.push(fail(Kind, message));
    }
    let program = Program {
        schema: schema.id(),
        ledgers,
        current: record.current,
        nullify: record.nullifier,
        predicates: Vec::new(),
        clauses: Vec::new(),
        reveal: reveal(record, schema, errors),
        links: Vec::new(),
    };
    Ok(RecordScope { name: record.name.clone(), schema, program })
}

/// The revealed slots. What identifies somebody is revealed on purpose only.
fn reveal(record: &RecordDocument, schema: &Schema, errors: &mut Vec<CompileError>) -> Vec<usize> {
    let mut slots = BTreeSet::new();
    let plain = record.reveal.iter().map(|name| (name, false));
    let identifying = record.reveal_identifying.iter().map(|name| (name, true));
    for (name, on_purpose) in plain.chain(identifying) {
        let Some((slot, attribute)) = schema.attribute(name) else {
            let message = format!("record {}: there is no attribute {name} to reveal", record.name);
            let mut error = CompileError::document(UnknownAttribute, message);
            error.help = suggest(name, schema.attributes().iter().map(|a| a.name()));
            errors.push(error);
            continue;
        };
        if identifies(schema, name, attribute.kind()) && !on_purpose {
            let message = format!(
                "record {}: {name} can tell who the holder is, and make presentations linkable",
                record.name
            );
            errors.push(
                CompileError::document(Reveals, message)
                    .help("list it under reveal_identifying if that is what the statement is for"),
            );
        }
        if !slots.insert(slot) {
            let message = format!("record {}: {name} is revealed twice", record.name);
            errors.push(CompileError::document(Kind, message));
        }
    }
    slots.into_iter().collect()
}

/// Whether an attribute is (nearly) one person's or one document's own: keys, free text,
/// digests, and numbers with check digits.
fn identifies(schema: &Schema, name: &str, kind: &AttributeType) -> bool {
    schema.key().iter().any(|key| key == name)
        || matches!(
            kind,
            AttributeType::Text { .. }
                | AttributeType::Digest
                | AttributeType::Digits { check: Some(_), .. }
        )
}
