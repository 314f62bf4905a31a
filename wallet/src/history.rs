//! What was shown to whom and when. For the holder alone: it lies in the sealed file.

use std::fmt;

use records::Titles;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use statements::{Nonce, StatementId};

use crate::contents::wipe;
use crate::error::WalletError;
use crate::record::EntryId;
use crate::wallet::Wallet;

/// One presentation that was made. Whether it was also sent, the wallet does not know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// When, in seconds since 1970.
    pub at: u64,
    /// To whom.
    pub audience: String,
    /// In answer to which request.
    pub nonce: Nonce,
    /// The statement that was proven.
    pub statement: StatementId,
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Titles,
    /// Scope of the nullifiers, where the statement shows some.
    pub scope: Option<String>,
    /// The records it was proven with.
    pub records: Vec<ShownRecord>,
}

/// One record in a presentation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShownRecord {
    /// Its name in the statement.
    pub name: String,
    /// Its number in the wallet.
    pub id: EntryId,
    /// The holder's own name for it at that time.
    pub label: String,
    /// Whether the audience can recognise it when it is shown again in the same scope.
    pub recognisable: bool,
    /// The attributes that were revealed.
    pub revealed: Map<String, Json>,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown(private)")
    }
}

impl fmt::Debug for ShownRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownRecord(private)")
    }
}

impl Drop for ShownRecord {
    fn drop(&mut self) {
        self.revealed.values_mut().for_each(wipe);
    }
}

impl Wallet {
    /// The presentations that were made, oldest first.
    pub fn history(&self) -> &[Shown] {
        &self.contents().history
    }

    /// Forgets them. Nullifiers that were shown stay recognisable to those who saw them, and
    /// the wallet can no longer warn of it.
    ///
    /// # Errors
    /// [`WalletError::File`].
    pub fn clear_history(&mut self) -> Result<(), WalletError> {
        self.change(|contents| {
            contents.history.clear();
            Ok(())
        })
    }
}
