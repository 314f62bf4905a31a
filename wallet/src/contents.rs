//! What a wallet holds, and its one encoding: JSON with a version, inside the sealed file.

use std::collections::BTreeMap;

use records::commitment::commit_record;
use records::domain::ATTRIBUTES;
use records::{
    Blind, Encoded, EncodedRecord, Fr, Header, HolderSecret, HolderTag, Leaf, LedgerKey, Origin,
    RecordBundle, RecordId, SignedCheckpoint,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use zeroize::{Zeroize, Zeroizing};

use crate::history::Shown;
use crate::path::CachedPath;
use crate::record::{EntryId, RecordStatus};
use crate::seal::WorkFactor;

/// Version of the content that this program writes and reads.
const VERSION: u32 = 1;

/// Everything that a wallet remembers.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contents {
    version: u32,
    pub(crate) work_factor: WorkFactor,
    pub(crate) secret: HolderSecret,
    /// Number of the next record; numbers are not used again.
    pub(crate) next_entry: u64,
    pub(crate) tags: Vec<Tag>,
    pub(crate) records: Vec<StoredRecord>,
    pub(crate) ledgers: BTreeMap<Origin, KnownLedger>,
    pub(crate) history: Vec<Shown>,
}

/// A holder tag that this wallet drew.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tag {
    pub(crate) tag: HolderTag,
    pub(crate) blind: Blind,
    pub(crate) label: String,
    /// The record that was issued to it. A second record of the same tag would let departments
    /// match the two, so it stays even where the record is removed.
    pub(crate) record: Option<(Origin, RecordId)>,
}

/// A record, readable without its schema.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredRecord {
    pub(crate) id: EntryId,
    pub(crate) label: String,
    pub(crate) ledger: Origin,
    pub(crate) index: u64,
    pub(crate) schema: String,
    pub(crate) header: Header,
    /// In slot order.
    pub(crate) attributes: Vec<StoredAttribute>,
    pub(crate) status: RecordStatus,
    /// Its path in the newest checkpoint in which it was found.
    pub(crate) path: Option<CachedPath>,
}

/// One attribute: as the department wrote it, and as the circuit sees it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredAttribute {
    pub(crate) name: String,
    pub(crate) value: Json,
    pub(crate) encoded: Encoded,
}

/// A ledger whose checkpoints the holder trusts.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownLedger {
    pub(crate) key: LedgerKey,
    /// The newest checkpoint seen; its signature was good.
    pub(crate) checkpoint: Option<SignedCheckpoint>,
}

/// Why the opened content of a file is no wallet. Says where, never what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentsError {
    /// Written by a newer program.
    #[error("the wallet is of version {0}; this program reads version {VERSION}")]
    Version(u32),
    /// Not of the form of a wallet.
    #[error("the wallet's content is malformed at line {line}, column {column}")]
    Malformed {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
}

impl Contents {
    /// A new wallet's.
    pub(crate) fn new(secret: HolderSecret, work_factor: WorkFactor) -> Self {
        Self {
            version: VERSION,
            work_factor,
            secret,
            next_entry: 1,
            tags: Vec::new(),
            records: Vec::new(),
            ledgers: BTreeMap::new(),
            history: Vec::new(),
        }
    }

    /// As JSON, in a buffer that is wiped.
    pub(crate) fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, ContentsError> {
        // Counted first: a buffer that grows would leave copies behind.
        let mut count = Counter(0);
        serde_json::to_writer(&mut count, self).map_err(malformed)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(count.0));
        serde_json::to_writer(&mut *bytes, self).map_err(malformed)?;
        Ok(bytes)
    }

    /// Reads what [`Contents::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, ContentsError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version } = serde_json::from_slice(bytes).map_err(malformed)?;
        if version != VERSION {
            return Err(ContentsError::Version(version));
        }
        serde_json::from_slice(bytes).map_err(malformed)
    }

    /// The record with that number.
    pub(crate) fn record(&self, id: EntryId) -> Option<&StoredRecord> {
        self.records.iter().find(|record| record.id == id)
    }

    /// What opens a tag of ours.
    pub(crate) fn blind(&self, tag: HolderTag) -> Option<&Blind> {
        self.tags.iter().find(|known| known.tag == tag).map(|known| &known.blind)
    }
}

/// The text of a serde error can repeat what it read, so only the place is kept.
fn malformed(error: serde_json::Error) -> ContentsError {
    ContentsError::Malformed { line: error.line(), column: error.column() }
}

/// Counts bytes.
struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl StoredRecord {
    /// As the circuit sees it.
    pub(crate) fn encoded(&self) -> EncodedRecord {
        let Header { schema, holder_tag, record_id, salt, valid_from, valid_until } =
            self.header.clone();
        let mut attributes = [Fr::from(0_u64); ATTRIBUTES];
        for (slot, attribute) in attributes.iter_mut().zip(&self.attributes) {
            *slot = attribute.encoded.field();
        }
        EncodedRecord { schema, holder_tag, record_id, salt, valid_from, valid_until, attributes }
    }

    /// Its leaf in the state tree.
    pub(crate) fn leaf(&self) -> Leaf {
        commit_record(&self.encoded())
    }

    /// As the department handed it over.
    pub(crate) fn bundle(&self) -> RecordBundle {
        let attributes = self.attributes.iter();
        RecordBundle {
            ledger: self.ledger.clone(),
            index: self.index,
            schema: self.schema.clone(),
            header: self.header.clone(),
            attributes: attributes.map(|a| (a.name.clone(), a.value.clone())).collect(),
        }
    }
}

impl Drop for StoredAttribute {
    fn drop(&mut self) {
        wipe(&mut self.value);
    }
}

/// Overwrites a value of an attribute: a string, a number or a boolean.
pub(crate) fn wipe(value: &mut Json) {
    if let Json::String(text) = value {
        text.zeroize();
    }
    *value = Json::Null;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents() -> Contents {
        Contents::new(HolderSecret::from_field(Fr::from(12_345_u64)), WorkFactor::STRONG)
    }

    #[test]
    fn round_trips_in_one_buffer() {
        let bytes = contents().to_bytes().unwrap();
        assert_eq!(bytes.len(), bytes.capacity());
        let read = Contents::from_bytes(&bytes).unwrap();
        assert!(read.secret == contents().secret);
    }

    #[test]
    fn versions_that_are_not_known_are_named() {
        let text = String::from_utf8(contents().to_bytes().unwrap().to_vec()).unwrap();
        let newer = text.replacen("\"version\":1", "\"version\":2,\"colour\":1", 1);
        assert_eq!(Contents::from_bytes(newer.as_bytes()).err(), Some(ContentsError::Version(2)));
    }

    #[test]
    fn errors_repeat_nothing() {
        let text = String::from_utf8(contents().to_bytes().unwrap().to_vec()).unwrap();
        let bad = text.replacen("\"next_entry\":1", "\"next_entry\":\"zhang\"", 1);
        let error = Contents::from_bytes(bad.as_bytes()).err().unwrap().to_string();
        assert!(error.contains("line 1") && !error.contains("zhang"), "{error}");
    }
}
