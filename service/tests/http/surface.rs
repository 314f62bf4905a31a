//! Routes that are there, and those that are not.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::support::{Server, problem};

fn document() -> Value {
    serde_json::from_str(&service::http::openapi::json()).unwrap()
}

fn pairs() -> BTreeSet<(String, String)> {
    let surface = service::http::router::surface();
    surface.into_iter().map(|(method, path)| (method.to_string(), path.to_owned())).collect()
}

#[test]
fn the_openapi_document_lists_every_route_and_no_other() {
    let document = document();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            described.insert((method.to_uppercase(), path.clone()));
        }
    }
    assert_eq!(described, pairs());
}

#[test]
fn every_operation_is_described_in_full() {
    let document = document();
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{place}");
            assert!(names.insert(operation["operationId"].clone().to_string() + path), "{place}");
            let listed = operation["parameters"].as_array();
            for part in path.split('/').filter_map(|part| part.strip_prefix('{')) {
                let name = part.trim_end_matches('}');
                let described = listed.is_some_and(|all| all.iter().any(|p| p["name"] == name));
                assert!(described, "{place}: {name}");
            }
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("default"), "{place}");
            for (status, response) in responses {
                if status.starts_with('4') {
                    let content = &response["content"]["application/problem+json"];
                    assert!(content["examples"].is_object(), "{place} {status}");
                }
            }
            let department = operation["security"][0]["department"].is_array();
            let posts_to_ledger = method == "post" && path.contains("ledgers");
            assert_eq!(department, posts_to_ledger, "{place}");
            let bodiless = method == "get" || path.ends_with("/checkpoint");
            assert_eq!(operation["requestBody"].is_object(), !bodiless, "{place}");
        }
    }
}

#[test]
fn every_reference_of_the_document_resolves() {
    fn walk(value: &Value, document: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                }
                members.values().for_each(|member| walk(member, document));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, document)),
            _ => {}
        }
    }
    let document = document();
    walk(&document, &document);
    assert_eq!(document["components"]["securitySchemes"]["department"]["scheme"], "bearer");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let server = Server::start().await;
    for path in ["/v2", "/v1", "/v1/", "/v1/schema", "/v1/requests", "/docs/", "/etc/passwd"] {
        let answer = problem(server.get(path).await).await;
        let expected = if path == "/v1/requests" {
            (405, "method-not-allowed".to_owned())
        } else {
            (404, "unknown-route".to_owned())
        };
        assert_eq!(answer, expected, "{path}");
    }
}

#[tokio::test]
async fn other_methods_are_problems_that_name_the_right_ones() {
    let server = Server::start().await;
    for (method, path) in service::http::router::surface() {
        for wrong in [Method::DELETE, Method::PUT, Method::from_bytes(b"INVENTED").unwrap()] {
            let response = server.request(wrong, path).send().await.unwrap();
            let allowed = response.headers()["allow"].to_str().unwrap().to_owned();
            assert!(allowed.contains(method.as_str()), "{path}: {allowed}");
            assert_eq!(problem(response).await, (405, "method-not-allowed".to_owned()));
        }
    }
}

#[tokio::test]
async fn parts_of_paths_and_queries_that_make_no_sense_are_problems() {
    let server = Server::start().await;
    server.found(crate::support::TRAFFIC).await;
    let ledger = format!("/v1/ledgers/{}", crate::support::TRAFFIC);
    for (path, expected) in [
        ("/v1/schemas/none".to_owned(), (404, "unknown-schema")),
        ("/v1/statements/none".to_owned(), (404, "unknown-statement")),
        (format!("/v1/statements/{}", "00".repeat(32)), (404, "unknown-statement")),
        ("/v1/keys/xyz".to_owned(), (400, "malformed-path")),
        (format!("/v1/keys/{}", "00".repeat(32)), (404, "unknown-key")),
        ("/v1/ledgers/%ff".to_owned(), (400, "malformed-path")),
        ("/v1/ledgers/a%20b".to_owned(), (400, "malformed-path")),
        ("/v1/ledgers/customs.vouch.example".to_owned(), (404, "unknown-ledger")),
        (format!("{ledger}/checkpoint/-1"), (400, "malformed-path")),
        (format!("{ledger}/checkpoint/18446744073709551616"), (400, "malformed-path")),
        (format!("{ledger}/checkpoint/7"), (404, "unknown-checkpoint")),
        (format!("{ledger}/witness/7/0"), (404, "unknown-checkpoint")),
        (format!("{ledger}/witness/0/18446744073709551615"), (404, "unknown-bucket")),
        (format!("{ledger}/events?from=x"), (400, "malformed-query")),
        (format!("{ledger}/events?from=1&from=2"), (400, "malformed-query")),
        (format!("{ledger}/events?index=1"), (400, "malformed-query")),
        ("/v1/requests/none".to_owned(), (400, "malformed-path")),
        (format!("/v1/requests/{}", "AB".repeat(16)), (400, "malformed-path")),
        (format!("/v1/requests/{}", "ab".repeat(16)), (404, "unknown-request")),
        (format!("/v1/requests/{}/result", "ab".repeat(16)), (404, "unknown-request")),
        (format!("/v1/requests/{}/events", "ab".repeat(16)), (404, "unknown-request")),
    ] {
        let (status, code) = problem(server.get(&path).await).await;
        assert_eq!((status, code.as_str()), expected, "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_it() {
    let server = Server::start().await;
    for path in ["/", "/docs", "/openapi.json", "/v1/schemas", "/metrics", "/none"] {
        let response = server.get(path).await;
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert!(
            headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'")
        );
        assert_eq!(headers["x-request-id"].len(), 16, "{path}");
        assert!(headers.contains_key("cache-control"), "{path}");
    }
    let docs = server.get("/docs").await;
    let policy = docs.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("style-src 'sha256-"), "{policy}");
    assert_eq!(docs.status(), StatusCode::OK);
}
