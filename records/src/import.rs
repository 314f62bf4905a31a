//! Reading records from files that departments export: CSV with a header row, or JSON Lines.
//!
//! Columns (keys) are the schema's attributes, `valid_from` and `valid_until` (YYYY-MM-DD), and
//! optionally `holder_tag` (64 hexadecimal digits). Values are written as [`Value::parse`] and
//! [`Value::from_json`] read them. Files are UTF-8, with or without a byte order mark, lines end
//! with LF or CRLF, and empty lines are skipped.
//!
//! Every error names its line, its column and a stable code, and none holds a value of the
//! file: a report may be logged and sent on.

mod columns;
mod csv_line;
mod error;
mod json_line;
mod lines;
mod write;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io::BufRead;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::{Date, HolderTag, Schema, Value};
use columns::{Cell, Columns};
use lines::Lines;

pub use error::{Column, LineError, LineErrorKind};
pub use write::RowWriter;

/// A form of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header row (RFC 4180, without line breaks in fields).
    Csv,
    /// One JSON object in each line.
    JsonLines,
}

/// A text that names no [`Format`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the format is neither csv nor jsonl")]
pub struct UnknownFormat;

/// What a file says of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the file it stands on, from 1; 0 where it comes from no file.
    pub line: u64,
    /// Commitment to the holder's secret, where the file has one.
    pub holder_tag: Option<HolderTag>,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity, not before the first.
    pub valid_until: Date,
    /// One value for each attribute, of its type and in the schema's order.
    pub values: Vec<Value>,
}

/// All of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Its good rows, in the order of the file.
    pub rows: Vec<Row>,
    /// Everything wrong with the others, in the order of the file.
    pub errors: Vec<LineError>,
}

/// The rows of a file, read one line at a time. A line with several errors gives several items.
///
/// Memory: one line, and 40 bytes for each row so far (the hash of its key, to find
/// duplicates).
pub struct Rows<'s, R> {
    columns: Columns<'s>,
    format: Format,
    lines: Lines<R>,
    /// CSV: which column each field of a line belongs to; nothing before the header is read.
    header: Option<Vec<usize>>,
    /// Line of the first row with a key, by the key's hash.
    seen: HashMap<[u8; 32], u64>,
    pending: VecDeque<LineError>,
    finished: bool,
}

/// Reads a whole file. A department imports it only if `errors` is empty.
pub fn import<R: BufRead>(schema: &Schema, format: Format, reader: R) -> ImportReport {
    let mut report = ImportReport::default();
    for item in Rows::new(schema, format, reader) {
        match item {
            Ok(row) => report.rows.push(row),
            Err(error) => report.errors.push(error),
        }
    }
    report
}

impl<'s, R: BufRead> Rows<'s, R> {
    /// Reads rows of `schema` from `reader`.
    pub fn new(schema: &'s Schema, format: Format, reader: R) -> Self {
        Self {
            columns: Columns::new(schema),
            format,
            lines: Lines::new(reader),
            header: None,
            seen: HashMap::new(),
            pending: VecDeque::new(),
            finished: false,
        }
    }

    /// The next line that is not blank, where it is readable text.
    fn next_text(&mut self) -> Option<Result<(u64, String), LineError>> {
        loop {
            match self.lines.next()? {
                Ok((_, text)) if text.trim_ascii().is_empty() => {}
                line => return Some(line),
            }
        }
    }

    /// Reads the header row of a CSV file. After an error in it no field could be told from
    /// another, so reading ends.
    fn read_header(&mut self) {
        let header = match self.next_text() {
            Some(Ok((line, text))) => csv_line::split(&text)
                .map_err(|kind| vec![LineError::of_line(line, kind)])
                .and_then(|names| self.columns.header(line, &names)),
            Some(Err(error)) => Err(vec![error]),
            None => Err(vec![LineError::of_line(1, LineErrorKind::NoHeader)]),
        };
        match header {
            Ok(header) => self.header = Some(header),
            Err(errors) => {
                self.pending.extend(errors);
                self.finished = true;
            }
        }
    }

    fn read_row(&mut self, line: u64, text: &str) -> Result<Row, Vec<LineError>> {
        match self.format {
            Format::Csv => {
                let fields =
                    csv_line::split(text).map_err(|kind| vec![LineError::of_line(line, kind)])?;
                let header = self.header.as_deref().unwrap_or_default();
                if fields.len() != header.len() {
                    let kind =
                        LineErrorKind::FieldCount { expected: header.len(), found: fields.len() };
                    return Err(vec![LineError::of_line(line, kind)]);
                }
                let mut cells = self.columns.empty();
                for (field, column) in fields.iter().zip(header) {
                    if let Some(cell) = cells.get_mut(*column) {
                        *cell = Cell::Text(field);
                    }
                }
                self.assemble(line, &cells, Vec::new())
            }
            Format::JsonLines => {
                let members = json_line::members(text)
                    .map_err(|kind| vec![LineError::of_line(line, kind)])?;
                let (cells, errors) = self.columns.members(line, &members);
                self.assemble(line, &cells, errors)
            }
        }
    }

    /// Makes a row of its cells and looks for its key among the rows before.
    fn assemble(
        &mut self,
        line: u64,
        cells: &[Cell<'_>],
        mut errors: Vec<LineError>,
    ) -> Result<Row, Vec<LineError>> {
        let draft = self.columns.draft(line, cells, &mut errors);
        if let Some(key) = self.columns.key(&draft) {
            let digest = Sha256::digest(&key).into();
            let first = *self.seen.entry(digest).or_insert(line);
            if first != line {
                errors.push(LineError::of_line(line, LineErrorKind::Duplicate { first }));
            }
        }
        match draft.finish(line) {
            Some(row) if errors.is_empty() => Ok(row),
            _ => Err(errors),
        }
    }
}

impl<R: BufRead> Iterator for Rows<'_, R> {
    type Item = Result<Row, LineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.format == Format::Csv && self.header.is_none() && !self.finished {
            self.read_header();
        }
        loop {
            if let Some(error) = self.pending.pop_front() {
                return Some(Err(error));
            }
            if self.finished {
                return None;
            }
            match self.next_text() {
                Some(Ok((line, text))) => match self.read_row(line, &text) {
                    Ok(row) => return Some(Ok(row)),
                    Err(errors) => self.pending.extend(errors),
                },
                Some(Err(error)) => return Some(Err(error)),
                None => self.finished = true,
            }
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        match text {
            "csv" => Ok(Self::Csv),
            "jsonl" => Ok(Self::JsonLines),
            _ => Err(UnknownFormat),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        })
    }
}
