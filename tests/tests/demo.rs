//! `vouch demo`: the stories are verified, the attempts refused, and it says so.

#![allow(clippy::unwrap_used, reason = "support of tests")]

use std::path::Path;
use std::process::Command;

use tests::test_keys;

#[test]
fn the_demonstration_ends_well() {
    let test = std::env::current_exe().unwrap();
    let vouch = test.parent().and_then(Path::parent).unwrap().join("vouch");
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(vouch)
        .args(["demo", "--records", "20", "--json", "--data"])
        .arg(folder.path().join("demo"))
        .env("VOUCH_KEYS", test_keys())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["ledgers"].as_array().unwrap().len(), 9);

    let stories = report["stories"].as_array().unwrap();
    assert_eq!(stories.len(), 2);
    for story in stories {
        assert_eq!(story["verified"], true, "{story}");
        for number in ["prove_ms", "verify_ms", "presentation_bytes"] {
            assert!(story[number].as_f64().unwrap() > 0.0, "{number} of {story}");
        }
    }
    assert!(stories[0]["presentation_bytes"].as_u64().unwrap() <= 700);
    assert_eq!(stories[1]["proofs"], 3);

    let refusals: Vec<(&str, bool, &str)> = report["refusals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refusal| {
            let text = |name: &str| refusal[name].as_str().unwrap();
            (text("name"), refusal["refused"].as_bool().unwrap(), text("code"))
        })
        .collect();
    assert_eq!(
        refusals,
        [
            ("replay", true, "replayed"),
            ("wrong-audience", true, "wrong-audience"),
            ("tampered-reveal", true, "proof-invalid"),
            ("expired-request", true, "request-expired"),
            ("expired-licence", true, "proof-invalid"),
            ("revoked-licence", true, "checkpoint-stale"),
            ("revoked-licence-new-checkpoint", true, "proof-invalid"),
        ]
    );
}
