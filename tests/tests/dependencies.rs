//! Who depends on whom: the verifier stays light, and the workspace's arrows point one way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// Crates that a verifier in a browser must do without: randomness, threads, a runtime, a
/// constraint system, a prover, the condition language, a database.
const TOO_HEAVY: [&str; 10] = [
    "getrandom",
    "rayon",
    "tokio",
    "ark-relations",
    "ark-r1cs-std",
    "ark-groth16",
    "cel",
    "sled",
    "reqwest",
    "wasm-bindgen",
];

/// The workspace crates that each crate may use (ARCHITECTURE.md, "The house"). Only tests and
/// benchmarks, which nothing depends on, are free.
const ARROWS: [(&str, &[&str]); 8] = [
    ("records", &[]),
    ("statements", &["records"]),
    ("circuits", &["records", "statements"]),
    ("verifier", &["records", "statements"]),
    ("prover", &["circuits", "records", "statements", "verifier"]),
    ("ledger", &["records"]),
    ("wallet", &["circuits", "ledger", "prover", "records", "statements", "verifier"]),
    ("service", &["circuits", "ledger", "prover", "records", "statements", "verifier", "wallet"]),
];

/// Crates that may use anything.
const FREE: [&str; 3] = ["benches", "tests", "xtask"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(arguments)
        .args(["--locked", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Name and version of each crate that the verifier is built of for a browser.
fn verifier_tree() -> BTreeSet<String> {
    let tree = ["tree", "--package", "verifier", "--edges", "normal", "--prefix", "none"];
    let target = ["--target", "wasm32-unknown-unknown"];
    let text = cargo(&[&tree[..], &target].concat());
    // Name, version, then the path, "(proc-macro)" or "(*)".
    let crates = text.lines().filter(|line| !line.is_empty());
    crates.map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

/// After a deliberate change: `UPDATE=1 cargo test --release -p tests --test dependencies`.
#[test]
fn the_verifiers_tree_is_pinned() {
    let pinned = root().join("tests/verifier-tree.txt");
    let tree: Vec<String> = verifier_tree().into_iter().collect();
    let text = tree.join("\n") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&pinned, &text).unwrap();
    }
    let expected = fs::read_to_string(&pinned).unwrap();
    let expected: BTreeSet<&str> = expected.lines().collect();
    let found: BTreeSet<&str> = text.lines().collect();
    let added: Vec<_> = found.difference(&expected).collect();
    let removed: Vec<_> = expected.difference(&found).collect();
    assert!(
        added.is_empty() && removed.is_empty(),
        "added: {added:?}, removed: {removed:?}; where that is meant, run this test with UPDATE=1"
    );
}

#[test]
fn the_verifier_is_light() {
    let names: BTreeSet<String> =
        verifier_tree().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert!(names.contains("ark-bn254") && names.contains("statements"), "{names:?}");
    for heavy in TOO_HEAVY {
        assert!(!names.contains(heavy), "the verifier depends on {heavy}");
    }
}

/// For each crate of the workspace, the others that it depends on, tests apart.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let metadata: Json =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |json: &Json| json["name"].as_str().unwrap().to_owned();
    let members: BTreeSet<String> = packages.iter().map(name).collect();
    let uses = |package: &Json| {
        let all = package["dependencies"].as_array().unwrap().iter();
        let built = all.filter(|dependency| dependency["kind"] != "dev");
        built.map(name).filter(|used| members.contains(used)).collect()
    };
    packages.iter().map(|package| (name(package), uses(package))).collect()
}

#[test]
fn arrows_point_one_way() {
    let arrows = arrows();
    for (name, used) in &arrows {
        if FREE.contains(&name.as_str()) {
            continue;
        }
        let allowed = ARROWS.iter().find(|(known, _)| known == name);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{name} has no place in the house"));
        for used in used {
            assert!(allowed.contains(&used.as_str()), "{name} must not depend on {used}");
        }
    }
    for (name, _) in ARROWS {
        assert!(arrows.contains_key(name), "{name} is gone");
    }
}

/// Nothing depends on the service, but its tests.
#[test]
fn nothing_depends_on_the_service() {
    for (name, used) in arrows() {
        let outside = ["service", "tests", "benches", "xtask"];
        let house = used.iter().filter(|used| outside.contains(&used.as_str()));
        assert!(name == "tests" || house.count() == 0, "{name}");
    }
}
