//! Records: one document of one holder.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::commitment::commit_record;
use crate::domain::ATTRIBUTES;
use crate::{
    Date, Fr, HolderTag, Leaf, Origin, RecordId, Salt, Schema, SchemaId, Value, ValueError,
};

/// What every record has, whatever its schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Schema of the attributes.
    pub schema: SchemaId,
    /// Commitment to the holder's secret.
    pub holder_tag: HolderTag,
    /// Name that stays when the record is amended.
    pub record_id: RecordId,
    /// Hides the attributes in the leaf.
    pub salt: Salt,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity; [`Date::MAX`] where it has no end.
    pub valid_until: Date,
}

/// A record: header and one value for each attribute of its schema, in the schema's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    header: Header,
    values: Vec<Value>,
    encoded: EncodedRecord,
}

/// A record as the circuit sees it. Its attributes do not print with `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodedRecord {
    /// Schema of the attributes.
    pub schema: SchemaId,
    /// Commitment to the holder's secret.
    pub holder_tag: HolderTag,
    /// Name that stays when the record is amended.
    pub record_id: RecordId,
    /// Hides the attributes in the leaf.
    pub salt: Salt,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity.
    pub valid_until: Date,
    /// Encoded attributes; slots beyond the schema's attributes are 0.
    pub attributes: [Fr; ATTRIBUTES],
}

/// Why something is no record of its schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The header names another schema.
    #[error("the record is not of schema {0}")]
    Schema(String),
    /// An attribute of the schema is missing.
    #[error("attribute {0} is missing")]
    Missing(String),
    /// An attribute that the schema does not have.
    #[error("{0:?} is no attribute of the schema")]
    Unknown(String),
    /// Too many or too few values.
    #[error("the record has {found} values; its schema has {expected} attributes")]
    Count {
        /// Values given.
        found: usize,
        /// Attributes of the schema.
        expected: usize,
    },
    /// A value that is not of its attribute's type.
    #[error("attribute {attribute}: {error}")]
    Value {
        /// The attribute.
        attribute: String,
        /// What is wrong with it.
        error: ValueError,
    },
    /// Ends before it begins.
    #[error("valid_until is before valid_from")]
    Validity,
}

impl Record {
    /// Makes a record of its parts.
    ///
    /// # Errors
    /// [`RecordError`] where a value is missing, superfluous or not of its attribute's type, or
    /// the validity ends before it begins.
    pub fn new(schema: &Schema, header: Header, values: Vec<Value>) -> Result<Self, RecordError> {
        if header.schema != schema.id() {
            return Err(RecordError::Schema(schema.name().to_owned()));
        }
        if header.valid_until < header.valid_from {
            return Err(RecordError::Validity);
        }
        let (found, expected) = (values.len(), schema.attributes().len());
        if found != expected {
            return Err(RecordError::Count { found, expected });
        }
        let mut attributes = [Fr::from(0_u64); ATTRIBUTES];
        for ((slot, attribute), value) in
            attributes.iter_mut().zip(schema.attributes()).zip(&values)
        {
            value.check(attribute.kind()).map_err(|error| RecordError::Value {
                attribute: attribute.name().to_owned(),
                error,
            })?;
            *slot = value.encode(attribute.kind());
        }
        let Header { schema, holder_tag, record_id, salt, valid_from, valid_until } =
            header.clone();
        let encoded = EncodedRecord {
            schema,
            holder_tag,
            record_id,
            salt,
            valid_from,
            valid_until,
            attributes,
        };
        Ok(Self { header, values, encoded })
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The values, in the schema's order.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The record in field elements.
    pub fn encoded(&self) -> &EncodedRecord {
        &self.encoded
    }

    /// The commitment that goes to the ledger.
    pub fn leaf(&self) -> Leaf {
        commit_record(&self.encoded)
    }
}

/// What a department hands to the holder: the record, and where its leaf is. The file is
/// personal data; it does not print with `Debug`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordBundle {
    /// Origin of the ledger that holds the leaf.
    pub ledger: Origin,
    /// Index of the leaf in the state tree.
    pub index: u64,
    /// Name of the schema, for people; the header's id decides.
    pub schema: String,
    /// The header.
    pub header: Header,
    /// The attributes by name.
    pub attributes: Map<String, Json>,
}

impl fmt::Debug for EncodedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncodedRecord").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl fmt::Debug for RecordBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordBundle").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl RecordBundle {
    /// Bundles a record of `schema` whose leaf is at `index` in the ledger of `origin`.
    pub fn new(ledger: Origin, index: u64, schema: &Schema, record: &Record) -> Self {
        let attributes = schema
            .attributes()
            .iter()
            .zip(record.values())
            .map(|(attribute, value)| (attribute.name().to_owned(), value.to_json()))
            .collect();
        Self {
            ledger,
            index,
            schema: schema.name().to_owned(),
            header: record.header().clone(),
            attributes,
        }
    }

    /// The record in it.
    ///
    /// # Errors
    /// [`RecordError`] where the bundle is not of `schema`.
    pub fn record(&self, schema: &Schema) -> Result<Record, RecordError> {
        if let Some(unknown) = self.attributes.keys().find(|name| schema.attribute(name).is_none())
        {
            return Err(RecordError::Unknown(unknown.clone()));
        }
        let values = schema
            .attributes()
            .iter()
            .map(|attribute| {
                let name = attribute.name();
                let json = self
                    .attributes
                    .get(name)
                    .ok_or_else(|| RecordError::Missing(name.to_owned()))?;
                Value::from_json(attribute.kind(), json)
                    .map_err(|error| RecordError::Value { attribute: name.to_owned(), error })
            })
            .collect::<Result<_, _>>()?;
        Record::new(schema, self.header.clone(), values)
    }
}
