//! What the commands print: help texts, and everything that needs neither time nor network.
//!
//! After a deliberate change: `TRYCMD=overwrite cargo test --release -p tests --test cli`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The binary: cargo puts it beside the folder of the tests' own.
fn vouch() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().and_then(Path::parent).unwrap().join("vouch")
}

#[test]
fn commands_print_what_they_should() {
    let cases = trycmd::TestCases::new();
    cases.register_bin("vouch", vouch());
    cases.env("COLUMNS", "100").env("VOUCH_KEYS", "no-keys-here");
    cases.case("tests/cmd/*.trycmd").run();
}

/// The completions of each shell know every command.
#[test]
fn completions_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = Command::new(vouch()).args(["completions", shell]).output().unwrap();
        assert!(output.status.success(), "{shell}");
        let script = String::from_utf8(output.stdout).unwrap();
        for command in [
            "demo",
            "serve",
            "schema",
            "statement",
            "sample",
            "ledger",
            "wallet",
            "request",
            "present",
            "verify",
            "keys",
            "audit",
            "completions",
            "verification-key",
            "revoke",
        ] {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
}

/// Bash itself finds nothing wrong with its completions, and completes with them.
#[test]
fn bash_completes() {
    let script = format!(
        "source <({vouch} completions bash) && COMP_WORDS=(vouch statement expl) COMP_CWORD=2 \
         && _vouch vouch expl statement && echo \"${{COMPREPLY[*]}}\"",
        vouch = vouch().display()
    );
    let output = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "explain");
}
