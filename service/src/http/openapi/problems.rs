//! Problems in the OpenAPI document. Operations name the codes of a status in back quotes; this
//! adds the form and an example of each, and what any request may be answered with.

use serde_json::{Value, json};
use utoipa::Modify;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

use crate::http::problem::{Code, PROBLEM_JSON};

/// Completes the responses of all operations.
pub(super) struct Problems;

impl Modify for Problems {
    fn modify(&self, document: &mut OpenApi) {
        for item in document.paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.post];
            operations.into_iter().flatten().for_each(complete);
        }
    }
}

fn complete(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        let RefOr::T(response) = response else { continue };
        if status.starts_with('4') || status.starts_with('5') {
            describe(response);
        }
    }
    let mut other = ResponseBuilder::new()
        .description("Any other problem: `timeout`, `internal`, `busy`")
        .build();
    describe(&mut other);
    responses.insert("default".to_owned(), RefOr::T(other));
}

fn describe(response: &mut Response) {
    let named = |code: &&Code| response.description.contains(&format!("`{}`", code.as_str()));
    let examples: Vec<_> = Code::ALL
        .iter()
        .filter(named)
        .map(|code| (code.as_str(), ExampleBuilder::new().value(Some(example(*code))).build()))
        .collect();
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .examples_from_iter(examples)
        .build();
    response.content.insert(PROBLEM_JSON.to_owned(), content);
}

fn example(code: Code) -> Value {
    json!({
        "type": format!("/docs#problem-{}", code.as_str()),
        "title": code.title(),
        "status": code.status().as_u16(),
        "detail": "what went wrong this time",
        "code": code.as_str(),
    })
}
