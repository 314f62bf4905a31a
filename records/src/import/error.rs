//! What can be wrong with a line. No text here holds a value of the file.

use std::fmt;
use std::io;

use crate::{DateError, FieldError, ValueError};

/// Something wrong with one line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// The line, from 1.
    pub line: u64,
    /// The column; nothing where the whole line is meant.
    pub column: Option<Column>,
    /// What is wrong.
    pub kind: LineErrorKind,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// One that the schema knows.
    Name(String),
    /// Any other, by its position from 1 (for JSON, the member's). Not by its name: a CSV file
    /// without a header row has the values of a record in that place.
    Number(usize),
}

/// What is wrong with a line or one of its columns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineErrorKind {
    /// CSV: no line at all.
    #[error("the file has no header row")]
    NoHeader,
    /// A column that the schema does not have.
    #[error("the schema has no attribute of that name")]
    UnknownColumn,
    /// CSV: a column that every file needs is not in the header row.
    #[error("the column is missing")]
    MissingColumn,
    /// A column of the header row or a key of a JSON object stands there twice.
    #[error("the column occurs twice")]
    RepeatedColumn,
    /// Nothing in a column that needs a value.
    #[error("the value is missing")]
    MissingValue,
    /// A value that is not of its attribute's type.
    #[error("{0}")]
    Value(ValueError),
    /// `valid_from` or `valid_until` is no date.
    #[error("{0}")]
    Date(DateError),
    /// `holder_tag` is no field element.
    #[error("{0}")]
    HolderTag(FieldError),
    /// `valid_until` is before `valid_from`.
    #[error("valid_until is before valid_from")]
    Validity,
    /// A record before this one has the same key.
    #[error("the key of this record occurs before, on line {first}")]
    Duplicate {
        /// Line of the first record with the key.
        first: u64,
    },
    /// CSV: more or fewer fields than the header row.
    #[error("the line has {found} fields, the header row {expected}")]
    FieldCount {
        /// Fields of the header row.
        expected: usize,
        /// Fields of the line.
        found: usize,
    },
    /// CSV: quotes out of place.
    #[error("the quotes of field {field} do not match on this line")]
    MalformedCsv {
        /// The field, from 1.
        field: usize,
    },
    /// The line is not JSON.
    #[error("the line is not JSON (character {position})")]
    MalformedJson {
        /// Where reading failed, in bytes from 1; 0 where that is unknown.
        position: usize,
    },
    /// The line is JSON, but no object.
    #[error("the line is not a JSON object")]
    NotAnObject,
    /// Bytes that are not UTF-8.
    #[error("the line is not UTF-8")]
    NotUtf8,
    /// A line beyond the longest that is read.
    #[error("the line has more than {0} bytes")]
    LineTooLong(usize),
    /// The file cannot be read further.
    #[error("the file cannot be read: {0}")]
    Read(io::ErrorKind),
}

impl LineError {
    /// An error of a whole line.
    pub(super) fn of_line(line: u64, kind: LineErrorKind) -> Self {
        Self { line, column: None, kind }
    }

    /// An error of a known column.
    pub(super) fn of_column(line: u64, column: &str, kind: LineErrorKind) -> Self {
        Self { line, column: Some(Column::Name(column.to_owned())), kind }
    }

    /// An error of a column that has only a position, from 1.
    pub(super) fn of_number(line: u64, number: usize, kind: LineErrorKind) -> Self {
        Self { line, column: Some(Column::Number(number)), kind }
    }
}

impl LineErrorKind {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoHeader => "no_header",
            Self::UnknownColumn => "unknown_column",
            Self::MissingColumn => "missing_column",
            Self::RepeatedColumn => "repeated_column",
            Self::MissingValue | Self::Value(ValueError::Empty) => "missing_value",
            Self::Value(ValueError::Type(_)) => "wrong_type",
            Self::Value(ValueError::NotNormal) => "not_normalized",
            Self::Value(ValueError::TooLong(_)) => "too_long",
            Self::Value(ValueError::UnknownCode) => "unknown_code",
            Self::Value(ValueError::DigitCount(_)) => "wrong_length",
            Self::Value(ValueError::OutOfBounds) => "out_of_bounds",
            Self::Value(ValueError::Scale(_)) => "too_many_decimal_places",
            Self::Value(ValueError::CheckDigit(_)) => "bad_check_digit",
            Self::Value(ValueError::Date(DateError::Form)) | Self::Date(DateError::Form) => {
                "malformed_date"
            }
            Self::Value(ValueError::Date(DateError::Nonexistent))
            | Self::Date(DateError::Nonexistent) => "nonexistent_date",
            Self::HolderTag(_) => "bad_holder_tag",
            Self::Validity => "ends_before_it_begins",
            Self::Duplicate { .. } => "duplicate_record",
            Self::FieldCount { .. } => "field_count",
            Self::MalformedCsv { .. } => "malformed_csv",
            Self::MalformedJson { .. } => "malformed_json",
            Self::NotAnObject => "not_an_object",
            Self::NotUtf8 => "not_utf8",
            Self::LineTooLong(_) => "line_too_long",
            Self::Read(_) => "read_failed",
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "column {name}"),
            Self::Number(number) => write!(f, "column {number}"),
        }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {}", self.kind)
    }
}

impl std::error::Error for LineError {}
