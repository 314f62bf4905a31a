//! A department and its ledger.

use ledger::client::{AppendResponse, EventsResponse};
use records::tree::WitnessBundle;
use records::{Fr, Leaf, LedgerKey, SignedCheckpoint};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{Server, TRAFFIC, problem};

fn path(rest: &str) -> String {
    format!("/v1/ledgers/{TRAFFIC}/{rest}")
}

fn leaf(number: u64) -> Leaf {
    Leaf::from_field(Fr::from(number))
}

async fn append(server: &Server, token: Option<&str>, body: &Value) -> Response {
    let mut request = server.request(Method::POST, &path("events")).json(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_department_issues_amends_and_revokes_and_holders_find_their_paths() {
    let server = Server::start().await;
    let (_, token) = server.found(TRAFFIC).await;
    let events: Vec<_> =
        (1..=600).map(|n| json!({"operation": "issue", "leaf": leaf(n)})).collect();
    let response = append(&server, Some(&token), &json!({"events": events})).await;
    assert_eq!(response.status(), StatusCode::OK);
    let answer: AppendResponse = response.json().await.unwrap();
    assert_eq!(answer.indices.last(), Some(&Some(599)));

    let changes = json!({"events": [
        {"operation": "amend", "index": 513, "leaf": leaf(9_999)},
        {"operation": "revoke", "index": 599},
    ]});
    append(&server, Some(&token), &changes).await.error_for_status().unwrap();

    let entry = server.json(&format!("/v1/ledgers/{TRAFFIC}")).await;
    assert_eq!(
        (&entry["size"], &entry["issued"], &entry["active"]),
        (&json!(602), &json!(600), &json!(599))
    );
    let key = LedgerKey::parse(entry["key"].as_str().unwrap()).unwrap();
    let note = server.get(&path("checkpoint")).await;
    assert!(note.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    let note = SignedCheckpoint::from_bytes(&note.bytes().await.unwrap()).unwrap();
    let checkpoint = note.verify(&key).unwrap();
    assert_eq!(checkpoint.size, 602);
    // An earlier size is still served, and its bundle still fits.
    for (size, expected) in [(600, leaf(514)), (602, leaf(9_999))] {
        let note = server.get(&path(&format!("checkpoint/{size}"))).await.bytes().await.unwrap();
        let root = SignedCheckpoint::from_bytes(&note).unwrap().verify(&key).unwrap().state_root;
        let response = server.get(&path(&format!("witness/{size}/1"))).await;
        assert!(response.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let bundle: WitnessBundle = response.json().await.unwrap();
        assert!(bundle.path(513, root).unwrap().contains(expected));
    }
    let events: EventsResponse =
        server.get(&path("events?from=600&limit=10")).await.json().await.unwrap();
    assert_eq!(events.events.len(), 2);
    let none: EventsResponse = server.get(&path("events?from=602")).await.json().await.unwrap();
    assert!(none.events.is_empty());
}

#[tokio::test]
async fn a_quiet_ledger_publishes_a_fresh_checkpoint() {
    let server = Server::start().await;
    let (ledger, token) = server.found(TRAFFIC).await;
    let before = ledger.latest().unwrap().verify(ledger.key()).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let request = server.request(Method::POST, &path("checkpoint")).bearer_auth(&token);
    let note = request.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap();
    let after = SignedCheckpoint::from_bytes(&note).unwrap().verify(ledger.key()).unwrap();
    assert!(after.time > before.time);
    assert_eq!(after.state_root, before.state_root);
}

#[tokio::test]
async fn checkpoints_are_renewed_without_anybody_asking() {
    let server = Server::start_with(|config| config.checkpoint_refresh_seconds = 1).await;
    let (ledger, _) = server.found(TRAFFIC).await;
    let before = ledger.latest().unwrap().verify(ledger.key()).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(3_100)).await;
    let after = ledger.latest().unwrap().verify(ledger.key()).unwrap();
    assert!(after.time > before.time);
}

#[tokio::test]
async fn nobody_else_appends() {
    let server = Server::start().await;
    let (ledger, token) = server.found(TRAFFIC).await;
    let (_, other) = server.found("customs.vouch.example").await;
    let body = json!({"events": [{"operation": "issue", "leaf": leaf(1)}]});
    let flipped = token.replacen("vouch_", "vouch_A", 1);
    for (token, expected) in [
        (None, (401, "unauthorized")),
        (Some(""), (401, "unauthorized")),
        (Some("vouch_"), (401, "unauthorized")),
        (Some(&flipped[..token.len()]), (401, "unauthorized")),
        (Some(&other[..]), (403, "forbidden")),
    ] {
        let response = append(&server, token, &body).await;
        if expected.0 == 401 {
            assert!(response.headers().contains_key("www-authenticate"));
        }
        let (status, code) = problem(response).await;
        assert_eq!((status, code.as_str()), expected);
    }
    let basic = server.request(Method::POST, &path("events")).basic_auth("a", Some(&token));
    assert_eq!(problem(basic.json(&body).send().await.unwrap()).await.0, 401);
    let publish = server.request(Method::POST, &path("checkpoint")).send().await.unwrap();
    assert_eq!(problem(publish).await.0, 401);
    assert_eq!(ledger.statistics().unwrap().size, 0);
}

#[tokio::test]
async fn a_revoked_or_expired_token_is_of_no_use() {
    let server = Server::start().await;
    let (ledger, token) = server.found(TRAFFIC).await;
    let body = json!({"events": [{"operation": "issue", "leaf": leaf(1)}]});
    append(&server, Some(&token), &body).await.error_for_status().unwrap();
    let tokens = server.state.tokens();
    let id = tokens.list().unwrap()[0].id;
    tokens.revoke(id, 1).unwrap();
    assert_eq!(problem(append(&server, Some(&token), &body).await).await.0, 401);
    let (expired, _) = tokens.issue(ledger.key().origin(), "old", 1, Some(2)).unwrap();
    assert_eq!(problem(append(&server, Some(expired.expose()), &body).await).await.0, 401);
    assert_eq!(ledger.statistics().unwrap().size, 1);
}

#[tokio::test]
async fn a_token_is_checked_before_the_body_is_read() {
    let server = Server::start().await;
    server.found(TRAFFIC).await;
    let request = server.request(Method::POST, &path("events"));
    let response = request.header("content-type", "application/json").body("{").send().await;
    assert_eq!(problem(response.unwrap()).await.0, 401);
}

#[tokio::test]
async fn a_batch_is_appended_whole_or_not_at_all() {
    let server = Server::start().await;
    let (ledger, token) = server.found(TRAFFIC).await;
    for (events, expected) in [
        (
            json!([{"operation": "issue", "leaf": leaf(1)}, {"operation": "revoke", "index": 7}]),
            (409, "event-refused"),
        ),
        (json!([]), (422, "invalid-request")),
    ] {
        let (status, code) =
            problem(append(&server, Some(&token), &json!({"events": events})).await).await;
        assert_eq!((status, code.as_str()), expected);
    }
    assert_eq!(ledger.statistics().unwrap().size, 0);
}
