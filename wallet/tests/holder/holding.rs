//! Which records a wallet takes.

use records::RecordError;
use wallet::{BundleError, RecordStatus, WalletError};

use crate::town::{LIGHT, Town, Values, header, record, schema, schemas};

fn refusal(result: Result<wallet::RecordSummary, WalletError>) -> BundleError {
    match result {
        Err(WalletError::Bundle(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_for_somebody_else_is_refused() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("other.age");
    let mut other = wallet::Wallet::create_with(&path, "other", LIGHT).unwrap();
    let tag = other.new_tag("mine").unwrap();
    let bundle = town.issue("traffic", &schema("licence"), tag, Values("A-1", 12));
    assert_eq!(refusal(wallet.add(bundle.clone(), &schemas())), BundleError::ForeignTag);
    assert!(wallet.records().is_empty());
    other.add(bundle, &schemas()).unwrap();
}

#[test]
fn the_same_record_is_taken_once() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let tag = wallet.new_tag("licence").unwrap();
    let bundle = town.issue("traffic", &schema("licence"), tag, Values("A-1", 12));
    let added = wallet.add(bundle.clone(), &schemas()).unwrap();
    assert_eq!((added.label.as_str(), added.status), ("licence", RecordStatus::Unchecked));
    assert_eq!(refusal(wallet.add(bundle.clone(), &schemas())), BundleError::Duplicate(added.id));
    assert_eq!(wallet.bundle(added.id).unwrap(), bundle);
    assert!(wallet.pending_tags().is_empty());
}

#[test]
fn a_second_record_for_one_tag_is_refused() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let tag = wallet.new_tag("licence").unwrap();
    let first = town.issue("traffic", &schema("licence"), tag, Values("A-1", 12));
    let second = town.issue("customs", &schema("clearance"), tag, Values("A-1", 12));
    let id = wallet.add(first.clone(), &schemas()).unwrap().id;
    assert_eq!(refusal(wallet.add(second.clone(), &schemas())), BundleError::UsedTag);
    // Nor once the first is gone; but the first itself may come back.
    wallet.remove(id).unwrap();
    assert_eq!(refusal(wallet.add(second, &schemas())), BundleError::UsedTag);
    let again = wallet.add(first, &schemas()).unwrap();
    assert!(again.id > id, "numbers are not used again");
}

#[test]
fn an_amended_record_takes_the_place_of_the_old() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let tag = wallet.new_tag("licence").unwrap();
    let bundle = town.issue("traffic", &schema("licence"), tag, Values("A-1", 12));
    let id = wallet.add(bundle.clone(), &schemas()).unwrap().id;
    wallet.rename(id, "my licence").unwrap();
    let amended = town.amend(&bundle, &schema("licence"), Values("A-1", 6));
    assert_eq!(wallet.add(amended, &schemas()).unwrap().id, id);
    assert_eq!(wallet.records().len(), 1);
    assert_eq!(wallet.records()[0].label, "my licence");
    assert_eq!(wallet.record(id).unwrap().attributes["points"], 6);
}

#[test]
fn what_is_no_record_of_its_schema_is_refused() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let tag = wallet.new_tag("licence").unwrap();
    let good = town.issue("traffic", &schema("licence"), tag, Values("A-1", 12));
    let mut bad = good.clone();
    bad.attributes.insert("colour".into(), "red".into());
    let error = refusal(wallet.add(bad, &schemas()));
    assert_eq!(error, BundleError::Record(RecordError::Unknown("colour".into())));
    let mut bad = good.clone();
    bad.attributes.insert("points".into(), "many".into());
    assert!(matches!(refusal(wallet.add(bad, &schemas())), BundleError::Record(_)));
    assert_eq!(refusal(wallet.add(good.clone(), &schemas()[1..])), BundleError::UnknownSchema);
    wallet.add(good, &schemas()).unwrap();
}

#[test]
fn many_records_are_added_all_or_none() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let tags = wallet.new_tags(&["one", "two", "three"]).unwrap();
    let issue =
        |i: usize| town.issue("traffic", &schema("licence"), tags[i], Values("A", i as i64));
    let bundles: Vec<_> = (0..3).map(issue).collect();
    let mut bad = bundles.clone();
    bad[1].attributes.remove("points");
    bad.push(bundles[0].clone());
    let error = wallet.add_all(bad, &schemas()).unwrap_err();
    let WalletError::Bundles(refused) = &error else { panic!("{error}") };
    assert_eq!(refused.iter().map(|(position, _)| *position).collect::<Vec<_>>(), [1, 3]);
    assert!(error.to_string().contains("number 2"), "{error}");
    assert!(wallet.records().is_empty());
    assert_eq!(wallet.pending_tags().len(), 3);
    let labels: Vec<_> =
        wallet.add_all(bundles, &schemas()).unwrap().into_iter().map(|r| r.label).collect();
    assert_eq!(labels, ["one", "two", "three"]);
}

#[test]
fn records_are_found_by_number_and_by_label() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let licence = schema("licence");
    let first = town.give(&mut wallet, "traffic", &licence, Values("A-1", 12));
    let second = town.give(&mut wallet, "traffic", &licence, Values("A-2", 12));
    assert_eq!(wallet.find(&second.to_string()), Some(second));
    assert_eq!(wallet.find("licence A-1"), Some(first));
    wallet.rename(second, "licence A-1").unwrap();
    assert_eq!(wallet.find("licence A-1"), None, "two have that label");
    assert_eq!(wallet.find("99"), None);
    wallet.remove(second).unwrap();
    assert!(matches!(wallet.record(second), Err(WalletError::NoSuchRecord(_))));
    assert!(matches!(wallet.remove(second), Err(WalletError::NoSuchRecord(_))));
}

#[test]
fn tags_are_unlike_each_other_and_can_be_given_up() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let tags = wallet.new_tags(&["a", "b"]).unwrap();
    assert_ne!(tags[0], tags[1]);
    wallet.remove_tag(tags[0]).unwrap();
    assert!(matches!(wallet.remove_tag(tags[0]), Err(WalletError::NoSuchTag)));
    let licence = schema("licence");
    let record = record(&licence, header(&licence, tags[0]), Values("A-1", 1));
    let bundle = records::RecordBundle::new(crate::town::origin("traffic"), 0, &licence, &record);
    assert_eq!(refusal(wallet.add(bundle, &schemas())), BundleError::ForeignTag);
}

#[test]
fn another_key_for_a_ledger_is_not_taken_by_accident() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let stranger = ledger::LedgerSigner::generate(&crate::town::origin("traffic")).unwrap();
    let error = wallet.trust_ledger(stranger.key().clone()).unwrap_err();
    assert!(matches!(error, WalletError::OtherKey(_)), "{error}");
    wallet.trust_ledgers(town.keys()).unwrap();
    wallet.distrust_ledger(&crate::town::origin("traffic")).unwrap();
    wallet.trust_ledger(stranger.key().clone()).unwrap();
    assert_eq!(wallet.ledger_keys().len(), town.keys().len());
}
