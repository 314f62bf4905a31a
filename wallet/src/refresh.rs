//! Keeping checkpoints and paths fresh, ahead of need: a fetch that coincides with a
//! presentation tells those who watch both that they belong together.

use std::collections::{BTreeMap, BTreeSet};

use records::domain::BUCKET;
use records::tree::WitnessBundle;
use records::{Checkpoint, Origin, SignedCheckpoint};

use crate::contents::{Contents, StoredRecord};
use crate::error::{LedgerTrouble, RecordTrouble, WalletError};
use crate::path::CachedPath;
use crate::record::{EntryId, RecordStatus};
use crate::source::{LedgerSource, SourceError};
use crate::wallet::Wallet;

/// A cached checkpoint is used only while so much of its time is left that a presentation made
/// with it arrives in time: a tenth of the allowed age, at most this many seconds.
const MARGIN: u64 = 60;

/// What a refresh found out about one record.
#[derive(Debug)]
pub struct Refreshed {
    /// The record.
    pub id: EntryId,
    /// Whether it can be presented as its ledger stands now.
    pub outcome: Result<(), WalletError>,
}

/// A checkpoint as signed, and what it says.
pub(crate) type Verified = (SignedCheckpoint, Checkpoint);

impl Wallet {
    /// Fetches the newest checkpoint of each trusted ledger, and the path of each record in it.
    /// Ledgers without a record of ours are asked too: were only the others fresh, the ages of
    /// the checkpoints in a presentation would tell which of the accepted ledgers holds the
    /// record. Trouble with one ledger or record does not stop the others.
    ///
    /// # Errors
    /// [`WalletError::File`] where it cannot be saved.
    pub fn refresh(
        &mut self,
        source: &dyn LedgerSource,
        now: u64,
    ) -> Result<Vec<Refreshed>, WalletError> {
        self.change(|contents| {
            let ours = contents.records.iter().map(|record| &record.ledger);
            let ledgers: BTreeSet<Origin> = ours.chain(contents.ledgers.keys()).cloned().collect();
            let mut bundles = Bundles::new(source);
            let mut all = Vec::new();
            for ledger in &ledgers {
                let newest = contents.newest_checkpoint(ledger, source, now);
                for record in contents.records.iter_mut().filter(|r| r.ledger == *ledger) {
                    let outcome = match &newest {
                        Ok((_, checkpoint)) => record.locate(checkpoint, &mut bundles),
                        Err(error) => Err(error.clone().of(ledger)),
                    };
                    all.push(Refreshed { id: record.id, outcome });
                }
            }
            all.sort_by_key(|refreshed| refreshed.id);
            Ok(all)
        })
    }
}

impl Contents {
    /// The ledger's newest checkpoint, asked for now.
    fn newest_checkpoint(
        &mut self,
        ledger: &Origin,
        source: &dyn LedgerSource,
        now: u64,
    ) -> Result<Verified, LedgerTrouble> {
        if !self.ledgers.contains_key(ledger) {
            return Err(LedgerTrouble::Untrusted);
        }
        self.accept(ledger, source.checkpoint(ledger)?, now)
    }

    /// Checkpoints of at most `allowed` seconds: those that the wallet has where all are fresh
    /// enough, or else the newest of all. Never some of these and some of those: the difference
    /// in age would tell which ledger the wallet has a record in.
    pub(crate) fn fresh_checkpoints(
        &mut self,
        ledgers: &[Origin],
        source: &dyn LedgerSource,
        now: u64,
        allowed: u64,
    ) -> Result<Vec<Verified>, WalletError> {
        let margin = MARGIN.min(allowed / 10);
        let mut cached = Vec::with_capacity(ledgers.len());
        for ledger in ledgers {
            let known = self.checkpoint(ledger).map_err(|trouble| trouble.of(ledger))?;
            cached.extend(known.filter(|(_, c)| age(c, now) <= allowed - margin));
        }
        if cached.len() == ledgers.len() {
            return Ok(cached);
        }
        let newest = |ledger: &Origin| {
            let (signed, checkpoint) = self.newest_checkpoint(ledger, source, now)?;
            match age(&checkpoint, now) {
                age if age > allowed => Err(LedgerTrouble::Stale { age, allowed }),
                _ => Ok((signed, checkpoint)),
            }
        };
        let mut newest = newest;
        ledgers.iter().map(|ledger| newest(ledger).map_err(|error| error.of(ledger))).collect()
    }
}

fn age(checkpoint: &Checkpoint, now: u64) -> u64 {
    now.saturating_sub(checkpoint.time)
}

/// Bundles of one refresh, each fetched once.
pub(crate) struct Bundles<'a> {
    source: &'a dyn LedgerSource,
    fetched: BTreeMap<(Origin, u64, u64), WitnessBundle>,
}

impl<'a> Bundles<'a> {
    pub(crate) fn new(source: &'a dyn LedgerSource) -> Self {
        Self { source, fetched: BTreeMap::new() }
    }

    fn get(
        &mut self,
        ledger: &Origin,
        size: u64,
        bucket: u64,
    ) -> Result<&WitnessBundle, SourceError> {
        use std::collections::btree_map::Entry;
        match self.fetched.entry((ledger.clone(), size, bucket)) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let bundle = self.source.witness(ledger, size, bucket)?;
                if (bundle.size, bundle.bucket) != (size, bucket) {
                    return Err(SourceError::Malformed("another size or bucket".to_owned()));
                }
                Ok(entry.insert(bundle))
            }
        }
    }
}

impl StoredRecord {
    /// Makes sure that the record has a path in the tree of a checkpoint, and notes its status.
    pub(crate) fn locate(
        &mut self,
        checkpoint: &Checkpoint,
        bundles: &mut Bundles<'_>,
    ) -> Result<(), WalletError> {
        let (root, as_of) = (checkpoint.state_root, checkpoint.time);
        if self.path.as_ref().is_some_and(|path| path.to(root).is_some()) {
            self.status = RecordStatus::Current { as_of };
            return Ok(());
        }
        let bundle = bundles
            .get(&self.ledger, checkpoint.size, self.index / BUCKET as u64)
            .map_err(|error| LedgerTrouble::from(error).of(&self.ledger))?;
        let found = CachedPath::find(bundle, root, self.index, self.leaf());
        match &found {
            Ok(_) => self.status = RecordStatus::Current { as_of },
            Err(RecordTrouble::Revoked) => self.status = RecordStatus::Revoked { as_of },
            Err(RecordTrouble::Amended) => self.status = RecordStatus::Amended { as_of },
            Err(_) => {}
        }
        // A path of an older tree stays where this one gives none.
        self.path = Some(found.map_err(|trouble| WalletError::Record { id: self.id, trouble })?);
        Ok(())
    }
}
