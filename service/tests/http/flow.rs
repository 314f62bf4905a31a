//! Holders answer requests.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use statements::{Presentation, Request};

use crate::conformity::conforms;
use crate::support::holder::{Asked, Holder, STATEMENT, ask, ask_with};
use crate::support::{Server, problem};

async fn submit(server: &Server, this: &str, presentation: &Presentation) -> Value {
    let response = server.post(&format!("{this}/presentation"), &json!(presentation)).await;
    let answer: Value = response.error_for_status().unwrap().json().await.unwrap();
    conforms("post", "/v1/requests/{id}/presentation", "200", &answer);
    answer
}

async fn verify(server: &Server, request: &Request, presentation: &Presentation) -> Value {
    let body = json!({"request": request, "presentation": presentation});
    let response = server.post("/v1/verify", &body).await.error_for_status().unwrap();
    let answer: Value = response.json().await.unwrap();
    conforms("post", "/v1/verify", "200", &answer);
    answer
}

#[tokio::test]
async fn a_citizen_answers_once_and_the_counter_sees_it() {
    let server = Server::start().await;
    let holder = Holder::new(&server).await;
    let asked = ask(&server, "vouchers-2026").await;
    let Asked { request, this, .. } = &asked;
    let events = asked.events(&server).await;
    let presentation = holder.present(request).await;
    let answer = submit(&server, this, &presentation).await;
    assert_eq!(answer["valid"], true, "{answer}");
    assert_eq!(answer["verdict"]["name"], STATEMENT);
    assert_eq!(answer["nullifiers"][0]["seen_before"], false);
    // The stream brings the result and ends.
    let text = events.text().await.unwrap();
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let result: Value = serde_json::from_str(data).unwrap();
    assert_eq!((&result["status"], &result["verdict"]), (&json!("valid"), &answer["verdict"]));
    assert_eq!(asked.result(&server).await, result);
    conforms("get", "/v1/requests/{id}/result", "200", &result);
    // Who looks later finds it at once.
    let late = asked.events(&server).await.text().await.unwrap();
    assert!(late.contains("event: result"), "{late}");
    // A second time it is a replay, here and there.
    let again = submit(&server, this, &presentation).await;
    assert_eq!(again["refusal"]["code"], "replayed");
    assert_eq!(verify(&server, request, &presentation).await["refusal"]["code"], "replayed");
    assert_eq!(asked.result(&server).await["status"], "valid");
}

#[tokio::test]
async fn a_second_voucher_in_one_scope_is_noticed() {
    let server = Server::start().await;
    let holder = Holder::new(&server).await;
    let mut seen = Vec::new();
    for scope in ["vouchers-2026", "vouchers-2026", "vouchers-2027"] {
        let asked = ask(&server, scope).await;
        let Asked { request, this, .. } = &asked;
        let answer = submit(&server, this, &holder.present(request).await).await;
        seen.push(answer["nullifiers"][0]["seen_before"].as_bool().unwrap());
    }
    assert_eq!(seen, [false, true, false]);
}

#[tokio::test]
async fn of_fifty_copies_sent_at_once_one_is_valid() {
    let server = Server::start_with(|config| config.verify_at_once = 4).await;
    let holder = Holder::new(&server).await;
    let asked = ask(&server, "vouchers-2026").await;
    let Asked { request, this, .. } = &asked;
    let presentation = holder.present(request).await;
    let path = format!("{this}/presentation");
    let pair = json!({"request": request, "presentation": presentation});
    let sends = (0..50).map(|number| {
        // Some by the one way, some by the other, some in the other encoding.
        let request = match number % 3 {
            0 => server.request(Method::POST, &path).json(&presentation),
            1 => server.request(Method::POST, "/v1/verify").json(&pair),
            _ => server
                .request(Method::POST, &path)
                .header("content-type", "application/cbor")
                .body(presentation.to_compact()),
        };
        async { request.send().await.unwrap().json::<Value>().await.unwrap() }
    });
    let answers = futures::future::join_all(sends).await;
    let valid = answers.iter().filter(|answer| answer["valid"] == true).count();
    let replayed = answers.iter().filter(|answer| answer["refusal"]["code"] == "replayed").count();
    assert_eq!((valid, replayed), (1, 49));
    let metrics = server.get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains(r#"vouch_presentations_total{result="valid"} 1"#), "{metrics}");
    assert!(metrics.contains(r#"vouch_refusals_total{code="replayed"} 49"#), "{metrics}");
}

#[tokio::test]
async fn garbage_does_not_close_a_request() {
    let server = Server::start().await;
    let holder = Holder::new(&server).await;
    let asked = ask(&server, "vouchers-2026").await;
    let Asked { request, this, .. } = &asked;
    let other = ask(&server, "vouchers-2026").await;
    let good = holder.present(request).await;
    let foreign = holder.present(&other.request).await;
    assert_eq!(submit(&server, this, &foreign).await["refusal"]["code"], "request-mismatch");
    let mut tampered = good.clone();
    tampered.proofs[0].nullifier = foreign.proofs[0].nullifier;
    tampered.proofs[0].proof = foreign.proofs[0].proof;
    assert_eq!(submit(&server, this, &tampered).await["refusal"]["code"], "proof-invalid");
    let result = asked.result(&server).await;
    assert_eq!(
        (&result["status"], &result["refusal"]["code"]),
        (&json!("refused"), &json!("proof-invalid"))
    );
    assert_eq!(submit(&server, this, &good).await["valid"], true);
    assert_eq!(asked.result(&server).await["status"], "valid");
}

#[tokio::test]
async fn a_weaker_request_with_the_same_nonce_closes_nothing() {
    let server = Server::start().await;
    let holder = Holder::new(&server).await;
    let asked = ask(&server, "vouchers-2026").await;
    let Asked { request, this, .. } = &asked;
    let forged = Request { scope: Some("elsewhere".to_owned()), ..request.clone() };
    let presentation = holder.present(&forged).await;
    let refused = verify(&server, &forged, &presentation).await;
    assert_eq!(refused["refusal"]["code"], "request-mismatch");
    assert_eq!(asked.result(&server).await, json!({"status": "open"}));
    let good = holder.present(request).await;
    assert_eq!(submit(&server, this, &good).await["valid"], true);
}

#[tokio::test]
async fn requests_of_others_and_of_yesterday_are_refused() {
    let server = Server::start().await;
    let holder = Holder::new(&server).await;
    let body = json!({"statement": STATEMENT, "scope": "s", "audience": "other.example"});
    let Asked { request, this, .. } = &ask_with(&server, body).await;
    let presentation = holder.present(request).await;
    assert_eq!(submit(&server, this, &presentation).await["refusal"]["code"], "wrong-audience");
    let body = json!({"statement": STATEMENT, "scope": "s", "expires_in": 2});
    let Asked { request, .. } = ask_with(&server, body).await;
    let presentation = holder.present(&request).await;
    tokio::time::sleep(std::time::Duration::from_millis(3_100)).await;
    let refused = verify(&server, &request, &presentation).await;
    assert_eq!(refused["refusal"]["code"], "request-expired");
}

#[tokio::test]
async fn a_batch_is_judged_one_by_one() {
    let server = Server::start().await;
    let holder = Holder::new(&server).await;
    let mut items = Vec::new();
    for _ in 0..3 {
        let Asked { request, .. } = ask(&server, "vouchers-2026").await;
        let presentation = holder.present(&request).await;
        items.push(json!({"request": request, "presentation": presentation}));
    }
    items[1]["presentation"]["proofs"][0]["proof"] =
        items[0]["presentation"]["proofs"][0]["proof"].clone();
    items.push(items[2].clone());
    let response = server.post("/v1/verify/batch", &json!({"items": items})).await;
    let answer: Value = response.error_for_status().unwrap().json().await.unwrap();
    conforms("post", "/v1/verify/batch", "200", &answer);
    let valid: Vec<_> = (0..4).map(|i| answer["results"][i]["valid"].as_bool().unwrap()).collect();
    assert_eq!(valid, [true, false, true, false]);
    assert_eq!(answer["results"][1]["refusal"]["code"], "proof-invalid");
    assert_eq!(answer["results"][3]["refusal"]["code"], "replayed");
    let large = json!({"items": vec![&items[0]; 257]});
    let refused = server.post("/v1/verify/batch", &large).await;
    assert_eq!(problem(refused).await, (422, "invalid-request".to_owned()));
}

#[tokio::test]
async fn after_a_restart_an_answered_request_stays_answered_and_nothing_revealed_is_left() {
    let server = Server::start().await;
    let holder = Holder::new(&server).await;
    let asked = ask(&server, "vouchers-2026").await;
    let Asked { request, this, .. } = &asked;
    let presentation = holder.present(request).await;
    assert_eq!(submit(&server, this, &presentation).await["valid"], true);
    let server = server.restart().await;
    assert_eq!(asked.result(&server).await, json!({"status": "valid"}));
    assert_eq!(submit(&server, this, &presentation).await["refusal"]["code"], "replayed");
    assert_eq!(asked.result(&server).await, json!({"status": "valid"}));
}

#[tokio::test]
async fn a_broker_has_its_proofs_made_and_the_queue_is_bounded() {
    let server = Server::start_with(|config| {
        config.prove.enabled = true;
        config.prove.queue = 1;
    })
    .await;
    let holder = Holder::new(&server).await;
    let asked = ask(&server, "vouchers-2026").await;
    let Asked { request, this, .. } = &asked;
    let (inputs, presentation) = holder.present_with_inputs(request).await;
    let job = json!({"inputs": inputs});
    let response = server.post("/v1/prove", &job).await.error_for_status().unwrap();
    let answer: Value = response.json().await.unwrap();
    conforms("post", "/v1/prove", "200", &answer);
    let mut presentation = json!(presentation);
    presentation["proofs"][0]["proof"] = answer["proofs"][0].clone();
    let submitted = server.post(&format!("{this}/presentation"), &presentation).await;
    let submitted: Value = submitted.json().await.unwrap();
    assert_eq!(submitted["valid"], true, "{submitted}");

    let mut wrong = job.clone();
    wrong["inputs"][0]["private"]["secret"] = json!("07".repeat(32));
    let refused = server.post("/v1/prove", &wrong).await;
    let text = refused.text().await.unwrap();
    assert!(text.contains("\"unprovable\"") && text.contains("clause holder"), "{text}");

    let jobs: Vec<Response> =
        futures::future::join_all((0..12).map(|_| server.post("/v1/prove", &job))).await;
    let (done, busy): (Vec<_>, Vec<_>) =
        jobs.into_iter().partition(|response| response.status() == 200);
    assert!(done.len() >= 2 && !busy.is_empty(), "{} done", done.len());
    for response in busy {
        assert!(response.headers().contains_key("retry-after"));
        assert_eq!(problem(response).await, (429, "busy".to_owned()));
    }
}

#[tokio::test]
async fn who_only_knows_a_request_sees_how_it_stands_and_no_verdict() {
    let server = Server::start().await;
    let holder = Holder::new(&server).await;
    let asked = ask(&server, "vouchers-2026").await;
    let Asked { request, this, .. } = &asked;
    let other = ask(&server, "vouchers-2026").await;
    let path = format!("{this}/result");
    let presentation = holder.present(request).await;
    submit(&server, this, &presentation).await;
    assert_eq!(server.json(&path).await, json!({"status": "valid"}));
    let events = server.get(&format!("{this}/events")).await.text().await.unwrap();
    assert!(events.contains("data: {\"status\":\"valid\"}"), "{events}");
    for token in [&other.token[..], "vouch_", "x", ""] {
        for path in [&path, &format!("{this}/events")] {
            let request = server.request(Method::GET, path).bearer_auth(token);
            assert_eq!(problem(request.send().await.unwrap()).await.0, 401, "{token}");
        }
    }
    assert!(asked.result(&server).await["verdict"].is_object());
}
