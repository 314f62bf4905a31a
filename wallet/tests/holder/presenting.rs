//! From request to verdict: presentations that a verifier accepts, and those that are not made.

use std::path::Path;
use std::sync::LazyLock;

use circuits::Inputs;
use prover::{KeyStore, Prover};
use rand::rngs::OsRng;
use statements::{Presentation, ProofBytes, Request, Statement};
use verifier::{Context, Verdict, Verifier};
use wallet::{
    LedgerSource, LedgerTrouble, Offline, RecordTrouble, Selection, Wallet, WalletError, Warning,
};

use crate::statement::{at_least, cleared_and_paid, licensed, request, statement};
use crate::town::{NOW, PASSPHRASE, Town, Values, schema, schemas};

/// Made once, and kept among the build outputs.
static PROVER: LazyLock<Prover> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys");
    KeyStore::open(&folder).unwrap().development(&mut |_| {}).unwrap()
});

fn present(
    wallet: &mut Wallet,
    source: &dyn LedgerSource,
    request: &Request,
    statement: &Statement,
) -> Result<Presentation, WalletError> {
    let plan = wallet.plan(request, statement, &Selection::automatic(), NOW)?;
    wallet.present(&plan, source, &PROVER)
}

/// What the counter says of a presentation.
fn verdict(
    town: &Town,
    request: &Request,
    statement: &Statement,
    presentation: &Presentation,
) -> Result<Verdict, verifier::Refusal> {
    let mut verifier = Verifier::new(PROVER.pinned(), schemas());
    town.keys().into_iter().for_each(|key| verifier.trust_ledger(key));
    verifier.add_statement(statement.clone()).unwrap();
    let context = Context { audience: "counter", now: NOW, allow_development: true };
    verifier.verify(request, presentation, &context)?.claim(true)
}

fn failed(result: Result<Presentation, WalletError>) -> WalletError {
    result.err().unwrap()
}

#[test]
fn a_citizen_shows_a_licence() {
    let town = Town::new();
    let mut wallet = town.wallet();
    town.give(&mut wallet, "north", &schema("licence"), Values("A-1", 12));
    let statement = licensed();
    let asked = request(&statement);
    let shown = present(&mut wallet, &town, &asked, &statement).unwrap();
    let compact = Presentation::from_compact(&shown.to_compact()).unwrap();
    assert_eq!(compact, shown);

    let verdict = verdict(&town, &asked, &statement, &compact).unwrap();
    assert_eq!(verdict.records[0].revealed["number"], "A-1");
    assert_eq!(verdict.records[0].nullifier, shown.proofs[0].nullifier);
    assert!(shown.proofs[0].nullifier.is_some());
    // Both ledgers that the statement accepts: which of them has the record stays hidden.
    let ledgers: Vec<_> = verdict.checkpoints.iter().map(|c| c.ledger.as_str()).collect();
    assert_eq!(ledgers, ["traffic.example", "north.example"]);
    assert!(!serde_json::to_string(&shown).unwrap().contains("12,"), "points are not shown");
}

#[test]
fn a_broker_shows_records_of_three_departments_that_belong_together() {
    let town = Town::new();
    let mut wallet = town.wallet();
    for number in ["784-1", "784-2"] {
        town.give(&mut wallet, "customs", &schema("clearance"), Values(number, 0));
    }
    town.give(&mut wallet, "tax", &schema("payment"), Values("784-2", 100));
    town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 0));
    let statement = cleared_and_paid();
    let asked = request(&statement);
    let first = present(&mut wallet, &town, &asked, &statement).unwrap();
    let verdict_of_first = verdict(&town, &asked, &statement, &first).unwrap();
    assert_eq!(verdict_of_first.records.len(), 3);
    assert!(verdict_of_first.records.iter().all(|r| r.revealed.is_empty()));
    // The same records again: neither tags nor proofs can be compared with the first.
    let asked = request(&statement);
    let second = present(&mut wallet, &town, &asked, &statement).unwrap();
    verdict(&town, &asked, &statement, &second).unwrap();
    assert_eq!(second.links.len(), 2);
    assert!(second.links.iter().all(|tag| !first.links.contains(tag)));
    assert!(second.proofs.iter().zip(&first.proofs).all(|(a, b)| a.proof != b.proof));
}

#[test]
fn a_presentation_is_good_for_its_request_only() {
    let town = Town::new();
    let mut wallet = town.wallet();
    town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 12));
    let statement = licensed();
    let asked = request(&statement);
    let shown = present(&mut wallet, &town, &asked, &statement).unwrap();
    let other = request(&statement);
    assert!(verdict(&town, &other, &statement, &shown).is_err());
    let mut moved = shown;
    moved.request = other.challenge();
    let refusal = verdict(&town, &other, &statement, &moved).unwrap_err();
    assert_eq!(refusal.code.as_str(), "proof-invalid");
}

#[test]
fn nullifiers_are_the_same_in_one_scope_and_another_in_each_other() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let id = town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 12));
    let statement = licensed();
    let mut nullifier = |scope: &str| {
        let mut asked = request(&statement);
        asked.scope = Some(scope.to_owned());
        present(&mut wallet, &town, &asked, &statement).unwrap().proofs[0].nullifier.unwrap()
    };
    let first = nullifier("counter");
    assert_eq!(nullifier("counter"), first);
    assert_ne!(nullifier("elsewhere"), first);

    let asked = request(&statement);
    let plan = wallet.plan(&asked, &statement, &Selection::automatic(), NOW).unwrap();
    let consent = wallet.consent(&plan, &schemas(), records::schema::Language::En).unwrap();
    assert_eq!(consent.warnings, [Warning::Recognised { id, times: 2 }]);
    wallet.clear_history().unwrap();
    let consent = wallet.consent(&plan, &schemas(), records::schema::Language::En).unwrap();
    assert!(consent.warnings.is_empty());
}

#[test]
fn what_was_shown_is_remembered() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let id = town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 12));
    let statement = licensed();
    let asked = request(&statement);
    present(&mut wallet, &town, &asked, &statement).unwrap();
    drop(wallet);
    let wallet = Wallet::open(&town.path(), PASSPHRASE).unwrap();
    let [shown] = wallet.history() else { panic!("one presentation") };
    assert_eq!((shown.at, shown.audience.as_str(), shown.nonce), (NOW, "counter", asked.nonce));
    assert_eq!((shown.name.as_str(), shown.scope.as_deref()), ("licensed", Some("counter")));
    assert_eq!((shown.records[0].id, shown.records[0].recognisable), (id, true));
    assert_eq!(shown.records[0].revealed["number"], "A-1");
}

#[test]
fn a_fresh_wallet_presents_without_a_connection() {
    let town = Town::new();
    let mut wallet = town.wallet();
    town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 12));
    let statement = statement("in_town", vec![at_least(10, "licence", &["traffic"])]);
    let mut asked = request(&statement);
    let error = failed(present(&mut wallet, &Offline, &asked, &statement));
    assert!(
        matches!(error, WalletError::Ledger { error: LedgerTrouble::Source(_), .. }),
        "{error}"
    );
    assert!(wallet.refresh(&town, NOW).unwrap()[0].outcome.is_ok());
    let shown = present(&mut wallet, &Offline, &asked, &statement).unwrap();
    verdict(&town, &asked, &statement, &shown).unwrap();

    // The checkpoint is an hour old: too old for half an hour, also once it is asked for again.
    asked.max_checkpoint_age = 1_800;
    let error = failed(present(&mut wallet, &Offline, &asked, &statement));
    assert!(
        matches!(error, WalletError::Ledger { error: LedgerTrouble::Source(_), .. }),
        "{error}"
    );
    let error = failed(present(&mut wallet, &town, &asked, &statement));
    let stale = LedgerTrouble::Stale { age: 3_600, allowed: 1_800 };
    assert!(matches!(&error, WalletError::Ledger { error, .. } if *error == stale), "{error}");
    town.ledger("traffic").publish(NOW).unwrap();
    let shown = present(&mut wallet, &town, &asked, &statement).unwrap();
    verdict(&town, &asked, &statement, &shown).unwrap();
}

#[test]
fn a_revoked_record_is_not_presented_and_not_chosen_again() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let licence = schema("licence");
    let first = town.give(&mut wallet, "traffic", &licence, Values("A-1", 12));
    let second = town.give(&mut wallet, "north", &licence, Values("A-2", 12));
    town.revoke(&wallet.bundle(first).unwrap());
    let statement = licensed();
    let asked = request(&statement);
    let error = failed(present(&mut wallet, &town, &asked, &statement));
    assert!(
        matches!(&error, WalletError::Record { id, trouble: RecordTrouble::Revoked } if *id == first),
        "{error}"
    );
    assert!(wallet.history().is_empty());
    let shown = present(&mut wallet, &town, &asked, &statement).unwrap();
    verdict(&town, &asked, &statement, &shown).unwrap();
    assert_eq!(wallet.history()[0].records[0].id, second);
}

#[test]
fn a_prover_elsewhere_is_not_trusted_to_prove_what_it_was_asked_to() {
    let town = Town::new();
    let mut wallet = town.wallet();
    town.give(&mut wallet, "customs", &schema("clearance"), Values("784-1", 0));
    town.give(&mut wallet, "tax", &schema("payment"), Values("784-1", 100));
    town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 0));
    let (statement, source) = (cleared_and_paid(), &town);
    let asked = request(&statement);
    let plan = wallet.plan(&asked, &statement, &Selection::automatic(), NOW).unwrap();
    let mut with = |change: &dyn Fn(&mut Vec<ProofBytes>)| {
        let prove = |inputs: &[Inputs]| {
            let mut proofs = PROVER.prove_all(inputs)?;
            change(&mut proofs);
            Ok::<_, prover::ProveError>(proofs)
        };
        wallet.present_with(&plan, source, PROVER.key(), &mut OsRng, prove)
    };
    let error = failed(with(&|proofs| proofs.swap(0, 1)));
    assert!(
        matches!(&error, WalletError::BadProof { record, .. } if record == "clearance"),
        "{error}"
    );
    let error = failed(with(&|proofs| proofs[2] = ProofBytes::new([0; 128])));
    assert!(
        matches!(&error, WalletError::BadProof { record, .. } if record == "licence"),
        "{error}"
    );
    let error = failed(with(&|proofs| proofs.truncate(2)));
    assert_eq!(error.to_string(), "proving failed: 2 proofs for 3 records");
    with(&|_| {}).unwrap();
    let refuse = |_: &[Inputs]| Err("the office is closed");
    let error = failed(wallet.present_with(&plan, source, PROVER.key(), &mut OsRng, refuse));
    assert_eq!(error.to_string(), "proving failed: the office is closed");
    assert_eq!(wallet.history().len(), 1, "only what was given out");
}

#[test]
fn the_wallet_checks_the_relation_before_a_prover_sees_it() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let id = town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 12));
    let statement = licensed();
    let asked = request(&statement);
    let plan = wallet.plan(&asked, &statement, &Selection::automatic(), NOW).unwrap();
    // The department takes points away between the plan and the presentation.
    let amended = town.amend(&wallet.bundle(id).unwrap(), &schema("licence"), Values("A-1", 9));
    wallet.add(amended, &schemas()).unwrap();
    let never = |_: &[Inputs]| -> Result<Vec<ProofBytes>, String> { panic!("nothing to prove") };
    let error = failed(wallet.present_with(&plan, &town, PROVER.key(), &mut OsRng, never));
    assert!(matches!(error, WalletError::Clause { .. }), "{error}");
    assert!(error.to_string().contains("clause policy"), "{error}");
}
