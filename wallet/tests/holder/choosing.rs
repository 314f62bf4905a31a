//! Which records answer a request, and what the holder reads before it consents.

use records::schema::Language;
use statements::{Request, Statement, Unsatisfied};
use wallet::{AskError, ChoiceError, EntryId, Mismatch, Selection, Wallet, WalletError, Warning};

use crate::statement::{
    at_least, cleared_and_paid, licensed, request, statement, strange_parameters,
};
use crate::town::{NOW, Town, Values, date, schema, schemas};

fn planned(wallet: &Wallet, request: &Request, statement: &Statement) -> Vec<EntryId> {
    let plan = wallet.plan(request, statement, &Selection::automatic(), NOW).unwrap();
    plan.records().map(|(_, id)| id).collect()
}

fn choice_error(wallet: &Wallet, statement: &Statement, selection: Selection) -> ChoiceError {
    match wallet.plan(&request(statement), statement, &selection, NOW) {
        Err(WalletError::Choice(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn records_that_satisfy_are_candidates_and_the_others_say_why_not() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let licence = schema("licence");
    let poor = town.give(&mut wallet, "traffic", &licence, Values("A-1", 9));
    let good = town.give(&mut wallet, "north", &licence, Values("A-2", 10));
    let elsewhere = town.give(&mut wallet, "tax", &licence, Values("A-3", 10));
    let revoked = town.give(&mut wallet, "traffic", &licence, Values("A-4", 10));
    town.give(&mut wallet, "customs", &schema("clearance"), Values("A-5", 10));
    town.revoke(&wallet.bundle(revoked).unwrap());
    let _ = wallet.refresh(&town, NOW).unwrap();

    let statement = licensed();
    let asked = request(&statement);
    let found = wallet.candidates(&statement, &statement.records()[0], &asked).unwrap();
    let found: Vec<_> = found.into_iter().map(|c| (c.id, c.mismatch)).collect();
    assert_eq!(
        found,
        [
            (poor, Some(Mismatch::Unsatisfied(Unsatisfied::Clause(0)))),
            (good, None),
            (elsewhere, Some(Mismatch::OtherLedger)),
            (revoked, Some(Mismatch::Revoked)),
        ]
    );
    assert_eq!(planned(&wallet, &asked, &statement), [good]);
    let mut later = asked;
    later.today = date("2027-01-01");
    let found = wallet.candidates(&statement, &statement.records()[0], &later).unwrap();
    assert_eq!(found[1].mismatch, Some(Mismatch::Unsatisfied(Unsatisfied::Currency)));
}

#[test]
fn joined_records_are_chosen_together() {
    let town = Town::new();
    let mut wallet = town.wallet();
    for number in ["784-1", "784-2", "784-3"] {
        town.give(&mut wallet, "customs", &schema("clearance"), Values(number, 0));
    }
    // 784-1 is not paid, 784-2 not enough, 784-3 is.
    town.give(&mut wallet, "tax", &schema("payment"), Values("784-2", 50));
    let paid = town.give(&mut wallet, "tax", &schema("payment"), Values("784-3", 100));
    let licence = town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 0));
    let cleared = wallet.find("clearance 784-3").unwrap();
    let statement = cleared_and_paid();
    assert_eq!(planned(&wallet, &request(&statement), &statement), [cleared, paid, licence]);

    // Picked by hand, a clearance that has no payment fits with nothing.
    let other = wallet.find("clearance 784-1").unwrap();
    let error = choice_error(&wallet, &statement, Selection::automatic().with("clearance", other));
    let names = vec!["clearance".to_owned(), "payment".to_owned()];
    assert_eq!(error, ChoiceError::NotJoined { records: names });
    assert_eq!(error.to_string(), "the wallet has no clearance and payment that belong together");
}

#[test]
fn a_selection_is_kept_to_or_refused_with_a_reason() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let licence = schema("licence");
    let first = town.give(&mut wallet, "traffic", &licence, Values("A-1", 10));
    let second = town.give(&mut wallet, "north", &licence, Values("A-2", 10));
    let poor = town.give(&mut wallet, "north", &licence, Values("A-3", 9));
    let other = town.give(&mut wallet, "customs", &schema("clearance"), Values("A-4", 10));
    let statement = licensed();
    let asked = request(&statement);
    assert_eq!(planned(&wallet, &asked, &statement), [first]);
    let pick = |id| Selection::automatic().with("licence", id);
    let plan = wallet.plan(&asked, &statement, &pick(second), NOW).unwrap();
    assert_eq!(plan.records().collect::<Vec<_>>(), [("licence", second)]);
    let error = choice_error(&wallet, &statement, pick(poor));
    assert_eq!(error.to_string(), "record 3 cannot serve as licence: condition 0 is not met");
    let error = choice_error(&wallet, &statement, pick(other));
    assert!(matches!(error, ChoiceError::OtherSchema { .. }), "{error}");
    let error = choice_error(&wallet, &statement, Selection::automatic().with("car", first));
    assert_eq!(error, ChoiceError::UnknownName("car".to_owned()));
    wallet.remove(first).unwrap();
    wallet.remove(second).unwrap();
    let error = choice_error(&wallet, &statement, Selection::automatic());
    assert_eq!(
        error.to_string(),
        "no record of the wallet can serve as licence (licence): record 3: condition 0 is not met"
    );
}

#[test]
fn requests_that_no_verifier_would_accept_are_not_answered() {
    let town = Town::new();
    let mut wallet = town.wallet();
    town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 10));
    let statement = licensed();
    let good = request(&statement);
    let open = crate::statement::statement("open", vec![at_least(0, "licence", &["traffic"])]);
    let mut scoped = request(&open);
    scoped.scope = Some("counter".to_owned());
    let mutated = |change: &dyn Fn(&mut Request)| {
        let mut bad = good.clone();
        change(&mut bad);
        bad
    };
    for (bad, of, expected) in [
        (mutated(&|r| r.version = 2), &statement, "version 2"),
        (mutated(&|r| r.statement = open.id()), &statement, "another statement"),
        (mutated(&|r| r.expires_at = NOW - 1), &statement, "expired"),
        (mutated(&|r| r.today = date("2026-02-02")), &statement, "not about today"),
        (mutated(&|r| r.scope = None), &statement, "names no scope"),
        (mutated(&|r| r.parameters = strange_parameters()), &statement, "no parameter"),
        (scoped, &open, "has no use for"),
    ] {
        let error = wallet.plan(&bad, of, &Selection::automatic(), NOW).unwrap_err();
        assert!(matches!(error, WalletError::Request(_)), "{error}");
        assert!(error.to_string().contains(expected), "{error}, not {expected}");
    }
    let expired = mutated(&|r| r.expires_at = NOW - 1);
    let error = wallet.plan(&expired, &statement, &Selection::automatic(), NOW).unwrap_err();
    assert!(matches!(error, WalletError::Request(AskError::Expired)));
    assert_eq!(planned(&wallet, &good, &statement).len(), 1);
}

#[test]
fn the_holder_reads_what_would_be_shown() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let id = town.give(&mut wallet, "traffic", &schema("licence"), Values("A-1", 10));
    let statement = licensed();
    let mut asked = request(&statement);
    let consent = |asked: &Request, language| {
        let plan = wallet.plan(asked, &statement, &Selection::automatic(), NOW).unwrap();
        wallet.consent(&plan, &schemas(), language).unwrap()
    };
    let plain = consent(&asked, Language::En);
    assert!(plain.warnings.is_empty());
    assert_eq!(plain.records[0].revealed, [("Number".to_owned(), "A-1".into())]);
    let text = plain.to_string();
    assert!(text.contains("counter") && text.contains("Number = A-1"), "{text}");
    assert!(!format!("{plain:?}").contains("A-1"));

    asked.scope = Some("all counters".to_owned());
    asked.max_checkpoint_age = 60;
    asked.expires_at = NOW + 90_000;
    let unusual = consent(&asked, Language::Zh);
    assert_eq!(
        unusual.warnings,
        [
            Warning::SharedScope { scope: "all counters".into(), audience: "counter".into() },
            Warning::RecentState { seconds: 60 },
            Warning::LongLived { seconds: 90_000 },
        ]
    );
    let text = unusual.to_string();
    assert!(text.contains("号码 = A-1") && text.contains("all counters"), "{text}");
    assert_eq!(unusual.records[0].id, id);
}

#[test]
fn a_statement_about_two_licences_takes_two_where_there_are_two() {
    let town = Town::new();
    let mut wallet = town.wallet();
    let licence = schema("licence");
    let first = town.give(&mut wallet, "traffic", &licence, Values("A-1", 10));
    let mut two = vec![at_least(0, "licence", &["traffic"]), at_least(5, "licence", &["traffic"])];
    two[1].name = "second".to_owned();
    let statement = statement("two", two);
    assert_eq!(planned(&wallet, &request(&statement), &statement), [first, first]);
    let second = town.give(&mut wallet, "traffic", &licence, Values("A-2", 1));
    assert_eq!(planned(&wallet, &request(&statement), &statement), [second, first]);
}
