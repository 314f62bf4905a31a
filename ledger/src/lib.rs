//! The ledger of a department: an append-only [event](Event) log, the state tree that the
//! events make, and signed checkpoints over both.
//!
//! A [`Ledger`] works over a [`Store`]: [`SledStore`] on disk, [`MemoryStore`] for as long as
//! the process lives. [`Ledgers`] keeps the ledgers of several departments, with their signing
//! keys, in one folder.
//!
//! - `event`: what is logged, and its codec.
//! - `log`: the RFC 6962 tree over the events, in C2SP tiles.
//! - `state`: the 8-ary tree of leaves, in tiles of 512, each kept as of every size at which
//!   it was written.
//! - `store`: the contract with a store, and two stores.
//! - `ledger`: append, publish, read.
//!
//! The crate has no clock: whoever calls says what time it is.

pub mod client;
mod error;
mod event;
mod head;
mod keys;
mod ledger;
mod ledgers;
mod log;
mod seal;
mod signer;
mod state;
mod store;

pub use error::{Corruption, EventRefusal, LedgerError};
pub use event::{Event, EventError};
pub use head::Head;
pub use ledger::{Appended, Ledger, MAX_EVENTS, Statistics};
pub use ledgers::Ledgers;
pub use log::LogTile;
pub use signer::{LedgerSigner, SignerError};
pub use state::TileId;
pub use store::{
    Commit, Database, DurableDb, DurableError, MemoryStore, SledStore, Store, StoreError,
};
