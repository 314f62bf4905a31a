//! Records of government departments, and what is committed of them.
//!
//! A [`Schema`] is the data dictionary of one document type. A [`Record`] holds the values of
//! one document; its [`EncodedRecord`] is the same in field elements, and its [`Leaf`] the only
//! thing of it that a ledger ever sees. Leaves are the leaves of a [state tree](tree); the
//! ledger signs the tree's root in a [checkpoint].
//!
//! The crate is pure: no clock, no randomness of its own, no I/O.

pub mod check_digit;
pub mod checkpoint;
pub mod commitment;
mod date;
pub mod domain;
mod field;
#[cfg(feature = "import")]
pub mod import;
pub mod poseidon2;
mod record;
#[cfg(feature = "sample")]
pub mod sample;
pub mod schema;
pub mod tree;
mod value;

pub use checkpoint::{Checkpoint, CheckpointError, LedgerKey, Origin, SignedCheckpoint};
pub use date::{Date, DateError};
pub use field::{
    Blind, Challenge, Encoded, FieldError, HolderSecret, HolderTag, Leaf, LinkBlind, LinkTag, Node,
    Nullifier, RecordId, Salt, SchemaId, Scope, StateRoot, decode_hex, field_from_bytes,
    field_to_bytes, hash_to_field,
};
pub use record::{EncodedRecord, Header, Record, RecordBundle, RecordError};
pub use schema::{Attribute, AttributeType, Schema, SchemaError, Titles};
pub use value::{Value, ValueError};

/// Scalar field of BN254: the field of every committed value and of the circuit.
pub use ark_bn254::Fr;
