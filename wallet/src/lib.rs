//! The holder's side of Vouch: secrets, records, and presentations made from them.
//!
//! A [`Wallet`] is one file, sealed with a passphrase. The way of a record through it:
//!
//! 1. [`Wallet::new_tag`] draws a holder tag, which the department puts into the record.
//! 2. [`Wallet::add`] takes the record that the department issued to it.
//! 3. [`Wallet::refresh`] fetches checkpoints and paths from a [`LedgerSource`], ahead of need.
//! 4. [`Wallet::plan`] chooses the records that answer a request, [`Wallet::consent`] says what
//!    would be shown, and [`Wallet::present`] makes the presentation.
//!
//! Files by step: `wallet` (open, save) over `file`, `seal` and `contents`; `tags`; `holdings`;
//! `trust`, `refresh` and `path`; `ask` and `choice`; `consent`; `present` and `witness`;
//! `history`.
//!
//! The crate has no clock: whoever calls says what time it is.

mod ask;
mod choice;
mod consent;
mod contents;
mod error;
mod file;
mod history;
mod holdings;
mod path;
mod present;
mod record;
mod refresh;
mod seal;
mod source;
mod tags;
mod trust;
mod wallet;
mod witness;

pub use ask::Plan;
pub use choice::{Candidate, ChoiceError, Mismatch, Selection};
pub use consent::{Consent, ConsentRecord, Warning};
pub use contents::ContentsError;
pub use error::{AskError, BundleError, LedgerTrouble, RecordTrouble, WalletError};
pub use file::FileError;
pub use history::{Shown, ShownRecord};
pub use record::{EntryId, PendingTag, RecordDetail, RecordStatus, RecordSummary};
pub use refresh::Refreshed;
pub use seal::{SealError, WorkFactor};
pub use source::{LedgerSource, Offline, SourceError};
pub use wallet::Wallet;
