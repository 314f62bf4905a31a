//! A relying party makes requests.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Server, problem};

/// Id of a statement without parameters that needs a scope, or none.
async fn statement(server: &Server, scope: bool) -> String {
    let statements = server.state.catalogue().statements();
    let mut found = statements.iter().filter(|statement| statement.parameters().is_empty());
    found.find(|statement| statement.needs_scope() == scope).unwrap().id().to_string()
}

async fn create(server: &Server, body: &Value) -> Value {
    let response = server.post("/v1/requests", body).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let created: Value = response.json().await.unwrap();
    assert_eq!(created["links"]["self"], location);
    created
}

#[tokio::test]
async fn a_request_is_made_and_fetched_and_survives_a_restart() {
    let server = Server::start().await;
    let statement = statement(&server, false).await;
    let created = create(&server, &json!({"statement": statement})).await;
    let this = created["links"]["self"].as_str().unwrap().to_owned();
    assert_eq!(created["request"]["audience"], "counter.vouch.example");
    assert_eq!(created["request"]["nonce"], created["id"]);
    assert_eq!(server.json(&this).await, created["request"]);
    assert_eq!(server.json(&format!("{this}/result")).await, json!({"status": "open"}));
    let server = server.restart().await;
    assert_eq!(server.json(&this).await, created["request"]);
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused() {
    let server = Server::start().await;
    let (plain, scoped) = (statement(&server, false).await, statement(&server, true).await);
    for (body, expected) in [
        (json!({"statement": "none"}), (404, "unknown-statement")),
        (json!({"statement": plain, "expires_in": 0}), (422, "invalid-request")),
        (json!({"statement": plain, "expires_in": 86_401}), (422, "invalid-request")),
        (json!({"statement": plain, "parameters": {"a": 1}}), (422, "invalid-request")),
        (json!({"statement": plain, "audience": ""}), (422, "invalid-request")),
        (json!({"statement": plain, "audience": "a\nb"}), (422, "invalid-request")),
        (
            json!({"statement": plain, "max_checkpoint_age": 9_007_199_254_740_992_u64}),
            (422, "invalid-request"),
        ),
        (json!({"statement": plain, "scope": "s"}), (422, "invalid-request")),
        (json!({"statement": scoped}), (422, "invalid-request")),
        (json!({"statement": scoped, "scope": ""}), (422, "invalid-request")),
        (json!({"statement": plain, "today": "2026-02-30"}), (400, "malformed-body")),
    ] {
        let (status, code) = problem(server.post("/v1/requests", &body).await).await;
        assert_eq!((status, code.as_str()), expected, "{body}");
    }
    create(&server, &json!({"statement": scoped, "scope": "s"})).await;
}

#[tokio::test]
async fn no_more_requests_are_kept_than_configured() {
    let server = Server::start_with(|config| config.requests.max_open = 2).await;
    let body = json!({"statement": statement(&server, false).await});
    create(&server, &body).await;
    create(&server, &body).await;
    let response = server.post("/v1/requests", &body).await;
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(problem(response).await, (429, "busy".to_owned()));
}

#[tokio::test]
async fn a_request_that_nobody_answers_expires() {
    let server = Server::start().await;
    let body = json!({"statement": statement(&server, false).await, "expires_in": 1});
    let created = create(&server, &body).await;
    let events = created["links"]["events"].as_str().unwrap();
    let response = server.get(events).await;
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
    assert_eq!(response.headers()["cache-control"], "no-store");
    // The stream ends by itself, so its text ends.
    let text = response.text().await.unwrap();
    assert!(text.contains("event: result\ndata: {\"status\":\"expired\"}"), "{text}");
    let result = server.json(created["links"]["result"].as_str().unwrap()).await;
    assert_eq!(result, json!({"status": "expired"}));
}

#[tokio::test]
async fn streams_are_bounded_and_end_with_the_service() {
    let server = Server::start_with(|config| config.requests.max_event_streams = 1).await;
    let body = json!({"statement": statement(&server, false).await});
    let created = create(&server, &body).await;
    let events = created["links"]["events"].as_str().unwrap();
    let stream = server.get(events).await;
    assert_eq!(problem(server.get(events).await).await, (429, "busy".to_owned()));
    let text = tokio::spawn(stream.text());
    let before = std::time::Instant::now();
    server.stop().await;
    assert!(text.await.unwrap().is_ok());
    assert!(before.elapsed() < std::time::Duration::from_secs(2));
}

#[tokio::test]
async fn statements_are_served_by_id_and_by_name() {
    let server = Server::start().await;
    let list = server.json("/v1/statements").await;
    for entry in list.as_array().unwrap() {
        let id = entry["id"].as_str().unwrap();
        let by_id = server.get(&format!("/v1/statements/{id}")).await;
        assert!(by_id.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let tag = by_id.headers()["etag"].clone();
        let text = by_id.text().await.unwrap();
        let statement = statements::Statement::from_json(&text).unwrap();
        assert_eq!(statement.id().to_string(), id);
        let name = format!("/v1/statements/{}", entry["name"].as_str().unwrap());
        assert_eq!(server.get(&name).await.text().await.unwrap(), text);
        let again = server.request(Method::GET, &name).header("if-none-match", tag);
        assert_eq!(again.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
    }
}

#[tokio::test]
async fn folded_keys_are_served_for_each_record() {
    let server = Server::start().await;
    let list = server.json("/v1/statements").await;
    let joined = |entry: &&Value| entry["records"].as_array().unwrap().len() > 1;
    let entry = list.as_array().unwrap().iter().find(joined).unwrap();
    let path = format!("/v1/statements/{}/verification-key", entry["name"].as_str().unwrap());
    assert_eq!(problem(server.get(&path).await).await.0, 400);
    let none = server.get(&format!("{path}?record=none")).await;
    assert_eq!(problem(none).await, (404, "unknown-record".to_owned()));
    let other = server.get(&format!("{path}?format=pem")).await;
    assert_eq!(problem(other).await, (400, "malformed-query".to_owned()));
    for record in entry["records"].as_array().unwrap() {
        let record = record["name"].as_str().unwrap();
        let key = server.json(&format!("{path}?record={record}&format=snarkjs")).await;
        assert_eq!(key["protocol"], "groth16");
        let points = key["IC"].as_array().unwrap().len() as u64;
        assert_eq!(key["nPublic"].as_u64().unwrap() + 1, points);
    }
}

#[tokio::test]
async fn explanations_come_in_two_languages() {
    let server = Server::start().await;
    let list = server.json("/v1/statements").await;
    let name = list[0]["name"].as_str().unwrap();
    let path = format!("/v1/statements/{name}/explanation");
    let (default, en) =
        (server.json(&path).await, server.json(&format!("{path}?language=en")).await);
    assert_eq!(default, en);
    assert_ne!(server.json(&format!("{path}?language=zh")).await, en);
    let other = server.get(&format!("{path}?language=fr")).await;
    assert_eq!(problem(other).await, (400, "malformed-query".to_owned()));
}
