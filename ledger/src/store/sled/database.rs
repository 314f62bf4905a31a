//! A sled database with one tree for each ledger.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::Arc;

use super::durable::{DurableDb, DurableError};
use super::{HEAD, SledStore, failed};
use crate::store::StoreError;
use records::Origin;

/// Memory for pages that were read or written. A page has up to 17 tiles of at most 19 kB.
const CACHE_BYTES: u64 = 64 << 20;

/// A folder with the ledgers of one process. The folder is locked until the last store of it
/// is dropped.
pub struct Database {
    db: DurableDb,
    lock: File,
}

/// Closing the file is not enough: a process that is just being started holds a copy of it for a
/// moment, and with it the lock.
impl Drop for Database {
    fn drop(&mut self) {
        // Sled's own lock, on the file of its log, guards until the database is closed. Ours is
        // released when the process ends, if not now.
        let _ = self.lock.unlock();
    }
}

impl Database {
    /// Opens the database in a folder, or makes one.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another process has it open, [`StoreError::Failed`] where
    /// the folder cannot be used or its content is not a database of ours.
    pub fn open(folder: &Path) -> Result<Arc<Self>, StoreError> {
        let io =
            |error: std::io::Error| StoreError::Failed(format!("{}: {error}", folder.display()));
        fs::create_dir_all(folder).map_err(io)?;
        let lock = File::create(folder.join("lock")).map_err(io)?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => StoreError::Locked { path: folder.display().to_string() },
            TryLockError::Error(error) => io(error),
        })?;
        let db = DurableDb::open(&folder.join("sled"), CACHE_BYTES).map_err(not_durable)?;
        let database = Self { db, lock };
        Ok(Arc::new(database))
    }

    /// The store of a ledger; empty where there was none of that name.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where its head is damaged, [`StoreError::Failed`].
    pub fn store(self: &Arc<Self>, origin: &Origin) -> Result<SledStore, StoreError> {
        let tree = self.db.db().open_tree(origin.as_str()).map_err(failed)?;
        SledStore::new(Arc::clone(self), tree)
    }

    /// Names of the ledgers, sorted: of all trees that have a head.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub fn names(&self) -> Result<Vec<Origin>, StoreError> {
        let mut names = Vec::new();
        for name in self.db.db().tree_names() {
            // Sled's own default tree has no head.
            let tree = self.db.db().open_tree(&name).map_err(failed)?;
            let name = std::str::from_utf8(&name).ok().and_then(|name| Origin::new(name).ok());
            if let Some(name) = name
                && tree.contains_key(HEAD).map_err(failed)?
            {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// Makes all that was written durable.
    pub(super) fn flush(&self) -> Result<(), StoreError> {
        self.db.flush().map_err(not_durable)
    }
}

fn not_durable(error: DurableError) -> StoreError {
    StoreError::Failed(error.to_string())
}
