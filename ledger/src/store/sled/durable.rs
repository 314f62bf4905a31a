//! A sled database whose flush survives a loss of power.
//!
//! Sled's own flush asks the system to write the pages of its log (`sync_file_range`), but
//! neither the file's length nor the disk's cache; and it writes pages of more than a quarter of
//! a segment to files of their own, which it does not flush at all. So this flush ends with
//! fsync, and segments are large enough to keep all pages inside: see ADR 8.

use std::fs::File;
use std::path::Path;

use sled::Db;

/// Pages up to a quarter of this stay in the log. Values must stay far below that.
const SEGMENT_BYTES: usize = 1 << 21;

/// The file in which sled keeps its log.
const LOG_FILE: &str = "db";

/// A sled database that can be flushed for good.
#[derive(Debug)]
pub struct DurableDb {
    db: Db,
    log: File,
}

/// Why a database cannot be opened or flushed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DurableError {
    /// The database failed.
    #[error(transparent)]
    Sled(#[from] sled::Error),
    /// Its file failed.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

impl DurableDb {
    /// Opens the database in a folder, or makes one, and has all that it holds on disk.
    ///
    /// # Errors
    /// [`DurableError`], also where another process has it open.
    pub fn open(folder: &Path, cache_bytes: u64) -> Result<Self, DurableError> {
        let db = sled::Config::new()
            .path(folder)
            .segment_size(SEGMENT_BYTES)
            .cache_capacity(cache_bytes)
            .open()?;
        let log = File::open(folder.join(LOG_FILE))?;
        let database = Self { db, log };
        database.flush()?;
        // The names of new files are durable when their folders are.
        File::open(folder)?.sync_all()?;
        if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            File::open(parent)?.sync_all()?;
        }
        Ok(database)
    }

    /// The database. Its own `flush` is not enough.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Makes all that was written durable.
    ///
    /// # Errors
    /// [`DurableError`]; then what was written lately may be lost.
    pub fn flush(&self) -> Result<(), DurableError> {
        self.db.flush()?;
        self.log.sync_all()?;
        Ok(())
    }
}
