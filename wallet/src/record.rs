//! Records as the holder sees them.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use records::{Date, HolderTag, Origin};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::contents::StoredRecord;

/// Number of a record in its wallet, from 1 on. It has no meaning outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub(crate) u64);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EntryId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

/// What the ledger said of a record when the wallet last looked. `as_of` is the time of that
/// checkpoint, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum RecordStatus {
    /// Not looked up yet.
    Unchecked,
    /// Issued and not revoked.
    Current {
        /// Time of the checkpoint.
        as_of: u64,
    },
    /// Revoked.
    Revoked {
        /// Time of the checkpoint.
        as_of: u64,
    },
    /// The ledger has another version of it.
    Amended {
        /// Time of the checkpoint.
        as_of: u64,
    },
}

impl fmt::Display for RecordStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unchecked => "not checked yet",
            Self::Current { .. } => "current",
            Self::Revoked { .. } => "revoked",
            Self::Amended { .. } => "amended by the department",
        })
    }
}

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordSummary {
    /// Its number in this wallet.
    pub id: EntryId,
    /// The holder's own name for it.
    pub label: String,
    /// Name of its schema.
    pub schema: String,
    /// Ledger that has its leaf.
    pub ledger: Origin,
    /// Index of the leaf.
    pub index: u64,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity.
    pub valid_until: Date,
    /// What the ledger said of it.
    pub status: RecordStatus,
}

/// A record with its attributes: personal data, for the holder's eyes. Does not print with
/// `Debug`.
#[derive(Clone, PartialEq, Serialize)]
pub struct RecordDetail {
    /// What lists show.
    #[serde(flatten)]
    pub summary: RecordSummary,
    /// The attributes by name.
    pub attributes: Map<String, Json>,
}

impl fmt::Debug for RecordDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordDetail({}, private)", self.summary.id)
    }
}

/// A holder tag that waits for its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PendingTag {
    /// The tag: what the department gets.
    pub tag: HolderTag,
    /// The holder's own name for the record to come.
    pub label: String,
}

impl StoredRecord {
    pub(crate) fn summary(&self) -> RecordSummary {
        RecordSummary {
            id: self.id,
            label: self.label.clone(),
            schema: self.schema.clone(),
            ledger: self.ledger.clone(),
            index: self.index,
            valid_from: self.header.valid_from,
            valid_until: self.header.valid_until,
            status: self.status,
        }
    }

    pub(crate) fn detail(&self) -> RecordDetail {
        RecordDetail { summary: self.summary(), attributes: self.bundle().attributes }
    }
}
