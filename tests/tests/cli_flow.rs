//! What departments, holders and counters do on the command line, step by step, with the exit
//! code of each.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "support of tests")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;
use tests::test_keys;

const LEDGER: &str = "traffic.vouch.example";

/// The binary: cargo puts it beside the folder of the tests' own.
fn vouch() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().and_then(Path::parent).unwrap().join("vouch")
}

/// A folder to work in.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(vouch());
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("VOUCH_KEYS", test_keys())
            .env("VOUCH_PASSPHRASE", "correct horse battery")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed; its standard output.
    fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "vouch {}: {told}", arguments.join(" "));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must end with that code; all that it printed.
    fn ends(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8(told).unwrap();
        assert_eq!(output.status.code(), Some(code), "vouch {}: {told}", arguments.join(" "));
        told
    }

    /// A ledger with five licences, of which the wallet has the third.
    fn settle(&self) {
        self.good(&["ledger", "create", LEDGER]);
        self.good(&["wallet", "create"]);
        let tag = self.good(&["wallet", "tag", "--label", "my licence"]);
        let sample = ["sample", "driving_licence", "--count", "5", "--format", "jsonl"];
        let rows = self.good(&sample);
        let rows: Vec<String> = rows
            .lines()
            .enumerate()
            .map(|(line, row)| {
                let mut row: serde_json::Value = serde_json::from_str(row).unwrap();
                if line == 2 {
                    row["holder_tag"] = tag.trim().into();
                    row["class"] = "C1".into();
                    row["status"] = "valid".into();
                    row["valid_from"] = "2020-01-01".into();
                    row["valid_until"] = "2999-12-31".into();
                }
                row.to_string()
            })
            .collect();
        fs::write(self.path("rows.jsonl"), rows.join("\n")).unwrap();
        self.good(&issue("rows.jsonl", "bundles.jsonl"));
        self.good(&["wallet", "add", "bundles.jsonl", "--mine"]);
        let keys = self.good(&["ledger", "list", "--keys-only"]);
        fs::write(self.path("trusted.txt"), keys).unwrap();
        self.good(&["wallet", "trust", "--file", "trusted.txt"]);
    }

    /// One line of the bundles.
    fn bundle(&self, line: usize, name: &str) {
        let bundles = fs::read_to_string(self.path("bundles.jsonl")).unwrap();
        fs::write(self.path(name), bundles.lines().nth(line).unwrap()).unwrap();
    }
}

fn issue<'a>(rows: &'a str, bundles: &'a str) -> [&'a str; 8] {
    [
        "ledger",
        "issue",
        LEDGER,
        rows,
        "--schema=driving_licence",
        "--unclaimed",
        "--bundles",
        bundles,
    ]
}

/// A service that runs until it is dropped.
struct Service {
    child: Child,
    url: String,
}

impl Service {
    fn start(desk: &Desk) -> Self {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--log-format", "json"];
        let mut child = desk.command(&arguments).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let mut lines = log.lines();
        let address = loop {
            let line: serde_json::Value =
                serde_json::from_str(&lines.next().expect("the service ended").unwrap()).unwrap();
            if let Some(address) = line["fields"]["address"].as_str() {
                break address.to_owned();
            }
        };
        // Read on, so that the service does not wait for a reader of its log.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url: format!("http://{address}") }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_holder_answers_at_a_counter_and_a_second_answer_is_refused() {
    let desk = Desk::new();
    desk.settle();
    let service = Service::start(&desk);
    let url = service.url.as_str();
    let told = desk.ends(1, &["ledger", "status", LEDGER]);
    assert!(told.contains("give its --url"), "{told}");

    let create = ["request", "create", "valid_driving_licence", "--url", url, "--out", "r.json"];
    desk.good(&[&create[..], &["--result-token", "r.token"]].concat());
    let request: serde_json::Value =
        serde_json::from_slice(&fs::read(desk.path("r.json")).unwrap()).unwrap();
    let link = format!("{url}/v1/requests/{}", request["nonce"].as_str().unwrap());
    let told = desk.ends(2, &["present", &link, "--submit"]);
    assert!(told.contains("What the relying party learns") && told.contains("--yes"), "{told}");
    let result = ["request", "result", &link, "--token-file", "r.token"];
    assert!(desk.ends(1, &result).starts_with("open"));
    let told = desk.good(&["present", &link, "--submit", "--yes"]);
    assert!(told.starts_with("valid: "), "{told}");
    assert!(desk.good(&[&result[..], &["--wait", "5s"]].concat()).starts_with("valid"));
    fs::write(desk.path("wrong.token"), "vouch_wrong").unwrap();
    desk.ends(1, &["request", "result", &link, "--token-file", "wrong.token"]);
    let told = desk.ends(1, &["present", &link, "--submit", "--yes", "--format", "cbor"]);
    assert!(told.contains("refused by rule 16 (replayed)"), "{told}");
    assert_eq!(desk.good(&["wallet", "history"]).lines().count(), 3);
}

#[test]
fn a_counter_verifies_without_a_network() {
    let desk = Desk::new();
    desk.settle();
    let service = Service::start(&desk);
    desk.good(&["wallet", "refresh", "--url", &service.url]);
    drop(service);

    let create = ["request", "create", "valid_driving_licence", "--audience", "kiosk.example"];
    fs::write(desk.path("r.json"), desk.good(&create)).unwrap();
    let present = ["present", "r.json", "--yes", "--format", "cbor", "--out", "p.cbor"];
    desk.good(&present);
    let size = fs::metadata(desk.path("p.cbor")).unwrap().len();
    assert!(size <= 700, "{size} bytes");

    let verify = ["verify", "r.json", "p.cbor", "--ledger-keys", "trusted.txt"];
    let with = |more: &[&'static str]| [&verify[..], more].concat();
    let audience = ["--audience", "kiosk.example", "--used", "used.txt"];
    assert!(desk.good(&with(&audience)).starts_with("valid: "));
    assert!(desk.ends(1, &with(&audience)).contains("(replayed)"));
    let told = desk.ends(1, &with(&["--audience", "other.example"]));
    assert!(told.contains("rule 4 (wrong-audience)"), "{told}");
    let told = desk.ends(1, &with(&["--audience", "kiosk.example", "--production"]));
    assert!(told.contains("(development-key)"), "{told}");
    let untrusting = ["verify", "r.json", "p.cbor", "--audience", "kiosk.example", "--json"];
    let told: serde_json::Value = serde_json::from_slice(&desk.run(&untrusting).stdout).unwrap();
    assert_eq!(told["valid"], false);
    assert_eq!(told["refusal"]["code"], "checkpoint-untrusted");
}

#[test]
fn a_department_amends_and_revokes_over_http_with_its_token_only() {
    let desk = Desk::new();
    desk.settle();
    let token = desk.good(&["ledger", "token", "create", LEDGER, "--label", "import"]);
    let strange = desk.good(&["ledger", "token", "create", "tax.vouch.example"]);
    fs::write(desk.path("token.txt"), token).unwrap();
    fs::write(desk.path("strange.txt"), strange).unwrap();
    desk.bundle(2, "mine.jsonl");
    let service = Service::start(&desk);
    let url = service.url.as_str();

    let revoke = ["ledger", "revoke", LEDGER, "--index", "0", "--url", url];
    assert!(desk.ends(1, &revoke).contains("--token-file"));
    let strange = [&revoke[..], &["--token-file", "strange.txt"]].concat();
    assert!(desk.ends(1, &strange).contains("forbidden"));

    let amend = ["ledger", "amend", "mine.jsonl", "--set", "class=B2", "--bundles", "new.jsonl"];
    let amend = [&amend[..], &["--url", url, "--token-file", "token.txt"]].concat();
    desk.good(&amend);
    let told = desk.ends(1, &["wallet", "refresh", "--url", url]);
    assert!(told.contains("amended by the department"), "{told}");
    desk.good(&["wallet", "add", "new.jsonl"]);
    desk.good(&["wallet", "refresh", "--url", url]);
    assert!(desk.good(&["wallet", "show", "my licence"]).contains("B2"));

    let revoke = ["ledger", "revoke", LEDGER, "--bundle", "new.jsonl", "--url", url];
    desk.good(&[&revoke[..], &["--token-file", "token.txt"]].concat());
    let told = desk.ends(1, &["wallet", "refresh", "--url", url]);
    assert!(told.contains("was revoked by the department"), "{told}");
    let status = desk.good(&["ledger", "status", LEDGER, "--url", url, "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!((&status["ledger"]["size"], &status["ledger"]["active"]), (&7.into(), &4.into()));
}

/// What goes wrong leaves nothing half-done.
#[test]
fn a_file_with_a_bad_line_commits_nothing() {
    let desk = Desk::new();
    desk.settle();
    let rows = fs::read_to_string(desk.path("rows.jsonl")).unwrap();
    let bad = rows.replacen("\"valid_until\":\"2999-12-31\"", "\"valid_until\":\"2999-02-30\"", 1);
    fs::write(desk.path("bad.jsonl"), bad).unwrap();
    let told = desk.ends(1, &issue("bad.jsonl", "more.jsonl"));
    assert!(told.contains("line 3, column valid_until"), "{told}");
    assert!(!desk.path("more.jsonl").exists() && !desk.path("more.jsonl.part").exists());
    let told = desk.ends(1, &issue("rows.jsonl", "bundles.jsonl"));
    assert!(told.contains("bundles.jsonl exists"), "{told}");
    let status = desk.good(&["ledger", "status", LEDGER, "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status["ledger"]["size"], 5);
}

#[cfg(unix)]
#[test]
fn personal_data_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.settle();
    for name in ["bundles.jsonl", "wallet.age"] {
        let mode = fs::metadata(desk.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
