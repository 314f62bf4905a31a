//! For each route that takes a body: one good body, and one thing wrong with it each.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{Server, TRAFFIC, problem};

/// A route with a body that it understands.
struct Target {
    path: String,
    token: Option<String>,
    good: Value,
}

impl Target {
    async fn send(&self, server: &Server, kind: Option<&str>, body: Vec<u8>) -> Response {
        let mut request = server.request(Method::POST, &self.path).body(body);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap()
    }
}

fn request() -> Value {
    json!({
        "version": 1, "statement": "ab".repeat(32), "parameters": {"a": 1},
        "audience": "counter.vouch.example", "nonce": "0f".repeat(16), "scope": "s",
        "today": "2026-01-31", "expires_at": 1_767_225_600, "max_checkpoint_age": 3600,
    })
}

fn presentation() -> Value {
    let field = "07".repeat(32);
    json!({
        "version": 1, "request": field, "checkpoints": ["note"], "links": [field],
        "proofs": [{"proof": "09".repeat(128), "nullifier": field, "revealed": {"a": "b"}}],
    })
}

fn prove_item() -> Value {
    let field = "07".repeat(32);
    json!({
        "public": [field],
        "private": {
            "secret": field, "blind": field, "schema": field, "holder_tag": field,
            "record_id": field, "salt": field, "valid_from": "2020-01-01",
            "valid_until": "2030-01-01", "attributes": vec![field.clone(); 16],
            "path": vec![vec![field.clone(); 8]; 11], "link_blinds": [field, field],
        },
    })
}

/// All routes with POST, but the one without a body.
async fn targets(server: &Server) -> Vec<Target> {
    let (_, token) = server.found(TRAFFIC).await;
    let statements = server.json("/v1/statements").await;
    let statement = statements
        .as_array()
        .unwrap()
        .iter()
        .find(|statement| statement["parameters"].as_array().unwrap().is_empty());
    let created =
        server.post("/v1/requests", &json!({"statement": statement.unwrap()["id"]})).await;
    let created: Value = created.json().await.unwrap();
    let pair = json!({"request": request(), "presentation": presentation()});
    let surface = service::http::router::surface();
    let posts = surface.into_iter().filter(|(method, _)| *method == Method::POST);
    let mut targets = Vec::new();
    for (_, path) in posts {
        let good = match path {
            "/v1/ledgers/{origin}/checkpoint" => continue,
            "/v1/ledgers/{origin}/events" => {
                json!({"events": [{"operation": "revoke", "index": 0}]})
            }
            "/v1/requests" => json!({
                "statement": "none", "parameters": {"a": 1}, "audience": "a", "scope": "s",
                "max_checkpoint_age": 1, "expires_in": 1, "today": "2026-01-31",
            }),
            "/v1/requests/{id}/presentation" => presentation(),
            "/v1/verify" => pair.clone(),
            "/v1/verify/batch" => json!({"items": [pair]}),
            "/v1/prove" => json!({"inputs": [prove_item()]}),
            other => panic!("{other} is not tested"),
        };
        let id = created["id"].as_str().unwrap();
        targets.push(Target {
            path: path.replace("{origin}", TRAFFIC).replace("{id}", id),
            token: path.contains("ledgers").then(|| token.clone()),
            good,
        });
    }
    assert_eq!(targets.len(), 6);
    targets
}

async fn server() -> Server {
    Server::start_with(|config| {
        config.prove.enabled = true;
        config.max_body_bytes = 64 * 1024;
    })
    .await
}

/// Each value of a JSON tree replaced by one of another type, one at a time.
fn wrong_types(good: &Value) -> Vec<Value> {
    fn pointers(value: &Value, here: &str, found: &mut Vec<String>) {
        // Parameters and revealed values may be of any scalar type.
        if here.ends_with("/parameters/a") || here.ends_with("/revealed/a") {
            return;
        }
        found.push(here.to_owned());
        match value {
            Value::Object(members) => members
                .iter()
                .for_each(|(name, member)| pointers(member, &format!("{here}/{name}"), found)),
            // One of many alike is enough.
            Value::Array(items) => {
                items.iter().take(1).for_each(|item| pointers(item, &format!("{here}/0"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    pointers(good, "", &mut found);
    let others = [json!({"x": 1}), json!([[]]), json!(true), json!(-1.5), json!("\u{0}")];
    let mut wrong = Vec::new();
    for pointer in found {
        let old = good.pointer(&pointer).unwrap();
        let name = pointer.rsplit('/').next().unwrap();
        // Any object will do, or any text: other rules than those of form judge them.
        let free = ["parameters", "revealed", "audience", "scope"].contains(&name)
            || pointer == "/statement"
            || *old == json!("note");
        let fits =
            |other: &Value| free && std::mem::discriminant(old) == std::mem::discriminant(other);
        for other in others.iter().filter(|other| !fits(other)) {
            let mut body = good.clone();
            *body.pointer_mut(&pointer).unwrap() = other.clone();
            wrong.push(body);
        }
    }
    wrong
}

#[tokio::test]
async fn good_bodies_are_understood() {
    let server = server().await;
    for target in targets(&server).await {
        let body = serde_json::to_vec(&target.good).unwrap();
        let response = target.send(&server, Some("application/json"), body).await;
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        assert!(!text.contains("malformed-body"), "{} {status} {text}", target.path);
    }
}

#[tokio::test]
async fn bodies_of_wrong_types_are_problems() {
    let server = server().await;
    for target in targets(&server).await {
        for body in wrong_types(&target.good) {
            let text = serde_json::to_vec(&body).unwrap();
            let response = target.send(&server, Some("application/json"), text).await;
            let found = problem(response).await;
            assert_eq!(found, (400, "malformed-body".to_owned()), "{} {body}", target.path);
        }
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_are_problems() {
    let server = server().await;
    for target in targets(&server).await {
        let good = serde_json::to_string(&target.good).unwrap();
        let name = target.good.as_object().unwrap().keys().next().unwrap().clone();
        let twice = format!("{{\"{name}\":1,{}", &good[1..]);
        let inner_twice = good.replacen('{', "{\"x\":{\"y\":1,\"y\":2},", 1);
        let mut bodies: Vec<Vec<u8>> = [
            "",
            " ",
            "null",
            "[]",
            "7",
            "\"x\"",
            "nonsense",
            "{}{}",
            "{'a':1}",
            "\u{feff}{}",
            &twice,
            &inner_twice,
            &format!("{good}x"),
            &good.replacen('{', "{\"unknown\":1,", 1),
            &"[".repeat(50_000),
            &"{\"a\":".repeat(10_000),
            &format!("{}{}", "[".repeat(30_000), "]".repeat(30_000)),
        ]
        .map(|text| text.as_bytes().to_vec())
        .to_vec();
        let cuts = [1, good.len() / 3, good.len() / 2, good.len() - 1];
        bodies.extend(cuts.map(|length| good.as_bytes()[..length].to_vec()));
        bodies.push([b"\"\xff\xfe\"".as_slice(), good.as_bytes()].concat());
        bodies.push(good.bytes().flat_map(|byte| [byte, 0]).collect());
        for body in bodies {
            let start = String::from_utf8_lossy(&body).chars().take(60).collect::<String>();
            let found = problem(target.send(&server, Some("application/json"), body).await).await;
            assert_eq!(found, (400, "malformed-body".to_owned()), "{} {start}", target.path);
        }
    }
}

#[tokio::test]
async fn bodies_of_another_kind_or_size_are_problems() {
    let server = server().await;
    for target in targets(&server).await {
        let good = serde_json::to_vec(&target.good).unwrap();
        for kind in [
            None,
            Some("text/plain"),
            Some("multipart/form-data"),
            Some("application/xml"),
            Some(""),
            Some("application/json; charset=utf-16"),
        ] {
            let found = problem(target.send(&server, kind, good.clone()).await).await;
            assert_eq!(found, (415, "unsupported-media-type".to_owned()), "{}", target.path);
        }
        let large = vec![b' '; 64 * 1024 + 1];
        let found = problem(target.send(&server, Some("application/json"), large).await).await;
        assert_eq!(found, (413, "body-too-large".to_owned()), "{}", target.path);
    }
}

#[tokio::test]
async fn a_large_body_without_a_length_is_a_problem() {
    let server = server().await;
    let chunks = (0..65).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1_024]));
    let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
    let request = server.request(Method::POST, "/v1/verify").body(body);
    let response = request.header("content-type", "application/json").send().await.unwrap();
    assert_eq!(problem(response).await, (413, "body-too-large".to_owned()));
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_a_problem() {
    let server = Server::start_with(|config| config.request_timeout_seconds = 1).await;
    let body =
        reqwest::Body::wrap_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request = server.request(Method::POST, "/v1/verify").body(body);
    let response = request.header("content-type", "application/json").send().await.unwrap();
    assert_eq!(problem(response).await, (408, "slow-body".to_owned()));
}

#[tokio::test]
async fn compact_presentations_are_read_as_strictly() {
    let server = server().await;
    let targets = targets(&server).await;
    let submit = targets.iter().find(|target| target.path.ends_with("/presentation")).unwrap();
    for body in [&b""[..], b"\xff", b"\x80", b"\x85\x01", &[0x9b; 100], &[0x81; 60_000]] {
        let found =
            problem(submit.send(&server, Some("application/cbor"), body.to_vec()).await).await;
        assert_eq!(found, (400, "malformed-body".to_owned()));
    }
    // Others take JSON only.
    let verify = targets.iter().find(|target| target.path == "/v1/verify").unwrap();
    let found = problem(verify.send(&server, Some("application/cbor"), vec![0x80]).await).await;
    assert_eq!(found, (415, "unsupported-media-type".to_owned()));
}
