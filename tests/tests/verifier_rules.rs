//! For each rule of the verifier, a presentation that is good but for one thing, and refused by
//! that rule.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

use std::sync::{LazyLock, Mutex};

use records::schema::builtin;
use records::{Date, Fr, LinkTag, Nullifier};
use serde_json::json;
use statements::{Nonce, Presentation, Request, Statement, compiler};
use tests::{AUDIENCE, Citizen, NOW, Town, context, request};
use verifier::{Context, RULES, Refusal, RuleCode, Verified, Verifier};

/// Reveals the class, shows a nullifier, has a parameter, and joins two records of one person.
const STATEMENT: &str = r#"
name = "everything"
version = 1
title = { en = "Everything", zh = "全部" }
description = { en = "Uses every feature", zh = "使用所有功能" }
condition = '''
card.identity_number == licence.identity_number
&& licence.class in ['A1', 'A2', 'B1', 'B2', 'C1']
&& licence.birth_date <= latest
'''

[[parameters]]
name = "latest"
type = "date"
title = { en = "Latest date of birth", zh = "最晚出生日期" }

[[records]]
name = "licence"
schema = "driving_licence"
ledgers = ["traffic.vouch.example"]
reveal = ["class"]
nullifier = true

[[records]]
name = "card"
schema = "resident_identity_card"
ledgers = ["population.vouch.example"]
"#;

struct World {
    statement: Statement,
    town: Town,
    citizen: Mutex<Citizen>,
    verifier: Verifier,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let statement = compiler::compile(STATEMENT, builtin::all()).unwrap();
    let town = Town::found();
    let citizen = Mutex::new(Citizen::settle(&town, 1));
    let verifier = town.verifier(&[&statement]);
    World { statement, town, citizen, verifier }
});

fn asked() -> Request {
    let mut request = request(&WORLD.statement);
    request.parameters.insert("latest".to_owned(), json!("2025-01-01"));
    request
}

fn answered(request: &Request) -> Presentation {
    WORLD.citizen.lock().unwrap().present(&WORLD.town, &WORLD.statement, request)
}

static GOOD: LazyLock<(Request, Presentation)> = LazyLock::new(|| {
    let request = asked();
    let presentation = answered(&request);
    (request, presentation)
});

fn verify(request: &Request, presentation: &Presentation) -> Result<Verified, Refusal> {
    WORLD.verifier.verify(request, presentation, &context())
}

fn code(outcome: Result<Verified, Refusal>) -> RuleCode {
    let refusal = outcome.expect_err("accepted");
    assert_eq!(refusal.rule, refusal.code.number());
    refusal.code
}

#[test]
fn a_good_presentation_gives_a_verdict_once() {
    let (request, presentation) = &*GOOD;
    let verified = verify(request, presentation).unwrap();
    assert_eq!(verified.nonce(), request.nonce);
    let verdict = verified.claim(true).unwrap();
    assert_eq!(verdict.records[0].revealed["class"], "C1");
    assert_eq!(verdict.records[0].revealed.len(), 1);
    assert!(verdict.records[0].nullifier.is_some() && verdict.records[1].nullifier.is_none());
    assert!(verdict.development_key);
    assert_eq!(verdict.checkpoints.len(), 2);
    assert_eq!(verdict.checkpoints[0].age_seconds, 3_600);
    let again = verify(request, presentation).unwrap().claim(false).unwrap_err();
    assert_eq!(again.code, RuleCode::Replayed);
}

type PresentationMutation = (&'static str, fn(&mut Presentation), RuleCode);

const PRESENTATIONS: &[PresentationMutation] = &[
    ("another version", |p| p.version = 2, RuleCode::Malformed),
    ("a proof less", |p| drop(p.proofs.pop()), RuleCode::ShapeInvalid),
    ("a proof more", |p| p.proofs.push(p.proofs[0].clone()), RuleCode::ShapeInvalid),
    ("no nullifier", |p| p.proofs[0].nullifier = None, RuleCode::ShapeInvalid),
    (
        "a nullifier nobody asked for",
        |p| p.proofs[1].nullifier = p.proofs[0].nullifier,
        RuleCode::ShapeInvalid,
    ),
    ("a tag less", |p| p.links.truncate(0), RuleCode::ShapeInvalid),
    ("a tag more", |p| p.links.push(p.links[0]), RuleCode::ShapeInvalid),
    ("nothing revealed", |p| p.proofs[0].revealed.clear(), RuleCode::ShapeInvalid),
    (
        "another attribute revealed",
        |p| {
            let value = p.proofs[0].revealed.remove("class").unwrap();
            p.proofs[0].revealed.insert("status".to_owned(), value);
        },
        RuleCode::ShapeInvalid,
    ),
    (
        "one more revealed",
        |p| drop(p.proofs[1].revealed.insert("name".to_owned(), json!("x"))),
        RuleCode::ShapeInvalid,
    ),
    ("a checkpoint less", |p| drop(p.checkpoints.pop()), RuleCode::CheckpointUntrusted),
    ("the checkpoints swapped", |p| p.checkpoints.swap(0, 1), RuleCode::CheckpointUntrusted),
    (
        "a checkpoint with another state root",
        |p| {
            let text = p.checkpoints[0].as_str();
            let at = text.find("\nstate ").unwrap() + 7;
            let digit = if text.as_bytes()[at + 60] == b'0' { "1" } else { "0" };
            let text = format!("{}{digit}{}", &text[..at + 60], &text[at + 61..]);
            p.checkpoints[0] = records::SignedCheckpoint::from_bytes(text.as_bytes()).unwrap();
        },
        RuleCode::CheckpointUntrusted,
    ),
    (
        "a revealed code that does not exist",
        |p| drop(p.proofs[0].revealed.insert("class".to_owned(), json!("Z9"))),
        RuleCode::RevealedInvalid,
    ),
    (
        "a revealed value of another type",
        |p| drop(p.proofs[0].revealed.insert("class".to_owned(), json!(3))),
        RuleCode::RevealedInvalid,
    ),
    (
        "a tampered reveal",
        |p| drop(p.proofs[0].revealed.insert("class".to_owned(), json!("A1"))),
        RuleCode::ProofInvalid,
    ),
    (
        "another nullifier",
        |p| p.proofs[0].nullifier = Some(Nullifier::from_field(Fr::from(5_u64))),
        RuleCode::ProofInvalid,
    ),
    ("another tag", |p| p.links[0] = LinkTag::from_field(Fr::from(5_u64)), RuleCode::ProofInvalid),
    (
        "the proofs swapped",
        |p| {
            let first = p.proofs[0].proof;
            p.proofs[0].proof = p.proofs[1].proof;
            p.proofs[1].proof = first;
        },
        RuleCode::ProofInvalid,
    ),
    (
        "bytes that are no proof",
        |p| {
            p.proofs[1].proof = statements::ProofBytes::new([0xff; 128]);
        },
        RuleCode::ProofMalformed,
    ),
];

#[test]
fn each_mutation_of_the_presentation_is_refused_by_its_rule() {
    let (request, good) = &*GOOD;
    for (name, mutate, expected) in PRESENTATIONS {
        let mut bad = good.clone();
        mutate(&mut bad);
        assert_eq!(code(verify(request, &bad)), *expected, "{name}");
        // The same in a batch, between two good ones.
        let items = [(request.clone(), good.clone()), (request.clone(), bad), GOOD.clone()];
        let outcomes = WORLD.verifier.verify_batch(&items, &context());
        assert_eq!(outcomes.len(), 3);
        let [first, second, third] = outcomes.try_into().unwrap();
        assert!(first.is_ok() && third.is_ok(), "{name}");
        assert_eq!(code(second), *expected, "{name} in a batch");
    }
}

type RequestMutation = (&'static str, fn(&mut Request), RuleCode);

/// Mutations of the request for which the presentation is made to answer the mutant: what is
/// left to object is the rule itself.
const REQUESTS: &[RequestMutation] = &[
    ("another audience", |r| r.audience = "elsewhere".to_owned(), RuleCode::WrongAudience),
    ("expired", |r| r.expires_at = NOW - 1, RuleCode::RequestExpired),
    ("two days ago", |r| r.today = r.today.plus_days(-2), RuleCode::WrongDay),
    ("in two days", |r| r.today = r.today.plus_days(2), RuleCode::WrongDay),
    ("no parameter", |r| r.parameters.clear(), RuleCode::ParametersInvalid),
    (
        "a parameter of another type",
        |r| drop(r.parameters.insert("latest".to_owned(), json!(5))),
        RuleCode::ParametersInvalid,
    ),
    (
        "a parameter nobody declared",
        |r| drop(r.parameters.insert("other".to_owned(), json!("x"))),
        RuleCode::ParametersInvalid,
    ),
    ("no scope", |r| r.scope = None, RuleCode::ScopeInvalid),
    ("stale", |r| r.max_checkpoint_age = 3_599, RuleCode::CheckpointStale),
    ("version", |r| r.version = 2, RuleCode::Malformed),
    // The proof is bound to the request it was made for.
    ("another nonce", |r| r.nonce = Nonce::from_bytes([9; 16]), RuleCode::ProofInvalid),
    ("another scope", |r| r.scope = Some("other".to_owned()), RuleCode::ProofInvalid),
    ("tomorrow", |r| r.today = r.today.plus_days(1), RuleCode::ProofInvalid),
    (
        "another parameter",
        |r| drop(r.parameters.insert("latest".to_owned(), json!("2024-01-01"))),
        RuleCode::ProofInvalid,
    ),
    ("a longer life", |r| r.expires_at += 1, RuleCode::ProofInvalid),
];

#[test]
fn each_mutation_of_the_request_is_refused_by_its_rule() {
    let (good, presentation) = &*GOOD;
    for (name, mutate, expected) in REQUESTS {
        let mut request = good.clone();
        mutate(&mut request);
        let mut adapted = presentation.clone();
        if request.check().is_ok() {
            assert_eq!(code(verify(&request, presentation)), RuleCode::RequestMismatch, "{name}");
            adapted.request = request.challenge();
        }
        assert_eq!(code(verify(&request, &adapted)), *expected, "{name}");
    }
}

#[test]
fn the_verifier_decides_what_it_trusts() {
    let (request, presentation) = &*GOOD;
    let unknown = WORLD.town.verifier(&[]);
    assert_eq!(code(unknown.verify(request, presentation, &context())), RuleCode::StatementUnknown);
    // Ledgers of the same names with other keys.
    let stranger = Town::found().verifier(&[&WORLD.statement]);
    assert_eq!(
        code(stranger.verify(request, presentation, &context())),
        RuleCode::CheckpointUntrusted
    );
    let strict = Context { allow_development: false, ..context() };
    assert_eq!(
        code(WORLD.verifier.verify(request, presentation, &strict)),
        RuleCode::DevelopmentKey
    );
    let early = Context { now: NOW - 3_700, ..context() };
    assert_eq!(
        code(WORLD.verifier.verify(request, presentation, &early)),
        RuleCode::CheckpointStale
    );
    let elsewhere = Context { audience: "elsewhere", ..context() };
    assert_eq!(
        code(WORLD.verifier.verify(request, presentation, &elsewhere)),
        RuleCode::WrongAudience
    );
}

/// Every rule has been seen to refuse something in this file.
#[test]
fn every_rule_is_covered() {
    let elsewhere = [
        RuleCode::Replayed,
        RuleCode::RequestMismatch,
        RuleCode::StatementUnknown,
        RuleCode::DevelopmentKey,
    ];
    let mut seen: Vec<RuleCode> = elsewhere.to_vec();
    seen.extend(PRESENTATIONS.iter().map(|(_, _, code)| *code));
    seen.extend(REQUESTS.iter().map(|(_, _, code)| *code));
    for rule in RULES {
        assert!(seen.contains(&rule.code), "{}", rule.code);
    }
}

/// A re-randomised copy is the same proof: it holds, and the nonce refuses it.
#[test]
fn two_presentations_share_nothing_but_what_is_public() {
    let first_request = asked();
    let mut second_request = asked();
    second_request.scope = Some("another scope".to_owned());
    second_request.audience = AUDIENCE.to_owned();
    let (first, second) = (answered(&first_request), answered(&second_request));
    assert!(verify(&first_request, &first).is_ok());
    assert!(verify(&second_request, &second).is_ok());
    assert_eq!(
        code(verify(&second_request, &Presentation { request: second.request, ..first.clone() })),
        RuleCode::ProofInvalid
    );
    for (a, b) in first.proofs.iter().zip(&second.proofs) {
        assert_ne!(a.proof, b.proof);
    }
    assert_ne!(first.proofs[0].nullifier, second.proofs[0].nullifier);
    assert_ne!(first.links, second.links);
    // In one scope the nullifier is the same: that is what it is for.
    let third_request = asked();
    let third = answered(&third_request);
    assert_eq!(first.proofs[0].nullifier, third.proofs[0].nullifier);
    assert_ne!(first.links, third.links);
}

/// The figure of the specification: one record, one checkpoint, at most 700 bytes.
#[test]
fn a_single_record_presentation_is_small() {
    let statement = statements::catalogue::by_name("valid_driving_licence").unwrap();
    let verifier = WORLD.town.verifier(&[statement]);
    let request = request(statement);
    let presentation = WORLD.citizen.lock().unwrap().present(&WORLD.town, statement, &request);
    assert_eq!(presentation.checkpoints.len(), 1);
    let compact = presentation.to_compact();
    assert!(compact.len() <= 700, "{} bytes", compact.len());
    let read = Presentation::from_compact(&compact).unwrap();
    assert!(verifier.verify(&request, &read, &context()).is_ok());
}

#[test]
fn expired_and_revoked_records_do_not_prove() {
    let statement = statements::catalogue::by_name("valid_driving_licence").unwrap();
    let town = Town::found();
    let citizen = Citizen::settle(&town, 2);
    let mut late = request(statement);
    late.today = Date::parse("2036-01-01").unwrap();
    let none = wallet::Selection::automatic();
    assert!(citizen.wallet.plan(&late, statement, &none, NOW).is_err());

    let mut citizen = citizen;
    let revoke = ledger::Event::Revoke { index: citizen.licence.index };
    town.ledger("driving_licence").append(&[revoke], NOW).unwrap();
    let now = request(statement);
    let mut fresh = now.clone();
    fresh.max_checkpoint_age = 60;
    let plan = citizen.wallet.plan(&fresh, statement, &none, NOW).unwrap();
    let refused = citizen.wallet.present(&plan, &town, &tests::PROVER).unwrap_err();
    assert!(refused.to_string().contains("revoked"), "{refused}");
}
