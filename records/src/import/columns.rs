//! From the cells of a line to a row.

use std::mem;

use serde_json::Value as Json;

use super::{LineError, LineErrorKind, Row};
use crate::{AttributeType, Date, HolderTag, Schema, Value};

/// Columns beside the attributes, in the order that follows theirs.
const HEADER_COLUMNS: [&str; 3] = [VALID_FROM, VALID_UNTIL, HOLDER_TAG];
pub(super) const VALID_FROM: &str = "valid_from";
pub(super) const VALID_UNTIL: &str = "valid_until";
pub(super) const HOLDER_TAG: &str = "holder_tag";

/// What a line has in one column.
#[derive(Clone, Copy)]
pub(super) enum Cell<'a> {
    /// Nothing.
    Absent,
    /// A field of CSV.
    Text(&'a str),
    /// A member of a JSON object.
    Json(&'a Json),
}

/// The columns of a schema: its attributes in order, then [`HEADER_COLUMNS`]. A column's index
/// is its place in that list.
pub(super) struct Columns<'s> {
    schema: &'s Schema,
}

/// A row of which parts may be missing.
pub(super) struct Draft {
    values: Vec<Option<Value>>,
    valid_from: Option<Date>,
    valid_until: Option<Date>,
    holder_tag: Option<HolderTag>,
}

impl<'s> Columns<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        Self { schema }
    }

    fn count(&self) -> usize {
        self.schema.attributes().len() + HEADER_COLUMNS.len()
    }

    fn name(&self, index: usize) -> &str {
        let attributes = self.schema.attributes();
        match attributes.get(index) {
            Some(attribute) => attribute.name(),
            None => HEADER_COLUMNS.get(index - attributes.len()).copied().unwrap_or_default(),
        }
    }

    fn index(&self, name: &str) -> Option<usize> {
        let attribute = self.schema.attribute(name).map(|(slot, _)| slot);
        let beside = || HEADER_COLUMNS.iter().position(|column| *column == name);
        attribute.or_else(|| Some(self.schema.attributes().len() + beside()?))
    }

    /// A cell for every column, all of them absent.
    pub(super) fn empty<'a>(&self) -> Vec<Cell<'a>> {
        vec![Cell::Absent; self.count()]
    }

    /// The column index of every name of a CSV header row.
    pub(super) fn header(&self, line: u64, names: &[String]) -> Result<Vec<usize>, Vec<LineError>> {
        let mut errors = Vec::new();
        let mut header = Vec::new();
        for (position, name) in names.iter().enumerate() {
            match self.index(name) {
                None => errors.push(LineError::of_number(
                    line,
                    position + 1,
                    LineErrorKind::UnknownColumn,
                )),
                Some(index) if header.contains(&index) => {
                    errors.push(LineError::of_column(line, name, LineErrorKind::RepeatedColumn));
                }
                Some(index) => header.push(index),
            }
        }
        for index in 0..self.count() {
            let name = self.name(index);
            if name != HOLDER_TAG && !header.contains(&index) {
                errors.push(LineError::of_column(line, name, LineErrorKind::MissingColumn));
            }
        }
        if errors.is_empty() { Ok(header) } else { Err(errors) }
    }

    /// The cells of a JSON object, and what is wrong with its keys.
    pub(super) fn members<'a>(
        &self,
        line: u64,
        members: &'a [(String, Json)],
    ) -> (Vec<Cell<'a>>, Vec<LineError>) {
        let mut cells = self.empty();
        let mut errors = Vec::new();
        for (position, (name, json)) in members.iter().enumerate() {
            match self.index(name).and_then(|index| cells.get_mut(index)) {
                None => errors.push(LineError::of_number(
                    line,
                    position + 1,
                    LineErrorKind::UnknownColumn,
                )),
                Some(cell) => {
                    if !matches!(mem::replace(cell, Cell::Json(json)), Cell::Absent) {
                        let kind = LineErrorKind::RepeatedColumn;
                        errors.push(LineError::of_column(line, name, kind));
                    }
                }
            }
        }
        (cells, errors)
    }

    /// Reads all cells of a line; what is wrong with them is added to `errors`.
    pub(super) fn draft(
        &self,
        line: u64,
        cells: &[Cell<'_>],
        errors: &mut Vec<LineError>,
    ) -> Draft {
        let mut note = |column: &str, kind| errors.push(LineError::of_column(line, column, kind));
        let values = self
            .schema
            .attributes()
            .iter()
            .zip(cells)
            .map(|(attribute, cell)| {
                read_value(attribute.kind(), *cell)
                    .map_err(|kind| note(attribute.name(), kind))
                    .ok()
            })
            .collect();
        let mut beside = cells.iter().copied().skip(self.schema.attributes().len());
        let mut next = || beside.next().unwrap_or(Cell::Absent);
        let (from, until, tag) = (next(), next(), next());
        let valid_from = read_date(from).map_err(|kind| note(VALID_FROM, kind)).ok();
        let valid_until = read_date(until).map_err(|kind| note(VALID_UNTIL, kind)).ok();
        let holder_tag = read_tag(tag).map_err(|kind| note(HOLDER_TAG, kind)).unwrap_or_default();
        if valid_from.zip(valid_until).is_some_and(|(from, until)| until < from) {
            note(VALID_UNTIL, LineErrorKind::Validity);
        }
        Draft { values, valid_from, valid_until, holder_tag }
    }

    /// The values of the key, each behind its length, where all of them are readable.
    pub(super) fn key(&self, draft: &Draft) -> Option<Vec<u8>> {
        let mut key = Vec::new();
        for name in self.schema.key() {
            let (slot, _) = self.schema.attribute(name)?;
            let text = draft.values.get(slot)?.as_ref()?.to_string();
            key.extend_from_slice(&text.len().to_be_bytes());
            key.extend_from_slice(text.as_bytes());
        }
        Some(key)
    }
}

impl Draft {
    /// The row, if nothing of it is missing.
    pub(super) fn finish(self, line: u64) -> Option<Row> {
        Some(Row {
            line,
            holder_tag: self.holder_tag,
            valid_from: self.valid_from?,
            valid_until: self.valid_until?,
            values: self.values.into_iter().collect::<Option<_>>()?,
        })
    }
}

fn read_value(kind: &AttributeType, cell: Cell<'_>) -> Result<Value, LineErrorKind> {
    match cell {
        Cell::Absent | Cell::Text("") | Cell::Json(Json::Null) => Err(LineErrorKind::MissingValue),
        Cell::Text(text) => Value::parse(kind, text).map_err(LineErrorKind::Value),
        Cell::Json(json) => Value::from_json(kind, json).map_err(LineErrorKind::Value),
    }
}

fn read_date(cell: Cell<'_>) -> Result<Date, LineErrorKind> {
    match read_value(&AttributeType::Date, cell)? {
        Value::Date(date) => Ok(date),
        _ => Err(LineErrorKind::MissingValue),
    }
}

fn read_tag(cell: Cell<'_>) -> Result<Option<HolderTag>, LineErrorKind> {
    let text = match cell {
        Cell::Absent | Cell::Text("") | Cell::Json(Json::Null) => return Ok(None),
        Cell::Text(text) => text,
        Cell::Json(json) => json.as_str().unwrap_or_default(),
    };
    text.parse().map(Some).map_err(LineErrorKind::HolderTag)
}
