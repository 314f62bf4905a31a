//! Numbers of sampled records, judged by python-stdnum.
#![cfg(feature = "sample")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use records::check_digit::CheckDigit;
use records::sample::Sampler;
use records::schema::builtin;
use records::{AttributeType, Date};

/// How many different numbers of each scheme are judged.
const NUMBERS: usize = 500;

/// The interpreter that `scripts/python-env.sh` has prepared.
fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("python/bin/python");
    assert!(
        python.exists(),
        "no Python environment in {}: run `make test`, or scripts/python-env.sh first",
        target.display()
    );
    python
}

/// Scheme of an attribute's numbers, as the script names it.
fn scheme(name: &str, kind: &AttributeType) -> Option<&'static str> {
    match kind {
        AttributeType::Text { check: Some(check), .. }
        | AttributeType::Digits { check: Some(check), .. } => Some(check.name()),
        _ if name == "region" => Some("region"),
        _ => None,
    }
}

/// Distinct numbers of every scheme from records of all schemas.
fn sampled_numbers() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut sampler = Sampler::new(2026, Date::parse("2026-01-31").unwrap());
    let mut numbers = BTreeMap::<_, BTreeSet<_>>::new();
    for schema in builtin::all() {
        for _ in 0..NUMBERS {
            let row = sampler.row(schema).unwrap();
            for (attribute, value) in schema.attributes().iter().zip(&row.values) {
                if let Some(scheme) = scheme(attribute.name(), attribute.kind()) {
                    numbers.entry(scheme).or_default().insert(value.to_string());
                }
            }
        }
    }
    numbers
}

/// What the script says of lines of scheme and number, and whether it accepts them all.
fn judge(lines: &str) -> (String, bool) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check_numbers.py");
    let mut child = Command::new(python())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Dropped at the end of the statement, which closes it.
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.success())
}

#[test]
fn numbers_of_samples_are_genuine_to_python_stdnum() {
    let numbers = sampled_numbers();
    let mut lines = String::new();
    let mut expected = String::new();
    for (scheme, numbers) in &numbers {
        if *scheme != "region" {
            assert!(numbers.len() >= NUMBERS, "{scheme}: {}", numbers.len());
        }
        numbers.iter().for_each(|number| lines.push_str(&format!("{scheme} {number}\n")));
        expected.push_str(&format!("accepted {scheme} {}\n", numbers.len()));
    }
    assert_eq!(numbers.len(), 5);
    assert_eq!(judge(&lines), (expected, true));
}

/// Both refuse the same numbers: every number with its last character changed.
#[test]
fn changed_numbers_are_refused_by_both() {
    let schemes = [CheckDigit::Gb11643, CheckDigit::Gb32100, CheckDigit::Awb, CheckDigit::Iso6346];
    let numbers = sampled_numbers();
    for scheme in schemes {
        let mut lines = String::new();
        let mut count = 0;
        for number in numbers[scheme.name()].iter().take(50) {
            let (body, last) = number.split_at(number.len() - 1);
            let changed = format!("{body}{}", if last == "1" { "2" } else { "1" });
            assert!(scheme.verify(&changed).is_err());
            lines.push_str(&format!("{scheme} {changed}\n"));
            count += 1;
        }
        let (text, good) = judge(&lines);
        assert!(!good);
        assert_eq!(text.matches("refused").count(), count, "{text}");
    }
}
