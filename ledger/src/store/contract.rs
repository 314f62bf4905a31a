//! What [`Store`] promises, tested on every store.

use std::sync::Arc;

use records::{Origin, SignedCheckpoint};

use super::{Commit, Database, MemoryStore, Store, StoreError};
use crate::head::Head;
use crate::log::LogTile;
use crate::state::TileId;

fn checkpoint(text: &str) -> SignedCheckpoint {
    SignedCheckpoint::from_bytes(text.as_bytes()).unwrap()
}

fn commit(sequence: u64, size: u64) -> Commit {
    let text = format!("checkpoint {sequence} of size {size}");
    let head = Head { sequence, size, issued: size, active: size, checkpoint: checkpoint(&text) };
    Commit { head, log_tiles: Vec::new(), state_tiles: Vec::new() }
}

fn on_every_store(test: impl Fn(&dyn Store)) {
    test(&MemoryStore::default());
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path()).unwrap();
    test(&database.store(&Origin::new("one").unwrap()).unwrap());
    test(&database.store(&Origin::new("two").unwrap()).unwrap());
}

#[test]
fn an_empty_store_has_nothing() {
    on_every_store(|store| {
        assert_eq!(store.head().unwrap(), None);
        assert_eq!(store.checkpoint(0).unwrap(), None);
        assert_eq!(store.log_tile(LogTile::Entries { n: 0 }).unwrap(), None);
        assert_eq!(store.state_tile(TileId::above(0, 0), u64::MAX).unwrap(), None);
    });
}

#[test]
fn what_was_committed_is_read() {
    on_every_store(|store| {
        let mut group = commit(0, 5);
        let hashes = LogTile::Hashes { level: 0, n: 3 };
        group.log_tiles = vec![(LogTile::Entries { n: 3 }, vec![1]), (hashes, vec![2])];
        group.state_tiles = vec![(TileId::above(7, 0), vec![3])];
        store.commit(&group).unwrap();
        assert_eq!(store.head().unwrap().unwrap(), group.head);
        assert_eq!(store.checkpoint(5).unwrap().unwrap(), group.head.checkpoint);
        assert_eq!(store.log_tile(LogTile::Entries { n: 3 }).unwrap(), Some(vec![1]));
        assert_eq!(store.log_tile(hashes).unwrap(), Some(vec![2]));
        assert_eq!(store.log_tile(LogTile::Hashes { level: 1, n: 3 }).unwrap(), None);
        assert_eq!(store.state_tile(TileId::above(7, 0), 5).unwrap(), Some((5, vec![3])));
    });
}

#[test]
fn tiles_of_the_state_are_read_as_of_a_size() {
    on_every_store(|store| {
        let tile = TileId::above(7, 0);
        for (sequence, size) in [(0, 10), (1, 20), (2, 300)] {
            let mut group = commit(sequence, size);
            group.state_tiles = vec![(tile, vec![size as u8]), (TileId::above(8, 0), vec![])];
            store.commit(&group).unwrap();
        }
        for (size, expected) in [
            (9, None),
            (10, Some((10, vec![10]))),
            (19, Some((10, vec![10]))),
            (20, Some((20, vec![20]))),
            (299, Some((20, vec![20]))),
            (u64::MAX, Some((300, vec![44]))),
        ] {
            assert_eq!(store.state_tile(tile, size).unwrap(), expected, "as of {size}");
        }
        for other in [TileId::above(6, 0), TileId::above(7 << 9, 1), TileId::above(9, 0)] {
            assert_eq!(store.state_tile(other, u64::MAX).unwrap(), None);
        }
    });
}

#[test]
fn of_several_checkpoints_of_a_size_the_newest_is_read() {
    on_every_store(|store| {
        for (sequence, size) in [(0, 0), (1, 0), (2, 4), (3, 4), (4, 4)] {
            store.commit(&commit(sequence, size)).unwrap();
        }
        let newest = |size| store.checkpoint(size).unwrap().map(|c| c.as_str().to_owned());
        assert_eq!(newest(0).unwrap(), "checkpoint 1 of size 0");
        assert_eq!(newest(4).unwrap(), "checkpoint 4 of size 4");
        assert_eq!(newest(3), None);
        assert_eq!(newest(5), None);
    });
}

#[test]
fn a_commit_that_does_not_follow_changes_nothing() {
    on_every_store(|store| {
        assert!(matches!(store.commit(&commit(1, 1)), Err(StoreError::Conflict)));
        store.commit(&commit(0, 0)).unwrap();
        store.commit(&commit(1, 1)).unwrap();
        for sequence in [0, 1, 3] {
            let mut late = commit(sequence, 2);
            late.log_tiles = vec![(LogTile::Entries { n: 0 }, vec![1])];
            assert!(matches!(store.commit(&late), Err(StoreError::Conflict)));
        }
        assert_eq!(store.head().unwrap().unwrap(), commit(1, 1).head);
        assert_eq!(store.checkpoint(2).unwrap(), None);
        assert_eq!(store.log_tile(LogTile::Entries { n: 0 }).unwrap(), None);
    });
}

#[test]
fn of_writers_at_the_same_time_one_wins() {
    on_every_store(|store| {
        store.commit(&commit(0, 0)).unwrap();
        let won = std::thread::scope(|scope| {
            let writers: Vec<_> =
                (1..=8).map(|size| scope.spawn(move || store.commit(&commit(1, size)))).collect();
            let won = writers.into_iter().map(|writer| writer.join().unwrap().is_ok());
            won.filter(|won| *won).count()
        });
        assert_eq!(won, 1);
    });
}

#[test]
fn a_locked_folder_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(folder.path()).unwrap();
    let store = Arc::new(database.store(&Origin::new("one").unwrap()).unwrap());
    drop(database);
    // The store keeps the folder locked.
    let error = Database::open(folder.path()).err().unwrap();
    assert!(matches!(&error, StoreError::Locked { .. }));
    assert!(error.to_string().ends_with("is in use by another process"));
    drop(store);
    Database::open(folder.path()).unwrap();
}
