//! Requests, claims and forgetting; across reopening too.

use super::*;
use records::{Date, Fr, Nullifier, Scope};
use statements::StatementId;

fn nonce(byte: u8) -> Nonce {
    Nonce::from_bytes([byte; 16])
}

fn request(byte: u8, expires_at: u64) -> Request {
    Request {
        version: 1,
        statement: "ab".repeat(32).parse().unwrap(),
        parameters: serde_json::Map::new(),
        audience: "counter".to_owned(),
        nonce: nonce(byte),
        scope: None,
        today: Date::from_unix_seconds(0),
        expires_at,
        max_checkpoint_age: 60,
    }
}

fn asked(byte: u8, expires_at: u64) -> Asked {
    Asked { request: request(byte, expires_at), token_hash: [byte; 32] }
}

fn claim(byte: u8, nullifiers: &[u64]) -> Claim {
    let statement: StatementId = "ab".repeat(32).parse().unwrap();
    let key = |n: &u64| {
        NullifierKey::new(&statement, Scope::named("s"), Nullifier::from_field(Fr::from(*n)))
    };
    Claim {
        nonce: nonce(byte),
        expires_at: 100,
        nullifiers: nullifiers.iter().map(key).collect(),
        day: Date::from_unix_seconds(0),
    }
}

#[test]
fn requests_survive_reopening_and_are_forgotten_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), 10).unwrap();
    store.insert(&asked(1, 100), 10).unwrap();
    store.insert(&asked(2, 200), 10).unwrap();
    drop(store);
    let store = Store::open(folder.path(), 10).unwrap();
    assert_eq!(store.request(nonce(1)).unwrap(), Some(request(1, 100)));
    assert_eq!(store.asked(nonce(2)).unwrap(), Some(asked(2, 200)));
    assert_eq!(store.len(), 2);
    assert!(store.purge(109).unwrap().is_empty());
    assert_eq!(store.purge(110).unwrap(), [nonce(1)]);
    assert_eq!(store.request(nonce(1)).unwrap(), None);
    assert_eq!(store.len(), 1);
}

#[test]
fn a_full_store_takes_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), 0).unwrap();
    store.insert(&asked(1, 100), 1).unwrap();
    assert!(matches!(store.insert(&asked(2, 100), 1), Err(StoreError::Full)));
    store.purge(100).unwrap();
    store.insert(&asked(2, 100), 1).unwrap();
}

#[test]
fn a_nonce_is_used_once_by_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), 0).unwrap();
    let won = std::thread::scope(|scope| {
        let tries: Vec<_> =
            (0..50).map(|_| scope.spawn(|| store.claim(&claim(7, &[1])).unwrap())).collect();
        tries.into_iter().map(|t| t.join().unwrap()).filter(|c| *c != Claimed::Used).count()
    });
    assert_eq!(won, 1);
    drop(store);
    let store = Store::open(folder.path(), 0).unwrap();
    assert_eq!(store.claim(&claim(7, &[])).unwrap(), Claimed::Used);
    assert!(store.is_claimed(nonce(7)).unwrap());
}

#[test]
fn a_used_nonce_outlives_its_request_by_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), 10).unwrap();
    store.claim(&claim(7, &[])).unwrap();
    store.purge(100 + 10 + 86_399).unwrap();
    assert!(store.is_claimed(nonce(7)).unwrap());
    store.purge(100 + 10 + 86_400).unwrap();
    assert!(!store.is_claimed(nonce(7)).unwrap());
}

#[test]
fn nullifiers_are_seen_from_the_second_presentation_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), 0).unwrap();
    let seen = |byte, nullifiers: &[u64]| match store.claim(&claim(byte, nullifiers)).unwrap() {
        Claimed::Now { seen } => seen,
        Claimed::Used => panic!("used"),
    };
    assert_eq!(seen(1, &[5, 5, 6]), [false, false, false]);
    assert_eq!(seen(2, &[5, 7]), [true, false]);
    // A replay leaves no trace.
    assert_eq!(store.claim(&claim(2, &[8])).unwrap(), Claimed::Used);
    assert_eq!(seen(3, &[8]), [false]);
}

#[test]
fn nullifiers_of_other_scopes_and_statements_are_others() {
    let (a, b): (StatementId, StatementId) =
        ("ab".repeat(32).parse().unwrap(), "cd".repeat(32).parse().unwrap());
    let nullifier = Nullifier::from_field(Fr::from(1_u64));
    let key = |statement, scope| NullifierKey::new(statement, Scope::named(scope), nullifier);
    assert_ne!(key(&a, "s"), key(&b, "s"));
    assert_ne!(key(&a, "s"), key(&a, "t"));
}
