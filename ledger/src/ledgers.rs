//! The ledgers of several departments in one folder:
//!
//! ```text
//! store/              one database, with a tree for each ledger
//! keys/<origin>.key   signing keys, mode 0600, in a folder of mode 0700
//! ```
//!
//! Keys are beside the database, not in it: a copy of the database can be given to an auditor.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use records::Origin;

use crate::error::LedgerError;
use crate::keys::KeyFolder;
use crate::ledger::Ledger;
use crate::signer::LedgerSigner;
use crate::store::Database;

/// The ledgers of one folder. One process at a time has it open.
pub struct Ledgers {
    database: Arc<Database>,
    keys: KeyFolder,
    /// Those in use: there is never a second [`Ledger`] over the same tree.
    open: Mutex<BTreeMap<Origin, Arc<Ledger>>>,
}

impl Ledgers {
    /// Opens a folder, or makes one. The ledgers in it are opened when they are asked for, so
    /// that damage to one does not stop the others.
    ///
    /// # Errors
    /// [`LedgerError::Store`] with [`crate::StoreError::Locked`] where another process has it
    /// open; [`LedgerError::KeyFile`], [`LedgerError::Store`] where the folder cannot be used.
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        let database = Database::open(&folder.join("store"))?;
        let keys = KeyFolder::open(folder.join("keys"))?;
        Ok(Self { database, keys, open: Mutex::new(BTreeMap::new()) })
    }

    /// Founds a ledger, with a key of its own. A key that was left where the process died
    /// before the ledger was founded is used.
    ///
    /// *Durability*: key and ledger are durable when it returns, the key first.
    ///
    /// # Errors
    /// [`LedgerError::Exists`], [`LedgerError::KeyFile`], [`LedgerError::Store`].
    pub fn create(&self, origin: &Origin, now: u64) -> Result<Arc<Ledger>, LedgerError> {
        let mut open = self.lock();
        if open.contains_key(origin) || self.list()?.contains(origin) {
            return Err(LedgerError::Exists(origin.clone()));
        }
        let signer = match self.keys.load(origin)? {
            Some(signer) => signer,
            None => {
                let signer = LedgerSigner::generate(origin)?;
                self.keys.save(&signer)?;
                signer
            }
        };
        let store = Arc::new(self.database.store(origin)?);
        let ledger = Arc::new(Ledger::create(store, signer, now)?);
        open.insert(origin.clone(), Arc::clone(&ledger));
        Ok(ledger)
    }

    /// The ledger of that name, or none.
    ///
    /// # Errors
    /// Those of [`Ledger::open`]; [`LedgerError::KeyFile`] where its key is missing or cannot
    /// be used.
    pub fn get(&self, origin: &Origin) -> Result<Option<Arc<Ledger>>, LedgerError> {
        let mut open = self.lock();
        if let Some(ledger) = open.get(origin) {
            return Ok(Some(Arc::clone(ledger)));
        }
        if !self.list()?.contains(origin) {
            return Ok(None);
        }
        let signer = self.keys.load(origin)?.ok_or_else(|| self.keys.missing(origin))?;
        let store = Arc::new(self.database.store(origin)?);
        let ledger = Arc::new(Ledger::open(store, signer)?);
        open.insert(origin.clone(), Arc::clone(&ledger));
        Ok(Some(ledger))
    }

    /// Names of the ledgers, sorted.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub fn list(&self) -> Result<Vec<Origin>, LedgerError> {
        Ok(self.database.names()?)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Origin, Arc<Ledger>>> {
        // Entries are inserted whole, so a poisoned lock guards a whole map.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
