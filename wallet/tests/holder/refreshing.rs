//! Checkpoints and paths, and what a holder is told of its records.

use records::SignedCheckpoint;
use wallet::{LedgerTrouble, Offline, RecordStatus, RecordTrouble, Wallet, WalletError};

use crate::town::{NOW, PASSPHRASE, Town, Values, origin, schema, schemas};

/// The one record's outcome.
fn refreshed(wallet: &mut Wallet, town: &Town, now: u64) -> Result<(), WalletError> {
    let mut all = wallet.refresh(town, now).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0).outcome
}

fn record_trouble(result: Result<(), WalletError>) -> RecordTrouble {
    match result {
        Err(WalletError::Record { trouble, .. }) => trouble,
        other => panic!("{other:?}"),
    }
}

fn ledger_trouble(result: Result<(), WalletError>) -> LedgerTrouble {
    match result {
        Err(WalletError::Ledger { error, .. }) => error,
        other => panic!("{other:?}"),
    }
}

fn with_licence(town: &Town) -> (Wallet, records::RecordBundle) {
    let mut wallet = town.wallet();
    let id = town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 12));
    let bundle = wallet.bundle(id).unwrap();
    (wallet, bundle)
}

#[test]
fn a_record_in_the_ledger_is_current() {
    let town = Town::new();
    let (mut wallet, _) = with_licence(&town);
    refreshed(&mut wallet, &town, NOW).unwrap();
    let current = RecordStatus::Current { as_of: NOW - 3_600 };
    assert_eq!(wallet.records()[0].status, current);
    drop(wallet);
    let wallet = Wallet::open(&town.path(), PASSPHRASE).unwrap();
    assert_eq!(wallet.records()[0].status, current);
}

#[test]
fn one_bundle_serves_all_records_of_its_bucket_and_a_quiet_ledger_is_not_asked_again() {
    let town = Town::new();
    let mut wallet = town.wallet();
    for i in 0..5 {
        town.give(&mut wallet, "traffic", &schema("licence"), Values("A", i));
    }
    assert!(wallet.refresh(&town, NOW).unwrap().iter().all(|r| r.outcome.is_ok()));
    assert_eq!(*town.bundles_fetched.borrow(), [(origin("traffic"), 0)]);
    // One of each trusted ledger: which of them has our records does not show.
    assert_eq!(town.checkpoints_fetched.get(), wallet.ledger_keys().len());
    town.ledger("traffic").publish(NOW).unwrap();
    assert!(wallet.refresh(&town, NOW).unwrap().iter().all(|r| r.outcome.is_ok()));
    assert_eq!(town.bundles_fetched.borrow().len(), 1, "the state is the same");
    assert_eq!(wallet.records()[0].status, RecordStatus::Current { as_of: NOW });
}

#[test]
fn a_revoked_record_is_noticed() {
    let town = Town::new();
    let (mut wallet, bundle) = with_licence(&town);
    refreshed(&mut wallet, &town, NOW).unwrap();
    town.revoke(&bundle);
    let error = refreshed(&mut wallet, &town, NOW);
    assert!(error.as_ref().unwrap_err().to_string().contains("ask the department why"));
    assert_eq!(record_trouble(error), RecordTrouble::Revoked);
    assert_eq!(wallet.records()[0].status, RecordStatus::Revoked { as_of: NOW - 1_800 });
}

#[test]
fn an_amended_record_is_noticed_and_its_new_version_is_current() {
    let town = Town::new();
    let (mut wallet, bundle) = with_licence(&town);
    let amended = town.amend(&bundle, &schema("licence"), Values("A-1", 3));
    assert_eq!(record_trouble(refreshed(&mut wallet, &town, NOW)), RecordTrouble::Amended);
    assert_eq!(wallet.records()[0].status, RecordStatus::Amended { as_of: NOW - 1_800 });
    wallet.add(amended, &schemas()).unwrap();
    refreshed(&mut wallet, &town, NOW).unwrap();
}

#[test]
fn a_record_newer_than_the_checkpoint_waits() {
    let town = Town::new();
    town.forge("traffic", town.ledger("traffic").latest().unwrap());
    let (mut wallet, _) = with_licence(&town);
    assert_eq!(record_trouble(refreshed(&mut wallet, &town, NOW)), RecordTrouble::NotYet);
    assert_eq!(wallet.records()[0].status, RecordStatus::Unchecked);
    town.forged.borrow_mut().clear();
    refreshed(&mut wallet, &town, NOW).unwrap();
}

#[test]
fn ledgers_that_cannot_be_trusted_are_not() {
    let town = Town::new();
    let (mut wallet, _) = with_licence(&town);
    let good = town.ledger("traffic").latest().unwrap();
    // Signed by another ledger.
    town.forge("traffic", town.ledger("tax").latest().unwrap());
    let error = ledger_trouble(refreshed(&mut wallet, &town, NOW));
    assert!(matches!(error, LedgerTrouble::Checkpoint(_)), "{error}");
    // Changed after signing.
    let changed = good.as_str().replacen("\n1\n", "\n2\n", 1);
    town.forge("traffic", SignedCheckpoint::from_bytes(changed.as_bytes()).unwrap());
    let error = ledger_trouble(refreshed(&mut wallet, &town, NOW));
    assert!(matches!(error, LedgerTrouble::Checkpoint(_)), "{error}");
    // From tomorrow.
    town.forge("traffic", good);
    assert_eq!(ledger_trouble(refreshed(&mut wallet, &town, NOW - 86_400)), LedgerTrouble::Future);
    // Not trusted at all, and not asked; the others are.
    let asked = town.checkpoints_fetched.get();
    wallet.distrust_ledger(&origin("traffic")).unwrap();
    assert_eq!(ledger_trouble(refreshed(&mut wallet, &town, NOW)), LedgerTrouble::Untrusted);
    assert_eq!(town.checkpoints_fetched.get(), asked + wallet.ledger_keys().len());
}

#[test]
fn a_ledger_with_two_histories_is_found_out() {
    let town = Town::new();
    let (mut wallet, _) = with_licence(&town);
    let old = town.ledger("traffic").latest().unwrap();
    refreshed(&mut wallet, &town, NOW).unwrap();
    let seen = old.unverified().unwrap();
    let resigned = |change: &dyn Fn(&mut records::Checkpoint)| {
        let mut checkpoint = seen.clone();
        change(&mut checkpoint);
        town.forge("traffic", town.signer("traffic").sign(&checkpoint).unwrap());
    };
    // Another log of the same length.
    resigned(&|checkpoint| checkpoint.log_root[0] ^= 1);
    assert_eq!(ledger_trouble(refreshed(&mut wallet, &town, NOW)), LedgerTrouble::Contradiction);
    // A log that became shorter.
    resigned(&|checkpoint| (checkpoint.size, checkpoint.time) = (0, NOW));
    assert_eq!(ledger_trouble(refreshed(&mut wallet, &town, NOW)), LedgerTrouble::Contradiction);
    // An old checkpoint out of a cache is no contradiction, and not taken.
    resigned(&|checkpoint| checkpoint.time -= 100);
    refreshed(&mut wallet, &town, NOW).unwrap();
    assert_eq!(wallet.records()[0].status, RecordStatus::Current { as_of: NOW - 3_600 });
}

#[test]
fn trouble_with_one_ledger_does_not_stop_the_others() {
    let town = Town::new();
    let (mut wallet, _) = with_licence(&town);
    town.give(&mut wallet, "customs", &schema("clearance"), Values("B", 1));
    wallet.distrust_ledger(&origin("customs")).unwrap();
    let all = wallet.refresh(&town, NOW).unwrap();
    assert!(all[0].outcome.is_ok());
    assert!(all[1].outcome.is_err());
    let all = wallet.refresh(&Offline, NOW).unwrap();
    assert!(all.iter().all(|refreshed| refreshed.outcome.is_err()));
    assert_eq!(wallet.records()[0].status, RecordStatus::Current { as_of: NOW - 3_600 });
}
