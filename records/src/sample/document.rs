//! A document on its way to a row.

use super::{SampleError, Sampler};
use crate::import::Row;
use crate::{Date, Schema, Value};

/// A period of validity, and texts for attributes by name.
pub(super) struct Document {
    pub(super) valid_from: Date,
    pub(super) valid_until: Date,
    pub(super) fields: Vec<(&'static str, String)>,
}

impl Sampler {
    /// The row of a document: each attribute's text read as its type says.
    pub(super) fn finish(
        &mut self,
        schema: &Schema,
        document: &Document,
    ) -> Result<Row, SampleError> {
        let mut values = Vec::with_capacity(schema.attributes().len());
        for attribute in schema.attributes() {
            let field = document.fields.iter().find(|(name, _)| *name == attribute.name());
            let text = match field {
                Some((_, text)) => text.clone(),
                None => self.any_text(attribute.kind()),
            };
            let value =
                Value::parse(attribute.kind(), &text).map_err(|error| SampleError::Refused {
                    schema: schema.name().to_owned(),
                    attribute: attribute.name().to_owned(),
                    error,
                })?;
            values.push(value);
        }
        Ok(Row {
            line: 0,
            holder_tag: None,
            valid_from: document.valid_from,
            valid_until: document.valid_until,
            values,
        })
    }
}

/// An amount in hundredths, with two decimal places.
pub(super) fn money(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A weight in tenths of a kilogram, with one decimal place.
pub(super) fn kilograms(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A positive float as a count, at least 1.
pub(super) fn count(number: f64) -> u64 {
    // Beyond 2^53, which no sampled figure comes near, the cast would round; it never wraps.
    number.round().clamp(1.0, 9.0e15) as u64
}
