//! Writing rows in the forms that [`super::import`] reads.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::columns::{HOLDER_TAG, VALID_FROM, VALID_UNTIL};
use super::{Format, Row};
use crate::Schema;

/// Writes rows of one schema to a file. Values are personal data; so is the file.
pub struct RowWriter<'s, W: Write> {
    schema: &'s Schema,
    sink: Sink<W>,
}

enum Sink<W: Write> {
    // Boxed: far larger than the other.
    Csv(Box<csv::Writer<W>>),
    JsonLines(W),
}

impl<'s, W: Write> RowWriter<'s, W> {
    /// Begins a file; for CSV, with its header row. Writes are small: give a buffered writer.
    ///
    /// # Errors
    /// Those of `writer`.
    pub fn new(schema: &'s Schema, format: Format, writer: W) -> io::Result<Self> {
        let sink = match format {
            Format::JsonLines => Sink::JsonLines(writer),
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(writer);
                let names = schema.attributes().iter().map(|attribute| attribute.name());
                csv.write_record(names.chain([VALID_FROM, VALID_UNTIL, HOLDER_TAG]))?;
                Sink::Csv(Box::new(csv))
            }
        };
        Ok(Self { schema, sink })
    }

    /// Writes one row. Its values are taken to be of the writer's schema.
    ///
    /// # Errors
    /// Those of the writer beneath.
    pub fn write(&mut self, row: &Row) -> io::Result<()> {
        match &mut self.sink {
            Sink::Csv(csv) => {
                let tag = row.holder_tag.map(|tag| tag.to_string()).unwrap_or_default();
                let beside = [row.valid_from.to_string(), row.valid_until.to_string(), tag];
                csv.write_record(row.values.iter().map(ToString::to_string).chain(beside))?;
            }
            Sink::JsonLines(writer) => {
                serde_json::to_writer(&mut *writer, &Members { schema: self.schema, row })?;
                writer.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    /// Flushes and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer beneath.
    pub fn finish(self) -> io::Result<W> {
        match self.sink {
            Sink::Csv(csv) => csv.into_inner().map_err(|error| error.into_error()),
            Sink::JsonLines(mut writer) => {
                writer.flush()?;
                Ok(writer)
            }
        }
    }
}

/// A row as a JSON object, in the schema's order.
struct Members<'a> {
    schema: &'a Schema,
    row: &'a Row,
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (attribute, value) in self.schema.attributes().iter().zip(&self.row.values) {
            map.serialize_entry(attribute.name(), &value.to_json())?;
        }
        map.serialize_entry(VALID_FROM, &self.row.valid_from)?;
        map.serialize_entry(VALID_UNTIL, &self.row.valid_until)?;
        if let Some(tag) = &self.row.holder_tag {
            map.serialize_entry(HOLDER_TAG, tag)?;
        }
        map.end()
    }
}
