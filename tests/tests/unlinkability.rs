//! Two presentations of one record have nothing in common but what is common to all holders.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

use std::collections::HashSet;
use std::sync::LazyLock;

use records::schema::builtin;
use serde_json::Value as Json;
use statements::{Presentation, Request, Statement, catalogue, compiler};
use tests::{Citizen, NOW, Town, request, schema};
use wallet::Selection;

/// Length of what is compared.
const WINDOW: usize = 16;

/// So many bytes of a window must be the holder's: fewer are equal by chance, where a window
/// reaches over the end of something public.
const OWN: usize = 8;

static TOWN: LazyLock<Town> = LazyLock::new(Town::found);

fn asked(statement: &Statement, audience: &str, nonce: u8) -> Request {
    Request {
        audience: audience.to_owned(),
        nonce: statements::Nonce::from_bytes([nonce; 16]),
        scope: statement.needs_scope().then(|| audience.to_owned()),
        ..request(statement)
    }
}

fn answered(citizen: &mut Citizen, statement: &Statement, request: &Request) -> Presentation {
    let plan = citizen.wallet.plan(request, statement, &Selection::automatic(), NOW).unwrap();
    citizen.wallet.present(&plan, &*TOWN, &tests::PROVER).unwrap()
}

/// Windows that two messages share and that are not public.
fn shared(one: &[u8], other: &[u8], public: &[&[u8]]) -> usize {
    let mut own = vec![true; one.len()];
    for part in public {
        for start in 0..=one.len().saturating_sub(part.len()) {
            if one[start..].starts_with(part) {
                own[start..start + part.len()].fill(false);
            }
        }
    }
    let windows: HashSet<&[u8]> = other.windows(WINDOW).collect();
    let found = one.windows(WINDOW).zip(own.windows(WINDOW)).filter(|(window, own)| {
        own.iter().filter(|own| **own).count() >= OWN && windows.contains(window)
    });
    found.count()
}

/// All strings of a JSON value, hexadecimal ones decoded.
fn strings(json: &Json, found: &mut Vec<Vec<u8>>) {
    match json {
        Json::String(text) => {
            found.push(hex::decode(text).unwrap_or_else(|_| text.clone().into_bytes()));
        }
        Json::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Json::Object(members) => members.values().for_each(|member| strings(member, found)),
        _ => {}
    }
}

/// What two presentations share, in both of their forms.
fn compare(one: &Presentation, other: &Presentation) -> usize {
    // All holders present the same checkpoints.
    assert_eq!(one.checkpoints, other.checkpoints);
    let public: Vec<&[u8]> = one.checkpoints.iter().map(|c| c.as_str().as_bytes()).collect();
    let compact = shared(&one.to_compact(), &other.to_compact(), &public);
    let [mut ones, mut others] = [vec![], vec![]];
    strings(&serde_json::to_value(one).unwrap(), &mut ones);
    strings(&serde_json::to_value(other).unwrap(), &mut others);
    let pairs = ones.iter().flat_map(|one| others.iter().map(move |other| (one, other)));
    let json: usize = pairs.map(|(one, other)| shared(one, other, &public)).sum();
    compact + json
}

/// Two records of one holder; with a nullifier, linked by a number and by the holder's secret.
fn join() -> Statement {
    let document = r#"
name = "join"
version = 1
title = { en = "Join", zh = "关联" }
description = { en = "Two records of one person", zh = "同一人的两份记录" }
condition = "same_holder(card, licence) && card.identity_number == licence.identity_number"

[[records]]
name = "card"
schema = "resident_identity_card"
ledgers = ["population.vouch.example"]
nullifier = true

[[records]]
name = "licence"
schema = "driving_licence"
ledgers = ["traffic.vouch.example"]
"#;
    compiler::compile(document, builtin::all()).unwrap()
}

#[test]
fn presentations_to_two_relying_parties_cannot_be_linked() {
    let mut citizen = Citizen::settle(&TOWN, 77);
    let join = join();
    assert!(join.link_classes() == 2 && join.needs_scope());
    let single = catalogue::by_name("valid_driving_licence").unwrap();
    for statement in [single, &join] {
        let [one, other] = [("rental.example", 1), ("bank.example", 2)].map(|(audience, nonce)| {
            let request = asked(statement, audience, nonce);
            answered(&mut citizen, statement, &request)
        });
        assert_eq!(compare(&one, &other), 0, "{}", statement.name());
    }
}

/// Nor those to one relying party, for a statement that does not count.
#[test]
fn presentations_to_one_relying_party_cannot_be_linked() {
    let mut citizen = Citizen::settle(&TOWN, 78);
    let statement = catalogue::by_name("valid_driving_licence").unwrap();
    let [one, other] = [3, 4].map(|nonce| {
        let request = asked(statement, "rental.example", nonce);
        answered(&mut citizen, statement, &request)
    });
    assert_eq!(compare(&one, &other), 0);
}

/// The comparison sees what is there to be seen: the nullifiers of one scope, and a record's
/// public leaf if it were to be shown.
#[test]
fn what_does_link_is_noticed() {
    let mut citizen = Citizen::settle(&TOWN, 79);
    let join = join();
    let [one, other] = [5, 6].map(|nonce| {
        let request = asked(&join, "rental.example", nonce);
        answered(&mut citizen, &join, &request)
    });
    assert_eq!(one.proofs[0].nullifier, other.proofs[0].nullifier);
    // 32 bytes, in each of the two forms.
    assert!(compare(&one, &other) >= 2 * (32 - WINDOW + 1));
    let leaf = citizen.licence.record(schema("driving_licence")).unwrap().leaf().to_bytes();
    assert_eq!(shared(&[&leaf[..], b"x"].concat(), &[b"yz", &leaf[..]].concat(), &[]), 17);
}
