//! An implementation that is not ours agrees: exported keys, proofs and public signals verify
//! with the npm package snarkjs, and with anything changed they do not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ark_ff::PrimeField;
use records::Fr;
use serde_json::{Value as Json, json};
use service::client::Client;
use statements::Statement;
use tests::city::{
    City, Counter, DOCUMENTS, Person, broker_documents, citizen_documents, sampler, statement,
};
use tests::server::{run_vouch, vouch};
use tests::test_keys;

/// Statements with one record; with a nullifier; with revealed attributes; with three records.
const STATEMENTS: [&str; 4] = [
    "valid_driving_licence",
    "one_benefit_per_person",
    "port_arrival_by_air",
    "consignment_cleared_and_taxed",
];

/// What a relying party hands to snarkjs.
#[derive(Clone)]
struct Case {
    name: String,
    key: Json,
    proof: Json,
    signals: Vec<String>,
}

fn node_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    assert!(
        folder.join("node_modules/snarkjs").exists(),
        "snarkjs is not installed: run `make test`, which installs it"
    );
    folder
}

fn node() -> Command {
    let mut command = Command::new("node");
    command.current_dir(node_folder()).stdout(Stdio::piped());
    command
}

/// Which cases snarkjs accepts.
fn accepted(cases: &[Case]) -> Vec<bool> {
    let list: Vec<_> = cases
        .iter()
        .map(|case| json!({ "key": case.key, "proof": case.proof, "signals": case.signals }))
        .collect();
    let child = node().arg("verify.mjs").stdin(Stdio::piped()).spawn();
    let mut child = child.expect("node does not run: `make test` installs it");
    child.stdin.take().unwrap().write_all(json!(list).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", output.status);
    let accepted: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(accepted.len(), cases.len());
    accepted
}

/// Presents each statement, and has `vouch verify` export what was presented: a folder for each
/// record.
fn export(folder: &Path) -> Vec<(&'static Statement, PathBuf)> {
    let city = City::found(&DOCUMENTS);
    let server = city.serve(&[]);
    let (client, counter) = (Client::new(server.url()).unwrap(), Counter::new(server.url()));
    let mut person = Person::new(&client);
    let mut sampler = sampler(3);
    let documents = [citizen_documents(&mut sampler), broker_documents(&mut sampler)].concat();
    for (name, row) in documents {
        person.receive(&city.channel(name, server.url()), name, row);
    }
    let trusted = folder.join("ledgers.txt");
    let list = ["ledger", "list", "--url", server.url(), "--keys-only"];
    fs::write(&trusted, run_vouch(&list)).unwrap();
    let mut exported = Vec::new();
    for name in STATEMENTS {
        let statement = statement(name);
        let asked = counter.ask(name, |draft| {
            draft.scope = statement.needs_scope().then(|| "vouchers".to_owned());
        });
        let presentation = person.answer(&asked.request, &client).unwrap();
        let own = folder.join(name);
        fs::create_dir(&own).unwrap();
        let [request, answer] = ["request.json", "presentation.cbor"].map(|name| own.join(name));
        fs::write(&request, asked.request.canonical_json()).unwrap();
        fs::write(&answer, presentation.to_compact()).unwrap();
        let output = Command::new(vouch())
            .arg("verify")
            .args([&request, &answer])
            .args(["--audience", "counter.vouch.example", "--ledger-keys"])
            .args([&trusted, Path::new("--keys"), &test_keys()])
            .args([Path::new("--export-snarkjs"), &own])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        exported.push((statement, own));
    }
    exported
}

fn read(path: &Path) -> Json {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn cases(exported: &[(&'static Statement, PathBuf)]) -> Vec<Case> {
    let mut cases = Vec::new();
    for (statement, folder) in exported {
        for record in statement.records() {
            let own = folder.join(&record.name);
            let signals = read(&own.join("public.json"));
            cases.push(Case {
                name: format!("{}: {}", statement.name(), record.name),
                key: read(&own.join("verification_key.json")),
                proof: read(&own.join("proof.json")),
                signals: serde_json::from_value(signals).unwrap(),
            });
        }
    }
    cases
}

/// The commands of the documentation: a key from `vouch statement verification-key`, the rest
/// from `vouch verify`, `snarkjs groth16 verify` over them.
fn check_with_commands(exported: &[(&'static Statement, PathBuf)]) {
    for (statement, folder) in exported {
        for record in statement.records() {
            let own = folder.join(&record.name);
            let key = own.join("exported_key.json");
            let keys = test_keys();
            run_vouch(&[
                "statement",
                "verification-key",
                statement.name(),
                "--record",
                &record.name,
                "--format",
                "snarkjs",
                "--keys",
                keys.to_str().unwrap(),
                "--out",
                key.to_str().unwrap(),
            ]);
            assert_eq!(read(&key), read(&own.join("verification_key.json")));
            let files = [key, own.join("public.json"), own.join("proof.json")];
            let snarkjs = ["node_modules/snarkjs/build/cli.cjs", "groth16", "verify"];
            let output = node().args(snarkjs).args(files).output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && text.contains("OK!"), "{text}");
        }
    }
}

/// Takes one part of another case.
type Swap = fn(&mut Case, &Case);

/// The same with one thing changed.
fn mutants(cases: &[Case]) -> Vec<Case> {
    let mut mutants = Vec::new();
    for (index, good) in cases.iter().enumerate() {
        for (position, signal) in good.signals.iter().enumerate() {
            let changed = Fr::from_le_bytes_mod_order(&[7]) + signal.parse::<Fr>().unwrap();
            let mut bad = good.clone();
            bad.signals[position] = changed.to_string();
            bad.name += &format!(", signal {position} changed");
            mutants.push(bad);
        }
        let mut bad = good.clone();
        bad.signals.pop();
        bad.name += ", a signal less";
        mutants.push(bad);
        for (other, foreign) in cases.iter().enumerate().filter(|(other, _)| *other != index) {
            let parts: [(&str, Swap); 3] = [
                ("proof", |bad, foreign| bad.proof = foreign.proof.clone()),
                ("key", |bad, foreign| bad.key = foreign.key.clone()),
                ("signals", |bad, foreign| bad.signals.clone_from(&foreign.signals)),
            ];
            for (part, swap) in parts {
                let mut bad = good.clone();
                swap(&mut bad, foreign);
                bad.name += &format!(", the {part} of {}", cases[other].name);
                mutants.push(bad);
            }
        }
    }
    mutants
}

#[test]
fn snarkjs_accepts_what_we_accept_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let exported = export(folder.path());
    check_with_commands(&exported);
    let good = cases(&exported);
    assert_eq!(good.len(), 6);
    for (case, accepted) in good.iter().zip(accepted(&good)) {
        assert!(accepted, "{}", case.name);
    }
    let bad = mutants(&good);
    assert!(bad.len() > 100, "{}", bad.len());
    for (case, accepted) in bad.iter().zip(accepted(&bad)) {
        assert!(!accepted, "{}", case.name);
    }
}
