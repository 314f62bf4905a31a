//! A store that fails, and one that returns other bytes than it was given.

use std::sync::{Arc, Mutex};

use crate::common::{Model, NOW, issue, memory_ledger, new_ledger, origin};
use ledger::{
    Commit, Event, Head, Ledger, LedgerError, LedgerSigner, LogTile, MemoryStore, Store,
    StoreError, TileId,
};
use records::{CheckpointError, SignedCheckpoint};
use tlog_tiles::record_hash;

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    Before,
    After,
}

type Edit = Box<dyn Fn(Vec<u8>) -> Vec<u8> + Send>;

/// A part of the store whose bytes are edited when they are read.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Part {
    Entries,
    Hashes,
    Layer(u8),
}

#[derive(Default)]
struct TestStore {
    inner: MemoryStore,
    fault: Mutex<Option<Fault>>,
    edits: Mutex<Vec<(Part, Edit)>>,
}

impl TestStore {
    fn fail(&self, fault: Fault) {
        *self.fault.lock().unwrap() = Some(fault);
    }

    /// From now on only this part is edited.
    fn edit(&self, part: Part, edit: impl Fn(Vec<u8>) -> Vec<u8> + Send + 'static) {
        self.heal();
        self.edit_too(part, edit);
    }

    fn edit_too(&self, part: Part, edit: impl Fn(Vec<u8>) -> Vec<u8> + Send + 'static) {
        self.edits.lock().unwrap().push((part, Box::new(edit)));
    }

    fn heal(&self) {
        self.edits.lock().unwrap().clear();
    }

    fn edited(&self, part: Part, bytes: Vec<u8>) -> Option<Vec<u8>> {
        let edits = self.edits.lock().unwrap();
        let edits = edits.iter().filter(|(edited, _)| *edited == part);
        let bytes = edits.fold(bytes, |bytes, (_, edit)| edit(bytes));
        (!bytes.is_empty()).then_some(bytes)
    }
}

impl Store for TestStore {
    fn head(&self) -> Result<Option<Head>, StoreError> {
        self.inner.head()
    }

    fn checkpoint(&self, size: u64) -> Result<Option<SignedCheckpoint>, StoreError> {
        self.inner.checkpoint(size)
    }

    fn log_tile(&self, tile: LogTile) -> Result<Option<Vec<u8>>, StoreError> {
        let part = match tile {
            LogTile::Entries { .. } => Part::Entries,
            LogTile::Hashes { .. } => Part::Hashes,
        };
        Ok(self.inner.log_tile(tile)?.and_then(|bytes| self.edited(part, bytes)))
    }

    fn state_tile(&self, tile: TileId, size: u64) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let found = self.inner.state_tile(tile, size)?;
        let part = Part::Layer(tile.layer());
        Ok(found.and_then(|(size, bytes)| Some((size, self.edited(part, bytes)?))))
    }

    fn commit(&self, commit: &Commit) -> Result<(), StoreError> {
        match self.fault.lock().unwrap().take() {
            Some(Fault::Before) => Err(StoreError::Failed("before".into())),
            Some(Fault::After) => {
                self.inner.commit(commit)?;
                Err(StoreError::Unknown("after".into()))
            }
            None => self.inner.commit(commit),
        }
    }
}

fn filled() -> (Arc<TestStore>, Ledger, Model) {
    let store = Arc::new(TestStore::default());
    let ledger = new_ledger(Arc::clone(&store) as _);
    let mut model = Model::default();
    let events: Vec<Event> = (1..=600).map(issue).collect();
    events.iter().for_each(|event| assert!(model.apply(event)));
    ledger.append(&events, NOW).unwrap();
    (store, ledger, model)
}

#[test]
fn a_fault_before_persisting_leaves_nothing() {
    let (store, ledger, mut model) = filled();
    store.fail(Fault::Before);
    let error = ledger.append(&[issue(9)], NOW + 1).unwrap_err();
    assert!(matches!(error, LedgerError::Store(StoreError::Failed(_))));
    model.check(&ledger);
    store.fail(Fault::Before);
    ledger.publish(NOW + 1).unwrap_err();
    model.check(&ledger);
    assert!(model.apply(&issue(9)));
    ledger.append(&[issue(9)], NOW + 1).unwrap();
    model.check(&ledger);
}

#[test]
fn a_fault_after_persisting_leaves_all() {
    let (store, ledger, mut model) = filled();
    store.fail(Fault::After);
    let error = ledger.append(&[issue(9)], NOW + 1).unwrap_err();
    assert!(matches!(error, LedgerError::Store(StoreError::Unknown(_))));
    assert!(model.apply(&issue(9)));
    model.check(&ledger);
    assert!(model.apply(&issue(10)));
    ledger.append(&[issue(10)], NOW + 1).unwrap();
    model.check(&ledger);
    store.fail(Fault::After);
    ledger.publish(NOW + 2).unwrap_err();
    model.check(&ledger);
}

#[test]
fn faults_at_creation() {
    let store = Arc::new(TestStore::default());
    let signer = || LedgerSigner::generate(&origin()).unwrap();
    store.fail(Fault::Before);
    assert!(Ledger::create(Arc::clone(&store) as _, signer(), NOW).is_err());
    let missing = Ledger::open(Arc::clone(&store) as _, signer()).err().unwrap();
    assert!(matches!(missing, LedgerError::Missing));
    store.fail(Fault::After);
    let kept = signer();
    let text = kept.secret_text().to_owned();
    assert!(Ledger::create(Arc::clone(&store) as _, kept, NOW).is_err());
    let kept = LedgerSigner::from_text(text.into()).unwrap();
    let ledger = Ledger::open(Arc::clone(&store) as _, kept).unwrap();
    Model::default().check(&ledger);
    let exists = Ledger::create(store, signer(), NOW).err().unwrap();
    assert!(matches!(exists, LedgerError::Exists(_)));
}

type Damage = fn(Vec<u8>) -> Vec<u8>;

/// What may happen to bytes on a disk.
fn damages() -> Vec<(&'static str, Damage)> {
    vec![
        ("first byte", |mut bytes| {
            bytes[0] ^= 1;
            bytes
        }),
        ("middle", |mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x10;
            bytes
        }),
        ("all ones", |bytes| vec![0xff; bytes.len()]),
        ("all zeros", |bytes| vec![0; bytes.len()]),
        ("cut short", |mut bytes| {
            bytes.truncate(bytes.len() / 2);
            bytes
        }),
        ("one byte", |_| vec![7]),
        ("lost", |_| Vec::new()),
    ]
}

#[test]
fn damage_to_the_state_is_named_and_never_built_on() {
    let (store, ledger, mut model) = filled();
    for layer in 0..4 {
        for (name, damage) in damages() {
            store.edit(Part::Layer(layer), damage);
            let witness = ledger.witness(600, 0).unwrap_err();
            assert!(matches!(&witness, LedgerError::Corrupt(_)), "{layer} {name}: {witness}");
            assert!(witness.to_string().contains(&format!("tile {layer}/0 of the state tree")));
            let append = ledger.append(&[Event::Revoke { index: 3 }], NOW).unwrap_err();
            assert!(matches!(append, LedgerError::Corrupt(_)), "{layer} {name}");
        }
    }
    store.heal();
    model.check(&ledger);
    assert!(model.apply(&Event::Revoke { index: 3 }));
    ledger.append(&[Event::Revoke { index: 3 }], NOW).unwrap();
    model.check(&ledger);
}

#[test]
fn damage_to_the_log_is_named_and_never_built_on() {
    let (store, ledger, model) = filled();
    for (name, damage) in damages() {
        store.edit(Part::Entries, damage);
        let events = ledger.events(256, 300).unwrap_err();
        assert!(matches!(&events, LedgerError::Corrupt(_)), "{name}: {events}");
        assert!(events.to_string().starts_with("entry bundle 1 of the event log is damaged"));
        let append = ledger.append(&[issue(9)], NOW).unwrap_err();
        assert!(matches!(append, LedgerError::Corrupt(_)), "{name}");
        store.edit(Part::Hashes, damage);
        assert!(matches!(ledger.events(0, 256), Err(LedgerError::Corrupt(_))), "{name}");
        let append = ledger.append(&[issue(9)], NOW).unwrap_err();
        assert!(matches!(append, LedgerError::Corrupt(_)), "{name}");
    }
    store.edit(Part::Hashes, |mut bytes| {
        bytes.truncate(40);
        bytes
    });
    assert!(matches!(ledger.prove_inclusion(599, 600), Err(LedgerError::Corrupt(_))));
    assert!(matches!(ledger.prove_consistency(3, 600), Err(LedgerError::Corrupt(_))));
    store.heal();
    model.check(&ledger);
}

#[test]
fn an_event_that_was_logged_but_is_none_is_named() {
    // Entries and hashes agree, so only the codec can tell.
    let (store, ledger, _) = filled();
    let mut entry = issue(1).to_bytes();
    entry[0] = 9;
    let hash = record_hash(&entry);
    store.edit(Part::Entries, |mut bytes| {
        bytes[2] = 9;
        bytes
    });
    store.edit_too(Part::Hashes, move |mut bytes| {
        bytes[..32].copy_from_slice(&hash.0);
        bytes
    });
    let error = ledger.events(0, 1).unwrap_err();
    assert!(error.to_string().contains("or an unknown kind"), "{error}");
}

#[test]
fn an_old_version_of_a_tile_is_not_taken_for_the_new_one() {
    let (store, ledger, _) = filled();
    let tile = |size| {
        let tile = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&tile);
        store.edit(Part::Layer(0), move |bytes| {
            *seen.lock().unwrap() = Some(bytes.clone());
            bytes
        });
        ledger.witness(size, 0).unwrap();
        let bytes = tile.lock().unwrap().take();
        bytes.unwrap()
    };
    let old = tile(600);
    ledger.append(&[Event::Revoke { index: 3 }], NOW).unwrap();
    store.edit(Part::Layer(0), move |_| old.clone());
    let error = ledger.witness(601, 0).unwrap_err();
    assert!(matches!(error, LedgerError::Corrupt(_)), "{error}");
}

#[test]
fn a_ledger_does_not_open_with_another_key() {
    let (store, ledger, _) = filled();
    drop(ledger);
    let stranger = LedgerSigner::generate(&origin()).unwrap();
    let error = Ledger::open(store, stranger).err().unwrap();
    assert!(matches!(error, LedgerError::Checkpoint(CheckpointError::Signature(_))));
}

#[test]
fn appends_from_many_threads_are_all_there() {
    let ledger = memory_ledger();
    let indices: Vec<u64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4_u64)
            .map(|writer| {
                let ledger = &ledger;
                scope.spawn(move || {
                    let append = |i| ledger.append(&[issue(writer * 100 + i + 1)], NOW + i);
                    (0..10).flat_map(|i| append(i).unwrap().indices).flatten().collect::<Vec<_>>()
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let mut sorted = indices;
    sorted.sort_unstable();
    assert_eq!(sorted, (0..40).collect::<Vec<u64>>());
    let mut model = Model::default();
    for event in ledger.events(0, 100).unwrap() {
        assert!(model.apply(&event));
    }
    model.check(&ledger);
}
