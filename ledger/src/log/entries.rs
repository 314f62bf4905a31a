//! Bundles of entries: each entry is its length (2 bytes, big-endian) and its bytes (C2SP
//! tlog-tiles, "log entries").

use tlog_tiles::{HASH_SIZE, record_hash};

use super::{LogTile, TILE_WIDTH};
use crate::error::{Corruption, LedgerError};
use crate::event::Event;
use crate::store::Store;

/// Appends an entry to a bundle.
pub(super) fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) {
    // Events have at most 41 bytes.
    debug_assert!(entry.len() <= usize::from(u16::MAX));
    bundle.extend((entry.len() as u16).to_be_bytes());
    bundle.extend(entry);
}

/// The first `width` entries of bundle `n`, each compared with its hash in the log: as
/// `(bundle up to there, ranges of the entries in it)`.
///
/// # Errors
/// [`LedgerError::Corrupt`] where an entry is missing or is not the one that was hashed,
/// [`LedgerError::Store`].
pub(super) fn read_bundle(
    store: &dyn Store,
    n: u64,
    width: usize,
) -> Result<(Vec<u8>, Vec<std::ops::Range<usize>>), LedgerError> {
    let id = LogTile::Entries { n };
    let mut bundle = store.log_tile(id)?.unwrap_or_default();
    let hashes = store.log_tile(LogTile::Hashes { level: 0, n })?.unwrap_or_default();
    let hashes = hashes.as_chunks::<HASH_SIZE>().0;
    let mut ranges = Vec::with_capacity(width);
    let mut end = 0;
    for position in 0..width {
        let damaged = |reason| Corruption::new(id, format!("entry {position} {reason}"));
        let (range, entry) =
            entry_at(&bundle, end).ok_or_else(|| damaged("is missing or cut short"))?;
        if hashes.get(position) != Some(&record_hash(entry).0) {
            return Err(damaged("is not the one that was logged").into());
        }
        end = range.end;
        ranges.push(range);
    }
    bundle.truncate(end);
    Ok((bundle, ranges))
}

fn entry_at(bundle: &[u8], start: usize) -> Option<(std::ops::Range<usize>, &[u8])> {
    let (length, rest) = bundle.get(start..)?.split_first_chunk()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let start = start + size_of::<u16>();
    Some((start..start + length, rest.get(..length)?))
}

/// Events from position `from` on: `limit` of them, or as many as the log of `size` events has.
///
/// # Errors
/// [`LedgerError::Corrupt`], [`LedgerError::Store`].
pub(crate) fn read_events(
    store: &dyn Store,
    size: u64,
    from: u64,
    limit: usize,
) -> Result<Vec<Event>, LedgerError> {
    let end = from.saturating_add(limit as u64).min(size);
    let mut events = Vec::new();
    let mut position = from;
    while position < end {
        let n = position / TILE_WIDTH;
        let first = n * TILE_WIDTH;
        // Both at most 256.
        let (skip, width) = ((position - first) as usize, (end - first).min(TILE_WIDTH) as usize);
        let (bundle, ranges) = read_bundle(store, n, width)?;
        for range in ranges.into_iter().skip(skip) {
            let id = LogTile::Entries { n };
            let entry = bundle.get(range).unwrap_or_default();
            events.push(Event::from_bytes(entry).map_err(|error| Corruption::new(id, error))?);
        }
        position = first + width as u64;
    }
    Ok(events)
}
