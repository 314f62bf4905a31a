//! Ledgers in a folder.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Instant;

use crate::common::{Model, NOW, issue, leaf, opened, origin};
use ledger::{Event, LedgerError, Ledgers, StoreError};
use records::Origin;

fn key_file(folder: &Path) -> std::path::PathBuf {
    folder.join("keys/traffic.vouch.example.key")
}

#[test]
fn a_department_finds_everything_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let mut model = Model::default();
    let mut history = Vec::new();
    for round in 0..4_u64 {
        let ledgers = Ledgers::open(folder.path()).unwrap();
        let ledger = match round {
            0 => ledgers.create(&origin(), NOW).unwrap(),
            _ => ledgers.get(&origin()).unwrap().unwrap(),
        };
        if round > 0 {
            model.check(&ledger);
        }
        let mut batch: Vec<Event> = (1..=300).map(|i| issue(1_000 * round + i)).collect();
        batch.push(Event::Revoke { index: round });
        batch.push(Event::Amend { index: 200 + round, leaf: leaf(77 + round) });
        batch.iter().for_each(|event| assert!(model.apply(event)));
        ledger.append(&batch, NOW + round).unwrap();
        ledger.publish(NOW + round + 1).unwrap();
        history.push((model.log.len() as u64, model.clone()));
        model.check(&ledger);
        for (size, model) in &history {
            model.check_witnesses(&ledger, *size);
        }
    }
}

#[test]
fn several_departments_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["customs.vouch.example", "tax.vouch.example", "税务.example"];
    let names = names.map(|name| Origin::new(name).unwrap());
    {
        let ledgers = Ledgers::open(folder.path()).unwrap();
        assert_eq!(ledgers.list().unwrap(), []);
        for (i, name) in (1..).zip(&names) {
            let ledger = ledgers.create(name, NOW).unwrap();
            ledger.append(&vec![issue(i); usize::try_from(i).unwrap()], NOW).unwrap();
        }
        let again = ledgers.create(&names[0], NOW).err().unwrap();
        assert!(matches!(again, LedgerError::Exists(_)));
        assert!(ledgers.get(&origin()).unwrap().is_none());
    }
    let ledgers = Ledgers::open(folder.path()).unwrap();
    assert_eq!(ledgers.list().unwrap(), names);
    for (i, name) in (1..).zip(&names) {
        let ledger = ledgers.get(name).unwrap().unwrap();
        assert_eq!(ledger.statistics().unwrap().size, i);
        assert_eq!(opened(&ledger, &ledger.latest().unwrap()).origin, *name);
    }
    assert!(matches!(ledgers.create(&names[2], NOW), Err(LedgerError::Exists(_))));
}

#[test]
fn a_folder_in_use_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let ledgers = Ledgers::open(folder.path()).unwrap();
    let ledger = ledgers.create(&origin(), NOW).unwrap();
    let locked = || {
        matches!(Ledgers::open(folder.path()), Err(LedgerError::Store(StoreError::Locked { .. })))
    };
    assert!(locked());
    drop(ledgers);
    // A ledger still in use keeps the folder.
    assert!(locked());
    drop(ledger);
    Ledgers::open(folder.path()).unwrap();
}

#[test]
fn keys_are_private_and_needed() {
    let folder = tempfile::tempdir().unwrap();
    Ledgers::open(folder.path()).unwrap().create(&origin(), NOW).unwrap();
    let path = key_file(folder.path());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    let get =
        || Ledgers::open(folder.path()).unwrap().get(&origin()).map(|ledger| ledger.is_some());
    assert!(get().unwrap());
    let secret = fs::read_to_string(&path).unwrap();

    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    let error = get().unwrap_err();
    assert!(error.to_string().contains("others than its owner may use it (mode 640)"), "{error}");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();

    for bad in [&secret[..40], "", &secret.replace("traffic", "customs")] {
        fs::write(&path, bad).unwrap();
        let error = get().unwrap_err();
        assert!(matches!(&error, LedgerError::KeyFile { .. }));
        assert!(bad.is_empty() || !error.to_string().contains(bad));
    }
    fs::remove_file(&path).unwrap();
    assert!(get().unwrap_err().to_string().contains("the ledger's key is missing"));
    fs::write(&path, secret).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    assert!(get().unwrap());
}

#[test]
fn a_key_without_ledger_is_used_when_it_is_founded() {
    let folder = tempfile::tempdir().unwrap();
    let key = {
        let ledgers = Ledgers::open(folder.path()).unwrap();
        ledgers.create(&origin(), NOW).unwrap().key().clone()
    };
    // As after a crash between the two.
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    let ledgers = Ledgers::open(folder.path()).unwrap();
    assert_eq!(*ledgers.create(&origin(), NOW).unwrap().key(), key);
}

#[test]
fn a_folder_that_is_no_database_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("store"), "not a folder").unwrap();
    let error = Ledgers::open(folder.path()).err().unwrap();
    assert!(matches!(error, LedgerError::Store(StoreError::Failed(_))), "{error}");
}

/// Nine departments' worth of records, in batches as `make demo` imports them.
#[test]
fn nine_thousand_records_are_imported() {
    let folder = tempfile::tempdir().unwrap();
    let ledgers = Ledgers::open(folder.path()).unwrap();
    let ledger = ledgers.create(&origin(), NOW).unwrap();
    let mut model = Model::default();
    let start = Instant::now();
    for batch in 0..9 {
        let events: Vec<Event> = (1..=1_000).map(|i| issue(batch * 1_000 + i)).collect();
        events.iter().for_each(|event| assert!(model.apply(event)));
        ledger.append(&events, NOW + batch).unwrap();
    }
    println!("9,000 records in {:?}", start.elapsed());
    model.check(&ledger);
    let revoke: Vec<Event> = (0..9_000).step_by(700).map(|index| Event::Revoke { index }).collect();
    for event in revoke {
        assert!(model.apply(&event));
        ledger.append(&[event], NOW).unwrap();
    }
    model.check(&ledger);
    // Sled does not flush what it keeps in files of their own: there must be none.
    let blobs = folder.path().join("store/sled/blobs");
    assert_eq!(fs::read_dir(blobs).unwrap().count(), 0);
}
