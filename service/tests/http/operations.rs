//! What operators look at.

use reqwest::StatusCode;
use serde_json::json;
use service::config::Config;
use service::state::{AppState, OpenError};

use crate::support::{Server, problem};

#[tokio::test]
async fn the_service_is_live_and_ready() {
    let server = Server::start().await;
    assert_eq!(server.json("/healthz/live").await, json!({"status": "live"}));
    assert_eq!(server.json("/healthz/ready").await, json!({"status": "ready"}));
}

#[tokio::test]
async fn metrics_have_route_templates_and_no_paths() {
    let server = Server::start().await;
    server.get(&format!("/v1/requests/{}", "ab".repeat(16))).await;
    server.get("/some/secret/path").await;
    let text = server.get("/metrics").await.text().await.unwrap();
    assert!(text.contains(r#"route="/v1/requests/{id}",status="404"} 1"#), "{text}");
    assert!(text.contains(r#"route="unmatched",status="404"} 1"#), "{text}");
    assert!(!text.contains("abab") && !text.contains("secret"));
}

#[tokio::test]
async fn large_public_answers_are_compressed_and_personal_ones_never() {
    let server = Server::start().await;
    let ask = |path: &str| {
        server.request(reqwest::Method::GET, path).header("accept-encoding", "gzip").send()
    };
    let public = ask("/v1/schemas/driving_licence").await.unwrap();
    assert_eq!(public.headers()["content-encoding"], "gzip");
    let statement = server.state.catalogue().statements();
    let plain = statement.iter().find(|s| s.parameters().is_empty() && !s.needs_scope()).unwrap();
    let made = server.post("/v1/requests", &json!({"statement": plain.id()})).await;
    let made: serde_json::Value = made.json().await.unwrap();
    let personal = ask(made["links"]["self"].as_str().unwrap()).await.unwrap();
    assert!(!personal.headers().contains_key("content-encoding"));
    assert_eq!(personal.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn proving_is_off_unless_enabled() {
    let server = Server::start().await;
    let answer = server.post("/v1/prove", &json!({"inputs": []})).await;
    assert_eq!(problem(answer).await, (404, "proving-disabled".to_owned()));
    let server = Server::start_with(|config| config.prove.enabled = true).await;
    let answer = server.post("/v1/prove", &json!({"inputs": []})).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[test]
fn production_refuses_a_development_key() {
    let folder = tempfile::tempdir().unwrap();
    let config =
        Config { data_dir: folder.path().to_owned(), production: true, ..Config::default() };
    let refused = AppState::open(config, &mut |_| {});
    assert!(matches!(refused, Err(OpenError::DevelopmentKey(_))));
}

#[tokio::test]
async fn many_headers_are_refused_before_they_reach_a_route() {
    let server = Server::start().await;
    let mut request = server.request(reqwest::Method::GET, "/healthz/live");
    for number in 0..100 {
        request = request.header(format!("x-{number}"), "a");
    }
    assert_eq!(request.send().await.unwrap().status(), 431);
    let request = server.request(reqwest::Method::GET, "/healthz/live");
    let long = request.header("x-long", "a".repeat(40_000));
    assert_eq!(long.send().await.unwrap().status(), 431);
}
