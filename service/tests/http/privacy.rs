//! What must not be in the log, in the metrics, or on disk.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use reqwest::Method;
use serde_json::{Value, json};
use service::config::{LogConfig, LogFormat, LogLevel};
use tracing_subscriber::fmt::MakeWriter;

use crate::support::holder::{Asked, Holder, ask};
use crate::support::{Server, TRAFFIC};

/// Lines of the log of all tests of this process.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A log at trace level for the whole process.
fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        let config = LogConfig { level: LogLevel::Trace, format: LogFormat::Json };
        let subscriber = service::logging::subscriber(&config, log.clone());
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log
    })
}

fn text(log: &Log) -> String {
    String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
}

/// All bytes of all files below a folder.
fn contents(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes.extend(contents(&path));
        } else {
            bytes.extend(std::fs::read(&path).unwrap());
        }
    }
    bytes
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn the_log_has_routes_and_codes_and_nothing_that_was_sent() {
    let log = log();
    let server = Server::start().await;
    let (_, token) = server.found(TRAFFIC).await;
    let canary = "canary-3f9a7c";
    for path in [
        format!("/{canary}"),
        format!("/v1/statements/{canary}"),
        format!("/v1/statements?{canary}=1"),
        format!("/v1/ledgers/{TRAFFIC}/events?from={canary}"),
    ] {
        let request = server.request(Method::GET, &path).header("x-request-id", canary);
        let answer = request.header("user-agent", canary).send().await.unwrap();
        assert_ne!(answer.headers()["x-request-id"], canary);
        assert!(!answer.text().await.unwrap().contains(canary), "{path}");
    }
    let append = format!("/v1/ledgers/{TRAFFIC}/events");
    for body in
        [json!({"events": canary}), json!({"events": [{"operation": canary}]}), json!({canary: 1})]
    {
        let answer = server.request(Method::POST, &append).bearer_auth(&token).json(&body).send();
        let answer = answer.await.unwrap().text().await.unwrap();
        assert!(!answer.contains(canary), "{answer}");
    }
    let wrong = server.request(Method::POST, &append).bearer_auth(canary).send().await.unwrap();
    assert_eq!(wrong.status(), 401);
    let metrics = server.get("/metrics").await.text().await.unwrap();
    let text = text(log);
    for part in [canary, &token, &token["vouch_".len()..]] {
        assert!(!text.contains(part), "{part}");
        assert!(!metrics.contains(part), "{part}");
    }
    let line = text.lines().find(|line| line.contains("malformed-query")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["span"]["route"], "/v1/ledgers/{origin}/events");
    assert_eq!((&line["fields"]["status"], &line["span"]["method"]), (&json!(400), &json!("GET")));
    assert!(line["fields"]["milliseconds"].is_number());
}

#[tokio::test]
async fn a_presentation_leaves_a_used_nonce_and_a_nullifier_and_nothing_else() {
    let log = log();
    let server = Server::start().await;
    let holder = Holder::new(&server).await;
    let Asked { request, this, token } = ask(&server, "vouchers-2026").await;
    let presentation = holder.present(&request).await;
    let path = format!("{this}/presentation");
    let answer = server.post(&path, &json!(presentation)).await;
    assert!(answer.text().await.unwrap().contains("\"valid\":true"));
    let folder = server.stop().await;
    let disk = contents(&folder.path().join("service"));
    let proof = presentation.proofs[0].proof.as_bytes();
    let nullifier = presentation.proofs[0].nullifier.unwrap();
    assert!(holds(&disk, request.nonce.as_bytes()));
    assert!(holds(&disk, &nullifier.to_bytes()));
    assert!(!holds(&disk, proof) && !holds(&disk, hex::encode(proof).as_bytes()));
    let text = text(log);
    for part in
        [hex::encode(proof), hex::encode(nullifier.to_bytes()), request.nonce.to_string(), token]
    {
        assert!(!text.contains(&part), "{part}");
        assert!(!holds(&disk, part.as_bytes()) || part == request.nonce.to_string(), "{part}");
    }
}
