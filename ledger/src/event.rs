//! What a ledger logs, and its one binary form.
//!
//! | event | bytes |
//! |---|---|
//! | issue | `01` ‖ leaf (32) |
//! | amend | `02` ‖ index (8, big-endian) ‖ leaf (32) |
//! | revoke | `03` ‖ index (8, big-endian) |
//!
//! An issued leaf takes the next free index, so its index is the number of issues before it:
//! who replays the log finds it without being told.

use records::domain::CAPACITY;
use records::{FieldError, Leaf};
use serde::{Deserialize, Serialize};

const ISSUE: u8 = 1;
const AMEND: u8 = 2;
const REVOKE: u8 = 3;

/// Bytes of an index.
const INDEX_BYTES: usize = size_of::<u64>();

/// One change of a ledger's state.
///
/// In JSON: `{"operation": "issue", "leaf": "…64 hexadecimal digits…"}`,
/// `{"operation": "amend", "index": 7, "leaf": "…"}`, `{"operation": "revoke", "index": 7}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "lowercase", deny_unknown_fields)]
pub enum Event {
    /// A new record: its leaf takes the next free index.
    Issue {
        /// Commitment to the record.
        leaf: Leaf,
    },
    /// Another content of a record that is issued and not revoked.
    Amend {
        /// Where the record was issued.
        index: u64,
        /// Commitment to the new content.
        leaf: Leaf,
    },
    /// The end of a record: its leaf becomes empty for good.
    Revoke {
        /// Where the record was issued.
        index: u64,
    },
}

/// Why bytes are no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// No event has this many bytes, or not with this first byte.
    #[error("an event has a length that its kind does not have, or an unknown kind")]
    Shape,
    /// The leaf is no field element.
    #[error("the leaf of an event is malformed: {0}")]
    Leaf(#[from] FieldError),
    /// Issue and amend cannot carry the empty leaf: that is what revoke is for.
    #[error("an event issues the empty leaf, or amends to it")]
    EmptyLeaf,
    /// The state tree has no such leaf.
    #[error("an event has the index {0}, beyond the state tree")]
    Index(u64),
}

impl Event {
    /// The bytes that are logged.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Issue { leaf } => [&[ISSUE], &leaf.to_bytes()[..]].concat(),
            Self::Amend { index, leaf } => {
                [&[AMEND], &index.to_be_bytes()[..], &leaf.to_bytes()[..]].concat()
            }
            Self::Revoke { index } => [&[REVOKE], &index.to_be_bytes()[..]].concat(),
        }
    }

    /// Reads the bytes that [`Event::to_bytes`] writes, and no others.
    ///
    /// # Errors
    /// [`EventError`] for any other bytes. Whether the event fits the state of a ledger is not
    /// decided here.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EventError> {
        let (kind, rest) = bytes.split_first().ok_or(EventError::Shape)?;
        match *kind {
            ISSUE => Ok(Self::Issue { leaf: read_leaf(rest)? }),
            AMEND => {
                let (index, rest) = rest.split_at_checked(INDEX_BYTES).ok_or(EventError::Shape)?;
                Ok(Self::Amend { index: read_index(index)?, leaf: read_leaf(rest)? })
            }
            REVOKE => Ok(Self::Revoke { index: read_index(rest)? }),
            _ => Err(EventError::Shape),
        }
    }
}

fn read_index(bytes: &[u8]) -> Result<u64, EventError> {
    let index = u64::from_be_bytes(bytes.try_into().map_err(|_| EventError::Shape)?);
    if index < CAPACITY { Ok(index) } else { Err(EventError::Index(index)) }
}

fn read_leaf(bytes: &[u8]) -> Result<Leaf, EventError> {
    let leaf = Leaf::from_bytes(bytes).map_err(|error| match error {
        FieldError::Length => EventError::Shape,
        other => EventError::Leaf(other),
    })?;
    if leaf.is_empty() { Err(EventError::EmptyLeaf) } else { Ok(leaf) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use records::Fr;

    fn event() -> impl Strategy<Value = Event> {
        let leaf = (1_u64..).prop_map(|value| Leaf::from_field(Fr::from(value)));
        (0..3, 0..CAPACITY, leaf).prop_map(|(kind, index, leaf)| match kind {
            0 => Event::Issue { leaf },
            1 => Event::Amend { index, leaf },
            _ => Event::Revoke { index },
        })
    }

    proptest! {
        #[test]
        fn bytes_and_json_come_back(event in event()) {
            prop_assert_eq!(Event::from_bytes(&event.to_bytes()).unwrap(), event);
            let json = serde_json::to_string(&event).unwrap();
            prop_assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
        }

        #[test]
        fn what_is_read_is_what_is_written(bytes in prop::collection::vec(any::<u8>(), 0..44)) {
            if let Ok(event) = Event::from_bytes(&bytes) {
                prop_assert_eq!(event.to_bytes(), bytes);
            }
        }

        #[test]
        fn left_over_and_missing_bytes_are_refused(event in event()) {
            let mut bytes = event.to_bytes();
            bytes.push(0);
            prop_assert_eq!(Event::from_bytes(&bytes), Err(EventError::Shape));
            bytes.truncate(bytes.len() - 2);
            prop_assert_eq!(Event::from_bytes(&bytes), Err(EventError::Shape));
        }
    }

    #[test]
    fn malformed_events_are_refused() {
        let leaf = Leaf::from_field(Fr::from(5_u64));
        let mut unknown = Event::Issue { leaf }.to_bytes();
        unknown[0] = 4;
        assert_eq!(Event::from_bytes(&unknown), Err(EventError::Shape));
        assert_eq!(Event::from_bytes(&[]), Err(EventError::Shape));
        let empty = Event::Issue { leaf: Leaf::EMPTY }.to_bytes();
        assert_eq!(Event::from_bytes(&empty), Err(EventError::EmptyLeaf));
        let beyond = Event::Revoke { index: CAPACITY }.to_bytes();
        assert_eq!(Event::from_bytes(&beyond), Err(EventError::Index(CAPACITY)));
        let mut alias = Event::Issue { leaf }.to_bytes();
        alias[1..].fill(0xff);
        assert_eq!(Event::from_bytes(&alias), Err(FieldError::NotCanonical.into()));
    }

    #[test]
    fn json_is_strict() {
        let leaf = "0".repeat(63) + "7";
        let good = format!(r#"{{"operation":"amend","index":3,"leaf":"{leaf}"}}"#);
        assert!(serde_json::from_str::<Event>(&good).is_ok());
        for bad in [
            good.replace("amend", "erase"),
            good.replace("amend", "issue"),
            good.replace("\"index\":3,", ""),
            good.replace('3', "-3"),
            good.replace("07\"", "7\""),
        ] {
            assert!(serde_json::from_str::<Event>(&bad).is_err(), "{bad}");
        }
    }
}
