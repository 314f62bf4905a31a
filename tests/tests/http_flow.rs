//! Flows over HTTP with the service as a process of its own, named for what people do. What one
//! route does is tested beside it, in `service/tests/http`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use ledger::Event;
use rand::rngs::OsRng;
use records::schema::builtin;
use records::{Leaf, LedgerKey};
use serde_json::{Value as Json, json};
use service::client::{Client, Encoding};
use service::department::amend_record;
use statements::{Presentation, Request};
use tests::city::{
    City, Counter, DOCUMENTS, Person, broker_documents, citizen_documents, issue_record, now,
    sampler,
};
use tests::server::Server;
use tests::{PROVER, origin, schema, with};
use verifier::{Context, Verifier};

/// Name of the relying party that the service works for.
const AUDIENCE: &str = "counter.vouch.example";

const LICENCE: &str = "valid_driving_licence";
const CONSIGNMENT: &str = "consignment_cleared_and_taxed";

/// A citizen with its documents.
fn citizen(city: &City, server: &Server, seed: u64) -> Person {
    let mut person = Person::new(&Client::new(server.url()).unwrap());
    for (name, row) in citizen_documents(&mut sampler(seed)) {
        person.receive(&city.channel(name, server.url()), name, row);
    }
    person
}

/// A broker with the documents of one consignment.
fn broker(city: &City, server: &Server, seed: u64) -> Person {
    let mut person = Person::new(&Client::new(server.url()).unwrap());
    for (name, row) in broker_documents(&mut sampler(seed)) {
        person.receive(&city.channel(name, server.url()), name, row);
    }
    person
}

/// A relying party of that name, without a network.
fn offline(keys: Vec<LedgerKey>) -> Verifier {
    let mut verifier = Verifier::new(PROVER.pinned(), builtin::all().to_vec());
    keys.into_iter().for_each(|key| verifier.trust_ledger(key));
    for statement in statements::catalogue::all() {
        verifier.add_statement(statement.clone()).unwrap();
    }
    verifier
}

#[test]
fn a_counter_asks_a_citizen_presents_and_a_crash_changes_nothing() {
    let city = City::found(&DOCUMENTS);
    let server = city.serve(&[]);
    let mut citizen = citizen(&city, &server, 11);
    let (client, counter) = (Client::new(server.url()).unwrap(), Counter::new(server.url()));
    let (open, asked) = (counter.ask(LICENCE, |_| {}), counter.ask(LICENCE, |_| {}));
    assert_eq!(counter.result(&asked)["status"], "open");
    let mut stream = counter.events(&asked);
    let listener = thread::spawn(move || {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    });
    let request = client.fetch_request(&asked.request.nonce).unwrap();
    assert_eq!(request, asked.request);
    let presentation = citizen.answer(&request, &client).unwrap();
    let reply = client.present(&request.nonce, &presentation, Encoding::Cbor).unwrap();
    assert!(reply.valid, "{reply:?}");
    // The stream ends with the result; whoever asks again and again finds the same.
    let text = listener.join().unwrap();
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let streamed: Json = serde_json::from_str(data).unwrap();
    assert_eq!(streamed, counter.result(&asked));
    assert_eq!(streamed["verdict"]["name"], LICENCE);

    drop(server);
    let server = city.serve(&[]);
    let (client, counter) = (Client::new(server.url()).unwrap(), Counter::new(server.url()));
    let again = client.present(&request.nonce, &presentation, Encoding::Json).unwrap();
    assert_eq!(again.refusal.unwrap().code, "replayed");
    let by_hand = client.verify(&request, &presentation).unwrap();
    assert_eq!(by_hand.refusal.unwrap().code, "replayed");
    assert_eq!(counter.result(&asked)["status"], "valid");
    // The other request is still there to be answered.
    assert_eq!(counter.result(&open)["status"], "open");
    let presentation = citizen.answer(&open.request, &client).unwrap();
    assert!(client.present(&open.request.nonce, &presentation, Encoding::Json).unwrap().valid);
    let (status, _) = server.stop();
    assert!(status.success(), "{status}");
}

#[test]
fn a_broker_proves_one_consignment_and_cannot_mix_two() {
    let city = City::found(&DOCUMENTS);
    let server = city.serve(&[]);
    let (client, counter) = (Client::new(server.url()).unwrap(), Counter::new(server.url()));
    let mut brokers = [21, 22].map(|seed| broker(&city, &server, seed));
    let asked = counter.ask(CONSIGNMENT, |_| {});
    let request = &asked.request;
    let [one, other] = brokers.each_mut().map(|broker| broker.answer(request, &client).unwrap());
    assert_eq!(one.checkpoints, other.checkpoints);
    // The arrival of one consignment, with declaration and tax of another: whosever tags.
    for (links, name) in [(&one.links, "one"), (&other.links, "other")] {
        for count in 1..one.proofs.len() {
            let mut mixed = Presentation { links: links.clone(), ..one.clone() };
            mixed.proofs[..count].clone_from_slice(&other.proofs[..count]);
            let reply = client.present(&request.nonce, &mixed, Encoding::Json).unwrap();
            assert_eq!(reply.refusal.unwrap().code, "proof-invalid", "{count}, tags of {name}");
        }
    }
    assert!(client.present(&request.nonce, &one, Encoding::Cbor).unwrap().valid);
    // Whose documents belong to different consignments has no answer to begin with.
    let mut careless = Person::new(&client);
    let documents = [broker_documents(&mut sampler(23)), broker_documents(&mut sampler(24))];
    for (name, row) in [documents[0][0].clone(), documents[1][1].clone(), documents[1][2].clone()] {
        careless.receive(&city.channel(name, server.url()), name, row);
    }
    let asked = counter.ask(CONSIGNMENT, |_| {});
    assert!(careless.answer(&asked.request, &client).is_err());
}

#[test]
fn an_amended_licence_proves_and_the_one_before_does_not() {
    let city = City::found(&DOCUMENTS);
    let server = city.serve(&[]);
    let (client, counter) = (Client::new(server.url()).unwrap(), Counter::new(server.url()));
    let name = "driving_licence";
    let channel = city.channel(name, server.url());
    let mut person = Person::new(&client);
    let (_, row) = citizen_documents(&mut sampler(31)).swap_remove(0);
    let old = person.receive(&channel, name, row);
    person.wallet.refresh(&client, now()).unwrap();
    // The department downgrades the licence: it is no longer of class C1.
    let record = old.record(schema(name)).unwrap();
    let values = with(schema(name), record.values().to_vec(), &[("class", "F")]);
    let next = amend_record(schema(name), record.header(), values, &mut OsRng).unwrap();
    channel.append(&[Event::Amend { index: old.index, leaf: next.leaf() }]).unwrap();

    // A proof against the state before is as old as that state, and does not fit the new one.
    let asked = counter.ask(LICENCE, |_| {});
    let mut stale = person.answer(&asked.request, &client).unwrap();
    stale.checkpoints[0] = client.checkpoint(&old.ledger).unwrap();
    let reply = client.present(&asked.request.nonce, &stale, Encoding::Json).unwrap();
    assert_eq!(reply.refusal.unwrap().code, "proof-invalid");
    // With the new version in the wallet, the statement is not true.
    let bundle = records::RecordBundle::new(old.ledger.clone(), old.index, schema(name), &next);
    person.wallet.add(bundle, builtin::all()).unwrap();
    person.wallet.refresh(&client, now()).unwrap();
    let refused = person.answer(&asked.request, &client).unwrap_err();
    assert!(!refused.to_string().contains('F'), "{refused}");
    // Upgraded, it is true again.
    let values = with(schema(name), record.values().to_vec(), &[("class", "B2")]);
    let last = amend_record(schema(name), record.header(), values, &mut OsRng).unwrap();
    channel.append(&[Event::Amend { index: old.index, leaf: last.leaf() }]).unwrap();
    let bundle = records::RecordBundle::new(old.ledger.clone(), old.index, schema(name), &last);
    person.wallet.add(bundle, builtin::all()).unwrap();
    person.wallet.refresh(&client, now()).unwrap();
    let good = person.answer(&asked.request, &client).unwrap();
    assert!(client.present(&asked.request.nonce, &good, Encoding::Json).unwrap().valid);
}

/// The service and a relying party without a network judge alike, whatever they are shown.
#[test]
fn a_relying_party_without_a_network_comes_to_the_same_verdict() {
    let city = City::found(&DOCUMENTS);
    let server = city.serve(&[]);
    let (client, counter) = (Client::new(server.url()).unwrap(), Counter::new(server.url()));
    let mut broker = broker(&city, &server, 41);
    let verifier = offline(client.ledger_keys().unwrap());
    let asked = counter.ask("port_arrival_by_air", |_| {});
    let good = broker.answer(&asked.request, &client).unwrap();
    type Mutation = fn(&mut Request, &mut Presentation);
    let mutations: [(&str, Mutation); 6] = [
        ("none", |_, _| {}),
        ("a revealed value", |_, p| {
            p.proofs[0].revealed.insert("arrival_airport".to_owned(), json!("XXX"));
        }),
        ("a revealed day", |_, p| {
            p.proofs[0].revealed.insert("arrived_on".to_owned(), json!("2001-01-01"));
        }),
        ("the audience", |r, p| {
            r.audience = "elsewhere.example".to_owned();
            p.request = r.challenge();
        }),
        ("the day", |r, p| {
            r.today = r.today.plus_days(3);
            p.request = r.challenge();
        }),
        ("a proof less", |_, p| p.proofs.clear()),
    ];
    for (name, mutate) in mutations.into_iter().rev() {
        let (mut request, mut presentation) = (asked.request.clone(), good.clone());
        mutate(&mut request, &mut presentation);
        let context = Context { audience: AUDIENCE, now: now(), allow_development: true };
        let here = verifier.verify(&request, &presentation, &context);
        let there = client.verify(&request, &presentation).unwrap();
        match here {
            Ok(verified) => {
                let mut verdict = serde_json::to_value(verified.claim(true).unwrap()).unwrap();
                let mut other = there.verdict.unwrap();
                // Some moments lie between the two.
                for verdict in [&mut verdict, &mut other] {
                    verdict["checkpoints"][0]["age_seconds"] = json!(0);
                }
                assert_eq!((name, verdict), ("none", other));
            }
            Err(refusal) => {
                let theirs = there.refusal.unwrap_or_else(|| panic!("{name} is accepted"));
                // The service knows which requests it made, and says so first.
                let known = theirs.code == "request-mismatch" && request != asked.request;
                assert!(known || theirs.code == refusal.code.as_str(), "{name}: {theirs:?}");
            }
        }
    }
}

/// A department's events, once acknowledged, survive a crash in the midst of others.
#[test]
fn a_crash_while_a_department_appends_loses_nothing_that_was_acknowledged() {
    let name = "driving_licence";
    let city = City::found(&[name]);
    let server = city.serve(&[]);
    let channel = city.channel(name, server.url());
    let enough = AtomicBool::new(false);
    let acknowledged: BTreeMap<u64, Leaf> = thread::scope(|scope| {
        let appends = scope.spawn(|| {
            let mut acknowledged = BTreeMap::new();
            for number in 1_u64.. {
                let leaf = Leaf::from_field(number.into());
                let Ok(answer) = channel.append(&[Event::Issue { leaf }]) else { break };
                acknowledged.insert(answer.indices[0].unwrap(), leaf);
                enough.store(number >= 40, Ordering::Release);
            }
            acknowledged
        });
        while !enough.load(Ordering::Acquire) {
            thread::sleep(Duration::from_millis(5));
        }
        drop(server);
        appends.join().unwrap()
    });
    assert!(acknowledged.len() >= 40);
    let server = city.serve(&[]);
    let client = Client::new(server.url()).unwrap();
    let origin = origin(schema(name));
    let entry = client.ledger(&origin).unwrap();
    // The one that was under way may be in it or not.
    let count = acknowledged.len() as u64;
    assert!((count..=count + 1).contains(&entry.size), "{} of {count}", entry.size);
    let checkpoint = client.checkpoint(&origin).unwrap().verify(&entry.key).unwrap();
    assert_eq!(checkpoint.size, entry.size);
    let bundle = client.witness(&origin, checkpoint.size, 0).unwrap();
    for (index, leaf) in acknowledged {
        assert!(bundle.path(index, checkpoint.state_root).unwrap().contains(leaf), "{index}");
    }
    // And it goes on from there.
    let channel = city.channel(name, server.url());
    let record = tests::record(
        schema(name),
        citizen_documents(&mut sampler(51)).swap_remove(0).1.values,
        records::HolderTag::from_field(5_u64.into()),
    );
    assert_eq!(issue_record(&channel, name, &record).index, entry.issued);
}
