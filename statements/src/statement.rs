//! Statements in their compiled, canonical form.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use records::domain::DOMAIN_STATEMENT;
use records::schema::{is_name, is_plain_text};
use records::{AttributeType, Titles, Value, ValueError, decode_hex};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use crate::layout::LINKS;
use crate::{Environment, Expression, ExpressionError, Program, ProgramError};
use records::{Date, Encoded};

/// Most records that one statement speaks of.
pub const MAX_RECORDS: usize = 8;

/// A statement: what a holder proves and a relying party learns. Compiled from a statement
/// document, or parsed from its canonical JSON; both ways it fits the circuit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    format: u32,
    name: String,
    version: u32,
    title: Titles,
    description: Titles,
    condition: String,
    parameters: Vec<ParameterDeclaration>,
    records: Vec<StatementRecord>,
}

/// A parameter that requests give a value to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterDeclaration {
    /// Its name, as the condition uses it.
    pub name: String,
    /// What it is.
    pub title: Titles,
    /// Its type; not `code`.
    #[serde(flatten)]
    pub kind: AttributeType,
}

/// One record that a statement speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementRecord {
    /// Its name in the condition.
    pub name: String,
    /// Name of its schema, for people; the program's schema id decides.
    pub schema: String,
    /// What is proven of it.
    pub program: Program,
}

/// SHA-256 of a statement's canonical JSON, under a domain of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId([u8; 32]);

/// Why something is no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementError {
    /// Not the JSON form of a statement.
    #[error("the statement cannot be read: {0}")]
    Json(String),
    /// A format that this program does not know.
    #[error("statement format {0} is not known; this is format 1")]
    Format(u32),
    /// No record, or too many.
    #[error("the statement speaks of {0} records; 1 to {MAX_RECORDS} are possible")]
    Records(usize),
    /// A name that is not in snake case.
    #[error("{0:?} is not a name: names have 1 to 64 characters of a-z, 0-9 and _, a letter first")]
    Name(String),
    /// A text with characters that steer a terminal or turn the direction of writing.
    #[error("a title, description or the condition has control characters or is too long")]
    Text,
    /// Two records or parameters of one name.
    #[error("the name {0} is used twice")]
    Duplicate(String),
    /// A parameter of a type that has no encoding for each of its values.
    #[error("parameter {name}: {problem}")]
    Parameter {
        /// The parameter.
        name: String,
        /// What is wrong with its type.
        problem: String,
    },
    /// A program that does not fit the circuit.
    #[error("record {record}: {error}")]
    Program {
        /// The record.
        record: String,
        /// What does not fit.
        error: ProgramError,
    },
    /// An expression of a parameter that is not declared.
    #[error("parameter {0} is not declared")]
    Undeclared(String),
    /// A link class that a single record uses, or a gap in their numbering.
    #[error("link class {0} does not join two records")]
    LinkClass(usize),
}

/// Why the parameters of a request do not fit a statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// A declared parameter without a value.
    #[error("parameter {0} is missing")]
    Missing(String),
    /// A value for a parameter that is not declared.
    #[error("{0:?} is no parameter of the statement")]
    Unknown(String),
    /// A value of another type.
    #[error("parameter {parameter}: {error}")]
    Value {
        /// The parameter.
        parameter: String,
        /// What is wrong with it.
        error: ValueError,
    },
    /// A value that does not fit where the statement uses it.
    #[error(transparent)]
    Expression(#[from] ExpressionError),
}

/// The parts of a statement, for those who make one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementParts {
    /// Version of the statement format: 1.
    pub format: u32,
    /// Name in snake case.
    pub name: String,
    /// Version; another version is another statement.
    pub version: u32,
    /// Title.
    pub title: Titles,
    /// What it is for.
    pub description: Titles,
    /// The condition in CEL that the programs were compiled from.
    pub condition: String,
    /// Declared parameters.
    pub parameters: Vec<ParameterDeclaration>,
    /// Records, in the order of the proofs.
    pub records: Vec<StatementRecord>,
}

impl Statement {
    /// Checks the parts and makes a statement of them.
    ///
    /// # Errors
    /// [`StatementError`] naming the first part that is wrong.
    pub fn new(parts: StatementParts) -> Result<Self, StatementError> {
        let StatementParts { format, name, version, title, description, condition, .. } = parts;
        let (parameters, records) = (parts.parameters, parts.records);
        if format != 1 {
            return Err(StatementError::Format(format));
        }
        if records.is_empty() || records.len() > MAX_RECORDS {
            return Err(StatementError::Records(records.len()));
        }
        let names = records.iter().map(|record| &record.name);
        let names = names.chain(parameters.iter().map(|parameter| &parameter.name));
        if let Some(bad) = names.chain([&name]).find(|name| !is_name(name)) {
            return Err(StatementError::Name(bad.clone()));
        }
        let plain = title.are_plain()
            && description.are_plain()
            && is_plain_text(&condition)
            && records.iter().all(|record| is_plain_text(&record.schema))
            && parameters.iter().all(|parameter| parameter.title.are_plain());
        if !plain {
            return Err(StatementError::Text);
        }
        unique(records.iter().map(|record| &record.name))?;
        unique(parameters.iter().map(|parameter| &parameter.name))?;
        for ParameterDeclaration { name, kind, .. } in &parameters {
            let problem = match kind {
                AttributeType::Code { .. } => Err("codes cannot be parameters".to_owned()),
                other => other.check(),
            };
            problem.map_err(|problem| StatementError::Parameter { name: name.clone(), problem })?;
        }
        for record in &records {
            record
                .program
                .check()
                .map_err(|error| StatementError::Program { record: record.name.clone(), error })?;
            for expression in record.program.expressions() {
                let known = |name: &str| parameters.iter().any(|p| p.name == name);
                if let Some(name) = expression.parameter().filter(|name| !known(name)) {
                    return Err(StatementError::Undeclared(name.to_owned()));
                }
            }
        }
        check_link_classes(&records)?;
        Ok(Self { format, name, version, title, description, condition, parameters, records })
    }

    /// Reads a statement's JSON.
    ///
    /// # Errors
    /// [`StatementError`] for JSON of another form, or a statement that does not fit the circuit.
    pub fn from_json(json: &str) -> Result<Self, StatementError> {
        let parts =
            serde_json::from_str(json).map_err(|error| StatementError::Json(error.to_string()))?;
        Self::new(parts)
    }

    /// The statement as canonical JSON (RFC 8785).
    pub fn canonical_json(&self) -> String {
        // Strings and small integers: serialisation has no failing case.
        serde_json_canonicalizer::to_string(self).unwrap_or_default()
    }

    /// Hash of the canonical JSON: what requests name.
    pub fn id(&self) -> StatementId {
        let hash = Sha256::new()
            .chain_update(DOMAIN_STATEMENT)
            .chain_update([0])
            .chain_update(self.canonical_json());
        StatementId(hash.finalize().into())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Its title.
    pub fn title(&self) -> &Titles {
        &self.title
    }

    /// What it is for.
    pub fn description(&self) -> &Titles {
        &self.description
    }

    /// The condition as written, in CEL.
    pub fn condition(&self) -> &str {
        &self.condition
    }

    /// The parameters that requests give values to.
    pub fn parameters(&self) -> &[ParameterDeclaration] {
        &self.parameters
    }

    /// The records, in the order of the proofs.
    pub fn records(&self) -> &[StatementRecord] {
        &self.records
    }

    /// Number of link classes: tags in a presentation.
    pub fn link_classes(&self) -> usize {
        let links = self.records.iter().flat_map(|record| &record.program.links);
        links.map(|link| link.class + 1).max().unwrap_or(0)
    }

    /// Whether a presentation shows a nullifier, so that requests must name a scope.
    pub fn needs_scope(&self) -> bool {
        self.records.iter().any(|record| record.program.nullify)
    }

    /// Reads the values that a request gives to the parameters.
    ///
    /// # Errors
    /// [`ParameterError`] for a value that is missing, unknown, or of another type.
    pub fn parse_parameters(
        &self,
        given: &Map<String, Json>,
    ) -> Result<BTreeMap<String, Value>, ParameterError> {
        let declared = |name: &String| self.parameters.iter().any(|p| p.name == *name);
        if let Some(unknown) = given.keys().find(|name| !declared(name)) {
            return Err(ParameterError::Unknown(unknown.clone()));
        }
        let parse = |declaration: &ParameterDeclaration| {
            let name = declaration.name.clone();
            let json = given.get(&name).ok_or_else(|| ParameterError::Missing(name.clone()))?;
            match Value::from_json(&declaration.kind, json) {
                Ok(value) => Ok((name, value)),
                Err(error) => Err(ParameterError::Value { parameter: name, error }),
            }
        };
        self.parameters.iter().map(parse).collect()
    }

    /// Values of the expressions of one record's program.
    ///
    /// # Errors
    /// [`ParameterError::Expression`] where a parameter does not fit its use.
    pub fn evaluate(
        &self,
        program: &Program,
        today: Date,
        values: &BTreeMap<String, Value>,
    ) -> Result<Vec<Encoded>, ParameterError> {
        let environment = Environment { today, declarations: &self.parameters, values };
        program
            .expressions()
            .into_iter()
            .map(|expression: &Expression| Ok(expression.evaluate(&environment)?))
            .collect()
    }
}

fn unique<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), StatementError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(StatementError::Duplicate(name.clone()));
        }
    }
    Ok(())
}

/// Each class joins at least two records, none twice, and classes are numbered without gaps.
fn check_link_classes(records: &[StatementRecord]) -> Result<(), StatementError> {
    let mut uses: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        for link in &record.program.links {
            if link.class >= MAX_RECORDS * LINKS
                || !uses.entry(link.class).or_default().insert(index)
            {
                return Err(StatementError::LinkClass(link.class));
            }
        }
    }
    for (expected, (class, joined)) in uses.iter().enumerate() {
        if *class != expected || joined.len() < 2 {
            return Err(StatementError::LinkClass(*class));
        }
    }
    Ok(())
}

impl StatementId {
    /// The bytes of the hash.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatementId({self})")
    }
}

impl FromStr for StatementId {
    type Err = StatementError;

    fn from_str(text: &str) -> Result<Self, StatementError> {
        decode_hex(text)
            .map(Self)
            .ok_or_else(|| StatementError::Json("a statement id is 64 hexadecimal digits".into()))
    }
}

impl Serialize for StatementId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StatementId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
