//! Nothing about a person stays behind. Unusual values are planted in records; both stories of
//! the demonstration run over HTTP with the log at trace level; then every value, and everything
//! that only a holder knows, is searched for in every encoding: in all that the service keeps,
//! prints and counts, and in all that went over the wires.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

mod needle;
mod plant;
mod proxy;
mod search;
mod searcher;
mod story;
mod trace;

use std::path::Path;

use records::domain::BUCKET;
use tests::city::{City, DOCUMENTS, PASSPHRASE};

use needle::Needle;
use proxy::Proxy;
use search::{Findings, Searcher};
use story::{Told, tell};

/// What one statement reveals, as it is meant to.
const REVEALED: &str = "port_arrival.arrived_on";

#[test]
fn the_service_keeps_nothing_of_what_is_proven() {
    let city = City::found(&DOCUMENTS);
    let server = city.serve(&["--log-level", "trace", "--log-format", "json"]);
    let told = tell(&city, server.url());
    // The stores as they lie there while it runs, and after an orderly end.
    check_service(&city, &told, &server.output());
    let (status, output) = server.stop();
    assert!(status.success(), "{status}");
    assert!(String::from_utf8_lossy(&output).contains("/v1/requests/{id}/presentation"));
    check_service(&city, &told, &output);
    check_wires(&told);
    check_wallets(&told);
}

/// The service leaves libraries out of its log. Even with all of them in it, on all sides, it
/// has nothing: a library that begins to log what passes through it is noticed here.
#[test]
fn no_library_logs_what_passes_through_it() {
    let city = City::found(&DOCUMENTS);
    let (told, log) = trace::everything(&city);
    let text = String::from_utf8_lossy(&log);
    for library in ["hyper", "sled", "reqwest"] {
        assert!(text.contains(library), "{library} does not log: is the trace complete?");
    }
    check_service(&city, &told, &log);
}

/// What nobody but the holder, and the department that issued the record, may have.
fn personal(told: &Told) -> Vec<Needle> {
    let mut all: Vec<_> =
        told.records.iter().flat_map(|(name, bundle)| plant::needles(name, bundle)).collect();
    all.extend(told.secrets.iter().cloned());
    all.push(Needle::text("passphrase", PASSPHRASE));
    for part in
        ["driving_licence.holder_name", "customs_declaration.declared_value", "tax_payment: salt"]
    {
        assert!(all.iter().any(|needle| needle.name == part), "{part} is not searched for");
    }
    assert!(all.iter().any(|needle| needle.name == REVEALED));
    all
}

/// Leaves are public, but not which of them is whose.
fn leaves(told: &Told) -> Vec<Needle> {
    let leaf = |(name, bundle): &(&str, records::RecordBundle)| {
        let record = bundle.record(tests::schema(name)).unwrap();
        Needle::field(format!("leaf: {name}"), record.leaf().field())
    };
    told.records.iter().map(leaf).collect()
}

fn assert_nothing(place: &str, found: &Findings) {
    assert!(found.is_empty(), "{place}: {found:#?}");
}

/// In what the service keeps, prints and counts there is nothing, not even what was revealed.
fn check_service(city: &City, told: &Told, log: &[u8]) {
    let needles = [personal(told), told.refused.clone(), told.tokens.clone()].concat();
    let searcher = Searcher::new(&needles);
    assert_nothing("the log", &searcher.search(log));
    assert_nothing("the metrics", &searcher.search(&told.metrics));
    assert_nothing("the folder of the service", &searcher.search_folder(city.folder()));
    assert!(String::from_utf8_lossy(&told.metrics).contains("vouch_presentations_total"));
    // It is the right folder: the leaves are in it, byte by byte.
    let leaves = leaves(told);
    let found = Searcher::new(&leaves).search_folder(&city.data());
    for leaf in &leaves {
        assert!(found.iter().any(|what| what.starts_with(&leaf.name)), "{}: {found:?}", leaf.name);
    }
}

/// On the wires there is what was revealed, and nothing else.
fn check_wires(told: &Told) {
    let wires = &told.wires;
    let needles =
        [personal(told), told.refused.clone(), told.tokens.clone(), leaves(told)].concat();
    let searcher = Searcher::new(&needles);
    let citizen = [&wires.citizen].map(|wire| (wire, "the citizen", &[][..]));
    let broker =
        [&wires.broker].map(|wire| (wire, "the broker", &[REVEALED, "tampered", "misplaced"][..]));
    for (wire, party, allowed) in citizen.into_iter().chain(broker) {
        assert_only(&format!("{party} sends"), &searcher, &wire.sent(), allowed);
        // Buckets have leaves in them, its own among others.
        let received: Vec<&str> = allowed.iter().copied().take(1).chain(["leaf: "]).collect();
        assert_only(&format!("{party} receives"), &searcher, &wire.received(), &received);
    }
    assert_only("the counter sends", &searcher, &wires.counter.sent(), &["token of a result"]);
    let received = wires.counter.received();
    assert_only("the counter receives", &searcher, &received, &["token of a result", REVEALED]);
    let sent = wires.departments.sent();
    assert_only("departments send", &searcher, &sent, &["leaf: ", "token of a ledger"]);
    assert_only("departments receive", &searcher, &wires.departments.received(), &[]);
    check_paths(told, &wires.citizen);
    check_paths(told, &wires.broker);
}

/// What is allowed is there, and nothing else.
fn assert_only(place: &str, searcher: &Searcher, connections: &[Vec<u8>], allowed: &[&str]) {
    assert!(!connections.is_empty(), "{place} nothing");
    let mut found: Findings = connections.iter().flat_map(|bytes| searcher.search(bytes)).collect();
    for what in allowed {
        let before = found.len();
        found.retain(|finding| !finding.starts_with(what));
        assert!(found.len() < before, "{place}: {what} was expected");
    }
    assert_nothing(place, &found);
}

/// Wallets ask for buckets, never for one record.
fn check_paths(told: &Told, wire: &Proxy) {
    let bucket = |index: u64| (index / BUCKET as u64).to_string();
    let mut buckets = 0;
    for line in wire.request_lines() {
        let path = Path::new(line.split_once(' ').unwrap().1);
        let parts: Vec<_> = path.iter().map(|part| part.to_str().unwrap()).collect();
        for (_, bundle) in &told.records {
            assert!(!parts.contains(&bundle.index.to_string().as_str()), "{line}");
        }
        if let ["/", "v1", "ledgers", ledger, "witness", _, asked] = parts[..] {
            let record = told.records.iter().find(|(_, bundle)| bundle.ledger.as_str() == ledger);
            assert_eq!(asked, bucket(record.unwrap().1.index), "{line}");
            buckets += 1;
        }
    }
    assert!(buckets > 0);
}

/// A wallet's file says nothing to whoever lacks its passphrase.
fn check_wallets(told: &Told) {
    let needles = [personal(told), leaves(told)].concat();
    let searcher = Searcher::new(&needles);
    for person in &told.people {
        assert!(person.wallet.path().starts_with(person.folder()));
        assert_nothing("a wallet's folder", &searcher.search_folder(person.folder()));
    }
}
