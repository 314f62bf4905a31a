//! Answers have the forms that the OpenAPI document gives them.

use serde_json::{Value, json};

use crate::support::{Server, TRAFFIC};

/// Checks a value against a schema of the document: types, required and known members.
pub(crate) fn conform(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(&reference[1..]).unwrap();
        return conform(document, target, value, &format!("{place} ({reference})"));
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let merged = merge(document, parts);
        return conform(document, &merged, value, place);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices.iter().any(|choice| {
            let (document, choice, value) = (document.clone(), choice.clone(), value.clone());
            std::panic::catch_unwind(move || conform(&document, &choice, &value, "")).is_ok()
        });
        assert!(fits, "{place}: {value}");
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        Value::String(name) => vec![name],
        _ => return,
    };
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&found), "{place}: {found} is not among {types:?}");
    for item in value.as_array().into_iter().flatten() {
        conform(document, &schema["items"], item, &format!("{place}[]"));
    }
    let (Some(members), Some(known)) = (value.as_object(), schema["properties"].as_object()) else {
        return;
    };
    // Types of attributes have members of their own.
    let open = place.ends_with("Attribute)") || place.ends_with("ParameterDeclaration)");
    for (name, member) in members {
        match known.get(name) {
            Some(schema) => conform(document, schema, member, &format!("{place}.{name}")),
            None => assert!(open, "{place}.{name} is not in the document"),
        }
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(members.contains_key(name.as_str().unwrap()), "{place} lacks {name}");
    }
}

fn merge(document: &Value, parts: &[Value]) -> Value {
    let (mut properties, mut required) = (serde_json::Map::new(), Vec::new());
    for part in parts {
        let part = match part["$ref"].as_str() {
            Some(reference) => document.pointer(&reference[1..]).unwrap(),
            None => part,
        };
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    json!({"type": "object", "properties": properties, "required": required})
}

pub(crate) fn document() -> Value {
    serde_json::from_str(&service::http::openapi::json()).unwrap()
}

/// Checks an answer against what the document says of an operation.
pub(crate) fn conforms(method: &str, template: &str, status: &str, value: &Value) {
    let document = document();
    let content =
        &document["paths"][template][method]["responses"][status]["content"]["application/json"];
    assert!(content["schema"].is_object(), "{method} {template} {status}");
    conform(&document, &content["schema"], value, template);
}

#[tokio::test]
async fn what_can_be_fetched_has_the_form_that_is_documented() {
    let server = Server::start().await;
    let (ledger, _) = server.found(TRAFFIC).await;
    let leaf = records::Leaf::from_field(records::Fr::from(7_u64));
    let events = [
        ledger::Event::Issue { leaf },
        ledger::Event::Amend { index: 0, leaf },
        ledger::Event::Revoke { index: 0 },
    ];
    ledger.append(&events, 1_767_225_600).unwrap();
    for template in [
        "/v1/schemas",
        "/v1/schemas/{name}",
        "/v1/statements",
        "/v1/statements/{statement}",
        "/v1/statements/{statement}/explanation",
        "/v1/keys",
        "/v1/ledgers",
        "/v1/ledgers/{origin}",
        "/v1/ledgers/{origin}/events",
        "/v1/ledgers/{origin}/witness/{size}/{bucket}",
        "/healthz/live",
        "/healthz/ready",
    ] {
        let statement = server.state.catalogue().statements()[0].id().to_string();
        let path = template
            .replace("{name}", "driving_licence")
            .replace("{statement}", &statement)
            .replace("{origin}", TRAFFIC)
            .replace("{size}", "3")
            .replace("{bucket}", "0");
        conforms("get", template, "200", &server.json(&path).await);
    }
}
